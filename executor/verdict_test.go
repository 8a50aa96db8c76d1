package executor

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"herald/internal/addr"
	"herald/providers"
	"herald/state"
)

// What a look-up shows decides about the send, its person's next message and the lane. One send of five is in doubt, and
// its person has two more messages.
func TestLookUpDecides(t *testing.T) {
	lost := []providers.Outcome{unknown, unknown, unknown, unknown}
	for _, tt := range []struct {
		name    string
		answers []providers.Outcome // to the send that falls into doubt
		looks   []providers.Verdict // of it
		adjust  func(*Lane)
		want    Counts
		looked  LookUps
		state   state.State // of the send
		reason  string      // in the ledger, and of its Done when it is in doubt
		calls   int         // of the send
		asked   int
		took    time.Duration
		cause   Cause
	}{
		{name: "found", answers: []providers.Outcome{unknown}, looks: []providers.Verdict{found},
			want: Counts{Sent: 7}, looked: LookUps{Found: 1}, state: state.Sent, calls: 1, asked: 1, took: settle},
		{name: "found at once", answers: []providers.Outcome{broken}, looks: []providers.Verdict{found},
			want: Counts{Sent: 7}, looked: LookUps{Found: 1}, state: state.Sent, calls: 1, asked: 1},
		{name: "absent", answers: []providers.Outcome{unknown}, looks: []providers.Verdict{absent},
			want: Counts{Sent: 7}, looked: LookUps{Absent: 1}, state: state.Sent, calls: 2, asked: 1, took: settle},
		{name: "absent after a whole answer", answers: []providers.Outcome{broken}, looks: []providers.Verdict{absent}, // not believed at once
			want: Counts{Sent: 7}, looked: LookUps{Absent: 1}, state: state.Sent, calls: 2, asked: 2, took: settle},
		{name: "absent, then refused", answers: []providers.Outcome{unknown, refused}, looks: []providers.Verdict{absent},
			want: Counts{Sent: 4, Refused: 1, Blocked: 2}, looked: LookUps{Absent: 1}, state: state.Refused, reason: "no such person", calls: 2, asked: 1, took: settle},
		{name: "absent, then found", answers: []providers.Outcome{unknown, broken}, looks: []providers.Verdict{absent, found},
			want: Counts{Sent: 7}, looked: LookUps{Found: 1, Absent: 1}, state: state.Sent, calls: 2, asked: 2, took: settle},
		{name: "absent, then undecided", answers: []providers.Outcome{unknown, unknown}, looks: []providers.Verdict{absent, undecided},
			want: Counts{Sent: 4, InDoubt: 1, Blocked: 2}, looked: LookUps{Absent: 1, Undecided: 1}, state: state.InDoubt,
			reason: "bad gateway; looked up: a message has no mark", calls: 2, asked: 2, took: 2 * settle},
		{name: "absent for ever", answers: lost, looks: []providers.Verdict{absent},
			want: Counts{Sent: 4, Unsent: 3}, looked: LookUps{Absent: 3}, state: state.Untried, reason: "bad gateway", calls: 3, asked: 3, took: 3 * settle, cause: CauseLost},
		{name: "absent, not sent, absent", answers: []providers.Outcome{unknown, notSent, unknown}, looks: []providers.Verdict{absent},
			want: Counts{Sent: 4, Unsent: 3}, looked: LookUps{Absent: 2}, state: state.Untried, reason: "bad gateway", calls: 3, asked: 2, took: 2*settle + time.Second, cause: CauseLost},
		{name: "absent, then throttled", answers: []providers.Outcome{unknown, throttled, throttled, throttled, throttled}, looks: []providers.Verdict{absent},
			want: Counts{Sent: 7}, looked: LookUps{Absent: 1}, state: state.Sent, calls: 6, asked: 1, took: settle + 4*time.Second},
		{name: "undecided", answers: []providers.Outcome{unknown}, looks: []providers.Verdict{undecided},
			want: Counts{Sent: 4, InDoubt: 1, Blocked: 2}, looked: LookUps{Undecided: 1}, state: state.InDoubt,
			reason: "bad gateway; looked up: a message has no mark", calls: 1, asked: 1, took: settle},
		{name: "undecided without a reason", answers: []providers.Outcome{broken}, looks: []providers.Verdict{{}},
			want: Counts{Sent: 4, InDoubt: 1, Blocked: 2}, looked: LookUps{Undecided: 1}, state: state.InDoubt,
			reason: "it broke; looked up: the provider cannot tell", calls: 1, asked: 2, took: settle}, // at once, and when it is settled
		{name: "refused", answers: []providers.Outcome{unknown}, looks: []providers.Verdict{{Class: providers.Refused, Reason: "no such conversation"}},
			want: Counts{Sent: 4, InDoubt: 1, Blocked: 2}, looked: LookUps{Undecided: 1}, state: state.InDoubt,
			reason: "bad gateway; looked up: no such conversation", calls: 1, asked: 1, took: settle},
		{name: "throttled", answers: []providers.Outcome{unknown}, looks: []providers.Verdict{askLater, found},
			want: Counts{Sent: 7}, looked: LookUps{Found: 1}, state: state.Sent, calls: 1, asked: 2, took: settle + 20*time.Second},
		{name: "throttled for ever", answers: []providers.Outcome{unknown}, looks: []providers.Verdict{askLater},
			want: Counts{Sent: 4, InDoubt: 1, Blocked: 2}, looked: LookUps{Undecided: 1}, state: state.InDoubt,
			reason: "bad gateway; looked up: slow down", calls: 1, asked: 3, took: settle + 40*time.Second},
		{name: "no answer, then one", answers: []providers.Outcome{unknown}, looks: []providers.Verdict{askBroken, askFailed, absent},
			want: Counts{Sent: 7}, looked: LookUps{Absent: 1}, state: state.Sent, calls: 2, asked: 3, took: settle + 2*time.Second},
		{name: "no answer", answers: []providers.Outcome{unknown}, looks: []providers.Verdict{askBroken},
			want: Counts{Sent: 4, InDoubt: 1, Blocked: 2}, looked: LookUps{Undecided: 1}, state: state.InDoubt,
			reason: "bad gateway; looked up: it broke", calls: 1, asked: 3, took: settle + 2*time.Second},
		{name: "turned away", answers: []providers.Outcome{unknown}, looks: []providers.Verdict{askAway},
			want: Counts{Sent: 4, InDoubt: 1, Blocked: 2}, looked: LookUps{Undecided: 1}, state: state.InDoubt,
			reason: "bad gateway; looked up: bad agent token", calls: 1, asked: 1, took: settle},
		{name: "the lane broke, found", answers: []providers.Outcome{broken}, looks: []providers.Verdict{found}, adjust: func(l *Lane) { l.Limits.StopAfter = 1 },
			want: Counts{Sent: 1, Unsent: 6}, looked: LookUps{Found: 1}, state: state.Sent, calls: 1, asked: 1, cause: CauseUnknown},
		{name: "the lane broke, absent", answers: []providers.Outcome{unknown}, looks: []providers.Verdict{absent}, adjust: func(l *Lane) { l.Limits.StopAfter = 1 },
			want: Counts{Unsent: 7}, looked: LookUps{Absent: 1}, state: state.Untried, reason: "bad gateway", calls: 1, asked: 1, took: settle, cause: CauseUnknown},
		{name: "no Finder", answers: []providers.Outcome{unknown}, adjust: func(l *Lane) { l.Provider = l.Provider.(*fakeFinder).fakeProvider },
			want: Counts{Sent: 4, InDoubt: 1, Blocked: 2}, state: state.InDoubt, reason: "bad gateway", calls: 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				steps := chain(step("x", "s", "a", "ada"), step("x", "s", "b", "ada"), step("x", "s", "c", "ada"))
				of := steps[0].Send
				steps = append(steps, crowd("x", 4)...)
				for i := range steps[3:] {
					steps[3+i].Send.Sequence = "t"
					steps[3+i].Request.Path = steps[3+i].Send.String()
				}
				l := newLedger()
				lane, f := asking(l, steps...)
				f.script, f.answers = first(of, tt.answers...), in(tt.looks...)
				if tt.adjust != nil {
					tt.adjust(&lane)
				}
				ends, begun := map[addr.Send][]Done{}, time.Now()
				got := mustRun(t, Options{Ledger: l, Observe: func(e Event) {
					if d, ok := e.(Done); ok {
						ends[d.Send] = append(ends[d.Send], d)
					}
				}}, lane)
				sound(t, l, f.fakeProvider)
				if got.Counts() != tt.want || got.LookedUp() != tt.looked || got.Interrupted {
					t.Errorf("%+v, %+v, want %+v, %+v", got.Counts(), got.LookedUp(), tt.want, tt.looked)
				}
				if st := l.state(of); st != tt.state {
					t.Errorf("the send is %s, want %s", st, tt.state)
				}
				if r := l.results[of]; r.Reason != tt.reason {
					t.Errorf("reason %q, want %q", r.Reason, tt.reason)
				}
				byLookUp := tt.looked.Found > 0 || tt.state == state.Untried
				if by := l.results[of].By; byLookUp && by != state.LookUp || !byLookUp && by != "" {
					t.Errorf("decided by %q", by)
				}
				if f.calls[of] != tt.calls || len(f.asked) != tt.asked {
					t.Errorf("%d calls and %d look-ups, want %d and %d", f.calls[of], len(f.asked), tt.calls, tt.asked)
				}
				if took := time.Since(begun); took != tt.took {
					t.Errorf("took %s, want %s", took, tt.took)
				}
				for s, all := range ends {
					if len(all) != 1 {
						t.Errorf("%s ended %d times: %+v", s, len(all), all)
					}
				}
				if e := ends[of]; tt.state == state.InDoubt && (len(e) != 1 || e[0].Result != InDoubt || e[0].Reason != tt.reason) {
					t.Errorf("it ended as %+v", e)
				}
				if tt.state == state.Sent && tt.looked.Found > 0 && (l.results[of].ProviderID != "found" || ends[of][0].ID != "found" || l.results[of].Status != "progress") {
					t.Errorf("what was found is lost: %+v", l.results[of])
				}
				var cause Cause
				if stop := (*Stop)(nil); errors.As(got.Err(), &stop) {
					cause = stop.Cause
				}
				if cause != tt.cause {
					t.Errorf("stop %v, want %q", got.Err(), tt.cause)
				}
			})
		})
	}
}

