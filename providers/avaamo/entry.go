package avaamo

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"herald/providers/wire"
)

// messageList is one answer of the vendor's list (messagePage, conversationPage). Reading it fails only for what is no such
// list; an attribute of another type than documented is zero, or its JSON where it is a text.
type messageList struct {
	CurrentPage  int64 // from 1
	PerPage      int64
	TotalEntries int64
	TotalPages   int64
	TimeToken    time.Time // when it was answered
	Entries      []entry   // newest first, as its samples have it: the first of all is the latest
}

// entry is one message.
type entry struct {
	UUID               string
	Content            string // the text; of what is more than text, whatever the vendor puts there
	ContentType        string // text, ListView, card, quick_reply and others
	CreatedAt          time.Time
	User               person // the author
	TimeToken          time.Time
	ExternalSource     string
	DeviceUUID         string
	RequestMessageUUID string // what it answers; "" for messages of live agents
	Sequence           string // which of how many answers, as in 1/2
	CustomProperties   map[string]json.RawMessage
	AgentMessageUUID   string // of a conversation with a live agent
	ReadAcks           []readAck
	Attachments        []json.RawMessage
	Conversation       place

	Raw json.RawMessage // the entry as it came
}

// person is the author or reader of a message. The device is the one last used, and only there when it was asked for.
type person struct {
	FirstName, LastName string
	LayerID             string // Avaamo's own identifier
	Email               string
	Phones              []string // a number each; a phone that is an object stands here as JSON
	Avatar              bool
	AvatarUpdatedAt     time.Time
	AvaamoID            int64

	UserAgent  string // of the browser, on the web channel
	OSName     string
	ZoneOffset string // from GMT, in the vendor's unit
	UTCOffset  string // likewise, from UTC
	TimeZone   string
}

// readAck says that somebody read the message.
type readAck struct {
	ReadAt time.Time
	User   person
}

// place is where the message stands.
type place struct {
	UUID        string
	Mode        bool
	DisplayName string // the agent's name, a comma, the person's first name
	Locale      string
}

// mostEntries bounds what is taken for a page: a few bytes of an answer become a whole entry each.
const mostEntries = 10 * maxPage

// UnmarshalJSON reads an answer.
func (m *messageList) UnmarshalJSON(raw []byte) error {
	in, ok := object(raw)
	if !ok {
		return errors.New("a list of messages is an object")
	}
	*m = messageList{
		CurrentPage: in.number("current_page"), PerPage: in.number("per_page"),
		TotalEntries: in.number("total_entries"), TotalPages: in.number("total_pages"),
		TimeToken: in.time("time_token"),
	}
	var all []json.RawMessage
	if json.Unmarshal(in["entries"], &all) != nil || all == nil {
		return errors.New("a list of messages has entries, an array")
	}
	if len(all) > mostEntries {
		return fmt.Errorf("a list of messages has at most %d of them", mostEntries)
	}
	m.Entries = make([]entry, len(all))
	for i, one := range all {
		m.Entries[i] = readEntry(one)
	}
	return nil
}

func readEntry(raw json.RawMessage) entry {
	in, _ := object(raw)
	where, _ := object(in["conversation"])
	properties, _ := wire.Object(in["custom_properties"])
	e := entry{
		UUID: in.text("uuid"), Content: in.text("content"), ContentType: in.text("content_type"), CreatedAt: in.time("created_at"),
		User: readPerson(in["user"]), TimeToken: in.time("timetoken"), ExternalSource: in.text("external_source"), DeviceUUID: in.text("device_uuid"),
		RequestMessageUUID: in.text("request_message_uuid"), Sequence: in.text("sequence"), CustomProperties: properties,
		AgentMessageUUID: in.text("agent_message_uuid"), Attachments: in.list("attachments"),
		Conversation: place{UUID: where.text("uuid"), Mode: where.flag("mode"), DisplayName: where.text("display_name"), Locale: where.text("locale")},
		Raw:          raw,
	}
	for _, one := range in.list("read_acks") {
		ack, _ := object(one)
		e.ReadAcks = append(e.ReadAcks, readAck{ReadAt: ack.time("read_at"), User: readPerson(ack["user"])})
	}
	return e
}

func readPerson(raw json.RawMessage) person {
	in, _ := object(raw)
	u := person{
		FirstName: in.text("first_name"), LastName: in.text("last_name"), LayerID: in.text("layer_id"), Email: in.text("email"),
		Avatar: in.flag("avatar"), AvatarUpdatedAt: in.time("avatar_updated_at"), AvaamoID: in.number("avaamo_id"),
		UserAgent: in.text("user_agent"), OSName: in.text("os_name"), ZoneOffset: in.text("zone_offset"), UTCOffset: in.text("utc_offset"), TimeZone: in.text("time_zone"),
	}
	for _, one := range in.list("phone") {
		if phone := text(one); phone != "" {
			u.Phones = append(u.Phones, phone)
		}
	}
	return u
}

// Name gives first and last name, as far as there are any.
func (u person) Name() string {
	return strings.TrimSpace(strings.TrimSpace(u.FirstName) + " " + strings.TrimSpace(u.LastName))
}
