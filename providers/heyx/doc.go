// Package heyx sends messages through HeyX (app.heyx.io), one request per message to the contact's id.
//
//	provider "heyx" {
//	  token = var.heyx_token
//	}
//
//	conversation "viber" {
//	  provider   = heyx
//	  with       = contacts.customers
//	  contact_id = contact.heyx_id
//	}
//
// HeyX gives no message id, takes no mark of ours and lists no messages, so nothing can be looked up: what is in doubt
// stays so until a person decides. Facts holds what the vendor documents, each part with its source.
//
// The package reads no clock, no file and no environment, and repeats nothing: one Send is one request.
package heyx
