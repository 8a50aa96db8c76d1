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
// A message is created in a conversation that exists. Each attempt's key is put into content_attributes.herald_key,
// which Chatwoot keeps from version 4.9.0 on and gives back when messages are listed: so LookUp recognises a message whose
// answer never came. That a message is not there LookUp says only when nothing that is there could be it: a message
// loses its key when an agent deletes it or has it delivered again. An accepted message is stored; whether it was
// delivered is another matter, and its status says so.
//
// Quick replies, cards, forms and articles become items in content_attributes, with the keys that Chatwoot allows there
// and no other; articles are Chatwoot's alone, since 99digital documents none. A conversation's messages can be listed
// with a user's token, newest first and a page at a time. They are read as far as they can be: the two vendors count the
// types of messages differently, and an odd message is handed on with what is known of it.
//
// The package reads no file and no environment, and repeats nothing: one Send is one request.
package chatwoot
