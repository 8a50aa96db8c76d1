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

// sound fails the test on whatever the fakes found wrong, and when a row was left open.
func sound(t *testing.T, l *fakeLedger, p *fakeProvider) {
	t.Helper()
	for _, w := range append(l.wrong, p.wrong...) {
		t.Error(w)
	}
	for s := range l.open {
		t.Errorf("%s was left open", s)
	}
}

func mustRun(t *testing.T, o Options, lanes ...Lane) Summary {
	t.Helper()
	s, err := Run(t.Context(), lanes, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestOutcomes(t *testing.T) {
	for _, tt := range []struct {
		name    string
		script  []providers.Outcome // of the first send; then accepted
		want    Counts              // of ten sends
		state   state.State         // of the first send
		calls   int                 // of the first send
		attempt int                 // in its last intent
		cause   Cause
	}{
		{name: "accepted", want: Counts{Sent: 10}, state: state.Sent, calls: 1, attempt: 1},
		{name: "refused", script: []providers.Outcome{refused}, want: Counts{Sent: 9, Refused: 1}, state: state.Refused, calls: 1, attempt: 1},
		{name: "unknown", script: []providers.Outcome{unknown}, want: Counts{Sent: 9, InDoubt: 1}, state: state.InDoubt, calls: 1, attempt: 1},
		{name: "no class", script: []providers.Outcome{{}}, want: Counts{Sent: 9, InDoubt: 1}, state: state.InDoubt, calls: 1, attempt: 1},
		{name: "throttled", script: []providers.Outcome{throttled, throttled, throttled, throttled, throttled, throttled}, want: Counts{Sent: 10}, state: state.Sent, calls: 7, attempt: 1},
		{name: "not sent", script: []providers.Outcome{notSent, notSent}, want: Counts{Sent: 10}, state: state.Sent, calls: 3, attempt: 3},
		{name: "not sent at all", script: []providers.Outcome{notSent, notSent, throttled, notSent, notSent, notSent}, want: Counts{Unsent: 10}, state: state.Untried, calls: 6, attempt: 5, cause: CauseUnreachable},
		{name: "account", script: []providers.Outcome{accountError}, want: Counts{Unsent: 10}, state: state.Untried, calls: 1, attempt: 1, cause: CauseAccount},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				steps := crowd("heyx", 10)
				l := newLedger()
				p := newProvider(l, steps...)
				p.script = func(s addr.Send, call int) providers.Outcome {
					if s == steps[0].Send && call <= len(tt.script) {
						return tt.script[call-1]
					}
					return accepted
				}
				lane := laneOf(p, steps...)
				lane.Limits.Concurrency = 1
				got := mustRun(t, Options{Ledger: l}, lane)
				sound(t, l, p)
				if got.Lanes[0].Counts != tt.want {
					t.Errorf("counts %+v, want %+v", got.Lanes[0].Counts, tt.want)
				}
				if st := l.state(steps[0].Send); st != tt.state {
					t.Errorf("the first send is %s, want %s", st, tt.state)
				}
				if n := p.calls[steps[0].Send]; n != tt.calls {
					t.Errorf("%d calls, want %d", n, tt.calls)
				}
				last := 0
				for _, i := range l.intents {
					if i.Send == steps[0].Send {
						last = i.Attempt
					}
				}
				if last != tt.attempt {
					t.Errorf("last attempt is %d, want %d", last, tt.attempt)
				}
				var stop *Stop
				errors.As(got.Err(), &stop)
				switch {
				case tt.cause == "" && got.Err() != nil:
					t.Errorf("stopped: %v", got.Err())
				case tt.cause != "" && (stop == nil || stop.Cause != tt.cause):
					t.Errorf("stop %v, want %s", got.Err(), tt.cause)
				}
			})
		})
	}
}

