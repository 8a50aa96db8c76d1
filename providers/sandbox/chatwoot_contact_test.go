package sandbox

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const (
	chatwootBase = "/api/v1/accounts/3/"
	adaBody      = `{"inbox_id":4,"identifier":"c1","name":"Ada","email":"Ada@X.example","phone_number":"+4915112345678"}`
	firstMade    = "2000000001"
)

func TestChatwootCreateContact(t *testing.T) {
	for _, name := range []string{Chatwoot, Digital99} {
		synctest.Test(t, func(t *testing.T) { // the clock begins at midnight, 2000-01-01
			s := built(t, Options{})
			expect(t, s.do(name, "POST", chatwootBase+"contacts", adaBody), 200, `{"payload":{"contact":{"additional_attributes":{},`+
				`"availability_status":"offline","email":"ada@x.example","id":2000000001,"name":"Ada","phone_number":"+4915112345678","blocked":false,`+
				`"identifier":"c1","thumbnail":"","custom_attributes":{},"created_at":946684800,"contact_inboxes":[{"source_id":"00000004-0001-4000-8000-000077359401",`+
				`"inbox":{"id":4,"name":"Inbox 4"}}]},"contact_inbox":{"source_id":"00000004-0001-4000-8000-000077359401","inbox":{"id":4,"name":"Inbox 4"}}}}`)
		})
	}
}

