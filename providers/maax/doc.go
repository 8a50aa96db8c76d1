// Package maax asks Maax AI (app.max.ai) in a person's words, and names the addresses to which Maax posts what it
// answers. It writes to nobody: whoever receives the answer brings it to the person.
//
//	provider "maax" {
//	  api_key           = var.maax_key
//	  ai_id             = 12
//	  send_response_url = "https://hooks.example.com/maax/{token}"
//	  followup_url      = "https://hooks.example.com/maax/{token}?followup=1"
//	}
//
//	conversation "sales" {
//	  provider        = maax
//	  with            = contacts.leads
//	  platform        = "sms"
//	  prospect_id     = contact.prospect
//	  conversation_id = contact.conversation
//	}
//
// Who asks stands in prospect_info, which is taken from the contact's attributes of the same names unless the
// conversation gives it.
//
// Maax takes no mark of ours and documents nothing of what it posts, so the address itself carries the mark: Send puts
// the attempt's key where {token} stands in the two addresses, and nowhere else. An address without it is sent as it is.
//
// What comes to send_response_url with the token of a send answers it. Which of its words is the reply is the user's to
// say, with reply_path; without it a text that stands alone is taken for it, which is an assumption. What comes to followup_url tells nothing of the question.
//
// The package reads no clock, no file and no environment, and repeats nothing: one Send is one request.
package maax
