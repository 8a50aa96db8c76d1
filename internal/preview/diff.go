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

// What is compared word by word at most: bytes of either side, and words of one times words of the other.
const (
	maxCompared = 20_000
	maxCells    = 1_000_000
)

func newChange(t report.TextChange) change {
	c := change{Message: t.Message, New: t.Was == ""}
	if c.New || len(t.Was) > maxCompared || len(t.Now) > maxCompared {
		c.Whole, c.Before, c.After = true, said(t.Was), said(t.Now)
		return c
	}
	was, now := words(t.Was), words(t.Now)
	keptWas, keptNow := common(was, now)
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

// common says which words of a and of b are in the longest sequence that both have. Texts too long for that have their
// beginnings and ends in common.
func common(a, b []string) (inA, inB []bool) {
	inA, inB = make([]bool, len(a)), make([]bool, len(b))
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		inA[head], inB[head] = true, true
		head++
	}
	endA, endB := len(a), len(b)
	for endA > head && endB > head && a[endA-1] == b[endB-1] {
		endA, endB = endA-1, endB-1
		inA[endA], inB[endB] = true, true
	}
	x, y := a[head:endA], b[head:endB]
	if len(x)*len(y) > maxCells {
		return inA, inB
	}
	width := len(y) + 1
	best := make([]int32, (len(x)+1)*width) // of the ends of x and y from i and j on
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			if x[i] == y[j] {
				best[i*width+j] = best[(i+1)*width+j+1] + 1
			} else {
				best[i*width+j] = max(best[(i+1)*width+j], best[i*width+j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(x) && j < len(y); {
		switch {
		case x[i] == y[j]:
			inA[head+i], inB[head+j] = true, true
			i, j = i+1, j+1
		case best[(i+1)*width+j] >= best[i*width+j+1]:
			i++
		default:
			j++
		}
	}
	return inA, inB
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
