package chatwoot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"herald/providers"
	"herald/providers/providertest"
)

// answered is the vendor's time of answers to Watch, by their header Date.
var answered = time.Date(2026, 9, 21, 15, 0, 0, 0, time.UTC)

// stood is one message in a conversation as the vendor lists it: ours unless kind says otherwise.
type stood struct {
	id         int
	kind       string // message_type; outgoing by a user where it is ""
	sender     string
	status     string
	text       string
	attributes string
	more       string // further members
}

func (m stood) json() string {
	kind, sender, status, attributes := "1", "user", "sent", "{}"
	if m.kind != "" {
		kind, sender = m.kind, m.sender
	}
	if m.status != "" {
		status = m.status
	}
	if m.attributes != "" {
		attributes = m.attributes
	}
	text, _ := json.Marshal(m.text)
	by := ""
	if sender != "" {
		by = fmt.Sprintf(`,"sender":{"id":1,"type":%q}`, sender)
	}
	return fmt.Sprintf(`{"id":%d,"content":%s,"message_type":%s,"status":%q,"created_at":%d,"content_attributes":%s%s%s}`,
		m.id, text, kind, status, second(m.id).Unix(), attributes, by, m.more)
}

// second is when a message was written, by its number.
func second(id int) time.Time { return time.Unix(1790000000+int64(id), 0).UTC() }

func hers(id int, text string) stood {
	return stood{id: id, kind: "0", sender: "contact", text: text}
}

// stands is an answer of these messages.
func stands(all ...stood) providertest.Answer {
	texts := []string{}
	for _, m := range all {
		texts = append(texts, m.json())
	}
	return providertest.Answer{Header: map[string]string{"Date": answered.Format(http.TimeFormat)}, Body: `{"meta":{},"payload":[` + strings.Join(texts, ",") + `]}`}
}

// sends are deliveries to conversations, as 34/71.
func sends(all ...string) (d []providers.Delivery) {
	for _, one := range all {
		place, id, _ := strings.Cut(one, "/")
		d = append(d, providers.Delivery{Place: place, ID: id, Begun: second(1), Ended: second(2)})
	}
	return d
}

