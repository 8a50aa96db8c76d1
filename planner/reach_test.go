package planner

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"herald/internal/addr"
	"herald/providers"
	"herald/state"
)

// recordsOf makes a ledger from what is given as "sent a.one c1".
func recordsOf(t testing.TB, lines ...string) records {
	t.Helper()
	all := records{}
	for _, line := range lines {
		var name, key, sequence, message string
		if _, err := fmt.Sscan(line, &name, &sequence, &key); err != nil {
			t.Fatal(err)
		}
		sequence, message, _ = strings.Cut(sequence, ".")
		s := sendOf(sequence, message, key)
		i := slices.IndexFunc(outcomes(), func(o state.State) bool { return o.String() == name })
		if i < 0 {
			t.Fatalf("%s: no such outcome", line)
		}
		all[s] = state.Record{Send: s, State: outcomes()[i], Account: "chat", At: noon}
	}
	return all
}

// outcomes are all that a ledger can have of a send.
func outcomes() []state.State {
	return []state.State{state.Sent, state.Refused, state.Skipped, state.InDoubt, state.Sending}
}

func TestJoinedAndLeft(t *testing.T) {
	for _, tt := range []struct {
		name        string
		people      int
		ledger      []string
		moves       []string
		targets     []string
		reach, left int // of sequence a
		joined      int
	}{
		{name: "nobody"},
		{name: "nobody there any more", ledger: []string{"sent a.one c0", "sent a.two c0"}, left: 1},
		{name: "one, new", people: 1, reach: 1, joined: 1},
		{name: "one, known", people: 1, ledger: []string{"sent a.one c0"}, reach: 1},
		{name: "whatever became of it", people: 6, reach: 6, joined: 1,
			ledger: []string{"sent a.one c0", "refused a.one c1", "skipped a.one c2", "in_doubt a.one c3", "sending a.one c4"}},
		{name: "gone, whatever became of it", people: 1, reach: 1, joined: 1, left: 5,
			ledger: []string{"sent a.one c10", "refused a.one c11", "skipped a.one c12", "in_doubt a.one c13", "sending a.one c14"}},
		{name: "any message", people: 2, ledger: []string{"sent a.two c0", "sent a.two c9"}, reach: 2, joined: 1, left: 1},
		{name: "a message that is gone", people: 2, ledger: []string{"sent a.zero c0", "sent a.zero c8", "sent a.zero c9"}, reach: 2, joined: 1, left: 2},
		{name: "another sequence", people: 2, ledger: []string{"sent b.one c0", "sent b.one c9"}, reach: 2, joined: 2},
		{name: "renamed", people: 2, ledger: []string{"sent b.zero c0", "sent b.zero c9"}, moves: []string{"b → a", "a.zero → a.one"}, reach: 2, joined: 1, left: 1},
		{name: "one targeted", people: 4, ledger: []string{"sent a.one c0", "sent a.one c1", "sent a.one c2", "sent a.one c9"}, targets: []string{`a.two["c1"]`}, reach: 4, joined: 1, left: 1},
		{name: "a message targeted", people: 4, ledger: []string{"sent a.one c0", "sent a.one c9"}, targets: []string{"a.two"}, reach: 4, joined: 3, left: 1},
		{name: "many", people: 300, ledger: []string{"sent a.one c7", "sent a.one c300", "sent a.two c300", "sent a.one c301"}, reach: 300, joined: 299, left: 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := input(courses(t, tt.people, map[string][]string{"a": {"one", "two"}}))
			in.View, in.Campaign.Moves, in.Targets = ledgerOf(recordsOf(t, tt.ledger...)), moves(tt.moves...), targets(tt.targets...)
			m := good(t, in)
			want := Reach{Sequence: "a", People: tt.reach, Joined: tt.joined, Left: tt.left}
			if len(m.Reach) != 1 || m.Reach[0] != want || m.Left != tt.left {
				t.Errorf("%+v, %d left, want %+v", m.Reach, m.Left, want)
			}
		})
	}
}

