package executor

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"herald/internal/addr"
	"herald/planner"
	"herald/providers"
	"herald/state"
)

// scenario is one random campaign with all that happens to it.
type scenario struct {
	lanes  []scenarioLane
	steps  []planner.Step // in plan order
	seed   uint64         // of latencies
	latest time.Duration  // of any latency

	script map[addr.Send][]providers.Outcome // answers to its first calls; then accepted
	looks  map[addr.Send][]providers.Verdict // of its first look-ups; then found
	opens  map[string][]opens                // of the first attempts at a conversation; then it opens
	ends   map[addr.Send]time.Duration       // after which steps must not begin; none for never
	shift  time.Duration                     // of the clock

	drain, cancel time.Duration // 0 for never
	failAt        int           // write of the ledger from which on all fail, 0 for never
}

type scenarioLane struct {
	account, group string
	limits         Limits
	finder         bool
	settle         time.Duration
	questions      int
}

func drawScenario(t *rapid.T) scenario {
	answers := []providers.Outcome{accepted, accepted, refused, unknown, broken, throttled, throttled, notSent, notSent, {}}
	verdicts := []providers.Verdict{found, absent, undecided, askLater, askBroken, askFailed, {}}
	if rapid.IntRange(0, 3).Draw(t, "account errors") == 0 {
		answers, verdicts = append(answers, accountError), append(verdicts, askAway)
	}
	later := throttled
	later.After = 3 * time.Second
	answers = append(answers, later)
	var rooms []opens
	for _, out := range answers {
		rooms = append(rooms, opens{out: out}, opens{out: out, made: out.Class == providers.Unknown || out.Class == 0})
	}

	sc := scenario{
		seed:   rapid.Uint64().Draw(t, "seed"),
		latest: time.Duration(rapid.SampledFrom([]int{1, 50, 2000}).Draw(t, "latest ms")) * ms,
		script: map[addr.Send][]providers.Outcome{}, looks: map[addr.Send][]providers.Verdict{},
		opens: map[string][]opens{}, ends: map[addr.Send]time.Duration{},
		shift: rapid.SampledFrom([]time.Duration{0, 0, year, -year}).Draw(t, "shift"),
	}
	windows := rapid.Bool().Draw(t, "windows")
	for i := range rapid.IntRange(1, 3).Draw(t, "lanes") {
		sc.lanes = append(sc.lanes, scenarioLane{
			account: fmt.Sprint("lane", i),
			group:   rapid.SampledFrom([]string{"", "g"}).Draw(t, "group"),
			limits: Limits{
				Requests:    rapid.SampledFrom([]int{0, 0, 1, 4, 25}).Draw(t, "requests"),
				Per:         time.Second,
				Jitter:      10 * ms,
				Concurrency: rapid.IntRange(0, 4).Draw(t, "concurrency"),
				StopAfter:   rapid.IntRange(0, 4).Draw(t, "stop after"),
			},
			finder:    rapid.Bool().Draw(t, "finder"),
			settle:    time.Duration(rapid.SampledFrom([]int{0, 500, 5000}).Draw(t, "settle ms")) * ms,
			questions: rapid.SampledFrom([]int{0, 0, 3}).Draw(t, "questions"),
		})
	}
	people := rapid.IntRange(0, 12).Draw(t, "people")
	for seq := range rapid.IntRange(1, 2).Draw(t, "sequences") {
		messages := rapid.IntRange(1, 4).Draw(t, "messages")
		for person := range people {
			var own []planner.Step
			for m := range messages {
				if rapid.IntRange(0, 4).Draw(t, "left out") == 0 {
					continue // it was sent before, say
				}
				account := sc.lanes[rapid.IntRange(0, len(sc.lanes)-1).Draw(t, "lane")].account
				s := step(account, fmt.Sprint("s", seq), fmt.Sprint("m", m), fmt.Sprint("p", person))
				if rapid.IntRange(0, 2).Draw(t, "opens") == 0 {
					name := fmt.Sprint(account, " ", person)
					s.Request = inRoom(name, s)[0].Request
					sc.opens[name] = rapid.SliceOfN(rapid.SampledFrom(rooms), 0, 3).Draw(t, "openings")
				}
				if windows && rapid.IntRange(0, 2).Draw(t, "window") == 0 {
					sc.ends[s.Send] = time.Duration(rapid.IntRange(0, 6000).Draw(t, "ends ms")) * ms
				}
				own = append(own, s)
				sc.script[s.Send] = rapid.SliceOfN(rapid.SampledFrom(answers), 0, 3).Draw(t, "answers")
				sc.looks[s.Send] = rapid.SliceOfN(rapid.SampledFrom(verdicts), 0, 4).Draw(t, "verdicts")
			}
			own = chain(own...)
			if len(own) > 1 && rapid.IntRange(0, 30).Draw(t, "lost") == 0 {
				own = own[1:] // what the rest waits for is not in this run
			}
			sc.steps = append(sc.steps, own...)
		}
	}
	switch rapid.IntRange(0, 5).Draw(t, "trouble") {
	case 0:
		sc.drain = time.Duration(rapid.IntRange(1, 5000).Draw(t, "drain ms")) * ms
	case 1:
		sc.cancel = time.Duration(rapid.IntRange(1, 5000).Draw(t, "cancel ms")) * ms
	case 2:
		sc.failAt = rapid.IntRange(1, 60).Draw(t, "fail at write")
	}
	return sc
}

