package cli

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"herald/providers"
)

// witnessErrors gets the errors that the emulator has, at an inbox that is no API channel.
func witnessErrors(t *testing.T, w *witness, a *audit) {
	const create = "conversations/42/messages"
	for _, e := range []struct {
		token string
		call
		want int
	}{
		{w.vendor.Token, call{"POST", create, `{"content":"a"}`}, 200},
		{witnessBot, call{"POST", create, `{"content":"a"}`}, 200},
		{witnessBot, call{"GET", "conversations/42", ""}, 200},
		{w.vendor.Token, call{"POST", "/api/v1/accounts/8/" + create, `{"content":"a"}`}, 401},
		{w.vendor.Token, call{"PATCH", create + "/1", `{"status":"read"}`}, 403},
		{w.vendor.Token, call{"DELETE", create + "/999", ""}, 404},
		{w.vendor.Token, call{"POST", create, `{"content":"a","message_type":"incoming"}`}, 422},
		{w.vendor.Token, call{"POST", create, `{"content":"a","content_type":"cards"}`}, 422},
		{w.vendor.Token, call{"POST", create, `{"content":"a","content_type":"form","content_attributes":{"items":[{"colour":"red"}]}}`}, 422},
		{w.vendor.Token, call{"POST", create, `{"content":"` + strings.Repeat("a", 150001) + `"}`}, 422},
	} {
		x := w.ask(t, e.token, e.call)
		if x.status != e.want {
			t.Errorf("%s %s %.80s: %d %s, want %d", e.method, e.path, e.body, x.status, x.exchange.answer, e.want)
		}
		a.settle(t, x)
	}
	for _, e := range []struct {
		token        string
		conversation int
		want         int
		class        providers.Class
	}{
		{"not-the-token", witnessTalk, 401, providers.AccountError},
		{w.vendor.Token, witnessMissing, 404, providers.Refused},
		{w.vendor.Token, witnessThrottle, 429, providers.Throttled},
	} {
		_, p := w.open(t, e.token)
		text := providers.Content{Kind: providers.KindText, Text: "Hi"}
		request, _ := p.Render(providers.Message{Content: text, Address: providers.Values{"conversation_id": int64(e.conversation)}})
		if out := p.Send(t.Context(), request, providers.NewKey()); out.HTTP != e.want || out.Class != e.class {
			t.Errorf("conversation %d: %+v, want %d", e.conversation, out, e.want)
		}
		a.settle(t, w.take()...)
		for _, c := range witnessEndpoints(e.conversation) {
			x := w.ask(t, e.token, c)
			inConversation := strings.Contains(c.path, fmt.Sprint(e.conversation))
			if x.status != e.want && (inConversation || e.want == 401) && !(c.method == "PATCH" && x.status == http.StatusForbidden) {
				t.Errorf("%s %s: %d %s, want %d", c.method, c.path, x.status, x.exchange.answer, e.want)
			}
			a.settle(t, x)
		}
	}
}

// witnessOpeningErrors gets the errors of opening conversations, from the client and beside it.
func witnessOpeningErrors(t *testing.T, w *witness, a *audit) {
	ada := map[string]string{"identifier": "c 1", "email": "ada@x.example"}
	for _, e := range []struct {
		token    string
		settings providers.Values
		want     int
		class    providers.Class
	}{
		{"not-the-token", nil, 401, providers.AccountError},
		{witnessBot, nil, 401, providers.AccountError},
		{w.vendor.Token, providers.Values{"account_id": int64(8)}, 401, providers.AccountError},
		{w.vendor.Token, providers.Values{"inbox_id": int64(witnessMissing)}, 404, providers.AccountError},
		{w.vendor.Token, providers.Values{"account_id": int64(witnessThrottle)}, 429, providers.Throttled},
	} {
		_, p := w.open(t, e.token, e.settings)
		if got := witnessOpen(t, p, ada, providers.NewKey(), true); got.HTTP != e.want || got.Class != e.class || got.Place != "" {
			t.Errorf("%v: %+v, want %d", e.settings, got, e.want)
		}
		a.settle(t, w.take()...)
	}
	_, p := w.open(t, w.vendor.Token)
	if got := witnessOpen(t, p, ada, providers.NewKey(), true); got.Class != providers.Accepted {
		t.Fatalf("%+v", got)
	}
	// The address is that of somebody else.
	if got := witnessOpen(t, p, map[string]string{"identifier": "c 2", "email": "ada@x.example"}, providers.NewKey(), true); got.Class != providers.Refused {
		t.Errorf("%+v", got)
	}
	a.settle(t, w.take()...)

	const made, link = "contacts/2000000001", "contacts/2000000001/contact_inboxes"
	for _, e := range []struct {
		token string
		call
		want int
	}{
		{w.vendor.Token, call{"POST", "contacts", `{"inbox_id":3,"identifier":"c 1"}`}, 422},
		{w.vendor.Token, call{"POST", "contacts", `{"inbox_id":3,"phone_number":"0151"}`}, 422},
		{w.vendor.Token, call{"POST", "contacts", `{"inbox_id":404}`}, 404},
		{w.vendor.Token, call{"POST", "contacts/filter", `{"payload":[]}`}, 422},
		{w.vendor.Token, call{"GET", "contacts/search?q=", ""}, 422},
		{w.vendor.Token, call{"POST", link, `{"inbox_id":404}`}, 404},
		{w.vendor.Token, call{"POST", "contacts/2000000009/contact_inboxes", `{"inbox_id":3}`}, 404},
		{w.vendor.Token, call{"POST", link, `{"inbox_id":4,"source_id":"a"}`}, 200},
		{w.vendor.Token, call{"GET", "contacts/2000000009/conversations", ""}, 404},
		{w.vendor.Token, call{"POST", "conversations", `{"source_id":"b","inbox_id":3,"contact_id":2000000009}`}, 404},
		{w.vendor.Token, call{"POST", "conversations", `{"source_id":"b","inbox_id":404,"contact_id":2000000001}`}, 404},
		{w.vendor.Token, call{"POST", "contacts", `{"inbox_id":4,"identifier":"c 2"}`}, 200},
		{w.vendor.Token, call{"POST", "contacts/2000000002/contact_inboxes", `{"inbox_id":4,"source_id":"a"}`}, 500},
		{w.vendor.Token, call{"POST", "conversations", `{"source_id":"a","inbox_id":4,"contact_id":2000000002}`}, 422},
		{witnessBot, call{"GET", made + "/conversations", ""}, 401},
		{witnessBot, call{"POST", link, `{"inbox_id":3}`}, 401},
		{witnessBot, call{"POST", "contacts/filter", `{"payload":[]}`}, 401},
		{witnessBot, call{"GET", "contacts/search?q=a", ""}, 401},
		{"", call{"POST", "conversations", `{"source_id":"b","inbox_id":3,"contact_id":2000000001}`}, 401},
	} {
		x := w.ask(t, e.token, e.call)
		if x.status != e.want {
			t.Errorf("%s %s %.80s: %d %s, want %d", e.method, e.path, e.body, x.status, x.exchange.answer, e.want)
		}
		a.settle(t, x)
	}
	const most = 201 // one more than two minutes have, so that one of them has too many
	for n := range most {
		x := w.ask(t, w.vendor.Token, call{"GET", "contacts/search?q=a", ""})
		if a.settle(t, x); x.status == http.StatusTooManyRequests {
			return
		}
		if n == most-1 {
			t.Errorf("%d searches at once, and none is one too many: %d", most, x.status)
		}
	}
}