// An attempt that came to nothing is nothing.
func TestLookedUpHasNotJoined(t *testing.T) {
	for f, want := range map[providers.Finding]Reach{
		providers.Found:     {Sequence: "a", People: 2, Joined: 1, Left: 1},
		providers.Absent:    {Sequence: "a", People: 2, Joined: 2},
		providers.Undecided: {Sequence: "a", People: 2, Joined: 1, Left: 1},
	} {
		in := input(courses(t, 2, map[string][]string{"a": {"one"}}))
		in.View = ledgerOf(recordsOf(t, "in_doubt a.one c0", "in_doubt a.one c9"))
		in.LookedUp = lookedUp(t, map[string]providers.Finding{`a.one["c0"]`: f, `a.one["c9"]`: f})
		if m := good(t, in); m.Reach[0] != want {
			t.Errorf("%s: %+v, want %+v", f, m.Reach[0], want)
		}
	}
}

// reachCase is a random file, and a random ledger, of two sequences with the same people.
type reachCase struct {
	rows   []reachedRow
	ledger records
	absent map[addr.Send]providers.Finding
	nested bool // whoever has a message has all before it
}

// reachedRow is one row: of another plan, with an age that is none, with a phone number that is none.
type reachedRow struct {
	key                   string
	tin, badAge, badPhone bool
}

// had are the messages that the sequences had once, of which the campaign has the last two.
var had = []string{"zero", "one", "two"}

func anyReached(t *rapid.T) reachCase {
	r := reachCase{ledger: records{}, absent: map[addr.Send]providers.Finding{}, nested: rapid.Bool().Draw(t, "nested")}
	flag := rapid.Custom(func(t *rapid.T) bool { return rapid.IntRange(0, 3).Draw(t, "of four") == 0 })
	key := rapid.Custom(func(t *rapid.T) string { return fmt.Sprint("c", rapid.IntRange(0, 9).Draw(t, "key")) })
	for range rapid.IntRange(0, 9).Draw(t, "rows") {
		r.rows = append(r.rows, reachedRow{key.Draw(t, "of row"), flag.Draw(t, "tin"), flag.Draw(t, "bad age"), flag.Draw(t, "bad phone")})
	}
	record := func(s addr.Send) {
		rec := state.Record{Send: s, State: rapid.SampledFrom(outcomes()).Draw(t, "outcome"), Account: "chat", At: noon}
		r.ledger[s] = rec
		if rec.State == state.InDoubt && flag.Draw(t, "absent") && !r.nested {
			r.absent[s] = providers.Absent
		}
	}
	for _, k := range rapid.SliceOfDistinct(key, rapid.ID[string]).Draw(t, "known") {
		for _, sequence := range []string{"a", "b"} {
			n := rapid.IntRange(0, len(had)).Draw(t, "how many")
			for i, name := range had {
				if r.nested && i < n || !r.nested && rapid.Bool().Draw(t, "has") {
					record(sendOf(sequence, name, k))
				}
			}
		}
	}
	return r
}

func (r reachCase) text() string {
	var b strings.Builder
	b.WriteString("-- main.hcl --\nprovider \"chat\" {\n}\ncontacts \"people\" {\n  source = \"people.csv\"\n  key = \"id\"\n  types = { age = number }\n  on_invalid = \"skip\"\n  where = contact.plan == \"gold\"\n}\n" +
		"conversation \"chat\" {\n  provider = chat\n  with = contacts.people\n  to = contact.key\n}\n")
	for _, sequence := range []string{"a", "b"} {
		fmt.Fprintf(&b, "sequence %q {\n  conversation = conversation.chat\n", sequence)
		for _, name := range had[1:] {
			fmt.Fprintf(&b, "  message %q {\n    text = \"${contact.phone} ${contact.age}\"\n  }\n", name)
		}
		b.WriteString("}\n")
	}
	b.WriteString("-- people.csv --\nid,plan,age,phone\n")
	for _, row := range r.rows {
		plan, age, phone := "gold", "36", "+4911"
		if row.tin {
			plan = "tin"
		}
		if row.badAge {
			age = "old"
		}
		if row.badPhone {
			phone = "none"
		}
		fmt.Fprintf(&b, "%s,%s,%s,%s\n", row.key, plan, age, phone)
	}
	return b.String()
}

