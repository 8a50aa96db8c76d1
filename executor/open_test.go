package executor

import (
	"errors"
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

// answering answers the first attempts at any conversation as given, and opens all else.
func answering(answers ...opens) func(string, int) opens {
	return func(_ string, call int) opens {
		if call <= len(answers) {
			return answers[call-1]
		}
		return opens{out: accepted}
	}
}

// opener makes a lane of people of whom each has a conversation that must be opened.
func opener(l *fakeLedger, people int) (Lane, *fakeProvider, []planner.Step) {
	var steps []planner.Step
	for i := range people {
		k := fmt.Sprint("p", i)
		steps = append(steps, chain(inRoom("chat "+k, step("x", "s", "a", k), step("x", "s", "b", k))...)...)
	}
	p := newProvider(l, steps...)
	lane := laneOf(p, steps...)
	lane.Settle = settle
	lane.Retry = Retry{MaxAttempts: 3, MinBackoff: time.Second, MaxBackoff: time.Second}
	return lane, p, steps
}

// Whatever becomes of the attempts, a conversation is opened once, and nothing is sent where it is not.
func TestOpening(t *testing.T) {
	hidden := opens{out: broken, made: true, visible: settle - ms}
	for _, tt := range []struct {
		name    string
		answers []opens
		want    Counts // of two messages to one person
		calls   int    // of Open that came to a request
		took    time.Duration
		cause   Cause
		reason  string // of NotOpened
	}{
		{name: "opened", want: Counts{Sent: 2}, calls: 1},
		{name: "throttled", answers: []opens{{out: throttled}, {out: throttled}, {out: throttled}, {out: throttled}},
			want: Counts{Sent: 2}, calls: 5, took: 4 * time.Second},
		{name: "not sent", answers: []opens{{out: notSent}, {out: notSent}}, want: Counts{Sent: 2}, calls: 3, took: 2 * time.Second},
		{name: "never sent", answers: []opens{{out: notSent}, {out: notSent}, {out: notSent}}, want: Counts{Unsent: 2}, calls: 3,
			took: 2 * time.Second, cause: CauseUnreachable},
		{name: "refused", answers: []opens{{out: refused}}, want: Counts{Refused: 1, Blocked: 1}, calls: 1},
		{name: "turned away", answers: []opens{{out: accountError}}, want: Counts{Unsent: 2}, calls: 1, cause: CauseAccount},
		{name: "unknown, and not made", answers: []opens{{out: unknown}, {out: unknown}}, want: Counts{Sent: 2}, calls: 3, took: 2 * settle},
		{name: "unknown, and made", answers: []opens{hidden}, want: Counts{Sent: 2}, calls: 2, took: settle},
		{name: "unknown, then throttled", answers: []opens{hidden, {out: throttled}}, want: Counts{Sent: 2}, calls: 2, took: settle},
		{name: "throttled, then unknown", answers: []opens{{out: throttled}, hidden}, want: Counts{Sent: 2}, calls: 3, took: settle + time.Second},
		{name: "never known", answers: []opens{{out: unknown}, {out: unknown}, {out: broken}}, want: Counts{Unsent: 1, Blocked: 1}, calls: 3,
			took: 2 * settle, reason: "it broke"},
		{name: "no class", answers: []opens{{}}, want: Counts{Sent: 2}, calls: 2, took: settle},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLedger()
				lane, p, steps := opener(l, 1)
				p.opens = answering(tt.answers...)
				reason := ""
				begun := time.Now()
				got := mustRun(t, Options{Ledger: l, Observe: func(e Event) {
					if n, ok := e.(NotOpened); ok {
						reason = n.Reason
					}
				}}, lane)
				sound(t, l, p)
				// The back-off is a second or more, and of two that follow each other at most a second more.
				if took := time.Since(begun).Truncate(time.Second); got.Counts() != tt.want || took != tt.took || p.opening["chat p0"] != tt.calls {
					t.Errorf("%+v after %s, %d calls; want %+v after %s, %d calls", got.Counts(), took, p.opening["chat p0"], tt.want, tt.took, tt.calls)
				}
				var stop *Stop
				if errors.As(got.Err(), &stop); (stop != nil) != (tt.cause != "") || stop != nil && stop.Cause != tt.cause {
					t.Errorf("stopped: %v", got.Err())
				}
				if reason != tt.reason {
					t.Errorf("reason %q, want %q", reason, tt.reason)
				}
				if o, _ := l.Place("x", "chat p0"); tt.want.Sent > 0 && (o.Person != "p0" || o.Place != p.rooms["chat p0"][0].place) {
					t.Errorf("the ledger has %+v", o)
				}
				if st := l.state(steps[0].Send); tt.want.Refused > 0 && (st != state.Refused || l.results[steps[0].Send].Reason != refused.Reason) {
					t.Errorf("%s is %s", steps[0].Send, st)
				}
			})
		})
	}
}

