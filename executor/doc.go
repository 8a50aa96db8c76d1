// Package executor carries a plan out: it makes the requests of a plan's steps, one lane per provider account, and has
// the ledger hold every intent before its request leaves and every outcome before the next step of that person begins.
//
// # What it promises
//
//   - No request leaves without a durable intent, and what is accepted, refused or unknown is never tried again.
//   - What provably did not leave, or was not accepted, goes back to what it was, durably and at once, so that a kill
//     during any wait leaves nothing in doubt. After a kill at most Limits.Concurrency sends of a lane are in doubt.
//   - One person's messages go strictly in order, also across lanes: a step waits until the one it needs is sent, and
//     is blocked when that one will not be. Waiting steps hold no slot, no goroutine and no text.
//   - At most Limits.Requests requests of a limit group begin in any window of Limits.Per plus Limits.Jitter.
//   - One lane never holds up another. A lane stops by itself when its account is turned away, cannot be reached, or
//     leaves a row of sends in doubt; only a ledger that cannot be written stops the run.
//   - Every step ends as exactly one of sent, refused, in doubt, blocked or unsent, and Summary counts them.
//
// # One attempt
//
//	slot ──► intent, durable ──► begin ──► answer ──► outcome, durable
//	  ▲            │                          │
//	  │            ▼ the group was paused     ▼ throttled, not sent
//	  └────────── row goes back ◄─────────────┘
//
// An outcome and the intent of the worker's next send are one write where that next send may begin at once: a worker
// then waits for the disk once a send, and whatever it has open is still one send at each instant. What a worker takes
// ahead it takes without waiting: when no step is ready, its slot lies in the future, or the person's own next step
// needs this outcome, the outcome is written alone. An outcome counts, and lets others go on, only once it is durable.
//
// # Use
//
//	summary, err := executor.Run(ctx, []executor.Lane{{
//		Account:  "heyx",
//		Provider: provider,
//		Limits:   executor.Limits{Requests: 25, Per: time.Second, Jitter: 10 * time.Millisecond, Concurrency: 16, StopAfter: 10},
//		Retry:    executor.Retry{MaxAttempts: 5, MinBackoff: 500 * time.Millisecond, MaxBackoff: time.Minute},
//		Group:    group,
//		Steps:    steps,
//		Total:    n,
//	}}, executor.Options{Ledger: ledger, Drain: firstInterrupt, Observe: progress})
//	if err != nil {
//		return err // the ledger could not be written
//	}
//	return summary.Err() // why lanes stopped, nil when none did
//
// # What it must not do
//
// It must not read campaigns (it never imports spec), must not decide what is sent (the planner did), must not classify
// answers (the provider does), and must not retry anything that may have reached a person.
package executor
