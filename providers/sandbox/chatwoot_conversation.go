package sandbox

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

const (
	chatwootTalks = 20 // conversations of a contact in one answer: contacts/conversations_controller.rb
	chatwootTaken = "source_id should be unique"
)

// chatwootMaking is what a conversation has that was created.
type chatwootMaking struct {
	contact            *chatwootPerson
	link               chatwootLink
	inbox              int64
	status             string
	additional, custom json.RawMessage
	visible            time.Time
}

// createConversation answers POST /conversations without a first message: one transaction, so all of it or nothing.
func (k *chatwoot) createConversation(c *call, at place) reply {
	params, refusal := bodyOf(c, []string{"source_id", "inbox_id", "contact_id", "additional_attributes", "custom_attributes", "status"})
	if refusal != nil {
		return *refusal
	}
	source, _ := text(params["source_id"])
	if source == "" {
		return *refuseParams("param is missing or the value is empty: source_id")
	}
	m := &chatwootMaking{status: "open", additional: objectOf(params["additional_attributes"]), custom: objectOf(params["custom_attributes"])}
	if raw, given := params["status"]; given {
		if m.status, _ = text(raw); !slices.Contains([]string{"open", "resolved", "pending"}, m.status) {
			return *refuseParams("'%s' is not a valid status", m.status)
		}
	}
	if m.inbox, refusal = k.inbox(params, at.account); refusal != nil {
		return *refusal
	}
	k.store.mu.Lock()
	defer k.store.mu.Unlock()
	people := k.store.people(at.account)
	if m.contact = people.person(id(params["contact_id"])); m.contact == nil {
		return chatwootError(http.StatusNotFound, chatwootNotFound)
	}
	var ok bool
	if m.link, ok = people.link(m.contact, m.inbox, source); !ok {
		return chatwootError(http.StatusUnprocessableEntity, chatwootTaken)
	}
	if k.single {
		if old := k.store.oldest(at.account, m.link); old != nil {
			return chatwootJSON(http.StatusOK, k.conversationView(old.summary(k.store.now())))
		}
	}
	now := k.store.now()
	people.last = max(people.last+1, chatwootMadeFrom)
	made := k.store.begin(conversationKey{at.account, people.last}, now)
	m.visible = k.store.visibility.next(now)
	made.made = m
	m.contact.talks = append(m.contact.talks, made)
	return chatwootJSON(http.StatusOK, k.conversationView(made.summary(now)))
}

// oldest gives the first conversation of a link, nil where there is none. The lock is held.
func (s *chatwootStore) oldest(account int64, l chatwootLink) *conversation {
	owner := s.people(account).owner(l)
	if owner == nil {
		return nil
	}
	for _, c := range owner.talks {
		if c.made.link == l {
			return c
		}
	}
	return nil
}

// contactConversations answers GET /contacts/{id}/conversations: those of a contact that was created, the ones last active
// first; any other contact has one.
func (k *chatwoot) contactConversations(_ *call, at place) reply {
	some := []summary{}
	if one := k.store.made(at.account, at.id); one != nil {
		some = k.store.talks(one)
	} else {
		some = append(some, k.store.summary(conversationKey{at.account, at.id}))
	}
	return chatwootJSON(http.StatusOK, struct {
		Payload []chatwootConversation `json:"payload"`
	}{k.views(some)})
}

// made gives a contact that was created, nil for another.
func (s *chatwootStore) made(account, id int64) *chatwootPerson {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.people(account).person(id)
}

// created lists the contacts that were created.
func (s *chatwootStore) created(account int64) (all []chatwootContact) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.people(account).all {
		all = append(all, one.view(true))
	}
	return all
}

// inboxIn gives the inbox of a conversation.
func (k *chatwoot) inboxIn(at place) int64 {
	if m := k.store.making(conversationKey{at.account, at.id}); m != nil {
		return m.inbox
	}
	return chatwootInbox
}

// talks lists a contact's conversations that can be seen.
func (s *chatwootStore) talks(one *chatwootPerson) []summary {
	s.mu.Lock()
	defer s.mu.Unlock()
	some, now := []summary{}, s.now()
	for _, c := range one.talks {
		if of := c.summary(now); of.shown(now) {
			some = append(some, of)
		}
	}
	newestFirst(some)
	return some[:min(len(some), chatwootTalks)]
}
