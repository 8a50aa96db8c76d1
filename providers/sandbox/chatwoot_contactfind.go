package sandbox

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// chatwootSearchesPerMinute is Chatwoot's own limit for searching contacts, for each account (rack_attack.rb).
const chatwootSearchesPerMinute = 100

// chatwootContacts is a page of contacts. A search says only whether there are more.
type chatwootContacts struct {
	Meta struct {
		Count   int   `json:"count"`
		Page    int   `json:"current_page"`
		HasMore *bool `json:"has_more,omitempty"`
	} `json:"meta"`
	Payload []chatwootContact `json:"payload"`
}

// searchContacts answers GET /contacts/search?q=&page=: contacts in whose texts the words stand, whatever the case.
func (k *chatwoot) searchContacts(c *call, at place) reply {
	query := c.URL.Query()
	words := strings.TrimSpace(query.Get("q"))
	if words == "" {
		return chatwootError(http.StatusUnprocessableEntity, "Specify search string with parameter q")
	}
	k.store.mu.Lock()
	defer k.store.mu.Unlock()
	people := k.store.people(at.account)
	if k.rate != nil && !people.searches.allow(c.at) {
		return k.fail(http.StatusTooManyRequests)
	}
	var all []*chatwootPerson
	pattern := "%" + strings.ToLower(words) + "%"
	for _, one := range people.all {
		if slices.ContainsFunc([]string{one.name, one.email, one.phone, one.identifier}, func(text string) bool { return like(strings.ToLower(text), pattern) }) {
			all = append(all, one)
		}
	}
	answer := contactsOn(all, pageNumber(query))
	more := len(all) > answer.Meta.Page*chatwootContactPage
	answer.Meta.HasMore, answer.Meta.Count = &more, len(answer.Payload)
	return chatwootJSON(http.StatusOK, answer)
}

// filterContacts answers POST /contacts/filter?page= with one condition: one of a contact's texts is this, whatever the
// case.
func (k *chatwoot) filterContacts(c *call, at place) reply {
	type condition struct {
		Attribute string   `json:"attribute_key"`
		Operator  string   `json:"filter_operator"`
		Values    []string `json:"values"`
		Query     *string  `json:"query_operator"`
	}
	var body struct {
		Payload []condition `json:"payload"`
	}
	if !isJSON(c.Request) || json.Unmarshal(c.body, &body) != nil {
		return chatwootStatus(http.StatusBadRequest)
	}
	known := []string{"identifier", "email", "phone_number", "name"}
	if len(body.Payload) != 1 || len(body.Payload[0].Values) != 1 || body.Payload[0].Operator != "equal_to" || !slices.Contains(known, body.Payload[0].Attribute) {
		return *refuseParams("Attribute key and filter operator are not emulated: one condition equal_to one value, of %s", strings.Join(known, ", "))
	}
	attribute, value := body.Payload[0].Attribute, strings.ToLower(body.Payload[0].Values[0])
	if attribute == "phone_number" {
		value = "+" + strings.ReplaceAll(value, "+", "")
	}
	k.store.mu.Lock()
	defer k.store.mu.Unlock()
	var all []*chatwootPerson
	for _, one := range k.store.people(at.account).all {
		is := map[string]string{"identifier": one.identifier, "email": one.email, "phone_number": one.phone, "name": one.name}[attribute]
		if strings.ToLower(is) == value {
			all = append(all, one)
		}
	}
	return chatwootJSON(http.StatusOK, contactsOn(all, pageNumber(c.URL.Query())))
}

// contactsOn makes a page of contacts.
func contactsOn(all []*chatwootPerson, n int) chatwootContacts {
	answer := chatwootContacts{Payload: []chatwootContact{}}
	answer.Meta.Count, answer.Meta.Page = len(all), n
	for _, one := range onPage(all, n, chatwootContactPage) {
		answer.Payload = append(answer.Payload, one.view(true))
	}
	return answer
}

// like is SQL's LIKE: % stands for anything, _ for one character, and \ takes the meaning of what follows it away.
func like(s, pattern string) bool {
	switch r, size := utf8.DecodeRuneInString(pattern); {
	case pattern == "":
		return s == ""
	case r == '%':
		rest := strings.TrimLeft(pattern, "%")
		for i := range s {
			if like(s[i:], rest) {
				return true
			}
		}
		return like("", rest)
	default:
		if r == '\\' && len(pattern) > size {
			pattern = pattern[size:]
			_, size = utf8.DecodeRuneInString(pattern)
		} else if r == '_' {
			_, first := utf8.DecodeRuneInString(s)
			return s != "" && like(s[first:], pattern[size:])
		}
		rest, found := strings.CutPrefix(s, pattern[:size])
		return found && like(rest, pattern[size:])
	}
}
