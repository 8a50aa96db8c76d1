package chatwoot

import (
	"cmp"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"herald/providers"
	"herald/providers/wire"
)

// listed is one message of a page.
type listed struct {
	providers.Listed
	number  int64         // its ID as a number, 0 where it has none
	step    time.Duration // what At is a multiple of
	private bool          // a note, which is Internal as events are
	deleted bool
}

// read reads one message as far as it can be read: one that is odd must not cost the page.
func read(raw json.RawMessage) listed {
	members, _ := wire.Object(raw)
	sender, _ := wire.Object(members["sender"])
	m := listed{Listed: providers.Listed{
		Direction:   direction(members, wire.Text(sender["type"])),
		Author:      cmp.Or(wire.Text(sender["available_name"]), wire.Text(sender["name"])),
		ContentType: wire.Text(members["content_type"]),
		Text:        wire.Text(members["content"]),
		Status:      wire.Text(members["status"]),
		Vendor:      raw,
	}}
	m.At, m.step = created(members)
	if id, ok := wire.Digits(members["id"]); ok {
		m.ID, m.number = id, number(id)
	}
	m.private = isTrue(members["private"])
	attributes := attributesIn(members["content_attributes"])
	deleted := string(attributes["deleted"])
	m.deleted = deleted != "" && deleted != "false" && deleted != "null"
	key := wire.Text(attributes[mark])
	if len(key) == 2*len(providers.Key{}) && strings.Trim(key, "0123456789abcdef") == "" {
		m.Key = key
	}
	return m
}

// isTrue reports whether a JSON value is true.
func isTrue(raw json.RawMessage) bool {
	var b bool
	return json.Unmarshal(raw, &b) == nil && b
}

// direction says who wrote a message.
//
// The number alone does not say it: Chatwoot counts incoming, outgoing, activity, template from 0, and 99digital's page
// counts the same from 1, while its sample shows 0 as Chatwoot would. The sender helps: only outgoing messages have a
// user or bot for sender; whatever else is created over the API has the conversation's contact, activities and templates
// too (builder). What is left is read as Chatwoot counts.
func direction(members map[string]json.RawMessage, sender string) providers.Direction {
	if isTrue(members["private"]) {
		return providers.Internal
	}
	kind := strings.Trim(string(members["message_type"]), `"`)
	if n, err := strconv.Atoi(kind); err == nil {
		types := messageTypes()
		switch {
		case sender == "user" || sender == "agent_bot":
			kind = "outgoing"
		case sender == "contact" && n == 1: // no contact sends an outgoing message, so this is 99digital's count
			kind = "incoming"
		case n == len(types): // likewise
			kind = "template"
		case 0 <= n && n < len(types):
			kind = types[n]
		}
	}
	switch kind {
	case "incoming":
		return providers.Incoming
	case "activity":
		return providers.Internal
	case "outgoing", "template":
		return providers.Outgoing
	}
	if sender == "contact" {
		return providers.Incoming
	}
	// Nothing is known of it. As outgoing it keeps a look-up from being sure that herald's own message is not there.
	return providers.Outgoing
}
