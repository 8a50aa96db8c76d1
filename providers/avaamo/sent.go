package avaamo

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"

	"herald/providers"
	"herald/providers/wire"
)

// sent is what an attempt said.
type sent struct {
	kind string          // "text", or the one member of the message object; "" for none
	text string          // of kind text
	raw  json.RawMessage // the message as it left
	only json.RawMessage // the value of its one member
}

// readSent reads a rendered request: what it says, and into which conversation.
func readSent(r providers.Request) (s sent, conversation string) {
	body, _ := wire.Object(r.Body)
	where, _ := wire.Object(body["conversation"])
	s.raw = body["message"]
	if text := wire.Text(s.raw); text != "" {
		s.kind, s.text = "text", text
	}
	members, _ := wire.Object(s.raw)
	for _, kind := range kinds() {
		if value, there := members[kind]; there {
			s.kind, s.text, s.only = kind, wire.Text(value), value
		}
	}
	if r.Path != postPath {
		s.kind = ""
	}
	return s, wire.Text(where["uuid"])
}

// says reports whether a listed message says the same. How content shows more than text is not documented: only what is
// the message that was sent, or the value of its one member, is taken for it.
func (s sent) says(e entry) bool {
	in, _ := object(e.Raw)
	switch {
	case !s.likes(e.ContentType):
		return false
	case s.kind == "text":
		return s.text != "" && wire.Text(in["content"]) == s.text
	}
	return equal(e.Content, s.raw) || equal(e.Content, s.only)
}

// likes reports whether a listed message is of the type that was sent. The pages write list_view and ListView.
func (s sent) likes(contentType string) bool {
	plain := func(s string) string { return strings.ToLower(strings.ReplaceAll(s, "_", "")) }
	return plain(contentType) == plain(s.kind)
}

// equal reports whether two texts are JSON of the same value.
func equal(a string, b json.RawMessage) bool {
	x, ok := value([]byte(a))
	y, also := value(b)
	return ok && also && reflect.DeepEqual(x, y)
}

func value(raw []byte) (v any, ok bool) {
	if !json.Valid(raw) {
		return nil, false
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return v, d.Decode(&v) == nil
}
