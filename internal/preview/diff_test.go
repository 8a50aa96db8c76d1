package preview

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"herald/internal/report"
)

// marked writes one side of a change with what is only there between braces.
func marked(ps []part) string {
	var b strings.Builder
	for _, p := range ps {
		if p.Only {
			b.WriteString("{" + shown(p.Pieces) + "}")
		} else {
			b.WriteString(shown(p.Pieces))
		}
	}
	return b.String()
}

func TestChangesAreMarkedByWords(t *testing.T) {
	for _, c := range []struct{ was, now, wantWas, wantNow string }{
		{"see you soon", "see you later", "see you {soon}", "see you {later}"},
		{"one two three", "one 2 3", "one {two three}", "one {2 3}"},
		{"same", "same", "same", "same"},
		{"Hi ${contact.name}, bye", "Hi ${contact.first_name}, bye", "Hi {${contact.name}}, bye", "Hi {${contact.first_name}}, bye"},
		{"a\nb\nc", "a\nc", "a\n{b\n}c", "a\nc"},
		{"x", "", "{x}", ""},
	} {
		got := newChange(report.TextChange{Was: c.was, Now: c.now})
		if marked(got.Was) != c.wantWas || marked(got.Now) != c.wantNow {
			t.Errorf("%q and %q: %q and %q", c.was, c.now, marked(got.Was), marked(got.Now))
		}
	}
}

func TestChangesKeepBothTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.StringMatching(`[ab $\{\}.\n]{0,60}`)
		was, now := texts.Draw(t, "was"), texts.Draw(t, "now")
		if was == "" {
			was = "a"
		}
		got := newChange(report.TextChange{Was: was, Now: now})
		var one, two, only strings.Builder
		for _, p := range got.Was {
			one.WriteString(shown(p.Pieces))
			if p.Only {
				only.WriteString("x")
			}
		}
		for _, p := range got.Now {
			two.WriteString(shown(p.Pieces))
			if p.Only {
				only.WriteString("x")
			}
		}
		if one.String() != was || two.String() != now {
			t.Fatalf("%q and %q", one.String(), two.String())
		}
		if (was == now) != (only.Len() == 0) {
			t.Fatalf("%q and %q have %d marks", was, now, only.Len())
		}
	})
}

func TestChangesTooLongAreShownWhole(t *testing.T) {
	long := strings.Repeat("word ", 5000)
	if got := newChange(report.TextChange{Was: long, Now: "short"}); !got.Whole || got.Before.More == "" || shown(got.After.Head) != "short" {
		t.Errorf("%v, %q, %q", got.Whole, got.Before.More, shown(got.After.Head))
	}
	if got := newChange(report.TextChange{Now: "first"}); !got.New || shown(got.After.Head) != "first" {
		t.Errorf("new: %v, %q", got.New, shown(got.After.Head))
	}
	// Texts that have nothing in common are compared in bounded time.
	got := newChange(report.TextChange{Was: strings.Repeat("a ", 9000), Now: strings.Repeat("b\n", 9000)})
	if len(got.Was) == 0 || !got.Was[0].Only {
		t.Error("nothing is marked")
	}
}
