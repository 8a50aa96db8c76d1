package report

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"
)

func TestEscape(t *testing.T) {
	for in, want := range map[string]string{
		"plain שלום 🎉":         "plain שלום 🎉",
		"a\x1b[31mred":         `a\u001b[31mred`,
		"line\nbreak":          `line\nbreak`,
		"right\u202eto left":   `right\u202eto left`,
		"zero\u200bwidth":      `zero\u200bwidth`,
		"bad\xffbyte":          `bad\ufffdbyte`,
		"no\u00a0break":        `no\u00a0break`,
		"isolate\u2066x\u2069": `isolate\u2066x\u2069`,
	} {
		if got := Escape(in); got != want {
			t.Errorf("Escape(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestEscapeLeavesNothingThatSteersATerminal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) + rapid.String().Draw(t, "text")
		for _, r := range Escape(s) {
			if !unicode.IsPrint(r) {
				t.Fatalf("%q keeps %U", s, r)
			}
		}
	})
}

func TestWords(t *testing.T) {
	for got, want := range map[string]string{
		about(0):                              "a second",
		about(300 * time.Millisecond):         "a second",
		about(49 * time.Second):               "49 s",
		about(48200 * time.Millisecond):       "49 s",
		about(130 * time.Second):              "2 min 10 s",
		about(3*time.Hour + 5*time.Minute):    "3 h 5 min",
		rate(25, time.Second):                 "25/s",
		rate(3000, time.Minute):               "3,000/min",
		rate(7, 90*time.Second):               "7/1m30s",
		Count(1, "contact"):                   "1 contact",
		Count(1204, "contact"):                "1,204 contacts",
		shorten("שלום עולם", 5):               "שלום…",
		shorten("short", 5):                   "short",
		Style{Color: true}.paint(red, "x"):    "\x1b[31mx\x1b[0m",
		Style{}.paint(red, "x"):               "x",
		EscapeLines("a\tb\r\nc\x1b[0m\n"):     "a\tb\nc\\u001b[0m\n",
		strings.TrimSpace(pad("ab", 4) + "|"): "ab  |",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
