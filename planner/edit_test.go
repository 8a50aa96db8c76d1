package planner

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"herald/internal/addr"
	"herald/spec"
	"herald/state"
)

// outlineOf reads messages written as "a b:2 c": a name, and after a colon the version of its definition.
func outlineOf(text string) []state.OutlineItem {
	var items []state.OutlineItem
	for _, word := range strings.Fields(text) {
		name, version, _ := strings.Cut(word, ":")
		items = append(items, state.OutlineItem{Message: name, Definition: DefinitionHash(version)})
	}
	return items
}

func TestCompareOutlines(t *testing.T) {
	for _, tt := range []struct{ before, now, want string }{
		{"a b c", "a b c", ""},
		{"a b c", "a b:2 c", "changed b 1"},
		{"a c", "a b c", "inserted b 1"},
		{"a b c d", "a d", "removed b 1, removed c 2"},
		{"b a", "x a", "removed b 0, inserted x 0"},
		{"a b c d", "b c d a", "reordered a 3"},
		{"a b c d", "d a b c", "reordered d 0"},
		{"a b c", "a x:1 c:2", "removed b 1, inserted x 1, changed c 2"},
		{"a b", "b:2 a", "changed b 0, reordered a 1"},
		{"a x b c", "b c a", "removed x 1, reordered a 2"},
		{"", "a", "inserted a 0"},
		{"a", "", "removed a 0"},
	} {
		var got []string
		for _, c := range compareOutlines(outlineOf(tt.before), outlineOf(tt.now)) {
			got = append(got, fmt.Sprint(c.kind, " ", c.name, " ", c.place))
		}
		want := strings.Split(tt.want, ", ")
		if tt.want == "" {
			want = nil
		}
		equal(t, tt.before+" → "+tt.now, got, want)
	}
	upgraded := outlineOf("a")
	upgraded[0].Definition.Version = HashVersion + 1
	if got := compareOutlines(outlineOf("a:2"), upgraded); len(got) != 0 {
		t.Errorf("an upgrade: %v", got)
	}
}

// Without what is named, both orders are one; and no smaller set of messages that moved would do.
func TestCompareOutlinesIsTheLeast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) []state.OutlineItem {
			var items []state.OutlineItem
			for _, name := range rapid.SliceOfNDistinct(rapid.IntRange(0, 7), 0, 8, rapid.ID[int]).Draw(t, label) {
				items = append(items, state.OutlineItem{Message: fmt.Sprint("m", name), Definition: DefinitionHash(fmt.Sprint(rapid.IntRange(0, 1).Draw(t, "definition")))})
			}
			return items
		}
		before, now := draw("before"), draw("now")
		gone, changed, moved := map[string]bool{}, map[string]bool{}, 0
		for _, c := range compareOutlines(before, now) {
			at := now
			if c.kind == Removed {
				at = before
			}
			if at[c.place].Message != c.name {
				t.Fatalf("%s is not at %d", c.name, c.place)
			}
			switch c.kind {
			case Changed:
				changed[c.name] = true
			case Reordered:
				moved++
				fallthrough
			default:
				gone[c.name] = true
			}
		}
		rest := func(items []state.OutlineItem) []string {
			out := []string{}
			for _, item := range items {
				if !gone[item.Message] {
					out = append(out, item.Message)
				}
			}
			return out
		}
		if !slices.Equal(rest(before), rest(now)) {
			t.Fatalf("%v and %v", rest(before), rest(now))
		}
		var common []string
		for _, b := range before {
			for _, n := range now {
				if b.Message == n.Message {
					common = append(common, b.Message)
					if changed[b.Message] != (b.Definition != n.Definition) {
						t.Fatalf("%s changed: %v", b.Message, changed[b.Message])
					}
				}
			}
		}
		if least := len(common) - longestInOrder(common, placesOf(now)); moved != least {
			t.Fatalf("%d moved, and %d would do", moved, least)
		}
	})
}

// longestInOrder tries all subsets.
func longestInOrder(names []string, at map[string]int) int {
	longest := 0
	for chosen := range 1 << len(names) {
		last, n := -1, 0
		for i, name := range names {
			if chosen&(1<<i) == 0 {
				continue
			}
			if at[name] < last {
				n = -1
				break
			}
			last, n = at[name], n+1
		}
		longest = max(longest, n)
	}
	return longest
}

func edits(m made) []string {
	var out []string
	for _, e := range m.Edits {
		out = append(out, fmt.Sprintf("%s %s %d/%d/%d %s", e.Kind, e.Message, e.Before, e.At, e.After, e.Effect))
	}
	return out
}

