package cli

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"herald/providers/sandbox"
)

// What this test finds to be right means nothing unless it finds what is wrong. The requests are sent too: what the
// document forbids, the emulator must not take.
func TestOpenAPIFindsFaults(t *testing.T) {
	w := startWitness(t, loadOpenAPI(t), sandbox.Chatwoot, true)
	const create, link = "conversations/42/messages", "contacts/42/contact_inboxes"
	for _, e := range []struct {
		token string
		call
		want     int
		at, what string
	}{
		{w.vendor.Token, call{"POST", create, `{"content":5}`}, 422, "/content", "type"},
		{w.vendor.Token, call{"POST", create, `{"content":null}`}, 422, "/content", "type"},
		{w.vendor.Token, call{"POST", create, `{}`}, 422, "", "required"},
		{w.vendor.Token, call{"POST", create, `[]`}, 400, "", "type"},
		{w.vendor.Token, call{"POST", create, `{"content":`}, 400, "", "failed to decode request body: unexpected EOF"},
		{w.vendor.Token, call{"POST", create, ""}, 422, "", "value is required but missing"},
		{w.vendor.Token, call{"POST", create, `{"content":"a","private":"yes"}`}, 422, "/private", "type"},
		{w.vendor.Token, call{"POST", create, `{"content":"a","message_type":"activity"}`}, 422, "/message_type", "enum"},
		{w.vendor.Token, call{"POST", create, `{"content":"a","content_type":"sticker"}`}, 422, "/content_type", "enum"},
		{w.vendor.Token, call{"POST", create, `{"content":"a","content_attributes":[]}`}, 422, "/content_attributes", "type"},
		{w.vendor.Token, call{"POST", create, `{"content":"a","campaign_id":"b"}`}, 422, "/campaign_id", "type"},
		{w.vendor.Token, call{"POST", create, `{"content":"a","template_params":{"category":"UTILITY","language":"en","processed_params":{}}}`}, 422, "/template_params", "required"},
		{w.vendor.Token, call{"POST", create, `{"content":"a","subject":"b"}`}, 422, "/subject", undocumented},
		{w.vendor.Token, call{"POST", "contacts", `{"identifier":"a"}`}, 422, "", "required"},
		{w.vendor.Token, call{"POST", "contacts", `{"inbox_id":"3"}`}, 422, "/inbox_id", "type"},
		{w.vendor.Token, call{"POST", "contacts", `{"inbox_id":3,"email":null}`}, 422, "/email", "type"},
		{w.vendor.Token, call{"POST", "contacts", `{"inbox_id":3,"custom_attributes":[]}`}, 422, "/custom_attributes", "type"},
		{w.vendor.Token, call{"POST", "contacts", `{"inbox_id":3,"phone":"+491"}`}, 422, "/phone", undocumented},
		{w.vendor.Token, call{"POST", "contacts/filter", `{"payload":{}}`}, 422, "/payload", "type"},
		{w.vendor.Token, call{"POST", "contacts/filter", `{"payload":[{"attribute_key":5,"filter_operator":"equal_to","values":["a"]}]}`}, 422, "/payload/#/attribute_key", "type"},
		{w.vendor.Token, call{"POST", "contacts/filter", `{"payload":[{"attribute_key":"email","filter_operator":"is","values":["a"]}]}`}, 422, "/payload/#/filter_operator", "enum"},
		{w.vendor.Token, call{"POST", "contacts/filter", `{"payload":[{"attribute_key":"email","filter_operator":"equal_to","values":[5]}]}`}, 422, "/payload/#/values/#", "type"},
		{w.vendor.Token, call{"POST", "contacts/filter", `{"payload":[{"attribute_key":"email","filter_operator":"equal_to","values":"a"}]}`}, 422, "/payload/#/values", "type"},
		{w.vendor.Token, call{"POST", "contacts/filter", `{"payload":[{"attribute_key":"email","filter_operator":"equal_to","values":["a"],"query_operator":"XOR"}]}`}, 422, "/payload/#/query_operator", "enum"},
		{w.vendor.Token, call{"POST", "contacts/filter", `{"payload":[{"attribute_key":"email","filter_operator":"equal_to","values":["a"],"colour":"red"}]}`}, 422, "/payload/#/colour", undocumented},
		{w.vendor.Token, call{"POST", link, `{"source_id":"a"}`}, 422, "", "required"},
		{w.vendor.Token, call{"POST", link, `{"inbox_id":3,"source_id":5}`}, 422, "/source_id", "type"},
		{w.vendor.Token, call{"POST", "conversations", `{"inbox_id":3}`}, 422, "", "required"},
		{w.vendor.Token, call{"POST", "conversations", `{"source_id":5}`}, 422, "/source_id", "type"},
		{w.vendor.Token, call{"POST", "conversations", `{"source_id":"a","inbox_id":3,"contact_id":"1"}`}, 422, "/contact_id", "type"},
		{w.vendor.Token, call{"POST", "conversations", `{"source_id":"a","inbox_id":3,"contact_id":1,"status":"closed"}`}, 422, "/status", "enum"},
		{w.vendor.Token, call{"POST", "conversations", `{"source_id":"a","inbox_id":3,"contact_id":1,"custom_attributes":"a"}`}, 422, "/custom_attributes", "type"},
		{"", call{"POST", create, `{"content":"a"}`}, 401, "", noAccess},
		{witnessBot, call{"POST", "contacts", `{"inbox_id":3}`}, 401, "", noAccess},
		{witnessBot, call{"POST", "contacts/filter", `{"payload":[]}`}, 401, "", noAccess},
		{witnessBot, call{"GET", "contacts/search?q=a", ""}, 401, "", noAccess},
		{witnessBot, call{"POST", link, `{"inbox_id":3}`}, 401, "", noAccess},
		{witnessBot, call{"GET", "contacts/42/conversations", ""}, 401, "", noAccess},
		{witnessBot, call{"GET", create, ""}, 401, "", noAccess},
		{w.vendor.Token, call{"PUT", create, `{"content":"a"}`}, 404, "", undocumented},
	} {
		x := w.ask(t, e.token, e.call)
		if x.status != e.want {
			t.Errorf("%s %s %s: %d %s, want %d", e.method, e.path, e.body, x.status, x.exchange.answer, e.want)
		}
		if len(x.request) != 1 || x.request[0].at != e.at || x.request[0].what != e.what {
			t.Errorf("%s %s %s: %v, want %q: %s", e.method, e.path, e.body, x.request, e.at, e.what)
		}
	}

	good := w.ask(t, w.vendor.Token, call{"POST", create, `{"content":"a"}`})
	list := w.ask(t, w.vendor.Token, call{"GET", create, ""})
	if len(good.verdict.request)+len(good.verdict.answer) > 0 {
		t.Fatalf("a good message has faults: %v", good.verdict)
	}
	for _, e := range []struct {
		seen
		member   string
		value    any
		at, what string // what is "" where nothing is wrong
	}{
		{good, "id", "17", "/id", "type"},
		{good, "message_type", 7, "/message_type", "enum"},
		{good, "status", "queued", "/status", "enum"},
		{good, "private", 0, "/private", "type"},
		{good, "content_attributes", []int{}, "/content_attributes", "type"},
		{good, "created_at", "2026-11-01", "/created_at", "type"},
		{good, "colour", "red", "/colour", undocumented},
		// Lists of types are new in OpenAPI 3.1.
		{good, "source_id", 5, "/source_id", "type"},
		{good, "source_id", "5", "", ""},
		{good, "source_id", nil, "", ""},
		{good, "content", nil, "/content", "type"},
		{list, "payload", map[string]any{}, "/payload", "type"},
		{list, "payload", []any{map[string]any{"id": 1}, map[string]any{"id": "2"}}, "/payload/#/id", "type"},
	} {
		var body map[string]any
		if err := json.Unmarshal(e.exchange.answer, &body); err != nil {
			t.Fatal(err)
		}
		body[e.member] = e.value
		x := e.exchange
		x.answer, _ = json.Marshal(body)
		var want []mismatch
		if e.what != "" {
			want = []mismatch{{sandbox.Chatwoot, "answer", e.operation, 200, e.at, e.what}}
		}
		var got []mismatch
		for _, m := range w.document.check(sandbox.Chatwoot, x).answer {
			if !strings.HasPrefix(m.at, "/meta/contact/") { // one of knownMismatches
				got = append(got, m)
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %v: %v, want %v", e.member, e.value, got, want)
		}
	}
	for what, change := range map[string]func(*exchange){
		noSuchStatus: func(x *exchange) { x.status = http.StatusTeapot },
		`response header Content-Type has unexpected value: "text/html"`: func(x *exchange) { x.answerHeader = http.Header{"Content-Type": {"text/html"}} },
		"failed to decode response body: unexpected EOF":                 func(x *exchange) { x.answer = x.answer[:20] },
		"type": func(x *exchange) { x.answer = []byte(`"ok"`) },
	} {
		x := good.exchange
		change(&x)
		if got := w.document.check(sandbox.Chatwoot, x).answer; len(got) != 1 || got[0].what != what {
			t.Errorf("%v, want %s", got, what)
		}
	}
}
