package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const (
	chatwootPath = "/api/v1/accounts/3/conversations/7/messages"
	chatwootHi   = `{"content":"Hi there"}`
)

func TestChatwootErrors(t *testing.T) {
	o := Options{
		BotTokens:     map[string]string{Chatwoot: "bot", Digital99: "bot"},
		Accounts:      func(_ string, account int64) bool { return account == 3 },
		Conversations: func(_ string, account, id int64) bool { return account == 3 && id == 7 },
	}
	const badToken = `{"error":"Invalid Access Token"}`
	const noBots = `{"error":"Access to this endpoint is not authorized for bots"}`
	const badAccount = `{"error":"You are not authorized to access this account"}`
	const notFound = `{"error":"Resource could not be found"}`
	for _, test := range []struct {
		name, method, path, body, token string
		status                          int
		want                            string
	}{
		{"no token", "POST", chatwootPath, chatwootHi, "", 401, badToken},
		{"wrong token", "POST", chatwootPath, chatwootHi, "other", 401, badToken},
		{"token before account", "POST", "/api/v1/accounts/4/conversations/7/messages", chatwootHi, "other", 401, badToken},
		{"bot lists", "GET", chatwootPath, "", "bot", 401, noBots},
		{"bot deletes", "DELETE", chatwootPath + "/1", "", "bot", 401, noBots},
		{"other account", "POST", "/api/v1/accounts/4/conversations/7/messages", chatwootHi, "user", 401, badAccount},
		{"account word", "POST", "/api/v1/accounts/x/conversations/7/messages", chatwootHi, "user", 401, badAccount},
		{"unknown conversation", "POST", "/api/v1/accounts/3/conversations/8/messages", chatwootHi, "user", 404, notFound},
		{"conversation zero", "GET", "/api/v1/accounts/3/conversations/0/messages", "", "user", 404, notFound},
		{"unknown message", "DELETE", chatwootPath + "/99", "", "user", 404, notFound},
		{"status of a website inbox", "PATCH", chatwootPath + "/1", `{"status":"read"}`, "user", 403,
			`{"error":"Message status update is only allowed for API inboxes"}`},
		{"broken JSON", "POST", chatwootPath, `{"content":`, "user", 400, `{"status":400,"error":"Bad Request"}`},
		{"unknown path", "POST", "/api/v1/accounts/3/nothing", "", "user", 404, `{"status":404,"error":"Not Found"}`},
		{"unknown method", "PUT", chatwootPath, chatwootHi, "user", 404, `{"status":404,"error":"Not Found"}`},
		{"other prefix", "POST", "/v1/accounts/3/conversations/7/messages", chatwootHi, "user", 404, `{"status":404,"error":"Not Found"}`},
	} {
		for _, name := range []string{Chatwoot, Digital99} {
			t.Run(name+" "+test.name, func(t *testing.T) {
				o.Tokens = map[string]string{name: "user"}
				s := built(t, o)
				expect(t, s.do(name, test.method, test.path, test.body, header("api_access_token", test.token)), test.status, test.want)
				if got := s.Count(name); got != 0 {
					t.Errorf("accepted %d", got)
				}
			})
		}
	}
}

