package cli

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"herald/providers"
)

// unlimited is a turn that comes at once.
func unlimited(context.Context) error { return nil }

// witnessMessage is a message to somebody for whom a conversation is to be opened.
func witnessMessage(t *testing.T, p providers.Provider, content providers.Content, person map[string]string) providers.Request {
	t.Helper()
	m := providers.Message{Content: content, Address: providers.Values{}}
	for name, value := range person {
		m.Address["contact_info."+name] = value
	}
	request, problems := p.Render(m)
	if len(problems) > 0 || request.Opening == nil {
		t.Fatalf("%v: %+v, opening %v", person, problems, request.Opening)
	}
	return request
}

// witnessOpen opens a conversation as an attempt with this key would.
func witnessOpen(t *testing.T, p providers.Provider, person map[string]string, key providers.Key, settled bool) providers.Opened {
	t.Helper()
	request := witnessMessage(t, p, providers.Content{Kind: providers.KindText, Text: "Hi"}, person)
	return p.(providers.Opener).Open(t.Context(), providers.OpenAttempt{Opening: *request.Opening, Key: key, Begun: time.Now(), Settled: settled}, unlimited)
}

// witnessOpenings opens conversations as herald does, by every way that there is to the contact.
func witnessOpenings(t *testing.T, w *witness, a *audit) {
	_, p := w.open(t, w.vendor.Token)
	for _, body := range []string{
		`{"inbox_id":4,"name":"Bob","email":"bob@x.example"}`, // whom the inbox does not know yet
		`{"inbox_id":3,"name":"Cem","phone_number":"+4915112345679","blocked":true,"additional_attributes":{"city":"Ulm"},"custom_attributes":{"plan":"gold"}}`,
	} {
		x := w.ask(t, w.vendor.Token, call{"POST", "contacts", body})
		a.settle(t, append(w.elsewhere(t, x), x)...)
	}
	const (
		create = "POST contacts"
		filter = "POST contacts/filter"
		search = "GET contacts/search"
		talks  = "GET contacts/{id}/conversations"
		link   = "POST contacts/{id}/contact_inboxes"
		open   = "POST conversations"
	)
	ada := map[string]string{"identifier": "c 1", "name": "Ada", "email": "Ada@x.example", "phone_number": "+4915112345678"}
	bob := map[string]string{"identifier": "c 2", "email": "bob@x.example"}
	cem := map[string]string{"identifier": "c 3", "phone_number": "+4915112345679"}
	first, second := providers.NewKey(), providers.NewKey()
	places := map[string]string{}
	for _, e := range []struct {
		name    string
		person  map[string]string
		key     providers.Key
		early   bool
		without string
		class   providers.Class
		same    string // the name of the step that gave the same place
		asked   []string
	}{
		{"a new person", ada, first, false, "", providers.Accepted, "", []string{create, talks, open}},
		{"once more", ada, first, false, "", providers.Accepted, "a new person", []string{create, filter, talks}},
		{"for something else, too early", ada, second, true, "", providers.Unknown, "", []string{create, filter, talks}},
		{"for something else", ada, second, false, "", providers.Accepted, "", []string{create, filter, talks, open}},
		{"by address", bob, first, false, "", providers.Accepted, "", []string{create, filter, talks, link, open}},
		{"by number", cem, first, false, "", providers.Accepted, "", []string{create, filter, talks, open}},
		{"without the filter, by number", cem, second, false, "/filter", providers.Accepted, "", []string{create, search, talks, open}},
		{"without the filter, by identifier", ada, first, false, "/filter", providers.Accepted, "a new person", []string{create, search, talks}},
	} {
		w.without = e.without
		got := witnessOpen(t, p, e.person, e.key, !e.early)
		w.without = ""
		passed := w.take()
		var asked []string
		for _, x := range passed {
			asked = append(asked, x.operation)
			a.settle(t, w.elsewhere(t, x)...)
		}
		a.settle(t, passed...)
		if got.Class != e.class || !slices.Equal(asked, e.asked) {
			t.Errorf("%s: %+v\nasked %q, want %q", e.name, got, asked, e.asked)
		}
		if e.same == "" && got.Place != "" && slices.Contains(slices.Collect(maps.Values(places)), got.Place) || e.same != "" && got.Place != places[e.same] {
			t.Errorf("%s: place %s, before %v", e.name, got.Place, places)
		}
		places[e.name] = got.Place
	}
}

