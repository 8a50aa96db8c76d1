package cli

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"herald/providers"
	"herald/providers/sandbox"
)

// everywhere is an address that every provider finds its own in.
func everywhere() providers.Values {
	return providers.Values{
		"contact_id": "01234567890A=/+", "conversation_id": int64(42), "uuid": "1faa40c8253e65aa02bfd02fd8643d35",
		"platform": "email", "prospect_info.first_name": "Ada", "prospect_info.email": "ada@example.com",
	}
}

// contentOf gives a content of each kind; native is each vendor's own.
func contentOf(kind providers.Kind, vendor string) providers.Content {
	url := providers.Link{Type: providers.LinkURL, Title: "See it", Value: "https://example.com/tea"}
	reply := providers.Link{Type: providers.LinkReply, Title: "Order", Value: "I order tea"}
	c := providers.Content{Kind: kind}
	switch kind {
	case providers.KindText:
		c.Text = "Hi Ada: \u201cquotes\u201d, 100 %, שלום 🎉"
	case providers.KindAttachment:
		c.Attachment = providers.Attachment{Type: "image", URL: "https://example.com/a.png"}
	case providers.KindQuickReplies:
		c.QuickReplies = providers.QuickReplies{Title: "Which colour?", Replies: []string{"Black", "Blue"}}
	case providers.KindList:
		c.List = providers.List{Style: "compact", Items: []providers.Item{
			{Title: "Tea", Subtitle: "Green", ImageURL: "https://example.com/a.png", Links: []providers.Link{url, reply}}, {Title: "Coffee", Links: []providers.Link{reply}}}}
	case providers.KindCards:
		c.Cards = providers.Cards{Title: "New", Cards: []providers.Card{
			{Title: "Tea", Description: "Green", ImageURL: "https://example.com/a.png", Links: []providers.Link{url}},
			{Title: "Coffee", Links: []providers.Link{reply}}}}
	case providers.KindForm:
		c.Form = providers.Form{Title: "How was it?", Fields: []providers.Field{
			{Name: "stars", Type: providers.FieldChoice, Label: "Stars", Options: []string{"1", "2"}, Required: true},
			{Name: "remark", Type: providers.FieldLongText, Label: "Remark"},
			{Name: "mail", Type: providers.FieldEmail, Label: "E-mail"}, {Name: "nick", Type: providers.FieldText, Label: "Nickname"}}}
	case providers.KindArticles:
		c.Articles = providers.Articles{Title: "Help", Articles: []providers.Article{{Title: "How hot?", Description: "Very", URL: "https://example.com/hot"}}}
	case providers.KindNative:
		c.Native = map[string]json.RawMessage{
			"heyx":      json.RawMessage(`{"type":"text","text":"native"}`),
			"avaamo":    json.RawMessage(`{"quick_reply":{"content":"native","links":[{"type":"post_message","title":"a","value":"b"}]}}`),
			"digital99": json.RawMessage(`{"content":"native","content_type":"text"}`),
			"chatwoot":  json.RawMessage(`{"content":"native","content_type":"cards","content_attributes":{"items":[{"title":"a","description":"b","media_url":"https://example.com/a.png","actions":[{"type":"link","text":"go","uri":"https://example.com"}]}]}}`),
		}[vendor]
	}
	return c
}

