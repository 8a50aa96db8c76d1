package sandbox

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"
)

// Options say how the sandbox behaves. The zero value is right for a rehearsal. Functions are called from several
// goroutines at once.
type Options struct {
	// Listen is the address to listen on, "127.0.0.1:0" when empty. Only loopback addresses are taken.
	Listen string
	// Tokens fixes the credential of vendors, by name; the others get a random one.
	Tokens map[string]string
	// ReadTokens fixes the second credential of vendors that have one for reading, by name: avaamo. Else it is random.
	ReadTokens map[string]string
	// BotTokens gives digital99 or chatwoot a second token, of an agent bot: it may create messages and not read them.
	BotTokens map[string]string
	// Accounts says which account ids of digital99 and chatwoot exist. nil: every positive one.
	Accounts func(vendor string, account int64) bool
	// Conversations says which conversation ids exist. nil: every positive one.
	Conversations func(vendor string, account, conversation int64) bool
	// Inboxes says in which inboxes of digital99 and chatwoot contacts and conversations can be created. nil: in every
	// positive one.
	Inboxes func(vendor string, account, inbox int64) bool
	// SingleConversation makes every inbox one that keeps to a single conversation for each contact: who creates another
	// gets the one that is there.
	SingleConversation bool
	// AvaamoConversations says which conversation uuids exist. nil: every one that is not empty.
	AvaamoConversations func(uuid string) bool
	// MaaxAIs says which ids of a sales AI are one's own; the others get 403. nil: every positive one.
	MaaxAIs func(ai int64) bool
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
	// RequestsPerSecond limits vendors whose limits are unpublished, by name: avaamo and maax. 0: no limit.
	RequestsPerSecond map[string]int
	// NoLimits lifts the vendors' rate limits, for measurements.
	NoLimits bool
	// Forget keeps only counts, no messages: for measurements. Reading back then finds nothing.
	Forget bool
	// VisibleAfter says how long after its acceptance a message appears in the lists and conversations of chatwoot, digital99
	// and avaamo, 0 to 60 s (what is beyond is cut); n is 1 for the vendor's first message. A conversation that is created
	// counts as a message does. A later message may appear
	// earlier. It keeps the id and time of its acceptance; the answer to it, Messages, Count and Read have it at once, as
	// has whoever deletes or changes it by its id. It must not call the sandbox. nil: at once.
	VisibleAfter func(vendor string, n int) time.Duration
	// Now is the vendors' clock, by which messages are stamped; it may stand still. nil: the machine's. Limits, delays and the
	// log of requests go by the machine's all the same.
	Now func() time.Time
	// Fault is asked for each request to a vendor that its limit lets in, before the body is read; n is 1 for the vendor's
	// first request, and counts those that the limit refuses. It must not read the body. Faults and Storm make some.
	Fault func(vendor string, n int, r *http.Request) Fault
	// Afterwards says what happens in the conversation of an accepted message after it: that it is delivered, read, failed
	// or answered. It must be quick, and is asked before the message is answered. nil: nothing, until Deliver, Fail, Read,
	// Write and Choose say so.
	Afterwards func(Message) []Event
	// Observe is told of every accepted message before it is answered. It must be quick.
	Observe func(Message)
	// Witness is told of what happens in conversations by Deliver, Fail, Read, Write and Choose, after it did and only when
	// it changed something. It must be quick.
	Witness func(Happened)
	// Page makes what is served at / and below /page/, in the place of the list of emulators in plain text. It is called once,
	// before the sandbox listens: addresses are not known then. The context of its requests ends when the sandbox closes,
	// and so does their writing; they come by loopback names only, with every method. It must bound its own writing in time.
	Page func(*Sandbox) http.Handler
}

// clock gives the vendors' clock.
func (o Options) clock() func() time.Time {
	if o.Now == nil {
		return time.Now
	}
	return o.Now
}

// check refuses what no emulator could do.
func (o Options) check() error {
	if o.Latency < 0 || o.Latency > maxWait {
		return fmt.Errorf("sandbox: latency %s is out of range: give 0 to %s", o.Latency, maxWait)
	}
	if o.MaaxAnswerAfter < 0 || o.MaaxAnswerAfter > maxWait {
		return fmt.Errorf("sandbox: MaaxAnswerAfter %s is out of range: give 0 to %s", o.MaaxAnswerAfter, maxWait)
	}
	for _, name := range slices.Sorted(maps.Keys(o.BotTokens)) {
		if name != Digital99 && name != Chatwoot {
			return fmt.Errorf("sandbox: bot token for %q: only %s and %s have bots", name, Digital99, Chatwoot)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o.ReadTokens)) {
		if name != Avaamo {
			return fmt.Errorf("sandbox: read token for %q: only %s has one", name, Avaamo)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o.RequestsPerSecond)) {
		switch n := o.RequestsPerSecond[name]; {
		case name != Avaamo && name != Maax:
			return fmt.Errorf("sandbox: requests per second for %q: only %s and %s take one, the others publish theirs",
				name, Avaamo, Maax)
		case n < 0:
			return fmt.Errorf("sandbox: %d requests per second for %s: give 0 for no limit, or more", n, name)
		}
	}
	return nil
}

// rate makes the limit of a vendor that publishes none, nil for no limit.
func (o Options) rate(name string) limiter {
	n := o.RequestsPerSecond[name]
	if n == 0 || o.NoLimits {
		return nil
	}
	return &window{limit: n, per: time.Second}
}
