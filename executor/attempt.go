package executor

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"time"

	"herald/internal/crash"
	"herald/planner"
	"herald/providers"
	"herald/state"
)

// attempt is one try to send one step.
type attempt struct {
	step   planner.Step
	ref    int64 // of the step
	number int   // from 1; throttled ones are not counted
	slot   *slot // nil until there is one
	key    providers.Key
	open   bool  // its intent is durable
	later  bool  // than another one of the same step in this run
	at     int64 // of its intent, by the ledger's clock: nanoseconds since 1970
}

// try carries an attempt from its slot to its durable outcome. It gives the attempt that follows: of the same step when
// nothing was left behind, of the next one when that was taken ahead, nil when there is none yet. Its error is one of
// the ledger; how the send itself ended is counted.
func (l *lane) try(a *attempt) (next *attempt, err error) {
	if !a.open {
		if l.shut() {
			return nil, nil
		}
		if l.over(&a.step) {
			return nil, l.late(a)
		}
		if a.step.Request.Opening != nil {
			if ready, err := l.locate(a); !ready {
				return nil, err
			}
		}
		a.slot, err = l.limiter.reserve(l.work, l.run.ledger.CommitLatency, l.latest(&a.step))
		switch {
		case err == errLate:
			return nil, l.late(a)
		case err != nil:
			return nil, nil // unsent, and nothing was recorded
		}
		if err := l.opened(a, l.run.ledger.Intend(l.run.last, l.intent(a, l.limiter.instant(a.slot)))); err != nil {
			return nil, err
		}
	}
	if !l.limiter.start(l.work, a.slot) || l.over(&a.step) {
		l.limiter.giveBack(a.slot)
		err := l.recorded(a, "not begun", l.run.ledger.Record(l.run.last, l.result(a, state.Untried, providers.Outcome{})))
		return a.again(0), err
	}
	if l.run.events.wanted() {
		l.run.events.emit(Started{Account: l.Account, Send: a.step.Send, Attempt: a.number})
	}
	out := l.call(a)
	switch out.Class {
	case providers.Accepted:
		return l.final(a, out, Sent, state.Sent)
	case providers.Refused:
		return l.final(a, out, Refused, state.Refused)
	case providers.Unknown:
		return l.final(a, out, InDoubt, state.InDoubt)
	}
	return l.back(a, out)
}

// again is the attempt that follows one of the same step that left nothing behind.
func (a *attempt) again(counted int) *attempt {
	return &attempt{step: a.step, ref: a.ref, number: a.number + counted, later: true}
}

// intent makes what the ledger must hold before a request leaves, at an instant of the machine's clock.
func (l *lane) intent(a *attempt, at time.Time) state.Intent {
	a.key = providers.NewKey()
	at = l.run.clock.stamp(at)
	a.at = at.UnixNano()
	return state.Intent{
		Send:        a.step.Send,
		Account:     l.Account,
		Content:     a.step.Content,
		Destination: a.step.Destination,
		Unique:      a.step.Unique,
		Definition:  a.step.Definition,
		Attempt:     a.number,
		Key:         a.key,
		At:          at,
		Place:       a.step.Request.Place,
		Awaited:     a.step.Request.Awaited,
		FromDoubt:   a.step.FromDoubt && !a.later, // the first one has closed the doubt, and must not leave another behind
	}
}

// opened takes in what became of an intent.
func (l *lane) opened(a *attempt, err error) error {
	if err != nil {
		if a.slot != nil {
			l.limiter.giveBack(a.slot)
		}
		return fmt.Errorf("%s was not sent, because the ledger could not record that it was about to be (if it did, the send will be shown as in doubt): %w", a.step.Send, err)
	}
	a.open = true
	crash.Point("intent recorded")
	return nil
}

// call makes the one request of an attempt.
func (l *lane) call(a *attempt) providers.Outcome {
	ctx := l.run.ctx
	if a.slot.token != nil {
		ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
			GotConn: func(httptrace.GotConnInfo) { l.limiter.connected(a.slot) },
		})
	}
	out := l.Provider.Send(ctx, a.step.Request, a.key)
	crash.Point("request answered")
	classify(&out)
	l.limiter.end(a.slot, out.Class)
	if out.Marked && !l.marked.Load() {
		l.marked.Store(true)
	}
	return out
}

// classify makes an outcome unknown whose class is none.
func classify(out *providers.Outcome) {
	if out.Class < providers.Accepted || out.Class > providers.Unknown {
		out.Class, out.Reason = providers.Unknown, fmt.Sprintf("the provider gave %s", out.Class)
	}
}

