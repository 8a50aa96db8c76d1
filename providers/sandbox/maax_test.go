package sandbox

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

const (
	maaxPath = "/api/v2/outgoing-messages/"
	maaxHi   = `{"message_content":"How much is it?","platform":"email","ai_id":12,"service_type":"sales_automation",` +
		`"prospect_info":{"first_name":"student","email":"email@test.com"},` +
		`"send_response_url":"https://hooks.example.com/a","followup_url":"https://hooks.example.com/b"}`
)

// maaxWith makes maaxHi with members set, or left out when the value is "".
func maaxWith(pairs ...string) string {
	o, _ := fields([]byte(maaxHi))
	for i := 0; i < len(pairs); i += 2 {
		if o[pairs[i]] = []byte(pairs[i+1]); pairs[i+1] == "" {
			delete(o, pairs[i])
		}
	}
	return string(encode(o))
}

func TestMaaxErrors(t *testing.T) {
	s := built(t, Options{Tokens: map[string]string{Maax: "key"}, MaaxAIs: func(ai int64) bool { return ai == 12 }})
	const badKey = `{"error":"Invalid API key"}`
	for _, test := range []struct {
		name, method, path, body, key, kind string
		status                              int
		want                                string
	}{
		{"no key", "POST", maaxPath, maaxHi, "", "application/json", 401, badKey},
		{"wrong key", "POST", maaxPath, maaxHi, "keys", "application/json", 401, badKey},
		{"key before content", "POST", maaxPath, `{`, "x", "application/json", 401, badKey},
		{"get", "GET", maaxPath, "", "key", "application/json", 405, `{"error":"Method not allowed"}`},
		{"no slash", "POST", strings.TrimSuffix(maaxPath, "/"), maaxHi, "key", "application/json", 404, `{"error":"Not found"}`},
		{"one too many", "POST", maaxPath + "1", maaxHi, "key", "application/json", 404, `{"error":"Not found"}`},
		{"version 1", "POST", "/api/initiate_answer_generation/", maaxHi, "key", "application/json", 404, `{"error":"Not found"}`},
		{"form", "POST", maaxPath, maaxHi, "key", "application/x-www-form-urlencoded", 400, `{"error":"Content-Type must be application/json"}`},
		{"broken JSON", "POST", maaxPath, maaxHi[1:], "key", "application/json", 400, `{"error":"body must be an object"}`},
		{"another's AI", "POST", maaxPath, maaxWith("ai_id", "13"), "key", "application/json", 403, `{"error":"This AI is not yours"}`},
		{"content before AI", "POST", maaxPath, maaxWith("ai_id", "13", "platform", ""), "key", "application/json", 400,
			`{"error":"body must have the member platform"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := s.do(Maax, test.method, test.path, test.body, header("2hd-api-key", test.key), header("Content-Type", test.kind))
			expect(t, w, test.status, test.want)
		})
	}
	if got := s.Count(Maax); got != 0 {
		t.Errorf("accepted %d", got)
	}
}

func TestMaaxParameters(t *testing.T) {
	info := func(more string) string { return `{"first_name":"student"` + more + `}` }
	for _, test := range []struct{ name, body, want string }{
		{"as documented", maaxHi, ""},
		{"everything", maaxWith("prospect_id", "5", "conversation_id", "6", "output_format", `"plain_text"`, "prospect_info",
			info(`,"last_name":"test","email":"email@test.com","phone":1234567778,"facebook":"fbname","instagram":"igname","intercom":"icname"`)), ""},
		{"website", maaxWith("platform", `"website"`), ""},
		{"sms", maaxWith("platform", `"sms"`), ""},
		{"blank format", maaxWith("output_format", `""`), ""},
		{"phone as text", maaxWith("prospect_info", info(`,"phone":"+1 234"`)), ""},
		{"http", maaxWith("followup_url", `"http://127.0.0.1:1/x?y=z"`), ""},

		{"unknown member", maaxWith("token", `"x"`), "body has an unknown member: token"},
		{"unknown platform", maaxWith("platform", `"whatsapp"`), "body.platform must be one of: website, email, sms"},
		{"other service", maaxWith("service_type", `"customer_support_automation"`), "body.service_type must be one of: sales_automation"},
		{"html", maaxWith("output_format", `"html"`), "body.output_format must be plain_text or blank"},
		{"null format", maaxWith("output_format", "null"), "body.output_format must be"},
		{"empty text", maaxWith("message_content", `""`), "body.message_content must be text that is not empty"},
		{"text of another type", maaxWith("message_content", `1`), "body.message_content must be text"},
		{"AI as text", maaxWith("ai_id", `"12"`), "body.ai_id must be a whole number"},
		{"AI zero", maaxWith("ai_id", `0`), "body.ai_id must be a whole number"},
		{"prospect as text", maaxWith("prospect_id", `"1"`), "body.prospect_id must be a whole number"},
		{"null prospect", maaxWith("prospect_id", `null`), "body.prospect_id must be a whole number"},
		{"negative conversation", maaxWith("conversation_id", `-1`), "body.conversation_id must be a whole number"},
		{"file address", maaxWith("send_response_url", `"file:///etc/passwd"`), "body.send_response_url must be an address"},
		{"relative address", maaxWith("followup_url", `"/x"`), "body.followup_url must be an address"},
		{"address without a host", maaxWith("followup_url", `"http:///x"`), "body.followup_url must be an address"},
		{"address with a port alone", maaxWith("followup_url", `"http://:80/x"`), "body.followup_url must be an address"},
		{"address of another type", maaxWith("followup_url", `["http://a"]`), "body.followup_url must be an address"},

		{"info as text", maaxWith("prospect_info", `"student"`), "body.prospect_info must be an object"},
		{"no first name", maaxWith("prospect_info", `{"email":"a@b.c"}`), "body.prospect_info must have the member first_name"},
		{"no way to reach", maaxWith("prospect_info", info(``)), "body.prospect_info must have one of: email, phone, facebook, instagram, intercom"},
		{"last name does not count", maaxWith("prospect_info", info(`,"last_name":"test"`)), "must have one of: email"},
		{"empty way", maaxWith("prospect_info", info(`,"email":""`)), "body.prospect_info.email must be text that is not empty"},
		{"unknown way", maaxWith("prospect_info", info(`,"email":"a","telegram":"b"`)), "body.prospect_info has an unknown member: telegram"},
		{"e-mail of another type", maaxWith("prospect_info", info(`,"email":1`)), "body.prospect_info.email must be text"},
		{"phone of another type", maaxWith("prospect_info", info(`,"phone":1.5`)), "body.prospect_info.phone must be text"},
		{"negative phone", maaxWith("prospect_info", info(`,"phone":-5`)), "body.prospect_info.phone must be"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := built(t, Options{})
			defer s.Close()
			w := s.do(Maax, "POST", maaxPath, test.body)
			if test.want == "" {
				expect(t, w, 200, `{"incoming_message_id":1}`)
			} else if w.Code != 400 || !strings.Contains(w.Body.String(), test.want) || s.Count(Maax) != 0 {
				t.Errorf("got %d %s, want %s", w.Code, w.Body, test.want)
			}
		})
	}
	for _, name := range []string{"message_content", "platform", "ai_id", "service_type", "prospect_info", "send_response_url", "followup_url"} {
		expect(t, built(t, Options{}).do(Maax, "POST", maaxPath, maaxWith(name, "")), 400, `{"error":"body must have the member `+name+`"}`)
	}
}

func TestMaaxRecords(t *testing.T) {
	s := built(t, Options{})
	defer s.Close()
	for i, test := range []struct{ info, to string }{
		{`{"first_name":"a","intercom":"i","phone":"+1","email":"a@b.c"}`, "a@b.c"},
		{`{"first_name":"a","intercom":"i","phone":1234567778}`, "1234567778"},
		{`{"first_name":"a","intercom":"i","facebook":"f"}`, "f"},
		{`{"first_name":"a","intercom":"i"}`, "i"},
	} {
		w := s.do(Maax, "POST", maaxPath, maaxWith("prospect_info", test.info))
		expect(t, w, 200, fmt.Sprintf(`{"incoming_message_id":%d}`, i+1))
		m := s.Messages(Maax)[i]
		if m.To != test.to || m.ID != int64(i+1) || m.Account != 12 || m.Kind != "text" || m.Text != "How much is it?" {
			t.Errorf("recorded %+v", m)
		}
	}
}

func TestMaaxNumbers(t *testing.T) {
	m := built(t, Options{}).vendor(Maax).api.(*maax)
	for i, test := range []struct{ prospect, conversation, wantProspect, wantConversation int64 }{
		{0, 0, 1, 1},   // nobody is known: a new prospect, a new conversation
		{0, 0, 2, 2},   // again, though it may be the same person
		{1, 0, 1, 1},   // the latest conversation with the first
		{1, 40, 1, 40}, // another one
		{1, 0, 1, 40},  // which is now the latest
		{0, 0, 3, 41},  // above all that came
		{50, 0, 50, 42},
		{0, 7, 51, 7},
		{51, 0, 51, 7},
	} {
		q := m.number(question{prospect: test.prospect, conversation: test.conversation})
		if q.id != int64(i+1) || q.prospect != test.wantProspect || q.conversation != test.wantConversation {
			t.Errorf("question %d: %d, prospect %d, conversation %d", i+1, q.id, q.prospect, q.conversation)
		}
	}
}

func TestMaaxForgets(t *testing.T) {
	s := built(t, Options{Forget: true, Observe: func(m Message) {
		if m.Vendor == Maax && m.ID == 0 || m.Text == "" {
			t.Errorf("observed %+v", m)
		}
	}})
	for range 3 {
		s.do(Maax, "POST", maaxPath, maaxHi)
	}
	if n := len(s.vendor(Maax).api.(*maax).latest); n != 0 || s.Count(Maax) != 3 || len(s.Messages(Maax)) != 0 {
		t.Errorf("%d conversations kept, count %d", n, s.Count(Maax))
	}
	s.do(Avaamo, "POST", avaamoPath, avaamoHi)
	if got := decoded[avaamoPage](t, s.get("/v1/messages.json")); s.Count(Avaamo) != 1 || got.TotalEntries != 0 {
		t.Errorf("Avaamo kept %d", got.TotalEntries)
	}
}

// TestNewVendorsSendOnlyJSON checks the type of every answer.
func TestNewVendorsSendOnlyJSON(t *testing.T) {
	s := built(t, Options{})
	defer s.Close()
	for _, name := range []string{Avaamo, Maax} {
		for _, path := range []string{avaamoPath, maaxPath, "/v1/messages.json", "/"} {
			for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut} {
				if got := s.do(name, method, path, "").Header().Get("Content-Type"); got != "application/json" {
					t.Errorf("%s %s %s: %q", name, method, path, got)
				}
			}
		}
	}
}
