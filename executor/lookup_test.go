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
	"herald/providers"
	"herald/state"
)

func byKey(s addr.Send, _ int) providers.Verdict {
	switch s.Key {
	case "gone":
		return absent
	case "lost":
		return undecided
	case "mute":
		return askBroken
	}
	return found
}

func TestLookUp(t *testing.T) {
	for _, tt := range []struct {
		name           string
		recorded, wait bool
		want           map[string]string // answers
		rows           map[string]state.State
		looked         LookUps
		took           time.Duration
	}{
		{"plan", false, false,
			map[string]string{"old": "found", "gone": "absent", "lost": "undecided: a message has no mark", "mute": "undecided: it broke",
				"fresh": "not asked: too early to ask: for another 6s what was accepted may not be visible yet"},
			map[string]state.State{"old": state.InDoubt, "gone": state.InDoubt, "lost": state.InDoubt, "mute": state.InDoubt, "fresh": state.InDoubt},
			LookUps{1, 1, 2}, 2 * time.Second},
		{"plan that waits", false, true,
			map[string]string{"old": "found", "gone": "absent", "lost": "undecided: a message has no mark", "mute": "undecided: it broke", "fresh": "found"},
			map[string]state.State{"old": state.InDoubt, "gone": state.InDoubt, "lost": state.InDoubt, "mute": state.InDoubt, "fresh": state.InDoubt},
			LookUps{2, 1, 2}, 6 * time.Second},
		{"apply", true, false,
			map[string]string{"old": "found", "gone": "absent", "lost": "undecided: a message has no mark", "mute": "undecided: it broke",
				"fresh": "not asked: too early to ask: for another 6s what was accepted may not be visible yet"},
			map[string]state.State{"old": state.Sent, "gone": state.Untried, "lost": state.InDoubt, "mute": state.InDoubt, "fresh": state.InDoubt},
			LookUps{1, 1, 2}, 2 * time.Second},
		{"refresh", true, true,
			map[string]string{"old": "found", "gone": "absent", "lost": "undecided: a message has no mark", "mute": "undecided: it broke", "fresh": "found"},
			map[string]state.State{"old": state.Sent, "gone": state.Untried, "lost": state.InDoubt, "mute": state.InDoubt, "fresh": state.Sent},
			LookUps{2, 1, 2}, 6 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLedger()
				f := newFinder(newProvider(l), 0)
				f.answers = byKey
				lane, _ := asking(l, crowd("x", 3)...) // steps are not read
				lane.Provider = f
				lane.Questions = doubted(l, question("x", "old", time.Hour), question("x", "fresh", 4*time.Second), question("x", "gone", time.Hour),
					question("x", "lost", time.Hour), question("x", "mute", time.Hour))
				o := LookUpOptions{Wait: tt.wait}
				if tt.recorded {
					o.Ledger = l
				}
				events := map[addr.Send]string{}
				o.Observe = func(e Event) {
					if looked, ok := e.(LookedUp); ok {
						events[looked.Send] = fmt.Sprint(looked.Finding)
					} else {
						t.Errorf("%T", e)
					}
				}
				begun := time.Now()
				got, err := LookUp(t.Context(), []Lane{lane}, o)
				if err != nil {
					t.Fatal(err)
				}
				sound(t, l, f.fakeProvider)
				if len(f.calls) > 0 {
					t.Errorf("it sent %v", f.calls)
				}
				one := got.Lanes[0]
				if one.Account != "x" || one.LookUps != tt.looked || got.Interrupted || one.LastRequest.Before(begun) {
					t.Errorf("%+v", got)
				}
				for i, a := range one.Answers {
					if a.Send != lane.Questions[i].Send {
						t.Errorf("answer %d is of %s", i, a.Send)
					}
					says := a.Finding.String()
					if !a.Asked {
						says = "not asked"
					} else if events[a.Send] != says {
						t.Errorf("%s: event %q", a.Send, events[a.Send])
					}
					if a.Reason != "" {
						says += ": " + a.Reason
					}
					if says != tt.want[a.Send.Key] {
						t.Errorf("%s: %q, want %q", a.Send, says, tt.want[a.Send.Key])
					}
					if a.Finding == providers.Found && (a.ID != "found" || a.Status != "progress") {
						t.Errorf("%s: %+v", a.Send, a)
					}
					if st := l.state(a.Send); st != tt.rows[a.Send.Key] {
						t.Errorf("%s is %s, want %s", a.Send, st, tt.rows[a.Send.Key])
					}
				}
				if took := time.Since(begun); took != tt.took {
					t.Errorf("took %s, want %s", took, tt.took)
				}
				if !tt.recorded && l.writes > 0 {
					t.Errorf("%d writes", l.writes)
				}
				if tt.recorded && len(l.asks) != len(f.arrived) {
					t.Errorf("%d requests, %d in the ledger", len(f.arrived), len(l.asks))
				}
			})
		})
	}
}

