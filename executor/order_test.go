package executor

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"herald/internal/addr"
	"herald/planner"
	"herald/providers"
	"herald/state"
)

// split puts steps into lanes by their account, in the order given.
func split(p providers.Provider, concurrency int, steps []planner.Step) []Lane {
	var lanes []Lane
	byAccount := map[string][]planner.Step{}
	var names []string
	for _, s := range steps {
		if byAccount[s.Account] == nil {
			names = append(names, s.Account)
		}
		byAccount[s.Account] = append(byAccount[s.Account], s)
	}
	for _, n := range names {
		l := laneOf(p, byAccount[n]...)
		l.Limits.Concurrency = concurrency
		lanes = append(lanes, l)
	}
	return lanes
}

func TestOnePersonInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		var steps []planner.Step
		for i := range 20 {
			k := fmt.Sprint("p", i)
			steps = append(steps, chain(step("heyx", "s", "a", k), step("heyx", "s", "b", k), step("heyx", "s", "c", k))...)
		}
		p := newProvider(l, steps...)
		p.delay = func() time.Duration { return time.Second }
		begun := time.Now()
		got := mustRun(t, Options{Ledger: l}, split(p, 4, steps)...)
		sound(t, l, p) // the provider checks the order
		if got.Counts() != (Counts{Sent: 60}) {
			t.Errorf("%+v", got)
		}
		if took := time.Since(begun); took != 15*time.Second {
			t.Errorf("took %s: people must not wait for each other", took)
		}
	})
}

// A message that does not end as sent holds the rest of its person, and nobody else.
func TestBlocked(t *testing.T) {
	for _, answer := range []providers.Outcome{refused, unknown} {
		for _, other := range []string{"heyx", "chatwoot"} {
			t.Run(fmt.Sprint(answer.Class, " ", other), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					l := newLedger()
					var steps []planner.Step
					for _, k := range []string{"ada", "bob", "eve"} {
						steps = append(steps, chain(step("heyx", "s", "a", k), step(other, "s", "b", k), step("heyx", "s", "c", k))...)
					}
					p := newProvider(l, steps...)
					p.script = func(s addr.Send, _ int) providers.Outcome {
						if s.Key == "bob" && s.Name == "a" {
							return answer
						}
						return accepted
					}
					var blocked []string
					got := mustRun(t, Options{Ledger: l, Observe: func(e Event) {
						if d, ok := e.(Done); ok && d.Result == Blocked {
							blocked = append(blocked, d.Send.String()+" "+d.Reason)
						}
					}}, split(p, 1, steps)...)
					sound(t, l, p)
					c := got.Counts()
					if c.Sent != 6 || c.Refused+c.InDoubt != 1 || c.Blocked != 2 || c.Unsent != 0 {
						t.Errorf("%+v", got)
					}
					if want := `[s.b["bob"] blocked by s.a s.c["bob"] blocked by s.b]`; fmt.Sprint(blocked) != want {
						t.Errorf("%v, want %s", blocked, want)
					}
				})
			})
		}
	}
}

// Two lanes of one worker each that need each other, person by person, both ways.
func TestLanesNeedEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		var steps []planner.Step
		for i := range 50 {
			k := fmt.Sprint("p", i)
			x, y := "x", "y"
			if i%2 == 1 {
				x, y = y, x
			}
			steps = append(steps, chain(step(x, "s", "a", k), step(y, "s", "b", k), step(x, "s", "c", k), step(y, "s", "d", k))...)
		}
		p := newProvider(l, steps...)
		p.delay = func() time.Duration { return 10 * time.Millisecond }
		got := mustRun(t, Options{Ledger: l}, split(p, 1, steps)...)
		sound(t, l, p)
		if got.Counts() != (Counts{Sent: 200}) {
			t.Errorf("%+v", got)
		}
	})
}

// A lane that stops blocks what other lanes hold for it, and they end.
func TestStoppedLaneBlocksOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		var steps []planner.Step
		for i := range 50 {
			k := fmt.Sprint("p", i)
			steps = append(steps, chain(step("x", "s", "a", k), step("y", "s", "b", k))...)
		}
		p := newProvider(l, steps...)
		p.script = func(s addr.Send, _ int) providers.Outcome {
			if s.Key == "p20" {
				return accountError
			}
			return accepted
		}
		got := mustRun(t, Options{Ledger: l}, split(p, 1, steps)...)
		sound(t, l, p)
		if got.Lanes[0].Counts != (Counts{Sent: 20, Unsent: 30}) || got.Lanes[1].Counts != (Counts{Sent: 20, Blocked: 30}) {
			t.Errorf("%+v", got)
		}
		if got.Lanes[0].Stop == nil || got.Lanes[1].Stop != nil {
			t.Errorf("stops: %v, %v", got.Lanes[0].Stop, got.Lanes[1].Stop)
		}
	})
}

// A fast lane reads on past people whose first message is slow on another lane, and those who need nothing go at once.
func TestWaitingHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		var steps []planner.Step
		for i := range 100 {
			k := fmt.Sprint("p", i)
			steps = append(steps, chain(step("slow", "s", "a", k), step("fast", "s", "b", k))...)
			steps = append(steps, step("fast", "news", "m", k))
		}
		p := newProvider(l, steps...)
		lanes := split(p, 1, steps)
		lanes[0].Limits.Requests, lanes[0].Limits.Per = 1, time.Minute
		begun := time.Now()
		var news time.Duration
		got := mustRun(t, Options{Ledger: l, Observe: func(e Event) {
			if d, ok := e.(Done); ok && d.Send.Sequence == "news" {
				news = time.Since(begun)
			}
		}}, lanes...)
		sound(t, l, p)
		if got.Counts() != (Counts{Sent: 300}) || news != 0 {
			t.Errorf("%+v; the independent ones ended after %s", got, news)
		}
	})
}