func TestChatwootCreateChecks(t *testing.T) {
	const both = Chatwoot + " " + Digital99
	items := func(kind, items string) string {
		return fmt.Sprintf(`{"content":"x","content_type":%q,"content_attributes":{"items":%s}}`, kind, items)
	}
	const keys = "Validation failed: Content attributes contains invalid keys for items : "
	for _, test := range []struct {
		name, vendors, body string
		want                string // the error, "" for accepted
	}{
		{"text", both, chatwootHi, ""},
		{"everything documented", both, `{"content":"x","message_type":"outgoing","private":true,"content_type":"text","content_attributes":{"own":{"a":1}}}`, ""},
		{"campaign and template", Chatwoot, `{"content":"x","campaign_id":5,"template_params":{"name":"hello","language":"en"}}`, ""},
		{"longest", both, `{"content":"` + strings.Repeat("ü", 150000) + `"}`, ""},
		{"select", both, items("input_select", `[{"title":"A","value":"a"}]`), ""},
		{"cards", both, items("cards", `[{"title":"A","description":"d","media_url":"u","actions":[{"type":"link","text":"t","uri":"u"},{"type":"postback","text":"t","payload":"p"}]}]`), ""},
		{"form", both, items("form", `[{"name":"n","type":"text","label":"l","placeholder":"p","default":"d","required":true,"pattern":"x","title":"t","pattern_error":"e","options":[]}]`), ""},
		{"article", Chatwoot, items("article", `[{"title":"A","description":"d","link":"l"}]`), ""},
		{"email", Chatwoot, `{"content":"x","content_type":"input_email"}`, ""},
		{"activity", Digital99, `{"content":"x","message_type":"activity"}`, ""},
		{"template", Digital99, `{"content":"x","message_type":"template"}`, ""},

		{"missing content", both, `{}`, "param is missing or the value is empty: content"},
		{"empty content", both, `{"content":""}`, "param is missing or the value is empty: content"},
		{"unknown", both, `{"content":"x","contents":1}`, "found unpermitted parameter: :contents"},
		{"other case", both, `{"Content":"x"}`, "found unpermitted parameter: :Content"},
		{"two unknown", both, `{"content":"x","b-b":1,"a":2}`, `found unpermitted parameters: :a, :"b-b"`},
		{"only in the source", both, `{"content":"x","source_id":"s"}`, "found unpermitted parameter: :source_id"},
		{"campaign elsewhere", Digital99, `{"content":"x","campaign_id":5}`, "found unpermitted parameter: :campaign_id"},
		{"content number", both, `{"content":5}`, "content must be a string"},
		{"content null", both, `{"content":null}`, "content must be a string"},
		{"private string", both, `{"content":"x","private":"true"}`, "private must be a boolean"},
		{"type number", both, `{"content":"x","message_type":1}`, "message_type must be a string"},
		{"attributes string", both, `{"content":"x","content_attributes":"{}"}`, "content_attributes must be an object"},
		{"campaign string", Chatwoot, `{"content":"x","campaign_id":"5"}`, "campaign_id must be an integer"},
		{"campaign null", Chatwoot, `{"content":"x","campaign_id":null}`, "campaign_id must be an integer"},
		{"unknown message_type", both, `{"content":"x","message_type":"sent"}`, "'sent' is not a valid message_type"},
		{"activity at Chatwoot", Chatwoot, `{"content":"x","message_type":"activity"}`, "'activity' is not a valid message_type"},
		{"unknown content_type", both, `{"content":"x","content_type":"image"}`, "'image' is not a valid content_type"},
		{"article at 99digital", Digital99, items("article", `[{"title":"A"}]`), "'article' is not a valid content_type"},
		{"incoming", both, `{"content":"x","message_type":"incoming"}`, "Incoming messages are only allowed in Api inboxes"},
		{"too long", both, `{"content":"` + strings.Repeat("ü", 150001) + `"}`, "Validation failed: Content is too long (maximum is 150000 characters)"},
		{"template without name", Chatwoot, `{"content":"x","template_params":{"language":"en"}}`, "Validation failed: Additional attributes template_params must have a name"},
		{"select without items", both, `{"content":"x","content_type":"input_select"}`, "Validation failed: Content attributes At least one item is required."},
		{"select with none", both, items("input_select", `[]`), "Validation failed: Content attributes At least one item is required."},
		{"items null", both, items("form", `null`), "Validation failed: Content attributes At least one item is required."},
		{"items of text", both, items("input_select", `["A"]`), "Validation failed: Content attributes Items should be a hash."},
		{"items object", both, items("input_select", `{"title":"A"}`), "Validation failed: Content attributes Items should be a hash."},
		{"select keys in order", both, items("input_select", `[{"title":"A","zeta":1},{"alpha":2,"title":"B"}]`), keys + "[:zeta, :alpha]"},
		{"cards keys", both, items("cards", `[{"title":"A","link":"x","actions":[]}]`), keys + "[:link]"},
		{"form keys", both, items("form", `[{"value":"A"}]`), keys + "[:value]"},
		{"article keys", Chatwoot, items("article", `[{"url":"A"}]`), keys + "[:url]"},
		{"card without actions", both, items("cards", `[{"title":"A"}]`), "Validation failed: Content attributes contains items missing actions"},
		{"card with no action", both, items("cards", `[{"title":"A","actions":[]}]`), "Validation failed: Content attributes contains items missing actions"},
		{"action keys", both, items("cards", `[{"title":"A","actions":[{"type":"link","url":"x"}]}]`),
			"Validation failed: Content attributes contains invalid keys for actions:  [:url]"},
		{"two faults", both, `{"content":"` + strings.Repeat("x", 150001) + `","content_type":"form"}`,
			"Validation failed: Content is too long (maximum is 150000 characters), Content attributes At least one item is required."},
	} {
		for name := range strings.FieldsSeq(test.vendors) {
			t.Run(name+" "+test.name, func(t *testing.T) {
				s := built(t, Options{})
				w := s.do(name, "POST", chatwootPath, test.body)
				if test.want == "" {
					if w.Code != 200 || s.Count(name) != 1 {
						t.Errorf("got %d %s, %d accepted", w.Code, w.Body, s.Count(name))
					}
					return
				}
				expect(t, w, 422, string(encode(map[string]string{"error": test.want})))
				if got := s.Count(name); got != 0 {
					t.Errorf("accepted %d", got)
				}
			})
		}
	}
	s := built(t, Options{})
	expect(t, s.do(Chatwoot, "POST", chatwootPath, chatwootHi, header("Content-Type", "text/plain")), 422,
		`{"error":"param is missing or the value is empty: content"}`)
}

func TestChatwootAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // the clock begins at midnight, 2000-01-01
		time.Sleep(1500 * time.Millisecond)
		const sent = `{"content":"Pick","content_type":"input_select","private":true,
			"content_attributes":{"items":[{"title":"A","value":"a"}],"own_key":"k1"}}`
		s := built(t, Options{})
		expect(t, s.do(Chatwoot, "POST", chatwootPath, sent), 200, `{"id":1,"content":"Pick","inbox_id":1,"conversation_id":7,`+
			`"message_type":1,"content_type":"input_select","status":"sent",`+
			`"content_attributes":{"items":[{"title":"A","value":"a"}],"own_key":"k1"},"created_at":946684801,"private":true,`+
			`"source_id":null,"sender":{"id":1,"name":"Sandbox Agent","available_name":"Sandbox Agent","avatar_url":"",`+
			`"type":"user","availability_status":"offline","thumbnail":""}}`)
		expect(t, s.do(Digital99, "POST", chatwootPath, chatwootHi), 200, `{"id":1,"content":"Hi there","inbox_id":1,`+
			`"conversation_id":7,"message_type":1,"content_type":"text","status":"sent","content_attributes":{},`+
			`"created_at":946684801,"private":false,"source_id":null,"sender":{"id":1,"name":"Sandbox Agent",`+
			`"available_name":"Sandbox Agent","email":"agent@example.com","avatar_url":"","logo_user_url":"","type":"user",`+
			`"availability_status":"offline","thumbnail":""},"created_at_exact":"2000-01-01T00:00:01.500Z"}`)
	})
}

