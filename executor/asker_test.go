package executor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"herald/internal/addr"
	"herald/planner"
	"herald/providers"
	"herald/state"
)

const settle = 10 * time.Second

// asking makes a lane whose provider can be asked.
func asking(l *fakeLedger, steps ...planner.Step) (Lane, *fakeFinder) {
	f := newFinder(newProvider(l, steps...), settle)
	lane := laneOf(f, steps...)
	lane.Settle, lane.Limits.Concurrency = settle, 1
	lane.Retry = Retry{MaxAttempts: 3, MinBackoff: time.Second, MaxBackoff: time.Second}
	return lane, f
}

// first answers the first calls of one send as given, and accepts all else.
func first(s addr.Send, answers ...providers.Outcome) func(addr.Send, int) providers.Outcome {
	return func(of addr.Send, call int) providers.Outcome {
		if of == s && call <= len(answers) {
			return answers[call-1]
		}
		return accepted
	}
}

// in gives verdicts one after the other, the last one for ever.
func in(verdicts ...providers.Verdict) func(addr.Send, int) providers.Verdict {
	return func(_ addr.Send, look int) providers.Verdict { return verdicts[min(look, len(verdicts))-1] }
}

// What waits for its look-up holds nobody up: with one place in the lane all others are sent meanwhile, also those that
// another lane waits for, and each look-up comes when it is due.
func TestWaitingForLookUps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		var steps []planner.Step
		for i := range 20 {
			k := fmt.Sprint("p", i)
			x, y := "x", "y"
			if i%2 == 1 {
				x, y = y, x
			}
			steps = append(steps, chain(step(x, "s", "a", k), step(y, "s", "b", k), step(x, "s", "c", k))...)
		}
		p := newProvider(l, steps...)
		p.delay = constant(time.Second)
		p.script = func(s addr.Send, call int) providers.Outcome {
			if s.Name != "c" && s.Key < "p15" && call == 1 {
				return unknown
			}
			return accepted
		}
		lanes := split(p, 1, steps)
		for i := range lanes {
			f := newFinder(p, settle)
			f.answers = func(s addr.Send, _ int) providers.Verdict {
				if s.Key == "p1" {
					return absent
				}
				return found
			}
			lanes[i].Provider, lanes[i].Settle = f, settle
		}
		last := time.Time{}
		begun := time.Now()
		got := mustRun(t, Options{Ledger: l, Observe: func(e Event) {
			if e, ok := e.(Done); ok && e.Send.Name == "a" && e.Send.Key >= "p2" {
				last = time.Now()
			}
		}}, lanes...)
		sound(t, l, p)
		if got.Counts() != (Counts{Sent: 60}) || got.LookedUp() != (LookUps{Found: 12, Absent: 2}) {
			t.Errorf("%+v, %+v", got.Counts(), got.LookedUp())
		}
		if took := last.Sub(begun); took > 20*time.Second+settle {
			t.Errorf("those that nothing held up were sent after %s", took)
		}
		for _, lane := range lanes {
			for _, a := range lane.Provider.(*fakeFinder).asked {
				if late := a.at.Sub(a.doubt.At); late != settle {
					t.Errorf("%s was asked about after %s", a.send, late)
				}
			}
		}
	})
}

// A plan that makes no sense ends once the last look-up has, whatever waits for whom.
func TestSenselessNeedsAndLookUps(t *testing.T) {
	for _, verdict := range []providers.Verdict{found, absent, undecided} {
		synctest.Test(t, func(t *testing.T) {
			l := newLedger()
			circle := step("x", "s", "a", "k")
			circle.Needs, circle.Leads = planner.Need{Message: "b", Account: "y"}, true
			back := step("y", "s", "b", "k")
			back.Needs, back.Leads = planner.Need{Message: "a", Account: "x"}, true
			doubtful := step("x", "s", "m", "other")
			lane, f := asking(l, circle, doubtful)
			f.script, f.answers = first(doubtful.Send, unknown), in(verdict)
			begun := time.Now()
			got := mustRun(t, Options{Ledger: l}, lane, laneOf(newProvider(l, back), back))
			sound(t, l, f.fakeProvider)
			if c := got.Counts(); c.Blocked != 2 || c.Sent+c.InDoubt != 1 || time.Since(begun) != settle {
				t.Errorf("%s: %+v after %s", verdict.Finding, got.Counts(), time.Since(begun))
			}
		})
	}
}

