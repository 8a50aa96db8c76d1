package report

import (
	"html"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// What escaped text may hold beside itself.
var ownMarkup = strings.NewReplacer("<br>", "", "<span>", "", "</span>", "")

// Nothing that people wrote can be understood as Markdown or HTML, and all of it can be read again.
func TestMarkdownEscapes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("&<>[]()!`*_|~@#$^%:\\\"'\n\r\t\x00\x1b\u202e\u2066\u0301x1w. -+={}")))).Draw(t, "text")
		for how, f := range map[string]func(string) string{"markdown": markdown, "pre": preformatted} {
			got := f(s)
			rest := ownMarkup.Replace(got)
			for _, r := range rest {
				if strings.ContainsRune("<>[](){}!`*_|~@$^%\\\"'\n", r) || unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control) {
					t.Fatalf("%s: %q leaves %q", how, s, r)
				}
			}
			for _, part := range strings.Split(rest, "&")[1:] { // every & begins an entity
				if i := strings.IndexByte(part, ';'); i < 2 || part[0] != '#' || strings.Trim(part[1:i], "0123456789") != "" {
					t.Fatalf("%s: %q gives %q", how, s, got)
				}
			}
			want := s
			if how == "pre" && strings.HasPrefix(s, "\n") {
				want = "\n" + s // HTML drops the first
			}
			plain := html.UnescapeString(strings.NewReplacer("<br>", "\n", "<span>", "", "</span>", "").Replace(got))
			if isPlain(s) && plain != want {
				t.Fatalf("%s: %q reads %q", how, s, plain)
			}
		}
	})
}

// isPlain says whether text is shown just as it is.
func isPlain(s string) bool {
	marks := 0
	for _, r := range s {
		if marks++; !unicode.IsMark(r) {
			marks = 0
		}
		if r != '\n' && !printable(r) || marks > maxStack {
			return false
		}
	}
	return true
}

func TestMarkdownHidesWhatSitesLookFor(t *testing.T) {
	for in, want := range map[string]string{
		"@octocat":           "<span>&#64;</span>octocat",
		"a@b.example":        "a<span>&#64;</span>b.example",
		"see #12":            "see <span>&#35;</span>12",
		"# 12":               "&#35; 12",
		"GH-12, PROJ-3":      "GH<span>&#45;</span>12, PROJ<span>&#45;</span>3",
		"he-IL, 2026-12-01":  "he-IL, 2026-12-01",
		"https://x.example":  "https<span>&#58;</span>//x.example",
		"www.x.example":      "www<span>&#46;</span>x.example",
		"ada@host":           "ada&#64;host",
		"10:00":              "&#49;0:00",
		":tada:":             "<span>&#58;</span>tada:",
		"so: yes":            "so: yes",
		"$x$":                "<span>&#36;</span>x<span>&#36;</span>",
		"12% of it, 5 & 6":   "&#49;2&#37; of it, 5 &#38; 6",
		"%1.0 &3 ~bug ^a !7": "<span>&#37;</span>1.0 <span>&#38;</span>3 <span>&#126;</span>bug <span>&#94;</span>a <span>&#33;</span>7",
		"deadbeef12 fade":    "deadbe<span>&#101;</span>f12 fade",
		"1. one":             "&#49;. one",
		"- one":              "&#45; one",
		"---":                "&#45;&#45;&#45;",
		"    code":           "&#32;   code",
		"\u0338<\u0338":      "&#824;&#60;&#824;",
		"e\u0301":            "e\u0301",
	} {
		if got := markdown(in); got != want {
			t.Errorf("%q gives %s, want %s", in, got, want)
		}
	}
	if got := markdown("e" + strings.Repeat("\u0301", 300)); strings.Count(got, "\u0301") != maxStack {
		t.Error("marks are piled up")
	}
}
