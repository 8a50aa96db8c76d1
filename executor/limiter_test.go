package executor

import (
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

const ms = time.Millisecond

func constant(d time.Duration) func() time.Duration { return func() time.Duration { return d } }

func between(a, b time.Duration) func() time.Duration {
	return func() time.Duration { return a + rand.N(b-a) }
}

// Whatever the latencies, the server never sees more than is allowed in any window, and sees nearly all that is.
func TestLimit(t *testing.T) {
	for _, tt := range []struct {
		name   string
		limits Limits
		delay  func() time.Duration
		told   time.Duration
		takes  func() time.Duration
		dial   func() time.Duration
		travel func() time.Duration
		n      int
		share  float64 // of Requests per Per, at least
	}{
		{name: "1 ms", limits: Limits{Requests: 25, Per: time.Second, Jitter: 10 * ms, Concurrency: 16}, delay: constant(ms), told: 2 * ms, n: 500, share: 0.98},
		{name: "10 ms", limits: Limits{Requests: 25, Per: time.Second, Jitter: 10 * ms, Concurrency: 16}, delay: constant(10 * ms), told: 5 * ms, n: 500, share: 0.98},
		{name: "200 ms", limits: Limits{Requests: 25, Per: time.Second, Jitter: 10 * ms, Concurrency: 16}, delay: constant(200 * ms), told: 5 * ms, n: 500, share: 0.98},
		{name: "uneven", limits: Limits{Requests: 25, Per: time.Second, Jitter: 10 * ms, Concurrency: 16}, delay: between(0, 400*ms), told: 4 * ms, takes: between(0, 10*ms), dial: between(0, ms), travel: between(20*ms, 29*ms), n: 1000, share: 0.98},
		{name: "uneven ledger", limits: Limits{Requests: 25, Per: time.Second, Jitter: 10 * ms, Concurrency: 16}, delay: constant(20 * ms), told: 9 * ms, takes: between(0, 24*ms), n: 1000, share: 0.98},
		{name: "slow connections", limits: Limits{Requests: 25, Per: time.Second, Jitter: 10 * ms, Concurrency: 64}, delay: constant(200 * ms), told: 4 * ms, dial: between(0, 900*ms), n: 1000, share: 0.5},
		{name: "very slow connections", limits: Limits{Requests: 5, Per: time.Second, Jitter: 10 * ms, Concurrency: 64}, delay: constant(200 * ms), told: 4 * ms, dial: between(0, 5*time.Second), n: 200, share: 0.2},
		{name: "one by one", limits: Limits{Requests: 1, Per: 10 * time.Second, Jitter: 10 * ms, Concurrency: 16}, delay: constant(ms), told: 5 * ms, n: 50, share: 0.98},
		{name: "one by one, slow answers", limits: Limits{Requests: 1, Per: time.Second, Jitter: 10 * ms, Concurrency: 16}, delay: constant(12 * time.Second), dial: constant(0), told: 5 * ms, n: 50, share: 0.98},
		{name: "many", limits: Limits{Requests: 3000, Per: time.Minute, Jitter: 10 * ms, Concurrency: 64}, delay: between(0, 500*ms), told: 5 * ms, n: 9000, share: 0.98},
		{name: "no jitter", limits: Limits{Requests: 40, Per: time.Second, Concurrency: 16}, delay: constant(ms), told: 5 * ms, n: 500, share: 0.98},
		{name: "one worker", limits: Limits{Requests: 10, Per: time.Second, Jitter: 10 * ms, Concurrency: 1}, delay: constant(50 * ms), told: 5 * ms, n: 100, share: 0.98},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLedger()
				l.latency, l.takes = tt.told, tt.takes
				steps := crowd("heyx", tt.n)
				p := newProvider(l, steps...)
				p.delay, p.dial, p.travel = tt.delay, tt.dial, tt.travel
				lane := laneOf(p, steps...)
				lane.Limits = tt.limits
				got := mustRun(t, Options{Ledger: l}, lane)
				sound(t, l, p)
				if got.Counts() != (Counts{Sent: tt.n}) {
					t.Fatalf("%+v", got)
				}
				at := p.arrived
				slices.SortFunc(at, time.Time.Compare)
				if worst := worstWindow(at, tt.limits.Per); worst > tt.limits.Requests {
					t.Errorf("%d requests within %s, allowed are %d", worst, tt.limits.Per, tt.limits.Requests)
				}
				took := at[len(at)-1].Sub(at[0])
				used := float64(tt.n-1) / took.Seconds() / (float64(tt.limits.Requests) / tt.limits.Per.Seconds())
				t.Logf("%.2f %% of the allowed rate", 100*used)
				if used < tt.share {
					t.Errorf("%.2f %% of the allowed rate is used", 100*used)
				}
			})
		})
	}
}

