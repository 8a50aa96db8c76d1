package providers

import (
	"context"
	"encoding/json"
	"time"
)

// Watcher is a Provider that can tell what became of messages that its vendor accepted.
type Watcher interface {
	// Watch asks about sends of the account, all at once, so that one request may serve many. It calls turn before each
	// request that it makes, which waits for the account's limit, and gives up with turn's error; every request is under
	// the rules of Send. Report is called for each send of which something is known, at most once a send, and not at the
	// same time. With class Accepted everything was read that there is; otherwise the Outcome says why not, and what was
	// not reported is not known.
	Watch(ctx context.Context, sends []Delivery, turn func(context.Context) error, report func(Report)) Outcome
}

// Delivery is one message that the vendor accepted.
type Delivery struct {
	Place string    // Request.Place of its request
	ID    string    // Outcome.ID, "" where the vendor gave none
	Begun time.Time // no byte of it left before
	Ended time.Time // its answer was whole by then
}

// Report is what the vendor knows of one send now. Times are zero for what has not happened, or is not known; where the
// vendor says that something happened and not when, it is the time by which it was seen.
type Report struct {
	Send      int // index of the delivery
	Delivered time.Time
	Read      time.Time
	Failed    time.Time // the vendor gave up; Reason says why, one bounded line, not yet escaped
	Reason    string
	Replied   time.Time       // of the first message that the person wrote after ours, into the same place
	Reply     string          // its text, whole, not yet escaped
	Vendor    json.RawMessage // the vendor's object of the reply
	// Unseen says that the vendor does not show the message itself, as it may just after accepting it: then nothing is known
	// of it, not even that nothing has happened.
	Unseen bool
}

// Fact is something that can become known of a message after it was sent.
type Fact string

// The facts, by the names that conditions use.
const (
	FactDelivered Fact = "delivered"
	FactRead      Fact = "read"
	FactReplied   Fact = "replied"
	FactFailed    Fact = "failed"
)
