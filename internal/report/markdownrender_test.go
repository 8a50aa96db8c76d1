package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"

	"herald/planner"
	"herald/providers"
)

// tricks are texts as people may give them, each with something that Markdown, HTML, a terminal or the site that draws a
// comment would understand.
var tricks = []string{
	"[click](https://example.com)", "![x](https://example.com/x.png)", "<https://example.com>", "https://example.com/a?b=c", "www.example.com", "WWW.EXAMPLE.COM",
	"ftp://example.com", "mailto:a@example.com", "xmpp:a@example.com/b", "a@example.com", "@octocat", "@org/team", "#1", "GH-1", "o/r#1", "o/r@deadbeef12", "deadbeef12", "!1", "~bug", "%1.0", "&1", "$1", "^alert#1",
	":tada:", ":+1:", ":100:", "$x$", "$`x`$", "$$x$$", "[^1]", "[^1]: note", "[a]: https://example.com", "a:x", "> [!NOTE]\n> x", "[!WARNING]",
	"# h", "h\n===", "h\n---", "***", "---", "- [x] done", "* a\n* b", "+ a", "1. one", "1) one", "10. ten", "> quote", "    code", "\tcode", "```\ncode\n```", "~~~\ncode", "`code`", "``",
	"| a | b |\n|---|---|\n| c | d |", "|", "\\|", "\\", "\\\\", "**b**", "__b__", "*i*", "_i_", "~~s~~", "==h==", "a  \nb", "a\\\nb", "a\n\nb", "\n", "\n\n\n", " ", "  a  ", "",
	"<b>b</b>", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</pre>", "</pre></details>", "</details></summary></table>", "<details open>", "<!-- herald-plan other -->", "-->", "--!>", "<!--", "<![CDATA[x]]>", "<?php ?>", "<!DOCTYPE x>",
	"&lt;b&gt;", "&#60;b&#62;", "&amp;amp;", "&", "&#0;", "&#x110000;", "\"onmouseover=alert(1) x=\"", "'", "javascript:alert(1)", "{{x}}", "{+ x +}", "[[wiki]]", "/close", "/label ~x",
	"\x1b[31mred\x1b[0m", "\x1b]8;;https://example.com\x07x\x1b]8;;\x07", "\u202egnp.exe", "\u2066x\u2069", "\u200bzero\u200d\ufeff", "e" + strings.Repeat("\u0301", 50), "\u0338x", "<\u0338", "\x00", "a\x00b", "\xff\xfe", "a\rb", "a\r\nb",
	"a\u2028b\u2029c", "\u0085", "\v\f", "\x7f\u009b31m", strings.Repeat("W", 3000), strings.Repeat("x\n", 500), strings.Repeat("\n", 500), "🎉", "שלום", "مرحبا", "👩‍👩‍👧", "\U000e0041", "\ue000",
}

// hostileReview is a review in which every field that holds text holds s.
func hostileReview(s string, contacts bool) Review {
	c := providers.Content{Kind: providers.KindText, Text: s}
	return Review{
		Campaign: s, Digest: strings.Repeat("ab", 32), Command: "herald apply " + ShellQuote(s), Contacts: contacts, Created: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC),
		Plan: Plan{
			Groups: []Group{
				{Sign: "+", Action: string(planner.Send), Message: s, Count: 2, Account: s, Provider: s, Verb: providers.Sends, Reason: s, Samples: []Sample{{Address: s, Text: s, Reason: s}}},
				{Sign: "?", Action: string(planner.InDoubt), Message: s, Count: 2, Account: s, Reason: s, Samples: []Sample{{Address: s, Reason: s}}},
				{Sign: "!", Action: string(planner.Refused), Message: s, Count: 1, Account: s, Samples: []Sample{{Address: s, Reason: s}}},
			},
			Lanes:   []Lane{{Account: s, Provider: s, Sends: 2, Limit: "1/s"}},
			LeftOut: []LeftOut{{Reason: s, Count: 2, Samples: []string{s, s}}}, Reach: []Reach{{Sequence: s, People: 2, Dropped: 2, Joined: 2}}, Warnings: []Reason{{Summary: s, Detail: s}},
			Edits: []Edit{{Message: s, Kind: "changed", Effect: s}}, Moves: []Move{{From: s, To: s, Sends: 2}},
			Forbidden: []Reason{{Summary: s, Detail: s}}, Counts: Counts{Send: 2},
		},
		Warnings: []Reason{{Summary: s, Detail: s}}, Texts: []TextChange{{Message: s, Was: s, Now: s + "!"}},
		Drawn: []Drawn{{Address: s, Message: s, Account: s, Provider: s, Verb: providers.Sends, Why: s, Text: s, Content: c}},
	}
}

