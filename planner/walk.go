package planner

import (
	"time"

	"herald/internal/addr"
	"herald/state"
)

// walk is where a person stands in a sequence as the plan comes to the next message.
type walk struct {
	last   int          // the index of the last message that the person has, -1 for none
	way    string       // the message that stands in the way; "" for none
	before addr.Message // the message that the next one's delay counts from; zero for none
	since  time.Time    // when that one was sent, or skipped; unless it leaves or waits
	leaves bool         // it, or one that it was skipped behind, is sent in this plan
	waits  bool         // it waits, and so does all that follows
	hours  *hours       // the times of the sequence in the person's zone, once they were asked for
}

// pass takes a message that was decided about. One that will never be sent, though nobody skipped it, is as if it were
// not there. A skipped one counts from its decision, yet not from earlier than the message before it: where that one was
// sent later, since it was refused at first or is sent again, what follows must not come at once.
func (w *walk) pass(m addr.Message, e state.Entry, a Action, now time.Time) {
	w.way = blocker(w.way, m, a)
	switch a {
	case Send, Resend:
		w.before, w.since, w.leaves = m, time.Time{}, true
	case Waits:
		w.before, w.since, w.waits = m, time.Time{}, true
	case Unchanged, Kept, Failed:
		w.before, w.since, w.leaves = m, e.When(), false
	case Assume:
		w.before, w.since, w.leaves = m, now, false
	case Skip:
		w.before, w.since = m, now
	case Skipped:
		w.before, w.since = m, later(w.since, e.When())
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// apart says what is to be said of a message that is not planned, as far as it matters to those behind it: one that is
// not settled stands in the way.
func (m *maker) apart(r *message, key string, e state.Entry, overtaken bool) Action {
	switch e.Now() {
	case state.Sent:
		if !m.ledger.Receipt(addr.Send{Message: r.addr, Key: key}).Failed.IsZero() {
			return Failed
		}
		return Unchanged
	case state.Skipped:
		if r.skippedBy(e) {
			return Skipped
		}
	case state.Untried:
	default:
		return Blocked
	}
	if overtaken {
		return Passed
	}
	return Blocked
}

// skippedBy reports whether a skipped message still has the condition that skipped it.
func (m *message) skippedBy(e state.Entry) bool {
	return !m.condition.IsZero() && e.Content.Same(m.condition)
}
