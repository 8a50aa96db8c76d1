package preview

import (
	"strings"
	"testing"
)

// shown writes pieces as they read, marks between brackets.
func shown(ps []piece) string {
	var b strings.Builder
	for _, p := range ps {
		if p.Mark {
			b.WriteString("[" + p.Text + "]")
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func TestWhatCannotBeSeenIsMarked(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"two\nlines\tand\u00a0blanks", "two\nlines\tand\u00a0blanks"},
		{"dos\r\nlines", "dos\nlines"},
		{"a\u202eb", `a[\u202e]b`},
		{"a\u2066\u2069b", `a[\u2066\u2069]b`},
		{"\x00\x1b", `[\u0000\u001b]`},
		{"a\u200bb", `a[\u200b]b`},
		{"a\u200db", `a[\u200d]b`},
		{"👩\u200d👧", "👩\u200d👧"},
		{"می\u200cروم", "می\u200cروم"},
		{"\xff", `[\xff]`},
		{"\U000e0041", `[\U000e0041]`},
		{"שלום", "שלום"},
		{"e" + strings.Repeat("\u0301", 9), "e" + strings.Repeat("\u0301", 8) + `[\u0301]`},
	} {
		if got := shown(pieces(c.in)); got != c.want {
			t.Errorf("%+q is shown as %+q, not %+q", c.in, got, c.want)
		}
	}
}

func TestManyMarksBecomeText(t *testing.T) {
	ps := pieces(strings.Repeat("a\u202e", 3000))
	if n := len(ps); n > 2*maxMarks+1 {
		t.Errorf("%d pieces", n)
	}
	if n := strings.Count(shown(ps), `\u202e`); n != 3000 {
		t.Errorf("%d of 3000 characters are shown", n)
	}
}

func TestLongTextsAreFolded(t *testing.T) {
	for _, c := range []struct {
		name, in, more string
		head           int // characters before the ellipsis
	}{
		{"short", "hello", "", 5},
		{"longer by little", strings.Repeat("x", longText+10), "", longText + 10},
		{"long", strings.Repeat("é", 100_000), "Show all 100,000 characters", longText},
		{"endless", strings.Repeat("x", 300_000), "Show the first 200,000 characters of 300,000", longText},
		{"many lines", strings.Repeat("a\n", 100), "Show all 200 characters", 2*longLines - 1},
		{"some lines", strings.Repeat("a\n", longLines+3), "", 2 * (longLines + 3)},
	} {
		got := said(c.in)
		head := []rune(strings.TrimSuffix(shown(got.Head), "…"))
		if got.More != c.more || len(head) != c.head {
			t.Errorf("%s: %q after %d characters, not %q after %d", c.name, got.More, len(head), c.more, c.head)
		}
		if c.more != "" && got.Whole == nil {
			t.Errorf("%s: there is nothing to unfold", c.name)
		}
	}
}
