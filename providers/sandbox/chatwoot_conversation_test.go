package sandbox

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// linked makes a contact and gives its number and source.
func linked(t *testing.T, s *Sandbox, vendor, identifier string) (contact int64, source string) {
	t.Helper()
	a := decoded[struct {
		Payload struct {
			Contact struct{ ID int64 }
			Link    struct {
				Source string `json:"source_id"`
			} `json:"contact_inbox"`
		}
	}](t, s.do(vendor, "POST", chatwootBase+"contacts", fmt.Sprintf(`{"inbox_id":4,"identifier":%q}`, identifier)))
	return a.Payload.Contact.ID, a.Payload.Link.Source
}

func talk(contact int64, source, key string) string {
	return fmt.Sprintf(`{"source_id":%q,"inbox_id":4,"contact_id":%d,"custom_attributes":{"herald_key":%q},"status":"open"}`, source, contact, key)
}

func TestChatwootCreateConversation(t *testing.T) {
	for _, name := range []string{Chatwoot, Digital99} {
		t.Run(name, func(t *testing.T) {
			s := built(t, Options{APIInbox: true})
			contact, source := linked(t, s, name, "c1")
			made := decoded[chatwootConversation](t, s.do(name, "POST", chatwootBase+"conversations", talk(contact, source, "k1")))
			if fmt.Sprint(made.ID) != firstMade || made.InboxID != 4 || made.Status != "open" || string(made.CustomAttributes) != `{"herald_key":"k1"}` ||
				made.Meta.Sender.ID != contact || len(made.Messages) != 0 || made.AccountID != 3 {
				t.Errorf("made %+v", made)
			}
			messages := chatwootBase + "conversations/" + firstMade + "/messages"
			m := decoded[chatwootMessage](t, s.do(name, "POST", messages, `{"content":"Hi","message_type":"incoming"}`))
			if m.InboxID != 4 || !strings.Contains(string(m.Sender), `"identifier":"c1"`) {
				t.Errorf("a message there: %+v %s", m, m.Sender)
			}
			if err := s.Write(name, "3/"+firstMade, "Hello"); err != nil {
				t.Error(err)
			}
			another := decoded[chatwootConversation](t, s.do(name, "POST", chatwootBase+"conversations", talk(contact, source, "k2")))
			of := decoded[struct{ Payload []chatwootConversation }](t, s.do(name, "GET", fmt.Sprintf("%scontacts/%d/conversations", chatwootBase, contact), ""))
			if another.ID != made.ID+1 || len(of.Payload) != 2 || of.Payload[0].ID != another.ID || len(of.Payload[1].Messages) != 1 {
				t.Errorf("the contact's conversations: %+v", of.Payload)
			}
			if want := (Talks{name, 3, 4, contact, "c1", 2}); !slices.Equal(s.Talks(name), []Talks{want}) {
				t.Errorf("figures %+v", s.Talks(name))
			}
			if s.Count(name) != 1 {
				t.Errorf("a conversation counts as a message: %d", s.Count(name))
			}
		})
	}
}

// A conversation is listed under the status that it was created with, and one that was not created is open.
func TestChatwootConversationStatus(t *testing.T) {
	s := built(t, Options{})
	contact, source := linked(t, s, Chatwoot, "c1")
	for _, status := range []string{"pending", "resolved", "open", "pending"} {
		body := strings.Replace(talk(contact, source, "k"), `"open"`, `"`+status+`"`, 1)
		if w := s.do(Chatwoot, "POST", chatwootBase+"conversations", body); w.Code != 200 {
			t.Fatal(w.Code, w.Body)
		}
	}
	s.do(Chatwoot, "POST", chatwootBase+"conversations/7/messages", `{"content":"Hi"}`)
	for query, want := range map[string]int{"": 2, "?status=open": 2, "?status=pending": 2, "?status=resolved": 1, "?status=snoozed": 0, "?status=all": 5, "?status=all&assignee_type=me": 0} {
		got := decoded[struct {
			Data struct{ Payload []chatwootConversation }
		}](t, s.do(Chatwoot, "GET", chatwootBase+"conversations"+query, ""))
		if n := len(got.Data.Payload); n != want {
			t.Errorf("%s: %d, want %d", query, n, want)
		}
	}
}