// site draws Markdown as GitHub does, with raw HTML left in.
var site = goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote), goldmark.WithRendererOptions(html.WithUnsafe()))

// shape draws Markdown and gives its elements with their attributes, one a line, and its texts outside of <pre>. Elements that
// stand for a character are left out.
func shape(t testing.TB, text string) (elements []string, texts []string) {
	t.Helper()
	var b bytes.Buffer
	if err := site.Convert([]byte(text), &b); err != nil {
		t.Fatal(err)
	}
	dec := xml.NewDecoder(&b)
	dec.Strict, dec.AutoClose, dec.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var open []string
	for {
		tok, err := dec.RawToken()
		if errors.Is(err, io.EOF) {
			if len(open) > 0 {
				t.Fatalf("%q are left open", open)
			}
			return elements, texts
		}
		if err != nil {
			t.Fatalf("what is drawn is no HTML: %v", err)
		}
		switch e := tok.(type) {
		case xml.StartElement:
			if name := e.Name.Local; name == "span" || name == "br" {
				if len(e.Attr) > 0 {
					t.Fatalf("%s with %v", name, e.Attr)
				}
				texts = append(texts, "") // they part texts
				continue
			}
			open = append(open, e.Name.Local)
			elements = append(elements, fmt.Sprint(strings.Join(open, " "), e.Attr))
			texts = append(texts, "")
			if e.Name.Local == "input" || e.Name.Local == "img" || e.Name.Local == "hr" {
				open = open[:len(open)-1]
			}
		case xml.EndElement:
			texts = append(texts, "")
			if name := e.Name.Local; name != "span" && name != "br" {
				if len(open) == 0 || open[len(open)-1] != name {
					t.Fatalf("</%s> within %q", name, open)
				}
				open = open[:len(open)-1]
			}
		case xml.CharData:
			if in := strings.Join(open, " "); !strings.Contains(in, "pre") && !strings.Contains(in, "code") {
				texts = append(texts, string(e))
			}
		case xml.Comment:
			elements = append(elements, "comment")
		default:
			t.Fatalf("what is drawn has a %T", tok)
		}
	}
}

// found is what a site looks for in what is drawn, one text at a time.
var found = regexp.MustCompile(`(?i)(^|[^\w])@\w|\w@\w+\.\w|(^|[^\w])[#!~%^&]["\w]|\bgh-\d|\b[a-z]+-\d|:(\w|[\w+-]{3,}):|.\$|\$.|://|\bwww\.|\b[0-9a-f]{7,40}\b`)

// calm says that nothing in texts makes a site do something.
func calm(t testing.TB, texts []string) {
	t.Helper()
	for _, text := range texts {
		if m := found.FindString(text); m != "" {
			t.Fatalf("a site finds %q in %.200q", m, text)
		}
		if i := strings.IndexFunc(text, func(r rune) bool {
			return r != '\n' && (unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Cf))
		}); i >= 0 && !strings.Contains(text, "👩") {
			t.Fatalf("%.200q holds what cannot be seen", text)
		}
	}
}

// drawReview draws a review, without the times that stand in it as they are.
func drawReview(t testing.TB, r Review) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.Markdown(&b); err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(b.String(), r.Created.Format(time.RFC3339), "now")
}

