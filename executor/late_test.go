package executor

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"herald/internal/addr"
	"herald/planner"
	"herald/providers"
	"herald/state"
)

// until gives steps that must not begin any more after a while.
func until(after time.Duration, steps ...planner.Step) []planner.Step {
	for i := range steps {
		steps[i].NotAfter = time.Now().Add(after)
	}
	return steps
}

// No step begins once its time is over, whatever it waited for, and none waits for what cannot be any more.
func TestNotAfter(t *testing.T) {
	later := throttled
	later.After = time.Hour
	for _, tt := range []struct {
		name   string
		window time.Duration
		steps  int
		adjust func(*Lane, *fakeProvider)
		want   Counts
		took   time.Duration
	}{
		{"over before it begins", 0, 3, func(*Lane, *fakeProvider) {}, Counts{Late: 3}, 0},
		{"long enough", ms, 3, func(*Lane, *fakeProvider) {}, Counts{Sent: 3}, 0},
		{"a slow limit", 4500 * ms, 10, func(l *Lane, _ *fakeProvider) {
			l.Limits.Requests, l.Limits.Per, l.Limits.Concurrency = 1, time.Second, 1
		}, Counts{Sent: 5, Late: 5}, 4 * time.Second},
		{"a slow limit, on the very instant", 4 * time.Second, 10, func(l *Lane, _ *fakeProvider) {
			l.Limits.Requests, l.Limits.Per, l.Limits.Concurrency = 1, time.Second, 1
		}, Counts{Sent: 4, Late: 6}, 3 * time.Second},
		{"all tokens are taken", 4500 * ms, 5, func(l *Lane, p *fakeProvider) {
			l.Limits.Requests, l.Limits.Per = 1, time.Second
			p.dial = constant(5 * time.Second)
		}, Counts{Sent: 1, Late: 4}, 5 * time.Second},
		{"the person before is slow", 1500 * ms, 4, func(l *Lane, p *fakeProvider) {
			l.Limits.Concurrency = 1
			p.delay = constant(time.Second)
		}, Counts{Sent: 2, Late: 2}, 2 * time.Second},
		{"throttled for longer", 10 * time.Minute, 100, func(l *Lane, p *fakeProvider) {
			p.script = func(addr.Send, int) providers.Outcome { return later }
		}, Counts{Late: 100}, 0},
		{"throttled for less", 90 * time.Minute, 3, func(l *Lane, p *fakeProvider) {
			p.delay = constant(time.Second)
			p.script = func(_ addr.Send, call int) providers.Outcome {
				if call == 1 {
					return later
				}
				return accepted
			}
		}, Counts{Sent: 3}, time.Hour + 2*time.Second},
		{"never connected", 1200 * ms, 1, func(l *Lane, p *fakeProvider) {
			l.Retry = Retry{MaxAttempts: 10, MinBackoff: 500 * ms, MaxBackoff: 500 * ms}
			p.script = func(addr.Send, int) providers.Outcome { return notSent }
		}, Counts{Late: 1}, 1000 * ms},
		{"the intent takes longer", 2 * time.Second, 1, func(l *Lane, p *fakeProvider) {
			p.ledger.takes = constant(3 * time.Second)
		}, Counts{Late: 1}, 6 * time.Second},
		{"the intent goes with an outcome", 3500 * ms, 2, func(l *Lane, p *fakeProvider) {
			l.Limits.Concurrency = 1
			p.ledger.takes = constant(2 * time.Second)
		}, Counts{Sent: 1, Late: 1}, 6 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLedger()
				steps := until(tt.window, crowd("x", tt.steps)...)
				p := newProvider(l, steps...)
				lane := laneOf(p, steps...)
				tt.adjust(&lane, p)
				reasons := map[string]int{}
				begun := time.Now()
				got := mustRun(t, Options{Ledger: l, Observe: func(e Event) {
					if d, ok := e.(Done); ok && d.Result == Late {
						reasons[d.Reason]++
					}
				}}, lane)
				sound(t, l, p)
				if got.Counts() != tt.want || time.Since(begun) != tt.took || got.Err() != nil {
					t.Errorf("%+v after %s, want %+v after %s, %v", got.Counts(), time.Since(begun), tt.want, tt.took, got.Err())
				}
				if reasons["its time is over"] != tt.want.Late {
					t.Errorf("reasons %v", reasons)
				}
				if n := l.count(state.Sent); n != tt.want.Sent {
					t.Errorf("the ledger has %d sent", n)
				}
			})
		})
	}
}

