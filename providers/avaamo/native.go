package avaamo

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"herald/providers"
	"herald/providers/wire"
)

// kinds are the message objects that the vendor documents (messagePage). Avaamo itself sends text as an object to custom
// channels; messages to it have a plain string there.
func kinds() []string { return []string{"quick_reply", "card", "list_view", "carousel"} }

// native checks a message object that the campaign wrote itself: that it is one message, and the limits of what can be
// read of it. What a member's value must be is otherwise left to the vendor.
func (c *check) native(raw []byte) {
	members, ok := wire.Object(raw)
	if !ok {
		c.wrongNative("Native content that is no object", "Avaamo takes one message object, such as { card = { title = \"Hi\" } }. A text is written as text = \"Hi\" instead.")
		return
	}
	var found []string
	textual := false
	for _, member := range slices.Sorted(maps.Keys(members)) {
		switch {
		case slices.Contains(kinds(), member):
			found = append(found, member)
		case member == "text":
			textual = true
			c.wrongNative("Native content that is a text", "A message of Avaamo is a text or an object, and an object has no text. Write text = \"...\" instead of native.")
		default:
			c.unknown("a message", member)
		}
	}
	if len(found) != 1 && !textual {
		c.wrongNative("Native content that is not one message", "A message of Avaamo has exactly one of %s; this one has %s.",
			strings.Join(kinds(), ", "), given(found))
	}
	if len(found) != 1 {
		return
	}
	at, value := found[0], members[found[0]]
	switch at {
	case "quick_reply":
		if m, ok := c.object(at, value, "content", "links"); ok {
			c.texts(at, m, maxText, "content")
			c.nativeLinks(at, m)
		}
	case "list_view":
		c.nativeList(at, value)
	case "card":
		c.nativeCard(at, value, true)
	case "carousel":
		c.nativeCarousel(at, value)
	}
}

func (c *check) nativeList(at string, raw json.RawMessage) {
	m, ok := c.object(at, raw, "top_element_style", "items")
	if !ok {
		return
	}
	if style := wire.Text(m["top_element_style"]); style != "" && !strings.EqualFold(style, "large") && !strings.EqualFold(style, "compact") {
		c.warnNative("Native content with an unknown word", "%s.top_element_style is %s; Avaamo documents large and compact.", at, providers.Quote(style))
	}
	for i, one := range c.array(at, m, "items", true, maxItems) {
		at := fmt.Sprintf("%s.items[%d]", at, i)
		if m, ok := c.object(at, one, "title", "subtitle", "image_path", "links"); ok {
			c.texts(at, m, maxText, "title", "subtitle", "image_path")
			c.nativeLinks(at, m)
		}
	}
}

func (c *check) nativeCarousel(at string, raw json.RawMessage) {
	m, ok := c.object(at, raw, "title", "cards")
	if !ok {
		return
	}
	c.texts(at, m, maxText, "title")
	for i, one := range c.array(at, m, "cards", true, 0) {
		at := fmt.Sprintf("%s.cards[%d]", at, i)
		if m, ok := c.object(at, one, "card"); ok {
			c.nativeCard(at+".card", m["card"], false)
		}
	}
}

// nativeCard checks a card, which may hold a form where it stands alone.
func (c *check) nativeCard(at string, raw json.RawMessage, alone bool) {
	m, ok := c.object(at, raw, "notification_message", "title", "description", "showcase_image_path", "links", "inputs")
	if !ok {
		return
	}
	c.texts(at, m, maxText, "title", "notification_message", "showcase_image_path")
	c.texts(at, m, maxDescription, "description")
	c.nativeLinks(at, m)
	inputs := c.array(at, m, "inputs", false, maxInputs)
	if len(inputs) > 0 && !alone {
		c.wrongNative("A form in a carousel", "%s.inputs stands in a carousel, where Avaamo takes no form elements. Send the form as a card of its own.", at)
	}
	for i, one := range inputs {
		at := fmt.Sprintf("%s.inputs[%d]", at, i)
		// Each type of input has members of its own, so none counts as unknown.
		m, ok := wire.Object(one)
		if !ok {
			c.misshapen(at, "an object")
			continue
		}
		c.texts(at, m, maxText, "title", "uuid", "hint", "format", "regex_format")
		most := maxText
		if wire.Text(m["type"]) == "data_capture" {
			most = maxCapture
		}
		c.texts(at, m, most, "default_value")
		for j, option := range c.array(at, m, "options", false, 0) {
			at := fmt.Sprintf("%s.options[%d]", at, j)
			if m, ok := wire.Object(option); ok {
				c.texts(at, m, maxText, "uuid", "option")
			} else {
				c.long(at, option, maxText)
			}
		}
	}
}

// given lists what was found.
func given(found []string) string {
	if len(found) == 0 {
		return "none of them"
	}
	return strings.Join(found, " and ")
}
