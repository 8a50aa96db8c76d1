package chatwoot

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strings"
	"time"

	"herald/providers"
	"herald/providers/wire"
)

// receipt is what a message of ours tells of itself.
type receipt struct {
	providers.Report
	chosen words // what the person chose or filled in
}

// received reads a message of ours, as the vendor listed it at that time.
func received(m listed, now time.Time) (r receipt) {
	members, _ := wire.Object(m.Vendor)
	attributes := attributesIn(members["content_attributes"])
	by := changed(members["updated_at"], m.At, now)
	switch m.Status {
	case "delivered":
		r.Delivered = by
	case "read": // what was read was delivered
		r.Delivered, r.Read = by, by
	case "failed":
		r.Failed = by
		r.Reason = cmp.Or(strings.TrimSpace(wire.Text(attributes["external_error"])), "the vendor does not say why")
	}
	if text, there := submitted(attributes); there {
		r.chosen = words{m.number, by, text, m.Vendor}
	}
	return r
}

// changed reads when a message was changed last, in seconds or as a date: swagger lists it, the view of 4.14.2 leaves it
// out. What is none, or lies outside of the message's life, is the time of the answer.
func changed(raw json.RawMessage, created, now time.Time) time.Time {
	at, err := time.Parse(time.RFC3339Nano, wire.Text(raw))
	var seconds int64
	if err != nil && json.Unmarshal(raw, &seconds) == nil && 0 < seconds && seconds < 1<<36 {
		at, err = time.Unix(seconds, 0), nil
	}
	if err != nil || at.Before(created.Truncate(time.Second)) || at.After(now) {
		return now
	}
	return at.UTC()
}

// submitted gives what the person chose in a question, or filled into a form: the values, one after the other. The widget
// stores them with the message itself, as objects with title and value, or name and value (widget); an e-mail address
// that was asked for stands by itself.
func submitted(attributes map[string]json.RawMessage) (text string, there bool) {
	if email := strings.TrimSpace(wire.Text(attributes["submitted_email"])); email != "" {
		return email, true
	}
	raw := bytes.TrimSpace(attributes["submitted_values"])
	switch string(raw) {
	case "", "null", "[]", "{}", `""`:
		return "", false
	}
	var several []json.RawMessage
	if json.Unmarshal(raw, &several) != nil {
		several = []json.RawMessage{raw}
	}
	var all []string
	for _, one := range several {
		all = append(all, value(one))
	}
	return strings.Join(all, ", "), true
}

// value gives what one of the submitted values says; where it is none, its JSON.
func value(raw json.RawMessage) string {
	members, ok := wire.Object(raw)
	if !ok {
		return cmp.Or(wire.Text(raw), string(raw))
	}
	for _, name := range []string{"value", "title"} {
		if one := bytes.TrimSpace(members[name]); len(one) > 0 && string(one) != "null" {
			return cmp.Or(wire.Text(one), strings.Trim(string(one), `"`))
		}
	}
	return string(raw)
}