// Who needs a late step is late too, also on another lane; who needs a refused one stays blocked.
func TestLateChains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		ada := chain(step("x", "s", "a", "ada"), step("y", "s", "b", "ada"), step("x", "s", "c", "ada"))
		until(0, ada[:1]...)
		bob := chain(step("x", "s", "a", "bob"), step("y", "s", "b", "bob"), step("x", "s", "c", "bob"))
		bob[1].NotAfter = time.Now().Add(500 * ms)
		eve := chain(step("x", "s", "a", "eve"), step("y", "s", "b", "eve"))
		all := slices.Concat(ada, bob, eve)
		p := newProvider(l, all...)
		p.delay = constant(time.Second)
		p.script = func(s addr.Send, _ int) providers.Outcome {
			if s.Key == "eve" {
				return refused
			}
			return accepted
		}
		var told []string
		got := mustRun(t, Options{Ledger: l, Observe: func(e Event) {
			if d, ok := e.(Done); ok && d.Result != Sent && d.Result != Refused {
				told = append(told, fmt.Sprintf("%s %s: %s", d.Send, d.Result, d.Reason))
			}
		}}, split(p, 2, all)...)
		sound(t, l, p)
		slices.Sort(told)
		want := []string{
			`s.a["ada"] late: its time is over`,
			`s.b["ada"] late: it comes after s.a, whose time is over`,
			`s.b["bob"] late: its time is over`,
			`s.b["eve"] blocked: blocked by s.a`,
			`s.c["ada"] late: it comes after s.b, whose time is over`,
			`s.c["bob"] late: it comes after s.b, whose time is over`,
		}
		if !slices.Equal(told, want) || got.Counts() != (Counts{Sent: 1, Refused: 1, Late: 5, Blocked: 1}) {
			t.Errorf("%+v\n%q", got.Counts(), told)
		}
	})
}

// A send whose look-up found nothing is not tried again after its time; what it left is no doubt.
func TestLateAfterLookUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		steps := until(settle, chain(step("x", "s", "a", "ada"), step("x", "s", "b", "ada"))...)
		lane, f := asking(l, steps...)
		f.script, f.answers = first(steps[0].Send, unknown), in(absent)
		got := mustRun(t, Options{Ledger: l}, lane)
		sound(t, l, f.fakeProvider)
		if got.Counts() != (Counts{Late: 2}) || l.state(steps[0].Send) != state.Untried || f.calls[steps[0].Send] != 1 {
			t.Errorf("%+v, %d calls, %s", got.Counts(), f.calls[steps[0].Send], l.state(steps[0].Send))
		}
	})
}

// The time of a step is by the run's clock, and one lane's late steps leave others alone.
func TestNotAfterByTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		steps := until(year+1500*ms, crowd("x", 5)...)
		p := newProvider(l, steps...)
		p.shift = year
		lane := laneOf(p, steps...)
		lane.Limits = Limits{Requests: 1, Per: time.Second}
		other := []planner.Step{step("y", "s", "b", "ada"), step("y", "s", "b", "bob")}
		got := mustRun(t, Options{Ledger: l, Clock: shifted(year)}, lane, laneOf(newProvider(l, other...), other...))
		sound(t, l, p)
		if got.Lanes[0].Counts != (Counts{Sent: 2, Late: 3}) || got.Lanes[1].Counts != (Counts{Sent: 2}) {
			t.Errorf("%+v", got.Lanes)
		}
	})
}
