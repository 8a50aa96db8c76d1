package executor

import (
	"context"
	"time"

	"herald/internal/addr"
	"herald/state"
)

// Ledger is what the executor needs of the ledger. Its methods are called from many goroutines at once. An error of
// Intend, Record or Turn stops the run.
type Ledger interface {
	// Intend records that a request is about to leave, and returns when that is durable.
	Intend(ctx context.Context, i state.Intent) error
	// Record closes an open intent with its outcome, and returns when that is durable.
	Record(ctx context.Context, r state.Result) error
	// Turn closes one open intent and opens another, and returns when both are durable. The intent is never durable
	// without the outcome: when recorded is not nil, intended is not nil either.
	Turn(ctx context.Context, r state.Result, i state.Intent) (recorded, intended error)
	// CommitLatency is how long a durable commit took recently: intents are handed in that much before their slot.
	CommitLatency() time.Duration
}

// AttemptLedger knows of requests that belong to no send, so that the next run keeps to the limits too.
type AttemptLedger interface {
	// Attempted records that a request of an account that belongs to no send is about to leave, and returns when that is
	// durable.
	Attempted(ctx context.Context, account string, at time.Time) error
	// CommitLatency is how long a durable commit took recently.
	CommitLatency() time.Duration
}

// DoubtLedger is a Ledger that knows what look-ups need of it and takes in what they show: Record comes for sends in
// doubt, too. A run whose ledger is none makes no look-ups.
type DoubtLedger interface {
	Ledger
	AttemptLedger
	// Alike counts the attempts, other than that of s, at or after an instant that said the same in the same place and
	// are not known to be unsent.
	Alike(ctx context.Context, s addr.Send, content, destination state.Hash, since time.Time) (int, error)
}

var _ DoubtLedger = (*state.Ledger)(nil)

// PlaceLedger is a Ledger that keeps which conversations were opened. A run whose ledger is none opens none.
type PlaceLedger interface {
	Ledger
	AttemptLedger
	// Place gives what is known of a conversation by its account and name; false when there was never an attempt to open
	// it. Its Place is "" as long as nobody knows whether it was opened.
	Place(account, name string) (state.Opened, bool)
	// Opening records that a request which may open a conversation is about to leave, and returns, when that is durable, what
	// the ledger had of it: key, begin and place of earlier calls stay.
	Opening(ctx context.Context, o state.Opened) (state.Opened, error)
	// Opened records the place of a conversation, and returns when that is durable.
	Opened(ctx context.Context, o state.Opened) error
}

var _ PlaceLedger = (*state.Ledger)(nil)