func TestChatwootConversationErrors(t *testing.T) {
	s := built(t, Options{Inboxes: func(_ string, _, inbox int64) bool { return inbox < 6 }, BotTokens: map[string]string{Chatwoot: "bot"}})
	contact, source := linked(t, s, Chatwoot, "c1")
	_, others := linked(t, s, Chatwoot, "c2")
	path := chatwootBase + "conversations"
	for _, tt := range []struct {
		name, body string
		status     int
		want       string
	}{
		{"no source", `{"inbox_id":4}`, 422, `{"error":"param is missing or the value is empty: source_id"}`},
		{"no inbox", `{"source_id":"x"}`, 422, `{"error":"param is missing or the value is empty: inbox_id"}`},
		{"another inbox", `{"source_id":"x","inbox_id":6}`, 404, `{"error":"Resource could not be found"}`},
		{"another contact", talk(contact+5, source, "k"), 404, `{"error":"Resource could not be found"}`},
		{"no contact", `{"source_id":"x","inbox_id":4}`, 404, `{"error":"Resource could not be found"}`},
		{"source of somebody else", talk(contact, others, "k"), 422, `{"error":"source_id should be unique"}`},
		{"status", strings.Replace(talk(contact, source, "k"), `"open"`, `"closed"`, 1), 422, `{"error":"'closed' is not a valid status"}`},
		{"attributes", `{"source_id":"x","inbox_id":4,"custom_attributes":"{}"}`, 422, `{"error":"custom_attributes must be an object"}`},
		{"a message", `{"source_id":"x","inbox_id":4,"message":{"content":"Hi"}}`, 422, `{"error":"found unpermitted parameter: :message"}`},
	} {
		t.Run(tt.name, func(t *testing.T) { expect(t, s.do(Chatwoot, "POST", path, tt.body), tt.status, tt.want) })
	}
	if got := s.Talks(Chatwoot); got != nil {
		t.Errorf("what was refused has left %+v", got)
	}
	for _, path := range []string{"contacts/" + firstMade + "9/conversations", "conversations/2000000009/messages"} {
		expect(t, s.do(Chatwoot, "GET", chatwootBase+path, ""), 404, `{"error":"Resource could not be found"}`)
	}
	if w := s.do(Chatwoot, "POST", path, talk(contact, source, "k"), header("api_access_token", "bot")); w.Code != 200 {
		t.Errorf("a bot, which may make conversations: %d", w.Code)
	}
	// Another link each time, unless the source is given.
	links := fmt.Sprintf("%scontacts/%d/contact_inboxes", chatwootBase, contact)
	type link struct {
		Source string `json:"source_id"`
	}
	one, two := decoded[link](t, s.do(Chatwoot, "POST", links, `{"inbox_id":5}`)), decoded[link](t, s.do(Chatwoot, "POST", links, `{"inbox_id":5}`))
	same := decoded[link](t, s.do(Chatwoot, "POST", links, fmt.Sprintf(`{"inbox_id":5,"source_id":%q}`, one.Source)))
	if one == two || same != one {
		t.Errorf("links %v %v %v", one, two, same)
	}
	expect(t, s.do(Chatwoot, "POST", links, `{"inbox_id":6}`), 404, `{"error":"Resource could not be found"}`)
	expect(t, s.do(Chatwoot, "POST", links, fmt.Sprintf(`{"inbox_id":4,"source_id":%q}`, others)), 500, `{"status":500,"error":"Internal Server Error"}`)
}