// An unclear answer is on the disk before anything else happens, and says whether it was a whole one of the vendor's own.
func TestDoubtIsDurableAtOnce(t *testing.T) {
	for status, whole := range map[int]bool{0: false, 200: false, 408: false, 500: true, 501: true, 502: false, 503: false, 504: false, 520: false} {
		synctest.Test(t, func(t *testing.T) {
			steps := crowd("x", 1)
			l := newLedger()
			lane, f := asking(l, steps...)
			f.script = first(steps[0].Send, providers.Outcome{Class: providers.Unknown, HTTP: status, Reason: "?"})
			f.answers = func(s addr.Send, _ int) providers.Verdict {
				if r := l.results[s]; r.State != state.InDoubt || r.Answered != whole || r.Reason != "?" {
					t.Errorf("%d: at the look-up the ledger has %+v", status, r)
				}
				return undecided
			}
			begun := time.Now()
			mustRun(t, Options{Ledger: l}, lane)
			sound(t, l, f.fakeProvider)
			if r := l.results[steps[0].Send]; r.Answered != whole || !r.At.Equal(begun) {
				t.Errorf("%d: after it, %+v", status, r)
			}
			if at := f.asked[0].at.Sub(begun); at != settle && !whole || at != 0 && whole {
				t.Errorf("%d: asked after %s", status, at)
			}
		})
	}
}

