package state

import (
	"math"
	"slices"
	"time"

	"herald/internal/addr"
)

// Wave tells how far a first wave of so many people has come for a message: how many got it, were refused or may be getting
// it, and when the last of the first size of them did; zero while they are fewer.
func (v *View) Wave(m addr.Message, size int) (complete time.Time, recorded int) {
	r, ok := v.messages[m]
	if !ok {
		return time.Time{}, 0
	}
	r.once.Do(func() {
		for who, e := range r.entries {
			switch {
			case e.State == Sent || e.State == Refused || e.State == Untried:
				r.times = append(r.times, e.At)
			case e.Open != Untried: // over something that was skipped
				r.times = append(r.times, r.opened[who])
			}
		}
		slices.Sort(r.times)
	})
	if size < 1 || size > len(r.times) {
		return time.Time{}, len(r.times)
	}
	return timeOf(r.times[size-1]), len(r.times)
}

// SentSince counts what was sent to a person, or may have been, after an instant, in the sequences that covers says; all of
// them when it is nil. What is sent again counts again, also what is in doubt. Messages that are no longer in the campaign
// count, and those to people who were forgotten; what was taken out of the ledger does not.
func (v *View) SentSince(key string, since time.Time, covers func(sequence string) bool) int {
	who, after := personOf(key), int64(math.MinInt64)
	if !since.IsZero() {
		after = stamp(since)
	}
	n := 0
	for m, r := range v.messages {
		if covers == nil || covers(m.Sequence) {
			n += r.sentSince(who, after)
		}
	}
	return n
}

func (r *recorded) sentSince(who person, after int64) (n int) {
	e := r.entries[who]
	if e.State == Sent && e.At > after {
		n++
	}
	if e.Open != Untried {
		at := e.At
		if e.State != Untried {
			at = r.opened[who]
		}
		if at > after {
			n++
		}
	}
	for _, at := range r.again[who] {
		if at > after {
			n++
		}
	}
	return n
}
