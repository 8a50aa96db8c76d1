package planner

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"herald/internal/addr"
	"herald/providers"
	"herald/spec"
	"herald/state"
)

func canary(name string, size int, hold time.Duration, sequences ...string) *spec.Policy {
	p := policy(name, sequences...)
	p.Canary = &spec.Canary{Size: size, Hold: hold}
	return p
}

func TestCanary(t *testing.T) {
	c := courses(t, 4, map[string][]string{"a": {"one", "two"}})
	c.Policies = []*spec.Policy{canary("careful", 2, 2*time.Hour)}
	in := input(c)
	first := good(t, in)
	equal(t, "the first two", first.did(), []string{
		`send a.one["c0"]`, `send a.two["c0"]`, `send a.one["c1"]`, `send a.two["c1"]`,
		`waits a.one["c2"]: canary of policy.careful: the first 2, then 2h`, `waits a.two["c2"]: after a.one`,
		`waits a.one["c3"]: canary of policy.careful: the first 2, then 2h`, `waits a.two["c3"]: after a.one`,
	})
	if w := first.steps[4]; w.Request.Method != "" || !w.Due.IsZero() || first.Counts[Waits] != 4 || first.Sends() != 4 {
		t.Errorf("%+v", w)
	}
	ledger := records{}
	in.View = recordAt(ledger, first, noon, only("c0"))
	equal(t, "one is missing", good(t, in).did()[2:4], []string{`send a.one["c1"]`, `send a.two["c1"]`})

	in.View = recordAt(ledger, first, noon.Add(time.Hour), only("c1"))
	for _, tt := range []struct {
		after time.Duration
		want  Action
	}{{time.Hour, Waits}, {3*time.Hour - 1, Waits}, {3 * time.Hour, Send}} {
		in.Now = noon.Add(tt.after)
		m := good(t, in)
		if s := m.steps[4]; s.Send.Key != "c2" || s.Action != tt.want || tt.want == Waits && !s.Due.Equal(noon.Add(3*time.Hour)) {
			t.Errorf("after %s: %s, due %s", tt.after, m.did()[4], s.Due)
		}
	}
}

func TestCanaryOfOthers(t *testing.T) {
	sequences := map[string][]string{"a": {"one"}, "b": {"one"}}
	for _, tt := range []struct {
		name     string
		policies []*spec.Policy
		ledger   []state.Record
		found    providers.Finding
		edit     func(*Input)
		want     []string // actions of a.one
	}{
		{name: "another sequence", policies: []*spec.Policy{canary("b", 1, time.Hour, "b")}, want: []string{"send", "send", "send"}},
		{name: "larger than the crowd", policies: []*spec.Policy{canary("big", 4, time.Hour)}, want: []string{"send", "send", "send"}},
		{name: "the smaller of two", policies: []*spec.Policy{canary("big", 2, time.Hour), canary("small", 1, time.Hour)}, want: []string{"send", "waits", "waits"}},
		{name: "refused and in doubt are in the wave", policies: []*spec.Policy{canary("c", 2, time.Hour)},
			ledger: []state.Record{{Send: sendOf("a", "one", "c0"), State: state.Refused, At: noon}, {Send: sendOf("a", "one", "c1"), State: state.InDoubt, At: noon}},
			want:   []string{"refused", "in_doubt", "waits"}},
		{name: "in doubt, and found not to have left", policies: []*spec.Policy{canary("c", 2, time.Hour)}, found: providers.Absent,
			ledger: []state.Record{{Send: sendOf("a", "one", "c0"), State: state.Sent, At: noon}, {Send: sendOf("a", "one", "c1"), State: state.InDoubt, At: noon}},
			want:   []string{"kept", "send", "waits"}},
		{name: "the first one did not leave, so that the hold begins later", policies: []*spec.Policy{canary("c", 1, 90*time.Minute)}, found: providers.Absent,
			ledger: []state.Record{{Send: sendOf("a", "one", "c0"), State: state.Sent, At: noon.Add(-time.Hour)}, {Send: sendOf("a", "one", "c1"), State: state.InDoubt, At: noon.Add(-2 * time.Hour)}},
			want:   []string{"kept", "waits", "waits"}},
		{name: "sent again is not held", policies: []*spec.Policy{canary("c", 1, time.Hour)}, edit: func(in *Input) { in.Replace = targets("a.one") },
			ledger: []state.Record{{Send: sendOf("a", "one", "c2"), State: state.Sent, At: noon}}, want: []string{"waits", "waits", "resend"}},
		{name: "the limit counts after it", policies: []*spec.Policy{canary("c", 2, time.Hour, "a")}, edit: func(in *Input) { in.Limit = 1 },
			want: []string{"send", "waits"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := input(courses(t, 3, sequences))
			in.Campaign.Policies = tt.policies
			for i := range tt.ledger {
				tt.ledger[i].Account = "chat"
				tt.ledger[i].Content = state.Hash{Version: HashVersion, Sum: [16]byte{1}}
			}
			if tt.ledger != nil && tt.ledger[0].State == state.Refused {
				first := good(t, in)
				tt.ledger[0].Content, tt.ledger[0].Destination = first.steps[0].Content, first.steps[0].Destination
			}
			in.View = state.NewView("l", 1, slices.Values(tt.ledger))
			in.LookedUp = map[addr.Send]providers.Finding{sendOf("a", "one", "c1"): tt.found}
			if tt.edit != nil {
				tt.edit(&in)
			}
			var got []string
			for _, s := range good(t, in).steps {
				if s.Send.Sequence == "a" {
					got = append(got, string(s.Action))
				}
			}
			equal(t, "a.one", got, tt.want)
		})
	}
}

