package planner

import (
	"fmt"
	"strings"
	"testing"
)

// people makes a campaign of one sequence over one audience or source, named by with.
func peopleCampaign(blocks, with, text string, files ...string) string {
	return `
-- main.hcl --
provider "chat" {
}
` + blocks + `
conversation "chat" {
  provider = chat
  with     = ` + with + `
  to       = contact.key
}
sequence "s" {
  conversation = conversation.chat
  message "m" {
    text = "` + text + `"
  }
}
` + strings.Join(files, "")
}

const csvSource = `
contacts "people" {
  source = "people.csv"
  key    = "id"
}
`

// Each bad file gives exactly these errors, at these places.
func TestBadPeople(t *testing.T) {
	for _, tt := range []struct {
		name   string
		blocks string // csvSource unless given
		text   string
		file   string // people.csv unless it begins with --
		want   []string
	}{
		{name: "missing key", file: "id,name\nc1,Ada\n,Bob\n", want: []string{"people.csv:3:1 Missing key"}},
		{name: "duplicate key", file: "name,id\nAda,c1\nBob,c2\nEva,c1\n", want: []string{"people.csv:4:5 Duplicate key"}},
		{name: "ragged rows", file: "id,name\nc1\nc2,Bob,x\n", want: []string{"people.csv:2:1 Ragged row", "people.csv:3:1 Ragged row"}},
		{name: "invalid UTF-8", file: "id,name\nc1,\\xE9va\n", want: []string{"people.csv:2:4 Invalid UTF-8"}},
		{name: "e-mail that is used", text: "${contact.email}", file: "id,email\nc1,ada@example.com\nc2,ada@\nc3,\n", want: []string{"people.csv:3:4 Invalid e-mail address"}},
		{name: "e-mail that is not used", text: "Hi", file: "id,email\nc1,ada@\n"},
		{name: "phone", text: "${contact.phone}", file: "id,phone\nc1,+49151123456\nc2,0151 123\n", want: []string{"people.csv:3:4 Invalid phone number"}},
		{name: "locale", text: "${contact.locale}", file: "id,locale\nc1,de-AT\nc2,de_AT\nc3,german\n", want: []string{"people.csv:3:4 Invalid locale", "people.csv:4:4 Invalid locale"}},
		{name: "timezone", text: "${contact.timezone}", file: "id,timezone\nc1,Europe/Berlin\nc2,Mars/Phobos\nc3,Local\n", want: []string{"people.csv:3:4 Invalid timezone", "people.csv:4:4 Invalid timezone"}},
		{name: "everything is used", text: "${jsonencode(contact)}", file: "id,email,phone\nc1,x,+49151123456\n", want: []string{"people.csv:2:4 Invalid e-mail address"}},
		{name: "column inside quotes", text: "${contact.email}", file: "id,name,email\nc1,\"Ada,\n the first\",ada@\n", want: []string{"people.csv:3:13 Invalid e-mail address"}},
		{name: "number", blocks: strings.Replace(csvSource, "}", "  types = { age = number }\n}", 1), text: "${contact.age + 1}",
			file: "id,age\nc1,36\nc2,old\nc3,1e3\n", want: []string{"people.csv:3:4 Wrong type of value"}},
		{name: "number that is not used", blocks: strings.Replace(csvSource, "}", "  types = { age = number }\n}", 1), text: "Hi", file: "id,age\nc2,old\n"},
		{name: "null in a template", blocks: strings.Replace(csvSource, "}", "  types = { age = number }\n}", 1), text: "${contact.age}",
			file: "id,age\nc1,\nc2,7\n", want: []string{"main.hcl:18:12 Null value"}},
		{name: "text too long for one", text: "Hi ${contact.name}", file: "id,name\nc1,Ada\nc2," + strings.Repeat("x", 70) + "\n", want: []string{"main.hcl:17:12 Text too long: It has 73 bytes.\n\nFor \"c2\" (people.csv:3)."}},

		{name: "JSONL", blocks: strings.Replace(csvSource, ".csv", ".jsonl", 1), text: "${contact.email}", file: "-- people.jsonl --\n" +
			"{\"id\":\"c1\",\"email\":\"a@b.de\"}\n{\"id\":\"c2\",\"email\":\"x\"}\n{\"email\":\"a@b.de\"}\n{\"id\":true,\"email\":\"\"}\n{\"id\":\"c1\",\"email\":\"\"}\n[1]\n{\"id\":\"c9\",}\n",
			want: []string{"people.jsonl:2:12 Invalid e-mail address", "people.jsonl:3:1 Missing key", "people.jsonl:4:2 Unusable key", "people.jsonl:5:2 Duplicate key",
				"people.jsonl:6:1 Not an object", "people.jsonl:7:12 Bad JSON"}},
		{name: "JSONL, members become one", blocks: strings.NewReplacer(".csv", ".jsonl", "}", "  rename = { fname = \"name\" }\n}").Replace(csvSource), text: "Hi",
			file: "-- people.jsonl --\n{\"id\":\"c1\",\"name\":\"A\",\"fname\":\"B\"}\n", want: []string{"people.jsonl:1:23 Duplicate attribute"}},
		{name: "JSONL, wrong type", blocks: strings.NewReplacer(".csv", ".jsonl", "}", "  types = { age = number }\n}").Replace(csvSource), text: "${contact.age}",
			file: "-- people.jsonl --\n{\"id\":\"c1\",\"age\":[1]}\n{\"id\":\"c2\",\"age\":\"7\"}\n", want: []string{"people.jsonl:1:12 Wrong type of value"}},
		{name: "empty JSONL", blocks: strings.Replace(csvSource, ".csv", ".jsonl", 1), text: "Hi", file: "-- people.jsonl --\n", want: []string{"people.jsonl:1:1 Empty file"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.blocks == "" {
				tt.blocks = csvSource
			}
			if tt.text == "" {
				tt.text = "Hi ${contact.name}"
			}
			file := tt.file
			if !strings.HasPrefix(file, "--") {
				file = "-- people.csv --\n" + file
			}
			m := makePlan(t, input(campaign(t, peopleCampaign(tt.blocks, "contacts.people", tt.text, file))))
			got := said(m.diags)
			if (m.Plan == nil) != (len(tt.want) > 0) || len(got) != len(tt.want) {
				t.Fatalf("got %q, want %q", got, tt.want)
			}
			for i, want := range tt.want {
				if !strings.HasPrefix(got[i], want) {
					t.Errorf("%q, want %q", got[i], want)
				}
			}
		})
	}
}