func TestChatwootMessageTypes(t *testing.T) {
	s := built(t, Options{APIInbox: true, BotTokens: map[string]string{Digital99: "bot"}})
	for word, want := range map[string]struct {
		number int
		sender string
	}{"incoming": {0, "contact"}, "outgoing": {1, "user"}, "activity": {2, "contact"}, "template": {3, "contact"}} {
		body := fmt.Sprintf(`{"content":"x","message_type":%q}`, word)
		m := decoded[chatwootMessage](t, s.do(Digital99, "POST", chatwootPath, body))
		if m.MessageType != want.number || !strings.Contains(string(m.Sender), `"type":"`+want.sender+`"`) {
			t.Errorf("%s: %d from %s", word, m.MessageType, m.Sender)
		}
	}
	m := decoded[chatwootMessage](t, s.do(Digital99, "POST", chatwootPath, chatwootHi, header("api_access_token", "bot")))
	if !strings.Contains(string(m.Sender), `"agent_bot"`) {
		t.Errorf("a bot's message is from %s", m.Sender)
	}
}

func TestChatwootLiquid(t *testing.T) {
	for content, want := range map[string]string{
		"Hi {{ contact.name }}, hello": "Hi , hello",
		"{% if x %}a{% endif %}":       "a",
		"use `{{ x }}` as it is":       "use `{{ x }}` as it is",
		"one ` only {{x}}":             "one ` only ",
		"unfinished {{ x":              "unfinished {{ x",
		"{{ok}} then {{ x":             "{{ok}} then {{ x",
		"single { brace } stays":       "single { brace } stays",
		"{{a}}{{b}}":                   "",
	} {
		s := built(t, Options{})
		body := encode(map[string]string{"content": content})
		m := decoded[chatwootMessage](t, s.do(Chatwoot, "POST", chatwootPath, string(body)))
		if m.Content != want {
			t.Errorf("%q became %q, want %q", content, m.Content, want)
		}
		if got := s.Messages(Chatwoot)[0]; got.Text != want || !strings.Contains(string(got.Body), "content") {
			t.Errorf("recorded %q %s", got.Text, got.Body)
		}
	}
}

func TestChatwootList(t *testing.T) {
	s := built(t, Options{NoLimits: true})
	for i := range 1300 { // ids 1..1300, every odd one in conversation 7
		path := chatwootPath
		if i%2 == 1 {
			path = "/api/v1/accounts/3/conversations/8/messages"
		}
		s.do(Chatwoot, "POST", path, fmt.Sprintf(`{"content":"m%d","private":%v}`, i+1, i == 1298))
	}
	span := func(from, to int) []int64 { // odd ids
		var ids []int64
		for id := from; id <= to; id += 2 {
			ids = append(ids, int64(id))
		}
		return ids
	}
	for _, test := range []struct {
		query string
		want  []int64
	}{
		{"", span(1261, 1299)},
		{"?before=41", span(1, 39)},
		{"?before=45", span(5, 43)},
		{"?before=5", span(1, 3)},
		{"?before=1", nil},
		{"?before=0", nil},
		{"?after=0", span(1, 199)},
		{"?after=1", span(3, 201)},
		{"?after=1200", span(1201, 1299)},
		{"?after=1299", nil},
		{"?after=99999", nil},
		{"?after=abc", span(1, 199)},
		{"?after=", span(1261, 1299)},
		{"?after=11&before=21", span(11, 19)},
		{"?after=1&before=1301", span(1, 1299)},
		{"?after=21&before=11", nil},
		{"?filter_internal_messages=true", span(1259, 1297)},
		{"?after=1295&filter_internal_messages=true", span(1297, 1297)},
	} {
		type answer struct {
			Meta    map[string]json.RawMessage
			Payload []chatwootMessage
		}
		a := decoded[answer](t, s.do(Chatwoot, "GET", chatwootPath+test.query, ""))
		var got []int64
		for _, m := range a.Payload {
			got = append(got, m.ID)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %v\nwant %v", test.query, got, test.want)
		}
		for _, name := range []string{"labels", "additional_attributes", "contact", "agent_last_seen_at", "assignee_last_seen_at"} {
			if a.Meta[name] == nil {
				t.Errorf("%s: meta lacks %s", test.query, name)
			}
		}
	}
	if w := s.do(Chatwoot, "GET", "/api/v1/accounts/3/conversations/9/messages", ""); !strings.HasSuffix(w.Body.String(), `"payload":[]}`) {
		t.Errorf("empty conversation: %s", w.Body)
	}
	if w := s.do(Chatwoot, "GET", "/api/v1/accounts/4/conversations/7/messages", ""); !strings.HasSuffix(w.Body.String(), `"payload":[]}`) {
		t.Errorf("the same number in another account: %s", w.Body)
	}
}

