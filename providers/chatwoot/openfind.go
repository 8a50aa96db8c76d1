package chatwoot

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"herald/providers"
	"herald/providers/wire"
)

const (
	contactsPage     = 15 // contacts that the vendor lists at once (contacts)
	mostContactPages = 5  // that are read for one value
)

// find looks for the contact that has a value. The filter compares whole values, and is not held to the 100 requests a
// minute that the search is (limiter). What it misses or does not know, as another version may, the search finds among all
// that only contain the value.
func (s *opener) find(attribute, value string) (c contact, o providers.Outcome) {
	for _, by := range []struct {
		method, path string
		body         any
		first        bool // another way follows
	}{
		{http.MethodPost, s.under("contacts", "filter") + "?page=", filter(attribute, value), true},
		{http.MethodGet, s.under("contacts", "search") + "?q=" + wire.Segment(pattern(value)) + "&page=", nil, false},
	} {
		for n, last := 1, false; n <= mostContactPages && !last; n++ {
			o = s.ask(by.method, by.path+strconv.Itoa(n), by.body, func(a wire.Answer) (o providers.Outcome) {
				c, last, o = s.among(a, attribute, value)
				return o
			})
			switch {
			case by.first && o.Class == providers.Refused:
				last = true
			case c.id > 0 || o.Class != providers.Accepted:
				return c, o
			}
		}
	}
	return c, o
}

// among reads a page of contacts, and gives the one that has a value. The last page is the one that is not full.
func (s *opener) among(a wire.Answer, attribute, value string) (c contact, last bool, o providers.Outcome) {
	var answer struct {
		Payload []json.RawMessage `json:"payload"`
	}
	if !a.Success() || json.Unmarshal(a.Body, &answer) != nil || answer.Payload == nil {
		return c, false, s.unread(a, "list of contacts")
	}
	o = a.Outcome(providers.Accepted, "")
	for _, raw := range answer.Payload {
		if one := s.readContact(raw); one.id > 0 && one.has(attribute, value) {
			return one, true, o
		}
	}
	return c, len(answer.Payload) < contactsPage, o
}

// filter asks for the contacts with one value. The vendor itself puts the + before a phone number (filters).
func filter(attribute, value string) any {
	if attribute == "phone_number" {
		value = strings.TrimPrefix(value, "+")
	}
	type condition struct {
		Attribute string   `json:"attribute_key"`
		Operator  string   `json:"filter_operator"`
		Values    []string `json:"values"`
	}
	return map[string][]condition{"payload": {{attribute, "equal_to", []string{value}}}}
}

// pattern escapes what a search would take for an escape itself (contacts: the value becomes part of a LIKE). Its
// wildcards stand for themselves too, and may stay.
func pattern(value string) string { return strings.ReplaceAll(value, `\`, `\\`) }
