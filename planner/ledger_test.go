package planner

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"herald/internal/addr"
	"herald/providers"
	"herald/spec"
	"herald/state"
)

// lookedUp gives look-ups by address.
func lookedUp(t testing.TB, found map[string]providers.Finding) map[addr.Send]providers.Finding {
	t.Helper()
	all := map[addr.Send]providers.Finding{}
	for name, f := range found {
		s, err := addr.ParseSend(name)
		if err != nil {
			t.Fatal(err)
		}
		all[s] = f
	}
	return all
}

// What a look-up finds goes by the ordinary rules, and what it cannot tell by on_doubt.
func TestLookedUp(t *testing.T) {
	_, view := doubtful(t, state.InDoubt)
	edited := strings.Replace(renewal, "c1,Ada", "c1,Eva", 1)
	for _, tt := range []struct {
		name    string
		text    string
		onDoubt spec.OnDoubt
		finding providers.Finding
		replace []addr.Target
		want    []string // of offer and letter
		counts  LookUps
	}{
		{"found", renewal, spec.DoubtHold, providers.Found, nil, []string{`unchanged renewal.offer["c1"]`, `send renewal.letter["c1"]`}, LookUps{Found: 1}},
		{"found, resend", renewal, spec.DoubtResend, providers.Found, nil, []string{`unchanged renewal.offer["c1"]`, `send renewal.letter["c1"]`}, LookUps{Found: 1}},
		{"found, edited", edited, spec.DoubtHold, providers.Found, nil, []string{`kept renewal.offer["c1"]`, `send renewal.letter["c1"]`}, LookUps{Found: 1}},
		{"found, -replace", renewal, spec.DoubtHold, providers.Found, targets(`renewal.offer["c1"]`), []string{`resend renewal.offer["c1"]: -replace`, `send renewal.letter["c1"]`}, LookUps{Found: 1}},
		{"absent", renewal, spec.DoubtHold, providers.Absent, nil, []string{`send renewal.offer["c1"]`, `send renewal.letter["c1"]`}, LookUps{Absent: 1}},
		{"absent, assume_sent", edited, spec.DoubtAssumeSent, providers.Absent, nil, []string{`send renewal.offer["c1"]`, `send renewal.letter["c1"]`}, LookUps{Absent: 1}},
		{"undecided", renewal, spec.DoubtHold, providers.Undecided, nil, []string{`in_doubt renewal.offer["c1"]`, `blocked renewal.letter["c1"]: blocked by renewal.offer`}, LookUps{Undecided: 1}},
		{"undecided, resend", renewal, spec.DoubtResend, providers.Undecided, nil, []string{`resend renewal.offer["c1"]: in doubt; on_doubt = "resend"`, `send renewal.letter["c1"]`}, LookUps{Undecided: 1}},
		{"undecided, assume_sent", renewal, spec.DoubtAssumeSent, providers.Undecided, nil, []string{`assume renewal.offer["c1"]: in doubt; on_doubt = "assume_sent"`, `send renewal.letter["c1"]`}, LookUps{Undecided: 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := input(campaign(t, onDoubt(tt.onDoubt, tt.text)))
			in.View, in.Replace = view, tt.replace
			in.LookedUp = lookedUp(t, map[string]providers.Finding{
				`renewal.offer["c1"]`: tt.finding,
				`renewal.ask["c1"]`:   providers.Found, // not in doubt, and so no business of a look-up
				`renewal.offer["c9"]`: providers.Found,
			})
			m := good(t, in)
			equal(t, "steps", m.did()[:2], tt.want)
			if m.LookedUp != tt.counts {
				t.Errorf("looked up %+v, want %+v", m.LookedUp, tt.counts)
			}
			if m.of(t, `renewal.offer["c1"]`).FromDoubt != (tt.finding == providers.Undecided && tt.onDoubt == spec.DoubtResend) {
				t.Error("from doubt")
			}
		})
	}

	in := input(campaign(t, onDoubt(spec.DoubtHold, renewal)))
	in.View = view
	in.LookedUp = lookedUp(t, map[string]providers.Finding{`renewal.offer["c1"]`: providers.Undecided})
	in.Replace = targets(`renewal.offer["c1"]`)
	if m := makePlan(t, in); m.Plan != nil {
		t.Errorf("-replace of what stays in doubt: %q", m.did())
	}
}

