package avaamo

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"herald/providers"
	"herald/providers/wire"
)

func (c *check) nativeLinks(at string, in map[string]json.RawMessage) {
	for i, one := range c.array(at, in, "links", false, 0) {
		at := fmt.Sprintf("%s.links[%d]", at, i)
		m, ok := c.object(at, one, "type", "title", "url", "value", "srcdoc", "webview_height_ratio", "hidden_content", "format", "minDate", "maxDate")
		if !ok {
			continue
		}
		c.texts(at, m, maxText, "title", "url", "value", "hidden_content", "format", "minDate", "maxDate")
		c.texts(at, m, maxSource, "srcdoc")
		if strings.TrimSpace(wire.Text(m["type"])) == "deeplink" {
			c.warnNative("A deprecated type of link", "%s.type is deeplink, which Avaamo deprecates since its version 6.4.0. Use post_message with hidden_content, or date.", at)
		}
	}
}

// object reads an object, and warns of members that the vendor does not document for it.
func (c *check) object(at string, raw json.RawMessage, known ...string) (map[string]json.RawMessage, bool) {
	m, ok := wire.Object(raw)
	if !ok {
		c.misshapen(at, "an object")
		return nil, false
	}
	for _, member := range slices.Sorted(maps.Keys(m)) {
		if !slices.Contains(known, member) {
			c.unknown(at, member)
		}
	}
	return m, true
}

// array reads a member that is a list, of at most that many elements where there is a limit. Null is none.
func (c *check) array(at string, in map[string]json.RawMessage, member string, needed bool, most int) (all []json.RawMessage) {
	at += "." + member
	if raw, there := in[member]; there && json.Unmarshal(raw, &all) != nil {
		c.misshapen(at, "a list")
		return nil
	}
	if needed && len(all) == 0 {
		c.wrongNative("Native content without elements", "%s is a list of at least one element.", at)
	}
	if most > 0 && len(all) > most {
		c.wrongNative("Too many elements", "%s has %d elements; Avaamo allows %d. Leave some out, or send them as more than one message.", at, len(all), most)
	}
	return all
}

// texts checks how long members are that are strings.
func (c *check) texts(at string, in map[string]json.RawMessage, most int, members ...string) {
	for _, member := range members {
		c.long(at+"."+member, in[member], most)
	}
}

func (c *check) long(at string, raw json.RawMessage, most int) {
	if n := utf8.RuneCountInString(wire.Text(raw)); n > most {
		c.wrongNative("Text too long", "%s has %d characters; Avaamo allows %d. Shorten it.", at, n, most)
	}
}

func (c *check) misshapen(at, shape string) {
	c.wrongNative("Native content of another shape", "%s must be %s.", at, shape)
}

func (c *check) unknown(in, member string) {
	c.warnNative("Native content with an unknown member", "Avaamo's pages know no %s in %s. Check its spelling.", providers.Quote(member), in)
}
