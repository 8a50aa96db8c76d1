package executor

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"herald/internal/addr"
	"herald/providers"
	"herald/state"
)

// doubted lays questions down in the ledger, and lets the provider know that each was called.
func doubted(l *fakeLedger, questions ...Question) []Question {
	for _, q := range questions {
		l.doubt(q)
	}
	return questions
}

// Old doubts are asked about while steps are sent, each when it is due, and are no steps.
func TestQuestions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		steps := crowd("x", 30)
		lane, f := asking(l, steps...)
		lane.Limits.Requests, lane.Limits.Per = 1, time.Second
		answered := question("x", "answered", 0)
		answered.Answered = true
		lane.Questions = doubted(l,
			question("x", "fresh", ms), question("x", "old", time.Hour), question("x", "gone", 9*time.Second),
			question("x", "lost", 9*time.Second), question("x", "future", -24*time.Hour), answered)
		l.results[answered.Send] = state.Result{Answered: true}
		f.settle = 0 // the ledger's rows are of another run; when each was asked is checked below
		f.answers = func(s addr.Send, look int) providers.Verdict {
			switch {
			case s.Key == "gone":
				return absent
			case s.Key == "lost" && look == 1:
				return askBroken
			case s.Key == "lost":
				return undecided
			}
			return found
		}
		begun := time.Now()
		got := mustRun(t, Options{Ledger: l}, lane)
		sound(t, l, f.fakeProvider)
		if got.Counts() != (Counts{Sent: 30}) || got.LookedUp() != (LookUps{Found: 4, Absent: 1, Undecided: 1}) {
			t.Errorf("%+v, %+v", got.Counts(), got.LookedUp())
		}
		for key, st := range map[string]state.State{
			"fresh": state.Sent, "old": state.Sent, "gone": state.Untried, "lost": state.InDoubt, "future": state.Sent, "answered": state.Sent,
		} {
			s := step("x", "old", "m", key).Send
			if l.state(s) != st {
				t.Errorf("%s is %s, want %s", s, l.state(s), st)
			}
			if _, written := l.results[s]; written && st == state.InDoubt {
				t.Errorf("%s was written", s)
			}
		}
		for i, key := range []string{"old", "answered", "gone", "lost", "lost", "fresh", "future"} {
			if f.asked[i].send.Key != key {
				t.Errorf("look-up %d was of %s, want %s", i, f.asked[i].send.Key, key)
			}
		}
		for _, a := range f.asked {
			due := min(max(a.doubt.At.Add(settle).Sub(begun), 0), settle)
			if a.send == answered.Send {
				due = 0
			}
			if at := a.at.Sub(begun); at < due || at > due+10*time.Second {
				t.Errorf("%s was asked about after %s, due after %s", a.send, at, due)
			}
		}
		slices.SortFunc(f.arrived, time.Time.Compare)
		if worst := worstWindow(f.arrived, time.Second); worst > 1 {
			t.Errorf("%d requests in a second", worst)
		}
	})
}

// A lane may have questions only; one whose provider cannot be asked leaves them.
func TestQuestionsAlone(t *testing.T) {
	for _, finder := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			l := newLedger()
			f := newFinder(newProvider(l), 0)
			lane := Lane{Account: "x", Provider: f, Settle: settle, Questions: doubted(l, question("x", "a", 0), question("x", "b", time.Hour))}
			if !finder {
				lane.Provider = f.fakeProvider
			}
			begun := time.Now()
			got := mustRun(t, Options{Ledger: l}, lane)
			sound(t, l, f.fakeProvider)
			switch took := time.Since(begun); {
			case finder && (got.LookedUp() != (LookUps{Found: 2}) || took != settle || l.count(state.Sent) != 2):
				t.Errorf("%+v after %s", got, took)
			case !finder && (got.LookedUp().Total() != 0 || took != 0 || l.count(state.InDoubt) != 2):
				t.Errorf("%+v after %s", got, took)
			case got.Counts().Total() != 0:
				t.Errorf("questions were counted as steps: %+v", got)
			}
		})
	}
}

// A ledger that takes in no look-ups has none.
func TestPlainLedger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		steps := crowd("x", 2)
		lane, f := asking(l, steps...)
		f.script = first(steps[0].Send, unknown)
		got := mustRun(t, Options{Ledger: struct{ Ledger }{l}}, lane)
		sound(t, l, f.fakeProvider)
		if got.Counts() != (Counts{Sent: 1, InDoubt: 1}) || len(f.asked) != 0 {
			t.Errorf("%+v, %d look-ups", got, len(f.asked))
		}
	})
}

// The lane that is turned away at a question stops before it sends all, and its other questions are left.
func TestQuestionTurnedAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		steps := crowd("x", 100)
		lane, f := asking(l, steps...)
		lane.Limits.Requests, lane.Limits.Per = 1, time.Second
		lane.Questions = doubted(l, question("x", "a", time.Hour), question("x", "b", time.Hour))
		f.answers = in(askAway)
		got := mustRun(t, Options{Ledger: l}, lane)
		sound(t, l, f.fakeProvider)
		var stop *Stop
		if c := got.Counts(); c.Sent > 2 || c.Total() != 100 || !errors.As(got.Err(), &stop) || stop.Cause != CauseAccount {
			t.Errorf("%+v, %v", c, got.Err())
		}
		if got.LookedUp() != (LookUps{Undecided: 2}) || len(f.asked) != 1 || l.count(state.InDoubt) != 2 {
			t.Errorf("%+v after %d look-ups", got.LookedUp(), len(f.asked))
		}
	})
}

// Two old doubts that say the same in the same place count for each other, also once one of them was found.
func TestQuestionsAlike(t *testing.T) {
	for _, recorded := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			l := newLedger()
			a, b, c := question("x", "a", time.Hour), question("x", "b", time.Hour), question("x", "c", time.Hour)
			for _, q := range []*Question{&a, &b, &c} {
				q.Content, q.Destination = state.Hash{Version: 1}, state.Hash{Version: 1}
			}
			c.Destination.Sum[0] = 1
			f := newFinder(newProvider(l), 0)
			lane := Lane{Account: "x", Provider: f, Settle: settle, Questions: doubted(l, a, b, c)}
			o := LookUpOptions{Ledger: l}
			want := []int{1, 1, 0}
			if !recorded {
				o.Ledger = nil
				want = []int{0, 1, 0} // nothing was said of the others: what was found is known
			}
			if _, err := LookUp(t.Context(), []Lane{lane}, o); err != nil {
				t.Fatal(err)
			}
			for i, q := range f.asked {
				if q.doubt.Alike != want[i] {
					t.Errorf("%s: %d alike, want %d", q.send, q.doubt.Alike, want[i])
				}
			}
		})
	}
}