// What the provider tells of a message and what the plan says of it reach the ledger whole.
func TestRecordsWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := step("heyx", "s", "m", "ada")
		s.Content = state.Hash{Version: 1, Sum: [16]byte{1}}
		s.Destination = state.Hash{Version: 1, Sum: [16]byte{2}}
		s.Unique = state.Hash{Version: 1, Sum: [16]byte{3}}
		s.Definition = state.Hash{Version: 1, Sum: [16]byte{4}}
		s.FromDoubt = true
		l := newLedger()
		p := newProvider(l, s)
		at := time.Now().Add(-time.Second)
		p.script = func(addr.Send, int) providers.Outcome {
			return providers.Outcome{Class: providers.Accepted, HTTP: 200, ID: "77", Status: "queued", At: at, Marked: true}
		}
		mustRun(t, Options{Ledger: l}, laneOf(p, s))
		i := l.intents[0]
		want := state.Intent{Send: s.Send, Account: "heyx", Content: s.Content, Destination: s.Destination, Unique: s.Unique,
			Definition: s.Definition, Attempt: 1, Key: i.Key, At: i.At, FromDoubt: true}
		if i != want {
			t.Errorf("intent %+v, want %+v", i, want)
		}
		r := l.results[s.Send]
		if r.State != state.Sent || r.ProviderID != "77" || r.Status != "queued" || !r.ProviderAt.Equal(at) || !r.Marked || r.At.IsZero() {
			t.Errorf("result %+v", r)
		}
	})
}

func TestConcurrency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		steps := crowd("heyx", 100)
		p := newProvider(l, steps...)
		p.delay = func() time.Duration { return time.Second }
		begun := time.Now()
		lane := laneOf(p, steps...)
		lane.Limits.Concurrency = 7
		mustRun(t, Options{Ledger: l}, lane)
		sound(t, l, p)
		if p.most != 7 {
			t.Errorf("%d in flight, want 7", p.most)
		}
		if took := time.Since(begun); took != 15*time.Second {
			t.Errorf("took %s, want 15s", took)
		}
	})
}

// A lane that is throttled for an hour, or dead, does not keep another one from ending.
func TestLanesAreIndependent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		slow, fast, dead := crowd("slow", 5), crowd("fast", 50), crowd("dead", 50)
		for i := range fast {
			fast[i].Send.Sequence, dead[i].Send.Sequence = "f", "d"
			fast[i].Request.Path, dead[i].Request.Path = fast[i].Send.String(), dead[i].Send.String()
		}
		p := newProvider(l)
		p.script = func(s addr.Send, call int) providers.Outcome {
			switch {
			case s.Sequence == "d":
				return accountError
			case s == slow[0].Send && call == 1:
				o := throttled
				o.After = time.Hour
				return o
			}
			return accepted
		}
		begun := time.Now()
		ended := map[string]time.Duration{}
		got := mustRun(t, Options{Ledger: l, Observe: func(e Event) {
			if e, ok := e.(LaneDone); ok {
				ended[e.Account] = time.Since(begun)
			}
		}}, laneOf(p, slow...), laneOf(p, fast...), laneOf(p, dead...))
		sound(t, l, p)
		if ended["fast"] != 0 || ended["dead"] != 0 || ended["slow"] != time.Hour {
			t.Errorf("ended after %v", ended)
		}
		if got.Counts() != (Counts{Sent: 55, Unsent: 50}) {
			t.Errorf("counts %+v", got.Counts())
		}
		if got.Err() == nil || got.Lanes[0].Stop != nil || got.Lanes[1].Stop != nil || got.Lanes[2].Stop == nil {
			t.Errorf("stops: %+v", got.Lanes)
		}
	})
}

func TestLedgerFails(t *testing.T) {
	full := errors.New("disk full")
	for _, tt := range []struct {
		name    string
		write   int  // the first that fails, counted from 1
		limited bool // then odd writes are intents and even ones outcomes; else those between first and last are both
		want    Counts
		says    []string
	}{
		{"intent", 5, true, Counts{Sent: 2, Unsent: 8}, []string{`s.m["p000002"] was not sent`}},
		{"outcome", 6, true, Counts{Sent: 2, InDoubt: 1, Unsent: 7}, []string{`s.m["p000002"]: the outcome at heyx was "accepted"`}},
		{"first", 1, false, Counts{Unsent: 10}, []string{`s.m["p000000"] was not sent`}},
		{"turn", 4, false, Counts{Sent: 2, InDoubt: 1, Unsent: 7}, []string{`s.m["p000002"]: the outcome at heyx was "accepted"`, `s.m["p000003"] was not sent`}},
		{"last", 11, false, Counts{Sent: 9, InDoubt: 1}, []string{`s.m["p000009"]: the outcome at heyx was "accepted"`}},
		{"intent of a turn", 0, false, Counts{Sent: 6, Unsent: 4}, []string{`s.m["p000006"] was not sent`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLedger()
				l.fail = func(write int) error {
					if tt.write > 0 && write >= tt.write {
						return full
					}
					return nil
				}
				steps := crowd("heyx", 10)
				l.mistake = func(i state.Intent) error {
					if tt.write == 0 && i.Send == steps[6].Send {
						return full
					}
					return nil
				}
				p := newProvider(l, steps...)
				lane := laneOf(p, steps...)
				lane.Limits.Concurrency = 1
				if tt.limited {
					lane.Limits.Requests, lane.Limits.Per = 1, time.Second
				}
				got, err := Run(t.Context(), []Lane{lane}, Options{Ledger: l})
				if !errors.Is(err, full) {
					t.Fatalf("error %v", err)
				}
				for _, says := range tt.says {
					if strings.Count(err.Error(), says) != 1 {
						t.Errorf("error %v, want %s", err, says)
					}
				}
				if n := strings.Count(err.Error(), "s.m["); n != len(tt.says) {
					t.Errorf("error %v speaks of %d sends", err, n)
				}
				if got.Counts() != tt.want || got.Interrupted {
					t.Errorf("%+v, want %+v", got, tt.want)
				}
			})
		})
	}
}