// Another lane waits for a send in doubt also when that one's own lane has stopped.
func TestStoppedLaneWaitedFor(t *testing.T) {
	for _, tt := range []struct {
		verdict providers.Verdict
		want    Counts
	}{
		{found, Counts{Sent: 2, Unsent: 9}}, {undecided, Counts{InDoubt: 1, Blocked: 1, Unsent: 9}}, {absent, Counts{Blocked: 1, Unsent: 10}},
	} {
		synctest.Test(t, func(t *testing.T) {
			l := newLedger()
			steps := chain(step("x", "s", "a", "ada"), step("y", "s", "b", "ada"))
			lane, f := asking(l, append(steps[:1:1], crowd("x", 9)...)...)
			lane.Limits.StopAfter = 1
			f.script, f.answers = first(steps[0].Send, unknown), in(tt.verdict)
			other := laneOf(f.fakeProvider, steps[1])
			got := mustRun(t, Options{Ledger: l}, lane, other)
			sound(t, l, f.fakeProvider)
			if got.Counts() != tt.want || got.Lanes[0].Stop == nil || got.Lanes[1].Stop != nil {
				t.Errorf("%s: %+v, want %+v", tt.verdict.Finding, got.Counts(), tt.want)
			}
		})
	}
}

// The time until a send is settled runs from the instant at which its request really began.
func TestSettleBegins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		l.takes = constant(3 * time.Second)
		lane, f := asking(l, crowd("x", 1)...)
		f.script = func(addr.Send, int) providers.Outcome { return unknown }
		var begun time.Time
		mustRun(t, Options{Ledger: l, Observe: func(e Event) {
			if _, ok := e.(Started); ok {
				begun = time.Now()
			}
		}}, lane)
		// Counting what is like it, and recording the request, take their time too.
		if at := f.asked[0].at.Sub(begun); at != settle+3*time.Second || !f.asked[0].doubt.At.Equal(begun.Add(-3*time.Second)) {
			t.Errorf("asked after %s about an attempt planned %s before it began", at, begun.Sub(f.asked[0].doubt.At))
		}
	})
}

// A vendor that accepts everything and answers 500 to everything stops the lane, and all it has got is found.
func TestVendorThatOnlyBreaks(t *testing.T) {
	for _, answer := range []providers.Outcome{broken, unknown} {
		synctest.Test(t, func(t *testing.T) {
			l := newLedger()
			steps := crowd("x", 100)
			lane, f := asking(l, steps...)
			lane.Limits.Concurrency, lane.Limits.StopAfter = 8, 10
			f.delay = constant(time.Second)
			f.script = func(addr.Send, int) providers.Outcome { return answer }
			begun := time.Now()
			got := mustRun(t, Options{Ledger: l}, lane)
			sound(t, l, f.fakeProvider)
			c := got.Counts()
			if c.Sent < 10 || c.Sent > 18 || c.Sent+c.Unsent != 100 || got.LookedUp() != (LookUps{Found: c.Sent}) || got.Err() == nil {
				t.Errorf("%+v, %+v, %v", c, got.LookedUp(), got.Err())
			}
			if took := time.Since(begun); took > settle+2*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}

// The first interrupt ends the wait for look-ups, and one that is under way, at once; what it has shown by then counts.
func TestInterruptEndsLookUps(t *testing.T) {
	for _, tt := range []struct {
		name   string
		after  time.Duration
		cancel bool
		want   Counts
		asked  int
		shown  *providers.Verdict // by an answer that was on its way already
	}{
		{"before they are due", 5 * time.Second, false, Counts{InDoubt: 3}, 0, nil},
		{"in the midst of one", 11 * time.Second, false, Counts{InDoubt: 3}, 1, nil},
		{"after one", 13 * time.Second, false, Counts{Sent: 1, InDoubt: 2}, 2, nil},
		{"found by then", 11 * time.Second, false, Counts{Sent: 1, InDoubt: 2}, 1, &found},
		{"absent by then", 11 * time.Second, false, Counts{InDoubt: 2, Unsent: 1}, 1, &absent},
		{"cancelled before they are due", 5 * time.Second, true, Counts{InDoubt: 3}, 0, nil},
		{"cancelled in the midst of one", 11 * time.Second, true, Counts{InDoubt: 3}, 1, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLedger()
				steps := crowd("x", 3)
				lane, f := asking(l, steps...)
				lane.Retry.MaxAttempts = 1
				f.takes = 2 * time.Second
				took := tt.after
				if tt.shown != nil {
					f.deaf, f.answers, took = true, in(*tt.shown), 12*time.Second
				}
				f.script = func(addr.Send, int) providers.Outcome { return unknown }
				ctx, o := t.Context(), Options{Ledger: l}
				if tt.cancel {
					var cancel context.CancelFunc
					ctx, cancel = context.WithCancel(ctx)
					time.AfterFunc(tt.after, cancel)
				} else {
					o.Drain = drainAfter(tt.after)
				}
				begun := time.Now()
				got, err := Run(ctx, []Lane{lane}, o)
				sound(t, l, f.fakeProvider)
				if err != nil || got.Err() != nil || got.Counts() != tt.want || !got.Interrupted || len(f.asked) != tt.asked {
					t.Errorf("%+v after %d look-ups, %v", got, len(f.asked), err)
				}
				if time.Since(begun) != took {
					t.Errorf("took %s, want %s", time.Since(begun), took)
				}
				if l.count(state.InDoubt) != tt.want.InDoubt {
					t.Errorf("%d are in doubt", l.count(state.InDoubt))
				}
			})
		})
	}
}

