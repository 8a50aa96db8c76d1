package avaamo

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"herald/providers"
)

// samplePage is the sample answer of messagePage, "Get agent messages".
const samplePage = `{
  "current_page": 1,
  "per_page": 1,
  "total_entries": 4371,
  "total_pages": 4371,
  "time_token": 1569219802.3621287,
  "entries": [` + sampleEntry + `]
}`

const sampleEntry = `{
      "uuid": "dc3c4ebd-e0b0-4bd9-a79d-09114e286358",
      "content": "Hi, your order number is V5678.",
      "content_type": "text",
      "created_at": 1569216722.51246,
      "user": {
        "first_name": "Mac Pizza Agent",
        "last_name": "",
        "layer_id": "fe8ee61c-f039-4cdc-8986-5bebec9edf08",
        "email": null,
        "phone": null,
        "avatar": false,
        "avatar_updated_at": null,
        "avaamo_id": 5713616
      },
      "timetoken": 1569216722502878,
      "external_source": null,
      "device_uuid": "b05fde04-2242-419b-bf12-49f79e5f9d74",
      "request_message_uuid": "14b92488-a3b4-4a10-9384-dd80f425f4f3",
      "sequence": "1/1",
      "custom_properties": {},
      "agent_message_uuid": null,
      "read_acks": [
        {
          "read_at": 1569216722,
          "user": {
            "first_name": "John",
            "last_name": "C",
            "layer_id": "dashboard_admin_test_user_696",
            "email": null,
            "phone": null,
            "avatar": false,
            "avatar_updated_at": null,
            "avaamo_id": 5713625
          }
        }
      ],
      "attachments": [],
      "conversation": {
        "uuid": "1faa40c8253e65aa02bfd02fd8643d35",
        "mode": false,
        "display_name": "Mac Pizza Agent,John",
        "locale": "en-GB"
      }
    }`

// sampleListed is what providers make of the sample.
func sampleListed() providers.Listed {
	return providers.Listed{
		ID: "dc3c4ebd-e0b0-4bd9-a79d-09114e286358", Conversation: "1faa40c8253e65aa02bfd02fd8643d35",
		At: time.UnixMicro(1569216722502878).UTC(), Direction: providers.Outgoing, Author: "Mac Pizza Agent",
		ContentType: "text", Text: "Hi, your order number is V5678.",
		Reads: []providers.Receipt{{At: time.Unix(1569216722, 0).UTC(), By: "John C"}},
	}
}

// personEntry has what the sample leaves out: each attribute that the pages describe, with a value.
const personEntry = `{"uuid":"m2","content":"Extra cheese","content_type":"text","created_at":1569216700.5,
	"user":{"first_name":"John","last_name":"C","layer_id":"l2","email":"john@example.com","phone":["+4915112345678",{"home":"1"},null],"avatar":true,
		"avatar_updated_at":1569216000,"avaamo_id":5713625.0,"user_agent":"Mozilla/5.0","os_name":"Linux","zone_offset":-3600,"utc_offset":"+01:00","time_zone":"Europe/Berlin"},
	"timetoken":"1569216700500000","external_source":"web","device_uuid":"d2","request_message_uuid":null,"sequence":"1/2",
	"custom_properties":{"employee_id":12345,"dept":"quality"},"agent_message_uuid":"live","read_acks":[],"attachments":[{"name":"a.png"}],
	"conversation":{"uuid":"c2","mode":true,"display_name":"Mac Pizza Agent,John","locale":null}}`

