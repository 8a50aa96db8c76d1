package providertest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"time"

	"herald/internal/example"
	"herald/providers"
	"herald/providers/wire"
)

// toy is a provider that passes the suite, or has one fault, so that it can be seen that the suite finds it. It is the
// template with a list of messages, for which it takes a token of its own.
type toy struct {
	providers.Provider // the template's: it renders
	facts              providers.Facts
	sender, reader     *wire.Client
	base, token        string // the token for reading
	timeout            time.Duration
	fault              string
}

// silent hides a toy's List.
type silent struct{ providers.Provider }

func toyFacts(fault string) providers.Facts {
	f := example.Type().Facts
	f.Reading = "the messages to one person"
	f.Settings = append(f.Settings, providers.Setting{
		Attribute: providers.Attribute{Name: "read_token", Type: providers.String, Doc: "reads messages back"}, Secret: true, Reads: true, Env: "EXAMPLE_READ_TOKEN",
	})
	f.Address = append(f.Address, providers.Attribute{Name: "person.email", Type: providers.String, From: "email", Doc: "address"})
	switch fault {
	case "another verb":
		f.Verb = "shouts"
	case "a block of settings":
		f.Settings[1].Name = "a.b"
	case "a name of two dots":
		f.Address[1].Name = "person.email.home"
	case "an attribute and a block of one name":
		f.Address = append(f.Address, providers.Attribute{Name: "person", Type: providers.String, Doc: "name"})
	case "From without a block":
		f.Address[0].From = "id"
	case "reads, and does not say how":
		f.Reading = ""
	case "no golden", "carries and refuses", "no shape":
		f.Carries = append(f.Carries, providers.Carries{Kind: providers.KindCards, As: "cards"})
	}
	return f
}

func toyType(fault string) providers.Type {
	facts := toyFacts(fault)
	return providers.Type{Facts: facts, Open: func(a providers.Account) (providers.Provider, error) {
		header := http.Header{"Authorization": {"Bearer " + a.Settings.String("token")}}
		if fault == "no token" {
			header = nil
		}
		sender, err := wire.Open(facts, a, header) // first: it knows all secrets
		if err != nil {
			return nil, err
		}
		plain, err := example.Type().Open(a)
		if err != nil {
			return nil, err
		}
		// The client asks for required secrets, and each of the two needs its own only.
		reading := facts
		reading.Settings = slices.Clone(facts.Settings)
		for i, s := range reading.Settings {
			reading.Settings[i].Required = s.Name == "read_token" && fault != "lists without a token"
		}
		token := a.Settings.String("read_token")
		header = http.Header{"Authorization": {"Bearer " + token}}
		switch fault {
		case "lists with the other token":
			header.Set("Authorization", a.Settings.String("token"))
		case "lists with both tokens":
			header.Set("X-Token", a.Settings.String("token"))
		}
		reader, err := wire.Open(reading, a, header)
		if err != nil {
			return nil, err
		}
		t := &toy{plain, facts, sender, reader, a.Settings.String("base_url"), token, a.Timeout, fault}
		if fault == "says that it reads" {
			return silent{t}, nil
		}
		return t, nil
	}}
}

func (t *toy) Render(m providers.Message) (providers.Request, []providers.Problem) {
	r, problems := t.Provider.Render(m)
	kind := m.Content.Kind
	for i := range problems {
		if kind != providers.KindText {
			problems[i] = t.facts.CannotCarry(kind)
		}
	}
	switch {
	case t.fault == "a field that is not there" && len(problems) > 0:
		problems[0].Field = "card[0].title"
	case t.fault == "an index that is not there" && len(problems) > 0:
		problems[0].Index = 0
	case t.fault == "another refusal" && kind == providers.KindList:
		problems[0].Detail = "No lists."
	case t.fault == "renders what it does not carry" && kind == providers.KindList,
		t.fault == "no shape" && kind == providers.KindCards && m.Address["to"] != nil:
		return providers.Request{Method: "POST", Path: "/v1/messages/17", Body: json.RawMessage(`{}`)}, nil
	case t.fault == "writes to slog":
		slog.Debug("rendered")
	}
	return r, problems
}

func (t *toy) Send(ctx context.Context, r providers.Request, key providers.Key) providers.Outcome {
	switch t.fault {
	case "writes to log":
		log.Print(t.token)
	case "writes to standard error":
		fmt.Fprintln(os.Stderr, r.Path)
	case "writes to standard output":
		fmt.Println(r.Path)
	case "sends twice":
		t.sender.Send(ctx, r, accepted)
	}
	return t.sender.Send(ctx, r, accepted)
}