// A place that the ledger knows is asked for no more; an attempt of an earlier run must have settled first, and its key is
// used again.
func TestOpeningOfEarlierRuns(t *testing.T) {
	for _, shift := range []time.Duration{0, year} {
		synctest.Test(t, func(t *testing.T) {
			l := newLedger()
			lane, p, _ := opener(l, 3)
			key := providers.NewKey()
			now := time.Now()
			l.rooms[room{"x", "chat p0"}] = state.Opened{Account: "x", Name: "chat p0", Person: "p0", Key: key, Place: "9", Begun: now, Tried: now}
			p.rooms["chat p0"] = []madeRoom{{key: key, place: "9"}}
			l.rooms[room{"x", "chat p1"}] = state.Opened{Account: "x", Name: "chat p1", Person: "p1", Key: key,
				Begun: now.Add(shift - time.Hour), Tried: now.Add(shift - 4*time.Second)}
			p.rooms["chat p1"] = []madeRoom{{key: key, place: "7/8", visible: now.Add(6 * time.Second)}}
			p.shift = shift
			at := map[addr.Send]time.Duration{}
			got := mustRun(t, Options{Ledger: l, Clock: shifted(shift), Observe: func(e Event) {
				if s, ok := e.(Started); ok {
					at[s.Send] = time.Since(now)
				}
			}}, lane)
			sound(t, l, p)
			if got.Counts() != (Counts{Sent: 6}) || p.opening["chat p0"] != 0 || p.opening["chat p1"] != 1 || p.opening["chat p2"] != 1 {
				t.Errorf("%+v, %v", got.Counts(), p.opening)
			}
			for s, begun := range at {
				if want := map[string]time.Duration{"p1": 6*time.Second + 2*holdFor}[s.Key]; begun != want {
					t.Errorf("%s began after %s, want %s", s, begun, want)
				}
			}
			for _, i := range l.intents {
				if i.Place != p.rooms["chat "+i.Send.Key][0].place {
					t.Errorf("the intent of %s is for %q", i.Send, i.Place)
				}
			}
		})
	}
}

// Many steps that share a conversation open it once, and none of them holds a worker while another does, or while it
// settles: the others are sent meanwhile.
func TestSharedOpening(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		var shared []planner.Step
		for i := range 10 {
			shared = append(shared, step("x", fmt.Sprint("s", i), "m", "ada"))
		}
		steps := slices.Concat(inRoom("chat", shared...), crowd("x", 100))
		p := newProvider(l, steps...)
		p.delay, p.opens = constant(time.Second), answering(opens{out: unknown, made: true, visible: settle})
		lane := laneOf(p, steps...)
		lane.Limits.Concurrency, lane.Settle = 2, settle
		others := time.Time{}
		begun := time.Now()
		got := mustRun(t, Options{Ledger: l, Observe: func(e Event) {
			if d, ok := e.(Done); ok && d.Send.Key != "ada" {
				others = time.Now()
			}
		}}, lane)
		sound(t, l, p)
		if got.Counts() != (Counts{Sent: 110}) || len(p.rooms["chat"]) != 1 || p.opening["chat"] != 2 {
			t.Errorf("%+v, %v, %v", got.Counts(), p.rooms, p.opening)
		}
		if a, b := others.Sub(begun), time.Since(begun); a > 56*time.Second || b > 57*time.Second {
			t.Errorf("the others took %s, all %s", a, b)
		}
	})
}

// Steps that share a conversation go on as soon as it is open, and are given up with it.
func TestSharedEnd(t *testing.T) {
	for _, opened := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			l := newLedger()
			var shared []planner.Step
			for i := range 10 {
				shared = append(shared, step("x", fmt.Sprint("s", i), "m", "ada"))
			}
			steps := inRoom("chat", shared...)
			p := newProvider(l, steps...)
			p.delay = constant(time.Second)
			want, calls, took := Counts{Sent: 10}, 1, 6*time.Second
			if !opened {
				p.opens = func(string, int) opens { return opens{out: unknown} }
				want, calls, took = Counts{Unsent: 10}, 3, 2*settle+time.Second
			}
			lane := laneOf(p, steps...)
			lane.Limits.Concurrency, lane.Settle, lane.Retry.MaxAttempts = 2, settle, 3
			failed := 0
			begun := time.Now()
			got := mustRun(t, Options{Ledger: l, Observe: func(e Event) {
				if n, ok := e.(NotOpened); ok && n.Reason == unknown.Reason {
					failed++
				}
			}}, lane)
			sound(t, l, p)
			if got.Counts() != want || p.opening["chat"] != calls || time.Since(begun) != took || failed != want.Unsent {
				t.Errorf("%+v after %s, %v, %d told", got.Counts(), time.Since(begun), p.opening, failed)
			}
		})
	}
}

