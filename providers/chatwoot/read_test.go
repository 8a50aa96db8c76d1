package chatwoot

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"herald/providers"
	"herald/providers/providertest"
	"herald/providers/wire"
)

const someKey = "000102030405060708090a0b0c0d0e0f"

// listings are pages in the shape of the vendors' samples.
func listings(kind providers.Type) []providertest.Listing {
	conversation := providers.Query{Conversation: "34"}
	second := time.Unix(1790000000, 0).UTC()
	if kind.Facts.Type == "digital99" {
		page := `{"meta":{"labels":[]},"payload":[
			{"id":70,"content":"Hi","inbox_id":1,"conversation_id":34,"message_type":1,"content_type":"text","status":"sent","content_attributes":{},"created_at":1790000000,
				"private":false,"source_id":null,"sender":{"id":5,"name":"Jane","type":"contact"},"created_at_exact":"2026-09-21T14:13:20.123Z"},
			{"id":71,"content":"Hello","inbox_id":1,"conversation_id":34,"message_type":0,"content_type":"text","status":"read","content_attributes":{"herald_key":"` + someKey + `"},
				"created_at":1790000001,"private":false,"source_id":"string","sender":{"id":0,"name":"string","available_name":"Desk","email":"string","avatar_url":"string",
				"logo_user_url":"string","type":"user","availability_status":"offline","thumbnail":"string"},"created_at_exact":"2026-09-21T14:13:21.500Z"}]}`
		return []providertest.Listing{{Name: "a page", Query: conversation, Path: path, Page: page, Want: []providers.Listed{
			{ID: "71", Conversation: "34", At: second.Add(1500 * time.Millisecond), Direction: providers.Outgoing, Author: "Desk", ContentType: "text", Text: "Hello", Status: "read", Key: someKey},
			{ID: "70", Conversation: "34", At: second.Add(123 * time.Millisecond), Direction: providers.Incoming, Author: "Jane", ContentType: "text", Text: "Hi", Status: "sent"},
		}}}
	}
	page := `{"meta":{"labels":[],"contact":{"id":5}},"payload":[
		{"id":70,"content":"Hi","message_type":0,"content_type":"text","status":"sent","content_attributes":{},"created_at":1790000000,"private":false,"source_id":null,
			"sender":{"id":5,"name":"Jane","type":"contact"}},
		{"id":71,"content":"Conversation was resolved","message_type":2,"content_type":"text","status":"sent","content_attributes":null,"created_at":1790000000,"private":false,"source_id":null},
		{"id":72,"content":"Call her","message_type":1,"content_type":"text","status":"sent","content_attributes":"{}","created_at":1790000001,"private":true,"source_id":null,
			"sender":{"id":1,"name":"Ann A.","available_name":"Ann","type":"user"}},
		{"id":73,"content":"Pick","message_type":1,"content_type":"cards","status":"delivered","content_attributes":{"items":[],"herald_key":"` + someKey + `"},"created_at":1790000002,
			"private":false,"source_id":null,"sender":{"id":1,"name":"Bot","type":"agent_bot"},"inbox_id":3,"conversation_id":34,"echo_id":"e1",
			"attachments":[{"id":4,"message_id":73,"file_type":"image","data_url":"https://a.example/b.png"}]},
		{"id":74,"content":"Rate us","message_type":3,"content_type":"input_csat","status":"failed","content_attributes":{},"created_at":1790000002,"private":false,"source_id":null}]}`
	want := []providers.Listed{
		{ID: "74", Conversation: "34", At: second.Add(2 * time.Second), Direction: providers.Outgoing, ContentType: "input_csat", Text: "Rate us", Status: "failed"},
		{ID: "73", Conversation: "34", At: second.Add(2 * time.Second), Direction: providers.Outgoing, Author: "Bot", ContentType: "cards", Text: "Pick", Status: "delivered", Key: someKey},
		{ID: "72", Conversation: "34", At: second.Add(time.Second), Direction: providers.Internal, Author: "Ann", ContentType: "text", Text: "Call her", Status: "sent"},
		{ID: "71", Conversation: "34", At: second, Direction: providers.Internal, ContentType: "text", Text: "Conversation was resolved", Status: "sent"},
		{ID: "70", Conversation: "34", At: second, Direction: providers.Incoming, Author: "Jane", ContentType: "text", Text: "Hi", Status: "sent"},
	}
	older := providers.Query{Conversation: "34", Cursor: "75"}
	return []providertest.Listing{
		{Name: "a page", Query: conversation, Path: path, Page: page, Want: want},
		{Name: "an older page", Query: older, Path: path + "?before=75", Page: page, Want: want},
		{Name: "a page read up to a second", Query: providers.Query{Conversation: "0034", Since: second.Add(1999 * time.Millisecond), Until: second.Add(time.Second)},
			Path: path, Page: page, Want: want[2:3]},
		{Name: "a full page", Query: conversation, Path: path, Page: numbered(30, 49), Want: listedAs(49, 30), More: true},
		{Name: "no messages", Query: conversation, Path: path, Page: `{"meta":{},"payload":[]}`},
	}
}