// What the provider is told: the request as it was, the key and instant of the attempt, whether keys come back, and how
// many others look the same.
func TestDoubtIsWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		steps := crowd("x", 6)
		for i := range steps {
			steps[i].Content, steps[i].Destination = state.Hash{Version: 1, Sum: [16]byte{1}}, state.Hash{Version: 1, Sum: [16]byte{2}}
		}
		steps[5].Destination.Sum[0] = 9
		steps[0].Request.Body = []byte("hello")
		lane, f := asking(l, steps...)
		marked := accepted
		marked.Marked = true
		f.script = func(s addr.Send, call int) providers.Outcome {
			switch {
			case s == steps[0].Send || s == steps[1].Send:
				return unknown
			case s == steps[2].Send:
				return refused
			}
			return marked
		}
		mustRun(t, Options{Ledger: l}, lane)
		sound(t, l, f.fakeProvider)
		d := f.asked[0].doubt
		i := l.intents[0]
		if d.Request.Path != steps[0].Request.Path || string(d.Request.Body) != "hello" || d.Key != i.Key || !d.At.Equal(i.At) || !d.Settled || !d.Marked {
			t.Errorf("%+v for %+v", d, i)
		}
		if d.Alike != 3 { // two that were sent and one in doubt
			t.Errorf("%d alike", d.Alike)
		}
		if f.asked[1].doubt.Alike != 3 { // now all three were sent
			t.Errorf("%d alike the second", f.asked[1].doubt.Alike)
		}
	})
}

