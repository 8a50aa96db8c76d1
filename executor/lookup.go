package executor

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"herald/internal/addr"
	"herald/providers"
)

// LookUpOptions is what look-ups need beside their lanes.
type LookUpOptions struct {
	// Ledger records what was found, and what was found absent. With nil nothing is recorded.
	Ledger DoubtLedger
	// Wait waits until what an attempt got accepted must be visible; without it, sends of which that is not so yet are
	// not asked about.
	Wait bool
	// Clock is as in Options.
	Clock func() time.Time
	// Observe is told what happens, as that of Options; it may be nil.
	Observe func(Event)
}

// Answer is what became of one question.
type Answer struct {
	Send  addr.Send
	Asked bool // else Verdict.Reason says why not
	providers.Verdict
}

// LookUpLane is what the look-ups of one lane came to.
type LookUpLane struct {
	Account string
	LookUps
	Answers []Answer // one per question, in their order
	// LastRequest is when the last request began, zero when none was made: the LastIntent of what follows.
	LastRequest time.Time
}

// LookUpSummary is what LookUp came to.
type LookUpSummary struct {
	Lanes       []LookUpLane // in the order in which they were given
	Interrupted bool         // by the context, before all were asked
}

// LookUp asks the providers about the questions of all lanes, within their limits and side by side, and sends nothing:
// steps are not read. Cancelling ctx ends it at once; what was not asked about says so.
//
// The error is nil unless the ledger could not be written or the arguments make no sense; the summary is right all the
// same. A provider that cannot be asked, that gives no answer or turns the account away is none: the answers tell.
func LookUp(ctx context.Context, lanes []Lane, o LookUpOptions) (LookUpSummary, error) {
	lanes = slices.Clone(lanes)
	for i := range lanes {
		lanes[i].Steps = nothing{}
	}
	if err := checkLanes(lanes); err != nil {
		return LookUpSummary{}, err
	}
	work, halt := context.WithCancelCause(ctx)
	defer halt(nil)
	r := &run{ctx: ctx, last: context.WithoutCancel(ctx), clock: o.Clock, events: newSink(o.Observe), halt: halt}
	if o.Ledger != nil {
		r.keep(o.Ledger)
	}
	s := LookUpSummary{Lanes: make([]LookUpLane, len(lanes))}
	running := r.open(work, lanes)
	var g errgroup.Group
	for i, l := range running {
		l.queue.ended = true
		one := &s.Lanes[i]
		g.Go(func() error { return l.lookUp(one, o.Wait) })
	}
	err := g.Wait()
	cause := context.Cause(work)
	s.Interrupted = cause != nil && cause != errLedger
	if err != nil {
		err = r.failed()
	}
	return s, err
}

// lookUp asks the lane's questions.
func (l *lane) lookUp(to *LookUpLane, wait bool) error {
	defer l.halt()
	to.Account, to.Answers = l.Account, make([]Answer, len(l.Questions))
	now := time.Now()
	for i := range l.Questions {
		q, a := &l.Questions[i], &to.Answers[i]
		a.Send = q.Send
		settled := q.settled(l.run.clock, now, l.Settle)
		due := q.due(now, settled)
		switch {
		case l.asker == nil:
			a.Reason = "this provider cannot be asked"
		case due.After(now) && !wait:
			a.Reason = fmt.Sprintf("too early to ask: for another %s what was accepted may not be visible yet", due.Sub(now).Round(time.Second))
		default:
			d := oldDoubt(q, due, settled, a)
			d.once = !wait
			l.asker.add(d)
		}
	}
	if l.asker == nil {
		return nil
	}
	l.asker.finish()
	err := l.asker.work()
	to.LookUps, to.LastRequest = l.looked, l.asker.last
	return err
}
