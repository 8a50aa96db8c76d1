package example

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"herald/providers"
	"herald/providers/providertest"
	"herald/providers/wire"
)

// text is a message to one person.
func text(to, s string) providers.Message {
	return providers.Message{Content: providers.Content{Kind: providers.KindText, Text: s}, Address: providers.Values{"to": to}}
}

// says is the body of an answer that says what is wrong.
func says(_ int, text string) string {
	body, _ := wire.JSON(map[string]string{"error": text})
	return string(body)
}

// CHANGE: the samples, limits and answers of your vendor's pages. The suite brings the rest.
func TestConformance(t *testing.T) {
	providertest.Run(t, providertest.Subject{
		Type: Type(),
		Wrap: says,
		Golden: []providertest.Golden{
			{Name: "text", Message: text("17", "Hi there"), Path: "/v1/messages/17", Body: `{ "text": "Hi there" }`},
			{Name: "signs", Message: text("17", "1 < 2 & \"3\"\n\u2028é😀"), Path: "/v1/messages/17", Body: `{"text":"1 < 2 & \"3\"\n\u2028é😀"}`},
			{Name: "odd person", Message: text("+1 2/3?4#5%", "Hi"), Path: "/v1/messages/%2B1%202%2F3%3F4%235%25", Body: `{"text":"Hi"}`},
			{Name: "the limit", Message: text("17", strings.Repeat("é", 1000)), Path: "/v1/messages/17", Body: `{"text":"` + strings.Repeat("é", 1000) + `"}`},
		},
		Wrong: []providertest.Wrong{
			{Name: "nobody", Message: text(" ", "Hi"), Part: providers.PartAddress, Field: "to", Index: -1, Says: "empty"},
			{Name: "person of bytes", Message: text("\xff", "Hi"), Part: providers.PartAddress, Field: "to", Index: -1, Says: "UTF-8"},
			{Name: "dots", Message: text("..", "Hi"), Part: providers.PartAddress, Field: "to", Index: -1, Says: `".."`},
			{Name: "no text", Message: text("17", " \n"), Field: "text", Index: -1, Says: "empty"},
			{Name: "text of bytes", Message: text("17", "\xff"), Field: "text", Index: -1, Says: "UTF-8"},
			{Name: "1001 characters", Message: text("17", strings.Repeat("é", 1001)), Field: "text", Index: -1, Says: "has 1001 characters; Example takes 1000"},
		},
		Answers: []providertest.Answer{
			{Name: "the id", Status: 200, Body: `{"id":"m2","more":true}`, Want: providers.Outcome{Class: providers.Accepted, ID: "m2"}},
			{Name: "200 without an id", Status: 200, Body: says(200, "Later"), Want: providers.Outcome{Class: providers.Unknown, Reason: "Later"}},
			{Name: "id of another type", Status: 200, Body: `{"id":7}`, Want: providers.Outcome{Class: providers.Unknown}},
			{Name: "400 and why", Status: 400, Body: says(400, "No such person"), Want: providers.Outcome{Class: providers.Refused, Reason: "HTTP 400: No such person"}},
			{Name: "429 and when", Status: 429, Header: map[string]string{"Retry-After": "3"}, Body: says(429, "Slow down"),
				Want: providers.Outcome{Class: providers.Throttled, After: 3 * time.Second}},
		},
		// Each statement of the pages, with the case that holds it: whoever reads the pages again sees what is covered.
		Statements: []providertest.Statement{
			{Says: "a message is POST /v1/messages/{to} with text", Page: messagesPage, By: "text"},
			{Says: "the token is a bearer token", Page: messagesPage, By: "TestToken"},
			{Says: "a text has up to 1,000 characters", Page: messagesPage, By: "1001 characters"},
			{Says: "a text may have exactly 1,000 characters", Page: messagesPage, By: "the limit"},
			{Says: "a text is not empty", Page: messagesPage, By: "no text"},
			{Says: "success is 200 with an id", Page: messagesPage, By: "the id"},
			{Says: "400 says what is wrong with message or person", Page: errorsPage, By: "400 and why"},
			{Says: "401 is a token that is not valid", Page: errorsPage, By: "documented 401"},
			{Says: "429 is too many requests", Page: errorsPage, By: "429 and when"},
		},
		Also: []string{"TestToken"},
	})
}

// CHANGE: what the suite cannot know, such as the exact form of the header that carries the token.
func TestToken(t *testing.T) {
	var header string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header = r.Header.Get("Authorization")
		io.WriteString(w, `{"id":"m1"}`)
	}))
	defer server.Close()
	p, err := open(providers.Account{Settings: providers.Values{"base_url": server.URL, "token": "abc"}})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	r, _ := p.Render(text("17", "Hi"))
	if o := p.Send(t.Context(), r, providers.NewKey()); o.Class != providers.Accepted || header != "Bearer abc" {
		t.Errorf("Authorization: %q, %+v", header, o)
	}
}
