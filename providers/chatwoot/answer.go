package chatwoot

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"herald/providers"
	"herald/providers/wire"
)

// waits that the vendor does not announce.
const (
	window      = time.Minute // requests are counted in whole minutes of the server's clock (limiter)
	floodWindow = time.Minute // 200 messages to one conversation in any minute (messages)
)

// classify says what an answer means. The message type is the one that was asked for, the key the attempt's own.
func classify(a wire.Answer, asked string, key providers.Key) providers.Outcome {
	members, _ := wire.Object(a.Body)
	text := complaint(members)
	id, numbered := wire.Digits(members["id"])
	switch {
	case a.Success() && numbered:
		return stored(a, id, members, asked, key)
	case a.Status/100 == 2:
		return a.Outcome(providers.Unknown, strings.TrimSuffix("the answer holds no message: "+text, ": "))
	case a.Status == 422:
		return unprocessable(a, members, text)
	}
	return refused(a, text)
}

// refused reads an answer that is no success, where nothing but its status tells what it means.
func refused(a wire.Answer, text string) providers.Outcome {
	o := a.ByStatus(text)
	if o.Class == providers.Throttled && o.After == 0 {
		o.After = untilNextWindow(a.Time())
	}
	return o
}

// stored reads the message that the answer holds.
func stored(a wire.Answer, id string, members map[string]json.RawMessage, asked string, key providers.Key) providers.Outcome {
	o := a.Outcome(providers.Accepted, "")
	o.ID = id
	o.Status = wire.Text(members["status"])
	o.At, _ = created(members)
	o.Marked = wire.Text(attributesIn(members["content_attributes"])[mark]) == key.String()
	if t := members["message_type"]; t != nil && !agrees(t, asked) {
		o.Note = fmt.Sprintf("asked for message_type %s, the answer says %s", asked, t)
	}
	return o
}

// unprocessable reads a 422. Creating a message answers every fault of the server so, also one that comes after the
// message was stored; only what the vendor's checks before storing say is a no.
func unprocessable(a wire.Answer, members map[string]json.RawMessage, text string) providers.Outcome {
	if strings.HasPrefix(text, textInvalid) && strings.Contains(text, textFlood) {
		o := a.Outcome(providers.Throttled, text)
		if o.After == 0 {
			o.After = floodWindow
		}
		return o
	}
	if strings.HasPrefix(text, textInvalid) || members["attributes"] != nil && text != "" {
		return a.Outcome(providers.Refused, text)
	}
	for _, known := range []string{textIncoming, textNoItem, textNoHash, textKeys, textActions, textAction} {
		if strings.Contains(text, known) {
			return a.Outcome(providers.Refused, text)
		}
	}
	return a.Outcome(providers.Unknown, text)
}

// complaint gives what an answer says is wrong: error, or message where a record is invalid.
func complaint(members map[string]json.RawMessage) string {
	return wire.Complaint(members, "error", "message", "description")
}

// created is when the message was stored, and in which steps its vendor says so: 99digital to the millisecond, Chatwoot
// in seconds. It is zero where neither can be read.
func created(members map[string]json.RawMessage) (at time.Time, step time.Duration) {
	sane := func(seconds int64) bool { return 0 < seconds && seconds < 1<<36 }
	if at, err := time.Parse(time.RFC3339Nano, wire.Text(members["created_at_exact"])); err == nil && sane(at.Unix()) {
		return at.UTC(), time.Millisecond
	}
	var seconds int64
	if json.Unmarshal(members["created_at"], &seconds) != nil || !sane(seconds) {
		return time.Time{}, time.Second
	}
	return time.Unix(seconds, 0).UTC(), time.Second
}

// attributesIn reads content_attributes, which are an object, or null, or an object's text.
func attributesIn(raw json.RawMessage) map[string]json.RawMessage {
	if text := wire.Text(raw); text != "" {
		raw = json.RawMessage(text)
	}
	members, _ := wire.Object(raw)
	return members
}

// untilNextWindow is how long requests stay refused when the server's clock shows this time.
func untilNextWindow(now time.Time) time.Duration {
	// The end itself already belongs to the next window; a second more covers what the clocks may differ.
	return now.Truncate(window).Add(window + time.Second).Sub(now)
}

// messageTypes is the order of Chatwoot's numbers, from 0. 99digital's page counts the same words from 1, while its own
// sample shows 0; so neither is taken for granted.
func messageTypes() []string { return []string{"incoming", "outgoing", "activity", "template"} }

// agrees reports whether the message type of an answer is the one that was asked for. A number may be so in either
// numbering; some builds, and webhooks, say the word itself.
func agrees(raw json.RawMessage, asked string) bool {
	if word := wire.Text(raw); word != "" {
		return word == asked
	}
	var n *int
	i := slices.Index(messageTypes(), asked)
	return json.Unmarshal(raw, &n) == nil && n != nil && i >= 0 && (*n == i || *n == i+1)
}
