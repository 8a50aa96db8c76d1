package planner

import (
	"time"

	"herald/internal/addr"
	"herald/providers"
	"herald/state"
)

// ledger is the view as a plan reads it: with what look-ups have found since, as it will be once that is recorded.
type ledger struct {
	*state.View
	attempts map[addr.Send]*state.Record // what is still open
	settled  map[addr.Send]state.Entry   // where a look-up has settled it
	unsent   map[addr.Message]int        // people of whom nothing is left, since their only attempt came to nothing
	freed    map[usedValue]bool          // unique values that only such attempts had used up
	receipts map[addr.Send]state.Receipt // what providers said since
}

type usedValue struct {
	message addr.Message
	value   state.Hash
}

// LookUps counts what look-ups have found of sends in doubt.
type LookUps struct{ Found, Absent, Undecided int }

// newLedger applies what look-ups have found, as of now. What a living run is sending is that run's to decide, and what is
// not in doubt is settled already.
func newLedger(view *state.View, found map[addr.Send]providers.Finding, receipts map[addr.Send]state.Receipt, now time.Time) (*ledger, LookUps) {
	l := &ledger{View: view, receipts: receipts, attempts: map[addr.Send]*state.Record{}, settled: map[addr.Send]state.Entry{},
		unsent: map[addr.Message]int{}, freed: map[usedValue]bool{}}
	var n LookUps
	for i := range view.Doubt {
		r := &view.Doubt[i]
		finding, asked := found[r.Send]
		asked = asked && r.State == state.InDoubt
		switch {
		case asked && finding == providers.Found:
			n.Found++
			l.settled[r.Send] = state.Entry{State: state.Sent, Content: r.Content, Destination: r.Destination, At: now.UnixNano()}
		case asked && finding == providers.Absent:
			n.Absent++
			l.absent(r)
		default:
			if asked {
				n.Undecided++
			}
			l.attempts[r.Send] = r
		}
	}
	return l, n
}

// absent takes an attempt back that came to nothing. A unique value that others have used too, were it for such attempts
// only, stays used: the view does not say by whom.
func (l *ledger) absent(r *state.Record) {
	e, _ := l.View.Entry(r.Send)
	e.Open = state.Untried
	l.settled[r.Send] = e
	if e.State == state.Untried {
		l.unsent[r.Send.Message]++
	}
	_, before := l.SentBefore(r.Send)
	if e.State != state.Sent && !before && !l.View.UniqueUsed(r.Send, r.Unique) {
		l.freed[usedValue{r.Send.Message, r.Unique}] = true
	}
}

// Entry gives where a send stands, false when it is untried.
func (l *ledger) Entry(s addr.Send) (state.Entry, bool) {
	if e, ok := l.settled[s]; ok {
		return e, e.State != state.Untried
	}
	return l.View.Entry(s)
}

// Recorded counts the people who are recorded for a message.
func (l *ledger) Recorded(m addr.Message) int { return l.View.Recorded(m) - l.unsent[m] }

// UniqueUsed reports whether someone other than s.Key has got s.Message under this unique value, or may be getting it.
func (l *ledger) UniqueUsed(s addr.Send, value state.Hash) bool {
	return !l.freed[usedValue{s.Message, value}] && l.View.UniqueUsed(s, value)
}

// Receipt gives what became of a send: what the ledger holds, with what providers said since. It is zero as long as
// nothing is known.
func (l *ledger) Receipt(s addr.Send) state.Receipt {
	r, _ := l.View.Receipt(s)
	if len(l.receipts) == 0 {
		return r
	}
	return r.With(l.receipts[s])
}

// first gives the first time that is known.
func first(times ...time.Time) time.Time {
	for _, t := range times {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}