// opened opens a vendor's provider against its emulator. token replaces the right credentials, unless it is "".
func opened(t *testing.T, v sandbox.Vendor, token string) (providers.Provider, providers.Facts) {
	t.Helper()
	kind, known := newRegistry().Type(v.Name)
	if !known {
		t.Fatalf("the sandbox has %s, the registry has not", v.Name)
	}
	p, err := kind.Open(providers.Account{Type: v.Name, Settings: emulatorSettings(kind.Facts, v, token)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p, kind.Facts
}

// emulatorSettings gives what opens any vendor's account against its emulator.
func emulatorSettings(f providers.Facts, v sandbox.Vendor, token string) providers.Values {
	settings := providers.Values{"base_url": v.URL, "account_id": int64(7), "bot_id": int64(8), "ai_id": int64(9), "channel": "viber",
		"service_type": "sales_automation", "send_response_url": "https://hooks.example.com/a/{token}", "followup_url": "https://hooks.example.com/f/{token}"}
	for _, s := range f.Settings {
		if s.Secret {
			if settings[s.Name] = token; token == "" {
				settings[s.Name] = sandboxToken(s, v)
			}
		}
	}
	return settings
}

// Clients and emulators were written apart, each from the vendor's page. Here they meet: what a client sends, the
// emulator must take, and store as it was meant.
func TestClientsAndEmulatorsAgree(t *testing.T) {
	box, err := sandbox.Start(sandbox.Options{HeyXViber: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { box.Close() })
	if got := len(box.Vendors()); got != len(newRegistry().Names()) {
		t.Errorf("the sandbox emulates %d vendors, the registry has %v", got, newRegistry().Names())
	}
	for _, v := range box.Vendors() {
		p, facts := opened(t, v, "")
		for _, carries := range facts.Carries {
			t.Run(v.Name+"/"+string(carries.Kind), func(t *testing.T) {
				content := contentOf(carries.Kind, v.Name)
				request, problems := p.Render(providers.Message{Content: content, Address: everywhere()})
				if len(problems) > 0 {
					t.Fatalf("problems: %+v", problems)
				}
				before := box.Count(v.Name)
				key := providers.NewKey()
				out := p.Send(context.Background(), request, key)
				if out.Class != providers.Accepted {
					t.Fatalf("%s refuses what its client sends: %+v\n%s", v.Name, out, request.Body)
				}
				messages := box.Messages(v.Name)
				if len(messages) != before+1 {
					t.Fatalf("%d messages, want %d", len(messages), before+1)
				}
				last := messages[len(messages)-1]
				if carries.Kind == providers.KindText && last.Text != content.Text {
					t.Errorf("the person reads another text:\n%s", cmp.Diff(content.Text, last.Text))
				}
				marks := v.Name == "digital99" || v.Name == "chatwoot"
				if out.Marked != marks {
					t.Errorf("the answer gave our key back: %v, want %v", out.Marked, marks)
				}
				carried := strings.Contains(string(last.Body), key.String())
				if carried != (marks || v.Name == "maax") {
					t.Errorf("the request carries our key: %v", carried)
				}
			})
		}
	}
}

// What was sent is read back, page by page, as it was said.
func TestClientsReadBack(t *testing.T) {
	box, err := sandbox.Start(sandbox.Options{NoLimits: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { box.Close() })
	readers := 0
	for _, v := range box.Vendors() {
		p, facts := opened(t, v, "")
		lister, can := p.(providers.Lister)
		if can != (facts.Reading != "") {
			t.Errorf("%s lists: %v, and its facts say %q", v.Name, can, facts.Reading)
		}
		if !can {
			continue
		}
		readers++
		const sent = 230
		began := time.Now()
		for n := range sent {
			request, _ := p.Render(providers.Message{Content: providers.Content{Kind: providers.KindText, Text: "message " + string(rune('a'+n%26))}, Address: everywhere()})
			if out := p.Send(t.Context(), request, providers.NewKey()); out.Class != providers.Accepted {
				t.Fatalf("%s: %+v", v.Name, out)
			}
		}
		conversation := "42"
		if v.Name == "avaamo" {
			conversation = everywhere().String("uuid")
		}
		q := providers.Query{Conversation: conversation, Since: began.Add(-time.Minute), Until: time.Now().Add(time.Minute)}
		var all []providers.Listed
		ids := map[string]bool{}
		for range 50 {
			page, out := lister.List(t.Context(), q)
			if out.Class != providers.Accepted {
				t.Fatalf("%s: %+v", v.Name, out)
			}
			for _, m := range page.Messages {
				if ids[m.ID] || m.Direction != providers.Outgoing || m.Conversation != conversation || m.At.Before(began.Add(-time.Minute)) {
					t.Errorf("%s: twice or odd: %+v", v.Name, m)
				}
				ids[m.ID] = true
			}
			all = append(all, page.Messages...)
			if q.Cursor = page.Next; page.Next == "" {
				break
			}
		}
		if len(all) != sent {
			t.Fatalf("%s: %d messages read back, want %d", v.Name, len(all), sent)
		}
		for n, m := range all {
			if want := "message " + string(rune('a'+(sent-1-n)%26)); m.Text != want {
				t.Fatalf("%s: message %d is %q, want %q", v.Name, n, m.Text, want)
			}
		}
	}
	if readers != 3 {
		t.Errorf("%d vendors list messages", readers)
	}
}

// A token that the emulator does not know is the account's problem, at every vendor.
func TestEmulatorsRefuseWrongTokens(t *testing.T) {
	box, err := sandbox.Start(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { box.Close() })
	for _, v := range box.Vendors() {
		p, _ := opened(t, v, "not-the-token")
		request, problems := p.Render(providers.Message{Content: providers.Content{Kind: providers.KindText, Text: "x"}, Address: everywhere()})
		if providers.Failed(problems) {
			t.Fatalf("%s: %+v", v.Name, problems)
		}
		if out := p.Send(context.Background(), request, providers.NewKey()); out.Class != providers.AccountError {
			t.Errorf("%s: %+v, want an account error", v.Name, out)
		}
		if lister, can := p.(providers.Lister); can {
			q := providers.Query{Conversation: "42", Since: time.Now().Add(-time.Hour)}
			if _, out := lister.List(t.Context(), q); out.Class != providers.AccountError {
				t.Errorf("%s: listing: %+v, want an account error", v.Name, out)
			}
		}
	}
}

// What an emulator has is found, what it has not is never found, and is absent only where absence can be proved.
func TestClientsLookUp(t *testing.T) {
	box, err := sandbox.Start(sandbox.Options{NoLimits: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { box.Close() })
	finders := 0
	for _, v := range box.Vendors() {
		p, facts := opened(t, v, "")
		finder, can := p.(providers.Finder)
		if !can {
			continue
		}
		finders++
		for _, carries := range facts.Carries {
			at := time.Now()
			request, _ := p.Render(providers.Message{Content: contentOf(carries.Kind, v.Name), Address: everywhere()})
			d := providers.Doubt{Request: request, Key: providers.NewKey(), At: at, Settled: true, Marked: true}
			turns := 0
			turn := func(context.Context) error { turns++; return nil }
			before := finder.LookUp(t.Context(), d, turn)
			wantBefore := providers.Absent
			if v.Name == "avaamo" {
				wantBefore = providers.Undecided // its messages carry no mark, so that none is there proves nothing
			}
			if before.Finding != wantBefore || turns == 0 {
				t.Errorf("%s %s: before it was sent it is %v in %d turns: %s", v.Name, carries.Kind, before.Finding, turns, before.Reason)
			}
			if out := p.Send(t.Context(), request, d.Key); out.Class != providers.Accepted {
				t.Fatalf("%s: %+v", v.Name, out)
			}
			if after := finder.LookUp(t.Context(), d, turn); after.Finding != providers.Found {
				t.Errorf("%s %s: after it was sent it is %v: %s", v.Name, carries.Kind, after.Finding, after.Reason)
			}
		}
	}
	if finders != 3 {
		t.Errorf("%d providers can be asked", finders)
	}
}