func TestChatwootListMostBetween(t *testing.T) {
	s := newChatwootStore(Chatwoot, Options{NoLimits: true})
	key := conversationKey{1, 1}
	for range 1100 {
		s.add(key, chatwootMessage{}, false)
	}
	got := s.list(key, page{after: 1, before: 5000})
	if len(got) != 1000 || got[0].ID != 1 || got[999].ID != 1000 {
		t.Errorf("%d messages, from %d", len(got), got[0].ID)
	}
}

func TestChatwootChanges(t *testing.T) {
	s := built(t, Options{APIInbox: true})
	for range 2 {
		s.do(Chatwoot, "POST", chatwootPath, `{"content":"x","content_attributes":{"own":"k"}}`)
	}
	first := func() chatwootMessage {
		type answer struct{ Payload []chatwootMessage }
		return decoded[answer](t, s.do(Chatwoot, "GET", chatwootPath, "")).Payload[0]
	}
	check := func(what, status, attributes, content string) {
		t.Helper()
		if m := first(); m.Status != status || string(m.ContentAttributes) != attributes || m.Content != content {
			t.Errorf("after %s: %+v", what, m)
		}
	}
	check("create", "sent", `{"own":"k"}`, "x")
	for _, status := range []string{"delivered", "read"} {
		decoded[chatwootMessage](t, s.do(Chatwoot, "PATCH", chatwootPath+"/1", fmt.Sprintf(`{"status":%q}`, status)))
		check(status, status, `{"own":"k"}`, "x")
	}
	expect(t, s.do(Chatwoot, "PATCH", chatwootPath+"/1", `{"status":"lost"}`), 422, `{"error":"'lost' is not a valid status"}`)
	decoded[chatwootMessage](t, s.do(Chatwoot, "PATCH", chatwootPath+"/1", `{"status":"failed","external_error":"blocked"}`))
	check("failed", "failed", `{"external_error":"blocked","own":"k"}`, "x")
	decoded[chatwootMessage](t, s.do(Chatwoot, "POST", chatwootPath+"/1/retry", ""))
	check("retry", "sent", `{}`, "x")
	decoded[chatwootMessage](t, s.do(Chatwoot, "DELETE", chatwootPath+"/1", ""))
	check("delete", "sent", `{"deleted":true}`, "This message was deleted")
	if got := s.Messages(Chatwoot); len(got) != 2 || got[0].Text != "x" {
		t.Errorf("what arrived changed: %v", got)
	}
	s.do(Chatwoot, "POST", chatwootPath, `{"content":"x","content_attributes":{"own":"k","automation_rule_id":5}}`)
	if got := s.do(Chatwoot, "GET", chatwootPath+"?after=2", "").Body.String(); !strings.Contains(got, `"content_attributes":{"automation_rule_id":5}`) {
		t.Errorf("automation_rule_id takes the place of the rest: %s", got)
	}
}

