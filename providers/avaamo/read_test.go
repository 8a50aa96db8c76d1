package avaamo

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"herald/providers"
	"herald/providers/providertest"
)

const (
	userToken  = "user-s3cret/ü"
	agentToken = "agent-s3cret+ "
)

// reading opens an agent whose vendor is the handler, at a time of its own.
func reading(t *testing.T, h http.HandlerFunc) (*account, *[]*http.Request) {
	t.Helper()
	var asked []*http.Request
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r)
		h(w, r)
	}))
	t.Cleanup(srv.Close)
	p, err := Type().Open(providers.Account{Settings: providers.Values{
		"base_url": srv.URL + "/x", "bot_id": int64(2154), "access_token": userToken, "agent_token": strings.TrimSpace(agentToken),
	}, Timeout: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	one := p.(*account)
	one.now = func() time.Time { return time.UnixMicro(1569219802362128) }
	return one, &asked
}

func saying(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

// What is asked, to the letter.
func TestAsked(t *testing.T) {
	since, until := time.UnixMicro(1569229247677821), time.UnixMicro(1569229251418739)
	for want, q := range map[string]providers.Query{
		"/x/v1/messages.json?page=1&per_page=100&since_timetoken=946684800000000&timetoken=1569219802362128":                   {},
		"/x/v1/messages.json?page=1&per_page=100&since_timetoken=1569229247677821&timetoken=1569229251418739":                  {Since: since, Until: until},
		"/x/v1/messages.json?page=1&per_page=100&since_timetoken=946684800000000&timetoken=1569229251418739":                   {Since: time.Unix(-5, 0), Until: until},
		"/x/v1/messages.json?device_info=true&page=1&per_page=100&since_timetoken=1569229247677821&timetoken=1569219802362128": {Since: since, Devices: true},
		"/x/v1/messages.json?page=7&per_page=100&since_timetoken=1569229247677821&timetoken=1569229251418739":                  {Since: since, Until: since, Cursor: "7:1569229251418739"},
		"/x/v1/conversations/1faa40c8253e65aa02bfd02fd8643d35/messages.json?page=1&per_page=100&since_timetoken=946684800000000&timetoken=1569219802362128": {
			Conversation: "1faa40c8253e65aa02bfd02fd8643d35"},
		"/x/v1/conversations/a..%3F%23%25%2B%C3%A9/messages.json?device_info=true&page=2&per_page=100&since_timetoken=946684800000000&timetoken=5": {
			Conversation: "a..?#%+é", Devices: true, Cursor: "2:5"},
	} {
		p, asked := reading(t, saying(200, `{"entries":[]}`))
		if page, o := p.List(t.Context(), q); o.Class != providers.Accepted || len(page.Messages) != 0 || page.Next != "" {
			t.Errorf("%+v: %+v %+v", q, page, o)
		}
		if len(*asked) != 1 {
			t.Fatalf("%+v: %d requests", q, len(*asked))
		}
		r := (*asked)[0]
		if r.Method != "GET" || r.RequestURI != want {
			t.Errorf("%s %s\nwant %s", r.Method, r.RequestURI, want)
		}
		if r.Header.Get("access-token") != strings.TrimSpace(agentToken) || r.Header.Get("Device-Id") != "12345678" || strings.Contains(fmt.Sprint(r.Header), userToken) {
			t.Errorf("header %v", r.Header)
		}
	}
}

// Three pages, while messages arrive: each is asked for up to the first one's instant.
func TestPages(t *testing.T) {
	const per = 2
	entries := []string{sampleEntry, personEntry, `{"uuid":"m3"}`, `{"uuid":"m4"}`, `{"uuid":"m5"}`}
	p, asked := reading(t, func(w http.ResponseWriter, r *http.Request) {
		var n int
		fmt.Sscan(r.URL.Query().Get("page"), &n)
		part := entries[min((n-1)*per, len(entries)):min(n*per, len(entries))]
		fmt.Fprintf(w, `{"current_page":%d,"per_page":%d,"total_entries":5,"total_pages":3.0,"entries":[%s]}`, n, per, strings.Join(part, ","))
	})
	var got []string
	q := providers.Query{Conversation: "c"}
	for range 10 {
		page, o := p.List(t.Context(), q)
		if o.Class != providers.Accepted {
			t.Fatalf("%+v", o)
		}
		for _, m := range page.Messages {
			got = append(got, m.ID)
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
		p.now = func() time.Time { t.Error("the clock is read again"); return time.Now() }
	}
	if want := []string{"dc3c4ebd-e0b0-4bd9-a79d-09114e286358", "m2", "m3", "m4", "m5"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	for i, r := range *asked {
		if q := r.URL.Query(); q.Get("page") != fmt.Sprint(i+1) || q.Get("timetoken") != "1569219802362128" || q.Get("since_timetoken") != "946684800000000" {
			t.Errorf("request %d: %s", i, r.URL.RawQuery)
		}
	}
	if len(*asked) != 3 {
		t.Errorf("%d requests", len(*asked))
	}
}

// A count that is wrong does not lead on for ever, nor does a vendor that gives the same page again.
func TestPagesEnd(t *testing.T) {
	for body, class := range map[string]providers.Class{
		`{"current_page":2,"total_pages":900,"entries":[]}`: providers.Accepted,
		`{"current_page":2,"total_pages":2,"entries":[{}]}`: providers.Accepted,
		`{"current_page":2,"total_pages":1,"entries":[{}]}`: providers.Accepted,
		`{"entries":[{}]}`: providers.Accepted,
		`{"current_page":1,"total_pages":3,"entries":[{}]}`: providers.Unknown,
		`{"current_page":3,"total_pages":3,"entries":[{}]}`: providers.Unknown,
	} {
		p, _ := reading(t, saying(200, body))
		page, o := p.List(t.Context(), providers.Query{Cursor: "2:5"})
		if o.Class != class || page.Next != "" || class != providers.Accepted && (page.Messages != nil || !strings.Contains(o.Reason, "page 2 was asked for")) {
			t.Errorf("%s: %+v %+v", body, page, o)
		}
	}
}

// Where the vendor does not say how many pages there are, a full one is followed, and one that is not full is the last.
func TestPagesWithoutACount(t *testing.T) {
	page := func(members string, n int) string {
		return `{` + members + `"entries":[{}` + strings.Repeat(",{}", n-1) + `]}`
	}
	for body, next := range map[string]string{
		page("", 100): "2:5", page("", 99): "", page(`"per_page":100,`, 100): "2:5", page(`"total_pages":0,`, 100): "2:5", page(`"total_pages":1,`, 100): "",
		page(`"per_page":20,`, 20): "2:5", page(`"per_page":20,`, 19): "", page(`"per_page":500,`, 100): "2:5", `{"entries":[]}`: "",
	} {
		p, _ := reading(t, saying(200, body))
		got, o := p.List(t.Context(), providers.Query{Cursor: "1:5"})
		if o.Class != providers.Accepted || got.Next != next {
			t.Errorf("%.40s with %d messages is followed by %q, want %q: %+v", body, len(got.Messages), got.Next, next, o)
		}
	}
}

// A message whose time is not said is listed without one: nobody can say that it is out of bounds, and none is made up.
func TestNoTime(t *testing.T) {
	p, _ := reading(t, saying(200, `{"total_pages":1,"entries":[{"uuid":"m1","timetoken":null,"created_at":"soon"}]}`))
	page, o := p.List(t.Context(), providers.Query{Since: time.UnixMicro(1569229247677821)})
	if o.Class != providers.Accepted || len(page.Messages) != 1 || !page.Messages[0].At.IsZero() {
		t.Fatalf("%+v %+v", page, o)
	}
	if text, err := json.Marshal(page.Messages[0]); err != nil || strings.Contains(string(text), `"at"`) || strings.Contains(string(text), "0001") {
		t.Errorf("%s, %v", text, err)
	}
}

// What is read of a page, with the conversation filled in where the vendor leaves it out.
func TestListed(t *testing.T) {
	p, _ := reading(t, saying(200, `{"current_page":1,"total_pages":1,"entries":[`+sampleEntry+`,`+personEntry+`,{"content":{"card":{}},"content_type":"card"}]}`))
	page, o := p.List(t.Context(), providers.Query{Conversation: "asked"})
	if o.Class != providers.Accepted || o.HTTP != 200 || o.Reason != "" {
		t.Fatalf("%+v", o)
	}
	first := sampleListed()
	first.Vendor = []byte(sampleEntry)
	want := []providers.Listed{first, {
		ID: "m2", Conversation: "c2", At: time.UnixMicro(1569216700500000).UTC(), Direction: providers.Incoming, Author: "John C", ContentType: "text", Text: "Extra cheese", Vendor: []byte(personEntry),
	}, {Conversation: "asked", Direction: providers.Incoming, ContentType: "card", Text: `{"card":{}}`, Vendor: []byte(`{"content":{"card":{}},"content_type":"card"}`)}}
	if diff := cmp.Diff(want, page.Messages); diff != "" {
		t.Error(diff)
	}
}

// What an answer without a list is taken for.
func TestNoPage(t *testing.T) {
	for _, tt := range []struct {
		status       int
		body         string
		conversation string
		class        providers.Class
		reason       string
	}{
		{401, `{"message":"Invalid token"}`, "", providers.AccountError, "Invalid token"},
		{403, ``, "c", providers.AccountError, "Forbidden"},
		{404, ``, "", providers.AccountError, "base_url"},
		{404, `{"error":"No such conversation"}`, "c", providers.Refused, "No such conversation"},
		{422, ``, "", providers.Refused, "422"},
		{429, ``, "", providers.Throttled, "429"},
		{500, ``, "", providers.Unknown, "500"},
		{302, ``, "", providers.AccountError, "redirect"},
		{200, `{}`, "", providers.Unknown, "the answer is no list of messages"},
		{200, `{"entries":{}}`, "", providers.Unknown, "the answer is no list of messages"},
		{200, `[]`, "c", providers.Unknown, "the answer is no list of messages"},
		{200, `null`, "c", providers.Unknown, "the answer is no list of messages"},
		{200, `<html>`, "", providers.Unknown, "the answer is no list of messages"},
		{200, `{"entries":[`, "", providers.Unknown, "the answer is no list of messages"},
		{204, ``, "", providers.Unknown, "the answer is no list of messages"},
	} {
		p, asked := reading(t, saying(tt.status, tt.body))
		page, o := p.List(t.Context(), providers.Query{Conversation: tt.conversation})
		if o.Class != tt.class || o.HTTP != tt.status || !strings.Contains(o.Reason, tt.reason) || page.Messages != nil || page.Next != "" || len(*asked) != 1 {
			t.Errorf("%d %s: %+v %+v", tt.status, tt.body, page, o)
		}
	}
}

// A question that cannot be put right is not put.
func TestNotAsked(t *testing.T) {
	p, asked := reading(t, saying(200, samplePage))
	for _, q := range []providers.Query{
		{Conversation: "."}, {Conversation: ".."}, {Conversation: " "}, {Conversation: "a\nb"}, {Conversation: "\xff"}, {Conversation: "https://cx.avaamo.com/s3cret"}, {Conversation: userToken + "\n"},
		{Cursor: "x"}, {Cursor: "1"}, {Cursor: ":"}, {Cursor: "0:5"}, {Cursor: "-1:5"}, {Cursor: "1:5 "}, {Cursor: "+1:5"}, {Cursor: "01:5"}, {Cursor: "1:5:6"},
		{Cursor: "99999999999:5"}, {Cursor: "1:99999999999999999999"}, {Cursor: userToken},
	} {
		page, o := p.List(t.Context(), q)
		if o.Class != providers.Refused || o.HTTP != 0 || !strings.HasPrefix(o.Reason, "not asked: ") || page.Messages != nil || strings.Contains(o.Reason, "s3cret") {
			t.Errorf("%+v: %+v %+v", q, page, o)
		}
	}
	if len(*asked) != 0 {
		t.Errorf("%d requests", len(*asked))
	}
}

// Without the agent's token nothing is asked, and it is said what is missing; sending goes on.
func TestNoAgentToken(t *testing.T) {
	var asked int
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		fmt.Fprint(w, `{"success":true}`)
	}))
	defer srv.Close()
	p, err := Type().Open(providers.Account{Settings: providers.Values{"base_url": srv.URL, "bot_id": int64(1), "access_token": userToken}})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	_, o := p.(providers.Lister).List(t.Context(), providers.Query{})
	if o.Class != providers.AccountError || !strings.Contains(o.Reason, "agent_token") || !strings.Contains(o.Reason, "AVAAMO_AGENT_TOKEN") ||
		strings.Contains(o.Reason, "access_token") || asked != 0 {
		t.Errorf("%d requests, %+v", asked, o)
	}
	r, _ := p.Render(words("Hi"))
	if o := p.Send(t.Context(), r, providers.NewKey()); o.Class != providers.Accepted || asked != 1 {
		t.Errorf("%d requests, %+v", asked, o)
	}
}

// A vendor that repeats both tokens gets neither into an outcome, whichever of them it was sent.
func TestSecretsStayIn(t *testing.T) {
	agent := strings.TrimSpace(agentToken)
	for _, secret := range []string{userToken, agent, url.QueryEscape(userToken), url.QueryEscape(agent)} {
		for _, status := range []int{200, 302, 400, 401, 404, 500} {
			p, _ := reading(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "https://example.com/"+secret)
				w.WriteHeader(status)
				fmt.Fprint(w, says(status, "you sent "+secret))
			})
			_, listed := p.List(t.Context(), providers.Query{})
			r, _ := p.Render(words("Hi"))
			sent := p.Send(t.Context(), r, providers.NewKey())
			if text := fmt.Sprintf("%+v %+v", listed, sent); strings.Contains(text, secret) || strings.Contains(text, "s3cret") {
				t.Errorf("%d: %s", status, text)
			}
		}
	}
}

// Whoever mends an account sees all that is wrong with it at once, each at its setting.
func TestOpenSaysAll(t *testing.T) {
	_, err := Type().Open(providers.Account{Settings: providers.Values{
		"bot_id": int64(-1), "base_url": "https://a.example/bots_api", "access_token": "a\n", "agent_token": " b",
	}})
	if got, want := providertest.WrongSettings(t, err), []string{"bot_id", "base_url", "access_token", "agent_token"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestCursor(t *testing.T) {
	for _, c := range []cursor{{1, 0}, {2, 1569219802362128}, {2147483647, -5}} {
		if got, ok := parseCursor(c.String()); !ok || got != c {
			t.Errorf("%v becomes %v %v", c, got, ok)
		}
	}
}
