// Package example is a provider to copy: whole and tested, for a vendor that does not exist. The documentation of
// herald/providers/providertest walks through it, and a test of this folder follows that walk.
//
// What it takes to be documented: POST https://api.example.com/v1/messages/{to} with a bearer token and {"text": "..."},
// of 1 to 1,000 characters, is answered by 200 {"id": "..."}, or by 400, 401 or 429 with {"error": "..."}.
//
//	provider "example" {
//	  token = var.example_token
//	}
//
//	conversation "chat" {
//	  provider = example
//	  with     = contacts.customers
//	  to       = contact.example_id
//	}
//
// CHANGE: say what your vendor is, how a campaign uses it, and what herald cannot know of it: whether messages have an
// id, whether the vendor keeps a mark of ours, whether it lists what was sent.
//
// Example takes no mark of ours and lists no messages, so nothing can be looked up: what is in doubt stays so until a
// person decides.
//
// The package reads no clock, no file and no environment, and repeats nothing: one Send is one request.
package example