// While a run is alive nothing is decided about what it sends.
func TestLookedUpWhileSending(t *testing.T) {
	_, view := doubtful(t, state.Sending)
	for _, f := range []providers.Finding{providers.Found, providers.Absent, providers.Undecided} {
		in := input(campaign(t, renewal))
		in.View, in.LookedUp = view, lookedUp(t, map[string]providers.Finding{`renewal.offer["c1"]`: f})
		m := good(t, in)
		equal(t, f.String(), m.did()[:1], []string{`in_doubt renewal.offer["c1"]: a run may be sending it now`})
		if m.LookedUp != (LookUps{}) {
			t.Errorf("%s: %+v", f, m.LookedUp)
		}
	}
}

// Who left and was looked up is no longer in doubt.
func TestLookedUpAndGone(t *testing.T) {
	_, view := doubtful(t, state.InDoubt)
	for f, left := range map[providers.Finding]int{providers.Found: 1, providers.Absent: 0, providers.Undecided: 1} {
		in := input(campaign(t, strings.Replace(renewal, "c1,Ada,t1,ada@example.com\n", "", 1)))
		in.View, in.LookedUp = view, lookedUp(t, map[string]providers.Finding{`renewal.offer["c1"]`: f})
		m := good(t, in)
		want := 1 // c2
		if f == providers.Undecided {
			want = 2
		}
		if m.Counts[InDoubt] != want || m.Left != left {
			t.Errorf("%s: %d in doubt, %d left", f, m.Counts[InDoubt], m.Left)
		}
	}
}

// A value that only an attempt had used up which came to nothing is free again.
func TestLookedUpFreesUniqueValues(t *testing.T) {
	text := peopleCampaign(csvSource+`
audience "all" {
  include   = [contacts.people]
  unique_by = contact.phone
}
`, "audience.all", "Hi", "-- people.csv --\nid,phone\nc0,+4911\nc1,+4911\n")
	alone := good(t, input(campaign(t, strings.Replace(text, "c0,+4911\n", "", 1))))
	view := after(nil, alone, func(Step) state.State { return state.InDoubt })
	for f, want := range map[providers.Finding][]string{
		providers.Found:     {`unchanged s.m["c1"]`},
		providers.Absent:    {`send s.m["c0"]`},
		providers.Undecided: {`in_doubt s.m["c1"]`},
	} {
		in := input(campaign(t, text))
		in.View, in.LookedUp = view, lookedUp(t, map[string]providers.Finding{`s.m["c1"]`: f})
		equal(t, f.String(), good(t, in).did(), want)
	}
	// What somebody else may have under the same value stays used up,
	both := records{}
	for _, key := range []string{"c1", "c2"} {
		r := view.Doubt[0]
		r.Send.Key = key
		both[r.Send] = r
	}
	two := input(campaign(t, strings.Replace(text, "c1,+4911\n", "c1,+4911\nc2,+4911\n", 1)))
	two.View, two.LookedUp = ledgerOf(both), lookedUp(t, map[string]providers.Finding{`s.m["c1"]`: providers.Absent})
	equal(t, "two in doubt", good(t, two).did(), []string{`in_doubt s.m["c2"]: destination changed since`})
	// and what the person has since an earlier attempt.
	had := lastRecords[view][alone.steps[0].Send]
	had.State = state.Sent
	in := input(campaign(t, text))
	in.View = state.NewView("lineage", 1, func(yield func(state.Record) bool) {
		_ = yield(had) && yield(view.Doubt[0])
	})
	in.LookedUp = lookedUp(t, map[string]providers.Finding{`s.m["c1"]`: providers.Absent})
	equal(t, "sent before", good(t, in).did(), []string{`unchanged s.m["c1"]`})
}

// A message whose attempts all came to nothing may still be an old one under a new name.
func TestLookedUpAndRenamed(t *testing.T) {
	_, view := doubtful(t, state.Sent)
	attempt := lastRecords[view][addr.Send{Message: addr.Message{Sequence: "renewal", Name: "offer"}, Key: "c1"}]
	attempt.Send.Name, attempt.State = "first", state.InDoubt
	now := records{attempt.Send: attempt}
	for s, r := range lastRecords[view] {
		now[s] = r
	}
	in := input(campaign(t, strings.Replace(renewal, `message "offer"`, `message "first"`, 1)))
	in.View, in.LookedUp = ledgerOf(now), lookedUp(t, map[string]providers.Finding{`renewal.first["c1"]`: providers.Absent})
	if got := said(good(t, in).diags); len(got) != 1 || !strings.Contains(got[0], "(warning) Renamed message?: ") {
		t.Errorf("%q", got)
	}
}

