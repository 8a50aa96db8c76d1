package executor

import (
	"context"
	"time"

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

var _ Ledger = (*state.Ledger)(nil)