// watches are what may be found out of messages.
func watches() []providertest.Watching {
	const after = "/api/v1/accounts/12/conversations/34/messages?after="
	replied := func(send, id int, text string) providers.Report {
		return providers.Report{Send: send, Replied: second(id), Reply: text}
	}
	// busy are n messages of agents, each a second after the one before.
	busy := func(n, from int) (all []stood) {
		for i := range n {
			all = append(all, stood{id: from + i, text: "Hm"})
		}
		return all
	}
	return []providertest.Watching{
		{Name: "read and replied", Sends: sends("34/71"), Asks: []string{after + "70"},
			Pages: []providertest.Answer{stands(stood{id: 71, status: "read"}, hers(72, "Thanks\n\x1b"))},
			Want:  []providers.Report{{Delivered: answered, Read: answered, Replied: second(72), Reply: "Thanks\n\x1b"}}},
		{Name: "nothing yet", Sends: sends("34/71"), Pages: []providertest.Answer{stands(stood{id: 71})}},
		{Name: "delivered", Sends: sends("34/71"), Pages: []providertest.Answer{stands(stood{id: 71, status: "delivered"})}, Want: []providers.Report{{Delivered: answered}}},
		{Name: "given up", Sends: sends("34/71"), Pages: []providertest.Answer{stands(stood{id: 71, status: "failed", attributes: `{"external_error":"131026: not deliverable"}`})},
			Want: []providers.Report{{Failed: answered, Reason: "131026: not deliverable"}}},
		{Name: "given up, attributes as text", Sends: sends("34/71"), Pages: []providertest.Answer{stands(stood{id: 71, status: "failed", attributes: `"{\"external_error\":\"No\"}"`})},
			Want: []providers.Report{{Failed: answered, Reason: "No"}}},
		{Name: "given up without a word", Sends: sends("34/71"), Pages: []providertest.Answer{stands(stood{id: 71, status: "failed"})},
			Want: []providers.Report{{Failed: answered, Reason: "the vendor does not say why"}}},
		{Name: "last changed", Sends: sends("34/71"), Pages: []providertest.Answer{stands(stood{id: 71, status: "read", more: `,"updated_at":1790000100`})},
			Want: []providers.Report{{Delivered: second(100), Read: second(100)}}},
		{Name: "last changed, as a date", Sends: sends("34/71"), Pages: []providertest.Answer{stands(stood{id: 71, status: "delivered", more: `,"updated_at":"2026-09-21T14:15:00.5Z"`})},
			Want: []providers.Report{{Delivered: second(100).Add(500 * time.Millisecond)}}},
		{Name: "last changed before it was written", Sends: sends("34/71"), Pages: []providertest.Answer{stands(stood{id: 71, status: "delivered", more: `,"updated_at":1790000000`})},
			Want: []providers.Report{{Delivered: answered}}},

		{Name: "a reply counts for all before it", Sends: sends("34/73", "34/71", "34/75"), Asks: []string{after + "70"},
			Pages: []providertest.Answer{stands(stood{id: 71}, hers(72, "One"), stood{id: 73}, hers(74, "Two"), stood{id: 75})},
			Want:  []providers.Report{replied(0, 74, "Two"), replied(1, 72, "One")}},
		{Name: "one reply for two", Sends: sends("34/71", "34/72"), Pages: []providertest.Answer{stands(stood{id: 71}, stood{id: 72}, hers(73, "Yes"), hers(74, "No"))},
			Want: []providers.Report{replied(0, 73, "Yes"), replied(1, 73, "Yes")}},
		{Name: "a word for a number", Sends: sends("34/71"), Pages: []providertest.Answer{stands(stood{id: 71, kind: `"outgoing"`}, stood{id: 72, kind: `"incoming"`, text: "Yes"})},
			Want: []providers.Report{replied(0, 72, "Yes")}},
		{Name: "99digital's numbers", Sends: sends("34/71"), Pages: []providertest.Answer{stands(stood{id: 71, kind: "2", sender: "user"}, stood{id: 72, kind: "1", sender: "contact", text: "Yes"})},
			Want: []providers.Report{replied(0, 72, "Yes")}},
		{Name: "a note is no reply", Sends: sends("34/71"), Pages: []providertest.Answer{stands(stood{id: 71}, stood{id: 72, kind: "0", sender: "contact", text: "Psst", more: `,"private":true`})}},
		{Name: "an agent, a bot and an event are no reply", Sends: sends("34/71"), Pages: []providertest.Answer{
			stands(stood{id: 71}, stood{id: 72}, stood{id: 73, kind: "1", sender: "agent_bot"}, stood{id: 74, kind: "2"}, stood{id: 75, kind: "3", sender: "contact"})}},
		{Name: "what herald wrote as the person is no reply", Sends: sends("34/71"),
			Pages: []providertest.Answer{stands(stood{id: 71}, stood{id: 72, kind: "0", sender: "contact", attributes: `{"herald_key":"` + someKey + `"}`})}},
		{Name: "what came before is no reply", Sends: sends("34/71"), Pages: []providertest.Answer{stands(stood{id: 71}, hers(70, "Early"))}},
		{Name: "a picture", Sends: sends("34/71"), Pages: []providertest.Answer{stands(stood{id: 71}, hers(72, ""))}, Want: []providers.Report{replied(0, 72, "")}},

		{Name: "chosen", Sends: sends("34/71"), Pages: []providertest.Answer{stands(stood{id: 71, attributes: `{"items":[],"submitted_values":[{"title":"Yes, please","value":"yes"}]}`})},
			Want: []providers.Report{{Replied: answered, Reply: "yes"}}},
		{Name: "chosen, and written before", Sends: sends("34/71"), Pages: []providertest.Answer{stands(stood{id: 71, attributes: `{"submitted_values":{"title":"Yes"}}`}, hers(72, "Hm"))},
			Want: []providers.Report{{Replied: second(72), Reply: "Yes"}}},
		{Name: "filled in, which counts for what was before", Sends: sends("34/71", "34/72"),
			Pages: []providertest.Answer{stands(stood{id: 71}, stood{id: 72, attributes: `{"submitted_values":[{"name":"a","value":"Ann"},{"name":"n","value":7}]}`})},
			Want:  []providers.Report{{Replied: answered, Reply: "Ann, 7"}, {Send: 1, Replied: answered, Reply: "Ann, 7"}}},
		{Name: "two answers: the first counts for what was before", Sends: sends("34/71", "34/72", "34/73"),
			Pages: []providertest.Answer{stands(stood{id: 71}, stood{id: 72, attributes: `{"submitted_values":[{"value":"one"}]}`}, stood{id: 73, attributes: `{"submitted_values":[{"value":"two"}]}`})},
			Want:  []providers.Report{{Replied: answered, Reply: "one"}, {Send: 1, Replied: answered, Reply: "one"}, {Send: 2, Replied: answered, Reply: "two"}}},
		{Name: "chosen at a time, and written after", Sends: sends("34/71", "34/72"),
			Pages: []providertest.Answer{stands(stood{id: 71}, stood{id: 72, attributes: `{"submitted_values":[{"value":"one"}]}`, more: fmt.Sprintf(`,"updated_at":%d`, second(73).Unix())}, hers(75, "Thanks"))},
			Want:  []providers.Report{{Replied: second(73), Reply: "one"}, {Send: 1, Replied: second(73), Reply: "one"}}},
		{Name: "an address given", Sends: sends("34/71"), Pages: []providertest.Answer{stands(stood{id: 71, attributes: `{"submitted_email":"ann@example.com"}`})},
			Want: []providers.Report{{Replied: answered, Reply: "ann@example.com"}}},
		{Name: "nothing chosen", Sends: sends("34/71"), Pages: []providertest.Answer{stands(stood{id: 71, attributes: `{"submitted_values":[],"submitted_email":null}`})}},

		{Name: "the next page takes the last messages again", Sends: sends("34/71"), Asks: []string{after + "70", after + "165"},
			Pages: []providertest.Answer{stands(append([]stood{{id: 71}}, busy(99, 72)...)...), stands(append(busy(6, 166), hers(172, "At last"))...)},
			Want:  []providers.Report{replied(0, 172, "At last")}},
		{Name: "a page of 20 may be a full one", Sends: sends("34/71"), Asks: []string{after + "70", after + "85"},
			Pages: []providertest.Answer{stands(append([]stood{{id: 71}}, busy(19, 72)...)...), stands(busy(5, 86)...)}},
		{Name: "no more pages than are needed", Sends: sends("34/71"), Pages: []providertest.Answer{stands(append([]stood{{id: 71}, hers(72, "Yes")}, busy(98, 73)...)...)},
			Want: []providers.Report{replied(0, 72, "Yes")}},
		{Name: "only the newest, without ours", Sends: sends("34/71"), Pages: []providertest.Answer{stands(append([]stood{hers(70, "Old")}, busy(19, 80)...)...)},
			Outcome: providers.Outcome{Note: "the newest messages are listed and no older ones"}},
		{Name: "ours is not listed yet", Sends: sends("34/71"), Pages: []providertest.Answer{stands(hers(72, "Hello?"))},
			Want: []providers.Report{{Unseen: true}}},

		{Name: "two conversations", Sends: sends("35/81", "34/71", "35/80"), Asks: []string{"/api/v1/accounts/12/conversations/35/messages?after=79", after + "70"},
			Pages: []providertest.Answer{stands(stood{id: 80}, stood{id: 81}, hers(82, "Yes")), stands(stood{id: 71}, hers(72, "No"))},
			Want:  []providers.Report{replied(0, 82, "Yes"), replied(1, 72, "No"), replied(2, 82, "Yes")}},
		{Name: "a conversation that is not there", Sends: sends("33/60", "34/71"), Pages: []providertest.Answer{{Status: 404, Body: says(textNotFound)}, stands(stood{id: 71}, hers(72, "Yes"))},
			Want: []providers.Report{replied(1, 72, "Yes")}, Outcome: providers.Outcome{Note: "1 of 2 conversations could not be read: HTTP 404: " + textNotFound}},
		{Name: "a conversation that cannot be read", Sends: sends("33/60", "34/71"), Pages: []providertest.Answer{{Status: 500, Body: says("Oh")}, stands(stood{id: 71}, hers(72, "Yes"))},
			Want: []providers.Report{replied(1, 72, "Yes")}, Outcome: providers.Outcome{Class: providers.Unknown, Reason: "HTTP 500: Oh"}},
		{Name: "three that cannot be read", Sends: sends("31/1", "32/1", "33/1", "34/71"), Pages: []providertest.Answer{{Status: 500, Body: says("One")}, {Status: 502}, {Body: "<html>"}},
			Outcome: providers.Outcome{Class: providers.Unknown, Reason: "HTTP 500: One"}},
		{Name: "the same message twice", Sends: sends("34/71", "34/71"), Pages: []providertest.Answer{stands(stood{id: 71}, hers(72, "Yes"))},
			Want: []providers.Report{replied(0, 72, "Yes"), replied(1, 72, "Yes")}},
		{Name: "without a number", Sends: sends("34/", "x/71", "/71", "34/m1")},
		{Name: "a bot's token cannot watch", Sends: sends("34/71"), Pages: []providertest.Answer{{Status: 401, Body: says(textBot)}},
			Outcome: providers.Outcome{Class: providers.AccountError, Reason: "a user's key"}},
	}
}