// reach is the model: everybody in memory. Least is what counts by message can tell of those who have left.
func (r reachCase) reach(sequence string) (want Reach, least int) {
	has := func(key, name string) bool {
		s := sendOf(sequence, name, key)
		_, recorded := r.ledger[s]
		_, absent := r.absent[s]
		return recorded && !absent
	}
	hasAny := func(key string) bool {
		return slices.ContainsFunc(had, func(name string) bool { return has(key, name) })
	}
	want.Sequence = sequence
	there, seen := map[string]bool{}, map[string]bool{}
	for _, row := range r.rows {
		switch {
		case row.badAge: // nobody can say more of it than that it is there
			there[row.key] = true
		case row.tin:
			want.Dropped++
		case !seen[row.key]:
			seen[row.key], there[row.key] = true, true
			if want.People++; !hasAny(row.key) {
				want.Joined++
			}
		}
	}
	counts := map[string]int{}
	for i := range 10 {
		key := fmt.Sprint("c", i)
		if there[key] {
			continue
		}
		if hasAny(key) {
			want.Left++
		}
		for _, name := range had {
			if has(key, name) {
				counts[name]++
				least = max(least, counts[name])
			}
		}
	}
	return want, least
}

// Who has joined is counted exactly, and so is who has left where messages came one after the other; else it is as many
// as one message tells.
func TestReachAgainstAModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := anyReached(rt)
		in := input(campaign(t, r.text()))
		in.View, in.LookedUp = ledgerOf(r.ledger), r.absent
		sequences := []string{"a", "b"}
		switch rapid.IntRange(0, 2).Draw(rt, "target") {
		case 1:
			in.Targets, sequences = targets("b.two"), []string{"b"}
		case 2:
			i := slices.IndexFunc(r.rows, func(row reachedRow) bool { return !row.tin && !row.badAge })
			if i < 0 {
				break
			}
			if first := slices.IndexFunc(r.rows, func(row reachedRow) bool { return row.key == r.rows[i].key }); first == i && !r.rows[i].badPhone {
				in.Targets, sequences = targets(`a.one["`+r.rows[i].key+`"]`), []string{"a"}
			}
		}
		m := makePlan(t, in)
		if m.Plan == nil {
			rt.Fatalf("no plan: %q", said(m.diags))
		}
		if len(m.Reach) != len(sequences) {
			rt.Fatalf("%+v", m.Reach)
		}
		sum := 0
		for i, sequence := range sequences {
			got := m.Reach[i]
			want, least := r.reach(sequence)
			if least > want.Left || r.nested && least != want.Left {
				rt.Fatalf("the model: %d of %d", least, want.Left)
			}
			want.Left = least
			if got != want {
				rt.Fatalf("%+v, want %+v, nested %v, targets %v\n%s%v", got, want, r.nested, in.Targets, r.text(), r.ledger)
			}
			sum += got.Left
		}
		if m.Left != sum {
			rt.Fatalf("%d left, want %d", m.Left, sum)
		}
	})
}

// Whoever is not meant by -target counts as a new one all the same: other people are other people.
func TestGuardCountsThoseNotTargeted(t *testing.T) {
	in := input(courses(t, 10, map[string][]string{"a": {"one"}}))
	var gone []string
	for i := range 10 {
		gone = append(gone, fmt.Sprint("sent a.one x", i))
	}
	in.View, in.Targets = ledgerOf(recordsOf(t, gone...)), targets(`a.one["c3"]`)
	if m := good(t, in); m.Sends() != 1 || len(m.Forbidden) != 1 || !strings.Contains(m.Forbidden[0].Detail, "10 new ones are") {
		t.Errorf("%d sends, forbidden %+v", m.Sends(), m.Forbidden)
	}
}
