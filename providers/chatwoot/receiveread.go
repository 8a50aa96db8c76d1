package chatwoot

import (
	"bytes"
	"encoding/json"
	"time"

	"herald/providers"
	"herald/providers/wire"
)

// Read says what a call told: a message that the person wrote is a reply, and so is what the person chose in a message of
// ours. Everything else that Chatwoot calls with (notes, events, what our side wrote, other conversations' affairs) tells
// nothing.
func (p *account) Read(name string, body []byte) providers.Arrival {
	members, ok := wire.Object(body)
	if !ok || name != webhook || !p.mine(members) {
		return providers.Arrival{}
	}
	conversation, _ := wire.Object(members["conversation"])
	place, ok := wire.Digits(conversation["id"])
	if !ok || number(place) == 0 {
		return providers.Arrival{}
	}
	m := read(body)
	switch wire.Text(members["event"]) {
	case "message_created":
		// With a key, it is one that herald wrote in the person's name.
		if m.Direction == providers.Incoming && m.Key == "" {
			at := written(members)
			return replied(place, at, m.Text, body)
		}
	case "message_updated":
		// A rating of the service answers the desk, not us. The call does not say when the message was changed.
		text, there := submitted(attributesIn(members["content_attributes"]))
		if there && m.Direction == providers.Outgoing && m.ContentType != "input_csat" {
			return replied(place, time.Time{}, text, body)
		}
	}
	return providers.Arrival{}
}

// replied makes an arrival that tells of a reply; a zero time is not known.
func replied(place string, at time.Time, text string, body []byte) providers.Arrival {
	return providers.Arrival{
		Report:   providers.Report{Replied: at, Reply: text, Vendor: bytes.Clone(body)},
		Place:    place,
		Answered: at.IsZero(),
	}
}

// mine reports whether a call is about this account: conversations are numbered within each. A call that names no
// account is.
func (p *account) mine(members map[string]json.RawMessage) bool {
	owner, ok := wire.Object(members["account"])
	if !ok || owner["id"] == nil {
		return true
	}
	id, ok := wire.Digits(owner["id"])
	return ok && number(id) == p.id
}

// written is when a message was created. Calls say it as a date (messages), as their older documentation does in another
// form; lists say it in seconds. Zero where it cannot be read.
func written(members map[string]json.RawMessage) time.Time {
	if at, _ := created(members); !at.IsZero() {
		return at
	}
	text := wire.Text(members["created_at"])
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05 UTC"} {
		if at, err := time.Parse(layout, text); err == nil && at.Unix() > 0 {
			return at.UTC()
		}
	}
	return time.Time{}
}
