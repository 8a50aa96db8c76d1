// Package avaamo sends messages through Avaamo, one request per message into a conversation that exists, and reads the
// agent's messages back.
//
//	provider "avaamo" {
//	  access_token = var.avaamo_user_token  # posts
//	  agent_token  = var.avaamo_agent_token # reads back; sending does without
//	  bot_id       = 2154
//	  base_url     = "https://c6.avaamo.com"
//	}
//
//	conversation "agent" {
//	  provider = avaamo
//	  with     = contacts.customers
//	  uuid     = contact.conversation
//	}
//
// Avaamo gives no message id and takes no mark of ours, so LookUp searches for what is in doubt by its time and content
// among the conversation's messages. A message there that no other attempt accounts for shows that it was sent; that
// there is none proves nothing, and LookUp says absent only where the account has assume_absent = true. Facts holds what
// the vendor documents, each part with its source; errors are no part of it, so they are judged by status.
//
// Watch finds out who read a message and what the person wrote after it. Without an id it goes by the time at which the
// message was sent, so it takes for ours what the agent wrote in these very seconds; a person's message counts as the reply
// to every message of ours before it.
//
// An entry and its parts are the vendor's list as it documents it, with every attribute; List makes it what all providers
// have in common.
//
// The package reads no file and no environment, and repeats nothing: one Send is one request, one List too. It reads
// the clock only for a List that has no end, and keeps the answer in the cursor; and to end a LookUp or a Watch.
package avaamo
