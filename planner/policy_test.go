package planner

import (
	"slices"
	"strings"
	"testing"
	"time"

	"herald/internal/addr"
	"herald/providers"
	"herald/spec"
	"herald/state"
)

func TestMaxSends(t *testing.T) {
	c := courses(t, 6, map[string][]string{"a": {"one", "two"}, "b": {"one"}})
	for _, tt := range []struct {
		name   string
		covers []string
		max    int
		limit  int
		want   string
	}{
		{name: "just as many", max: 18, limit: -1},
		{name: "one too many", max: 17, limit: -1, want: "policy.calm allows 17 sends a run; this plan has 18, 1 too many. Send in parts with -limit=17, "},
		{name: "none allowed", max: 0, limit: -1, want: "policy.calm stops all sends; this plan has 18. Remove its max_sends when "},
		{name: "limited", max: 5, limit: 5},
		{name: "limited too little", max: 5, limit: 6, want: "policy.calm allows 5 sends a run; this plan has 6, 1 too many. "},
		{name: "of one sequence", covers: []string{"a"}, max: 11, limit: -1, want: "policy.calm allows 11 sends a run of a; this plan has 12, 1 too many. "},
		{name: "of another sequence", covers: []string{"b"}, max: 6, limit: -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := policy("calm", tt.covers...)
			p.MaxSends = tt.max
			c.Policies = []*spec.Policy{p}
			in := input(c)
			in.Limit = tt.limit
			m := good(t, in)
			got := forbidden(m)
			if tt.want == "" && len(got) > 0 || tt.want != "" && (len(got) != 1 || !strings.HasPrefix(got[0], "Too many sends: "+tt.want)) {
				t.Errorf("%q, want %q", got, tt.want)
			}
			if m.Sends() == 0 || len(m.steps) == 0 {
				t.Error("a forbidden plan is shown all the same")
			}
		})
	}
}

