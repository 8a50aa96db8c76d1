package planner

import (
	"fmt"
	"strings"
	"testing"

	"herald/state"
)

// crowdPlan is a campaign of one message to the people of a file with the columns id and n.
func crowdPlan(t *testing.T, source, text, rows string) Input {
	t.Helper()
	return input(campaign(t, peopleCampaign(source, "contacts.people", text, "-- people.csv --\nid,n\n"+rows)))
}

func rowsOf(prefix string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%s%d,1\n", prefix, i)
	}
	return b.String()
}

func TestMostPeopleHaveChanged(t *testing.T) {
	skip := strings.Replace(csvSource, "}", "  on_invalid = \"skip\"\n  types = { n = number }\n}", 1)
	for _, tt := range []struct {
		name, before, now string
		want              bool
	}{
		{"all keys changed, and one left", rowsOf("c", 9), rowsOf("d", 8), true},
		{"half as many new ones", rowsOf("c", 8), rowsOf("d", 4), true},
		{"fewer new ones", rowsOf("c", 9), rowsOf("d", 4), false},
		{"just half of them gone", rowsOf("c", 4), "c0,1\nc1,1\nd0,1\nd1,1\nd2,1\n", false},
		{"one swapped for another", rowsOf("c", 1), rowsOf("d", 1), false},
		{"two swapped", rowsOf("c", 2), rowsOf("d", 2), true},
		{"there, but of a wrong type", rowsOf("c", 3), "c0,x\nc1,x\nc2,x\n" + rowsOf("d", 3), false},
		{"there, but in a ragged row", rowsOf("c", 3), "c0\nc1\nc2\n" + rowsOf("d", 3), false},
		{"there, and no text can be made", rowsOf("c", 3), "c0,\nc1,\nc2,\n" + rowsOf("d", 3), false},
		{"invalid, and others", rowsOf("c", 3), "x0,x\nx1,x\nx2,x\n" + rowsOf("d", 3), true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			view := after(nil, good(t, crowdPlan(t, skip, "Hi ${contact.n}", tt.before)), sent)
			in := crowdPlan(t, skip, "Hi ${contact.n}", tt.now)
			in.View = view
			m := good(t, in)
			if got := len(m.Forbidden) == 1; got != tt.want {
				t.Errorf("forbidden: %+v, want %v", m.Forbidden, tt.want)
			}
			for _, f := range m.Forbidden {
				if !strings.Contains(f.Detail, "Either their keys have changed") || !strings.Contains(f.Detail, "a where or a source has") {
					t.Errorf("without its causes: %s", f.Detail)
				}
			}
		})
	}
}

func TestRenamed(t *testing.T) {
	rows := rowsOf("c", 250)
	first := good(t, crowdPlan(t, csvSource, "Hi ${contact.key}", rows))
	for _, tt := range []struct {
		name, text, rows string
		outcome          func(Step) state.State
		renamed, want    bool
	}{
		{name: "renamed", text: "Hi ${contact.key}", rows: rows, outcome: sent, renamed: true, want: true},
		{name: "not renamed", text: "Hi ${contact.key}", rows: rows, outcome: sent},
		{name: "another text", text: "Ho ${contact.key}", rows: rows, outcome: sent, renamed: true},
		{name: "other people", text: "Hi ${contact.key}", rows: rowsOf("d", 3), outcome: sent, renamed: true},
		{name: "in doubt", text: "Hi ${contact.key}", rows: rows, outcome: func(Step) state.State { return state.InDoubt }, renamed: true, want: true},
		{name: "all refused", text: "Hi ${contact.key}", rows: rows, outcome: func(Step) state.State { return state.Refused }, renamed: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := peopleCampaign(csvSource, "contacts.people", tt.text, "-- people.csv --\nid,n\n"+tt.rows)
			if tt.renamed {
				text = strings.Replace(text, `message "m"`, `message "hello"`, 1)
			}
			in := input(campaign(t, text))
			in.View = after(nil, first, tt.outcome)
			got := said(good(t, in).diags)
			switch {
			case tt.want && (len(got) != 1 || !strings.HasPrefix(got[0], "main.hcl:16:3 (warning) Renamed message?: Nobody has got s.hello yet, and s.m, which the campaign no longer has, said the same: to 200 of the 200 people who were compared. ")):
				t.Errorf("%q", got)
			case !tt.want && len(got) != 0:
				t.Errorf("%q", got)
			}
		})
	}
}

func TestTwoKeysOneAddress(t *testing.T) {
	text := strings.Replace(peopleCampaign(csvSource, "contacts.people", "Hi", "-- people.csv --\nid,n\nc1,x\nc2,y\nc3,x\nc4,x\n"), "contact.key", "contact.n", 1)
	in := input(campaign(t, text))
	first := good(t, in)
	got := said(first.diags)
	if first.Sends() != 4 || len(got) != 1 || !strings.HasPrefix(got[0], "main.hcl:16:3 (warning) Two keys, one address: Somebody before gets s.m at the same address under another key") ||
		!strings.HasSuffix(got[0], "\n\nFor 2 people:\n  \"c3\" (people.csv:4)\n  \"c4\" (people.csv:5)") {
		t.Errorf("%q", got)
	}
	in.View = after(nil, first, sent)
	if got := said(good(t, in).diags); len(got) != 0 {
		t.Errorf("nothing is sent: %q", got)
	}
}