func TestChatwootSingleConversation(t *testing.T) {
	s := built(t, Options{SingleConversation: true})
	contact, source := linked(t, s, Chatwoot, "c1")
	first := s.do(Chatwoot, "POST", chatwootBase+"conversations", talk(contact, source, "k1")).Body.String()
	expect(t, s.do(Chatwoot, "POST", chatwootBase+"conversations", talk(contact, source, "k2")), 200, first)
	if got := s.Talks(Chatwoot); len(got) != 1 || got[0].Conversations != 1 {
		t.Errorf("%+v", got)
	}
}

// A conversation that cannot be seen yet is there for whoever knows its number.
func TestChatwootHiddenConversation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := built(t, Options{VisibleAfter: func(string, int) time.Duration { return 10 * time.Second }})
		contact, source := linked(t, s, Chatwoot, "c1")
		s.do(Chatwoot, "POST", chatwootBase+"conversations", talk(contact, source, "k1"))
		lists := []string{fmt.Sprintf("%scontacts/%d/conversations", chatwootBase, contact), chatwootBase + "conversations"}
		for _, path := range lists {
			if got := s.do(Chatwoot, "GET", path, "").Body.String(); !strings.Contains(got, `"payload":[]`) {
				t.Errorf("%s: %s", path, got)
			}
		}
		if w := s.do(Chatwoot, "POST", chatwootBase+"conversations/"+firstMade+"/messages", chatwootHi); w.Code != 200 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		if got := s.Talks(Chatwoot); len(got) != 1 {
			t.Errorf("%+v", got)
		}
		time.Sleep(10 * time.Second)
		for _, path := range lists {
			if got := s.do(Chatwoot, "GET", path, "").Body.String(); !strings.Contains(got, `"herald_key":"k1"`) {
				t.Errorf("later, %s: %s", path, got)
			}
		}
	})
}

// A fault after the conversation was made takes the answer away and nothing else.
func TestChatwootConversationFaults(t *testing.T) {
	drop := false
	s := built(t, Options{Fault: func(_ string, _ int, r *http.Request) Fault {
		if drop {
			return Fault{Kind: FaultError}
		}
		return Fault{}
	}})
	contact, source := linked(t, s, Chatwoot, "c1")
	drop = true
	if w := s.do(Chatwoot, "POST", chatwootBase+"conversations", talk(contact, source, "k1")); w.Code != 500 {
		t.Errorf("%d", w.Code)
	}
	drop = false
	if got := s.do(Chatwoot, "GET", fmt.Sprintf("%scontacts/%d/conversations", chatwootBase, contact), "").Body.String(); !strings.Contains(got, `"k1"`) {
		t.Errorf("%s", got)
	}
	r := s.vendor(Chatwoot).request("GET", "", "")
	r.URL.Path = "/talks.json"
	w := httptest.NewRecorder()
	s.serve(w, r)
	if page := decoded[[]Talks](t, w); len(page) != 1 || page[0].Conversations != 1 {
		t.Errorf("%s", w.Body)
	}
}

func TestChatwootListsTwentyConversations(t *testing.T) {
	s := built(t, Options{})
	contact, source := linked(t, s, Chatwoot, "c1")
	var all sync.WaitGroup
	for i := range 25 {
		all.Go(func() {
			s.do(Chatwoot, "POST", chatwootBase+"conversations", talk(contact, source, fmt.Sprint("k", i)))
		})
	}
	all.Wait()
	s.do(Chatwoot, "POST", chatwootBase+"conversations/"+firstMade+"/messages", chatwootHi)
	of := decoded[struct{ Payload []chatwootConversation }](t, s.do(Chatwoot, "GET", fmt.Sprintf("%scontacts/%d/conversations", chatwootBase, contact), ""))
	if len(of.Payload) != 20 || fmt.Sprint(of.Payload[0].ID) != firstMade || of.Payload[1].ID != 2000000025 {
		t.Errorf("%d conversations, the first %d, the second %d", len(of.Payload), of.Payload[0].ID, of.Payload[1].ID)
	}
	if got := s.Talks(Chatwoot); len(got) != 1 || got[0].Conversations != 25 {
		t.Errorf("%+v", got)
	}
}