// When the ledger fails, lanes that wait for their limit or for an hour's pause end at once, and what is in flight is
// finished. The error names the first sends that are concerned and counts the rest.
func TestLedgerFailureEndsAllLanes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		begun := time.Now()
		l.fail = func(int) error {
			if time.Since(begun) > 500*time.Millisecond {
				return errors.New("disk full")
			}
			return nil
		}
		many, paused := crowd("many", 100), crowd("paused", 100)
		for i := range paused {
			paused[i].Send.Sequence = "q"
			paused[i].Request.Path = paused[i].Send.String()
		}
		p := newProvider(l)
		p.script = func(s addr.Send, _ int) providers.Outcome {
			if s.Sequence == "q" {
				o := throttled
				o.After = time.Hour
				return o
			}
			return accepted
		}
		p.delay = func() time.Duration { return time.Second }
		a, b := laneOf(p, many...), laneOf(p, paused...)
		a.Limits.Concurrency = 64
		other := newProvider(l)
		other.script, b.Provider = p.script, other
		got, err := Run(t.Context(), []Lane{a, b}, Options{Ledger: l})
		if err == nil || !strings.Contains(err.Error(), "and 44 more sends") {
			t.Errorf("error %v", err)
		}
		if took := time.Since(begun); took != time.Second {
			t.Errorf("took %s", took)
		}
		if got.Counts() != (Counts{InDoubt: 64, Unsent: 136}) || p.most != 64 {
			t.Errorf("%+v", got)
		}
	})
}

func TestUnreadableSteps(t *testing.T) {
	damaged := errors.New("damaged")
	t.Run("next", func(t *testing.T) {
		l := newLedger()
		steps := crowd("heyx", 10)
		p := newProvider(l, steps...)
		lane := laneOf(p, steps...)
		lane.Steps = &sliceSteps{steps: steps[:4], fail: damaged, lost: -1}
		got := mustRun(t, Options{Ledger: l}, lane)
		sound(t, l, p)
		var stop *Stop
		if !errors.As(got.Err(), &stop) || stop.Cause != CausePlan || !errors.Is(stop, damaged) || got.Counts().Total() != 10 {
			t.Errorf("%+v: %v", got, got.Err())
		}
	})
	t.Run("at", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l := newLedger()
			steps := chain(step("heyx", "s", "a", "ada"), step("heyx", "s", "b", "ada"))
			p := newProvider(l, steps...)
			p.delay = func() time.Duration { return time.Second }
			lane := laneOf(p, steps...)
			lane.Steps.(*sliceSteps).lost = 1
			got := mustRun(t, Options{Ledger: l}, lane)
			sound(t, l, p)
			if got.Counts() != (Counts{Sent: 1, Unsent: 1}) || got.Err() == nil {
				t.Errorf("%+v: %v", got, got.Err())
			}
		})
	})
}

