package executor

import (
	"context"
	"fmt"
	"net/http/httptrace"
	"time"

	"herald/planner"
	"herald/providers"
	"herald/state"
)

// deliver carries one step from its slot to its durable outcome, as often as attempts leave nothing behind. Its error is
// one of the ledger; how the send itself ended is counted.
func (l *lane) deliver(step *planner.Step) error {
	for attempt := 1; ; {
		s, err := l.limiter.reserve(l.work, l.run.ledger.CommitLatency)
		if err != nil {
			return nil // unsent, and nothing was recorded
		}
		key := providers.NewKey()
		if err := l.intend(step, s, key, attempt); err != nil {
			l.limiter.giveBack(s)
			return err
		}
		if !l.limiter.start(l.work, s) {
			l.limiter.giveBack(s)
			if err := l.record(step, "not begun", state.Result{State: state.Untried}); err != nil {
				return err
			}
			continue
		}
		if l.run.events.wanted() {
			l.run.events.emit(Started{Account: l.Account, Send: step.Send, Attempt: attempt})
		}
		out := l.call(step, s, key)
		again, err := l.conclude(step, s, attempt, out)
		if err != nil || !again {
			return err
		}
		if out.Class == providers.NotSent {
			attempt++
		}
	}
}

// intend makes the ledger hold that the request is about to leave.
func (l *lane) intend(step *planner.Step, s *slot, key providers.Key, attempt int) error {
	// An interrupt must not leave it open whether the intent was recorded, so it does not reach the ledger.
	err := l.run.ledger.Intend(context.WithoutCancel(l.run.ctx), state.Intent{
		Send:        step.Send,
		Account:     l.Account,
		Content:     step.Content,
		Destination: step.Destination,
		Unique:      step.Unique,
		Definition:  step.Definition,
		Attempt:     attempt,
		Key:         key,
		At:          l.limiter.instant(s),
	})
	if err != nil {
		return fmt.Errorf("%s was not sent, because the ledger could not record that it was about to be (if it did, the send will be shown as in doubt): %w", step.Send, err)
	}
	return nil
}

// call makes the one request of an attempt.
func (l *lane) call(step *planner.Step, s *slot, key providers.Key) providers.Outcome {
	ctx := l.run.ctx
	if l.Limits.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, l.Limits.Timeout)
		defer cancel()
	}
	if s.token != nil {
		ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
			GotConn: func(httptrace.GotConnInfo) { l.limiter.connected(s) },
		})
	}
	out := l.Provider.Send(ctx, step.Request, key)
	if out.Class < providers.Accepted || out.Class > providers.Unknown {
		out.Class, out.Reason = providers.Unknown, fmt.Sprintf("the provider gave %s", out.Class)
	}
	if out.Class == providers.NotSent {
		l.limiter.giveBack(s)
	} else {
		l.limiter.finish(s, out.Class == providers.Accepted)
	}
	return out
}

// conclude does what an outcome asks for, and says whether the send is to be tried again.
func (l *lane) conclude(step *planner.Step, s *slot, attempt int, out providers.Outcome) (again bool, err error) {
	switch out.Class {
	case providers.Accepted:
		return false, l.final(step, out, Sent, state.Sent)
	case providers.Refused:
		return false, l.final(step, out, Refused, state.Refused)
	case providers.Unknown:
		return false, l.final(step, out, InDoubt, state.InDoubt)
	}

	// Nothing was accepted: first the group waits, or the lane stops, so that others do not run into the same; then the
	// row goes back.
	switch {
	case out.Class == providers.AccountError:
		l.stop(Stop{Cause: CauseAccount, Send: step.Send, Count: 1, Reason: out.Reason})
	case out.Class == providers.NotSent && l.run.ctx.Err() == nil && attempt >= l.Retry.MaxAttempts:
		l.stop(Stop{Cause: CauseUnreachable, Send: step.Send, Count: attempt, Reason: out.Reason})
	default:
		if until, longer := l.limiter.throttled(s, out.After, l.Retry); longer {
			l.run.events.emit(Throttled{Account: l.Account, Until: until, Reason: out.Reason})
		}
	}
	if err := l.record(step, out.Class.String(), state.Result{State: state.Untried, Reason: out.Reason}); err != nil {
		return false, err
	}
	if l.run.events.wanted() {
		l.run.events.emit(Returned{Account: l.Account, Send: step.Send, Class: out.Class, Reason: out.Reason})
	}
	return true, nil
}

// final records an outcome after which the send is never tried again, and then lets the person's next step know.
func (l *lane) final(step *planner.Step, out providers.Outcome, r Result, st state.State) error {
	if l.run.ctx.Err() == nil { // what an interrupt cut off says nothing about the provider
		l.judge(step.Send, out.Class, out.Reason)
	}
	err := l.record(step, out.Class.String(), state.Result{
		State:      st,
		ProviderID: out.ID,
		Status:     out.Status,
		Reason:     out.Reason,
		ProviderAt: out.At,
		Marked:     out.Marked,
	})
	if err != nil {
		return err
	}
	l.settle(step, Done{Result: r, Reason: out.Reason, ID: out.ID, Status: out.Status, Note: out.Note, HTTP: out.HTTP})
	l.run.order.end(step, r == Sent)
	return nil
}

// record closes the open intent of a step. When that fails the row stays as it is, so the send is in doubt.
func (l *lane) record(step *planner.Step, was string, r state.Result) error {
	r.Send, r.At = step.Send, time.Now()
	err := l.run.ledger.Record(context.WithoutCancel(l.run.ctx), r)
	if err == nil {
		return nil
	}
	l.settle(step, Done{Result: InDoubt, Reason: "the ledger could not record the outcome: " + was})
	return fmt.Errorf("%s: the outcome at %s was %q, but the ledger could not record it, so the send will be shown as in doubt: %w", step.Send, l.Account, was, err)
}