func accepted(a wire.Answer) providers.Outcome {
	members, _ := wire.Object(a.Body)
	if a.Success() && wire.Text(members["id"]) != "" {
		return a.Outcome(providers.Accepted, "")
	}
	return a.ByStatus(wire.Text(members["error"]))
}

// List reads {"messages":[{"id","at","by","text"}],"next"}.
func (t *toy) List(ctx context.Context, q providers.Query) (providers.Page, providers.Outcome) {
	if q.Conversation == "" || q.Devices {
		return providers.Page{}, providers.Outcome{Class: providers.Refused, Reason: "not asked: the toy lists one person's messages, without devices"}
	}
	path := "/v1/people/" + wire.Segment(q.Conversation) + "/messages"
	if t.fault == "leads astray" {
		path = "/v1/people/" + q.Conversation + "/messages"
	}
	if q.Cursor != "" && t.fault != "reads one page again and again" {
		path += "?after=" + wire.Segment(q.Cursor)
	}
	read := t.reader.Read
	switch t.fault {
	case "takes short pages only":
		read = t.reader.Send
	case "lists twice":
		t.reader.Read(ctx, providers.Request{Method: http.MethodGet, Path: path}, accepted)
	case "follows redirects", "repeats by itself":
		read = t.bare
	}
	var page providers.Page
	o := read(ctx, providers.Request{Method: http.MethodGet, Path: path}, func(a wire.Answer) (o providers.Outcome) {
		page, o = t.page(a, q)
		return o
	})
	if t.fault == "tells a secret" && o.Class != providers.Accepted {
		o.Reason = "asked with " + t.token
	}
	return page, o
}

func (t *toy) page(a wire.Answer, q providers.Query) (page providers.Page, o providers.Outcome) {
	var body struct {
		Messages []json.RawMessage `json:"messages"`
		Next     string            `json:"next"`
	}
	switch err := json.Unmarshal(a.Body, &body); {
	case t.fault == "a server's fault is the person's" && a.Status/100 == 5:
		return page, a.Outcome(providers.Refused, "")
	case t.fault == "everything is a page" && a.Success():
	case t.fault == "a page beside an error" && a.Status/100 != 2:
		page.Next = "2"
		return page, a.ByStatus("")
	case !a.Success(), err != nil, body.Messages == nil:
		members, _ := wire.Object(a.Body)
		return page, a.ByStatus(wire.Text(members["error"]))
	}
	page.Next = body.Next
	for _, raw := range body.Messages {
		var m struct {
			ID, By, Text string
			At           time.Time
		}
		if json.Unmarshal(raw, &m) != nil {
			return providers.Page{}, a.Outcome(providers.Unknown, "a message that cannot be read")
		}
		one := providers.Listed{ID: m.ID, Conversation: q.Conversation, At: m.At, Direction: providers.Outgoing, Author: m.By, Text: m.Text, Vendor: raw}
		switch t.fault {
		case "no direction":
			one.Direction = ""
		case "half an object":
			one.Vendor = json.RawMessage(`{"id":"` + m.ID + `"}`)
		}
		page.Messages = append(page.Messages, one)
	}
	if t.fault == "oldest first" {
		slices.Reverse(page.Messages)
	}
	return page, a.Outcome(providers.Accepted, "")
}

// bare asks as a program does that has no wire: its client follows redirects, and its transport repeats a GET.
func (t *toy) bare(ctx context.Context, r providers.Request, classify func(wire.Answer) providers.Outcome) providers.Outcome {
	request, err := http.NewRequestWithContext(ctx, r.Method, t.base+r.Path, nil)
	if err != nil {
		return providers.Outcome{Class: providers.NotSent, Reason: err.Error()}
	}
	client := http.Client{Timeout: t.timeout}
	answer, err := client.Do(request)
	if err != nil {
		return providers.Outcome{Class: providers.Unknown, Reason: err.Error()}
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	o := classify(wire.Answer{Status: answer.StatusCode, Header: answer.Header, Body: body, Err: err, Now: time.Now()})
	o.HTTP = answer.StatusCode
	return o
}

// Close frees idle connections.
func (t *toy) Close() {
	t.Provider.Close()
	t.sender.Close()
	t.reader.Close()
}
