package report

import (
	"fmt"
	"strings"
)

// markdownMeant is what Markdown, HTML and the sites that draw them understand: a link, a tag, a mention, a table's cell.
const markdownMeant = "&<>[](){}!`*_|~@#\\\"'"

// markdown makes text from people harmless in Markdown, wherever it stands: what could be understood is written as an
// entity, a line break as <br>, and what would not print as Escape writes it.
func markdown(s string) string { return entities(s, "<br>") }

// preformatted makes text from people harmless within <pre>. Line breaks stay: as an entity, since an empty line would end
// the HTML block around it.
func preformatted(s string) string { return entities(s, "&#10;") }

func entities(s, newline string) string {
	var b strings.Builder
	for _, r := range strings.ReplaceAll(s, "\r\n", "\n") {
		switch {
		case r == '\n':
			b.WriteString(newline)
		case strings.ContainsRune(markdownMeant, r):
			fmt.Fprintf(&b, "&#%d;", r)
		case printable(r):
			b.WriteRune(r)
		default:
			b.WriteString(strings.ReplaceAll(Escape(string(r)), `\`, "&#92;"))
		}
	}
	return b.String()
}

// ShellQuote writes a word as a shell takes it. What would not print is written as Escape writes it: then the word is not the
// file any more, and no trap either.
func ShellQuote(word string) string {
	plain := func(r rune) bool {
		return strings.ContainsRune("/._-+=:,@", r) || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	}
	word = Escape(word)
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", "'\\''") + "'"
}