// Lanes are asked side by side; those of one group keep to one limit, which begins after the last intent.
func TestLookUpLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		p := newProvider(l)
		var lanes []Lane
		for i, account := range []string{"a", "b", "c"} {
			f := newFinder(p, 0)
			f.takes = 10 * time.Second
			lane := Lane{Account: account, Provider: f, Settle: settle, Group: "g", LastIntent: time.Now().Add(-time.Duration(i) * time.Hour),
				Limits: Limits{Requests: 2, Per: 4 * time.Second, Jitter: 10 * ms}}
			for n := range 4 {
				lane.Questions = append(lane.Questions, doubted(l, question(account, fmt.Sprint(account, n), time.Hour))...)
			}
			lanes = append(lanes, lane)
		}
		begun := time.Now()
		got, err := LookUp(t.Context(), lanes, LookUpOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for i, one := range got.Lanes {
			if one.Account != lanes[i].Account || one.LookUps != (LookUps{Found: 4}) || one.LastRequest.Sub(begun) < 30*time.Second {
				t.Errorf("%+v", one)
			}
		}
		slices.SortFunc(p.arrived, time.Time.Compare)
		if worst := worstWindow(p.arrived, 4*time.Second); worst > 2 {
			t.Errorf("%d requests in a window", worst)
		}
		if at := p.arrived[0].Sub(begun); at != 4010*ms+holdFor {
			t.Errorf("the first request began after %s", at)
		}
		if took := time.Since(begun); took > 55*time.Second {
			t.Errorf("took %s, as if lanes waited for each other", took)
		}
	})
}

func TestLookUpInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		f := newFinder(newProvider(l), 0)
		f.takes = 10 * time.Second
		lane := Lane{Account: "x", Provider: f, Settle: settle,
			Questions: doubted(l, question("x", "a", time.Hour), question("x", "b", time.Hour), question("x", "c", time.Hour))}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(15*time.Second, cancel)
		begun := time.Now()
		got, err := LookUp(ctx, []Lane{lane}, LookUpOptions{Ledger: l, Wait: true})
		if err != nil || !got.Interrupted || time.Since(begun) != 15*time.Second {
			t.Errorf("%+v, %v after %s", got, err, time.Since(begun))
		}
		a := got.Lanes[0].Answers
		if a[0].Finding != providers.Found || a[1].Reason != "interrupted" || a[2].Reason != "interrupted" || a[2].Asked || l.count(state.Sent) != 1 {
			t.Errorf("%+v", a)
		}
	})
}

func TestLookUpWithoutAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		f := newFinder(newProvider(l), 0)
		f.answers = in(askAway)
		away := Lane{Account: "away", Provider: f, Questions: doubted(l, question("away", "a", time.Hour), question("away", "b", time.Hour))}
		mute := Lane{Account: "mute", Provider: f.fakeProvider, Questions: doubted(l, question("mute", "c", time.Hour))}
		own := newFinder(newProvider(l), 0)
		own.requests = -1
		none := Lane{Account: "none", Provider: own, Questions: doubted(l, question("none", "d", time.Hour))}
		got, err := LookUp(t.Context(), []Lane{away, mute, none, {Account: "empty", Provider: f}}, LookUpOptions{})
		if err != nil || got.Interrupted {
			t.Fatal(err)
		}
		var says []string
		for _, one := range got.Lanes {
			for _, a := range one.Answers {
				says = append(says, fmt.Sprintf("%s %t %s %q", a.Send.Key, a.Asked, a.Finding, a.Reason))
			}
		}
		want := `a true undecided "bad agent token"
b false undecided "the account was turned away: bad agent token"
c false undecided "this provider cannot be asked"
d true found ""`
		if s := strings.Join(says, "\n"); s != want {
			t.Errorf("got:\n%s\nwant:\n%s", s, want)
		}
		if !got.Lanes[2].LastRequest.IsZero() || got.Lanes[0].LastRequest.IsZero() {
			t.Errorf("last requests: %+v", got.Lanes)
		}
	})
}

func TestLookUpLedgerFails(t *testing.T) {
	full := errors.New("disk full")
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		l.fail = func(int) error { return full }
		f := newFinder(newProvider(l), 0)
		lane := Lane{Account: "x", Provider: f, Questions: doubted(l, question("x", "a", time.Hour), question("x", "b", time.Hour))}
		got, err := LookUp(t.Context(), []Lane{lane}, LookUpOptions{Ledger: l})
		if !errors.Is(err, full) || got.Interrupted {
			t.Errorf("%+v, %v", got, err)
		}
		for _, a := range got.Lanes[0].Answers {
			if a.Asked || a.Reason != errLedger.Error() {
				t.Errorf("%+v", a)
			}
		}
	})
	if _, err := LookUp(t.Context(), []Lane{{Account: "x"}}, LookUpOptions{}); err == nil {
		t.Error("a lane without a provider")
	}
}
