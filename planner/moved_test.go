package planner

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"herald/internal/addr"
	"herald/providers"
	"herald/spec"
	"herald/state"
)

func moves(pairs ...string) []spec.Move {
	var all []spec.Move
	for _, pair := range pairs {
		from, to, _ := strings.Cut(pair, " → ")
		t := targets(from, to)
		all = append(all, spec.Move{From: t[0], To: t[1]})
	}
	return all
}

func TestMoved(t *testing.T) {
	first := good(t, input(courses(t, 3, map[string][]string{"a": {"one", "two"}, "b": {"two"}})))
	recorded := func(only ...string) *state.View {
		return after(nil, first, func(s Step) state.State {
			if slices.Contains(only, s.Send.String()) {
				return state.Sent
			}
			return state.Untried
		})
	}
	for _, tt := range []struct {
		name      string
		sequences map[string][]string
		moves     []spec.Move
		view      *state.View
		sends     int
		want      []string // moves of the plan
		diags     string
	}{
		{name: "a message", sequences: map[string][]string{"a": {"first", "two"}}, moves: moves("a.one → a.first"),
			view: recorded(`a.one["c0"]`, `a.one["c1"]`), sends: 4, want: []string{"a.one → a.first 2"}},
		{name: "a sequence", sequences: map[string][]string{"b": {"one", "two"}}, moves: moves("a → b"),
			view: recorded(`a.one["c0"]`, `a.two["c0"]`), sends: 4, want: []string{"a → b 2"}},
		{name: "into another sequence", sequences: map[string][]string{"b": {"one"}}, moves: moves("a.two → b.one"),
			view: recorded(`a.one["c0"]`, `a.two["c0"]`), sends: 2, want: []string{"a.two → b.one 1"}},
		{name: "one after the other", sequences: map[string][]string{"b": {"two", "three"}}, moves: moves("a → b", "b.two → b.three", "b.one → b.two"),
			view: recorded(`a.one["c0"]`, `a.two["c0"]`, `a.one["c1"]`), sends: 3, want: []string{"a → b 3", "b.two → b.three 1", "b.one → b.two 2"}},
		{name: "recorded already", sequences: map[string][]string{"a": {"one", "two"}}, moves: moves("b → a", "a.zero → a.one"),
			view: recorded(`a.one["c0"]`), sends: 5},
		{name: "nothing sent yet", sequences: map[string][]string{"b": {"one", "two"}}, moves: moves("a → b"), sends: 6},
		{name: "both names, other people", sequences: map[string][]string{"a": {"two"}}, moves: moves("a.one → a.two"),
			view: recorded(`a.one["c0"]`, `a.two["c1"]`), sends: 1, want: []string{"a.one → a.two 1"}},
		{name: "both names, one person", sequences: map[string][]string{"a": {"two"}}, moves: moves("a.one → a.two"), view: recorded(`a.one["c0"]`, `a.two["c0"]`),
			diags: "Both names of a moved block are recorded: The block gives a.one the name a.two, and somebody is recorded under both names. Herald "},
		{name: "both sequences, one person", sequences: map[string][]string{"b": {"one", "two"}}, moves: moves("a → b"), view: recorded(`a.two["c0"]`, `b.two["c0"]`),
			diags: "Both names of a moved block are recorded: The block gives a the name b, and somebody is recorded under both names, for b.two. Herald "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := input(courses(t, 3, tt.sequences))
			in.View, in.Campaign.Moves = tt.view, tt.moves
			m := makePlan(t, in)
			got := said(m.diags)
			if tt.diags != "" {
				if m.Plan != nil || len(got) != 1 || !strings.Contains(got[0], tt.diags) {
					t.Errorf("%q, want %q", got, tt.diags)
				}
				return
			}
			if m.Plan == nil || len(got) > 0 {
				t.Fatalf("%q", got)
			}
			var planned []string
			for _, move := range m.Moves {
				planned = append(planned, fmt.Sprint(move.From, " → ", move.To, " ", move.Sends))
			}
			equal(t, "moves", planned, tt.want)
			if m.Sends() != tt.sends {
				t.Errorf("%d sends, want %d: %q", m.Sends(), tt.sends, m.did())
			}
		})
	}
}

