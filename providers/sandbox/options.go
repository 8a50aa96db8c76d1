package sandbox

import (
	"net/http"
	"time"
)

// Options say how the sandbox behaves. The zero value is right for a rehearsal. Functions are called from several
// goroutines at once.
type Options struct {
	// Listen is the address to listen on, "127.0.0.1:0" when empty. Only loopback addresses are taken.
	Listen string
	// Tokens fixes the credential of vendors, by name; the others get a random one.
	Tokens map[string]string
	// BotTokens gives digital99 or chatwoot a second token, of an agent bot: it may create messages and not read them.
	BotTokens map[string]string
	// Accounts says which account ids of digital99 and chatwoot exist. nil: every positive one.
	Accounts func(vendor string, account int64) bool
	// Conversations says which conversation ids exist. nil: every positive one.
	Conversations func(vendor string, account, conversation int64) bool
	// AvaamoConversations says which conversation uuids exist. nil: every one that is not empty.
	AvaamoConversations func(uuid string) bool
	// MaaxAnswerAfter is how long after a question Maax posts its answer to send_response_url, 100 ms when 0, 60 s at most;
	// the follow-up comes as long after that. Only loopback addresses are posted to.
	MaaxAnswerAfter time.Duration
	// APIInbox makes the inbox of every conversation an API channel: incoming messages and status updates are allowed.
	APIInbox bool
	// HeyXViber makes HeyX's channel Viber: contact ids must be Base64.
	HeyXViber bool
	// HeyXFields gives a contact's custom fields for HeyX's contact endpoints. nil: none is set.
	HeyXFields func(contact string) map[string]any

	// Latency is how long every answer is held back after the request was accepted, 60 s at most.
	Latency time.Duration
	// NoLimits lifts the vendors' rate limits, for measurements.
	NoLimits bool
	// Forget keeps only counts, no messages: for measurements. Reading back then finds nothing.
	Forget bool
	// Fault is asked for each request to a vendor that its limit lets in; n is 1 for the vendor's first request.
	Fault func(vendor string, n int, r *http.Request) Fault
	// Observe is told of every accepted message before it is answered. It must be quick.
	Observe func(Message)
}
