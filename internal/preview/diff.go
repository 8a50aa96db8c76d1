package preview

import (
	"regexp"
	"unicode"

	"herald/internal/report"
)

// change is a message's text as it was and as it is.
type change struct {
	Message  string
	New      bool // it was never sent
	Was, Now []part
	Whole    bool // too long to compare: Before and After hold it
	Before   text
	After    text
}

// part is a stretch of a text that is on both sides, or on one only.
type part struct {
	Pieces []piece
	Only   bool
}

// maxCompared is how many bytes of either side are compared word by word at most.
const maxCompared = 20_000

func newChange(t report.TextChange) change {
	c := change{Message: t.Message, New: t.Was == ""}
	if c.New || len(t.Was) > maxCompared || len(t.Now) > maxCompared {
		c.Whole, c.Before, c.After = true, said(t.Was), said(t.Now)
		return c
	}
	was, now := words(t.Was), words(t.Now)
	keptWas, keptNow := report.Common(was, now)
	c.Was, c.Now = parts(was, keptWas), parts(now, keptNow)
	return c
}

// reference is a template's place for a value.
var reference = regexp.MustCompile(`^\$\{[^{}\n]*\}`)

// placed gives the reference that s begins with.
func placed(s string) string {
	if s[0] != '$' {
		return ""
	}
	return reference.FindString(s[:min(len(s), 200)])
}

// words cuts a text into runs of letters and digits, runs of blanks, what stands for a person's data, and single other
// characters.
func words(s string) []string {
	var out []string
	last := 0 // 1 a word, 2 blanks, 3 anything else
	past := 0
	for i, r := range s {
		if i < past {
			continue
		}
		if whole := placed(s[i:]); whole != "" {
			out, last, past = append(out, whole), 3, i+len(whole)
			continue
		}
		kind := 3
		switch {
		case r == '\n': // a line break stands alone, so that lines find each other
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), r == '_':
			kind = 1
		case unicode.IsSpace(r):
			kind = 2
		}
		if kind != 3 && kind == last {
			out[len(out)-1] += string(r)
		} else {
			out = append(out, string(r))
		}
		last = kind
	}
	return out
}

// parts joins words that share their fate. Blanks between two changed words are changed with them: a reader sees phrases.
func parts(all []string, kept []bool) []part {
	var out []part
	var run string
	only := false
	flush := func() {
		if run != "" {
			out = append(out, part{pieces(run), only})
		}
		run = ""
	}
	for i, w := range all {
		changed := !kept[i]
		if !changed && w == " " && i > 0 && i+1 < len(all) && !kept[i-1] && !kept[i+1] {
			changed = true
		}
		if changed != only {
			flush()
			only = changed
		}
		run += w
	}
	flush()
	return out
}
