package planner

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"herald/state"
)

// optOut is a campaign that leaves out whom a list names, which says on_invalid = "skip".
func optOut(with, by, people, out string) string {
	return peopleCampaign(csvSource+`
contacts "out" {
  source     = "out.csv"
  key        = "id"
  on_invalid = "skip"
  types      = { until = number }
  where      = contact.until != 0
}
audience "all" {
  include    = [contacts.people]
  exclude    = [contacts.out]
  exclude_by = [`+by+`]
}
audience "wide" {
  include = [audience.all, contacts.people]
}
`, with, "Hi", "-- people.csv --\n"+people, "-- out.csv --\n"+out)
}

// What is left out of an exclude list would be written to.
func TestExcludeListsAreNeverSkipped(t *testing.T) {
	for _, tt := range []struct{ name, out, want string }{
		{"ragged row", "id,email,until\nc1,a@b.de\n", "out.csv:2:1 Ragged row: "},
		{"missing key", "id,email,until\n,a@b.de,1\n", "out.csv:2:1 Missing key: "},
		{"duplicate key", "id,email,until\nc1,a@b.de,1\nc1,c@d.de,1\n", "out.csv:3:1 Duplicate key: "},
		{"wrong type", "id,email,until\nc1,a@b.de,soon\n", "out.csv:2:11 Wrong type of value: "},
		{"a good row", "id,email,until\nc1,a@b.de,1\n", ""},
		{"misspelt address", "id,email,until\nc1,a@,1\n", "out.csv:2:4 Invalid e-mail address: "},
		{"damaged text", "id,email,until\nc1,\\xE9,1\n", "out.csv:2:4 Invalid UTF-8: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := makePlan(t, input(campaign(t, optOut("audience.all", `"key", "email"`, "id,email\nc1,a@b.de\nc2,c@d.de\n", tt.out))))
			got := said(m.diags)
			if tt.want == "" {
				equal(t, "steps", m.did(), []string{`send s.m["c2"]`})
				return
			}
			if m.Plan != nil || len(got) != 1 || !strings.HasPrefix(got[0], tt.want) || !strings.Contains(got[0], "an exclude list of audience.all") ||
				!strings.HasSuffix(got[0], "an exclude list is never skipped, whatever on_invalid says: who is left out of it would be written to. Mend the file.") {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// Behind a quote that is never closed nobody knows who else stands there.
func TestOpenQuoteIsNeverSkipped(t *testing.T) {
	for name, rows := range map[string]string{"never closed": "c1,\"x\nc2,y\n", "closed far behind": "c1,\"x\nc2,y\nc3,\"z\n"} {
		m := makePlan(t, input(campaign(t, peopleCampaign(strings.Replace(csvSource, "}", "  on_invalid = \"skip\"\n}", 1),
			"contacts.people", "Hi", "-- people.csv --\nid,note\n"+rows))))
		if got := said(m.diags); m.Plan != nil || len(got) != 1 || !strings.Contains(got[0], " Bad quotes: ") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// A quote that another one closes further down hides rows and breaks no rule.
func TestRowsInsideQuotes(t *testing.T) {
	for rows, want := range map[string]string{
		"c0,\"x\nc1,y\nc3,z\"\n": `out.csv:2:4 (warning) Rows inside quotes?: The quoted field that begins here goes over several lines, and one of them, "c1,y", `,
		"c0,\"two\nlines\"\n":    "",
	} {
		text := strings.NewReplacer("  types      = { until = number }\n  where      = contact.until != 0\n", "").Replace(optOut("audience.all", `"key"`, "id\nc1\n", "id,note\n"+rows))
		got := said(good(t, input(campaign(t, text))).diags)
		if want == "" && len(got) != 0 || want != "" && (len(got) != 1 || !strings.HasPrefix(got[0], want)) {
			t.Errorf("%q: %q", rows, got)
		}
	}
}

func TestSuppressionWins(t *testing.T) {
	const people = "id,email\nc1,a@b.de\nc2,c@d.de\n"
	for _, with := range []string{"audience.all", "[audience.all, contacts.people]", "[contacts.people, audience.all]", "audience.wide", "[contacts.people, audience.wide]"} {
		for _, by := range []string{`"key"`, `"email"`} {
			m := good(t, input(campaign(t, optOut(with, by, people, "id,email,until\nc1,A@b.de,1\n"))))
			equal(t, with+" by "+by, m.did(), []string{`send s.m["c2"]`})
			if len(m.LeftOut) != 1 || m.LeftOut[0].Count != 1 || m.LeftOut[0].Samples[0] != `"c1" (people.csv:2)` {
				t.Errorf("%s by %s: left out %+v", with, by, m.LeftOut)
			}
		}
	}
	// Another source has another e-mail address for the person who is excluded by hers.
	for _, with := range []string{"[audience.all, contacts.more]", "[contacts.more, audience.all]"} {
		text := strings.NewReplacer("[audience.all, contacts.people]", with, "-- people.csv --",
			"-- more.csv --\nid,email\nc1,other@b.de\nc3,e@f.de\n-- people.csv --", `audience "wide"`, "contacts \"more\" {\n source = \"more.csv\"\n key = \"id\"\n}\naudience \"wide\"").
			Replace(optOut("audience.wide", `"email"`, people, "id,email,until\nq,a@b.de,1\n"))
		m := good(t, input(campaign(t, text)))
		did := m.did()
		slices.Sort(did)
		equal(t, "another address", did, []string{`send s.m["c2"]`, `send s.m["c3"]`})
		if len(m.LeftOut) != 1 || m.LeftOut[0].Count != 1 {
			t.Errorf("another address: left out %+v", m.LeftOut)
		}
	}
}

func TestKeyOfAnExcludeList(t *testing.T) {
	in := input(campaign(t, optOut("audience.all", `"key"`, "id\nc1\n", "id,until\nc1,1\n")))
	if m := good(t, in); m.KeyAttributes["out"] != "id" || m.KeyAttributes["people"] != "id" {
		t.Errorf("key attributes %v", m.KeyAttributes)
	}
	in.View = &state.View{KeyAttributes: map[string]string{"out": "email"}}
	if got := said(makePlan(t, in).diags); len(got) != 1 || !strings.HasPrefix(got[0], "main.hcl:11:16 Another key attribute: The people of contacts.out ") {
		t.Errorf("%q", got)
	}
}

func TestPlainFormsOfOthersLists(t *testing.T) {
	for in, want := range map[string]string{
		"+49 (0)151 1111": "+491511111", "0049(0)1511111": "+491511111", "(+49) (0)151-1111": "+491511111", "+4910(0)1": "+49101",
		"+1 (800) 555-0100": "+18005550100", "49 151": "+49151", "(0)151": "+0151", "+(0)": "", "": "",
	} {
		if got := plainPhone(in); got != want {
			t.Errorf("phone %q: %q, want %q", in, got, want)
		}
	}
	if a, b := plainEmail(" Zo\u00cb@example.com"), plainEmail("zoe\u0308@EXAMPLE.com"); a != b {
		t.Errorf("%q and %q", a, b)
	}
}

// All that is wrong with a row is said at once; on_invalid = "skip" leaves its person out once.
func TestAllErrorsOfARow(t *testing.T) {
	const rows = "id,email,locale,age,size\nc1,x,de_AT,old,big\nc2,y,en,1,1\n"
	blocks := strings.Replace(csvSource, "}", "  types = { age = number, size = number }\n}", 1)
	const text = "${contact.email} ${contact.locale} ${contact.age} ${contact.size}"
	var got []string
	for _, d := range makePlan(t, input(campaign(t, peopleCampaign(blocks, "contacts.people", text, "-- people.csv --\n"+rows)))).diags {
		got = append(got, fmt.Sprint(d.Subject.Start.Line, ":", d.Subject.Start.Column, " ", d.Summary))
	}
	slices.Sort(got)
	equal(t, "CSV", got, []string{"2:12 Wrong type of value", "2:16 Wrong type of value", "2:4 Invalid e-mail address", "2:6 Invalid locale", "3:4 Invalid e-mail address"})

	got = nil
	object := "-- people.jsonl --\n{\"id\":1,\"email\":\"x\",\"age\":\"old\",\"size\":[]}\n"
	for _, d := range makePlan(t, input(campaign(t, peopleCampaign(strings.Replace(blocks, ".csv", ".jsonl", 1), "contacts.people", "${jsonencode(contact)}", object)))).diags {
		got = append(got, fmt.Sprint(d.Subject.Start.Column, " ", d.Summary))
	}
	equal(t, "JSONL", got, []string{"21 Wrong type of value", "33 Wrong type of value", "9 Invalid e-mail address"})

	skip := strings.Replace(blocks, "  key ", "  on_invalid = \"skip\"\n  key ", 1)
	m := good(t, input(campaign(t, peopleCampaign(skip, "contacts.people", text, "-- people.csv --\n"+rows))))
	if len(m.LeftOut) != 1 || m.LeftOut[0].Count != 2 || len(m.LeftOut[0].Samples) != 2 {
		t.Errorf("left out %+v", m.LeftOut)
	}
}

func TestOverlapsCountPeople(t *testing.T) {
	m := good(t, input(campaign(t, peopleCampaign(csvSource+`
contact "c1" {
}
audience "a" {
  include = [contacts.people, contact.c1]
}
audience "b" {
  include = [audience.a, contacts.people, contact.c1]
}
`, "[audience.b, contacts.people, contact.c1]", "Hi", "-- people.csv --\nid\nc1\nc2\n"))))
	if m.Overlaps != 2 {
		t.Errorf("%d overlaps of two people", m.Overlaps)
	}
}
