package planner

import (
	"bytes"
	"encoding/json"
	"strings"

	"herald/providers"
)

// reads gives what a person would read, in one line unless a text itself has several.
func reads(c *providers.Content) string {
	var r reader
	switch c.Kind {
	case providers.KindText:
		return c.Text
	case providers.KindAttachment:
		return c.Attachment.Type + " " + c.Attachment.URL
	case providers.KindQuickReplies:
		r.line.WriteString(c.QuickReplies.Title)
		r.taps(c.QuickReplies.Replies...)
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
			r.taps(field.Options...)
		}
	case providers.KindArticles:
		r.above(c.Articles.Title)
		for i, article := range c.Articles.Articles {
			r.next(i, article.Title, "")
		}
	default:
		return plainJSON(c.Native)
	}
	return r.line.String()
}

// reader writes what stands one below the other in one line: Title: first – more [tap] | second.
type reader struct{ line strings.Builder }

// above writes a title that stands above all the rest.
func (r *reader) above(title string) {
	if title != "" {
		r.line.WriteString(title + ": ")
	}
}

// next begins the i-th of what stands one below the other.
func (r *reader) next(i int, title, more string) {
	if i > 0 {
		r.line.WriteString(" | ")
	}
	r.line.WriteString(title)
	if title != "" && more != "" {
		r.line.WriteString(" – ")
	}
	r.line.WriteString(more)
}

// taps writes what can be tapped.
func (r *reader) taps(titles ...string) {
	for _, t := range titles {
		r.line.WriteString(" [" + t + "]")
	}
}

func (r *reader) links(links []providers.Link) {
	for _, l := range links {
		r.taps(l.Title)
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

// copied gives a content of its own: that of a message is filled anew for each person. It is made for a few samples only.
func copied(c *providers.Content) *providers.Content {
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
