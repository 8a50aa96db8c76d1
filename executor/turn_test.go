package executor

import (
	"testing"
	"testing/synctest"
	"time"

	"herald/internal/addr"
	"herald/planner"
	"herald/providers"
)

// An outcome and the next intent go to the ledger together when the next step may begin at once, and only then.
func TestTurns(t *testing.T) {
	people := chain(step("heyx", "s", "a", "p"), step("heyx", "s", "b", "p"), step("heyx", "s", "c", "p"))
	for _, tt := range []struct {
		name    string
		steps   []planner.Step
		answers providers.Outcome
		adjust  func(*Lane)
		turns   int
		took    time.Duration // a write of the ledger takes a second, an answer none
	}{
		{"nothing in the way", crowd("heyx", 10), accepted, func(*Lane) {}, 9, 11 * time.Second},
		{"also after a refusal", crowd("heyx", 10), refused, func(*Lane) {}, 9, 11 * time.Second},
		{"not when the limit is not", crowd("heyx", 3), accepted, func(l *Lane) {
			l.Limits.Requests, l.Limits.Per = 1, 10*time.Second
		}, 0, 22 * time.Second},
		{"not when the breaker broke", crowd("heyx", 10), unknown, func(l *Lane) { l.Limits.StopAfter = 1 }, 0, 2 * time.Second},
		{"not when the person's next waits", people, accepted, func(*Lane) {}, 0, 6 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLedger()
				l.latency = time.Second
				p := newProvider(l, tt.steps...)
				p.script = func(addr.Send, int) providers.Outcome { return tt.answers }
				lane := laneOf(p, tt.steps...)
				lane.Limits.Concurrency = 1
				tt.adjust(&lane)
				begun := time.Now()
				mustRun(t, Options{Ledger: l}, lane)
				sound(t, l, p)
				if l.turns != tt.turns || time.Since(begun) != tt.took {
					t.Errorf("%d turns in %s", l.turns, time.Since(begun))
				}
				if l.mostOpen["heyx"] != 1 {
					t.Errorf("%d intents were open at once", l.mostOpen["heyx"])
				}
			})
		})
	}
}

// An outcome does not wait while another worker reads a step.
func TestNoTurnWhileReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		steps := crowd("heyx", 3)
		p := newProvider(l, steps...)
		p.delay = func() time.Duration { return 10 * time.Second } // by then the other one is reading
		lane := laneOf(p, steps...)
		lane.Limits.Concurrency = 2
		slow := stepsOf(steps...)
		slow.takes = time.Hour
		lane.Steps = slow
		begun := time.Now()
		mustRun(t, Options{Ledger: l, Observe: func(e Event) {
			if d, ok := e.(Done); ok && d.Send == steps[0].Send && time.Since(begun) != time.Hour+10*time.Second {
				t.Errorf("%s was recorded after %s", d.Send, time.Since(begun))
			}
		}}, lane)
		sound(t, l, p)
	})
}
