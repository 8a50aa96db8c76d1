package preview

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"html/template"
)

// Style is the style sheet of whole pages, that of bubbles included, for pages that are to look like Page.
func Style() string { return style }

// Policy is the content security policy of a page that wears one style and runs one script, "" for none: nothing else, and
// no network. Who serves a page may add to it.
func Policy(style, script string) string {
	policy := "default-src 'none'; style-src '" + hash(style) + "'"
	if script != "" {
		policy += "; script-src '" + hash(script) + "'"
	}
	return policy + "; img-src data:; base-uri 'none'; form-action 'none'"
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

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
