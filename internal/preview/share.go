package preview

import (
	"bytes"
	"html/template"
)

// Style is the style sheet of whole pages, that of bubbles included, for pages that are to look like Page.
func Style() string { return style }

// Label draws a short text from data, such as a name: what cannot be seen shows, and what is long is folded away.
func Label(s string) template.HTML {
	var b bytes.Buffer
	if err := bubbleTemplate.ExecuteTemplate(&b, "text", cell(s)); err != nil {
		return template.HTML(template.HTMLEscapeString(plain(s, longName))) // a buffer takes all: see Bubble
	}
	return template.HTML(b.String())
}

// Plain gives a text from data for where only text can be, such as a window's title: on one line, what cannot be seen as
// it shows, and cut where it is long.
func Plain(s string) string { return plain(s, longName) }