func TestMarked(t *testing.T) {
	for _, known := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			l := newLedger()
			steps := crowd("x", 2)
			lane, f := asking(l, steps...)
			lane.Marked = known
			f.script = first(steps[0].Send, broken)
			mustRun(t, Options{Ledger: l}, lane)
			if f.asked[0].doubt.Marked != known {
				t.Errorf("marked: %t, want %t", !known, known)
			}
		})
	}
}

// A message that was found may be that of another attempt which began while the vendor was asked: then it is asked again.
func TestOthersAlikeMeanwhile(t *testing.T) {
	for _, tt := range []struct {
		name   string
		others int // that begin during look-ups, one in each
		want   LookUps
		asked  int
	}{
		{"none", 0, LookUps{Found: 1}, 1},
		{"one", 1, LookUps{Found: 1}, 2},
		{"again and again", 9, LookUps{Undecided: 1}, 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLedger()
				steps := crowd("x", 1)
				steps[0].Content, steps[0].Destination = state.Hash{Version: 1}, state.Hash{Version: 1}
				lane, f := asking(l, steps...)
				f.script = first(steps[0].Send, broken)
				f.answers = func(_ addr.Send, look int) providers.Verdict {
					l.mu.Lock()
					defer l.mu.Unlock()
					if look <= tt.others {
						other := step("x", "s", "m", fmt.Sprint("other", look)).Send
						l.doubts[other] = state.Intent{Send: other, Content: steps[0].Content, Destination: steps[0].Destination}
					}
					return found
				}
				got := mustRun(t, Options{Ledger: l}, lane)
				if got.LookedUp() != tt.want || len(f.asked) != tt.asked {
					t.Errorf("%+v after %d look-ups", got.LookedUp(), len(f.asked))
				}
				for i, a := range f.asked {
					if a.doubt.Alike != min(i, tt.others) {
						t.Errorf("look-up %d: %d alike", i, a.doubt.Alike)
					}
				}
			})
		})
	}
}