// A plan with what look-ups found is the plan that is made once it is recorded.
func TestLookedUpIsAsRecorded(t *testing.T) {
	loaded := map[string]*spec.Campaign{}
	load := func(text string) *spec.Campaign {
		if loaded[text] == nil {
			loaded[text] = campaign(t, text)
		}
		return loaded[text]
	}
	text := strings.NewReplacer("contacts \"customers\" {", "audience \"all\" {\n  include = [contacts.customers]\n  unique_by = contact.phone\n}\ncontacts \"customers\" {",
		"with     = contacts.customers", "with     = audience.all", "id,name,chat,email\n", "id,name,chat,email,phone\n",
		"ada@example.com\n", "ada@example.com,+4911\n", "bob@example.com\n", "bob@example.com,+4922\nc3,Eva,t3,eva@example.com,+4933\nc4,Eve,t4,eve@example.com,+4911\n").Replace(renewal)
	rapid.Check(t, func(rt *rapid.T) {
		doubt := rapid.SampledFrom([]spec.OnDoubt{spec.DoubtHold, spec.DoubtResend, spec.DoubtAssumeSent}).Draw(rt, "on_doubt")
		c := load(onDoubt(doubt, text))
		if rapid.Bool().Draw(rt, "edited") {
			c = load(onDoubt(doubt, strings.Replace(text, "Hi ${", "Hey ${", 1)))
		}
		if rapid.Bool().Draw(rt, "somebody left") {
			c = load(onDoubt(doubt, strings.Replace(text, "c2,Bob,t2,bob@example.com,+4922\n", "", 1)))
		}
		var open, recorded []state.Record
		found := map[addr.Send]providers.Finding{}
		for _, s := range good(t, input(load(text))).steps {
			name := s.Send.String()
			before := state.Record{Send: s.Send, Account: s.Account, Content: s.Content, Destination: s.Destination, Unique: s.Unique, At: noon}
			before.State = rapid.SampledFrom([]state.State{state.Untried, state.Untried, state.Sent, state.Refused}).Draw(rt, name+" before")
			if before.State != state.Untried {
				open, recorded = append(open, before), append(recorded, before)
			}
			if rapid.Bool().Draw(rt, name+" settled") {
				continue
			}
			attempt := before
			attempt.State, attempt.Before = state.InDoubt, before.State
			attempt.Content.Sum[0] += byte(rapid.IntRange(0, 1).Draw(rt, name+" content"))
			open = append(open, attempt)
			found[s.Send] = rapid.SampledFrom([]providers.Finding{providers.Found, providers.Absent, providers.Undecided}).Draw(rt, name+" finding")
			switch found[s.Send] {
			case providers.Found:
				attempt.State = state.Sent
				recorded = append(recorded, attempt)
			case providers.Undecided:
				recorded = append(recorded, attempt)
			}
		}
		view := func(all []state.Record) *state.View {
			return state.NewView("lineage", 1, func(yield func(state.Record) bool) {
				for _, r := range all {
					if !yield(r) {
						return
					}
				}
			})
		}
		in := input(c)
		in.View = view(recorded)
		want := makePlan(t, in)
		in.View, in.LookedUp = view(open), found
		got := makePlan(t, in)
		if want.Plan == nil || got.Plan == nil {
			rt.Fatalf("no plan: %q, %q", said(want.diags), said(got.diags))
		}
		if n := got.LookedUp; n.Found+n.Absent+n.Undecided != len(found) {
			rt.Fatalf("looked up %+v, of %d", n, len(found))
		}
		got.LookedUp = LookUps{}
		if diff := cmp.Diff(want.Plan, got.Plan); diff != "" {
			rt.Fatalf("the plan (-recorded +looked up): %s", diff)
		}
		if diff := cmp.Diff(want.steps, got.steps, cmpopts.IgnoreUnexported(Step{})); diff != "" {
			rt.Fatalf("the steps (-recorded +looked up): %s", diff)
		}
		if diff := cmp.Diff(fmt.Sprint(said(want.diags)), fmt.Sprint(said(got.diags))); diff != "" {
			rt.Fatalf("diagnostics (-recorded +looked up): %s", diff)
		}
	})
}
