package state

import (
	"context"
	"errors"
)

// resent is who decides about a send in doubt that is tried again with FromDoubt.
const resent = `on_doubt = "resend"`

// intend opens a flight. refused is the caller's mistake; err is the disk's.
func (l *Ledger) intend(i *Intent) (refused, err error) {
	b := &l.book
	e, from := intended, l.open(i.Send)
	if i.FromDoubt {
		e = intendedAgain
	}
	m, ok := l.allow(i.Send, from, e)
	switch {
	case !ok:
		return bug(i.Send, "it is %s already, and a second attempt would be made", from), nil
	case b.run == 0:
		return bug(i.Send, "an attempt is made outside of a run"), nil
	case i.Send.Sequence == "" || i.Send.Name == "" || i.Account == "":
		return bug(i.Send, "an attempt without a message or an account"), nil
	}
	message, err := l.messageID(i.Send.Message)
	if err != nil {
		return nil, err
	}
	f := &flight{Intent: *i, state: m.to, message: message, run: b.run}
	if !i.Definition.IsZero() {
		if f.definition = b.definitions[definitionKey{message, i.Definition}]; f.definition == 0 {
			return bug(i.Send, "its definition %s was not given to StartRun", i.Definition), nil
		}
	}
	if f.account, err = l.accountOf(i.Account); err != nil {
		return nil, err
	}
	return nil, l.begin(context.Background(), m, f)
}

// begin gathers the row of a new flight, and closes the one in doubt that it follows.
func (l *Ledger) begin(ctx context.Context, m move, f *flight) error {
	b, at := &l.book, stamp(f.At)
	if m.flight != nil {
		if err := errors.Join(l.decided(ctx, f.message, m, Decision{Who: resent, At: f.At}), l.abandon(ctx, m, resent)); err != nil {
			return err
		}
	}
	if err := l.recall(ctx, f.message, m.send.Key); err != nil {
		return err
	}
	l.stmts.open.add(f.message, m.send.Key, int64(m.to), f.account.id, f.Content.blob(), f.Destination.blob(), orNull(f.definition),
		f.Unique.blob(), f.Attempt, f.Key[:], at, f.run, text(f.Place), yes(f.Awaited))
	f.opening = true
	b.opening = append(b.opening, f)
	f.account.lastIntent, f.account.touched = max(f.account.lastIntent, at), true
	b.flights[m.send] = f
	return nil
}

// settle lands a flight, or leaves it in doubt.
func (l *Ledger) settle(r *Result) (refused, err error) {
	b := &l.book
	e, known := outcome(r.State)
	m, ok := l.allow(r.Send, l.open(r.Send), e)
	switch {
	case !known:
		return bug(r.Send, "%s is no outcome of an attempt", r.State), nil
	case !ok:
		return bug(r.Send, "it got the outcome %s without an attempt", r.State), nil
	}
	ctx := context.Background()
	if m.flight.opening {
		// Its row is gathered and not yet there: it must be, before it can be changed.
		if err := l.flush(ctx); err != nil {
			return nil, err
		}
	}
	switch m.to {
	case Sent, Refused:
		err = l.land(ctx, m, r)
	case before:
		if r.By != "" {
			err = l.decided(ctx, m.flight.message, m, Decision{Who: r.By, Reason: r.Reason, At: r.At})
		}
		err = errors.Join(err, l.abandon(ctx, m, r.By))
	case InDoubt:
		err = l.doubt(ctx, m, r)
	default:
		return bug(r.Send, "the outcome %s would make it %s", r.State, m.to), nil
	}
	if err != nil {
		return nil, err
	}
	if a := m.flight.account; r.Marked && !a.marked {
		a.marked = true
		if _, err := l.stmts.mark.ExecContext(ctx, a.id, stamp(r.At)); err != nil {
			return nil, err
		}
	}
	// What an earlier run left is no change of this one: a look-up changes nothing that was reviewed.
	if m.to != before && m.flight.run == b.run && !b.raised {
		b.raised = true
		return nil, l.raise(ctx, b.run)
	}
	return nil, nil
}

// doubt leaves a flight in doubt.
func (l *Ledger) doubt(ctx context.Context, m move, r *Result) error {
	f := m.flight
	f.state, f.reason = m.to, r.Reason
	_, err := l.stmts.doubt.ExecContext(ctx, f.message, m.send.Key, text(r.ProviderID), text(r.Status), text(r.Reason),
		stamp(r.At), nanos(r.ProviderAt), r.Answered)
	return err
}

// land gathers the settled row of a flight and the flight's end. A row that was there is kept under earlier.
func (l *Ledger) land(ctx context.Context, m move, r *Result) error {
	f, key := m.flight, m.send.Key
	run, unique := f.run, f.Unique.blob()
	if l.book.run != 0 {
		run = l.book.run
	}
	if m.to == Sent {
		if unique != nil {
			person := personOf(key)
			if _, err := l.stmts.use.ExecContext(ctx, f.message, unique, person[:]); err != nil {
				return err
			}
		}
		unique = nil
	}
	l.stmts.settle.add(f.message, key, int64(m.to), f.account.id, f.Content.blob(), f.Destination.blob(),
		orNull(f.definition), unique, f.Attempt, f.Key[:], text(r.ProviderID), text(r.Status), text(r.Reason),
		stamp(r.At), nanos(r.ProviderAt), nanos(f.At), text(f.Place), yes(f.Awaited), run, text(r.By))
	l.stmts.land.add(f.message, key)
	delete(l.book.flights, m.send)
	return nil
}

// abandon gathers the end of a flight of which nothing is settled. One that was in doubt is kept under earlier, since its
// message may have arrived whatever who says.
func (l *Ledger) abandon(ctx context.Context, m move, who string) error {
	if m.from == InDoubt {
		if _, err := l.stmts.abandon.ExecContext(ctx, m.flight.message, m.send.Key, text(who)); err != nil {
			return err
		}
	}
	l.stmts.land.add(m.flight.message, m.send.Key)
	delete(l.book.flights, m.send)
	return nil
}

// touch writes when each account last began an attempt, once per batch.
func (l *Ledger) touch() error {
	for _, a := range l.book.accounts {
		if !a.touched {
			continue
		}
		a.touched = false
		if _, err := l.stmts.last.ExecContext(context.Background(), a.id, a.lastIntent); err != nil {
			return err
		}
	}
	return nil
}
