package planner

import (
	"testing"
	"time"

	"herald/internal/addr"
	"herald/state"
)

// What a delay counts from, message after message.
func TestWalk(t *testing.T) {
	at := func(h int) state.Entry {
		return state.Entry{At: noon.Add(time.Duration(h) * time.Hour).UnixNano()}
	}
	type passed struct {
		action Action
		hour   int // of the ledger's entry, after noon
	}
	for _, tt := range []struct {
		name   string
		passes []passed
		before string
		since  int // hours after noon; 99 for not known
		leaves bool
		waits  bool
		way    string
	}{
		{name: "nothing", since: 99},
		{name: "sent", passes: []passed{{Unchanged, 1}, {Kept, 2}}, before: "b", since: 2},
		{name: "passed and expired are not there", passes: []passed{{Unchanged, 1}, {Passed, 0}, {Expired, 0}}, before: "a", since: 1},
		{name: "skipped", passes: []passed{{Unchanged, 1}, {Skipped, 3}}, before: "b", since: 3},
		{name: "skipped before the one before was sent", passes: []passed{{Unchanged, 3}, {Skipped, 1}}, before: "b", since: 3},
		{name: "skipped now", passes: []passed{{Unchanged, 1}, {Skip, 0}}, before: "b", since: 10},
		{name: "sent now", passes: []passed{{Unchanged, 1}, {Send, 0}}, before: "b", since: 99, leaves: true},
		{name: "skipped behind one sent now", passes: []passed{{Resend, 1}, {Skip, 0}, {Skipped, 3}}, before: "c", leaves: true, since: 10},
		{name: "sent behind one sent again", passes: []passed{{Resend, 1}, {Unchanged, 2}}, before: "b", since: 2},
		{name: "taken as sent", passes: []passed{{Assume, 0}}, before: "a", since: 10},
		{name: "waits", passes: []passed{{Waits, 0}, {Waits, 0}}, before: "b", since: 99, waits: true},
		{name: "refused", passes: []passed{{Refused, 0}, {Blocked, 0}}, since: 99, way: "s.a"},
		{name: "given up", passes: []passed{{Failed, 1}}, before: "a", since: 1, way: "s.a"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w, now := walk{}, noon.Add(10*time.Hour)
			for i, p := range tt.passes {
				w.pass(addr.Message{Sequence: "s", Name: "abc"[i : i+1]}, at(p.hour), p.action, now)
			}
			since := time.Time{}
			if tt.since != 99 {
				since = noon.Add(time.Duration(tt.since) * time.Hour)
			}
			if w.before.Name != tt.before || !w.since.Equal(since) || w.leaves != tt.leaves || w.waits != tt.waits || w.way != tt.way {
				t.Errorf("%+v, want %+v", w, tt)
			}
		})
	}
}