// Requests are spread evenly, also the first ones, and each intent is recorded just before its request begins.
func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		l.latency = 7 * ms
		steps := crowd("heyx", 60)
		p := newProvider(l, steps...)
		lane := laneOf(p, steps...)
		lane.Limits = Limits{Requests: 20, Per: time.Second, Concurrency: 16}
		mustRun(t, Options{Ledger: l}, lane)
		sound(t, l, p)
		// The first request cannot begin before its intent is durable; then the pacer's own instants follow.
		for i := 1; i < len(p.arrived); i++ {
			if gap := p.arrived[i].Sub(p.arrived[i-1]); gap < 43*ms || gap > 57*ms {
				t.Errorf("request %d comes %s after the one before it", i, gap)
			}
		}
		for i, at := range p.arrived {
			if planned := l.intents[i].At; at.Before(planned) || at.Sub(planned) > 7*ms {
				t.Errorf("request %d was planned for %s and began %s later", i, planned, at.Sub(planned))
			}
		}
	})
}

func TestLastIntent(t *testing.T) {
	for _, tt := range []struct {
		ago, want time.Duration
	}{
		{0, 1010*ms + holdFor},
		{time.Second, 10*ms + holdFor},
		{time.Hour, 0},
		{-time.Hour, 1010*ms + holdFor}, // the clock was set back
	} {
		synctest.Test(t, func(t *testing.T) {
			l := newLedger()
			steps := crowd("heyx", 10)
			p := newProvider(l, steps...)
			lane := laneOf(p, steps...)
			lane.Limits = Limits{Requests: 25, Per: time.Second, Jitter: 10 * ms, Concurrency: 4}
			lane.LastIntent = time.Now().Add(-tt.ago)
			begun := time.Now()
			mustRun(t, Options{Ledger: l}, lane)
			if got := p.arrived[0].Sub(begun); got != tt.want {
				t.Errorf("last intent %s ago: begins after %s, want %s", tt.ago, got, tt.want)
			}
			if p.arrived[9].Sub(p.arrived[0]) < 9*40*ms {
				t.Error("begins with a burst")
			}
		})
	}
}

// Lanes of one group share one limiter with the strictest limits; none of them starves.
func TestGroups(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		a, b, c := crowd("a", 300), crowd("b", 300), crowd("c", 300)
		for i := range b {
			b[i].Send.Sequence, c[i].Send.Sequence = "b", "c"
			b[i].Request.Path, c[i].Request.Path = b[i].Send.String(), c[i].Send.String()
		}
		shared, apart := newProvider(l), newProvider(l)
		lanes := []Lane{laneOf(shared, a...), laneOf(shared, b...), laneOf(apart, c...)}
		lanes[0].Group, lanes[1].Group = "g", "g"
		lanes[0].Limits = Limits{Requests: 40, Per: time.Second, Jitter: 10 * ms, Concurrency: 16}
		lanes[1].Limits = Limits{Requests: 25, Per: time.Second, Jitter: 5 * ms, Concurrency: 4}
		lanes[2].Limits = Limits{Requests: 40, Per: time.Second, Jitter: 10 * ms, Concurrency: 4}
		begun := time.Now()
		ended := map[string]time.Duration{}
		mustRun(t, Options{Ledger: l, Observe: func(e Event) {
			if e, ok := e.(LaneDone); ok {
				ended[e.Account] = time.Since(begun)
			}
		}}, lanes...)
		sound(t, l, shared)
		sound(t, l, apart)
		if worst := worstWindow(shared.arrived, 1010*ms); worst > 25 {
			t.Errorf("%d requests in one window", worst)
		}
		if d := ended["c"]; d > 8*time.Second {
			t.Errorf("the lane apart took %s", d)
		}
		if d := shared.arrived[599].Sub(begun).Seconds(); d < 24 || d > 24.5 {
			t.Errorf("the group took %.2f s", d)
		}
		if ended["b"] < 20*time.Second || ended["a"] < 10*time.Second {
			t.Errorf("ended after %v", ended)
		}
	})
}

func TestStrictest(t *testing.T) {
	at := time.Now()
	lanes := []Lane{
		{Group: "g", Limits: Limits{Jitter: 20 * ms}},
		{Group: "g", Limits: Limits{Requests: 100, Per: 2 * time.Second, Jitter: 10 * ms}, LastIntent: at},
		{Group: "g", Limits: Limits{Requests: 50, Per: time.Second}, LastIntent: at.Add(-time.Second)},
		{Group: "g", Limits: Limits{Requests: 60, Per: time.Second}},
		{Group: "h", Limits: Limits{Requests: 1, Per: time.Hour, Jitter: time.Hour}, LastIntent: at.Add(time.Hour)},
		{Limits: Limits{Requests: 1, Per: time.Hour}},
		{Limits: Limits{Requests: 1, Per: time.Hour}},
	}
	got, last := strictest(lanes, "g")
	if got != (Limits{Requests: 50, Per: time.Second, Jitter: 20 * ms}) || !last.Equal(at) {
		t.Errorf("%+v, %s", got, last)
	}
	all := newLimiters(lanes)
	if all[0] != all[3] || all[3] == all[4] || all[5] == all[6] {
		t.Error("groups are mixed up")
	}
}