// Somebody who is left out holds no place in the wave.
func TestCanaryPassesOverTheInvalid(t *testing.T) {
	skip := strings.Replace(csvSource, "}", "  on_invalid = \"skip\"\n}", 1)
	text := peopleCampaign(skip, "contacts.people", "Hi ${contact.n}", "-- people.csv --\nid,n\nc0,"+strings.Repeat("x", 70)+"\nc1,x\nc2,x\n")
	c := campaign(t, text)
	c.Policies = []*spec.Policy{canary("careful", 1, time.Hour)}
	equal(t, "steps", good(t, input(c)).did(), []string{`send s.m["c1"]`, `waits s.m["c2"]: canary of policy.careful: the first 1, then 1h`})
}

// Whatever comes of the sends, and however many runs it takes: no message goes to more than the wave before the hold has
// passed since the wave was whole, nobody is overtaken, and what may go goes.
func TestCanaryAgainstAModel(t *testing.T) {
	messages := []string{"one", "two"}
	loaded := map[int]*spec.Campaign{}
	rapid.Check(t, func(rt *rapid.T) {
		people := rapid.IntRange(1, 8).Draw(rt, "people")
		if loaded[people] == nil {
			loaded[people] = courses(t, people, map[string][]string{"a": messages})
		}
		c := *loaded[people]
		size, hold := rapid.IntRange(1, 5).Draw(rt, "size"), time.Duration(rapid.IntRange(0, 3).Draw(rt, "hold"))*time.Hour
		c.Policies = []*spec.Policy{canary("careful", size, hold)}
		in, ledger := input(&c), records{}
		times := map[string][]time.Time{} // of each message, as they were recorded
		for range rapid.IntRange(1, 6).Draw(rt, "runs") {
			in.Now = in.Now.Add(time.Duration(rapid.IntRange(0, 3).Draw(rt, "later")) * time.Hour)
			in.View = ledgerOf(ledger)
			m := makePlan(t, in)
			if m.Plan == nil {
				rt.Fatalf("no plan: %q", said(m.diags))
			}
			for _, name := range messages {
				may, sends, waits := people, 0, 0
				if at := times[name]; len(at) < size {
					may = size - len(at)
				} else if slices.SortFunc(at, time.Time.Compare); in.Now.Before(at[size-1].Add(hold)) {
					may = 0
				}
				for _, s := range m.steps {
					switch {
					case s.Send.Name != name:
					case s.Action == Send:
						sends++
					case s.Action == Waits && strings.HasPrefix(s.Reason, "canary"):
						waits++
					}
				}
				if sends > may || waits > 0 && sends < may {
					rt.Fatalf("%s: %d sends of %d, and %d wait: %q", name, sends, may, waits, m.did())
				}
			}
			sending := map[string]bool{}
			for _, s := range m.steps {
				before := ledger[sendOf("a", "one", s.Send.Key)].State
				if s.Send.Name == "two" && s.Action == Send && before != state.Sent && !sending[s.Send.Key] {
					rt.Fatalf("%s before the one that waits: %q", s.Send, m.did())
				}
				sending[s.Send.Key] = sending[s.Send.Key] || s.Action == Send
			}
			stopped := map[string]bool{}
			recordAt(ledger, m, in.Now, func(s Step) state.State {
				if stopped[s.Send.Key] {
					return state.Untried
				}
				o := rapid.SampledFrom([]state.State{state.Sent, state.Sent, state.Sent, state.Refused, state.InDoubt, state.Untried}).Draw(rt, fmt.Sprint(s.Send))
				if stopped[s.Send.Key] = o != state.Sent; o != state.Untried {
					times[s.Send.Name] = append(times[s.Send.Name], in.Now)
				}
				return o
			})
		}
	})
}

