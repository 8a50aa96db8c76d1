package sandbox

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestReadMarksOnce(t *testing.T) {
	s := built(t, Options{})
	for range 3 {
		s.do(Avaamo, "POST", avaamoPath, avaamoHi)
	}
	s.do(Avaamo, "POST", avaamoPath, strings.Replace(avaamoHi, avaamoUUID, "other", 1))
	if err := s.Write(Avaamo, avaamoUUID, "I see"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{3, 0} {
		if n, err := s.Read(Avaamo, avaamoUUID); n != want || err != nil {
			t.Errorf("read %d, %v, want %d", n, err, want)
		}
	}
	s.do(Avaamo, "POST", avaamoPath, avaamoHi)
	if n, err := s.Read(Avaamo, avaamoUUID); n != 1 || err != nil {
		t.Errorf("read %d, %v, want 1", n, err)
	}
	for _, e := range decoded[avaamoPage](t, s.get("/v1/messages.json")).Entries {
		want := 1
		if e.Content == "I see" || e.Conversation.UUID == "other" {
			want = 0
		}
		if len(e.ReadAcks) != want {
			t.Errorf("%s in %s: %d read_acks", e.Content, e.Conversation.UUID, len(e.ReadAcks))
		}
	}
}

func TestWriteIsFromThePerson(t *testing.T) {
	s := built(t, Options{})
	s.do(Avaamo, "POST", avaamoPath, avaamoHi)
	if err := s.Write(Avaamo, avaamoUUID, `{"card":1} is "text"`); err != nil {
		t.Fatal(err)
	}
	got := decoded[avaamoPage](t, s.get("/v1/conversations/"+avaamoUUID+"/messages.json"))
	e := got.Entries[0]
	if len(got.Entries) != 2 || e.Content != `{"card":1} is "text"` || e.ContentType != "text" || e.Conversation.Locale != nil ||
		e.User["first_name"] != avaamoPerson(avaamoUUID).FirstName {
		t.Errorf("got %+v", got.Entries)
	}
	if s.Count(Avaamo) != 1 {
		t.Errorf("what a person wrote counts as accepted: %d", s.Count(Avaamo))
	}
}

func TestChatwootPerson(t *testing.T) {
	for _, name := range []string{Chatwoot, Digital99} {
		t.Run(name, func(t *testing.T) {
			s := built(t, Options{}) // no API inbox: the API would refuse an incoming message, a person does not ask it
			s.do(name, "POST", chatwootPath, `{"content":"one"}`)
			s.do(name, "POST", chatwootPath, `{"content":"a note","private":true}`)
			if err := s.Write(name, "3/7", "Hello {{name}}"); err != nil {
				t.Fatal(err)
			}
			for _, want := range []int{1, 0} {
				if n, err := s.Read(name, "3/7"); n != want || err != nil {
					t.Errorf("read %d, %v, want %d", n, err, want)
				}
			}
			type list struct{ Payload []chatwootMessage }
			var got []string
			for _, m := range decoded[list](t, s.do(name, "GET", chatwootPath, "")).Payload {
				got = append(got, fmt.Sprint(m.Content, " ", m.MessageType, " ", m.Status))
				if from := strings.Contains(string(m.Sender), `"type":"contact"`); from != (m.MessageType == 0) {
					t.Errorf("%s is from %s", m.Content, m.Sender)
				}
			}
			if all := strings.Join(got, ", "); all != "one 1 read, a note 1 sent, Hello {{name}} 0 sent" {
				t.Errorf("got %s", all)
			}
			if n, err := s.Read(name, "4/7"); n != 0 || err != nil {
				t.Errorf("a conversation without messages: %d, %v", n, err)
			}
			if s.Count(name) != 2 {
				t.Errorf("accepted %d", s.Count(name))
			}
		})
	}
}

func TestPersonErrors(t *testing.T) {
	s := built(t, Options{
		Accounts:            func(_ string, account int64) bool { return account == 3 },
		AvaamoConversations: func(uuid string) bool { return uuid == "u" },
	})
	forgetful := built(t, Options{Forget: true})
	for _, test := range []struct {
		s                        *Sandbox
		vendor, conversation, is string
	}{
		{s, "nobody", "u", `no vendor "nobody", the emulators are heyx`},
		{s, HeyX, "1", "heyx has no conversations"},
		{s, Maax, "1", "maax has no conversations"},
		{s, Avaamo, "v\x1b", `avaamo has no conversation "v\x1b"`},
		{s, Avaamo, "", `no conversation ""`},
		{s, Chatwoot, "7", "name it as ACCOUNT/CONVERSATION"},
		{s, Chatwoot, "4/7", `no conversation "4/7"`},
		{s, Digital99, "3/0", `no conversation "3/0"`},
		{s, Digital99, "3/7/1", `no conversation`},
		{forgetful, Avaamo, "u", "start without Options.Forget"},
		{forgetful, Chatwoot, "3/7", "start without Options.Forget"},
	} {
		_, reading := test.s.Read(test.vendor, test.conversation)
		for name, err := range map[string]error{"Read": reading, "Write": test.s.Write(test.vendor, test.conversation, "x")} {
			if err == nil || !strings.Contains(err.Error(), test.is) {
				t.Errorf("%s(%s, %q): %v, want %q", name, test.vendor, test.conversation, err, test.is)
			}
		}
	}
	if err := s.Write(Avaamo, "u", ""); err == nil || !strings.Contains(err.Error(), "give a text") {
		t.Errorf("an empty text: %v", err)
	}
	synctest.Test(t, func(t *testing.T) {
		s := built(t, Options{})
		for range chatwootFloodPerMinute {
			if err := s.Write(Chatwoot, "3/7", "x"); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Write(Chatwoot, "3/7", "x"); err == nil || !strings.Contains(err.Error(), "200 messages a minute") {
			t.Errorf("one more: %v", err)
		}
		time.Sleep(time.Minute)
		if err := s.Write(Chatwoot, "3/7", "x"); err != nil {
			t.Error(err)
		}
	})
}

// TestConversationsUnderConcurrency reads and writes Avaamo's messages from everywhere at once: none is lost, each has an
// instant of its own.
func TestConversationsUnderConcurrency(t *testing.T) {
	s := started(t, Options{})
	const clients, each = 8, 25
	var wg sync.WaitGroup
	for client := range clients {
		wg.Go(func() {
			uuid := fmt.Sprint("u", client%3)
			for i := range each {
				s.do(Avaamo, "POST", avaamoPath, strings.Replace(avaamoHi, avaamoUUID, uuid, 1))
				s.Write(Avaamo, uuid, "hm")
				if i%5 == 0 {
					s.Read(Avaamo, uuid)
					s.get("/v1/messages.json?per_page=3&device_info=true")
					s.get("/v1/conversations/" + uuid + ".json")
				}
			}
		})
	}
	wg.Wait()
	tokens := map[int64]bool{}
	for page := 1; page <= 4; page++ {
		got := decoded[avaamoPage](t, s.get(fmt.Sprint("/v1/messages.json?per_page=100&page=", page)))
		if got.TotalEntries != 2*clients*each || got.TotalPages != 4 {
			t.Fatalf("%d entries on %d pages", got.TotalEntries, got.TotalPages)
		}
		for _, e := range got.Entries {
			tokens[e.Timetoken] = true
		}
	}
	if len(tokens) != 2*clients*each || s.Count(Avaamo) != clients*each {
		t.Errorf("%d instants, %d accepted", len(tokens), s.Count(Avaamo))
	}
}
