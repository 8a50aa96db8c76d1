// Package executor carries a plan out: it makes the requests of a plan's steps, one lane per provider account, and has
// the ledger hold every intent before its request leaves and every outcome before the next step of that person begins.
//
// # What it promises
//
//   - No request leaves without a durable intent, and what is accepted or refused is never tried again. What is unknown
//     is in doubt, durably, and tried again only when its provider has shown that it has not got it.
//   - What provably did not leave, or was not accepted, goes back to what it was, durably and at once, so that a kill
//     during any wait leaves nothing in doubt. A kill leaves at most Limits.Concurrency sends of a lane in doubt, beside
//     those whose answers were unclear; of these no more than Limits.StopAfter follow each other.
//   - One person's messages go strictly in order, also across lanes: a step waits until the one it needs is sent, and
//     is blocked when that one will not be. Waiting steps hold no slot, no goroutine and no text.
//   - At most Limits.Requests requests of a limit group begin in any window of Limits.Per plus Limits.Jitter, those of
//     look-ups among them.
//   - One lane never holds up another. A lane stops by itself when its account is turned away, cannot be reached, loses
//     what is sent through it, or leaves a row of sends in doubt; only a ledger that cannot be written stops the run.
//   - No request begins once its step's time is over (planner.Step.NotAfter), whatever it waited for: it is late, and so
//     are the steps that need it.
//   - A conversation is opened at most once, however often that is tried and whatever becomes of the attempts.
//   - Every step ends as exactly one of sent, refused, in doubt, blocked, late or unsent, and Summary counts them.
//
// # One attempt
//
//	slot ──► intent, durable ──► begin ──► answer ──► outcome, durable
//	  ▲            │                          │              │ in doubt
//	  │            ▼ the group was paused     ▼ throttled,   ▼
//	  └────────── row goes back ◄───────────── not sent   look-up ──► found: sent
//	  ▲                                                      │ └────► undecided: in doubt
//	  └────────── row goes back ◄─────────────────────────── ▼ absent
//
// An outcome and the intent of the worker's next send are one write where that next send may begin at once: a worker
// then waits for the disk once a send, and whatever it has open is still one send at each instant. What a worker takes
// ahead it takes without waiting: when no step is ready, its slot lies in the future, or the person's own next step
// needs this outcome, the outcome is written alone. An outcome counts, and lets others go on, only once it is durable.
//
// # Look-ups
//
// A send without a clear answer waits for its look-up if the lane's provider is a providers.Finder: for Lane.Settle from
// the begin of its request, or not at all when the vendor itself said that it had failed. One goroutine per lane makes
// them, one after the other in the order of being due, beside the workers; none of their places is held meanwhile, and
// the lane ends after the last of them. Sends that earlier runs left in doubt, Lane.Questions, are asked about there too.
//
//   - Found: the send is sent, and its person's next message goes on in this run. Absent: the row goes back, and the send
//     takes its turn again, as one more of Retry.MaxAttempts; when they are used up, the lane stops. Undecided: it stays
//     in doubt.
//   - A look-up that is throttled, or gets no answer, is made again, Retry.MaxAttempts times at most. When as many in a
//     row got none, those that are due are given up: the vendor is down, and the next plan asks again.
//   - A look-up that is turned away is the last one of its lane, which stops if it has more to send.
//   - The first interrupt ends all waiting for look-ups. A lane that stopped by itself makes those that are left.
//   - Where the ledger counts others that say the same in the same place, and more of them began while the vendor was
//     asked, what was found may be theirs: it is asked again.
//
// LookUp makes look-ups alone: to show what they say, and to record it before a plan is made.
//
// # Openings
//
// A step whose request has an Opening needs a conversation that may not be there yet. Its place is taken from the ledger;
// else the lane's provider, a providers.Opener, opens it before the send's first intent, each of its requests in a turn of
// the limiter:
//
//		opening, durable ──► requests ──► accepted ──► place, durable ──► the send goes on
//		  ▲                     └──► unknown: put aside for Lane.Settle ──┐
//		  └── the same key ◄──────────────────────────────────────────────┘
//
//	  - One worker at a time opens a conversation. Steps that share it are put aside meanwhile, and hold no worker.
//	  - An attempt of which nobody knows what came is made again only after Lane.Settle, counted across runs, with the same
//	    key, Retry.MaxAttempts times at most; then the step stays unsent. A message is in no doubt by it.
//	  - What is refused is refused for the send; what is throttled or not sent is repeated as a send is, and an account that
//	    is turned away stops the lane.
//
// # Receipts
//
// Watch asks providers what became of what they accepted, many sends at once, and tells of each whether all was read that
// there is. It writes nothing itself but that requests were made.
//
// # Time
//
// Options.Clock is the time of the ledger and of the plan: of stamps and of NotAfter. Limits, waits and Lane.LastIntent go
// by the machine's clock; so a clock that is moved for a trial changes what is due, and never how fast anything is sent.
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
//		Settle:   time.Minute,
//	}}, executor.Options{Ledger: ledger, Drain: firstInterrupt, Observe: progress})
//	if err != nil {
//		return err // the ledger could not be written
//	}
//	return summary.Err() // why lanes stopped, nil when none did
//
// # What it must not do
//
// It must not read campaigns (it never imports spec), must not decide what is sent (the planner did), must not classify
// answers (the provider does), must not judge what a look-up sees (the provider does that too), and must not retry
// anything that may have reached a person.
package executor