func TestSampleAnswer(t *testing.T) {
	var got messageList
	if err := json.Unmarshal([]byte(samplePage), &got); err != nil {
		t.Fatal(err)
	}
	want := messageList{CurrentPage: 1, PerPage: 1, TotalEntries: 4371, TotalPages: 4371, TimeToken: time.UnixMicro(1569219802362129).UTC(), Entries: []entry{{
		UUID: "dc3c4ebd-e0b0-4bd9-a79d-09114e286358", Content: "Hi, your order number is V5678.", ContentType: "text", CreatedAt: time.UnixMicro(1569216722512460).UTC(),
		User:      person{FirstName: "Mac Pizza Agent", LayerID: "fe8ee61c-f039-4cdc-8986-5bebec9edf08", AvaamoID: 5713616},
		TimeToken: time.UnixMicro(1569216722502878).UTC(), DeviceUUID: "b05fde04-2242-419b-bf12-49f79e5f9d74",
		RequestMessageUUID: "14b92488-a3b4-4a10-9384-dd80f425f4f3", Sequence: "1/1", CustomProperties: map[string]json.RawMessage{},
		ReadAcks:     []readAck{{ReadAt: time.Unix(1569216722, 0).UTC(), User: person{FirstName: "John", LastName: "C", LayerID: "dashboard_admin_test_user_696", AvaamoID: 5713625}}},
		Attachments:  []json.RawMessage{},
		Conversation: place{UUID: "1faa40c8253e65aa02bfd02fd8643d35", DisplayName: "Mac Pizza Agent,John", Locale: "en-GB"},
		Raw:          json.RawMessage(sampleEntry),
	}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEveryAttribute(t *testing.T) {
	got := readEntry(json.RawMessage(personEntry))
	want := entry{
		UUID: "m2", Content: "Extra cheese", ContentType: "text", CreatedAt: time.UnixMicro(1569216700500000).UTC(),
		User: person{FirstName: "John", LastName: "C", LayerID: "l2", Email: "john@example.com", Phones: []string{"+4915112345678", `{"home":"1"}`}, Avatar: true,
			AvatarUpdatedAt: time.Unix(1569216000, 0).UTC(), AvaamoID: 5713625, UserAgent: "Mozilla/5.0", OSName: "Linux", ZoneOffset: "-3600", UTCOffset: "+01:00", TimeZone: "Europe/Berlin"},
		TimeToken: time.UnixMicro(1569216700500000).UTC(), ExternalSource: "web", DeviceUUID: "d2", Sequence: "1/2",
		CustomProperties: map[string]json.RawMessage{"employee_id": json.RawMessage("12345"), "dept": json.RawMessage(`"quality"`)}, AgentMessageUUID: "live",
		Attachments: []json.RawMessage{json.RawMessage(`{"name":"a.png"}`)}, Conversation: place{UUID: "c2", Mode: true, DisplayName: "Mac Pizza Agent,John"},
		Raw: json.RawMessage(personEntry),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPhones(t *testing.T) {
	for phone, want := range map[string][]string{
		`null`: nil, `""`: nil, `[]`: nil, `"+4915112345678"`: {"+4915112345678"}, `["1","2"]`: {"1", "2"}, `4915112345678`: {"4915112345678"}, `{"a":1}`: {`{"a":1}`},
	} {
		if diff := cmp.Diff(want, readPerson(json.RawMessage(`{"phone":`+phone+`}`)).Phones); diff != "" {
			t.Errorf("%s: %s", phone, diff)
		}
	}
}

// Whatever stands in place of a value, the page and its other values are read.
func TestOddTypes(t *testing.T) {
	members, _ := object([]byte(sampleEntry))
	for name := range members {
		for _, odd := range []string{"null", "true", "0", "-1.5e3", "1e400", `"x"`, "[]", "{}", "[null]", `{"user":7,"uuid":[],"read_at":"x"}`} {
			changed := loose{}
			for n, v := range members {
				changed[n] = v
			}
			changed[name] = json.RawMessage(odd)
			raw, err := json.Marshal(changed)
			if err != nil {
				t.Fatal(err)
			}
			var m messageList
			if err := json.Unmarshal([]byte(`{"entries":[`+string(raw)+`]}`), &m); err != nil || len(m.Entries) != 1 {
				t.Fatalf("%s as %s: %v", name, odd, err)
			}
			l := m.Entries[0].listed("")
			if name != "uuid" && l.ID != "dc3c4ebd-e0b0-4bd9-a79d-09114e286358" || name != "content" && l.Text == "" || name != "timetoken" && !l.At.Equal(sampleListed().At) {
				t.Errorf("%s as %s: %+v", name, odd, l)
			}
			if _, err := json.Marshal(l); err != nil {
				t.Errorf("%s as %s: %v", name, odd, err)
			}
		}
	}
}

// What is no list says so.
func TestNoList(t *testing.T) {
	for _, raw := range []string{`null`, `[]`, `7`, `{}`, `{"entries":null}`, `{"entries":{}}`, `{"Entries":[]}`, `{"entries":[` + strings.Repeat("7,", mostEntries) + `7]}`} {
		var m messageList
		if err := json.Unmarshal([]byte(raw), &m); err == nil {
			t.Errorf("%.40s is read as %+v", raw, m)
		}
	}
	var m messageList
	if err := json.Unmarshal([]byte(`{"entries":[`+strings.Repeat("7,", mostEntries-1)+`null]}`), &m); err != nil || len(m.Entries) != mostEntries {
		t.Error(len(m.Entries), err)
	}
}

func TestInstant(t *testing.T) {
	at := time.UnixMicro(1569216722502878).UTC()
	for digits, want := range map[string]time.Time{
		"1569216722.502878": at, "1569216722502.878": at, "1569216722502878": at, "1569216722502878.0": at, "1569216722502878123": at, "1.569216722502878e15": at,
		"1569216722": time.Unix(1569216722, 0).UTC(), "1569216722502": time.UnixMilli(1569216722502).UTC(), "1": time.Unix(1, 0).UTC(),
		"99999999999": time.Unix(99999999999, 0).UTC(), "100000000000": time.UnixMilli(100000000000).UTC(),
		"99999999999999": time.UnixMilli(99999999999999).UTC(), "100000000000000": time.UnixMicro(100000000000000).UTC(),
		"": {}, "0": {}, "-1": {}, "x": {}, "NaN": {}, "Inf": {}, "0x10": {}, "1_0": {}, "1e400": {}, "1e20": {}, "true": {}, "{}": {}, ".": {},
	} {
		got := instant(digits)
		if diff := got.Sub(want).Abs(); diff > time.Microsecond || got.IsZero() != want.IsZero() {
			t.Errorf("%s is %v, want %v", digits, got, want)
		}
		if _, err := got.MarshalJSON(); err != nil {
			t.Errorf("%s: %v", digits, err)
		}
	}
}

func TestDirection(t *testing.T) {
	for _, tt := range []struct {
		first, last, conversation string
		want                      providers.Direction
	}{
		{"Mac Pizza Agent", "", "Mac Pizza Agent,John", providers.Outgoing},
		{"MacPizza ", "", "MacPizza , John", providers.Outgoing},
		{"Mac", "Pizza", "Mac Pizza,John", providers.Outgoing},
		{"Acme, Inc.", "", "Acme, Inc.,John", providers.Outgoing},
		{"John", "", "Mac Pizza Agent,John", providers.Incoming},
		{"Mac", "", "Mac Pizza Agent,John", providers.Incoming},
		{"mac pizza agent", "", "Mac Pizza Agent,John", providers.Incoming},
		{"Mac Pizza Agent", "", "Mac Pizza Agent", providers.Incoming},
		{"Mac Pizza Agent", "", "", providers.Incoming},
		{"", "", ",John", providers.Incoming},
		{"", "", "Mac Pizza Agent,John", providers.Incoming},
	} {
		e := entry{User: person{FirstName: tt.first, LastName: tt.last}, Conversation: place{DisplayName: tt.conversation}, Raw: json.RawMessage("{}")}
		if got := e.listed("").Direction; got != tt.want {
			t.Errorf("%q in %q: %s, want %s", tt.first, tt.conversation, got, tt.want)
		}
	}
	if got := readEntry(json.RawMessage("7")).listed("c"); got.Direction != providers.Internal || got.Conversation != "c" || string(got.Vendor) != "7" {
		t.Errorf("no object: %+v", got)
	}
}

// Without a timetoken, created_at says when.
func TestWhen(t *testing.T) {
	for raw, want := range map[string]time.Time{
		`{"timetoken":1569216722502878,"created_at":1.5}`: time.UnixMicro(1569216722502878),
		`{"timetoken":null,"created_at":1569216722.5}`:    time.UnixMicro(1569216722500000),
		`{"created_at":"1569216722"}`:                     time.Unix(1569216722, 0),
		`{}`:                                              {},
	} {
		if got := readEntry(json.RawMessage(raw)).listed("").At; !got.Equal(want) {
			t.Errorf("%s: %v, want %v", raw, got, want)
		}
	}
}

func FuzzMessages(f *testing.F) {
	f.Add([]byte(samplePage))
	f.Add([]byte(`{"entries":[` + personEntry + `,null,7,[],{}],"total_pages":"3"}`))
	f.Add([]byte(`{"entries":[{"timetoken":1e19,"user":[],"read_acks":{"user":{}},"phone":[[]]}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var m messageList
		if json.Unmarshal(raw, &m) != nil {
			return
		}
		var all struct {
			Entries []json.RawMessage `json:"entries"`
		}
		members, _ := object(raw)
		if json.Unmarshal(members["entries"], &all.Entries) != nil || len(all.Entries) != len(m.Entries) {
			t.Fatalf("%d of %d entries", len(m.Entries), len(all.Entries))
		}
		for i, e := range m.Entries {
			l := e.listed("c")
			if string(l.Vendor) != string(all.Entries[i]) || l.Direction == "" {
				t.Fatalf("%s becomes %+v", all.Entries[i], l)
			}
			if _, err := json.Marshal(l); err != nil {
				t.Fatalf("%s cannot be written again: %v", all.Entries[i], err)
			}
			if fmt.Sprint(readEntry(l.Vendor)) != fmt.Sprint(e) {
				t.Fatalf("%s read again is another message", l.Vendor)
			}
		}
	})
}