func TestSkip(t *testing.T) {
	blocks := strings.Replace(csvSource, "}", "  on_invalid = \"skip\"\n  types = { age = number }\n}", 1)
	m := good(t, input(campaign(t, peopleCampaign(blocks, "contacts.people", "${contact.name} ${contact.age} ${contact.email}", `
-- people.csv --
id,name,email,age
c1,Ada,ada@example.com,36
c2,Bob,bob,36
c3,Eva,eva@example.com,old
c4,Zoe,zoe@example.com,
,Non,non@example.com,1
c1,Two,two@example.com,1
c5,Rag
c6,`+strings.Repeat("x", 60)+`,x@example.com,1
c7,Fin,fin@example.com,1
`))))
	equal(t, "steps", m.did(), []string{`send s.m["c1"]`, `send s.m["c7"]`})
	if len(m.LeftOut) != 1 || m.LeftOut[0].Reason != "invalid" || m.LeftOut[0].Count != 7 {
		t.Fatalf("left out: %+v", m.LeftOut)
	}
	for _, want := range []string{
		`people.csv:3:8: Invalid e-mail address: "bob" cannot be the email of "c2".`,
		`people.csv:4:24: Wrong type of value: `,
		`"c4" (people.csv:5): Invalid template interpolation value: `,
		`people.csv:6:1: Missing key`, `people.csv:7:1: Duplicate key`, `people.csv:8:1: Ragged row`, `"c6" (people.csv:9): Text too long`,
	} {
		found := false
		for _, s := range m.LeftOut[0].Samples {
			found = found || strings.HasPrefix(s, want)
		}
		if !found {
			t.Errorf("no sample %q among %q", want, m.LeftOut[0].Samples)
		}
	}
}

