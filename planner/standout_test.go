package planner

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"herald/state"
)

// drawnOf gives the samples of every group as "c1: why".
func drawnOf(m made) []string {
	var out []string
	for _, g := range m.Groups {
		for _, s := range g.Samples {
			out = append(out, s.Send.Key+": "+s.Why)
		}
	}
	return out
}

const jsonlSource = `
contacts "people" {
  source = "people.jsonl"
  key    = "id"
  rename = { lang = "locale" }
}
`

// Two are the first ones in each case.
func TestStandouts(t *testing.T) {
	for _, tt := range []struct {
		name   string
		blocks string // csvSource unless given
		with   string // contacts.people unless given
		text   string // Hi ${contact.name} unless given
		file   string // people.csv unless it begins with --
		want   []string
	}{
		{name: "nobody", file: "id,name\n"},
		{name: "one", file: "id,name\nc1,Ada\n", want: []string{"c1: "}},
		{name: "one without a name", file: "id,name\nc1,\n", want: []string{"c1: without name"}},
		{name: "one of each", file: "id,name\nc1,Ada\nc2,Ada\nc3,Ada Lovelace\nc4,Ada\nc5,A\nc6,\n",
			want: []string{"c1: ", "c2: ", "c3: the longest", "c6: the shortest, without name"}},
		{name: "plan order, not the order of the reasons", file: "id,name\nc1,Ada\nc2,Ada\nc3,A\nc4,Ada L\n",
			want: []string{"c1: ", "c2: ", "c3: the shortest", "c4: the longest"}},
		{name: "the first ones", file: "id,name,locale\nc1,Ada L,de\nc2,,de\nc3,Ada,de\nc4,,\n",
			want: []string{"c1: the longest, in de", "c2: the shortest, without name"}},
		{name: "the first of equals", file: "id,name\nc1,Ada\nc2,Ada\nc3,Al\nc4,Al\nc5,Adam\nc6,Adam\n",
			want: []string{"c1: ", "c2: ", "c3: the shortest", "c5: the longest"}},
		{name: "all of one length", file: "id,name\nc1,Ada\nc2,Bob\nc3,Eva\n", want: []string{"c1: ", "c2: "}},
		{name: "the same text for all", text: "Hi", file: "id,name,locale\nc1,,de\nc2,Bob,de\nc3,Eva,he-IL\n",
			want: []string{"c1: in de", "c2: ", "c3: in he-IL"}},
		{name: "characters, not bytes", file: "id,name\nc1,Adam\nc2,Adam\nc3,שרה\nc4,Adams\n",
			want: []string{"c1: ", "c2: ", "c3: the shortest", "c4: the longest"}},
		{name: "what the message does not name", text: "Hi ${contact.id}", file: "id,name\nc1,\nc2,\nc3,\n", want: []string{"c1: ", "c2: "}},
		{name: "an attribute that is handled", text: "Hi ${contact.name == \\\"\\\" ? \\\"you\\\" : \\\"Ada\\\"}", file: "id,name\nc1,Ada\nc2,Ada\nc3,\n", want: []string{"c1: ", "c2: ", "c3: without name"}},
		{name: "a number", blocks: csvSource[:len(csvSource)-2] + "  types = { age = number }\n}\n", text: "${contact.age == null ? 10 : contact.age}",
			file: "id,age\nc1,36\nc2,36\nc3,\nc4,0\n", want: []string{"c1: the longest", "c2: ", "c3: without age", "c4: the shortest"}},
		{name: "locales", file: "id,name,locale\nc1,Ada,\nc2,Ada,de\nc3,Ada,DE\nc4,Ada,he-IL\nc5,Ada,he-IL\nc6,Ada,es-419\n",
			want: []string{"c1: ", "c2: in de", "c4: in he-IL", "c6: in es-419"}},
		{name: "what is no locale", file: "id,name,locale\nc1,Ada,1\nc2,Ada,de_DE\nc3,Ada,<b>\nc4,Ada,d\nc5,Ada,german-\nc6,Ada,de-\nc7,Ada,deutschland\nc8,Ada,9a\nc11,Ada,abcdefghi\nc9,Ada,aa-" + strings.Repeat("bbbbbbbb-", 3) + "bbbbbb\nc10,Ada,de-D E\n",
			want: []string{"c1: ", "c2: "}},
		{name: "the longest locale", file: "id,name,locale\nc1,Ada,aa-" + strings.Repeat("bbbbbbbb-", 3) + "bbbbb\n", want: []string{"c1: in aa-bbbbbbbb-bbbbbbbb-bbbbbbbb-bbbbb"}},
		{name: "JSON lines", blocks: jsonlSource, file: "-- people.jsonl --\n{\"id\":\"c1\",\"name\":\"Ada\",\"lang\":true}\n{\"id\":\"c2\",\"name\":\"Ada\",\"lang\":\"de\"}\n{\"id\":\"c3\",\"name\":\"Ada\"}\n{\"id\":\"c4\",\"name\":null,\"lang\":null}\n{\"id\":\"c5\",\"name\":\"Ada\",\"lang\":\"he\"}\n",
			text: "Hi ${contact.name == null ? \\\"Ada\\\" : contact.name}", want: []string{"c1: ", "c2: in de", "c4: without name", "c5: in he"}},
		{name: "contacts, and a source without locales", blocks: csvSource + "contact \"eva\" {\n  name = \"Eva\"\n  locale = \"he\"\n}\ncontact \"bob\" {\n  name = \"\"\n}\n", with: "[contact.eva, contacts.people, contact.bob]",
			file: "id,name\nc1,Ada\nc2,Bob\n", want: []string{"eva: the longest, in he", "c1: ", "bob: the shortest, without name"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.blocks == "" {
				tt.blocks = csvSource
			}
			if tt.with == "" {
				tt.with = "contacts.people"
			}
			if tt.text == "" {
				tt.text = "Hi ${contact.name}"
			}
			tt.text = strings.ReplaceAll(tt.text, `\"`, `"`)
			if !strings.HasPrefix(tt.file, "-- ") {
				tt.file = "-- people.csv --\n" + tt.file
			}
			in := input(campaign(t, peopleCampaign(tt.blocks, tt.with, tt.text, tt.file)))
			plain := good(t, in)
			in.Contents = true
			m := good(t, in)
			equal(t, "samples", drawnOf(m), tt.want)
			if m.Digest != plain.Digest || !slices.Equal(m.did(), plain.did()) {
				t.Error("who looks closely approves another plan")
			}
			for _, g := range m.Groups {
				for _, s := range g.Samples {
					if s.Content == nil || reads(s.Content) != s.Text || s.Text == "" {
						t.Errorf("%s: %q, content %+v", s.Send, s.Text, s.Content)
					}
				}
			}
			for _, g := range plain.Groups {
				for _, s := range g.Samples {
					if s.Why != "" || s.Content != nil || len(g.Samples) > in.Samples {
						t.Errorf("without contents: %+v", g.Samples)
					}
				}
			}
		})
	}
}

