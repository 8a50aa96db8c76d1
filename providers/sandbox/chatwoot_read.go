package sandbox

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	chatwootInbox            = 1 // the id of the one inbox
	chatwootConversationPage = 25
	chatwootContactPage      = 15
	chatwootDeleted          = "This message was deleted"
)

// view finishes a message for an answer of this dialect.
func (k *chatwoot) view(m chatwootMessage) chatwootMessage {
	if k.dialect.digital99 {
		m.CreatedAtExact = m.created.UTC().Format("2006-01-02T15:04:05.000Z")
	}
	return m
}

// sender says who a message is from: an agent or bot when it is outgoing, else the conversation's contact.
func (k *chatwoot) sender(messageType string, at place) json.RawMessage {
	switch {
	case messageType != "outgoing":
		return encode(struct {
			chatwootContact
			Type string `json:"type"`
		}{k.contactIn(at), "contact"})
	case at.asBot:
		return json.RawMessage(`{"id":1,"name":"Sandbox Bot","avatar_url":"","type":"agent_bot"}`)
	case k.dialect.digital99:
		return json.RawMessage(`{"id":1,"name":"Sandbox Agent","available_name":"Sandbox Agent",` +
			`"email":"agent@example.com","avatar_url":"","logo_user_url":"","type":"user",` +
			`"availability_status":"offline","thumbnail":""}`)
	}
	return json.RawMessage(`{"id":1,"name":"Sandbox Agent","available_name":"Sandbox Agent","avatar_url":"",` +
		`"type":"user","availability_status":"offline","thumbnail":""}`)
}

// chatwootContact is a contact. The emulator has one for each conversation that was not created, with the same id.
type chatwootContact struct {
	AdditionalAttributes json.RawMessage    `json:"additional_attributes"`
	AvailabilityStatus   string             `json:"availability_status,omitempty"`
	Email                *string            `json:"email"`
	ID                   int64              `json:"id"`
	Name                 string             `json:"name"`
	PhoneNumber          *string            `json:"phone_number"`
	Blocked              bool               `json:"blocked"`
	Identifier           *string            `json:"identifier"`
	Thumbnail            string             `json:"thumbnail"`
	CustomAttributes     json.RawMessage    `json:"custom_attributes"`
	CreatedAt            int64              `json:"created_at,omitempty"`      // Unix seconds
	Links                []chatwootLinkView `json:"contact_inboxes,omitempty"` // where answers have them
}

// contactOf makes the contact of a conversation; since is when it was first written to, zero where answers leave it out.
func contactOf(conversation int64, since time.Time) chatwootContact {
	c := chatwootContact{ID: conversation, Name: fmt.Sprintf("Contact %d", conversation),
		AdditionalAttributes: json.RawMessage("{}"), CustomAttributes: json.RawMessage("{}")}
	if !since.IsZero() {
		c.AvailabilityStatus, c.CreatedAt = "offline", since.Unix()
	}
	return c
}

// chatwootConversation is a conversation as lists show it.
type chatwootConversation struct {
	ID                   int64             `json:"id"`
	AccountID            int64             `json:"account_id"`
	InboxID              int64             `json:"inbox_id"`
	Status               string            `json:"status"`
	Messages             []chatwootMessage `json:"messages"`
	Labels               []string          `json:"labels"`
	AdditionalAttributes json.RawMessage   `json:"additional_attributes"`
	CustomAttributes     json.RawMessage   `json:"custom_attributes"`
	CanReply             bool              `json:"can_reply"`
	Muted                bool              `json:"muted"`
	UnreadCount          int               `json:"unread_count"`
	CreatedAt            int64             `json:"created_at"`
	Timestamp            int64             `json:"timestamp"`
	LastActivityAt       int64             `json:"last_activity_at"`
	Meta                 struct {
		Sender  chatwootContact `json:"sender"`
		Channel string          `json:"channel"`
	} `json:"meta"`
}

func (k *chatwoot) conversationView(s summary) chatwootConversation {
	v := chatwootConversation{ID: s.id, AccountID: s.account, InboxID: chatwootInbox, Status: s.status(),
		Messages: []chatwootMessage{}, Labels: []string{}, CanReply: true,
		AdditionalAttributes: json.RawMessage("{}"), CustomAttributes: json.RawMessage("{}")}
	v.Meta.Sender, v.Meta.Channel = contactOf(s.id, s.opened), "Channel::WebWidget"
	if s.last != nil {
		v.Messages = append(v.Messages, k.view(*s.last))
		v.CreatedAt, v.Timestamp, v.LastActivityAt = s.opened.Unix(), s.last.CreatedAt, s.last.CreatedAt
	}
	if m := s.made; m != nil {
		v.InboxID, v.AdditionalAttributes, v.CustomAttributes = m.inbox, m.additional, m.custom
		v.CreatedAt, v.Timestamp, v.LastActivityAt = s.opened.Unix(), s.active().Unix(), s.active().Unix()
		v.Meta.Sender = m.contact.view(false)
	}
	if k.apiInbox {
		v.Meta.Channel = "Channel::Api"
	}
	return v
}