// Whatever people write, the comment has the same elements as with harmless text.
func TestMarkdownKeepsItsShape(t *testing.T) {
	for _, contacts := range []bool{false, true} {
		want, texts := shape(t, drawReview(t, hostileReview("calm", contacts)))
		if len(want) < 40 {
			t.Fatalf("only %d elements: %q", len(want), want)
		}
		calm(t, texts)
		for _, s := range tricks {
			got, texts := shape(t, drawReview(t, hostileReview(s, contacts)))
			// Nothing between two signs is no bold text, and what is too long is cut, which adds a note.
			if diff := cmp.Diff(want, got); diff != "" && s != "" && len(s) < 1000 {
				t.Errorf("%.60q changes what is drawn: %.1500s", s, diff)
			}
			calm(t, texts)
		}
	}
}

// places are where Markdown has text from people.
var places = []string{
	"## Herald plan: %s\n\ntext\n", "**%s** %[1]s\n", "> ⚠️ **%s** %[1]s\n>\n> more\n", "| a | b |\n|---|---:|\n| %s | %[1]s |\n| %[1]s | c |\n", "- %s: %[1]s\n- %[1]s\n",
	"%s\n", "%s\n===\n", "<p><b>%s</b>, %[1]s</p>\n\nmore\n", "<details><summary>x</summary>\n\n- left out: %s\n\n</details>\n", "<!-- herald-plan %s -->\n\nx\n",
}

// keepsPlace checks one text everywhere.
func keepsPlace(t testing.TB, s string) {
	t.Helper()
	if strings.Trim(s, "\n") == "" || len(s) > 5000 || s == "+" || s == "-" {
		return // nothing, or only breaks: an empty element may stand for another; and the signs of a plan, which begin no line
	}
	for _, place := range places {
		want, _ := shape(t, fmt.Sprintf(place, "calm"))
		got, texts := shape(t, fmt.Sprintf(place, markdown(s)))
		if !reflect.DeepEqual(want, got) {
			t.Fatalf("%q in %q draws\n%q, want\n%q", s, place, got, want)
		}
		calm(t, texts)
		if is, should := visible(t, fmt.Sprintf(place, markdown(s))), shown(s); !strings.HasPrefix(place, "<!--") && !strings.Contains(is, should) {
			t.Fatalf("%q in %q reads %q, want %q", s, place, is, should)
		}
	}
	got, _ := shape(t, "<p><b>x</b></p>\n<pre>"+preformatted(s)+"</pre>\n\nmore\n")
	want, _ := shape(t, "<p><b>x</b></p>\n<pre>calm</pre>\n\nmore\n")
	if !reflect.DeepEqual(want, got) {
		t.Fatalf("%q in <pre> draws %q", s, got)
	}
}

// visible gives the text of what is drawn, with blanks as one.
func visible(t testing.TB, text string) string {
	t.Helper()
	var b, out bytes.Buffer
	if err := site.Convert([]byte(text), &b); err != nil {
		t.Fatal(err)
	}
	dec := xml.NewDecoder(&b)
	dec.Strict, dec.AutoClose, dec.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		tok, err := dec.RawToken()
		if err != nil {
			return strings.Join(strings.Fields(out.String()), " ")
		}
		switch e := tok.(type) {
		case xml.StartElement:
			if e.Name.Local == "br" {
				out.WriteByte('\n')
			}
		case xml.CharData:
			out.Write(e)
		}
	}
}

// shown gives how a text reads, with blanks as one.
func shown(s string) string {
	var b strings.Builder
	marks := 0
	for _, r := range strings.ReplaceAll(s, "\r\n", "\n") {
		if marks++; !unicode.IsMark(r) {
			marks = 0
		}
		switch {
		case r == '\n':
			b.WriteRune(r)
		case marks > maxStack:
			b.WriteString(escaped(r))
		default:
			b.WriteString(Escape(string(r)))
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func TestMarkdownKeepsItsPlace(t *testing.T) {
	for _, s := range tricks {
		keepsPlace(t, s)
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, s := range tricks {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { keepsPlace(t, s) })
}