func TestManyErrorsAreCounted(t *testing.T) {
	var file strings.Builder
	file.WriteString("-- people.csv --\nid,name,email\n")
	for i := range 1300 {
		fmt.Fprintf(&file, "c%d,%s,bad\n", i, strings.Repeat("x", 60))
	}
	m := makePlan(t, input(campaign(t, peopleCampaign(csvSource, "contacts.people", "Hi ${contact.email}", file.String()))))
	if len(m.diags) != 20 || !strings.HasSuffix(m.diags[19].Detail, "\n\nAnd 1,280 more like this.") || strings.Contains(m.diags[18].Detail, "more like this") {
		t.Errorf("%d diagnostics, the last %q", len(m.diags), said(m.diags[max(len(m.diags)-1, 0):]))
	}
	m = makePlan(t, input(campaign(t, peopleCampaign(csvSource, "contacts.people", "Hi ${contact.name}", file.String()))))
	if len(m.diags) != 1 || !strings.HasPrefix(m.diags[0].Detail, "It has 63 bytes.\n\nFor 1,300 people:\n  \"c0\" (people.csv:2)\n") ||
		!strings.HasSuffix(m.diags[0].Detail, "\"c19\" (people.csv:21)\n\nAnd 1,280 more like this.") {
		t.Errorf("%q", said(m.diags))
	}
}

// Two sequences over the same people count what is wrong with them once.
func TestTwiceReadOnceCounted(t *testing.T) {
	text := peopleCampaign(strings.Replace(csvSource, "}", "  on_invalid = \"skip\"\n}", 1)+`
contact "c9" {
  name = "Out"
}
audience "all" {
  include = [contacts.people, contact.c1]
  exclude = [contact.c9]
}
sequence "t" {
  conversation = conversation.chat
  message "m" {
    text = "${contact.email}"
  }
}
contact "c1" {
  email = "a@b.de"
}
`, "audience.all", "Hi", "-- people.csv --\nid,name,email\nc1,Ada,a@b.de\nc2,Bob,b\nc9,Out,x@y.de\n")
	m := good(t, input(campaign(t, text)))
	var left []string
	for _, l := range m.LeftOut {
		left = append(left, fmt.Sprint(l.Reason, " ", l.Count, " ", l.Samples))
	}
	equal(t, "left out", left, []string{
		`excluded 1 ["c9" (people.csv:4)]`,
		`invalid 1 [people.csv:3:8: Invalid e-mail address: "b" cannot be the email of "c2". An e-mail address looks like ada@example.com, without a name and without spaces.]`,
	})
	if m.Overlaps != 1 {
		t.Errorf("%d overlaps", m.Overlaps)
	}
}

func TestAudiences(t *testing.T) {
	const sources = `
contacts "a" {
  source = "a.csv"
  key    = "id"
  where  = contact.plan != "none"
}
contacts "b" {
  source = "b.jsonl"
  key    = "nr"
  rename = { "e-mail" = "email" }
}
contacts "out" {
  source = "out.tsv"
  key    = "id"
}
contact "zoe" {
  email = "zoe@example.com"
  plan  = "gold"
}
`
	const files = `
-- a.csv --
id,plan,email,phone
1,gold,one@example.com,+4911
2,none,two@example.com,+4922
3,gold,three@example.com,
4,tin,ONE@example.com,+4944
-- b.jsonl --
{"nr": 3, "plan": "gold", "e-mail": "other@example.com"}
{"nr": "5", "plan": "tin", "e-mail": "five@example.com", "phone": "+4911"}
{"nr": "6", "e-mail": "six@example.com"}
-- out.tsv --
id	email	phone
1	 One@Example.com 	
9		0049 (44)
`
	for _, tt := range []struct {
		name, audience string
		want           []string
	}{
		{"sources in order", `include = [contacts.b, contacts.a, contact.zoe]`, []string{"3", "5", "6", "1", "4", "zoe"}},
		{"where over the union", "include = [contacts.a, contacts.b, contact.zoe]\n where = contact.plan == \"gold\"", []string{"1", "3", "zoe"}},
		{"null where a source lacks it", "include = [contacts.a, contacts.b, contact.zoe]\n where = contact.phone == null", []string{"6", "zoe"}},
		{"exclude by key", "include = [contacts.a, contacts.b]\n exclude = [contacts.out]", []string{"3", "4", "5", "6"}},
		{"exclude by e-mail", "include = [contacts.a, contacts.b]\n exclude = [contacts.out]\n exclude_by = [\"email\"]", []string{"3", "5", "6"}},
		{"exclude by phone", "include = [contacts.a, contacts.b]\n exclude = [contacts.out]\n exclude_by = [\"phone\"]", []string{"1", "3", "5", "6"}},
		{"exclude by all", "include = [contacts.a, contacts.b]\n exclude = [contacts.out, contact.zoe]\n exclude_by = [\"key\", \"email\", \"phone\"]", []string{"3", "5", "6"}},
		{"unique_by", "include = [contacts.b, contacts.a]\n unique_by = contact.phone", []string{"3", "5", "6", "4"}},
		{"an audience in an audience", "include = [audience.gold, contacts.b]\n exclude = [audience.gold]", []string{"5", "6"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := good(t, input(campaign(t, peopleCampaign(sources+`
audience "gold" {
  include = [contacts.a]
  where   = contact.plan == "gold"
}
audience "all" {
`+tt.audience+"\n}", "audience.all", "Hi", files))))
			var keys []string
			for _, s := range m.steps {
				keys = append(keys, s.Send.Key)
			}
			equal(t, "people", keys, tt.want)
		})
	}
}