// An interrupt ends the wait for the turn of an opening.
func TestOpeningInterruptedInLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		lane, p, _ := opener(l, 3)
		lane.Limits.Requests, lane.Limits.Per = 1, time.Minute
		begun := time.Now()
		got := mustRun(t, Options{Ledger: l, Drain: drainAfter(10 * time.Second)}, lane)
		sound(t, l, p)
		if got.Counts() != (Counts{Unsent: 6}) || time.Since(begun) != 10*time.Second || got.Err() != nil {
			t.Errorf("%+v after %s, %v", got.Counts(), time.Since(begun), got.Err())
		}
	})
}

// A vendor that answers no opening stops the lane as it does for sends, and what could not be opened is in no doubt.
func TestOpeningsBreak(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		lane, p, _ := opener(l, 100)
		p.opens = func(string, int) opens { return opens{out: unknown} }
		begun := time.Now()
		got := mustRun(t, Options{Ledger: l}, lane)
		sound(t, l, p)
		var stop *Stop
		if !errors.As(got.Err(), &stop) || stop.Cause != CauseUnknown || got.Counts() != (Counts{Unsent: 200}) || len(l.intents) > 0 || time.Since(begun) > 0 {
			t.Errorf("%v, %+v after %s", got.Err(), got.Counts(), time.Since(begun))
		}
	})
}

// An interrupt opens nothing more and waits for nothing; what is on its way is finished, or cut off by the second.
func TestInterruptedOpening(t *testing.T) {
	for _, tt := range []struct {
		name  string
		after time.Duration
		abort bool
		want  Counts
		took  time.Duration
		rooms int
	}{
		{"while it is opened", 500 * ms, false, Counts{Unsent: 2}, time.Second, 1},
		{"cut off", 500 * ms, true, Counts{Unsent: 2}, 500 * ms, 1},
		{"while it settles", 1500 * ms, false, Counts{Unsent: 2}, 1500 * ms, 1},
		{"afterwards", settle + 500*ms, false, Counts{Sent: 1, Unsent: 1}, settle + time.Second, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLedger()
				lane, p, _ := opener(l, 1)
				p.delay, p.opens = constant(time.Second), answering(opens{out: unknown, made: true})
				ctx, o := t.Context(), Options{Ledger: l, Drain: drainAfter(tt.after)}
				if tt.abort {
					ctx, o.Drain = timeout(t, tt.after), nil
				}
				begun := time.Now()
				got, err := Run(ctx, []Lane{lane}, o)
				sound(t, l, p)
				if err != nil || got.Counts() != tt.want || time.Since(begun) != tt.took || len(p.rooms["chat p0"]) != tt.rooms || !got.Interrupted {
					t.Errorf("%+v after %s, %v, rooms %v", got.Counts(), time.Since(begun), err, p.rooms)
				}
			})
		})
	}
}

// Openings keep to the limit, the ledger is told of each of their requests, and a late step opens nothing.
func TestOpeningsKeepTheLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		lane, p, steps := opener(l, 10)
		lane.Limits.Requests, lane.Limits.Per = 2, time.Second
		until(10*time.Second, steps...)
		got := mustRun(t, Options{Ledger: l}, lane)
		sound(t, l, p)
		c := got.Counts()
		if c.Sent == 0 || c.Late == 0 || c.Sent+c.Late != 20 || got.Err() != nil {
			t.Errorf("%+v, %v", c, got.Err())
		}
		if worst := worstWindow(p.arrived, time.Second); worst > 2 || len(p.arrived) != len(l.asks)+c.Sent || len(l.asks) == 0 {
			t.Errorf("%d in one window; %d requests, %d sent, the ledger knows of %d others", worst, len(p.arrived), c.Sent, len(l.asks))
		}
		if last := p.arrived[len(p.arrived)-1].Sub(p.arrived[0]); last >= 10*time.Second {
			t.Errorf("the last request came after %s", last)
		}
	})
}

