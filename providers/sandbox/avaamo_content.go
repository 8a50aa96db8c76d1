package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
)

// Avaamo's published limits, from its pages on card, list view, quick reply, carousel, card links and multi-line text.
const (
	avaamoText        = 191   // characters of every user-defined text field that has no other limit
	avaamoDescription = 60000 // of a card's description
	avaamoCapture     = 60000 // of a data_capture field
	avaamoSource      = 65000 // of a link's srcdoc
	avaamoInputs      = 25    // form elements of a card
	avaamoItems       = 50    // items of a list view
)

// avaamoBody takes the body of "Post agent messages".
func avaamoBody() check {
	return object([]string{"message", "conversation", "bot_id"}, map[string]check{
		"message":      avaamoMessage(),
		"conversation": object([]string{"uuid"}, map[string]check{"uuid": textOf(0)}),
		"bot_id":       isID,
		"force_locale": avaamoLocale(),
	})
}

// avaamoLocale takes a language tag in the form of the samples, "en" and "en-GB".
func avaamoLocale() check {
	form := regexp.MustCompile(`^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}$`)
	return func(where string, raw json.RawMessage) string {
		if s, ok := text(raw); !ok || !form.MatchString(s) {
			return where + " must be a locale, such as en or en-GB"
		}
		return ""
	}
}

// avaamoMessage takes a text, or an object of exactly one of the documented shapes.
func avaamoMessage() check {
	short := textOf(avaamoText)
	shape := object(nil, map[string]check{
		"quick_reply": object([]string{"content", "links"}, map[string]check{
			"content": short,
			"links":   listOf(0, avaamoQuickLink()),
		}),
		"card": avaamoCard(true),
		"list_view": object([]string{"items"}, map[string]check{
			// The page lists the words with a capital and shows them without.
			"top_element_style": oneOf("large", "compact", "Large", "Compact"),
			"items": listOf(avaamoItems, object([]string{"title", "links"}, map[string]check{
				"title": short, "subtitle": short, "image_path": short,
				"links": listOf(0, avaamoLink(true)),
			})),
		}),
		"carousel": object([]string{"cards"}, map[string]check{
			"title": short,
			"cards": listOf(0, object([]string{"card"}, map[string]check{"card": avaamoCard(false)})),
		}),
	})
	return func(where string, raw json.RawMessage) string {
		if len(raw) > 0 && raw[0] == '"' {
			return textOf(0)(where, raw)
		}
		if problem := shape(where, raw); problem != "" {
			return problem
		}
		if o, _ := fields(raw); len(o) != 1 {
			return fmt.Sprintf("%s must have exactly one member, it has %d", where, len(o))
		}
		return ""
	}
}

// avaamoCard takes a card; form says whether it may have form elements: in a carousel it may not.
func avaamoCard(form bool) check {
	short := textOf(avaamoText)
	known := map[string]check{
		"notification_message": short,
		"title":                short,
		"description":          textOf(avaamoDescription),
		"showcase_image_path":  short,
		"links":                listOf(0, avaamoLink(false)),
	}
	if form {
		known["inputs"] = listOf(avaamoInputs, avaamoInput())
	}
	shape := object(nil, known)
	return func(where string, raw json.RawMessage) string {
		if problem := shape(where, raw); problem != "" {
			return problem
		}
		if avaamoReading(raw) == "" {
			return where + " must show something"
		}
		return ""
	}
}

// avaamoSaid is a message that passed: the request's word for its kind, the history's word, what a person would read, and
// what the history has as content.
type avaamoSaid struct{ kind, contentType, text, content string }

// avaamoSays reads a message that passed avaamoMessage.
func avaamoSays(raw json.RawMessage) avaamoSaid {
	if s, ok := text(raw); ok {
		return avaamoSaid{kind: "text", contentType: "text", text: s, content: s}
	}
	var compact bytes.Buffer
	json.Compact(&compact, raw) // it was decoded before: it cannot fail
	o, _ := fields(raw)
	said := avaamoSaid{content: compact.String()}
	for kind, value := range o {
		said.kind, said.contentType, said.text = kind, kind, avaamoReading(value)
	}
	if said.kind == "list_view" {
		said.contentType = "ListView"
	}
	return said
}

// avaamoReading gives the first thing in a shape that a person would read.
func avaamoReading(raw json.RawMessage) string {
	o, _ := fields(raw)
	for _, name := range []string{"content", "title", "description"} {
		if s, ok := text(o[name]); ok {
			return s
		}
	}
	if card, wrapped := o["card"]; wrapped {
		return avaamoReading(card)
	}
	for _, name := range []string{"items", "cards", "inputs", "links"} {
		if all, ok := list(o[name]); ok && len(all) > 0 {
			return avaamoReading(all[0])
		}
	}
	image, _ := text(o["showcase_image_path"])
	return image
}