func TestAnotherAddressUnderTheSameKey(t *testing.T) {
	m := good(t, input(campaign(t, peopleCampaign(csvSource+`
contact "c1" {
  email = "other@example.com"
}
contact "c2" {
  email = "Bob@example.com"
}
`, "[contacts.people, contact.c1, contact.c2]", "Hi", "-- people.csv --\nid,email\nc1,ada@example.com\nc2,bob@example.com\n"))))
	if got := said(m.diags); len(got) != 1 || !strings.HasPrefix(got[0], "main.hcl:18:32 (warning) Another e-mail address or phone number under the same key: ") ||
		!strings.HasSuffix(got[0], "\n\nFor \"c1\" (main.hcl:9).") || m.Overlaps != 2 {
		t.Errorf("%d overlaps, %q", m.Overlaps, got)
	}
}

// A misspelt number in an exclude list would write to somebody who opted out.
func TestExcludeListThatCannotBeCompared(t *testing.T) {
	m := makePlan(t, input(campaign(t, peopleCampaign(csvSource+`
contacts "out" {
  source = "out.csv"
  key    = "id"
}
audience "all" {
  include    = [contacts.people]
  exclude    = [contacts.out]
  exclude_by = ["phone", "email"]
}
`, "audience.all", "Hi", "-- people.csv --\nid,email,phone\nc1,a@b.de,4911\n-- out.csv --\nid,phone,email\n1,none,a@b.de\n2,+49 11,x\n"))))
	equal(t, "errors", said(m.diags), []string{
		`out.csv:2:3 Invalid phone number: "none" cannot be the phone of "1", who is to be excluded. It has no digits.`,
		`out.csv:3:10 Invalid e-mail address: "x" cannot be the email of "2", who is to be excluded. An e-mail address looks like ada@example.com, without a name and without spaces.`,
	})
}

func TestUniqueByOverRuns(t *testing.T) {
	const text = `
audience "all" {
  include   = [contacts.people]
  unique_by = contact.phone
}
`
	plan := func(rows string) Input {
		return input(campaign(t, peopleCampaign(csvSource+text, "audience.all", "Hi", "-- people.csv --\nid,phone\n"+rows)))
	}
	in := plan("c1,+4911\nc2,+4911\nc3,\nc4,\n")
	first := good(t, in)
	equal(t, "first", first.did(), []string{`send s.m["c1"]`, `send s.m["c3"]`, `send s.m["c4"]`})
	if len(first.LeftOut) != 1 || first.LeftOut[0].Reason != "unique_by" || first.LeftOut[0].Samples[0] != `"c2" (people.csv:3)` {
		t.Errorf("left out: %+v", first.LeftOut)
	}
	if first.steps[0].Unique.IsZero() || !first.steps[1].Unique.IsZero() {
		t.Error("the wrong people have a unique value")
	}
	two := plan("c1,+4911\nc2,+4911\n")
	two.Campaign = campaign(t, strings.Replace(peopleCampaign(csvSource+text, "audience.all", "Hi", "-- people.csv --\nid,phone\nc1,+4911\nc2,+4911\n"),
		"  message \"m\" {", "  message \"l\" {\n    text = \"Ho\"\n  }\n  message \"m\" {", 1))
	if m := good(t, two); m.Sends() != 2 || len(m.LeftOut) != 1 || m.LeftOut[0].Count != 1 {
		t.Errorf("two messages: %v, left out %+v", m.did(), m.LeftOut)
	}

	view := after(nil, first, sent)
	in = plan("c2,+4911\nc3,\nc4,\nc5,+4955\n") // c1 left; the value stays used
	in.View = view
	equal(t, "second", good(t, in).did(), []string{`unchanged s.m["c3"]`, `unchanged s.m["c4"]`, `send s.m["c5"]`})
}