func TestArguments(t *testing.T) {
	l := newLedger()
	steps := crowd("heyx", 1)
	good := func() Lane { return laneOf(newProvider(l), steps...) }
	for _, tt := range []struct {
		name   string
		change func(*Lane, *Options)
		want   string
	}{
		{"ledger", func(_ *Lane, o *Options) { o.Ledger = nil }, "needs a ledger"},
		{"provider", func(l *Lane, _ *Options) { l.Provider = nil }, "has no provider"},
		{"settle", func(l *Lane, _ *Options) { l.Settle = -1 }, "must not be negative"},
		{"requests", func(l *Lane, _ *Options) { l.Limits.Requests = -1 }, "must not be negative"},
		{"per", func(l *Lane, _ *Options) { l.Limits.Requests = 1 }, "must be above 0"},
		{"jitter", func(l *Lane, _ *Options) { l.Limits.Jitter = -1 }, "must not be negative"},
		{"twice", func(l *Lane, _ *Options) { l.Account = "other" }, "two lanes of the account other"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			lane, o := good(), Options{Ledger: l}
			tt.change(&lane, &o)
			lanes := []Lane{lane}
			if tt.name == "twice" {
				lanes = append(lanes, lane)
			}
			if _, err := Run(t.Context(), lanes, o); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
	if s, err := Run(t.Context(), nil, Options{Ledger: l}); err != nil || s.Err() != nil {
		t.Errorf("no lanes: %v, %v", err, s.Err())
	}
}

// Limits that are left out mean one at a time, one attempt and no breaker.
func TestZeroLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		steps := crowd("heyx", 30)
		p := newProvider(l, steps...)
		p.delay = func() time.Duration { return time.Minute }
		p.script = func(s addr.Send, _ int) providers.Outcome { return unknown }
		lane := Lane{Account: "heyx", Provider: p, Steps: stepsOf(steps...)}
		got := mustRun(t, Options{Ledger: l}, lane)
		if got.Counts() != (Counts{InDoubt: 30}) || p.most != 1 {
			t.Errorf("%+v, %d in flight", got, p.most)
		}
	})
}

func TestEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		steps := append(chain(step("heyx", "s", "a", "ada"), step("heyx", "s", "b", "ada")), step("heyx", "s", "a", "bob"), step("heyx", "s", "a", "eve"))
		p := newProvider(l, steps...)
		p.script = func(s addr.Send, call int) providers.Outcome {
			switch {
			case s.Key == "ada":
				return refused
			case s.Key == "bob" && call == 1:
				o := throttled
				o.After = 3 * time.Second
				return o
			case s.Key == "eve":
				return accountError
			}
			return accepted
		}
		var got []string
		lane := laneOf(p, steps...)
		lane.Limits.Concurrency = 1
		begun := time.Now()
		mustRun(t, Options{Ledger: l, Observe: func(e Event) {
			switch e := e.(type) {
			case Started:
				got = append(got, fmt.Sprintf("started %s %d", e.Send, e.Attempt))
			case Done:
				got = append(got, fmt.Sprintf("done %s %s %q", e.Send, e.Result, e.Reason))
			case Returned:
				got = append(got, fmt.Sprintf("returned %s %s", e.Send, e.Class))
			case Throttled:
				got = append(got, fmt.Sprintf("throttled %s %s", e.Account, e.Until.Sub(begun)))
			case LaneStopped:
				got = append(got, fmt.Sprintf("stopped %s %s", e.Account, e.Why.Cause))
			case LaneDone:
				got = append(got, fmt.Sprintf("lane done %s %+v", e.Account, e.Counts))
			}
		}}, lane)
		want := `started s.a["ada"] 1
done s.a["ada"] refused "no such person"
done s.b["ada"] blocked "blocked by s.a"
started s.a["bob"] 1
throttled heyx 3s
returned s.a["bob"] throttled
started s.a["bob"] 1
done s.a["bob"] sent ""
started s.a["eve"] 1
stopped heyx account_error
returned s.a["eve"] account error
lane done heyx {Sent:1 Refused:1 InDoubt:0 Blocked:1 Late:0 Unsent:1}`
		if s := strings.Join(got, "\n"); s != want {
			t.Errorf("events:\n%s\nwant:\n%s", s, want)
		}
	})
}

// Hostile reasons and keys are escaped in what people read.
func TestStopErrors(t *testing.T) {
	for _, c := range []Cause{CauseAccount, CauseUnreachable, CauseUnknown, CauseRefused, CausePlan} {
		s := &Stop{Account: "heyx", Cause: c, Send: step("", "s", "m", "a\x1b[2J").Send, Count: 3, Reason: "x\x1b[2J\u202e", Err: errors.New("y")}
		if m := s.Error(); strings.ContainsAny(m, "\x1b\u202e") || !strings.HasPrefix(m, "heyx stopped: ") || !strings.Contains(m, "again") {
			t.Errorf("%s: %q", c, m)
		}
	}
	if err := (Summary{}).Err(); err != nil {
		t.Errorf("an empty summary has an error: %v", err)
	}
}

var _ DoubtLedger = (*fakeLedger)(nil)
