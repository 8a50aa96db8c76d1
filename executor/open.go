package executor

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"herald/internal/crash"
	"herald/providers"
	"herald/state"
)

// place gives the place of a conversation that the ledger knows, else "".
func (l *lane) place(name string) string {
	if l.run.places == nil {
		return ""
	}
	known, _ := l.run.places.Place(l.Account, l.conversation(name))
	return known.Place
}

// conversation gives the ledger's name of a conversation: another account under the same name has conversations of its own.
func (l *lane) conversation(name string) string {
	if l.Identity == "" {
		return name
	}
	return l.Identity + ": " + name
}

// located puts the place of its conversation into a request.
func located(r providers.Request, place string) providers.Request {
	r.Path = strings.ReplaceAll(r.Path, providers.PlaceMark, url.PathEscape(place))
	r.Place, r.Opening = place, nil
	return r
}

// locate finds the place of a step's conversation, which it opens where it must, and reports whether the step may be sent.
// If not, the step has ended, was put aside, or stays unsent. Its error is one of the ledger.
func (l *lane) locate(a *attempt) (ready bool, err error) {
	name := a.step.Request.Opening.Name
	place := l.place(name)
	if place == "" {
		opener, ok := l.Provider.(providers.Opener)
		if !ok || l.run.places == nil {
			l.unreadable(fmt.Errorf("%s needs its conversation to be opened, and this provider or ledger cannot do that", a.step.Send))
			return false, nil
		}
		o := l.openings.take(l, name, a)
		if o == nil {
			return false, nil
		}
		settles := false
		if o.failed == "" {
			place, settles, err = l.opens(opener, a, o)
		}
		if settles {
			l.openings.settle(l, o, a)
			return false, nil
		}
		if o.failed != "" {
			l.notOpened(a, o.failed)
		}
		l.openings.leave(l, name, o)
	}
	if place == "" {
		return false, err
	}
	a.step.Request = located(a.step.Request, place)
	return true, nil
}

// notOpened ends a step whose conversation could not be opened: it stays unsent, and those that need it are held.
func (l *lane) notOpened(a *attempt, reason string) {
	if l.run.events.wanted() {
		l.run.events.emit(NotOpened{Account: l.Account, Send: a.step.Send, Reason: reason})
	}
	l.run.order.end(&a.step, holds)
}

// opens makes one attempt after another to open the conversation of a step. It gives the place, or "" when the step has
// ended, the lane has, or the conversation is given up; or it says that there is to be no other attempt until what the
// earlier ones made must be visible.
func (l *lane) opens(opener providers.Opener, a *attempt, o *opening) (place string, settles bool, err error) {
	row, known := l.run.places.Place(l.Account, l.conversation(a.step.Request.Opening.Name))
	if known && o.settled.IsZero() { // an earlier run tried, a little later than it told the ledger
		o.settled = visible(l.run.clock.real(row.Tried).Add(2*holdFor), time.Now(), l.Settle)
	}
	if row.Place != "" {
		return row.Place, false, nil // who had it before has opened it
	}
	for l.work.Err() == nil {
		switch {
		case l.over(&a.step):
			return "", false, l.late(a)
		case time.Now().Before(o.settled):
			return "", true, nil
		}
		out, t, err := l.open(opener, a)
		switch {
		case err != nil:
			return "", false, err
		case out.Class == providers.Accepted:
			return out.Place, false, nil
		case t.denied == errLate:
			return "", false, l.late(a)
		case t.denied != nil && l.work.Err() != nil, l.run.ctx.Err() != nil:
			continue // it was given up, or cut off
		case out.Class == providers.Refused:
			return "", false, l.refuse(a, out.Outcome)
		}
		l.unopened(a, o, out.Outcome, t.slot)
		if o.failed != "" {
			return "", false, nil
		}
	}
	return "", false, nil
}