// Options say how a message travels, and are the message's too; whom it goes to, and when, is not.
func TestStandoutsOfOptions(t *testing.T) {
	text := strings.NewReplacer("    text = \"Hi\"", "    text = \"Hi\"\n    when = contact.vip != \"no\"\n    chat {\n      priority = contact.rank == \"\" ? 1 : 2\n    }",
		"to       = contact.key", "to       = contact.to == \"\" ? contact.key : contact.to").
		Replace(peopleCampaign(csvSource, "contacts.people", "Hi", "-- people.csv --\nid,vip,rank,to\nc1,y,1,t\nc2,y,1,t2\nc3,,1,\nc4,no,,t4\nc5,y,,t5\n"))
	in := input(campaign(t, text))
	in.Contents = true
	equal(t, "samples", drawnOf(good(t, in)), []string{"c1: ", "c2: ", "c5: without rank", "c4: "}) // c4 is skipped
}

// Only what is sent stands out: not what waits, which is only drawn, nor what is beyond the limit, nor what another group has.
func TestStandoutsAreSent(t *testing.T) {
	text := peopleCampaign(csvSource, "contacts.people", "Hi ${contact.name}", "-- people.csv --\nid,name,locale\nc1,Ada,de\nc2,Ada,de\nc3,Ada L,de\nc4,Ada Lovelace,he\n")
	in := input(campaign(t, text))
	in.Contents, in.Limit = true, 3
	equal(t, "limited", drawnOf(good(t, in)), []string{"c1: the shortest, in de", "c2: ", "c3: the longest"})
	in.Limit = -1
	in.Campaign = campaign(t, strings.Replace(text, "  message", "  start = \"2027-01-01T00:00:00Z\"\n  message", 1))
	m := good(t, in)
	equal(t, "waiting", drawnOf(m), []string{"c1: ", "c2: "})
	for i, want := range []string{"Hi Ada", "Hi Ada"} { // what they will read is reviewed now
		if s := m.Groups[0].Samples[i]; s.Text != want || s.Content == nil || s.Content.Text != want || s.At.IsZero() {
			t.Errorf("waiting: %+v", s)
		}
	}
	in.Contents = false
	if s := good(t, in).Groups[0].Samples[0]; s.Text != "" || s.Content != nil {
		t.Errorf("waiting, without contents: %+v", s)
	}
	in.Contents = true
	in.Campaign = campaign(t, text)
	in.View, in.Replace = ledgerOf(recordsOf(t, "refused s.m c1", "refused s.m c3", "refused s.m c4")), targets("s.m")
	equal(t, "sent again, new", drawnOf(good(t, in)), []string{"c2: in de", "c1: the shortest, in de", "c3: ", "c4: the longest, in he"})
	in.View, in.Replace = after(nil, good(t, input(in.Campaign)), func(Step) state.State { return state.InDoubt }), nil
	equal(t, "in doubt", drawnOf(good(t, in)), []string{"c1: ", "c2: ", "c3: ", "c4: "})
}

