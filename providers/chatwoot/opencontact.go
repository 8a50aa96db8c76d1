package chatwoot

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"herald/providers"
	"herald/providers/wire"
)

// contact is a person as the vendor has them.
type contact struct {
	id         int64
	identifier string
	email      string
	phone      string
	source     string // by which the inbox knows them, "" where it does not
}

func (c contact) number() string { return strconv.FormatInt(c.id, 10) }

// has reports whether an attribute of the contact is this value. Addresses of e-mail are kept in small letters (contacts).
func (c contact) has(attribute, value string) bool {
	switch attribute {
	case "identifier":
		return c.identifier == value
	case "email":
		return strings.EqualFold(c.email, value)
	}
	return c.phone == value
}

// contact makes the contact, or finds it where the vendor says that there is one: a new one needs one request so. What
// an attempt that was cut off has made is found in the same way, since no two contacts have one identifier.
func (s *opener) contact() (c contact, o providers.Outcome) {
	var taken []string
	o = s.ask(http.MethodPost, s.under("contacts"), s.who, func(a wire.Answer) providers.Outcome {
		members, _ := wire.Object(a.Body)
		if a.Success() {
			payload, _ := wire.Object(members["payload"])
			if c = s.readContact(payload["contact"]); c.id > 0 {
				link, _ := wire.Object(payload["contact_inbox"])
				c.source = cmp.Or(wire.Text(link["source_id"]), c.source)
				return a.Outcome(providers.Accepted, "")
			}
		}
		if a.Status == http.StatusUnprocessableEntity {
			_ = json.Unmarshal(members["attributes"], &taken) // of another shape there are none
		}
		return s.inboxed(a, s.unread(a, "contact"))
	})
	if c.id > 0 {
		return c, o
	}
	return s.taken(taken, o)
}

// inboxed turns the 404 of a request that names the inbox into what it means (contacts: whatever else it names is there).
func (s *opener) inboxed(a wire.Answer, o providers.Outcome) providers.Outcome {
	if a.Status != http.StatusNotFound {
		return o
	}
	members, _ := wire.Object(a.Body)
	text := strings.TrimPrefix(complaint(members)+": ", ": ")
	return a.Outcome(providers.AccountError, fmt.Sprintf("%sthe account has no inbox %d, or the token's user may not see it; check inbox_id", text, s.who.Inbox))
}

// taken finds the contact whose attributes are in the way of a new one. The identifier alone says who it is. Who has
// only the same address or number is the same person as long as nothing says otherwise. The outcome is what the vendor
// said of the new one; it stays where no contact is found, since the vendor names attributes that it does not like so too.
func (s *opener) taken(attributes []string, said providers.Outcome) (c contact, o providers.Outcome) {
	for _, want := range []struct{ attribute, value string }{{"identifier", s.who.Identifier}, {"email", s.who.Email}, {"phone_number", s.who.Phone}} {
		if want.value == "" || !slices.Contains(attributes, want.attribute) {
			continue
		}
		found, o := s.find(want.attribute, want.value)
		switch {
		case o.Class != providers.Accepted:
			return contact{}, o
		case found.id == 0:
		case want.attribute == "identifier":
			return found, o
		case found.identifier != "" && found.identifier != s.who.Identifier:
			return contact{}, providers.Outcome{Class: providers.Refused, HTTP: o.HTTP, Reason: fmt.Sprintf(
				"contact %d has the same %s and another identifier, so it is somebody else; leave %s out of %s, or mend it", found.id, want.attribute, want.attribute, information)}
		case c.id != 0 && c.id != found.id:
			return contact{}, providers.Outcome{Class: providers.Refused, HTTP: o.HTTP, Reason: fmt.Sprintf(
				"contact %d has the same email, and contact %d the same phone_number; leave one of the two out of %s, or merge the contacts", c.id, found.id, information)}
		default:
			c = found
		}
	}
	if c.id == 0 {
		return c, said
	}
	return c, providers.Outcome{Class: providers.Accepted}
}

// readContact reads a contact; one that is odd has no number.
func (s *opener) readContact(raw json.RawMessage) (c contact) {
	members, _ := wire.Object(raw)
	digits, _ := wire.Digits(members["id"])
	c = contact{id: number(digits), identifier: wire.Text(members["identifier"]), email: wire.Text(members["email"]), phone: wire.Text(members["phone_number"])}
	var links []struct {
		Source string `json:"source_id"`
		Inbox  struct {
			ID int64 `json:"id"`
		} `json:"inbox"`
	}
	_ = json.Unmarshal(members["contact_inboxes"], &links) // where it is of another shape, the inbox does not know them
	for _, link := range links {
		if link.Inbox.ID == s.who.Inbox && c.source == "" {
			c.source = link.Source
		}
	}
	return c
}

// source gives by what the inbox knows the contact, and makes the two known to each other where they are not. The vendor
// makes another link each time, so that it is asked only where there is none.
func (s *opener) source(c contact) (source string, o providers.Outcome) {
	if c.source != "" {
		return c.source, providers.Outcome{Class: providers.Accepted}
	}
	body := struct {
		Inbox int64 `json:"inbox_id"`
	}{s.who.Inbox}
	o = s.ask(http.MethodPost, s.under("contacts", c.number(), "contact_inboxes"), body, func(a wire.Answer) providers.Outcome {
		members, _ := wire.Object(a.Body)
		if source = wire.Text(members["source_id"]); a.Success() && source != "" {
			return a.Outcome(providers.Accepted, "")
		}
		source = ""
		return s.inboxed(a, s.unread(a, "source_id"))
	})
	return source, o
}