// unopened takes in an attempt that opened nothing, as far as anybody knows: the group waits, the lane stops, the
// conversation settles or is given up.
func (l *lane) unopened(a *attempt, o *opening, out providers.Outcome, slot *slot) {
	switch out.Class {
	case providers.AccountError:
		l.stop(Stop{Cause: CauseAccount, Send: a.step.Send, Count: 1, Reason: out.Reason})
		return
	case providers.Unknown:
		l.judge(a.step.Send, out.Class, out.Reason)
	}
	if out.Class != providers.Throttled {
		o.tries++
	}
	switch {
	case out.Class == providers.Unknown && o.tries >= l.Retry.MaxAttempts:
		o.failed = out.Reason
	case o.tries >= l.Retry.MaxAttempts:
		l.stop(Stop{Cause: CauseUnreachable, Send: a.step.Send, Count: o.tries, Reason: out.Reason})
	case slot == nil:
	case out.Class == providers.Unknown:
		o.settled = l.limiter.begin(slot).Add(l.Settle)
	default:
		if until, longer := l.limiter.throttled(slot, out.After, l.Retry); longer {
			l.run.events.emit(Throttled{Account: l.Account, Until: until, Reason: out.Reason})
		}
	}
}

// open makes one attempt to open the conversation of a step, and has the ledger hold it before and after.
func (l *lane) open(opener providers.Opener, a *attempt) (out providers.Opened, t *turns, err error) {
	name := a.step.Request.Opening.Name
	row := state.Opened{Account: l.Account, Name: l.conversation(name), Person: a.step.Send.Key, Key: providers.NewKey()}
	var told time.Time
	tell := func(at time.Time) error {
		if at.Sub(told) <= holdFor {
			return nil
		}
		row.Begun = l.run.clock.stamp(at)
		known, err := l.run.places.Opening(l.run.last, row)
		if err != nil {
			return fmt.Errorf("%s was not sent, because the ledger could not record that its conversation was about to be opened: %w", a.step.Send, err)
		}
		told, row = at, known
		crash.Point("opening recorded")
		return nil
	}
	if err := tell(time.Now()); err != nil {
		return out, nil, err
	}
	if row.Place != "" {
		out.Class, out.Place = providers.Accepted, row.Place
		return out, nil, nil
	}
	t = &turns{lane: l, before: tell, latest: l.latest(&a.step)}
	out = opener.Open(t.trace(l.run.ctx), providers.OpenAttempt{
		Opening: *a.step.Request.Opening, Key: row.Key, Begun: row.Begun, Settled: true,
	}, func(ctx context.Context) error { return l.unlessDone(ctx, t.take) })
	crash.Point("opened at provider")
	if classify(&out.Outcome); out.Class == providers.Accepted && out.Place == "" {
		out.Class, out.Reason = providers.Unknown, "the provider gave no conversation"
	}
	t.close(out.Class)
	if t.failed != nil || out.Class != providers.Accepted {
		return out, t, t.failed
	}
	row.Place = out.Place
	if err := l.run.places.Opened(l.run.last, row); err != nil {
		return out, t, fmt.Errorf("%s was not sent, because the ledger could not record the conversation that was opened for it: %w", a.step.Send, err)
	}
	crash.Point("place recorded")
	return out, t, nil
}

// unlessDone takes a turn, unless nothing new may begin in the lane any more.
func (l *lane) unlessDone(ctx context.Context, take func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(l.work, cancel)()
	return take(ctx)
}

// refuse ends a step whose conversation the provider refused to open. No request is made for it, but the ledger keeps it
// as any other refusal.
func (l *lane) refuse(a *attempt, out providers.Outcome) error {
	if err := l.opened(a, l.run.ledger.Intend(l.run.last, l.intent(a, time.Now()))); err != nil {
		return err
	}
	if err := l.recorded(a, out.Class.String(), l.run.ledger.Record(l.run.last, l.result(a, state.Refused, out))); err != nil {
		return err
	}
	l.judge(a.step.Send, out.Class, out.Reason)
	l.settle(&a.step, Done{Result: Refused, Reason: out.Reason, HTTP: out.HTTP})
	l.run.order.end(&a.step, holds)
	return nil
}