// What falls into doubt after the first interrupt ends so.
func TestNoLookUpAfterInterrupt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		lane, f := asking(l, crowd("x", 10)...)
		f.delay = constant(10 * time.Second)
		f.script = func(addr.Send, int) providers.Outcome { return broken }
		got := mustRun(t, Options{Ledger: l, Drain: drainAfter(5 * time.Second)}, lane)
		if got.Counts() != (Counts{InDoubt: 1, Unsent: 9}) || len(f.asked) != 0 || got.LookedUp().Total() != 0 {
			t.Errorf("%+v", got)
		}
	})
}

// Several that get no answer: nobody waits long for a vendor that is down, and one send of which the vendor says nothing
// does not keep it from being asked about the others.
func TestUnansweredLookUps(t *testing.T) {
	for _, tt := range []struct {
		name   string
		answer func(s addr.Send, look int) providers.Verdict
		looked LookUps
		asked  int
		away   int // reasons that tell of others
	}{
		{"all", in(askBroken), LookUps{Undecided: 8}, 3, 5},
		{"all throttled", in(askLater), LookUps{Undecided: 8}, 3, 5},
		{"all turned away", in(askAway), LookUps{Undecided: 8}, 1, 7},
		{"one", func(s addr.Send, _ int) providers.Verdict {
			if s.Key == "p000000" {
				return askBroken
			}
			return found
		}, LookUps{Found: 7, Undecided: 1}, 10, 0},
		{"some, now and then", func(s addr.Send, look int) providers.Verdict {
			if s.Key < "p000002" && look < 3 {
				return askFailed
			}
			return found
		}, LookUps{Found: 8}, 12, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLedger()
				steps := crowd("x", 20)
				lane, f := asking(l, steps...)
				f.answers = tt.answer
				lane.Limits.StopAfter, f.delay = 0, constant(10*ms)
				f.script = func(s addr.Send, call int) providers.Outcome {
					if s.Key < "p000008" && call == 1 {
						return unknown
					}
					return accepted
				}
				away := 0
				got := mustRun(t, Options{Ledger: l, Observe: func(e Event) {
					if d, ok := e.(LookedUp); ok && (strings.HasPrefix(d.Reason, "others got no answer: ") || strings.HasPrefix(d.Reason, "the account was turned away: ")) {
						away++
					}
				}}, lane)
				sound(t, l, f.fakeProvider)
				if got.LookedUp() != tt.looked || len(f.asked) != tt.asked || away != tt.away {
					t.Errorf("%+v after %d look-ups, %d for others' sake", got.LookedUp(), len(f.asked), away)
				}
				if want := (Counts{Sent: 12 + tt.looked.Found, InDoubt: tt.looked.Undecided}); got.Counts() != want {
					t.Errorf("%+v, want %+v", got.Counts(), want)
				}
				if got.Err() != nil {
					t.Errorf("a lane that had sent all was stopped: %v", got.Err())
				}
				if tt.name == "one" && f.asked[1].send == f.asked[0].send {
					t.Error("the one that got no answer was asked about again before all others")
				}
			})
		})
	}
}

// A look-up that is turned away stops a lane that still has work, and blocks what waits for it.
func TestTurnedAwayStopsTheLane(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		steps := append(chain(step("x", "s", "a", "ada"), step("x", "s", "b", "ada")), crowd("x", 100)...)
		lane, f := asking(l, steps...)
		lane.Limits.Requests, lane.Limits.Per = 1, time.Second
		f.script, f.answers = first(steps[0].Send, unknown), in(askAway)
		got := mustRun(t, Options{Ledger: l}, lane)
		sound(t, l, f.fakeProvider)
		c := got.Counts()
		if c.InDoubt != 1 || c.Blocked > 1 || c.Sent < 8 || c.Sent > 11 || c.Total() != 102 {
			t.Errorf("%+v", c)
		}
		var stop *Stop
		if !errors.As(got.Err(), &stop) || stop.Cause != CauseAccount || stop.Send != steps[0].Send || !strings.Contains(stop.Error(), "look-up: bad agent token") {
			t.Errorf("stop %v", got.Err())
		}
	})
}