// listMessages answers GET .../messages?after=&before=&filter_internal_messages=.
func (k *chatwoot) listMessages(c *call, at place) reply {
	query := c.URL.Query()
	found := k.store.list(conversationKey{at.account, at.id}, page{
		after:      queryID(query, "after"),
		before:     queryID(query, "before"),
		noInternal: query.Get("filter_internal_messages") != "",
	})
	for i := range found {
		found[i] = k.view(found[i])
	}
	type meta struct {
		Labels               []string        `json:"labels"`
		AdditionalAttributes struct{}        `json:"additional_attributes"`
		Contact              chatwootContact `json:"contact"`
		AgentLastSeenAt      *string         `json:"agent_last_seen_at"`
		AssigneeLastSeenAt   *string         `json:"assignee_last_seen_at"`
	}
	return chatwootJSON(http.StatusOK, struct {
		Meta    meta              `json:"meta"`
		Payload []chatwootMessage `json:"payload"`
	}{meta{Labels: []string{}, Contact: k.contactIn(at)}, found})
}

// queryID reads an id as Ruby's to_i does: the digits it begins with, 0 when there are none.
func queryID(query url.Values, name string) int64 {
	given := strings.TrimSpace(query.Get(name))
	if given == "" {
		return notGiven
	}
	end := 0
	for end < len(given) && '0' <= given[end] && given[end] <= '9' {
		end++
	}
	return number(given[:end])
}

// remove answers DELETE: the message stays, its text and attributes go.
func (k *chatwoot) remove(_ *call, at place) reply {
	return k.changed(at, func(m *chatwootMessage) {
		m.Content, m.ContentType = chatwootDeleted, "text"
		m.ContentAttributes = json.RawMessage(`{"deleted":true}`)
	})
}

// retry answers POST .../retry: the message is sent once more by the vendor, and loses its attributes.
func (k *chatwoot) retry(_ *call, at place) reply {
	return k.changed(at, func(m *chatwootMessage) {
		m.Status, m.ContentAttributes = "sent", json.RawMessage("{}")
	})
}

// update answers PATCH: status and external_error, for API inboxes only.
func (k *chatwoot) update(c *call, at place) reply {
	if !k.apiInbox {
		return chatwootError(http.StatusForbidden, chatwootNoStatus)
	}
	params, ok := fields(c.body)
	if !ok {
		return chatwootStatus(http.StatusBadRequest)
	}
	status, _ := text(params["status"])
	switch status {
	case "sent", "delivered", "read", "failed":
	default:
		return chatwootError(http.StatusUnprocessableEntity, fmt.Sprintf("'%s' is not a valid status", status))
	}
	return k.changed(at, func(m *chatwootMessage) {
		m.Status = status
		if raw, given := params["external_error"]; given && status == "failed" {
			attributes, _ := fields(m.ContentAttributes)
			attributes["external_error"] = raw
			m.ContentAttributes = encode(attributes)
		}
	})
}

func (k *chatwoot) changed(at place, f func(*chatwootMessage)) reply {
	m, ok := k.store.change(conversationKey{at.account, at.id}, at.message, f)
	if !ok {
		return chatwootError(http.StatusNotFound, chatwootNotFound)
	}
	return chatwootJSON(http.StatusOK, k.view(m))
}

// listConversations answers GET /conversations. Every conversation is unassigned, and open unless it was created otherwise.
func (k *chatwoot) listConversations(c *call, at place) reply {
	query := c.URL.Query()
	var all []summary
	status := cmp.Or(query.Get("status"), "open")
	if assignee := query.Get("assignee_type"); assignee != "me" && assignee != "assigned" {
		all = slices.DeleteFunc(k.store.summaries(at.account), func(s summary) bool { return status != "all" && status != s.status() })
	}
	type meta struct {
		Mine       int `json:"mine_count"`
		Unassigned int `json:"unassigned_count"`
		Assigned   int `json:"assigned_count"`
		All        int `json:"all_count"`
	}
	var answer struct {
		Data struct {
			Meta    meta                   `json:"meta"`
			Payload []chatwootConversation `json:"payload"`
		} `json:"data"`
	}
	answer.Data.Meta = meta{Unassigned: len(all), All: len(all)}
	answer.Data.Payload = k.views(onPage(all, pageNumber(query), chatwootConversationPage))
	return chatwootJSON(http.StatusOK, answer)
}

// showConversation answers GET /conversations/{id}.
func (k *chatwoot) showConversation(_ *call, at place) reply {
	return chatwootJSON(http.StatusOK, k.conversationView(k.store.summary(conversationKey{at.account, at.id})))
}

func (k *chatwoot) views(some []summary) []chatwootConversation {
	all := make([]chatwootConversation, 0, len(some))
	for _, s := range some {
		all = append(all, k.conversationView(s))
	}
	return all
}

// listContacts answers GET /contacts: the contacts that were written to, and those that were created.
func (k *chatwoot) listContacts(c *call, at place) reply {
	n := pageNumber(c.URL.Query())
	var all []chatwootContact
	for _, s := range k.store.summaries(at.account) {
		if s.made == nil {
			all = append(all, contactOf(s.id, s.opened))
		}
	}
	all = append(all, k.store.created(at.account)...)
	type meta struct {
		Count       int `json:"count"`
		CurrentPage int `json:"current_page"`
	}
	return chatwootJSON(http.StatusOK, struct {
		Meta    meta              `json:"meta"`
		Payload []chatwootContact `json:"payload"`
	}{meta{len(all), n}, append([]chatwootContact{}, onPage(all, n, chatwootContactPage)...)})
}

// pageNumber reads ?page=, 1 when it is absent or no page.
func pageNumber(query url.Values) int {
	n, err := strconv.Atoi(query.Get("page"))
	if err != nil || n < 1 {
		return 1
	}
	return n
}

// onPage cuts page n out of all.
func onPage[T any](all []T, n, size int) []T {
	from := len(all)
	if n-1 < (len(all)+size-1)/size {
		from = (n - 1) * size
	}
	return all[from:min(from+size, len(all))]
}