func TestChatwootReads(t *testing.T) {
	s := built(t, Options{})
	for id := range 30 {
		s.do(Chatwoot, "POST", fmt.Sprintf("/api/v1/accounts/3/conversations/%d/messages", id+1), chatwootHi)
	}
	type conversations struct {
		Data struct {
			Meta    map[string]int
			Payload []chatwootConversation
		}
	}
	path := "/api/v1/accounts/3/"
	first := decoded[conversations](t, s.do(Chatwoot, "GET", path+"conversations", "")).Data
	if len(first.Payload) != 25 || first.Meta["all_count"] != 30 || first.Payload[0].ID != 30 || len(first.Payload[0].Messages) != 1 {
		t.Errorf("first page: %d, %v", len(first.Payload), first.Meta)
	}
	for query, want := range map[string]int{"?page=2": 5, "?page=3": 0, "?page=9223372036854775807": 0, "?status=resolved": 0,
		"?status=all&page=2": 5, "?assignee_type=me": 0} {
		if got := decoded[conversations](t, s.do(Chatwoot, "GET", path+"conversations"+query, "")).Data; len(got.Payload) != want {
			t.Errorf("%s: %d conversations, want %d", query, len(got.Payload), want)
		}
	}
	if got := decoded[chatwootConversation](t, s.do(Chatwoot, "GET", path+"conversations/4", "")); got.ID != 4 || got.AccountID != 3 || len(got.Messages) != 1 {
		t.Errorf("one conversation: %+v", got)
	}
	if got := decoded[chatwootConversation](t, s.do(Chatwoot, "GET", path+"conversations/400", "")); got.ID != 400 || len(got.Messages) != 0 {
		t.Errorf("an empty conversation: %+v", got)
	}
	type contacts struct {
		Meta    map[string]int
		Payload []chatwootContact
	}
	if got := decoded[contacts](t, s.do(Chatwoot, "GET", path+"contacts?page=2", "")); len(got.Payload) != 15 || got.Meta["count"] != 30 || got.Meta["current_page"] != 2 {
		t.Errorf("contacts: %d, %v", len(got.Payload), got.Meta)
	}
	type of struct{ Payload []chatwootConversation }
	if got := decoded[of](t, s.do(Chatwoot, "GET", path+"contacts/4/conversations", "")); len(got.Payload) != 1 || got.Payload[0].ID != 4 {
		t.Errorf("a contact's conversations: %+v", got)
	}
}

func TestChatwootLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // the clock begins at a full minute
		s := built(t, Options{})
		for i := range 3000 {
			path := fmt.Sprintf("/api/v1/accounts/3/conversations/%d/messages", i/200+1)
			if w := s.do(Chatwoot, "POST", path, chatwootHi); w.Code != 200 {
				t.Fatalf("message %d: %d %s", i+1, w.Code, w.Body)
			}
		}
		w := s.do(Chatwoot, "POST", chatwootPath, chatwootHi, func(r *http.Request) { r.Header.Del("api_access_token") })
		expect(t, w, 429, "Retry later\n") // counted before anything is looked at
		if h := w.Header(); h.Get("Content-Type") != "text/plain" || h.Get("Retry-After") != "" {
			t.Errorf("headers %v", h)
		}
		if got := s.do(Digital99, "POST", chatwootPath, chatwootHi).Code; got != 200 {
			t.Errorf("the other vendor: %d", got)
		}
		time.Sleep(60*time.Second - 1)
		if got := s.do(Chatwoot, "GET", chatwootPath, "").Code; got != 429 {
			t.Errorf("in the last nanosecond of the minute: %d", got)
		}
		flood := built(t, Options{})
		for i := range 200 {
			if w := flood.do(Chatwoot, "POST", chatwootPath, chatwootHi); w.Code != 200 {
				t.Fatalf("message %d: %d %s", i+1, w.Code, w.Body)
			}
		}
		time.Sleep(time.Nanosecond) // a new minute for the address, not for the conversation
		if got := s.do(Chatwoot, "GET", chatwootPath, "").Code; got != 200 {
			t.Errorf("in the next minute: %d", got)
		}
		expect(t, flood.do(Chatwoot, "POST", chatwootPath, chatwootHi), 422, `{"error":"Validation failed: Too many messages"}`)
		other := "/api/v1/accounts/3/conversations/8/messages"
		if got := flood.do(Chatwoot, "POST", other, chatwootHi).Code; got != 200 {
			t.Errorf("another conversation: %d", got)
		}
		time.Sleep(time.Minute)
		if got := flood.do(Chatwoot, "POST", chatwootPath, chatwootHi).Code; got != 200 {
			t.Errorf("a minute later: %d", got)
		}
		if got := flood.Count(Chatwoot); got != 202 {
			t.Errorf("accepted %d, want 202", got)
		}
	})
}
