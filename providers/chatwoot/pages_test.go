package chatwoot

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"herald/providers"
)

// The address as the vendors write it.
func TestSampleAddress(t *testing.T) {
	const behind = "/api/v1/accounts/{account_id}/conversations/{conversation_id}/messages"
	for _, tt := range []struct {
		kind providers.Type
		base string
	}{{Digital99(), "https://online.99digital.co.il"}, {Chatwoot(), "https://app.chatwoot.com"}} {
		p, err := tt.kind.Open(providers.Account{Settings: providers.Values{"account_id": int64(5)}})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		r, _ := p.Render(text("Hi"))
		want := tt.base + strings.NewReplacer("{account_id}", "5", "{conversation_id}", "34").Replace(behind)
		if got := tt.kind.Facts.BaseURL + r.Path; r.Method != "POST" || got != want {
			t.Errorf("%s %s, want POST %s", r.Method, got, want)
		}
	}
}

// The token stands in its header as it is, whatever is asked.
func TestToken(t *testing.T) {
	var header http.Header
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header = r.Header
		io.WriteString(w, `{"id":1,"payload":[]}`)
	}))
	defer srv.Close()
	for _, kind := range Types() {
		l := opened(t, kind, srv.URL)
		p := l.(providers.Provider)
		r, _ := p.Render(text("Hi"))
		for what, ask := range map[string]func() providers.Outcome{
			"send": func() providers.Outcome { return p.Send(t.Context(), r, providers.NewKey()) },
			"list": func() providers.Outcome {
				_, o := l.List(t.Context(), providers.Query{Conversation: "34"})
				return o
			},
		} {
			o := ask()
			if got := header.Values("api_access_token"); o.Class != providers.Accepted || !slices.Equal(got, []string{"token-of-a-user"}) || header.Get("Authorization") != "" {
				t.Errorf("%s, %s: %q, %+v", kind.Facts.Type, what, got, o)
			}
		}
	}
}

// The words that each vendor's page has for message_type and content_type of a request, and some that it has not.
// 99digital's page has article in its table of answers, and not in that of requests.
func TestWords(t *testing.T) {
	items := map[string]string{
		"input_select": `,"content_attributes":{"items":[{"title":"A","value":"a"}]}`, "form": `,"content_attributes":{"items":[{"name":"a"}]}`,
		"cards": `,"content_attributes":{"items":[{"actions":[{}]}]}`, "article": `,"content_attributes":{"items":[{"link":"a"}]}`,
	}
	for _, tt := range []struct {
		kind       providers.Type
		name       string
		words, not string
	}{
		{Digital99(), "message_type", "incoming outgoing activity template", "shout Outgoing"},
		{Chatwoot(), "message_type", "incoming outgoing", "activity template"},
		{Digital99(), "content_type", "text input_select cards form", "article input_email input_csat Text"},
		{Chatwoot(), "content_type", "text input_email cards input_select form article", "input_csat sticker Text"},
	} {
		p := opened(t, tt.kind, "").(providers.Provider)
		try := func(word string, want bool) {
			t.Helper()
			if _, problems := p.Render(own(`{"content":"Hi","` + tt.name + `":"` + word + `"` + items[word] + `}`)); providers.Failed(problems) == want {
				t.Errorf("%s, %s %s: %+v", tt.kind.Facts.Type, tt.name, word, problems)
			}
			if tt.name != "message_type" {
				return
			}
			r, problems := p.Render(with(text("Hi"), providers.Values{tt.name: word}))
			if providers.Failed(problems) == want || want && !strings.Contains(string(r.Body), `"message_type":"`+word+`"`) {
				t.Errorf("%s, option %s %s: %s %+v", tt.kind.Facts.Type, tt.name, word, r.Body, problems)
			}
		}
		for word := range strings.FieldsSeq(tt.words) {
			try(word, true)
		}
		for word := range strings.FieldsSeq(tt.not) {
			try(word, false)
		}
	}
}

// The keys that items of native content may have, by content type: all of them, and none that is another type's.
func TestContentKeys(t *testing.T) {
	keys := map[string]string{
		"input_select": "title value", "cards": "title description media_url actions", "article": "title description link",
		"form": "type placeholder label name options default required pattern title pattern_error",
	}
	every := strings.Fields("link uri items")
	for _, list := range keys {
		every = append(every, strings.Fields(list)...)
	}
	p := opened(t, Chatwoot(), "").(providers.Provider)
	for contentType, list := range keys {
		for _, key := range every {
			item := map[string]any{"actions": []any{map[string]string{"type": "link"}}, key: []string{"a"}}
			if contentType != "cards" && key != "actions" {
				delete(item, "actions")
			}
			raw, err := json.Marshal(map[string]any{"content": "Hi", "content_type": contentType, "content_attributes": map[string]any{"items": []any{item}}})
			if err != nil {
				t.Fatal(err)
			}
			_, problems := p.Render(own(string(raw)))
			if want := slices.Contains(strings.Fields(list), key); providers.Failed(problems) == want {
				t.Errorf("%s: %+v", raw, problems)
			}
		}
	}
}

// What the server's source reads of a request leaves as it is, and without a warning; but source_id, which has one.
func TestReadByBuilder(t *testing.T) {
	for name := range strings.FieldsSeq("campaign_id template_params echo_id source_id sender_type sender_id external_created_at cc_emails bcc_emails to_emails email_html_content is_voice_message") {
		for _, kind := range Types() {
			r, problems := opened(t, kind, "").(providers.Provider).Render(own(`{"content":"Hi","` + name + `":"a"}`))
			if !strings.Contains(string(r.Body), `"`+name+`":"a"`) || len(problems) > 0 != (name == "source_id") {
				t.Errorf("%s, %s: %s %+v", kind.Facts.Type, name, r.Body, problems)
			}
		}
	}
}

// All requests of an IP address count together, so that some are left for what else is done there.
func TestRate(t *testing.T) {
	for _, kind := range Types() {
		got := kind.Facts.Rate
		if minute := float64(got.Requests) * float64(time.Minute) / float64(got.Per); minute > 3000 || minute < 1500 || got.Scope != providers.PerHost {
			t.Errorf("%s: %v requests a minute, %v", kind.Facts.Type, minute, got.Scope)
		}
	}
}

// A native message of content alone leaves as it is, and counts as the outgoing text that the vendors make of it.
func TestLeftOut(t *testing.T) {
	const only = `{"content":"Hi {{x}}"}`
	for _, kind := range Types() {
		r, problems := opened(t, kind, "").(providers.Provider).Render(own(only))
		if string(r.Body) != only || len(problems) != 1 || !strings.Contains(problems[0].Detail, "Liquid") {
			t.Errorf("%s: %s %+v", kind.Facts.Type, r.Body, problems)
		}
		if _, asked, err := marked(r.Body, providers.NewKey()); asked != "outgoing" || err != nil {
			t.Errorf("%s: asks for %q, %v", kind.Facts.Type, asked, err)
		}
	}
}
