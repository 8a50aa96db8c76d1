package report

import (
	"bytes"
	"fmt"
	"html"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func review() Review {
	p := NewPlan(plan())
	p.Trim(0)
	p.Warnings = []Reason{{Summary: "Unusually many.", Detail: "So many."}}
	p.Reach = []Reach{{Sequence: "renewal", People: 1204, Joined: 86, Left: 12, Dropped: 96}}
	return Review{
		Campaign: "launch", Digest: strings.Repeat("ab", 32), Command: "herald apply launch.plan", Plan: p,
		Created: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC), NotAfter: time.Date(2026, 12, 4, 9, 0, 0, 0, time.UTC),
		Warnings: []Reason{{Summary: "A rehearsal.", Detail: "Only there."}},
		Texts:    []TextChange{{Message: "renewal.offer", Was: "text\ntext = \"Hi\"\n", Now: "text\ntext = \"Hello\"\n"}},
		Drawn: []Drawn{
			{Address: `renewal.offer["c1"]`, Message: "renewal.offer", Account: "heyx", Why: "the longest", Text: "Hi Ada,\n\n<b>you</b>"},
		},
	}
}

func TestMarkdown(t *testing.T) {
	var b bytes.Buffer
	if err := review().Markdown(&b); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	if !strings.HasPrefix(got, "<!-- herald-plan launch -->\n") {
		t.Error("the first line marks the comment")
	}
	for _, part := range []string{
		"**Plan: 1,204 to send, 2 blocked", "> ⛔ **Too many.** Because.\n", "> ⚠️ **Unusually many.** So many.\n", "> ⚠️ **A rehearsal.** Only there.\n",
		"Who is written to: 86 new, 12 gone, ", "| renewal | 1,204 | 86 | 12 | 96 |", "out in about 49 s</summary>", "the last is out at about 2026-12-01 09:00 UTC.", "| + | renewal.offer | 1,204 | heyx |",
		"- text = &#34;Hi&#34;&#10;+ text = &#34;Hello&#34;", "person 1: the longest</p>\n<pre>Hi Ada,&#10;&#10;&#60;b&#62;you&#60;/b&#62;</pre>",
		"to be applied until 2026-12-04T09:00:00Z", "\n    herald apply launch.plan\n", "| heyx | 1,204 sends | 25/s | 49 s |",
	} {
		if !strings.Contains(got, part) {
			t.Errorf("no %q in\n%s", part, got)
		}
	}
	if strings.Index(got, "Too many") > strings.Index(got, "| + |") {
		t.Error("what is forbidden comes first")
	}
	if strings.Contains(got, "c1") {
		t.Error("who people are must not be shown")
	}
	r := review()
	r.Contacts = true
	b.Reset()
	r.Markdown(&b)
	if !strings.Contains(b.String(), "renewal.offer&#91;&#34;c1&#34;&#93;") {
		t.Error("with contacts, people are named")
	}
}

// However long the parts are, the comment fits, is cut between lines only, and still says how to apply the plan.
func TestMarkdownFits(t *testing.T) {
	r := review()
	for i := range 3000 {
		r.Plan.Groups = append(r.Plan.Groups, Group{Sign: "+", Action: "send", Message: fmt.Sprintf("s%d.m", i), Count: i, Account: "heyx"})
	}
	for i := range 200 {
		r.Drawn = append(r.Drawn, Drawn{Message: "s.m", Text: strings.Repeat("&", 5000), Why: fmt.Sprint(i)})
	}
	var b bytes.Buffer
	if err := r.Markdown(&b); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	if n := len([]rune(got)); n > maxMarkdown || n < maxMarkdown/2 {
		t.Errorf("%d characters", n)
	}
	if !strings.Contains(got, "There is more than fits here.") || !strings.HasSuffix(got, "herald apply launch.plan\n") {
		t.Errorf("it ends with %q", got[len(got)-300:])
	}
	if strings.Count(got, "<details>") != strings.Count(got, "</details>") {
		t.Error("a details block is open")
	}
	for line := range strings.Lines(got) {
		if strings.HasPrefix(line, "| + | s") && !strings.HasSuffix(line, "|\n") {
			t.Errorf("cut within a row: %q", line)
		}
	}
}

func TestLineDiff(t *testing.T) {
	for _, tt := range []struct{ was, now, want string }{
		{"", "a\nb\n", "+ a\n+ b"},
		{"a\nb\nc\n", "a\nc\n", "  a\n- b\n  c"},
		{"a\nc\n", "a\nb\nc\n", "  a\n+ b\n  c"},
		{"a\n", "b\n", "- a\n+ b"},
	} {
		if diff := cmp.Diff(tt.want, html.UnescapeString(lineDiff(tt.was, tt.now))); diff != "" {
			t.Error(diff)
		}
	}
}

// A comment shows a few samples of each message: the first and those that stand out, each person with the number that the page
// of HTML gives to the person too.
func TestMarkdownChooses(t *testing.T) {
	r := review()
	r.Drawn = nil
	for i, why := range []string{"", "", "", "the longest", "", "in he-IL", "without first_name", "the shortest"} {
		r.Drawn = append(r.Drawn, Drawn{Address: fmt.Sprintf(`a.b["c%d"]`, i), Message: "a.b", Account: "heyx", Why: why, Text: fmt.Sprint("text ", i)})
	}
	r.Drawn = append(r.Drawn, Drawn{Address: `a.c["c0"]`, Message: "a.c", Account: "heyx", Text: "again"})
	var b bytes.Buffer
	if err := r.Markdown(&b); err != nil {
		t.Fatal(err)
	}
	for part, want := range map[string]bool{
		"5 samples": true, "person 1</p>\n<pre>text 0<": true, "text 1<": false, "person 4: the longest</p>\n<pre>text 3<": true, "text 5<": true,
		"text 6<": true, "text 7<": false, "<b>a.c</b>, heyx, person 1</p>\n<pre>again<": true,
	} {
		if got := strings.Contains(b.String(), part); got != want {
			t.Errorf("%q is there: %v, in\n%s", part, got, b.String())
		}
	}
}

// What is forbidden is reviewed, and no command is shown for it.
func TestMarkdownForbidden(t *testing.T) {
	r := review()
	r.Command = ""
	var b bytes.Buffer
	if err := r.Markdown(&b); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); !strings.HasSuffix(got, "It is forbidden, and cannot be applied.\n") || strings.Contains(got, "herald apply") || strings.Contains(got, "to be applied") {
		t.Errorf("it ends with %q", got[len(got)-200:])
	}
}