// What waits for a stopped lane is blocked when that lane ends, not when the run does.
func TestBlockedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		steps := append(chain(step("x", "s", "a", "ada"), step("y", "s", "b", "ada")),
			chain(step("x", "s", "a", "bob"), step("y", "s", "b", "bob"))...)
		steps = append(steps, step("z", "s", "a", "eve"))
		p := newProvider(l, steps...)
		p.script = func(s addr.Send, _ int) providers.Outcome {
			if s.Key == "ada" {
				return accountError
			}
			return accepted
		}
		p.delay = func() time.Duration { return time.Hour }
		lanes := split(p, 1, steps)
		quick := newProvider(l, steps...)
		quick.script, quick.delay = p.script, constant(time.Second)
		lanes[0].Provider = quick
		begun := time.Now()
		ended := map[string]time.Duration{}
		mustRun(t, Options{Ledger: l, Observe: func(e Event) {
			if e, ok := e.(LaneDone); ok {
				ended[e.Account] = time.Since(begun)
			}
		}}, lanes...)
		if ended["x"] != time.Second || ended["y"] != time.Second || ended["z"] != time.Hour {
			t.Errorf("ended after %v", ended)
		}
	})
}

// While one worker reads the others send: slow reading does not leave them idle.
func TestSlowReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		steps := crowd("heyx", 100)
		p := newProvider(l, steps...)
		p.delay = func() time.Duration { return 100 * ms }
		lane := laneOf(p, steps...)
		lane.Limits.Concurrency = 8
		lane.Steps.(*sliceSteps).takes = 10 * ms
		begun := time.Now()
		mustRun(t, Options{Ledger: l}, lane)
		if took := time.Since(begun); p.most != 8 || took > 1500*ms {
			t.Errorf("%d in flight, took %s", p.most, took)
		}
	})
}

// Plans that make no sense end all the same, and nobody is sent to out of order.
func TestSenselessNeeds(t *testing.T) {
	need := func(s planner.Step, msg, account string) planner.Step {
		s.Needs, s.Leads = planner.Need{Message: msg, Account: account}, true
		return s
	}
	for _, tt := range []struct {
		name  string
		steps []planner.Step
		want  Counts
	}{
		{"itself", []planner.Step{need(step("x", "s", "a", "k"), "a", "x")}, Counts{Blocked: 1}},
		{"a circle", []planner.Step{need(step("x", "s", "a", "k"), "b", "y"), need(step("y", "s", "b", "k"), "a", "x")}, Counts{Blocked: 2}},
		{"a lane that is not there", []planner.Step{need(step("x", "s", "b", "k"), "a", "z")}, Counts{Blocked: 1}},
		{"a step that is not there", []planner.Step{step("y", "s", "a", "other"), need(step("x", "s", "b", "k"), "a", "y")}, Counts{Sent: 1, Blocked: 1}},
		{"a step not in its own lane", []planner.Step{step("x", "s", "a", "other"), need(step("x", "s", "b", "k"), "a", "x")}, Counts{Sent: 1, Blocked: 1}},
		{"two that need one", []planner.Step{
			need(step("x", "s", "b", "k"), "a", "x"), need(step("x", "s", "c", "k"), "a", "x"),
			{Send: step("x", "s", "a", "k").Send, Account: "x", Leads: true, Request: step("x", "s", "a", "k").Request},
		}, Counts{Sent: 2, Blocked: 1}},
	} {
		for _, workers := range []int{1, 3} {
			t.Run(fmt.Sprint(tt.name, " ", workers), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					l := newLedger()
					p := newProvider(l, tt.steps...)
					got := mustRun(t, Options{Ledger: l}, split(p, workers, tt.steps)...)
					sound(t, l, p)
					if got.Counts() != tt.want {
						t.Errorf("%+v, want %+v", got.Counts(), tt.want)
					}
				})
			})
		}
	}
}

// Memory: a chain leaves no entry behind once both sides came.
func TestLinksAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		var steps []planner.Step
		for i := range 200 {
			k := fmt.Sprint("p", i)
			steps = append(steps, chain(step("x", "s", "a", k), step("x", "s", "b", k), step("x", "s", "c", k))...)
		}
		p := newProvider(l, steps...)
		p.delay = func() time.Duration { return time.Second }
		lane := laneOf(p, steps...)
		lane.Limits.Concurrency = 5
		r := &run{ctx: t.Context(), last: t.Context(), ledger: l, events: newSink(nil), halt: func(error) {}}
		running := r.open(t.Context(), []Lane{lane})
		most := 0
		p.script = func(addr.Send, int) providers.Outcome {
			r.order.mu.Lock()
			most = max(most, len(r.order.links))
			r.order.mu.Unlock()
			return accepted
		}
		if err := running[0].carry(); err != nil {
			t.Fatal(err)
		}
		sound(t, l, p)
		if len(r.order.links) != 0 || l.count(state.Sent) != 600 {
			t.Errorf("%d links left, %d sent", len(r.order.links), l.count(state.Sent))
		}
		if most > 2*5 {
			t.Errorf("%d links at once: it read too far ahead", most)
		}
	})
}
