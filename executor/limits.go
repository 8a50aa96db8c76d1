package executor

import "time"

// Limits is what an account keeps to.
type Limits struct {
	Requests    int           // requests that may begin within Per; 0 for no limit
	Per         time.Duration // above 0 when Requests is
	Concurrency int           // requests in flight at once; below 1 means 1
	Jitter      time.Duration // added to Per: by how much the time to the server may vary
	StopAfter   int           // unknown outcomes in a row that stop the lane, and a fifth of the refusals that do; 0 for never
}

// Retry says how attempts that provably left nothing behind are repeated, and look-ups that got no answer.
type Retry struct {
	MaxAttempts int           // attempts that may leave nothing behind; below 1 means 1. Throttled ones are not counted, throttled look-ups are
	MinBackoff  time.Duration // shortest wait where the provider names none; 0 means 500 ms
	MaxBackoff  time.Duration // longest such wait; below MinBackoff means MinBackoff
}
