package planner

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"herald/providers"
)

// reads gives what a person would read, in one line unless a text itself has several.
func reads(c *providers.Content) string {
	switch c.Kind {
	case providers.KindText:
		return c.Text
	case providers.KindNative:
		return plainJSON(c.Native)
	}
	var r reader
	r.content(c)
	return r.line.String()
}

// readLength gives how many characters reads would give, without making them: it is asked for everybody.
func readLength(c *providers.Content) int {
	switch c.Kind {
	case providers.KindText:
		return utf8.RuneCountInString(c.Text)
	case providers.KindNative:
		return plainJSONLength(c.Native)
	}
	r := reader{counts: true}
	r.content(c)
	return r.length
}

// reader writes what stands one below the other in one line: Title: first – more [tap] | second.
type reader struct {
	line   strings.Builder
	counts bool // only how long the line would be
	length int
}

func (r *reader) write(parts ...string) {
	for _, p := range parts {
		if r.counts {
			r.length += utf8.RuneCountInString(p)
		} else {
			r.line.WriteString(p)
		}
	}
}

func (r *reader) content(c *providers.Content) {
	switch c.Kind {
	case providers.KindAttachment:
		r.write(c.Attachment.Type, " ", c.Attachment.URL)
	case providers.KindQuickReplies:
		r.write(c.QuickReplies.Title)
		r.taps(c.QuickReplies.Replies)
	case providers.KindList:
		for i, item := range c.List.Items {
			r.next(i, item.Title, item.Subtitle)
			r.links(item.Links)
		}
	case providers.KindCards:
		r.above(c.Cards.Title)
		for i, card := range c.Cards.Cards {
			r.next(i, card.Title, card.Description)
			r.links(card.Links)
		}
	case providers.KindForm:
		r.above(c.Form.Title)
		for i, field := range c.Form.Fields {
			r.next(i, field.Label, "")
			r.taps(field.Options)
		}
	case providers.KindArticles:
		r.above(c.Articles.Title)
		for i, article := range c.Articles.Articles {
			r.next(i, article.Title, "")
		}
	}
}

// above writes a title that stands above all the rest.
func (r *reader) above(title string) {
	if title != "" {
		r.write(title, ": ")
	}
}

// next begins the i-th of what stands one below the other.
func (r *reader) next(i int, title, more string) {
	if i > 0 {
		r.write(" | ")
	}
	r.write(title)
	if title != "" && more != "" {
		r.write(" – ")
	}
	r.write(more)
}

// taps writes what can be tapped.
func (r *reader) taps(titles []string) {
	for _, t := range titles {
		r.write(" [", t, "]")
	}
}

func (r *reader) links(links []providers.Link) {
	for _, l := range links {
		r.write(" [", l.Title, "]")
	}
}

// plainJSON writes a JSON value for reading: compact, and without the escapes that only web pages need.
func plainJSON(raw json.RawMessage) string {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if dec.Decode(&v) != nil || enc.Encode(v) != nil {
		return string(raw)
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// plainJSONLength gives how many characters plainJSON would give of a value that is compact, with the escapes that only
// web pages need written as one.
func plainJSONLength(raw json.RawMessage) (n int) {
	for i := 0; i < len(raw); n++ {
		switch {
		case raw[i] != '\\' || i+1 == len(raw):
			_, size := utf8.DecodeRune(raw[i:])
			i += size
		case onlyForPages(raw[i:]):
			i += 6
		default: // stays an escape
			i, n = i+2, n+1
		}
	}
	return n
}

// onlyForPages reports whether an escape is one of <, > and &.
func onlyForPages(escape []byte) bool {
	if len(escape) < 6 {
		return false
	}
	switch string(escape[:6]) {
	case `\u003c`, `\u003e`, `\u0026`:
		return true
	}
	return false
}

// copied gives a content of its own: that of a message is filled anew for each person. It is made for a few samples only.
func copied(c *providers.Content) *providers.Content {
	if c.Kind == providers.KindText || c.Kind == providers.KindAttachment { // nothing in it is shared
		return &providers.Content{Kind: c.Kind, Text: c.Text, Attachment: c.Attachment}
	}
	text, err := json.Marshal(c)
	if err != nil {
		return nil // then the sample has its text alone
	}
	out := new(providers.Content)
	if json.Unmarshal(text, out) != nil {
		return nil
	}
	return out
}