// elsewhere holds the parts of an answer against the operations whose answers the document describes in whole: of a new
// contact it has another shape, and of a new conversation only the numbers.
func (w *witness) elsewhere(t *testing.T, x seen) (parts []seen) {
	t.Helper()
	if x.status != http.StatusOK {
		return nil
	}
	under := x.target[:strings.LastIndexByte(x.target, '/')]
	hold := func(method, target, request, answer string) {
		part := x.exchange
		part.method, part.target, part.body, part.answer = method, target, []byte(request), []byte(answer)
		part.header = part.header.Clone()
		part.header.Set("api_access_token", w.vendor.Token) // bots may have less
		parts = append(parts, seen{part, w.document.check(w.vendor.Name, part)})
	}
	switch x.operation {
	case "POST contacts":
		var answer struct{ Payload map[string]json.RawMessage }
		if err := json.Unmarshal(x.exchange.answer, &answer); err != nil || len(answer.Payload) != 2 {
			t.Errorf("a new contact: %s", x.exchange.answer)
		}
		hold("GET", under+"/contacts", "", `{"payload":[`+string(answer.Payload["contact"])+`]}`)
		hold("POST", under+"/contacts/1/contact_inboxes", `{"inbox_id":1}`, string(answer.Payload["contact_inbox"]))
	case "POST conversations":
		hold("GET", under+"/contacts/1/conversations", "", `{"payload":[`+string(x.exchange.answer)+`]}`)
	}
	return parts
}

// witnessContacts makes calls about contacts that herald does not make.
func witnessContacts(t *testing.T, w *witness, a *audit) {
	ask := func(token, method, path, body string) seen {
		x := w.ask(t, token, call{method, path, body})
		if x.status != http.StatusOK {
			t.Errorf("%s %s: %d %s", method, path, x.status, x.exchange.answer)
		}
		a.settle(t, append(w.elsewhere(t, x), x)...)
		return x
	}
	var made struct {
		Payload struct {
			Contact struct{ ID json.Number }
			Link    struct {
				Source string `json:"source_id"`
			} `json:"contact_inbox"`
		}
	}
	if err := json.Unmarshal(ask(w.vendor.Token, "POST", "contacts", `{"inbox_id":3}`).exchange.answer, &made); err != nil {
		t.Fatal(err)
	}
	id := made.Payload.Contact.ID.String()
	ask(w.vendor.Token, "POST", "contacts/"+id+"/contact_inboxes", `{"inbox_id":4,"source_id":"dan-4"}`)
	ask(w.vendor.Token, "POST", "contacts/filter", `{"payload":[{"attribute_key":"name","filter_operator":"equal_to","values":[""],"query_operator":null}]}`)
	ask(w.vendor.Token, "GET", "contacts/search?q=x&sort=-name&page=1", "")
	about := `"source_id":"` + made.Payload.Link.Source + `","inbox_id":3,"contact_id":` + id
	for _, token := range []string{w.vendor.Token, witnessBot} {
		for _, status := range []string{"open", "resolved", "pending"} {
			ask(token, "POST", "conversations", `{`+about+`,"status":"`+status+`","additional_attributes":{"mail_subject":"Hi"}}`)
		}
	}
	ask(w.vendor.Token, "GET", "contacts/"+id+"/conversations", "")
	ask(w.vendor.Token, "GET", "conversations", "")
	ask(w.vendor.Token, "GET", "contacts", "")
}
