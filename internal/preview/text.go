package preview

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dustin/go-humanize"

	"herald/internal/report"
)

// text is one text from people, ready to be shown: its beginning, and the whole where that is longer.
type text struct {
	Head, Whole []piece
	More        string // "Show all 100,000 characters"; "" when Head is all
}

// piece is a part of a text: characters as they are, or the escapes of characters that cannot be seen.
type piece struct {
	Text string
	Mark bool
}

// said gives a text of a bubble: its lines are kept.
func said(s string) text { return cut(s, longText, wholeText) }

// cell gives a text that has little room.
func cell(s string) text { return cut(s, longCell, wholeCell) }

// cut folds away what is beyond n characters or many lines, and gives up on what is beyond whole.
func cut(s string, n, whole int) text {
	end := prefix(s, n, longLines)
	if end == len(s) {
		return text{Head: pieces(s)}
	}
	t := text{Head: append(pieces(s[:end]), piece{Text: "…"}), More: "Show all " + report.Count(utf8.RuneCountInString(s), "character")}
	if last := prefix(s, whole, 1<<30); last < len(s) {
		t.More = "Show the first " + report.Count(utf8.RuneCountInString(s[:last]), "character") + " of " + humanize.Comma(int64(utf8.RuneCountInString(s)))
		s = s[:last]
	}
	t.Whole = pieces(s)
	return t
}

// prefix gives the length of the first n characters of s, or of its first lines when those are shorter. It does not cut a
// text that is longer by little: whoever unfolds something should find something.
func prefix(s string, n, lines int) int {
	count, end := 0, -1
	for i, r := range s {
		if count++; count > n && end < 0 {
			end = i
		}
		if r == '\n' {
			if lines--; lines == 0 && end < 0 {
				end = i
			}
		}
		if end >= 0 && count > n+n/4 {
			return end
		}
	}
	if end >= 0 && lines < -longLines/4 {
		return end
	}
	return len(s)
}

// plain gives a text for where only text can be, with at most n characters.
func plain(s string, n int) string {
	end := prefix(s, n, 1<<30)
	var b strings.Builder
	for _, p := range pieces(s[:end]) {
		b.WriteString(strings.ReplaceAll(p.Text, "\n", " "))
	}
	if end < len(s) {
		b.WriteString("…")
	}
	return b.String()
}

// pieces parts a text at what cannot be seen.
func pieces(s string) []piece {
	var out []piece
	marks := 0
	add := func(t string, mark bool) {
		if n := len(out); n > 0 && out[n-1].Mark == mark {
			out[n-1].Text += t
			return
		}
		out = append(out, piece{t, mark})
	}
	var run strings.Builder // what is as it reads, gathered: adding it bit by bit would cost the square of it
	flush := func() {
		if run.Len() > 0 {
			add(run.String(), false)
			run.Reset()
		}
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	stacked := 0
	for i, r := range s {
		if stacked++; !unicode.IsMark(r) {
			stacked = 0
		}
		if visible(s, i, r) && stacked <= maxStack {
			run.WriteRune(r)
			continue
		}
		if marks++; marks > maxMarks {
			run.WriteString(escaped(s, i, r))
			continue
		}
		flush()
		add(escaped(s, i, r), true)
	}
	flush()
	return out
}

// visible says whether the character at i shows what it does. Joiners do within writing that needs them and in emoji.
func visible(s string, i int, r rune) bool {
	switch {
	case r == '\n', r == '\t':
		return true
	case r == '\u200c', r == '\u200d':
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		after, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
		return joins(before) && joins(after)
	}
	return unicode.IsPrint(r) && r != utf8.RuneError || unicode.Is(unicode.Zs, r)
}

// joins says whether a joiner beside r has a sense: emoji and letters of writing other than Latin.
func joins(r rune) bool {
	return r > 0x24f && r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsSymbol(r))
}

// escaped names a character as addresses do.
func escaped(s string, i int, r rune) string {
	switch {
	case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\ufffd"):
		return fmt.Sprintf(`\x%02x`, s[i])
	case r <= 0xffff:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}