// numbered is a page of messages with these numbers; each was created in the second of its number.
func numbered(from, to int) string {
	all := []string{}
	for n := from; n <= to; n++ {
		all = append(all, fmt.Sprintf(`{"id":%d,"content":"text %[1]d","message_type":1,"created_at":%[1]d}`, n))
	}
	return `{"payload":[` + strings.Join(all, ",") + `]}`
}

// listedAs is what they are read as.
func listedAs(from, to int) (all []providers.Listed) {
	for n := from; n >= to; n-- {
		all = append(all, providers.Listed{ID: strconv.Itoa(n), Conversation: "34", At: time.Unix(int64(n), 0).UTC(), Direction: providers.Outgoing, Text: fmt.Sprint("text ", n)})
	}
	return all
}

// pages serves messages 1 to last as the vendor's finder does, 20 at a time, and counts what is asked for.
func pages(t *testing.T, last int, knowsBefore bool) (l providers.Lister, asked *[]string) {
	asked = new([]string) // requests come one after the other
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked = append(*asked, r.URL.RequestURI())
		to := last
		if before, err := strconv.Atoi(r.URL.Query().Get("before")); err == nil && knowsBefore {
			to = min(to, before-1)
		}
		fmt.Fprint(w, numbered(max(1, to-pageSize+1), to))
	}))
	t.Cleanup(srv.Close)
	return opened(t, Chatwoot(), srv.URL), asked
}

