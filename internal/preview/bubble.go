package preview

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"

	"herald/providers"
)

// Bubble draws one message: what a person sees who gets it, or what a machine is asked in that person's words. Nothing in it
// can be pressed or filled in; a page that can carry out answers enables the buttons, whose values are the answers.
func Bubble(c providers.Content, v providers.Verb) template.HTML {
	var b bytes.Buffer
	if err := bubbleTemplate.Execute(&b, newBubble(c, v)); err != nil {
		// Nothing in a message can make it fail: templates are checked by tests, and a buffer takes all.
		return template.HTML(template.HTMLEscapeString(fmt.Sprint("could not be drawn: ", err)))
	}
	return template.HTML(b.String())
}

// bubble is a message as it is drawn.
type bubble struct {
	Asks    bool
	Kind    providers.Kind
	Content providers.Content
	Parts   int    // replies, rows, cards, fields or articles that it has
	More    int    // those that are not drawn
	Noun    string // what they are
	JSON    string // of native content
}

func newBubble(c providers.Content, v providers.Verb) bubble {
	b := bubble{Asks: v == providers.Asks, Kind: c.Kind, Content: c}
	in := &b.Content
	switch c.Kind {
	case providers.KindQuickReplies:
		b.Noun, b.Parts = "answer", len(c.QuickReplies.Replies)
		in.QuickReplies.Replies, b.More = bound(c.QuickReplies.Replies, maxParts)
	case providers.KindList:
		b.Noun, b.Parts = "row", len(c.List.Items)
		in.List.Items, b.More = bound(c.List.Items, maxParts)
	case providers.KindCards:
		b.Noun, b.Parts = "card", len(c.Cards.Cards)
		in.Cards.Cards, b.More = bound(c.Cards.Cards, maxParts)
	case providers.KindForm:
		b.Noun, b.Parts = "question", len(c.Form.Fields)
		in.Form.Fields, b.More = bound(c.Form.Fields, maxParts)
	case providers.KindArticles:
		b.Noun, b.Parts = "article", len(c.Articles.Articles)
		in.Articles.Articles, b.More = bound(c.Articles.Articles, maxParts)
	case providers.KindNative:
		b.JSON = pretty(c.Native)
	}
	return b
}

// taps is the links of an item or card as they are drawn.
type taps struct {
	All, More int
	First     []providers.Link
}

// Tap bounds the links of an item or card.
func (bubble) Tap(all []providers.Link) taps {
	first, more := bound(all, maxParts)
	return taps{len(all), more, first}
}

// Options gives the options of a field that are drawn.
func (bubble) Options(all []string) []string {
	first, _ := bound(all, maxParts)
	return first
}

// Past says how many of all are not drawn.
func (bubble) Past(all int) int { return max(0, all-maxParts) }

// Pictured names what an attachment is.
func (b bubble) Pictured() string {
	switch t := b.Content.Attachment.Type; t {
	case "image", "video", "audio", "file":
		return capital(t)
	}
	return "Attachment"
}

// Blank says what goes into a field.
func (bubble) Blank(f providers.Field) string {
	switch f.Type {
	case providers.FieldLongText:
		return "several lines"
	case providers.FieldEmail:
		return "an email address"
	case providers.FieldChoice:
		return "one of these"
	}
	return "one line"
}

// pretty lays JSON out. What is no JSON, or nests so deep that its indentation alone would fill the page, stays as it is.
func pretty(raw json.RawMessage) string {
	depth, deepest := 0, 0
	for _, c := range raw {
		switch c {
		case '{', '[':
			depth++
			deepest = max(deepest, depth)
		case '}', ']':
			depth--
		}
	}
	var b bytes.Buffer
	if deepest > maxDepth || json.Indent(&b, raw, "", "  ") != nil {
		return string(raw)
	}
	return b.String()
}