// However many people there are, and whatever their data says, few are kept.
func TestStandoutsAreBounded(t *testing.T) {
	const people, attributes = 400, 12
	var columns, text, rows strings.Builder
	for i := range attributes {
		fmt.Fprintf(&columns, ",a%02d", i)
		fmt.Fprintf(&text, "${contact.a%02d}", i)
	}
	for i := range people {
		fmt.Fprintf(&rows, "c%d,x%c%c", i, 'a'+i/26%26, 'a'+i%26)
		for j := range attributes {
			if i == 10+j {
				rows.WriteString(",") // each in turn is without one
			} else {
				fmt.Fprintf(&rows, ",%s", strings.Repeat("x", 1+(i+j)%2))
			}
		}
		rows.WriteString("\n")
	}
	in := input(campaign(t, peopleCampaign(csvSource, "contacts.people", text.String(), "-- people.csv --\nid,locale"+columns.String()+"\n"+rows.String())))
	in.Contents, in.Samples = true, 3
	m := good(t, in)
	var locales, without int
	for _, s := range m.Groups[0].Samples {
		locales += strings.Count(s.Why, "in ")
		without += strings.Count(s.Why, "without ")
	}
	if locales != maxLocales || without != maxLacking || len(m.Groups[0].Samples) > in.Samples+2+maxLocales+maxLacking {
		t.Errorf("%d locales, %d without: %q", locales, without, drawnOf(m))
	}
}

// Random people agree with a model that has all of them in memory.
func TestStandoutsAgainstAModel(t *testing.T) {
	type person struct{ name, city, locale string }
	rapid.Check(t, func(rt *rapid.T) {
		text := "Hi ${contact.name} of ${contact.city}"
		all := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) person {
			return person{rapid.SampledFrom([]string{"", "Ada", "Adam", "Ada Lovelace", "שרה"}).Draw(t, "name"), rapid.SampledFrom([]string{"", "Rome", "Rome", "Ulm"}).Draw(t, "city"),
				rapid.SampledFrom([]string{"", "de", "he", "en", "fr", "it", "es", "pl", "da", "fi", "DE", "??"}).Draw(t, "locale")}
		}), 1, 40).Draw(rt, "people")
		samples := rapid.IntRange(1, 5).Draw(rt, "samples")
		var rows strings.Builder
		why := make([][]string, len(all))
		longest, shortest, length := 0, 0, func(i int) int { return utf8.RuneCountInString(all[i].name + all[i].city) }
		for i := range all {
			if length(i) > length(longest) {
				longest = i
			}
			if length(i) < length(shortest) {
				shortest = i
			}
		}
		if longest != shortest {
			why[longest], why[shortest] = []string{"the longest"}, []string{"the shortest"}
		}
		met := map[string]bool{}
		first := func(i int, is bool, reason string) {
			if key := strings.ToLower(reason); is && !met[key] {
				met[key], why[i] = true, append(why[i], reason)
			}
		}
		for i, p := range all {
			fmt.Fprintf(&rows, "c%d,%s,%s,%s\n", i, p.name, p.city, p.locale)
			first(i, p.city == "", "without city")
			first(i, p.name == "", "without name")
			first(i, p.locale != "" && p.locale != "??" && countOf(met, "in ") < maxLocales, "in "+p.locale)
		}
		var want []string
		for i := range all {
			if i < samples || len(why[i]) > 0 {
				want = append(want, fmt.Sprintf("c%d: %s", i, strings.Join(why[i], ", ")))
			}
		}
		in := input(campaign(t, peopleCampaign(csvSource, "contacts.people", text, "-- people.csv --\nid,name,city,locale\n"+rows.String())))
		in.Contents, in.Samples = true, samples
		if got := drawnOf(good(t, in)); !slices.Equal(got, want) {
			rt.Fatalf("%q, want %q\n%s", got, want, rows.String())
		}
	})
}

func countOf(met map[string]bool, prefix string) (n int) {
	for reason := range met {
		if strings.HasPrefix(reason, prefix) {
			n++
		}
	}
	return n
}