func TestMaxFailureRate(t *testing.T) {
	ended := func(bad int, as state.State) func(Step) state.State {
		return func(s Step) state.State {
			if bad--; bad >= 0 {
				return as
			}
			return state.Sent
		}
	}
	for _, tt := range []struct {
		name        string
		tried, bad  int
		rate        float64
		nothingToDo bool
		other       bool
		want        string
	}{
		{name: "nobody yet", rate: 0},
		{name: "two of forty, five percent", tried: 40, bad: 2, rate: 0.05},
		{name: "three of forty, five percent", tried: 40, bad: 3, rate: 0.05,
			want: "policy.careful allows 5 % of the messages to fail; of the 40 so far, 3 have failed: 3 refused, 0 not delivered (7.5 %). "},
		{name: "29 of a hundred, 29 percent", tried: 100, bad: 29, rate: 0.29},
		{name: "one of three is one of twenty", tried: 3, bad: 1, rate: 0.05},
		{name: "two of three are two of twenty", tried: 3, bad: 2, rate: 0.05,
			want: "policy.careful allows 5 % of the messages to fail; of the 3 so far, 2 have failed: 2 refused, 0 not delivered (10 %, fewer than 20 being counted as 20). "},
		{name: "none may fail", tried: 3, bad: 1, want: "policy.careful allows 0 % of the messages to fail; of the 3 so far, 1 has failed: "},
		{name: "nothing left to send", tried: 3, bad: 2, nothingToDo: true},
		{name: "another sequence", tried: 3, bad: 2, other: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			people := tt.tried
			if !tt.nothingToDo {
				people++
			}
			sequences := map[string][]string{"a": {"one"}}
			if tt.other {
				sequences["b"] = []string{"one"}
			}
			in := input(courses(t, people, sequences))
			in.Limit = tt.tried
			in.View = after(nil, good(t, in), ended(tt.bad, state.Refused))
			p := policy("careful")
			if tt.other {
				p.Sequences = []string{"b"}
			}
			p.MaxFailureRate = tt.rate
			in.Campaign.Policies = []*spec.Policy{p}
			in.Limit = -1
			got := forbidden(good(t, in))
			if tt.want == "" && len(got) > 0 || tt.want != "" && (len(got) != 1 || !strings.HasPrefix(got[0], "Too many failures: "+tt.want)) {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// What the provider could not deliver counts, as the ledger or a receipt of now has it.
func TestUndeliveredFails(t *testing.T) {
	in := input(courses(t, 4, map[string][]string{"a": {"one"}}))
	in.Limit = 3
	in.View = after(nil, good(t, in), sent)
	in.Receipts = map[addr.Send]state.Receipt{sendOf("a", "one", "c1"): {Send: sendOf("a", "one", "c1"), Failed: noon, Reason: "gone"}}
	p := policy("strict")
	p.MaxFailureRate = 0.04
	in.Campaign.Policies, in.Limit = []*spec.Policy{p}, -1
	if got := forbidden(good(t, in)); len(got) != 1 || !strings.Contains(got[0], "of the 3 so far, 1 has failed: 0 refused, 1 not delivered (5 %") {
		t.Errorf("%q", got)
	}
	p.MaxFailureRate = 0.05
	if got := forbidden(good(t, in)); len(got) != 0 {
		t.Errorf("%q", got)
	}
}

// What was refused is no failure any more once it is tried again, and what was sent counts though it is sent again.
func TestFailuresAreMended(t *testing.T) {
	in := input(courses(t, 5, map[string][]string{"a": {"one"}}))
	in.Limit = 4
	in.View = after(nil, good(t, in), func(s Step) state.State {
		if s.Send.Key == "c0" {
			return state.Refused
		}
		return state.Sent
	})
	p := policy("strict")
	p.MaxFailureRate = 0
	in.Campaign.Policies, in.Limit = []*spec.Policy{p}, -1
	if m := good(t, in); len(m.Forbidden) != 1 {
		t.Errorf("refused: %q", forbidden(m))
	}
	in.Replace = targets(`a.one["c0"]`)
	if m := good(t, in); len(m.Forbidden) != 0 || m.Sends() != 2 {
		t.Errorf("tried again: %q, %d sends", forbidden(m), m.Sends())
	}
	in.Replace = targets(`a.one["c1"]`)
	if got := forbidden(good(t, in)); len(got) != 1 || !strings.Contains(got[0], "of the 4 so far, 1 has failed") {
		t.Errorf("a sent one again: %q", got)
	}
	policies := in.Campaign.Policies
	in.Replace, in.Campaign = nil, courses(t, 5, map[string][]string{"a": {"one=another text"}})
	in.Campaign.Policies = policies
	for _, r := range lastRecords[in.View] {
		if r.Send.Key == "c2" {
			r.State = state.Refused
			lastRecords[in.View][r.Send] = r
		}
	}
	in.View = ledgerOf(lastRecords[in.View])
	m := good(t, in) // both refused ones are tried with another text, and the two that were sent are kept
	if len(m.Forbidden) != 0 || m.Counts[Kept] != 2 || m.Sends() != 3 {
		t.Errorf("another text: %q, %q", forbidden(m), m.did())
	}
	in.Receipts = map[addr.Send]state.Receipt{sendOf("a", "one", "c1"): {Failed: noon}}
	if got := forbidden(good(t, in)); len(got) != 1 || !strings.Contains(got[0], "of the 2 so far, 1 has failed") {
		t.Errorf("another text, and one was not delivered: %q", got)
	}
}

func TestMaxPerContact(t *testing.T) {
	perContact := func(n int, per time.Duration, sequences ...string) []*spec.Policy {
		p := policy("calm", sequences...)
		p.MaxPerContact = &spec.PerContact{Count: n, Per: per}
		return []*spec.Policy{p}
	}
	record := func(sequence, name, key string, as state.State, ago time.Duration) state.Record {
		return state.Record{Send: sendOf(sequence, name, key), State: as, Account: "chat", At: noon.Add(-ago)}
	}
	const week = 7 * 24 * time.Hour
	for _, tt := range []struct {
		name    string
		ledger  []state.Record
		found   map[addr.Send]providers.Finding
		policy  []*spec.Policy
		replace string
		want    string
	}{
		{name: "three allowed", policy: perContact(3, week)},
		{name: "two allowed", policy: perContact(2, week), want: `3 contacts would get 3 messages within 1w; policy.calm allows 2. What was sent`},
		{name: "one sequence", policy: perContact(2, week, "a")},
		{name: "more for one", policy: perContact(3, week), ledger: []state.Record{record("gone", "x", "c1", state.Sent, time.Hour), record("gone", "y", "c1", state.InDoubt, time.Hour)},
			want: `1 contact would get 5 messages within 1w; policy.calm allows 3. What was sent`},
		{name: "not all the same", policy: perContact(2, week), ledger: []state.Record{record("gone", "x", "c1", state.Sent, time.Hour)},
			want: `3 contacts would get 3 to 4 messages within 1w; `},
		{name: "too many before", policy: perContact(1, week), ledger: []state.Record{record("gone", "x", "c0", state.Sent, 0), record("gone", "y", "c0", state.Sent, 0)},
			want: `3 contacts would get 3 to 5 messages within 1w; policy.calm allows 1. What was sent`},
		{name: "a moment too long ago", policy: perContact(3, week), ledger: []state.Record{record("gone", "x", "c1", state.Sent, week)}},
		{name: "just within", policy: perContact(3, week), ledger: []state.Record{record("gone", "x", "c1", state.Sent, week-1)}, want: "1 contact would get 4 messages"},
		{name: "refused is not sent", policy: perContact(3, week), ledger: []state.Record{record("gone", "x", "c1", state.Refused, time.Hour)}},
		{name: "one not covered", policy: perContact(2, week, "a"), ledger: []state.Record{record("gone", "x", "c1", state.Sent, time.Hour)}},
		{name: "nothing more to the one who has enough", policy: perContact(2, week, "b"),
			ledger: []state.Record{record("b", "one", "c1", state.Sent, time.Hour), record("gone", "x", "c1", state.Sent, 0), record("gone", "y", "c1", state.Sent, 0)}},
		{name: "in doubt, and found not to have left", policy: perContact(3, week), ledger: []state.Record{record("gone", "x", "c1", state.InDoubt, time.Hour)},
			found: map[addr.Send]providers.Finding{sendOf("gone", "x", "c1"): providers.Absent}},
		{name: "in doubt, and found", policy: perContact(3, week), ledger: []state.Record{record("gone", "x", "c1", state.InDoubt, time.Hour)},
			found: map[addr.Send]providers.Finding{sendOf("gone", "x", "c1"): providers.Found}, want: "1 contact would get 4"},
		{name: "again", policy: perContact(3, week), replace: "b.one", ledger: []state.Record{record("b", "one", "c1", state.Sent, time.Hour)}, want: "1 contact would get 4"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := courses(t, 3, map[string][]string{"a": {"one", "two"}, "b": {"one"}})
			c.Policies = tt.policy
			in := input(c)
			in.View, in.LookedUp = state.NewView("l", 1, slices.Values(tt.ledger)), tt.found
			if tt.replace != "" {
				in.Replace = targets(tt.replace)
			}
			got := forbidden(good(t, in))
			if tt.want == "" && len(got) > 0 || tt.want != "" && (len(got) != 1 || !strings.HasPrefix(got[0], "Too many messages to one contact: "+tt.want)) {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// Several policies are all said, by name.
func TestForbiddenByAll(t *testing.T) {
	c := courses(t, 3, map[string][]string{"a": {"one", "two"}})
	first, second := policy("few"), policy("rare")
	first.MaxSends = 1
	first.MaxPerContact, second.MaxPerContact = &spec.PerContact{Count: 1, Per: time.Hour}, &spec.PerContact{Count: 1, Per: time.Minute}
	c.Policies = []*spec.Policy{first, second}
	var got []string
	for _, f := range good(t, input(c)).Forbidden {
		got = append(got, f.Summary)
	}
	equal(t, "forbidden", got, []string{"Too many sends", "Too many messages to one contact", "Too many messages to one contact"})
}

// A send that replaced another one does not hide it.
func TestSentAgainCounts(t *testing.T) {
	l := newLedgerFile(t)
	in := input(courses(t, 1, map[string][]string{"a": {"one"}}))
	in.View = l.apply(good(t, in), noon.Add(-2*time.Hour), sent)
	in.Replace = targets("a.one")
	in.View = l.apply(good(t, in), noon.Add(-time.Hour), sent)
	for allowed, want := range map[int]int{2: 1, 3: 0} {
		p := policy("calm")
		p.MaxPerContact = &spec.PerContact{Count: allowed, Per: 3 * time.Hour}
		in.Campaign.Policies = []*spec.Policy{p}
		if m := good(t, in); len(m.Forbidden) != want {
			t.Errorf("%d allowed: %q", allowed, forbidden(m))
		}
	}
}