// When it waits for its turn for long, the ledger knows when the attempt really began: that counts for settling.
func TestOpeningThatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		lane, p, _ := opener(l, 1)
		lane.Limits.Requests, lane.Limits.Per, lane.LastIntent = 1, time.Minute, time.Now()
		begun := time.Now()
		p.opens = func(string, int) opens { return opens{out: accountError} }
		mustRun(t, Options{Ledger: l}, lane)
		sound(t, l, p)
		row, _ := l.Place("x", "chat p0")
		if made := p.arrived[1]; made.Sub(begun) < 2*time.Minute || row.Tried.Before(made.Add(-2*holdFor)) || !row.Begun.Equal(begun) {
			t.Errorf("asked for after %s; the ledger has %s and %s", made.Sub(begun), row.Begun.Sub(begun), row.Tried.Sub(begun))
		}
	})
}

// A ledger that cannot be written ends the run before anything is opened or sent on it.
func TestOpeningWithoutTheLedger(t *testing.T) {
	for fail, rooms := range map[int]int{1: 0, 2: 0, 4: 1} {
		synctest.Test(t, func(t *testing.T) {
			l := newLedger()
			l.fail = func(write int) error {
				if write >= fail {
					return errFull
				}
				return nil
			}
			lane, p, _ := opener(l, 1)
			got, err := Run(t.Context(), []Lane{lane}, Options{Ledger: l})
			sound(t, l, p)
			if !errors.Is(err, errFull) || got.Counts() != (Counts{Unsent: 2}) || len(p.rooms["chat p0"]) != rooms {
				t.Errorf("write %d: %v, %+v, %v", fail, err, got.Counts(), p.rooms)
			}
		})
	}
}

// A lane that cannot open conversations says so.
func TestNoOpener(t *testing.T) {
	steps := inRoom("chat", step("x", "s", "m", "ada"))
	got := mustRun(t, Options{Ledger: newLedger()}, laneOf(noProvider{}, steps...))
	want := `x stopped: its steps cannot be carried out: s.m["ada"] needs its conversation to be opened, and this provider or ledger cannot do that; the rest stays unsent. Plan again`
	if got.Counts() != (Counts{Unsent: 1}) || got.Lanes[0].Stop == nil || got.Lanes[0].Stop.Error() != want {
		t.Errorf("%+v, %v", got.Counts(), got.Lanes[0].Stop)
	}
}

// What is in doubt in a conversation that was opened is asked about there.
func TestLookUpsOfOpened(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		lane, p, steps := opener(l, 1)
		f := newFinder(p, settle)
		lane.Provider = f
		p.script = first(steps[0].Send, unknown)
		known, told, lost := question("x", "known", time.Hour), question("x", "told", time.Hour), question("x", "lost", time.Hour)
		for name, q := range map[string]*Question{"known": &known, "told": &told, "lost": &lost} {
			q.Request = inRoom(name, step("x", "old", "m", name))[0].Request
		}
		told.Place = "5"
		l.rooms[room{"x", "known"}] = state.Opened{Account: "x", Name: "known", Place: "4"}
		lane.Questions = doubted(l, known, told, lost)
		var why string
		got := mustRun(t, Options{Ledger: l, Observe: func(e Event) {
			if u, ok := e.(LookedUp); ok && u.Send == lost.Send {
				why = u.Reason
			}
		}}, lane)
		sound(t, l, p)
		if got.Counts() != (Counts{Sent: 2}) || got.LookedUp() != (LookUps{Found: 3, Undecided: 1}) || why != "its conversation is not known" {
			t.Errorf("%+v, %+v, %q", got.Counts(), got.LookedUp(), why)
		}
		for _, a := range f.asked {
			if want := map[string]string{"known": "4", "told": "5", "p0": "room/1"}[a.send.Key]; a.doubt.Request.Place != want {
				t.Errorf("%s was looked for in %q", a.send, a.doubt.Request.Place)
			}
		}
	})
}

// An intent says that an answer is awaited.
func TestAwaited(t *testing.T) {
	l := newLedger()
	s := step("x", "s", "m", "ada")
	s.Request.Awaited = true
	mustRun(t, Options{Ledger: l}, laneOf(newProvider(l, s), s))
	if !l.intents[0].Awaited {
		t.Errorf("%+v", l.intents[0])
	}
}

// Another account under the same name does not write into the conversations of the one before.
func TestOpeningsBelongToTheAccount(t *testing.T) {
	one, other := &lane{Lane: Lane{Account: "x", Identity: "account 7"}}, &lane{Lane: Lane{Account: "x", Identity: "account 8"}}
	if a, b := one.conversation("chat p0"), other.conversation("chat p0"); a == b {
		t.Errorf("both have %q", a)
	}
	if got := (&lane{}).conversation("chat p0"); got != "chat p0" {
		t.Errorf("without an identity: %q", got)
	}
}
