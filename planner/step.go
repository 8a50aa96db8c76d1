package planner

import (
	"slices"
	"time"

	"herald/internal/addr"
	"herald/providers"
	"herald/state"
)

// Action is what a plan does about one send.
type Action string

// The closed set of actions.
const (
	Send      Action = "send"      // never sent: it goes out
	Resend    Action = "resend"    // sent, refused or in doubt before: it goes out again
	Unchanged Action = "unchanged" // sent with this content
	Kept      Action = "kept"      // sent with other content, and stays so
	Refused   Action = "refused"   // the provider said no to exactly this
	Failed    Action = "failed"    // sent, and the provider gave up delivering it
	Blocked   Action = "blocked"   // an earlier message of this person stands in the way
	InDoubt   Action = "in_doubt"  // nobody knows whether it left
	Assume    Action = "assume"    // in doubt, and on_doubt = "assume_sent" takes it as sent
	Passed    Action = "passed"    // a later message was already sent, so this one never is
	Waits     Action = "waits"     // not due yet, or what it needs to know is not known yet
	Skip      Action = "skip"      // its condition is false: it is recorded as skipped
	Skipped   Action = "skipped"   // its condition was false when it was due
	Expired   Action = "expired"   // its sequence's until has passed
)

// order is how actions are shown under one message.
func (a Action) order() int {
	return slices.Index([]Action{Send, Resend, Waits, Kept, Refused, Failed, InDoubt, Assume, Blocked, Skip, Skipped, Expired, Passed, Unchanged}, a)
}

// Sends reports whether the action makes a request.
func (a Action) Sends() bool { return a == Send || a == Resend }

// Step is one message to one person: what is done, why, and, when it sends, the request itself.
type Step struct {
	Send        addr.Send
	Action      Action
	Reason      string // one line, fixed words; "" for a plain send
	Account     string // the lane
	Content     state.Hash
	Destination state.Hash
	Unique      state.Hash
	Definition  state.Hash
	// Request is there when Action.Sends(), and for a send in doubt, one that Waits to be sent again too, whenever it
	// Repeats the attempt: then the provider can be asked about it.
	Request providers.Request
	// Due says when a step that waits can be sent; zero when nobody knows yet.
	Due time.Time
	// NotAfter is the first instant at which the step must not begin any more: its window closes, or its sequence is over.
	// Zero for never.
	NotAfter time.Time
	// Condition is the hash of the condition of a step that is skipped.
	Condition state.Hash
	// FromDoubt says that a Resend, or what Waits to be one, is of a send in doubt, as on_doubt = "resend" asks for.
	FromDoubt bool
	// Needs names the message of the same sequence and person that must be sent first within this run, and the lane
	// that sends it; empty when nothing stands before.
	Needs Need
	// Leads says that a later step of this run needs this one.
	Leads bool

	// Person is there when the step sends, and the exclude lists of its people go by e-mail or phone.
	Person PersonHashes

	line []byte // as StepFiles writes it, while the step is handed to the sink of Make
}

// Repeats reports whether the step's request is that of an attempt at the same send made anew, as far as the ledger can
// tell: the same content to the same place through the same account.
func (s *Step) Repeats(attempt *state.Record) bool {
	return s.Request.Method != "" && s.Account == attempt.Account && s.Destination.Same(attempt.Destination) && s.Content.Same(attempt.Content)
}

// Need is what a step waits for.
type Need struct {
	Message string `json:"message,omitempty"`
	Account string `json:"account,omitempty"`
}