// A send out of doubt may be tried in spite of it once; what its own attempts leave in doubt is like any other.
func TestOutOfDoubt(t *testing.T) {
	for _, tt := range []struct {
		name    string
		answers []providers.Outcome
		verdict providers.Verdict
		want    Counts
		intents int
	}{
		{"accepted", nil, found, Counts{Sent: 1}, 1},
		{"throttled", []providers.Outcome{throttled}, found, Counts{Sent: 1}, 2},
		{"not sent", []providers.Outcome{notSent}, found, Counts{Sent: 1}, 2},
		{"in doubt again, found", []providers.Outcome{unknown}, found, Counts{Sent: 1}, 1},
		{"in doubt again, absent", []providers.Outcome{unknown}, absent, Counts{Sent: 1}, 2},
		{"in doubt again", []providers.Outcome{unknown}, undecided, Counts{InDoubt: 1}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLedger()
				s := step("x", "s", "m", "ada")
				s.FromDoubt = true
				doubted(l, Question{Send: s.Send, Key: providers.NewKey(), At: time.Now().Add(-time.Hour)})
				lane, f := asking(l, s)
				f.script, f.answers = first(s.Send, tt.answers...), in(tt.verdict)
				got := mustRun(t, Options{Ledger: l}, lane)
				sound(t, l, f.fakeProvider)
				if got.Counts() != tt.want || len(l.intents) != tt.intents {
					t.Errorf("%+v with %d intents", got.Counts(), len(l.intents))
				}
				for n, i := range l.intents {
					if i.FromDoubt != (n == 0) {
						t.Errorf("intent %d: from doubt is %t", n+1, i.FromDoubt)
					}
				}
			})
		})
	}
}

func TestLookUpEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		steps := append(chain(step("x", "s", "a", "ada"), step("x", "s", "b", "ada")), step("x", "s", "a", "bob"), step("x", "s", "a", "eve"))
		lane, f := asking(l, steps...)
		f.script = func(s addr.Send, call int) providers.Outcome {
			if s.Name == "a" && call == 1 {
				return broken
			}
			return accepted
		}
		f.answers = func(s addr.Send, _ int) providers.Verdict {
			switch s.Key {
			case "ada":
				return undecided
			case "bob":
				return absent
			}
			return found
		}
		f.takes = time.Second
		var got []string
		mustRun(t, Options{Ledger: l, Observe: func(e Event) {
			switch e := e.(type) {
			case Started:
				got = append(got, fmt.Sprintf("started %s %d", e.Send, e.Attempt))
			case Done:
				got = append(got, fmt.Sprintf("done %s %s %q %d", e.Send, e.Result, e.Reason, e.HTTP))
			case Returned:
				got = append(got, fmt.Sprintf("returned %s %s %q", e.Send, e.Class, e.Reason))
			case LookedUp:
				got = append(got, fmt.Sprintf("looked up %s at %s: %s %q", e.Send, e.Account, e.Finding, e.Reason))
			}
		}}, lane)
		want := `started s.a["ada"] 1
started s.a["bob"] 1
started s.a["eve"] 1
looked up s.a["eve"] at x: found ""
done s.a["eve"] sent "" 500
looked up s.a["ada"] at x: undecided "a message has no mark"
done s.a["ada"] in_doubt "it broke; looked up: a message has no mark" 500
done s.b["ada"] blocked "blocked by s.a" 0
looked up s.a["bob"] at x: absent ""
returned s.a["bob"] unknown "it broke; looked up: the provider has not got it"
started s.a["bob"] 2
done s.a["bob"] sent "" 200`
		if s := strings.Join(got, "\n"); s != want {
			t.Errorf("events:\n%s\nwant:\n%s", s, want)
		}
	})
}

// The plan's file cannot be read again: the lane stops, and the send stays in doubt.
func TestLookUpOfUnreadableStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		steps := crowd("x", 2)
		lane, f := asking(l, steps...)
		lane.Steps.(*sliceSteps).lost = 0
		f.script = first(steps[0].Send, unknown)
		got := mustRun(t, Options{Ledger: l}, lane)
		sound(t, l, f.fakeProvider)
		if got.Counts() != (Counts{Sent: 1, InDoubt: 1}) || len(f.asked) != 0 || got.Err() == nil {
			t.Errorf("%+v, %v", got, got.Err())
		}
		if r := l.results[steps[0].Send].Reason; r != "bad gateway; not looked up: its step cannot be read again" {
			t.Errorf("reason %q", r)
		}
	})
}