// A plan with moved blocks is the one that is made when the ledger has the new names already.
func TestMovedIsAsRenamed(t *testing.T) {
	old := courses(t, 4, map[string][]string{"a": {"one", "two"}, "b": {"one"}})
	now := courses(t, 4, map[string][]string{"z": {"one", "second=two"}, "b": {"first"}})
	blocks := moves("a → z", "z.two → z.second", "b.one → b.first")
	names := map[addr.Message]addr.Message{{Sequence: "a", Name: "one"}: {Sequence: "z", Name: "one"}, {Sequence: "a", Name: "two"}: {Sequence: "z", Name: "second"},
		{Sequence: "b", Name: "one"}: {Sequence: "b", Name: "first"}}
	rapid.Check(t, func(rt *rapid.T) {
		ledger := records{}
		outcomes := []state.State{state.Sent, state.Sent, state.Refused, state.InDoubt, state.Untried}
		recordAt(ledger, good(t, input(old)), noon.Add(-time.Hour), func(s Step) state.State { return rapid.SampledFrom(outcomes).Draw(rt, s.Send.String()) })
		renamed, found, foundRenamed := records{}, map[addr.Send]providers.Finding{}, map[addr.Send]providers.Finding{}
		for _, s := range slices.SortedFunc(maps.Keys(ledger), addr.Send.Compare) {
			r := ledger[s]
			r.Send.Message = names[s.Message]
			renamed[r.Send] = r
			if f := rapid.SampledFrom([]providers.Finding{providers.Undecided, providers.Found, providers.Absent}).Draw(rt, "finding"); r.State == state.InDoubt && rapid.Bool().Draw(rt, "looked up") {
				found[s], foundRenamed[r.Send] = f, f
			}
		}
		in, want := input(now), input(now)
		with := *now
		with.Moves = blocks
		in.Campaign, in.View, want.View = &with, ledgerOf(ledger), ledgerOf(renamed)
		in.LookedUp, want.LookedUp = found, foundRenamed
		if rapid.Bool().Draw(rt, "named as the plan does") {
			in.LookedUp = foundRenamed
		}
		got, expected := good(t, in), good(t, want)
		if diff := cmp.Diff(expected.steps, got.steps, cmpopts.IgnoreUnexported(Step{})); diff != "" {
			rt.Fatal(diff)
		}
		if got.Digest != expected.Digest || got.LookedUp != expected.LookedUp || got.Left != expected.Left || !slices.Equal(got.Reach, expected.Reach) || len(got.diags) != len(expected.diags) {
			rt.Fatalf("%+v, want %+v; %q, want %q", got.Plan, expected.Plan, said(got.diags), said(expected.diags))
		}
		n := NewNames(&with, in.View)
		for s := range ledger {
			is := addr.Send{Message: names[s.Message], Key: s.Key}
			if n.Campaign(s) != is || n.Ledger(is) != s {
				rt.Fatalf("%s is %s, and %s was %s", s, n.Campaign(s), is, n.Ledger(is))
			}
		}
	})
}

// What is asked of the ledger has the ledger's names.
func TestNamesOfOthersStay(t *testing.T) {
	c := courses(t, 2, map[string][]string{"a": {"two"}})
	c.Moves = moves("a.one → a.two")
	n := NewNames(c, ledgerOf(records{
		sendOf("a", "one", "c0"): {Send: sendOf("a", "one", "c0"), State: state.Sent, At: noon},
		sendOf("a", "two", "c1"): {Send: sendOf("a", "two", "c1"), State: state.Sent, At: noon},
	}))
	for key, was := range map[string]string{"c0": "one", "c1": "two", "c2": "two"} {
		if got := n.Ledger(sendOf("a", "two", key)); got != sendOf("a", was, key) {
			t.Errorf("%s was %s", key, got)
		}
	}
}

// The moves of a plan are recorded as they are planned, and then there is nothing left of them.
func TestMovesAreRecorded(t *testing.T) {
	l := newLedgerFile(t)
	view := l.apply(good(t, input(courses(t, 3, map[string][]string{"a": {"one", "two"}}))), noon, only("c0", "c1"))
	in := input(courses(t, 3, map[string][]string{"b": {"first=one", "two"}}))
	in.View, in.Campaign.Moves = view, moves("a → b", "b.one → b.first")
	m := good(t, in)
	if m.Sends() != 2 || len(m.Moves) != 2 || len(m.Edits) != 0 {
		t.Fatalf("%q, moves %v, edits %q", m.did(), m.Moves, edits(m))
	}
	in.View = l.apply(m, noon, sent)
	if m := good(t, in); m.Sends() != 0 || len(m.Moves) != 0 || len(m.Edits) != 0 || len(m.diags) != 0 {
		t.Errorf("again: %q, moves %v, edits %q", m.did(), m.Moves, edits(m))
	}
}

// The block that a warning shows is the one that mends it.
func TestRenamedShowsTheBlock(t *testing.T) {
	first := good(t, input(courses(t, 3, map[string][]string{"a": {"one", "two"}})))
	view := after(nil, first, sent)
	for _, tt := range []struct {
		sequences map[string][]string
		want      []string
	}{
		{map[string][]string{"a": {"two"}, "b": {"one"}}, []string{"moved {\n  from = a.one\n  to   = b.one\n}"}},
		{map[string][]string{"z": {"one", "two"}}, []string{"moved {\n  from = a\n  to   = z\n}"}},
	} {
		in := input(courses(t, 3, tt.sequences))
		in.View = view
		var got []string
		for _, d := range good(t, in).diags {
			_, block, _ := strings.Cut(d.Detail, "say so with a block:\n\n")
			got = append(got, block)
		}
		equal(t, "blocks", got, tt.want)
		for _, block := range got {
			lines := strings.Fields(block)
			in.Campaign.Moves = append(in.Campaign.Moves, moves(lines[4]+" → "+lines[7])...)
		}
		if m := good(t, in); len(m.diags) != 0 || m.Sends() != 0 {
			t.Errorf("with the blocks: %q, %q", said(m.diags), m.did())
		}
	}
}
