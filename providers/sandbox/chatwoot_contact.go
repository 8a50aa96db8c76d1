package sandbox

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// chatwootMadeFrom is the first number of what is created: contacts and conversations. All below are there without having
// been created, as far as Options say so: real campaigns that are rehearsed name conversations of real accounts.
const chatwootMadeFrom = 2_000_000_001

const chatwootTextMost = 255 // characters of a contact's texts: app/models/application_record.rb

// chatwootPeople are the contacts that were created in one account.
type chatwootPeople struct {
	all      []*chatwootPerson             // by rising id
	by       map[[2]string]*chatwootPerson // by attribute and value, and by inbox and source
	searches calendar
	last     int64 // number of the last conversation that was created, 0 before there is one
}

// chatwootPerson is a contact that was created. Empty texts are null.
type chatwootPerson struct {
	id                             int64
	name, email, phone, identifier string
	blocked                        bool
	additional, custom             json.RawMessage
	created                        time.Time
	links                          []chatwootLink
	talks                          []*conversation // by rising number
}

// chatwootLink is by what an inbox knows a contact: Chatwoot calls it a contact inbox.
type chatwootLink struct {
	inbox  int64
	source string
}

// people gives the contacts of an account. The lock is held.
func (s *chatwootStore) people(account int64) *chatwootPeople {
	p := s.contacts[account]
	if p == nil {
		p = &chatwootPeople{by: map[[2]string]*chatwootPerson{}, searches: calendar{limit: chatwootSearchesPerMinute, per: time.Minute}}
		s.contacts[account] = p
	}
	return p
}

// person gives the contact with a number, nil where none was created. The lock is held.
func (p *chatwootPeople) person(id int64) *chatwootPerson {
	if i := id - chatwootMadeFrom; i >= 0 && i < int64(len(p.all)) {
		return p.all[i]
	}
	return nil
}

// check gives what Chatwoot's model says is wrong with a contact, in the order of app/models/contact.rb: the messages and
// the attributes they are about. The lock is held.
func (p *chatwootPeople) check(one *chatwootPerson) (problems, attributes []string) {
	wrong := func(attribute, problem string) {
		problems = append(problems, strings.ReplaceAll(strings.ToUpper(attribute[:1])+attribute[1:], "_", " ")+" "+problem)
		attributes = append(attributes, attribute)
	}
	for _, of := range []struct{ attribute, text string }{{"name", one.name}, {"email", one.email}, {"phone_number", one.phone}, {"identifier", one.identifier}} {
		if utf8.RuneCountInString(of.text) > chatwootTextMost {
			wrong(of.attribute, fmt.Sprintf("is too long (maximum is %d characters)", chatwootTextMost))
		}
	}
	taken := func(attribute, text string) {
		if text != "" && p.by[[2]string{attribute, text}] != nil {
			wrong(attribute, "has already been taken")
		}
	}
	taken("email", one.email)
	if one.email != "" && !chatwootEmail.MatchString(one.email) {
		wrong("email", "Invalid email")
	}
	taken("identifier", one.identifier)
	taken("phone_number", one.phone)
	if one.phone != "" && !chatwootPhone.MatchString(one.phone) {
		wrong("phone_number", "should be in e164 format")
	}
	return problems, attributes
}

// The forms that app/models/contact.rb asks for.
var (
	chatwootEmail = regexp.MustCompile(`^[^@\s]+@[^@\s]+$`)
	chatwootPhone = regexp.MustCompile(`^\+[1-9]\d{1,14}$`)
)

// keep stores a contact that was checked. The lock is held.
func (p *chatwootPeople) keep(one *chatwootPerson) {
	one.id = chatwootMadeFrom + int64(len(p.all))
	p.all = append(p.all, one)
	for attribute, text := range map[string]string{"email": one.email, "identifier": one.identifier, "phone_number": one.phone} {
		p.by[[2]string{attribute, text}] = one
	}
}

// link makes an inbox know a contact, by a source that the vendor makes where none is given: then it makes a new one each
// time, as it does for websites and API channels. False where the source is another contact's. The lock is held.
func (p *chatwootPeople) link(one *chatwootPerson, inbox int64, source string) (l chatwootLink, ok bool) {
	if source == "" {
		source = fmt.Sprintf("%08x-%04x-4000-8000-%012x", inbox, len(one.links)+1, one.id)
	}
	l = chatwootLink{inbox, source}
	if owner := p.owner(l); owner != nil {
		return l, owner == one
	}
	one.links = append(one.links, l)
	p.by[l.key()] = one
	return l, true
}

// owner gives whom an inbox knows by a source, nil for nobody. The lock is held.
func (p *chatwootPeople) owner(l chatwootLink) *chatwootPerson { return p.by[l.key()] }

func (l chatwootLink) key() [2]string { return [2]string{fmt.Sprintf("inbox %d", l.inbox), l.source} }

// view is a contact as answers show it.
func (one *chatwootPerson) view(withLinks bool) chatwootContact {
	text := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	c := chatwootContact{AdditionalAttributes: one.additional, AvailabilityStatus: "offline", Email: text(one.email), ID: one.id, Name: one.name,
		PhoneNumber: text(one.phone), Blocked: one.blocked, Identifier: text(one.identifier), CustomAttributes: one.custom, CreatedAt: one.created.Unix()}
	if withLinks {
		c.Links = []chatwootLinkView{}
		for _, l := range one.links {
			c.Links = append(c.Links, l.view())
		}
	}
	return c
}

// chatwootLinkView is a contact inbox as answers show it.
type chatwootLinkView struct {
	SourceID string            `json:"source_id"`
	Inbox    chatwootInboxView `json:"inbox"`
}

type chatwootInboxView struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

func (l chatwootLink) view() chatwootLinkView {
	return chatwootLinkView{l.source, chatwootInboxView{l.inbox, fmt.Sprintf("Inbox %d", l.inbox)}}
}

// contactIn gives the contact of a conversation, as messages show it.
func (k *chatwoot) contactIn(at place) chatwootContact {
	if m := k.store.making(conversationKey{at.account, at.id}); m != nil {
		return m.contact.view(false)
	}
	return contactOf(at.id, time.Time{})
}
