// Package chatwoot sends messages through Chatwoot, and through 99digital, which is Chatwoot under another name. It is
// one implementation with two provider types, digital99 and chatwoot, that differ in address, environment variable and
// what their pages document.
//
//	provider "digital99" {
//	  api_access_token = var.token
//	  account_id       = 12
//	}
//
//	conversation "support" {
//	  provider        = digital99
//	  with            = contacts.customers
//	  conversation_id = contact.conversation
//	}
//
// A message is created in a conversation. Who has none gets one in the inbox of the account, which is opened before the
// first message and kept for all that follow:
//
//	provider "chatwoot" {
//	  account_id = 12
//	  inbox_id   = 3
//	}
//
//	conversation "support" {
//	  provider = chatwoot
//	  with     = contacts.customers
//	  contact_info {
//	    identifier   = contact.crm_id
//	    name         = "${contact.first_name} ${contact.last_name}"
//	    phone_number = contact.phone
//	  }
//	}
//
// Without contact_info and without conversation_id, identifier is the contact's key, and name, email and phone_number are
// first_name, email and phone. No two contacts of an account have one identifier: so Open makes the contact, or finds the
// one that is there, which it leaves as it is. The conversation carries its key in custom_attributes.herald_key, by which
// an attempt that was cut off is recognised among the contact's conversations; as long as that may not show yet, none is
// opened. Inboxes that keep to one conversation for each contact give that one.
//
// Each attempt's key is put into content_attributes.herald_key, which Chatwoot keeps from version 4.9.0 on and gives back
// when messages are listed: so LookUp recognises a message whose answer never came. That a message is not there LookUp says only when nothing that is there could be it: a message
// loses its key when an agent deletes it or has it delivered again. An accepted message is stored; whether it was
// delivered is another matter, and its status says so: Watch reads it, and what the person wrote after the message or chose
// in it. The vendor does not say when a status changed, only that it has; so the first report of it is the nearest.
//
// Quick replies, cards, forms and articles become items in content_attributes, with the keys that Chatwoot allows there
// and no other; articles are Chatwoot's alone, since 99digital documents none. A conversation's messages can be listed
// with a user's token, newest first and a page at a time. They are read as far as they can be: the two vendors count the
// types of messages differently, and an odd message is handed on with what is known of it.
//
// Replies also come by webhook, where webhook_secret is set: a call counts when it is signed with that secret, and not
// long ago. Then what a person writes, or chooses in a message, is told without asking.
//
// The package reads no file and no environment, and repeats nothing: one Send is one request.
package chatwoot