var errFull = errors.New("disk full")

// play runs a scenario and gives what was wrong about it.
func (sc scenario) play(ctx context.Context) (wrong []string) {
	wrongf := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	random := rand.New(rand.NewPCG(sc.seed, 0))
	l := newLedger()
	l.latency = 5 * ms
	l.takes = func() time.Duration { return time.Duration(random.Int64N(int64(10 * ms))) }
	l.fail = func(write int) error {
		if sc.failAt > 0 && write >= sc.failAt {
			return errFull
		}
		return nil
	}
	fakes := map[string]*fakeProvider{} // one per limiter, so that each sees what its server sees
	var lanes []Lane
	of := map[string][]planner.Step{}
	now := time.Now()
	for i, s := range sc.steps {
		if end, ends := sc.ends[s.Send]; ends {
			s.NotAfter = now.Add(sc.shift + end)
			sc.steps[i] = s
		}
		of[s.Account] = append(of[s.Account], s)
	}
	for _, sl := range sc.lanes {
		name := sl.group
		if name == "" {
			name = sl.account
		}
		p := fakes[name]
		if p == nil {
			p = newProvider(l, sc.steps...)
			r := rand.New(rand.NewPCG(sc.seed, uint64(len(fakes)+1)))
			short := func() time.Duration { p.mu.Lock(); defer p.mu.Unlock(); return time.Duration(r.Int64N(int64(10 * ms))) }
			p.delay = func() time.Duration {
				p.mu.Lock()
				defer p.mu.Unlock()
				return time.Duration(r.Int64N(int64(sc.latest)))
			}
			p.dial, p.travel = p.delay, short
			p.script = func(s addr.Send, call int) providers.Outcome {
				if script := sc.script[s]; call <= len(script) {
					return script[call-1]
				}
				return accepted
			}
			p.shift = sc.shift
			p.opens = func(name string, call int) opens {
				o := opens{out: accepted}
				if openings := sc.opens[name]; call <= len(openings) {
					o = openings[call-1]
				}
				for _, sl := range sc.lanes {
					if settle := int64(sl.settle); strings.HasPrefix(name, sl.account+" ") && settle > 0 {
						o.visible = time.Duration(r.Int64N(settle))
					}
				}
				return o
			}
			fakes[name] = p
		}
		lane := Lane{
			Account: sl.account, Provider: p, Limits: sl.limits, Group: sl.group,
			Retry: Retry{MaxAttempts: 3, MinBackoff: 100 * ms, MaxBackoff: 2 * time.Second},
			Steps: stepsOf(of[sl.account]...), Total: len(of[sl.account]), Settle: sl.settle,
		}
		if sl.finder {
			f := newFinder(p, sl.settle)
			f.takes, f.requests = time.Duration(random.Int64N(int64(10*ms))), random.IntN(4)-1
			f.answers = func(s addr.Send, look int) providers.Verdict {
				if looks := sc.looks[s]; look <= len(looks) {
					return looks[look-1]
				}
				return found
			}
			lane.Provider = f
		}
		for i := range sl.questions {
			lane.Questions = append(lane.Questions, doubted(l, question(sl.account, fmt.Sprint(sl.account, i), time.Duration(i)*time.Second-sc.shift))...)
		}
		lanes = append(lanes, lane)
	}

	o := Options{Ledger: l, Clock: shifted(sc.shift)}
	if sc.drain > 0 {
		o.Drain = drainAfter(sc.drain)
	}
	if sc.cancel > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithCancel(ctx)
		time.AfterFunc(sc.cancel, cancel)
	}
	started, ended, unopened := map[addr.Send]int{}, map[addr.Send]Result{}, map[addr.Send]bool{}
	seen, looked := map[string]Counts{}, map[string]LookUps{}
	o.Observe = func(e Event) {
		switch e := e.(type) {
		case Started:
			started[e.Send]++
		case Returned:
			started[e.Send]--
		case Done:
			if was, twice := ended[e.Send]; twice {
				wrongf("%s ended as %s and as %s", e.Send, was, e.Result)
			}
			ended[e.Send] = e.Result
			if _, ends := sc.ends[e.Send]; e.Result == Late && !ends && e.Reason == "its time is over" {
				wrongf("%s is late, and has no end", e.Send)
			}
		case NotOpened:
			unopened[e.Send] = true
		case LookedUp:
			u := looked[e.Account]
			u.add(e.Finding)
			looked[e.Account] = u
		case LaneDone:
			seen[e.Account] = e.Counts
		}
	}
	got, err := Run(ctx, lanes, o)

	// The ledger's rows, the events and the summary tell the same.
	wrong = append(wrong, l.wrong...)
	if failed := sc.failAt > 0 && l.writes >= sc.failAt; failed != (err != nil) || err != nil && !errors.Is(err, errFull) {
		wrongf("error %v, ledger failed: %v", err, failed)
	}
	rows := map[string]*Counts{}
	for _, sl := range sc.lanes {
		rows[sl.account] = &Counts{}
	}
	for _, s := range sc.steps {
		row := rows[s.Account]
		switch st := l.rows[s.Send]; {
		case st == state.Sent:
			row.Sent++
		case st == state.Refused:
			row.Refused++
		case st == state.InDoubt:
			row.InDoubt++
		case st == state.Sending && err != nil:
			row.InDoubt++ // its outcome could not be recorded
		case st == state.Sending:
			wrongf("%s was left open", s.Send)
		case ended[s.Send] == Blocked:
			row.Blocked++
		case ended[s.Send] == Late:
			row.Late++
			before := addr.Send{Message: addr.Message{Sequence: s.Send.Sequence, Name: s.Needs.Message}, Key: s.Send.Key}
			if _, ends := sc.ends[s.Send]; !ends && ended[before] != Late {
				wrongf("%s is late after %s", s.Send, before)
			}
		default:
			row.Unsent++
		}
	}
	for _, ls := range got.Lanes {
		if ls.Counts != *rows[ls.Account] {
			wrongf("%s: counts %+v, rows %+v", ls.Account, ls.Counts, *rows[ls.Account])
		}
		if ls.Counts != seen[ls.Account] {
			wrongf("%s: counts %+v, its last event %+v", ls.Account, ls.Counts, seen[ls.Account])
		}
		if ls.LookedUp != looked[ls.Account] {
			wrongf("%s: looked up %+v, events %+v", ls.Account, ls.LookedUp, looked[ls.Account])
		}
		if ls.Counts.Total() != len(of[ls.Account]) {
			wrongf("%s: %+v do not add up to %d", ls.Account, ls.Counts, len(of[ls.Account]))
		}
	}
	quiet := sc.drain == 0 && sc.cancel == 0 && sc.failAt == 0 && got.Err() == nil
	if quiet && got.Counts().Unsent != len(unopened) {
		wrongf("%+v, and %d that could not be opened do not explain what is unsent", got.Counts(), len(unopened))
	}
	if got.Interrupted && sc.drain == 0 && sc.cancel == 0 {
		wrongf("interrupted by nobody")
	}

	// After a kill at any instant no more are in doubt than may be in flight.
	for _, sl := range sc.lanes {
		if most := l.mostOpen[sl.account]; most > max(1, sl.limits.Concurrency) {
			wrongf("%s: %d intents were open at once, concurrency is %d", sl.account, most, sl.limits.Concurrency)
		}
	}

	// A request that began ended or went back.
	for _, p := range fakes {
		wrong = append(wrong, p.wrong...)
		for s := range p.calls {
			if open := started[s]; err == nil && (open != 0 && open != 1 || open == 1 && ended[s] == "") {
				wrongf("%s began %d times more often than it ended", s, open)
			}
		}
	}

	// No server saw more than is allowed in any window.
	for name, p := range fakes {
		limits := Limits{}
		for _, sl := range sc.lanes {
			if n := sl.limits.Requests; (sl.account == name || sl.group == name) && n > 0 && (limits.Requests == 0 || n < limits.Requests) {
				limits = sl.limits
			}
		}
		if limits.Requests == 0 {
			continue
		}
		at := slices.SortedFunc(slices.Values(p.arrived), time.Time.Compare)
		if worst := worstWindow(at, limits.Per); worst > limits.Requests {
			wrongf("%s: %d requests in one window, allowed are %d", name, worst, limits.Requests)
		}
	}
	return wrong
}

// Whatever the plan, the answers, the latencies and the interrupts: what delivery promises holds, and the run ends.
func TestAnyCampaign(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		sc := drawScenario(rt)
		var wrong []string
		synctest.Test(t, func(t *testing.T) { wrong = sc.play(t.Context()) })
		if len(wrong) > 0 {
			rt.Fatalf("%s", strings.Join(wrong, "\n"))
		}
	})
}