// back ends an attempt of which nothing was accepted. First the group waits, or the lane stops, so that others do not
// run into the same; then the row goes back.
func (l *lane) back(a *attempt, out providers.Outcome) (next *attempt, err error) {
	counted := 0
	if out.Class == providers.NotSent {
		counted = 1
	}
	switch {
	case out.Class == providers.AccountError:
		l.stop(Stop{Cause: CauseAccount, Send: a.step.Send, Count: 1, Reason: out.Reason})
	case out.Class == providers.NotSent && l.run.ctx.Err() == nil && a.number >= l.Retry.MaxAttempts:
		l.stop(Stop{Cause: CauseUnreachable, Send: a.step.Send, Count: a.number, Reason: out.Reason})
	default:
		if until, longer := l.limiter.throttled(a.slot, out.After, l.Retry); longer {
			l.run.events.emit(Throttled{Account: l.Account, Until: until, Reason: out.Reason})
		}
	}
	r := l.result(a, state.Untried, providers.Outcome{Reason: out.Reason})
	if err := l.recorded(a, out.Class.String(), l.run.ledger.Record(l.run.last, r)); err != nil {
		return nil, err
	}
	if l.run.events.wanted() {
		l.run.events.emit(Returned{Account: l.Account, Send: a.step.Send, Class: out.Class, Reason: out.Reason})
	}
	return a.again(counted), nil
}

// final records an outcome after which the send is not tried again, but for what a look-up shows, and then lets the
// person's next step know.
//
// When another step may begin at this instant its intent goes with the outcome, so that a worker waits for the disk once
// a send. Nothing may be waited for before that: the outcome is not on the disk yet, and others may be waiting for it.
func (l *lane) final(a *attempt, out providers.Outcome, r Result, st state.State) (next *attempt, err error) {
	if l.run.ctx.Err() == nil { // what an interrupt cut off says nothing about the provider
		l.judge(a.step.Send, out.Class, out.Reason)
	}
	closing := l.result(a, st, out)
	if !a.step.Leads { // else its person's next step is to come first
		if next = l.run.order.ahead(l); next != nil && next.step.Request.Opening == nil && !l.over(&next.step) {
			next.slot = l.limiter.reserveNow()
		}
	}
	var intended error
	if next != nil && next.slot != nil {
		err, intended = l.run.ledger.Turn(l.run.last, closing, l.intent(next, l.limiter.instant(next.slot)))
		intended = l.opened(next, intended)
	} else {
		err = l.run.ledger.Record(l.run.last, closing)
	}
	if err := l.recorded(a, out.Class.String(), err); err != nil {
		return nil, errors.Join(err, intended)
	}
	if r == InDoubt && l.asker != nil {
		l.asker.add(newDoubt(l, a, out, closing))
		return next, intended
	}
	l.settle(&a.step, Done{Result: r, Reason: out.Reason, ID: out.ID, Status: out.Status, Note: out.Note, HTTP: out.HTTP})
	l.run.order.end(&a.step, r.fate())
	return next, intended
}

// result is what the ledger keeps of an attempt that ended now.
func (l *lane) result(a *attempt, st state.State, out providers.Outcome) state.Result {
	return state.Result{
		Send:       a.step.Send,
		State:      st,
		ProviderID: out.ID,
		Status:     out.Status,
		Reason:     out.Reason,
		At:         l.run.clock.now(),
		ProviderAt: out.At,
		Marked:     out.Marked,
		Answered:   st == state.InDoubt && answered(out),
	}
}

// answered reports whether an unclear answer shows that the vendor is done with the request, so that what it accepted
// can most likely be seen at once. Only the vendor's own failure shows that: 408, 502, 503 and 504 come from what stands before it,
// while it may be at work still, and of a success that was not understood nobody here knows whether it was whole.
func answered(out providers.Outcome) bool {
	return out.HTTP == http.StatusInternalServerError || out.HTTP == http.StatusNotImplemented
}

// recorded takes in what became of an outcome. When it could not be written the row stays as it is, so the send is in
// doubt.
func (l *lane) recorded(a *attempt, was string, err error) error {
	if err == nil {
		crash.Point("outcome recorded")
		return nil
	}
	l.settle(&a.step, Done{Result: InDoubt, Reason: "the ledger could not record the outcome: " + was})
	return fmt.Errorf("%s: the outcome at %s was %q, but the ledger could not record it, so the send will be shown as in doubt: %w", a.step.Send, l.Account, was, err)
}