// placed says of documented requests into a conversation which one it is.
func placed(all []providertest.Golden) []providertest.Golden {
	for i := range all {
		if all[i].Path == path {
			all[i].Place = "34"
		}
	}
	return all
}

func TestWatches(t *testing.T) {
	for _, kind := range Types() {
		t.Run(kind.Facts.Type, func(t *testing.T) { providertest.RunWatches(t, subject(kind)) })
	}
}

// However long a conversation is, and whatever the order of its pages, reading ends, and what is reported first is first.
func TestWatchBounded(t *testing.T) {
	requests := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests++
		after, _ := strconv.Atoi(r.URL.Query().Get("after"))
		texts := []string{}
		for i := range 100 {
			texts = append(texts, stood{id: after + 1 + i}.json())
		}
		fmt.Fprint(w, `{"payload":[`+strings.Join(texts, ",")+`]}`)
	}))
	defer srv.Close()
	o := opened(t, Chatwoot(), srv.URL).(providers.Watcher).Watch(t.Context(), sends("34/71"), func(context.Context) error { return nil }, func(r providers.Report) { t.Errorf("%+v", r) })
	if o.Class != providers.Accepted || requests != mostPages || o.Note == "" {
		t.Errorf("%d requests, %+v", requests, o)
	}
}
