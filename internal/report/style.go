package report

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/dustin/go-humanize"
	"github.com/mitchellh/go-wordwrap"
)

// Style says how text may look.
type Style struct {
	Color bool // ANSI colours
	Width int  // columns; 0 when unknown
}

// The colours in use, as ANSI codes.
const (
	bold   = "1"
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
	dim    = "2"
)

func (s Style) paint(code, text string) string {
	if !s.Color || code == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// wrap breaks text at blanks into lines that fit a terminal; without one, lines stay whole for whoever searches them.
func (s Style) wrap(text string) string {
	if s.Width <= 0 {
		return text
	}
	return wordwrap.WrapString(text, uint(s.Width))
}

func (s Style) width() int {
	if s.Width <= 0 {
		return 120
	}
	return s.Width
}

// Escape makes control, direction and other invisible characters of s visible as \u escapes, in the form that addresses
// have, so that text from people can neither steer a terminal nor show in another order than it is stored. Line breaks
// become \n.
func Escape(s string) string {
	clean := true
	for _, r := range s {
		if !printable(r) {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if printable(r) {
			b.WriteRune(r)
		} else {
			b.WriteString(escaped(r))
		}
	}
	return b.String()
}

// escaped writes one character as Escape does one that would not print.
func escaped(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r <= 0xFFFF:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

func printable(r rune) bool { return unicode.IsPrint(r) && r != unicode.ReplacementChar }

// quoted gives text from people between quotes, as it reads but for characters that would not print.
func quoted(s string) string { return `"` + Escape(s) + `"` }

// shorten cuts s to n columns, counting a character as one, with an ellipsis for what is gone.
func shorten(s string, n int) string {
	if n < 2 {
		n = 2
	}
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return string(runes[:n-1]) + "…"
}

// pad fills s with blanks to n columns.
func pad(s string, n int) string {
	if missing := n - len([]rune(s)); missing > 0 {
		return s + strings.Repeat(" ", missing)
	}
	return s
}

// Count gives "1 contact" or "1,204 contacts".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return number(n) + " " + noun + "s"
}

func number(n int) string { return humanize.Comma(int64(n)) }

// about gives a duration as people say it, never shorter than it is.
func about(d time.Duration) string {
	seconds := int64((d + time.Second - 1) / time.Second)
	switch {
	case seconds <= 1:
		return "a second"
	case seconds < 120:
		return fmt.Sprintf("%d s", seconds)
	case seconds < 2*3600:
		return fmt.Sprintf("%d min %d s", seconds/60, seconds%60)
	}
	return fmt.Sprintf("%d h %d min", seconds/3600, seconds%3600/60)
}

// rate gives a limit as people say it: 25/s, 3,000/min.
func rate(requests int, per time.Duration) string {
	units := map[time.Duration]string{time.Second: "s", time.Minute: "min", time.Hour: "h"}
	unit, ok := units[per]
	if !ok {
		unit = per.String()
	}
	return number(requests) + "/" + unit
}

// when gives an instant to the minute, in UTC.
func when(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") }
