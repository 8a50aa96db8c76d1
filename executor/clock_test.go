package executor

import (
	"testing"
	"testing/synctest"
	"time"

	"herald/internal/addr"
	"herald/providers"
	"herald/state"
)

const year = 365 * 24 * time.Hour

// shifted is a clock that is ahead of the machine's.
func shifted(by time.Duration) func() time.Time {
	return func() time.Time { return time.Now().Add(by) }
}

// The ledger is told the clock's time; what is waited for is waited for by the machine's.
func TestClock(t *testing.T) {
	for _, shift := range []time.Duration{year, -year, 0} {
		synctest.Test(t, func(t *testing.T) {
			l := newLedger()
			steps := crowd("x", 10)
			lane, f := asking(l, steps...)
			f.shift = shift
			lane.Limits.Requests, lane.Limits.Per = 1, time.Second
			lane.LastIntent = time.Now() // so the first begins a window later, and a little
			f.script = first(steps[3].Send, unknown)
			f.delay = constant(300 * ms)
			begun := time.Now()
			got := mustRun(t, Options{Ledger: l, Clock: shifted(shift)}, lane)
			sound(t, l, f.fakeProvider)
			if got.Counts() != (Counts{Sent: 10}) || time.Since(begun) > 20*time.Second {
				t.Errorf("%+v after %s", got.Counts(), time.Since(begun))
			}
			for i, intent := range l.intents {
				if want := begun.Add(time.Second + holdFor + time.Duration(i)*time.Second + shift); !intent.At.Equal(want) {
					t.Errorf("intent %d is at %s, want %s", i, intent.At, want)
				}
				r := l.results[intent.Send]
				if want := intent.At.Add(300 * ms); r.By == "" && !r.At.Equal(want) {
					t.Errorf("outcome %d is at %s, want %s", i, r.At, want)
				}
			}
			if a := f.asked[0]; !a.at.Add(shift).Equal(a.doubt.At.Add(settle)) {
				t.Errorf("asked at %s about an attempt at %s", a.at, a.doubt.At)
			}
			if asked := l.asks[0]; asked.Sub(f.asked[0].at) < shift || asked.Sub(f.asked[0].at) > shift+2*time.Second {
				t.Errorf("the ledger was told that it was asked at %s", asked)
			}
			if r := l.results[f.asked[0].send]; r.By != state.LookUp || time.Now().Add(shift).Sub(r.At) > 10*time.Second {
				t.Errorf("what was found is of %s", r.At)
			}
		})
	}
}

// How long ago an old attempt was is counted by the clock that has stamped it.
func TestClockOfQuestions(t *testing.T) {
	for _, shift := range []time.Duration{year, -year} {
		synctest.Test(t, func(t *testing.T) {
			l := newLedger()
			lane, f := asking(l, crowd("x", 1)...)
			q := question("x", "old", 4*time.Second-shift)
			lane.Questions = doubted(l, q)
			f.shift = shift
			begun := time.Now()
			early, err := LookUp(t.Context(), []Lane{lane}, LookUpOptions{Clock: shifted(shift)})
			if want := "too early to ask: for another 6s what was accepted may not be visible yet"; err != nil || early.Lanes[0].Answers[0].Reason != want {
				t.Errorf("%+v, %v", early.Lanes[0].Answers, err)
			}
			mustRun(t, Options{Ledger: l, Clock: shifted(shift)}, lane)
			sound(t, l, f.fakeProvider)
			if took := f.asked[0].at.Sub(begun); took != 6*time.Second || l.state(q.Send) != state.Sent {
				t.Errorf("asked after %s, and it is %s", took, l.state(q.Send))
			}
		})
	}
}

// What a whole answer left in doubt is asked about at once, whatever the clock says.
func TestClockAfterAWholeAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		steps := crowd("x", 1)
		lane, f := asking(l, steps...)
		f.shift, f.script = year, first(steps[0].Send, broken)
		begun := time.Now()
		got := mustRun(t, Options{Ledger: l, Clock: shifted(year)}, lane)
		sound(t, l, f.fakeProvider)
		if got.Counts() != (Counts{Sent: 1}) || time.Since(begun) > 0 {
			t.Errorf("%+v after %s", got.Counts(), time.Since(begun))
		}
	})
}

// Nobody is let in again by a clock that stands still.
func TestClockThatStands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		steps := crowd("x", 3)
		p := newProvider(l, steps...)
		p.script = func(_ addr.Send, call int) providers.Outcome {
			if call == 1 {
				return throttled
			}
			return accepted
		}
		at := time.Now().Add(year)
		got := mustRun(t, Options{Ledger: l, Clock: func() time.Time { return at }}, laneOf(p, steps...))
		sound(t, l, p)
		if got.Counts() != (Counts{Sent: 3}) {
			t.Errorf("%+v", got.Counts())
		}
	})
}