func TestEditsInFlight(t *testing.T) {
	// Of five people, c0 has all three messages, c1 the first two, c2 the first, and the others none.
	reached := map[string]int{"c0": 3, "c1": 2, "c2": 1}
	places := map[string]int{"one": 1, "two": 2, "three": 3}
	l := newLedgerFile(t)
	first := courses(t, 5, map[string][]string{"a": {"one", "two", "three"}, "new": {"x"}})
	view := l.apply(good(t, input(first)), noon, func(s Step) state.State {
		if s.Send.Sequence == "a" && places[s.Send.Name] <= reached[s.Send.Key] {
			return state.Sent
		}
		return state.Untried
	})
	for _, tt := range []struct {
		name     string
		messages []string
		resend   bool
		edit     string // text of message two
		want     []string
	}{
		{name: "nothing", messages: []string{"one", "two", "three"}},
		{name: "changed", messages: []string{"one", "two", "three"}, edit: "other", want: []string{"changed a.two 3/1/1 on_change = keep: 2 keep what was sent; 3 get the new one"}},
		{name: "changed, resend", messages: []string{"one", "two", "three"}, edit: "other", resend: true,
			want: []string{"changed a.two 3/1/1 on_change = resend: 2 get it again where its text has changed; 3 get the new one"}},
		{name: "inserted", messages: []string{"one", "two", "x", "three"}, want: []string{"inserted a.x 4/0/1 never sent to the 1 who is past it; 4 get it"}},
		{name: "appended", messages: []string{"one", "two", "three", "x"}, want: []string{"inserted a.x 5/0/0 5 get it"}},
		{name: "put in front", messages: []string{"x", "one", "two", "three"}, want: []string{"inserted a.x 2/0/3 never sent to the 3 who are past it; 2 get it"}},
		{name: "removed", messages: []string{"one", "three"}, want: []string{"removed a.two 3/1/1 2 had it; 3 will not get it"}},
		{name: "replaced", messages: []string{"one", "x", "three"}, want: []string{"inserted a.x 4/0/1 never sent to the 1 who is past it; 4 get it", "removed a.two 3/1/1 2 had it; 3 will not get it"}},
		{name: "last removed", messages: []string{"one", "two"}, want: []string{"removed a.three 4/1/0 1 had it; 4 will not get it"}},
		{name: "moved to the front", messages: []string{"three", "one", "two"}, want: []string{"reordered a.three 2/0/3 1 has it; never sent to the 2 who are past its new place; 2 get it at its new place"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := input(courses(t, 5, map[string][]string{"a": tt.messages, "new": {"x"}}))
			if tt.resend {
				in.Campaign.Sequences[0].OnChange = spec.Resend
			}
			if tt.edit != "" {
				in.Campaign.Sequences[0].Messages[1].Source += tt.edit
			}
			in.View = view
			m := good(t, in)
			got := edits(m)
			slices.Sort(got)
			want := slices.Clone(tt.want)
			slices.Sort(want)
			equal(t, "edits", got, want)
			var outline []string
			for _, item := range m.Outlines["a"] {
				outline = append(outline, item.Message)
			}
			equal(t, "outline", outline, tt.messages)

			in.Targets = targets("new")
			if m := good(t, in); len(m.Edits) != 0 || len(m.Outlines) != 2 || len(m.Outlines["a"]) != len(tt.messages) {
				t.Errorf("-target=new: %q, %v", edits(m), m.Outlines)
			}
		})
	}
}

// Once a run has seen a sequence as it is, that is what the next one is compared with.
func TestEditsAreSaidOnce(t *testing.T) {
	l := newLedgerFile(t)
	in := input(courses(t, 3, map[string][]string{"a": {"one"}}))
	in.View = l.apply(good(t, in), noon, sent)
	in.Campaign = courses(t, 3, map[string][]string{"a": {"one", "two"}})
	m := good(t, in)
	equal(t, "edits", edits(m), []string{"inserted a.two 3/0/0 3 get it"})
	in.View = l.apply(m, noon, sent)
	if m := good(t, in); len(m.Edits) != 0 {
		t.Errorf("again: %q", edits(m))
	}
	l2 := newLedgerFile(t)
	in.View = l2.apply(good(t, input(courses(t, 3, map[string][]string{"a": {"one"}}))), noon, func(Step) state.State { return state.Untried })
	if m := good(t, in); len(m.Edits) != 0 {
		t.Errorf("nobody is in it: %q", edits(m))
	}
	if in.View.Recorded(addr.Message{Sequence: "a", Name: "one"}) != 0 || len(in.View.Outline("a")) != 1 {
		t.Error("the ledger is to know the outline and no sends")
	}
}

// Whoever is left out because another one has the same number is not among those whom an edit is about.
func TestEditsLeaveOutTwins(t *testing.T) {
	text := `
-- main.hcl --
provider "chat" {
}
contacts "people" {
  source = "people.csv"
  key    = "id"
}
audience "phones" {
  include   = [contacts.people]
  unique_by = contact.phone
}
conversation "chat" {
  provider = chat
  with     = audience.phones
  to       = contact.id
}
sequence "a" {
  conversation = conversation.chat
  message "one" {
    text = "hi"
  }
  MORE
}
-- people.csv --
id,phone
ada,+4930111111
twin,+4930111111
bo,+4930222222
`
	l := newLedgerFile(t)
	in := input(campaign(t, strings.Replace(text, "MORE", "", 1)))
	in.View = l.apply(good(t, in), noon, sent)
	in.Campaign = campaign(t, strings.Replace(text, "MORE", "message \"two\" {\n    text = \"again\"\n  }", 1))
	equal(t, "edits", edits(good(t, in)), []string{"inserted a.two 2/0/0 2 get it"})
}
