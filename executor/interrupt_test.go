package executor

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"herald/internal/addr"
	"herald/providers"
	"herald/state"
)

// drainAfter gives a channel that is closed after d.
func drainAfter(d time.Duration) <-chan struct{} {
	c := make(chan struct{})
	time.AfterFunc(d, func() { close(c) })
	return c
}

// The first interrupt: what is in flight is finished and recorded, nothing new begins.
func TestDrain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		l.latency = 5 * time.Millisecond
		steps := crowd("heyx", 100)
		p := newProvider(l, steps...)
		p.delay = func() time.Duration { return 10 * time.Second }
		begun := time.Now()
		got := mustRun(t, Options{Ledger: l, Drain: drainAfter(15 * time.Second)}, laneOf(p, steps...))
		sound(t, l, p)
		if got.Counts() != (Counts{Sent: 8, Unsent: 92}) || !got.Interrupted || got.Err() != nil {
			t.Errorf("%+v", got)
		}
		if took := time.Since(begun); took > 21*time.Second {
			t.Errorf("took %s", took)
		}
	})
}

func TestDrainBeforeTheRun(t *testing.T) {
	l := newLedger()
	steps := crowd("heyx", 3)
	p := newProvider(l, steps...)
	c := make(chan struct{})
	close(c)
	got := mustRun(t, Options{Ledger: l, Drain: c}, laneOf(p, steps...))
	if got.Counts() != (Counts{Unsent: 3}) || !got.Interrupted || len(l.intents) != 0 {
		t.Errorf("%+v with %d intents", got, len(l.intents))
	}
}

// Sends that wait for a slot, or for a paused group, are given up at once, and leave nothing behind.
func TestDrainWhileWaiting(t *testing.T) {
	for _, name := range []string{"slot", "pause", "line"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLedger()
				steps := crowd("heyx", 100)
				p := newProvider(l, steps...)
				lane := laneOf(p, steps...)
				want := Counts{Sent: 1, Unsent: 99}
				switch name {
				case "slot":
					lane.Limits.Requests, lane.Limits.Per = 4, 4*time.Hour
				case "line":
					lane.Limits.Requests, lane.Limits.Per = 1, time.Hour
				case "pause":
					p.script = func(addr.Send, int) providers.Outcome {
						o := throttled
						o.After = time.Hour
						return o
					}
					want = Counts{Unsent: 100}
				}
				begun := time.Now()
				got := mustRun(t, Options{Ledger: l, Drain: drainAfter(time.Minute)}, lane)
				sound(t, l, p)
				if got.Counts() != want || !got.Interrupted {
					t.Errorf("%+v", got)
				}
				if took := time.Since(begun); took != time.Minute {
					t.Errorf("took %s", took)
				}
			})
		})
	}
}

// An intent that became durable after the interrupt is withdrawn: its request never begins.
func TestDrainWithdrawsIntents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		l.latency = time.Second
		steps := crowd("heyx", 100)
		p := newProvider(l, steps...)
		got := mustRun(t, Options{Ledger: l, Drain: drainAfter(500 * time.Millisecond)}, laneOf(p, steps...))
		sound(t, l, p)
		if len(l.intents) != 4 || len(p.calls) != 0 || got.Counts() != (Counts{Unsent: 100}) {
			t.Errorf("%d intents, %d calls, %+v", len(l.intents), len(p.calls), got)
		}
	})
}

// So is an intent that went to the ledger with the outcome of another send; the outcome stays. A worker that ends while
// another one reads takes nothing ahead, so that not every time all four do.
func TestDrainWithdrawsIntentsOfTurns(t *testing.T) {
	most := 0
	for range 50 {
		synctest.Test(t, func(t *testing.T) {
			l := newLedger()
			l.latency = time.Second
			steps := crowd("heyx", 100)
			p := newProvider(l, steps...)
			got := mustRun(t, Options{Ledger: l, Drain: drainAfter(1500 * time.Millisecond)}, laneOf(p, steps...))
			sound(t, l, p)
			if len(l.intents) != 4+l.turns || len(p.calls) != 4 || got.Counts() != (Counts{Sent: 4, Unsent: 96}) {
				t.Errorf("%d intents, %d turns, %d calls, %+v", len(l.intents), l.turns, len(p.calls), got)
			}
			most = max(most, l.turns)
		})
	}
	if most != 4 {
		t.Errorf("at most %d of 4 workers took a step ahead", most)
	}
}

// The second interrupt: what was on the wire is in doubt, what never left goes back; both are recorded.
func TestCancel(t *testing.T) {
	for _, tt := range []struct {
		name    string
		dialing bool
		want    Counts
		state   state.State
	}{
		{"on the wire", false, Counts{InDoubt: 4, Unsent: 96}, state.InDoubt},
		{"connecting", true, Counts{Unsent: 100}, state.Untried},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLedger()
				l.latency = 5 * time.Millisecond
				steps := crowd("heyx", 100)
				p := newProvider(l, steps...)
				wait := func() time.Duration { return 20 * time.Second }
				if tt.dialing {
					p.dial = wait
				} else {
					p.delay = wait
				}
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(10*time.Second, cancel)
				lane := laneOf(p, steps...)
				lane.Limits.StopAfter = 1
				got, err := Run(ctx, []Lane{lane}, Options{Ledger: l, Drain: drainAfter(5 * time.Second)})
				sound(t, l, p)
				if err != nil || got.Counts() != tt.want || !got.Interrupted || got.Err() != nil {
					t.Errorf("%+v, %v, %v", got, err, got.Err())
				}
				if l.state(steps[0].Send) != tt.state {
					t.Errorf("the first is %s", l.state(steps[0].Send))
				}
			})
		})
	}
}

// timeout gives a context that ends after a while.
func timeout(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}