// Requests of look-ups keep to the limit together with all others, and the ledger knows of each before it begins.
func TestLookUpsKeepToTheLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		l.latency = 5 * ms
		steps := crowd("x", 200)
		lane, f := asking(l, steps...)
		lane.Limits = Limits{Requests: 10, Per: time.Second, Jitter: 10 * ms, Concurrency: 8}
		f.requests, f.takes, f.delay = 3, 30*ms, constant(100*ms)
		f.dial, f.travel = constant(5*ms), constant(5*ms)
		f.script = func(s addr.Send, call int) providers.Outcome {
			if s.Key[len(s.Key)-1] == '3' && call == 1 {
				return unknown
			}
			return accepted
		}
		got := mustRun(t, Options{Ledger: l}, lane)
		sound(t, l, f.fakeProvider)
		if got.Counts() != (Counts{Sent: 200}) || got.LookedUp() != (LookUps{Found: 20}) || len(l.asks) != 60 {
			t.Errorf("%+v, %+v, %d requests for look-ups", got.Counts(), got.LookedUp(), len(l.asks))
		}
		slices.SortFunc(f.arrived, time.Time.Compare)
		if worst := worstWindow(f.arrived, time.Second); len(f.arrived) != 260 || worst > 10 {
			t.Errorf("%d of %d requests in one second", worst, len(f.arrived))
		}
		if f.most > 8 {
			t.Errorf("%d in flight", f.most)
		}
	})
}

// Each turn of a look-up ends, however its request went, and whether or not connections are told of.
func TestTurnsOfLookUpsEnd(t *testing.T) {
	for _, tt := range []struct {
		requests int
		verdict  providers.Verdict
		took     time.Duration
	}{
		{1, found, settle + 2*time.Second}, // three in doubt: the first comes when it is due, then one a second
		{3, found, settle + 8*time.Second},
		{1, askFailed, settle + 2*time.Second + 200*ms}, // not begun, so that none counts; between them is the back-off
	} {
		synctest.Test(t, func(t *testing.T) {
			l := newLedger()
			lane, f := asking(l, crowd("x", 3)...)
			lane.Limits = Limits{Requests: 1, Per: time.Second, Concurrency: 3}
			lane.Retry.MinBackoff, lane.Retry.MaxBackoff = 100*ms, 100*ms
			lane.Settle = settle + 2*time.Second // counted from the last of the three
			f.mute, f.requests, f.answers = true, tt.requests, in(tt.verdict)
			f.script = func(addr.Send, int) providers.Outcome { return unknown }
			begun := time.Time{}
			got := mustRun(t, Options{Ledger: l, Observe: func(e Event) {
				if _, ok := e.(Started); ok {
					begun = time.Now()
				}
			}}, lane)
			sound(t, l, f.fakeProvider)
			if got.LookedUp().Total() != 3 || time.Since(begun) != tt.took {
				t.Errorf("%+v after %s", got.LookedUp(), time.Since(begun))
			}
		})
	}
}

// When the ledger fails the look-ups end with the run, the send stays in doubt, and the error says what was lost.
func TestLedgerFailsAtLookUps(t *testing.T) {
	full := errors.New("disk full")
	for _, tt := range []struct {
		name   string
		write  int // 1 intent, 2 doubt, 3 count, 4 request, 5 count, 6 what was found
		says   string
		looked LookUps
	}{
		{"count", 3, "what is like it", LookUps{}},
		{"request", 4, "about to be", LookUps{}},
		{"count after", 5, "what is like it", LookUps{}},
		{"found", 6, `came to "found"`, LookUps{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLedger()
				l.fail = func(write int) error {
					if write >= tt.write {
						return full
					}
					return nil
				}
				lane, f := asking(l, crowd("x", 1)...)
				f.script = func(addr.Send, int) providers.Outcome { return unknown }
				got, err := Run(t.Context(), []Lane{lane}, Options{Ledger: l})
				if !errors.Is(err, full) || !strings.Contains(err.Error(), tt.says) {
					t.Errorf("error %v", err)
				}
				if got.Counts() != (Counts{InDoubt: 1}) || got.LookedUp() != tt.looked || got.Interrupted || l.count(state.InDoubt) != 1 {
					t.Errorf("%+v", got)
				}
			})
		})
	}
}