func opened(t *testing.T, kind providers.Type, base string) providers.Lister {
	t.Helper()
	p, err := kind.Open(providers.Account{Type: kind.Facts.Type, Settings: providers.Values{"account_id": int64(12), "api_access_token": "token-of-a-user", "base_url": base}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p.(providers.Lister)
}

func TestPaging(t *testing.T) {
	at := func(n int) time.Time { return time.Unix(int64(n), 0) }
	for _, tt := range []struct {
		name         string
		last         int
		since, until time.Time
		newest       int // of what is listed; 0 for nothing
		oldest       int
		requests     int
	}{
		{"nothing", 0, time.Time{}, time.Time{}, 0, 0, 1},
		{"less than a page", 19, time.Time{}, time.Time{}, 19, 1, 1},
		{"a page", 20, time.Time{}, time.Time{}, 20, 1, 2}, // only an empty page shows that there is none
		{"more than a page", 21, time.Time{}, time.Time{}, 21, 1, 2},
		{"three pages", 55, time.Time{}, time.Time{}, 55, 1, 3},
		{"since the second page", 55, at(20), time.Time{}, 55, 20, 2},
		{"since the oldest of a page", 55, at(36), time.Time{}, 55, 36, 2},
		{"since within a second", 55, at(40).Add(time.Second - 1), time.Time{}, 55, 40, 1},
		{"until", 55, time.Time{}, at(10), 10, 1, 3},
		{"between", 55, at(12), at(14), 14, 12, 3},
		{"after all", 55, at(56), time.Time{}, 0, 0, 1},
		{"before all", 55, time.Time{}, at(0), 0, 0, 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l, asked := pages(t, tt.last, true)
			q := providers.Query{Conversation: "34", Since: tt.since, Until: tt.until}
			var got []string
			for range 10 {
				page, o := l.List(t.Context(), q)
				if o.Class != providers.Accepted || o.HTTP != 200 {
					t.Fatalf("%+v", o)
				}
				for _, m := range page.Messages {
					got = append(got, m.ID)
				}
				if q.Cursor = page.Next; q.Cursor == "" {
					break
				}
			}
			var want []string
			for n := tt.newest; n > 0 && n >= tt.oldest; n-- {
				want = append(want, strconv.Itoa(n))
			}
			if !slices.Equal(got, want) || len(*asked) != tt.requests {
				t.Errorf("%v in %d requests, want %v in %d", got, len(*asked), want, tt.requests)
			}
		})
	}
}

// A server that does not know before, as 99digital's page does not, must neither look like one without older messages
// nor be asked for ever.
func TestNoOlderPages(t *testing.T) {
	l, _ := pages(t, 55, false)
	page, _ := l.List(t.Context(), providers.Query{Conversation: "34"})
	if page.Next != "36" {
		t.Fatalf("next is %q", page.Next)
	}
	page, o := l.List(t.Context(), providers.Query{Conversation: "34", Cursor: page.Next})
	if o.Class != providers.Unknown || !strings.Contains(o.Reason, "cannot be reached") || page.Messages != nil || page.Next != "" {
		t.Errorf("%+v, %d messages", o, len(page.Messages))
	}
}

func TestQueries(t *testing.T) {
	l, asked := pages(t, 1, true)
	for _, tt := range []struct {
		q    providers.Query
		says string
	}{
		{providers.Query{}, "Chatwoot lists one conversation at a time, give its number"},
		{providers.Query{Conversation: "34/messages?before=1#"}, "give its number"},
		{providers.Query{Conversation: "+34"}, "what was given is none"},
		{providers.Query{Conversation: "0"}, "what was given is none"},
		{providers.Query{Conversation: "99999999999999999999"}, "give its number"},
		{providers.Query{Conversation: "34", Devices: true}, "knows no devices"},
		{providers.Query{Conversation: "34", Cursor: "1&after=2"}, "cursor"},
		{providers.Query{Conversation: "34", Cursor: "-1"}, "cursor"},
	} {
		page, o := l.List(t.Context(), tt.q)
		if o.Class != providers.Refused || o.HTTP != 0 || !strings.Contains(o.Reason, tt.says) || page.Messages != nil ||
			len(tt.q.Conversation) > 2 && strings.Contains(o.Reason, tt.q.Conversation) || tt.q.Cursor != "" && strings.Contains(o.Reason, tt.q.Cursor) {
			t.Errorf("%+v: %+v", tt.q, o)
		}
	}
	if len(*asked) > 0 {
		t.Errorf("asked %q", *asked)
	}
}

func TestListAnswers(t *testing.T) {
	for _, tt := range []struct {
		status int
		body   string
		class  providers.Class
		says   string
	}{
		{401, says(textToken), providers.AccountError, textToken},
		{401, says(textBot), providers.AccountError, textBot},
		{401, says(textAccount), providers.AccountError, textAccount},
		{404, says(textNotFound), providers.Refused, textNotFound},
		{422, says("odd"), providers.Refused, "odd"},
		{429, textThrottle, providers.Throttled, "429"},
		{500, "<html>", providers.Unknown, "500"},
		{200, `{"meta":{}}`, providers.Unknown, "no list of messages"},
		{200, `{"payload":null}`, providers.Unknown, "no list of messages"},
		{200, `{"payload":{}}`, providers.Unknown, "no list of messages"},
		{200, says("Oh"), providers.Unknown, "Oh"},
		{200, `[]`, providers.Unknown, "no list of messages"},
		{204, ``, providers.Unknown, "no list of messages"},
	} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(tt.status)
			fmt.Fprint(w, tt.body)
		}))
		page, o := opened(t, Digital99(), srv.URL).List(t.Context(), providers.Query{Conversation: "34"})
		srv.Close()
		if o.Class != tt.class || o.HTTP != tt.status || !strings.Contains(o.Reason, tt.says) || page.Messages != nil || page.Next != "" {
			t.Errorf("%d %s: %+v", tt.status, tt.body, o)
		}
		if o.Class == providers.Throttled && (o.After <= 0 || o.After > 61*time.Second) {
			t.Errorf("wait %v", o.After)
		}
	}
}

func FuzzReadPage(f *testing.F) {
	for _, kind := range Types() {
		for _, l := range listings(kind) {
			f.Add([]byte(l.Page), int64(50), int64(1790000001))
		}
	}
	f.Add([]byte(`{"payload":[null,7,{"id":{},"created_at_exact":"9999-12-31T23:59:59-23:59"}]}`), int64(0), int64(0))
	f.Fuzz(func(t *testing.T, body []byte, before, since int64) {
		q := providers.Query{Conversation: "34", Since: time.Unix(since, 0)}
		page, o := readPage(wire.Answer{Status: 200, Body: body, Now: time.Now()}, q, max(before, 0))
		switch {
		case o.Class == providers.Unknown && (page.Messages != nil || page.Next != "" || o.Reason == ""):
			t.Fatalf("%q: %+v with %+v", body, page, o)
		case o.Class != providers.Accepted && o.Class != providers.Unknown:
			t.Fatalf("%q: %+v", body, o)
		}
		if page.Next != "" && (number(page.Next) == 0 || before > 0 && number(page.Next) >= before) {
			t.Fatalf("%q leads from %d to %s", body, before, page.Next)
		}
		if _, err := json.Marshal(page); err != nil {
			t.Fatalf("%q cannot be printed: %v", body, err)
		}
	})
}