func TestChatwootContactErrors(t *testing.T) {
	s := built(t, Options{Inboxes: func(_ string, account, inbox int64) bool { return account == 3 && inbox == 4 }, BotTokens: map[string]string{Chatwoot: "bot"}})
	if w := s.do(Chatwoot, "POST", chatwootBase+"contacts", adaBody); w.Code != 200 {
		t.Fatal(w.Code, w.Body)
	}
	const taken = "has already been taken"
	for _, tt := range []struct {
		name, body string
		status     int
		want       string
	}{
		{"same identifier", `{"inbox_id":4,"identifier":"c1"}`, 422, `{"message":"Identifier ` + taken + `","attributes":["identifier"]}`},
		{"same address in capitals", `{"inbox_id":4,"email":"ADA@x.EXAMPLE"}`, 422, `{"message":"Email ` + taken + `","attributes":["email"]}`},
		{"same number", `{"inbox_id":4,"phone_number":"+4915112345678"}`, 422, `{"message":"Phone number ` + taken + `","attributes":["phone_number"]}`},
		{"same all", adaBody, 422, `{"message":"Email ` + taken + `, Identifier ` + taken + `, Phone number ` + taken + `","attributes":["email","identifier","phone_number"]}`},
		{"no number", `{"inbox_id":4,"phone_number":"0151"}`, 422, `{"message":"Phone number should be in e164 format","attributes":["phone_number"]}`},
		{"no address", `{"inbox_id":4,"email":"ada"}`, 422, `{"message":"Email Invalid email","attributes":["email"]}`},
		{"long", `{"inbox_id":4,"identifier":"` + strings.Repeat("é", 256) + `"}`, 422, `{"message":"Identifier is too long (maximum is 255 characters)","attributes":["identifier"]}`},
		{"as long as may be", `{"inbox_id":4,"identifier":"` + strings.Repeat("é", 255) + `"}`, 200, ""},
		{"another inbox", `{"inbox_id":5,"identifier":"c2"}`, 404, `{"error":"Resource could not be found"}`},
		{"no inbox", `{"identifier":"c2"}`, 422, `{"error":"param is missing or the value is empty: inbox_id"}`},
		{"inbox as text", `{"inbox_id":"4"}`, 422, `{"error":"inbox_id must be an integer"}`},
		{"null", `{"inbox_id":4,"email":null}`, 422, `{"error":"email must be a string"}`},
		{"unknown", `{"inbox_id":4,"mail":"x"}`, 422, `{"error":"found unpermitted parameter: :mail"}`},
		{"broken", `{`, 400, `{"status":400,"error":"Bad Request"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := s.do(Chatwoot, "POST", chatwootBase+"contacts", tt.body)
			if w.Code != tt.status || tt.want != "" && w.Body.String() != tt.want {
				t.Errorf("got %d %s\nwant %d %s", w.Code, w.Body, tt.status, tt.want)
			}
		})
	}
	for _, path := range []string{"contacts", "contacts/filter", "contacts/" + firstMade + "/contact_inboxes"} {
		expect(t, s.do(Chatwoot, "POST", chatwootBase+path, adaBody, header("api_access_token", "bot")), 401, `{"error":"Access to this endpoint is not authorized for bots"}`)
	}
	// What was refused has left nothing: c2 is free, and in another account all is.
	for _, path := range []string{chatwootBase + "contacts", "/api/v1/accounts/9/contacts"} {
		if w := s.do(Chatwoot, "POST", path, `{"inbox_id":4,"identifier":"c2"}`); (w.Code == 200) != (path == chatwootBase+"contacts") {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

func TestChatwootFindContacts(t *testing.T) {
	s := built(t, Options{NoLimits: true})
	for i := range 40 {
		body := fmt.Sprintf(`{"inbox_id":4,"identifier":"c%d","phone_number":"+49%d"}`, i, 1000+i)
		if w := s.do(Chatwoot, "POST", chatwootBase+"contacts", body); w.Code != 200 {
			t.Fatal(w.Body)
		}
	}
	for _, body := range []string{`{"inbox_id":4,"identifier":"a\\b"}`, `{"inbox_id":4,"identifier":"X_Y","email":"O@x.example"}`} {
		s.do(Chatwoot, "POST", chatwootBase+"contacts", body)
	}
	found := func(method, path, body string) string {
		type page struct {
			Meta struct {
				HasMore *bool `json:"has_more"`
			}
			Payload []struct {
				Identifier string
				Links      []json.RawMessage `json:"contact_inboxes"`
			}
		}
		p := decoded[page](t, s.do(Chatwoot, method, chatwootBase+path, body))
		var all []string
		for _, one := range p.Payload {
			if len(one.Links) != 1 {
				t.Errorf("%s: %s without its inbox", path, one.Identifier)
			}
			all = append(all, one.Identifier)
		}
		if len(all) > 3 {
			all = []string{fmt.Sprint(len(all))}
		}
		if p.Meta.HasMore != nil && *p.Meta.HasMore {
			all = append(all, "more")
		}
		return strings.Join(all, " ")
	}
	for query, want := range map[string]string{
		"c3": "11", "c": "15 more", "c&page=2": "15 more", "c&page=3": "10", "c&page=4": "", "C7": "c7", "%2B491007": "c7", "x.EXAMPLE": "X_Y", "x_y": "X_Y",
		`a%5C%5Cb`: `a\b`, `a%5Cb`: "", "_%25": "15 more", "+c38+": "c38",
	} {
		if got := found("GET", "contacts/search?q="+query, ""); got != want {
			t.Errorf("search %s: %q, want %q", query, got, want)
		}
	}
	for condition, want := range map[string]string{
		`"identifier","filter_operator":"equal_to","values":["c3"]`: "c3", `"identifier","filter_operator":"equal_to","values":["C3"]`: "c3",
		`"identifier","filter_operator":"equal_to","values":["c"]`: "", `"phone_number","filter_operator":"equal_to","values":["491007"]`: "c7",
		`"phone_number","filter_operator":"equal_to","values":["+491007"]`: "c7", `"email","filter_operator":"equal_to","values":["o@X.example"]`: "X_Y",
		`"name","filter_operator":"equal_to","values":[""]`: "15", `"identifier","filter_operator":"equal_to","values":["c3"],"query_operator":null`: "c3",
	} {
		if got := found("POST", "contacts/filter", `{"payload":[{"attribute_key":`+condition+`}]}`); got != want {
			t.Errorf("filter %s: %q, want %q", condition, got, want)
		}
	}
	expect(t, s.do(Chatwoot, "GET", chatwootBase+"contacts/search?q=+", ""), 422, `{"error":"Specify search string with parameter q"}`)
	for _, body := range []string{`{}`, `{"payload":[{"attribute_key":"city","filter_operator":"equal_to","values":["x"]}]}`, `{"payload":[{"attribute_key":"email","filter_operator":"contains","values":["x"]}]}`,
		`{"payload":[{"attribute_key":"email","filter_operator":"equal_to","values":["x"],"query_operator":"XOR"}]}`, `{"payload":[{"attribute_key":"email","filter_operator":"equal_to","values":["x","y"]}]}`,
		`{"payload":[{"attribute_key":"email","filter_operator":"equal_to","values":[5]}]}`, `{"payload":[{"attribute_key":"email","filter_operator":"equal_to","values":"x"}]}`,
		`{"payload":[{"attribute_key":"email","filter_operator":"equal_to","values":["x"],"colour":"red"}]}`, `{"Payload":[{"attribute_key":"email","filter_operator":"equal_to","values":["x"]}]}`,
		`{"payload":[{"Attribute_Key":"email","filter_operator":"equal_to","values":["x"]}]}`, `{"payload":[null]}`, `{"payload":{}}`} {
		if w := s.do(Chatwoot, "POST", chatwootBase+"contacts/filter", body); w.Code != 422 {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
	if w := s.do(Chatwoot, "POST", chatwootBase+"contacts/filter", `{`); w.Code != 400 {
		t.Errorf("broken: %d", w.Code)
	}
	if got := decoded[struct{ Meta map[string]int }](t, s.do(Chatwoot, "GET", chatwootBase+"contacts", "")).Meta["count"]; got != 42 {
		t.Errorf("%d contacts in the list", got)
	}
}

func TestChatwootSearchLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // the clock begins at a full minute
		s := built(t, Options{})
		search := func(account int) int {
			return s.do(Chatwoot, "GET", fmt.Sprintf("/api/v1/accounts/%d/contacts/search?q=c1", account), "").Code
		}
		for i := range 100 {
			if code := search(3); code != 200 {
				t.Fatalf("search %d: %d", i+1, code)
			}
		}
		if a, b := search(3), search(4); a != 429 || b != 200 {
			t.Errorf("the 101st: %d, of another account: %d", a, b)
		}
		if w := s.do(Chatwoot, "POST", chatwootBase+"contacts", adaBody); w.Code != 200 {
			t.Errorf("another request: %d", w.Code)
		}
		time.Sleep(time.Minute)
		if code := search(3); code != 200 {
			t.Errorf("a minute later: %d", code)
		}
	})
}

func TestLike(t *testing.T) {
	for _, tt := range []struct {
		s, pattern string
		want       bool
	}{
		{"abc", "abc", true}, {"abc", "a%", true}, {"abc", "%c", true}, {"abc", "%b%", true}, {"abc", "a_c", true}, {"aéc", "a_c", true}, {"abc", "a__c", false},
		{"", "%", true}, {"", "_", false}, {"a%c", `a\%c`, true}, {"abc", `a\%c`, false}, {`a\c`, `a\\c`, true}, {"abc", "ab", false}, {"ab", "abc", false}, {`a\`, `a\`, true},
	} {
		if got := like(tt.s, tt.pattern); got != tt.want {
			t.Errorf("%q like %q: %v", tt.s, tt.pattern, got)
		}
	}
}