// A plan that a cap does not forbid keeps to it, whatever was sent before and in whatever order the plans were made; one
// that is forbidden would not.
func TestCapsAgainstAModel(t *testing.T) {
	all := courses(t, 4, map[string][]string{"a": {"one", "two"}, "b": {"one", "two", "three"}})
	rapid.Check(t, func(rt *rapid.T) {
		c := *all
		p := policy("calm", rapid.SampledFrom([][]string{nil, {"a"}, {"b"}}).Draw(rt, "covers")...)
		p.MaxSends = rapid.IntRange(-1, 12).Draw(rt, "max_sends")
		p.MaxPerContact = &spec.PerContact{Count: rapid.IntRange(1, 4).Draw(rt, "count"), Per: time.Duration(rapid.IntRange(1, 5).Draw(rt, "per")) * time.Hour}
		c.Policies = []*spec.Policy{p}
		in, ledger := input(&c), records{}
		got := map[string][]time.Time{} // what the policy covers, by person
		for range rapid.IntRange(1, 6).Draw(rt, "runs") {
			in.Now = in.Now.Add(time.Duration(rapid.IntRange(1, 3).Draw(rt, "later")) * time.Hour)
			in.View, in.Limit = ledgerOf(ledger), rapid.IntRange(-1, 12).Draw(rt, "limit")
			m := makePlan(t, in)
			if m.Plan == nil {
				rt.Fatalf("no plan: %q", said(m.diags))
			}
			sends, now := 0, map[string]int{}
			for _, s := range m.steps {
				if s.Action.Sends() && p.Covers(s.Send.Sequence) {
					sends++
					now[s.Send.Key]++
				}
			}
			tooMany := p.MaxSends >= 0 && sends > p.MaxSends
			for key, n := range now {
				for _, at := range got[key] {
					if at.After(in.Now.Add(-p.MaxPerContact.Per)) {
						n++
					}
				}
				tooMany = tooMany || n > p.MaxPerContact.Count
			}
			if (len(m.Forbidden) > 0) != tooMany {
				rt.Fatalf("forbidden: %q, want %v: %q", forbidden(m), tooMany, m.did())
			}
			if tooMany {
				continue
			}
			recordAt(ledger, m, in.Now, func(s Step) state.State {
				if p.Covers(s.Send.Sequence) {
					got[s.Send.Key] = append(got[s.Send.Key], in.Now)
				}
				return state.Sent
			})
		}
	})
}
