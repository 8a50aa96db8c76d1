package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// createContact answers POST /contacts: a contact, and by what the inbox knows it, both or neither.
func (k *chatwoot) createContact(c *call, at place) reply {
	params, refusal := bodyOf(c, []string{"inbox_id", "name", "email", "phone_number", "identifier", "blocked", "additional_attributes", "custom_attributes"})
	if refusal != nil {
		return *refusal
	}
	inbox, refusal := k.inbox(params, at.account)
	if refusal != nil {
		return *refusal
	}
	one := &chatwootPerson{created: k.store.now(), additional: objectOf(params["additional_attributes"]), custom: objectOf(params["custom_attributes"])}
	one.name, _ = text(params["name"])
	one.email, _ = text(params["email"])
	one.email = strings.ToLower(one.email)
	one.phone, _ = text(params["phone_number"])
	one.identifier, _ = text(params["identifier"])
	one.blocked, _ = boolean(params["blocked"])

	k.store.mu.Lock()
	defer k.store.mu.Unlock()
	people := k.store.people(at.account)
	if problems, attributes := people.check(one); problems != nil {
		return chatwootJSON(http.StatusUnprocessableEntity, struct {
			Message    string   `json:"message"`
			Attributes []string `json:"attributes"`
		}{strings.Join(problems, ", "), slices.Compact(attributes)})
	}
	people.keep(one)
	link, _ := people.link(one, inbox, "")
	var answer struct {
		Payload struct {
			Contact chatwootContact  `json:"contact"`
			Link    chatwootLinkView `json:"contact_inbox"`
		} `json:"payload"`
	}
	answer.Payload.Contact, answer.Payload.Link = one.view(true), link.view()
	return chatwootJSON(http.StatusOK, answer)
}

// linkContact answers POST /contacts/{id}/contact_inboxes.
func (k *chatwoot) linkContact(c *call, at place) reply {
	params, refusal := bodyOf(c, []string{"inbox_id", "source_id"})
	if refusal != nil {
		return *refusal
	}
	inbox, refusal := k.inbox(params, at.account)
	if refusal != nil {
		return *refusal
	}
	k.store.mu.Lock()
	defer k.store.mu.Unlock()
	people := k.store.people(at.account)
	one := people.person(at.id)
	if one == nil {
		return chatwootError(http.StatusNotFound, chatwootNotFound)
	}
	source, _ := text(params["source_id"])
	link, ok := people.link(one, inbox, source)
	if !ok { // nothing catches the database's refusal here, as it does where a conversation is created
		return chatwootStatus(http.StatusInternalServerError)
	}
	return chatwootJSON(http.StatusOK, link.view())
}

// inbox reads inbox_id, which both pages of the document ask for.
func (k *chatwoot) inbox(params map[string]json.RawMessage, account int64) (int64, *reply) {
	raw, given := params["inbox_id"]
	if !given {
		return 0, refuseParams("param is missing or the value is empty: inbox_id")
	}
	n := id(raw)
	if n < 1 || k.inboxes != nil && !k.inboxes(k.vendor.Name, account, n) {
		a := chatwootError(http.StatusNotFound, chatwootNotFound)
		return 0, &a
	}
	return n, nil
}

// bodyOf reads parameters, of which only these may be there, each of its documented type.
func bodyOf(c *call, known []string) (map[string]json.RawMessage, *reply) {
	params := map[string]json.RawMessage{}
	if isJSON(c.Request) { // another type carries no parameters that Rails would see
		var ok bool
		if params, ok = fields(c.body); !ok {
			a := chatwootStatus(http.StatusBadRequest)
			return nil, &a
		}
	}
	if extra := unknown(params, known...); len(extra) == 1 {
		return nil, refuseParams("found unpermitted parameter: %s", symbol(extra[0]))
	} else if len(extra) > 1 {
		return nil, refuseParams("found unpermitted parameters: %s", symbols(extra))
	}
	for _, name := range known {
		raw, given := params[name]
		if !given {
			continue
		}
		is, kind := func(raw json.RawMessage) bool { _, ok := text(raw); return ok }, "a string"
		switch name {
		case "inbox_id", "contact_id":
			is, kind = isInteger, "an integer"
		case "blocked":
			is, kind = func(raw json.RawMessage) bool { _, ok := boolean(raw); return ok }, "a boolean"
		case "additional_attributes", "custom_attributes":
			is, kind = func(raw json.RawMessage) bool { _, ok := fields(raw); return ok }, "an object"
		}
		if !is(raw) {
			return nil, refuseParams("%s must be %s", name, kind)
		}
	}
	return params, nil
}

func refuseParams(format string, args ...any) *reply {
	a := chatwootError(http.StatusUnprocessableEntity, fmt.Sprintf(format, args...))
	return &a
}

// objectOf gives an object that may be absent.
func objectOf(raw json.RawMessage) json.RawMessage {
	if raw == nil {
		return json.RawMessage("{}")
	}
	return raw
}
