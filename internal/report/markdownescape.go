package report

import (
	"fmt"
	"strings"
	"unicode"
)

// markdownMeant is what Markdown and HTML understand wherever it stands: a link, a tag, a table's cell.
const markdownMeant = "&<>[](){}!`*_|~@#$%^\\\"'"

// markdownBegins is what means something at the beginning: a list, the line under a heading. It is written as an entity there,
// and so are blanks at both ends.
const markdownBegins = "-+=0123456789"

// markdownMentions is what the sites that draw Markdown look for once it is HTML, when entities are characters again: whoever is
// mentioned is told of it, and what is referred to says so. They look at one run of text at a time, so an element around
// the character hides it. GitHub tells so of $: https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/writing-mathematical-expressions
// The references of GitLab: https://docs.gitlab.com/user/markdown/#gitlab-specific-references
const markdownMentions = "@#!~%^&$:"

// longestHash is how many digits the hash of a commit has at most.
const longestHash = 64

// maxStack is how many marks a letter may carry: more would be drawn over the lines beside.
const maxStack = 8

// markdown makes text from people harmless in Markdown, wherever it stands: what could be understood is written as an
// entity, what a site would turn into a link within an element of its own, a line break as <br>, and what would not print
// as Escape writes it.
func markdown(s string) string {
	e := entities{newline: "<br>"}
	runes := []rune(strings.ReplaceAll(s, "\r\n", "\n"))
	for i, r := range runes {
		switch {
		case refers(runes, i):
			e.open("<span>")
			e.entity(r)
			e.open("</span>")
		case i == 0 && len(runes) > 1 && strings.ContainsRune(markdownBegins, r),
			(i == 0 || i == len(runes)-1) && r == ' ':
			e.entity(r)
		default:
			e.add(r)
		}
	}
	return e.b.String()
}

// preformatted makes text from people harmless within <pre>. Line breaks stay: as an entity, since an empty line would end
// the HTML block around it. Within <pre> no site looks for mentions.
func preformatted(s string) string {
	e := entities{newline: "&#10;"}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	if strings.HasPrefix(s, "\n") {
		e.open(e.newline) // HTML drops the first one
	}
	for _, r := range s {
		e.add(r)
	}
	return e.b.String()
}

// refers reports whether the character at i could make a site turn what is around it into a link, a picture or a formula.
func refers(s []rune, i int) bool {
	at := func(i int) rune {
		if i < 0 || i >= len(s) {
			return 0
		}
		return s[i]
	}
	letter := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }
	before, r, after := at(i-1), s[i], at(i+1)
	switch {
	case r == '$': // a formula
		return true
	case r == '@': // a name, or an address of mail, which has a dot
		return letter(after) && (!letter(before) || strings.ContainsRune(string(s[i+1:run(s, i+1, "-_.")]), '.'))
	case r == ':': // an address of the web, a picture by its name
		end := run(s, i+1, "-_+")
		hour := end == i+3 && unicode.IsDigit(after)                                   // 10:00: is none
		return after == '/' || end > i+1 && (at(end) == ':' || end == len(s)) && !hour // what follows the text may be a colon
	case strings.ContainsRune(markdownMentions, r): // #1, !1, ~label, %"milestone"
		return letter(after) || after == '"'
	case r == '-': // GH-1, and what a project has set up
		return unicode.IsLetter(before) && unicode.IsDigit(after)
	case r == '.': // www.example.com is an address without more
		return i >= 3 && strings.EqualFold(string(s[i-3:i]), "www")
	case hexadecimal(r): // every seventh of what may be the hash of a commit: seven are the fewest that are looked for
		begin, end := i, i
		for hexadecimal(at(begin-1)) && i-begin < longestHash {
			begin--
		}
		for hexadecimal(at(end)) && end-i < longestHash {
			end++
		}
		return (i-begin)%7 == 6 && !letter(at(begin-1)) && !letter(at(end))
	}
	return false
}

// run gives where letters, digits and some other characters end that begin at i.
func run(s []rune, i int, also string) int {
	for i < len(s) && (unicode.IsLetter(s[i]) || unicode.IsDigit(s[i]) || strings.ContainsRune(also, s[i])) {
		i++
	}
	return i
}

func hexadecimal(r rune) bool {
	return '0' <= r && r <= '9' || 'a' <= r && r <= 'f' || 'A' <= r && r <= 'F'
}

// entities writes text so that nothing in it is understood.
type entities struct {
	b       strings.Builder
	newline string
	letter  bool // the last one stands as it is, so that a mark may follow
	marks   int  // that follow one another
	last    rune
}

func (e *entities) open(text string) {
	e.b.WriteString(text)
	e.letter = false
}

func (e *entities) entity(r rune) {
	fmt.Fprintf(&e.b, "&#%d;", r)
	e.letter, e.last = false, r
}

func (e *entities) add(r rune) {
	mark := unicode.IsMark(r)
	if e.marks++; !mark {
		e.marks = 0
	}
	switch {
	case r == '\n':
		e.open(e.newline)
	case !printable(r), e.marks > maxStack:
		e.open("&#92;" + strings.TrimPrefix(escaped(r), `\`))
	case strings.ContainsRune(markdownMeant, r), r == '-' && e.last == '-', mark && !e.letter: // "--" ends comments; a mark makes another character of "<" or ">"
		e.entity(r)
	default:
		e.b.WriteRune(r)
		e.letter = mark || unicode.IsLetter(r)
	}
	e.last = r
}