func TestNestedUniqueBy(t *testing.T) {
	c := campaign(t, peopleCampaign(csvSource+`
audience "inner" {
  include   = [contacts.people]
  unique_by = contact.phone
}
audience "middle" {
  include = [audience.inner]
}
audience "outer" {
  include   = [audience.middle]
  unique_by = contact.key
}
`, "audience.outer", "Hi", "-- people.csv --\nid,phone\n"))
	for _, got := range [][]string{said(Check(c, accounts(c))), said(makePlan(t, input(c)).diags)} {
		if len(got) != 1 || !strings.HasPrefix(got[0], "main.hcl:14:14 unique_by at two levels: ") {
			t.Errorf("%q", got)
		}
	}
}

// A slip in the name of a JSONL attribute is null for everybody, and matches nobody.
func TestAttributeThatNobodyHas(t *testing.T) {
	const sources = `
contacts "people" {
  source = "people.jsonl"
  key    = "id"
  rename = { tariff = "plan" }
}
contacts "more" {
  source = "more.csv"
  key    = "id"
}
contacts "out" {
  source = "out.jsonl"
  key    = "id"
  where  = contact.activ == "yes"
}
contact "ada" {
  nick = "A"
}
audience "all" {
  include = [contacts.people, contact.ada%s]
  exclude = [contacts.out]
  where   = %s
}
sequence "t" {
  conversation = conversation.chat
  message "m" {
    text = "Ho"
  }
}
`
	const files = "-- people.jsonl --\n{\"id\": 1, \"tariff\": \"gold\"}\n{\"id\": 2, \"late\": null}\n-- more.csv --\nid,active\n1,x\n-- out.jsonl --\n"
	const none = "(warning) No person has the attribute: Nobody who was read has the attribute "
	for _, tt := range []struct {
		name, where, more, out string
		want                   []string
	}{
		{name: "a slip", where: `contact.plna == "gold"`, want: []string{"main.hcl:24:13 " + none + `"plna", so it is null for everyone. Did you mean "plan"?`}},
		{name: "in a call", where: `length(coalesce(contact["plna"], "x")) > 0`, want: []string{"main.hcl:24:29 " + none + `"plna"`}},
		{name: "some have it", where: `contact.plan == "gold"`},
		{name: "one has it, and it is null", where: `contact.late == null`},
		{name: "a declared contact has it", where: `contact.nick == "A"`},
		{name: "another source has it", where: `contact.active == "x"`, more: ", contacts.more"},
		{name: "the key", where: `contact.key == "1"`},
		{name: "of an exclude list", where: "true", out: "{\"id\": 1, \"active\": \"yes\"}\n", want: []string{"main.hcl:16:12 " + none + `"activ", so it is null for everyone. Did you mean "active"?`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.out == "" {
				tt.out = "{\"id\": 9, \"activ\": \"yes\"}\n"
			}
			m := good(t, input(campaign(t, peopleCampaign(fmt.Sprintf(sources, tt.more, tt.where), "audience.all", "Hi", files+tt.out))))
			got := said(m.diags)
			if len(got) != len(tt.want) {
				t.Fatalf("got %q, want %q", got, tt.want)
			}
			for i, want := range tt.want {
				if !strings.HasPrefix(got[i], want) {
					t.Errorf("%q, want %q", got[i], want)
				}
			}
		})
	}
}
