package executor

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"herald/internal/addr"
	"herald/providers"
)

// Throttling makes the whole group wait as long as the provider says, with no intent open meanwhile; then requests are
// spread again.
func TestPause(t *testing.T) {
	for _, requests := range []int{0, 25} {
		t.Run(fmt.Sprint(requests), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLedger()
				l.latency = 5 * ms
				a, b := crowd("a", 100), crowd("b", 100)
				for i := range b {
					b[i].Send.Sequence = "b"
					b[i].Request.Path = b[i].Send.String()
				}
				p := newProvider(l)
				begun := time.Now()
				p.delay = constant(20 * ms)
				var until time.Time
				p.script = func(addr.Send, int) providers.Outcome {
					if time.Since(begun) > 500*ms && until.IsZero() || requests == 0 && time.Since(begun) < 20*ms {
						until = time.Now().Add(20*ms + 40*time.Second)
						o := throttled
						o.After = 40 * time.Second
						return o
					}
					return accepted
				}
				lanes := []Lane{laneOf(p, a...), laneOf(p, b...)}
				for i := range lanes {
					lanes[i].Group = "g"
					lanes[i].Limits = Limits{Requests: requests, Per: time.Second, Jitter: 10 * ms, Concurrency: 8}
				}
				time.AfterFunc(20*time.Second, func() {
					l.mu.Lock()
					defer l.mu.Unlock()
					if len(l.open) > 0 {
						t.Errorf("%d intents are open in the pause", len(l.open))
					}
				})
				got := mustRun(t, Options{Ledger: l}, lanes...)
				sound(t, l, p)
				if got.Counts() != (Counts{Sent: 200}) {
					t.Fatalf("%+v", got)
				}
				after := slices.DeleteFunc(slices.Clone(p.arrived), func(at time.Time) bool { return at.Before(until) })
				for _, at := range p.arrived {
					if at.After(until.Add(-40*time.Second)) && at.Before(until) {
						t.Errorf("a request began %s before the pause ended", until.Sub(at))
					}
				}
				if first := after[0].Sub(until); first != 0 {
					t.Errorf("the first request comes %s after the pause", first)
				}
				calls := 0
				for _, n := range p.calls {
					calls += n
				}
				if n := len(l.intents) - calls; requests > 0 && n > 1 {
					t.Errorf("%d intents were made for nothing", n)
				}
				if requests > 0 {
					if n := worstWindow(after[:20], 200*ms); n > 5 {
						t.Errorf("%d requests within 200 ms of the pause's end", n)
					}
					if worst := worstWindow(p.arrived, 1010*ms); worst > requests {
						t.Errorf("%d requests in one window", worst)
					}
				}
			})
		})
	}
}

// An intent that becomes durable after the group was paused is withdrawn, durably, and made again after the pause; a
// short pause is waited for.
func TestPauseWithdraws(t *testing.T) {
	for _, tt := range []struct {
		after   time.Duration
		intents int
	}{
		{200 * ms, 3}, {time.Minute, 4},
	} {
		synctest.Test(t, func(t *testing.T) {
			l := newLedger()
			commits := 0 // the first two are the intents
			l.takes = func() time.Duration {
				if commits++; commits == 2 {
					return 100 * ms
				}
				return 0
			}
			steps := crowd("a", 2)
			p := newProvider(l, steps...)
			p.delay = constant(10 * ms)
			p.script = func(s addr.Send, _ int) providers.Outcome {
				if len(p.calls) == 1 && p.calls[s] == 1 {
					o := throttled
					o.After = tt.after
					return o
				}
				return accepted
			}
			lane := laneOf(p, steps...)
			lane.Limits.Concurrency = 2
			begun := time.Now()
			got := mustRun(t, Options{Ledger: l}, lane)
			sound(t, l, p)
			if got.Counts() != (Counts{Sent: 2}) || len(l.intents) != tt.intents {
				t.Errorf("%s: %+v with %d intents, want %d", tt.after, got.Counts(), len(l.intents), tt.intents)
			}
			for i, at := range p.arrived[1:] {
				if at.Sub(begun) < tt.after {
					t.Errorf("%s: request %d begins after %s", tt.after, i+1, at.Sub(begun))
				}
			}
		})
	}
}

// Requests in flight together raise the back-off once; an accepted one lets it begin anew.
func TestBackoffRises(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := Retry{MinBackoff: time.Second, MaxBackoff: 8 * time.Second}
		l := newLimiter(0, 0, 0, time.Time{})
		reserve := func() *slot {
			s, err := l.reserve(t.Context(), constant(0), never)
			if err != nil || !l.start(t.Context(), s) {
				t.Fatal("no slot")
			}
			return s
		}
		for round := range 3 {
			for wave, bound := range []time.Duration{2, 4, 8, 8, 8} {
				together := []*slot{reserve(), reserve(), reserve()}
				now := time.Now()
				until, longer := l.throttled(together[0], 0, r)
				if d := until.Sub(now); !longer || d < time.Second || d > bound*time.Second {
					t.Fatalf("round %d, wave %d: waits %s", round, wave, d)
				}
				for _, s := range together[1:] {
					if again, longer := l.throttled(s, 0, r); longer || again != until {
						t.Fatalf("round %d, wave %d: one of the same wave made it longer", round, wave)
					}
				}
				l.finish(together[1], true) // accepted before the pause: says nothing
			}
			l.finish(reserve(), true)
		}
	})
}

func TestBackoffBounds(t *testing.T) {
	for range 1000 {
		for rise, want := range map[int]time.Duration{0: 1000, 1: 2000, 5: 32000, 7: 60000, 500: 60000} {
			if d := backoff(patient(), rise); d < 500*ms || d > want*ms {
				t.Fatalf("rise %d: %s", rise, d)
			}
		}
		if d := backoff(Retry{}, 0); d != defaultBackoff {
			t.Fatalf("without bounds: %s", d)
		}
		if d := backoff(Retry{MinBackoff: time.Second, MaxBackoff: ms}, 9); d != time.Second {
			t.Fatalf("bounds the wrong way round: %s", d)
		}
	}
}

// A wait of centuries is a long wait, never none.
func TestAbsurdRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(25, time.Second, 0, time.Time{})
		s, _ := l.reserve(t.Context(), constant(0), never)
		l.start(t.Context(), s)
		if until, longer := l.throttled(s, 1<<63-1, patient()); !longer || time.Until(until) < 300*24*time.Hour {
			t.Errorf("waits until %s", until)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 24*time.Hour)
		defer cancel()
		if _, err := l.reserve(ctx, constant(0), never); err == nil {
			t.Error("a slot within the wait")
		}
	})
}
