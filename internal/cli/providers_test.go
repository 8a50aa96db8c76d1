package cli

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"herald/providers"
	"herald/providers/sandbox"
)

// Clients and emulators were written apart, each from the vendor's page. Here they meet: what a client sends, the
// emulator must take, and store as it was meant.
func TestClientsAndEmulatorsAgree(t *testing.T) {
	box, err := sandbox.Start(sandbox.Options{HeyXViber: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { box.Close() })
	contents := map[providers.Kind]providers.Content{
		providers.KindText:       {Kind: providers.KindText, Text: "Hi Ada: \u201cquotes\u201d, 100 %, שלום 🎉"},
		providers.KindAttachment: {Kind: providers.KindAttachment, Attachment: providers.Attachment{Type: "image", URL: "https://example.com/a.png"}},
		providers.KindQuickReplies: {Kind: providers.KindQuickReplies, QuickReplies: providers.QuickReplies{
			Title: "Which colour?", Replies: []string{"Black", "Blue"},
		}},
	}
	native := map[string]json.RawMessage{
		"heyx":      json.RawMessage(`{"type":"text","text":"native"}`),
		"digital99": json.RawMessage(`{"content":"native","content_type":"text"}`),
		"chatwoot":  json.RawMessage(`{"content":"native","content_type":"cards","content_attributes":{"items":[{"title":"a","description":"b","media_url":"https://example.com/a.png","actions":[{"type":"link","text":"go","uri":"https://example.com"}]}]}}`),
	}
	for _, v := range box.Vendors() {
		kind, known := newRegistry().Type(v.Name)
		if !known {
			t.Fatalf("the sandbox has %s, the registry has not", v.Name)
		}
		settings := providers.Values{"base_url": v.URL, "account_id": int64(7), "channel": "viber"}
		for _, s := range kind.Facts.Settings {
			if s.Secret {
				settings[s.Name] = v.Token
			}
		}
		p, err := kind.Open(providers.Account{Type: v.Name, Settings: settings})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(p.Close)
		for _, carries := range kind.Facts.Carries {
			t.Run(v.Name+"/"+string(carries.Kind), func(t *testing.T) {
				content, ok := contents[carries.Kind]
				if !ok {
					content = providers.Content{Kind: providers.KindNative, Native: native[v.Name]}
				}
				request, problems := p.Render(providers.Message{Content: content, Address: providers.Values{
					"contact_id": "01234567890A=/+", "conversation_id": int64(42),
				}})
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
				marked := strings.Contains(string(last.Body), key.String())
				if out.Marked != marked {
					t.Errorf("the answer says marked = %v; the request has the key: %v", out.Marked, marked)
				}
				if v.Name != "heyx" && !out.Marked {
					t.Errorf("%s did not give our key back", v.Name)
				}
			})
		}
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
		kind, _ := newRegistry().Type(v.Name)
		settings := providers.Values{"base_url": v.URL, "account_id": int64(7)}
		for _, s := range kind.Facts.Settings {
			if s.Secret {
				settings[s.Name] = "not-the-token"
			}
		}
		p, err := kind.Open(providers.Account{Type: v.Name, Settings: settings})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(p.Close)
		request, _ := p.Render(providers.Message{
			Content: providers.Content{Kind: providers.KindText, Text: "x"},
			Address: providers.Values{"contact_id": "1", "conversation_id": int64(1)},
		})
		if out := p.Send(context.Background(), request, providers.NewKey()); out.Class != providers.AccountError {
			t.Errorf("%s: %+v, want an account error", v.Name, out)
		}
	}
}
