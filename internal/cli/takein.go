package cli

import (
	"context"
	"errors"
	"maps"
	"slices"

	"herald/internal/addr"
	"herald/internal/inbox"
	"herald/providers"
	"herald/state"
)

// arrivals is what vendors called us with since the ledger last took something in.
type arrivals struct {
	inbox    string // its ID, "" when there is none
	last     int64  // number of the last call
	calls    int
	strays   int // of calls: those of which nobody knows what they belong to
	proven   []state.Result
	receipts []state.Receipt
}

// takeIn takes in what arrived. With a lock it is recorded, and the ledger is read again; without one it is added to what
// is found and learned.
func (s *session) takeIn(ctx context.Context, known *state.View, found map[addr.Send]providers.Finding, l *learned, lock *state.Lock) (arrivals, *state.View, error) {
	if !known.Exists {
		return arrivals{}, known, nil
	}
	a, err := s.arrivals(ctx, known, lock != nil)
	if err != nil || a.calls == 0 {
		return a, known, err
	}
	if lock == nil {
		for _, r := range a.proven {
			found[r.Send] = providers.Found
		}
		l.add(a.receipts, nil)
		return a, known, nil
	}
	options := s.ledgerOptions(false)
	options.Lock = lock
	ledger, err := state.Open(ctx, s.ledger, options)
	if err != nil {
		return a, known, err
	}
	for _, r := range a.proven {
		err = errors.Join(err, ledger.Record(ctx, r))
	}
	if err == nil {
		err = ledger.Receive(ctx, a.receipts, map[string]int64{a.inbox: a.last})
	}
	if err = errors.Join(err, ledger.Close()); err != nil {
		return a, known, err
	}
	known, err = lock.Read(ctx)
	return a, known, err
}

// arrivals reads the inbox and finds out which sends its calls are about. Locked says that the ledger's lock is ours.
func (s *session) arrivals(ctx context.Context, known *state.View, locked bool) (a arrivals, err error) {
	in, err := inbox.OpenReader(ctx, inbox.Beside(s.ledger))
	if err != nil {
		return a, err
	}
	defer in.Close()
	a.inbox = in.ID()
	var ledger *state.Reader // opened when the first call is there
	proven := map[addr.Send]bool{}
	told := learned{receipts: map[addr.Send]state.Receipt{}} // of one send once, however often somebody writes
	after := known.Taken(a.inbox)
	if last, err := in.Last(ctx); err != nil {
		return a, err
	} else if last < after {
		after = 0 // of an older copy all is taken in again: what the ledger has of it changes nothing there
	}
	for item, err := range in.Items(ctx, after) {
		if err != nil {
			return a, err
		}
		if ledger == nil {
			if ledger, err = state.OpenReader(ctx, s.ledger); err != nil {
				return a, err
			}
			defer ledger.Close()
		}
		a.last = item.ID
		a.calls++
		about, doubtful, receipt, err := s.about(ctx, ledger, item, locked)
		if err != nil {
			return a, err
		}
		if len(about) == 0 {
			a.strays++
		}
		if doubtful && !proven[about[0]] {
			proven[about[0]] = true
			a.proven = append(a.proven, state.Result{Send: about[0], State: state.Sent, At: item.At, By: state.Callback})
		}
		for _, send := range about {
			if receipt.Send = send; !receipt.IsZero() {
				told.add([]state.Receipt{receipt}, nil)
			}
		}
	}
	a.receipts = slices.SortedFunc(maps.Values(told.receipts), func(b, c state.Receipt) int { return b.Send.Compare(c.Send) })
	return a, nil
}

// about finds the sends that a call is about, and what it tells of them. Doubtful says that it proves that a send in doubt
// was accepted. Who has the lock knows that what is sending is so since its process died: a reader takes the lock for that
// of a run.
func (s *session) about(ctx context.Context, ledger *state.Reader, item inbox.Item, locked bool) (about []addr.Send, doubtful bool, told state.Receipt, err error) {
	account := s.accounts[item.Account]
	if account == nil {
		return nil, false, told, nil // the campaign has no such account any more
	}
	receiver, can := account.provider.(providers.Receiver)
	if !can {
		return nil, false, told, nil
	}
	arrival := receiver.Read(item.Callback, item.Body)
	told = receiptOf(addr.Send{}, arrival.Report)
	if told.Replied.IsZero() && arrival.Answered {
		told.Replied = item.At
	}
	if item.Token == (inbox.Token{}) {
		if arrival.Place == "" || told.IsZero() {
			return nil, false, told, nil
		}
		about, err = ledger.At(ctx, item.Account, arrival.Place, item.At)
		return about, false, told, err
	}
	send, of, st, known, err := ledger.Awaited(ctx, item.Token)
	if err != nil || !known || of != item.Account {
		return nil, false, told, err
	}
	return []addr.Send{send}, st == state.InDoubt || locked && st == state.Sending, told, nil
}

// receiptOf makes a receipt of what a provider reports.
func receiptOf(send addr.Send, r providers.Report) state.Receipt {
	return state.Receipt{Send: send, Delivered: r.Delivered, Read: r.Read, Failed: r.Failed, Reason: r.Reason,
		Replied: r.Replied, Reply: r.Reply, Vendor: r.Vendor}
}

// arrived reports whether a call came that the ledger has not taken in.
func (a *applying) arrived(ctx context.Context) bool {
	in, err := inbox.OpenReader(ctx, inbox.Beside(a.ledger))
	if err != nil {
		return false // the round says what is wrong with it
	}
	defer in.Close()
	for _, err := range in.Items(ctx, a.taken[in.ID()]) {
		return err == nil
	}
	return false
}