// Slots that are not used cost nothing: those after them come as early as if they had never been.
func TestGiveBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(10, time.Second, 0, time.Time{})
		begun := time.Now()
		for i := range 30 {
			for range 3 {
				s, _ := l.reserve(t.Context(), constant(0), never)
				l.giveBack(s)
				l.giveBack(s) // twice is once
			}
			s, _ := l.reserve(t.Context(), constant(0), never)
			if !l.start(t.Context(), s) {
				t.Fatal("no start")
			}
			l.connected(s)
			l.finish(s, true)
			// Each reservation waited for its instant, so all come in time.
			if at := time.Since(begun); at != time.Duration(i)*100*ms {
				t.Fatalf("request %d begins after %s", i, at)
			}
		}
		if n := l.rest.Len(); n != 10 {
			t.Errorf("%d tokens at rest, want 10", n)
		}
	})
}

// A connection that turned out dead and was replaced makes the request begin later, whoever holds its token by then.
func TestConnectedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(1, time.Second, 0, time.Time{})
		first, _ := l.reserve(t.Context(), constant(0), never)
		l.start(t.Context(), first)
		l.connected(first)
		time.Sleep(300 * ms)
		l.connected(first) // at rest
		begun := time.Now()
		second, _ := l.reserve(t.Context(), constant(100*ms), never)
		if at := time.Since(begun); at != 900*ms {
			t.Errorf("the second is planned to begin after %s", at+100*ms)
		}
		l.connected(first) // in the second's slot: 900 ms more, too long for an open intent
		if l.start(t.Context(), second) {
			t.Error("the second began in the first's window")
		}
		l.giveBack(second)
		third, _ := l.reserve(t.Context(), constant(0), never)
		if at := time.Since(begun); !l.start(t.Context(), third) || at != 1900*ms {
			t.Errorf("the third begins after %s", at)
		}
	})
}

// Lateness is caught up: a ledger that stalls for a while costs no more than the stall.
func TestCatchUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		l.latency = 5 * ms
		begun := time.Now()
		l.takes = func() time.Duration {
			if s := time.Since(begun); s > 5*time.Second && s < 5500*ms {
				return 5500*ms - s
			}
			return 5 * ms
		}
		steps := crowd("heyx", 400)
		p := newProvider(l, steps...)
		lane := laneOf(p, steps...)
		lane.Limits = Limits{Requests: 20, Per: time.Second, Concurrency: 16}
		mustRun(t, Options{Ledger: l}, lane)
		sound(t, l, p)
		if worst := worstWindow(p.arrived, time.Second); worst > 20 {
			t.Errorf("%d in one second", worst)
		}
		// 400 at 20 a second; the stall of half a second moves some begins, never the whole row by more than itself.
		if d := p.arrived[399].Sub(p.arrived[0]); d > 20500*ms {
			t.Errorf("took %s", d)
		}
	})
}

// After a time without work requests are spread again, and soon as evenly as before.
func TestNoBurstAfterIdling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(25, time.Second, 0, time.Time{})
		var at []time.Time
		for i := range 200 {
			if i == 50 {
				time.Sleep(time.Hour)
			}
			s, err := l.reserve(t.Context(), constant(0), never)
			if err != nil || !l.start(t.Context(), s) {
				t.Fatal("no slot")
			}
			at = append(at, time.Now())
			l.finish(s, true)
		}
		if worst := worstWindow(at[50:], 40*ms); worst > 9 {
			t.Errorf("%d requests at once after idling", worst)
		}
		if worst := worstWindow(at[50:], time.Second); worst > 25 {
			t.Errorf("%d requests in one second", worst)
		}
		if used := 149 / at[199].Sub(at[50]).Seconds(); used < 24.5 {
			t.Errorf("%.2f a second", used)
		}
	})
}

// Sends that wait take nothing but their lane's workers: one of a million reads no further than concurrency.
func TestReadsNoFurtherThanItSends(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		steps := crowd("heyx", 1000)
		p := newProvider(l, steps...)
		lane := laneOf(p, steps...)
		lane.Limits = Limits{Requests: 1, Per: time.Minute, Concurrency: 8}
		source := lane.Steps.(*sliceSteps)
		got := mustRun(t, Options{Ledger: l, Drain: drainAfter(10*time.Minute + time.Second)}, lane)
		if got.Counts() != (Counts{Sent: 11, Unsent: 989}) || source.next > 11+8 {
			t.Errorf("%+v, %d steps read", got.Counts(), source.next)
		}
	})
}
