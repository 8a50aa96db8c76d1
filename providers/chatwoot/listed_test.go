package chatwoot

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"herald/providers"
	"herald/providers/wire"
)

func TestDirection(t *testing.T) {
	for _, tt := range []struct {
		number, sender string // "" for none
		want           providers.Direction
	}{
		// Chatwoot.
		{"0", "contact", providers.Incoming}, {"1", "user", providers.Outgoing}, {"1", "agent_bot", providers.Outgoing}, {"2", "", providers.Internal}, {"3", "", providers.Outgoing},
		{"0", "", providers.Incoming}, {"1", "", providers.Outgoing}, {"1", "captain_assistant", providers.Outgoing},
		// Created over the API, with the conversation's contact for sender.
		{"2", "contact", providers.Internal}, {"3", "contact", providers.Outgoing},
		// 99digital's page, and its sample.
		{"1", "contact", providers.Incoming}, {"2", "user", providers.Outgoing}, {"2", "agent_bot", providers.Outgoing}, {"4", "", providers.Outgoing}, {"4", "contact", providers.Outgoing},
		{"0", "user", providers.Outgoing},
		// Words.
		{`"incoming"`, "", providers.Incoming}, {`"outgoing"`, "", providers.Outgoing}, {`"activity"`, "user", providers.Internal}, {`"template"`, "contact", providers.Outgoing},
		{`"1"`, "contact", providers.Incoming},
		// Neither.
		{"", "contact", providers.Incoming}, {"", "user", providers.Outgoing}, {"", "", providers.Outgoing}, {"-1", "", providers.Outgoing}, {"9", "contact", providers.Incoming},
		{"1.5", "", providers.Outgoing}, {"null", "contact", providers.Incoming}, {"[]", "", providers.Outgoing},
	} {
		members := map[string]json.RawMessage{}
		if tt.number != "" {
			members["message_type"] = json.RawMessage(tt.number)
		}
		if got := direction(members, tt.sender); got != tt.want {
			t.Errorf("%s from %q is %s, want %s", tt.number, tt.sender, got, tt.want)
		}
		members["private"] = json.RawMessage("true")
		if got := direction(members, tt.sender); got != providers.Internal {
			t.Errorf("private %s from %q is %s", tt.number, tt.sender, got)
		}
	}
}

func TestListedKey(t *testing.T) {
	text, _ := json.Marshal(`{"herald_key":"` + someKey + `"}`)
	for attributes, want := range map[string]string{
		`{"herald_key":"` + someKey + `"}`: someKey, string(text): someKey,
		`{"herald_key":"` + someKey[1:] + `"}`: "", `{"herald_key":"` + someKey + `0"}`: "", `{"herald_key":"` + strings.ToUpper(someKey) + `"}`: "",
		`{"herald_key":"` + strings.Repeat("g", 32) + `"}`: "", `{"herald_key":1}`: "", `{"deleted":true}`: "", `{}`: "", `null`: "", `"{"`: "", `""`: "", `7`: "", `[]`: "",
	} {
		if got := read(json.RawMessage(`{"id":1,"content_attributes":` + attributes + `}`)).Key; got != want {
			t.Errorf("%s: key %q, want %q", attributes, got, want)
		}
	}
	key := providers.NewKey()
	text, _ = json.Marshal(`{"herald_key":"` + key.String() + `"}`)
	if o := classify(wire.Answer{Status: 200, Body: []byte(`{"id":1,"content_attributes":` + string(text) + `}`)}, "outgoing", key); !o.Marked {
		t.Errorf("attributes as text: %+v", o)
	}
}

// Whatever one message is, the others of its page are read, and as much of it as can be.
func TestOddMessages(t *testing.T) {
	const good = `{"id":70,"content":"Hi","message_type":1,"status":"sent","created_at":1790000000}`
	for odd, want := range map[string]providers.Listed{
		`null`: {}, `7`: {}, `"x"`: {}, `[]`: {}, `{}`: {},
		`{"id":{},"content":7,"content_type":[],"status":{},"sender":"x","created_at":"x","private":"x","content_attributes":[]}`: {},
		`{"id":"71","content":null,"status":"read","sender":null}`:                                                                {ID: "71", Status: "read"},
		`{"id":71,"sender":{"name":"Ann","available_name":7},"created_at":1790000001.5}`:                                          {ID: "71", Author: "Ann"},
		`{"id":71,"created_at":1790000001,"created_at_exact":"yyyy-mm-ddThh:mm:ss.sssZ"}`:                                         {ID: "71", At: time.Unix(1790000001, 0).UTC()},
		`{"id":99999999999999999999,"content":"big"}`:                                                                             {ID: "99999999999999999999", Text: "big"},
		`{"id":71,"created_at_exact":"9999-12-31T23:59:59-23:59"}`:                                                                {ID: "71"},
	} {
		body := `{"payload":[` + good + `,` + odd + `,` + good + `]}`
		q := providers.Query{Conversation: "34", Since: time.Unix(1790000000, 0), Until: time.Unix(1790000001, 0)}
		page, o := readPage(wire.Answer{Status: 200, Body: []byte(body)}, q, 0)
		if o.Class != providers.Accepted || len(page.Messages) != 3 || page.Messages[0].ID != "70" || page.Messages[2].Text != "Hi" {
			t.Errorf("%s: %+v, %+v", odd, o, page)
			continue
		}
		got := page.Messages[1]
		if string(got.Vendor) != odd || got.ID != want.ID || got.Text != want.Text || got.Status != want.Status || got.Author != want.Author ||
			!got.At.Equal(want.At) || got.Conversation != "34" || got.Direction != providers.Outgoing {
			t.Errorf("%s is read as %+v", odd, got)
		}
		if _, err := json.Marshal(page); err != nil {
			t.Errorf("%s cannot be printed: %v", odd, err)
		}
	}
}

// To the millisecond where the vendor says so, else within the second.
func TestSince(t *testing.T) {
	since := time.Unix(1790000000, 123_900_000)
	for message, want := range map[string]bool{
		`{"created_at":1790000000}`: true, `{"created_at":1789999999}`: false,
		`{"created_at":1790000000,"created_at_exact":"2026-09-21T14:13:20.123Z"}`: true,
		`{"created_at":1790000000,"created_at_exact":"2026-09-21T14:13:20.122Z"}`: false,
	} {
		page, o := readPage(wire.Answer{Status: 200, Body: []byte(`{"payload":[` + message + `]}`)}, providers.Query{Conversation: "34", Since: since}, 0)
		if o.Class != providers.Accepted || (len(page.Messages) == 1) != want {
			t.Errorf("%s: %d messages, %+v", message, len(page.Messages), o)
		}
	}
}
