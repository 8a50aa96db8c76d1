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
	body, ok := fields(c.body)
	if !isJSON(c.Request) || !ok {
		return chatwootStatus(http.StatusBadRequest)
	}
	attribute, value, refusal := chatwootCondition(body)
	if refusal != nil {
		return *refusal
	}
	value = strings.ToLower(value)
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

// chatwootCondition reads the one condition of a filter.
func chatwootCondition(body map[string]json.RawMessage) (attribute, value string, refusal *reply) {
	conditions, _ := list(body["payload"])
	if len(conditions) != 1 {
		return "", "", refuseParams("payload must be a list of one condition; more are not emulated")
	}
	condition, _ := fields(conditions[0])
	extra := append(unknown(body, "payload"), unknown(condition, "attribute_key", "filter_operator", "values", "query_operator")...)
	if extra != nil {
		return "", "", refuseParams("found unpermitted parameters: %s", symbols(extra))
	}
	if joint, given := condition["query_operator"]; given && !slices.Contains([]string{`"AND"`, `"OR"`, "null"}, string(joint)) {
		return "", "", refuseParams("query_operator must be AND or OR")
	}
	attribute, _ = text(condition["attribute_key"])
	operator, _ := text(condition["filter_operator"])
	if known := []string{"identifier", "email", "phone_number", "name"}; operator != "equal_to" || !slices.Contains(known, attribute) {
		return "", "", refuseParams("Attribute key and filter operator are not emulated: one condition equal_to one value, of %s", strings.Join(known, ", "))
	}
	values, _ := list(condition["values"])
	if len(values) == 1 {
		var ok bool
		if value, ok = text(values[0]); ok {
			return attribute, value, nil
		}
	}
	return "", "", refuseParams("values must be a list of one string; more are not emulated")
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
