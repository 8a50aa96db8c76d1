package live_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"herald/internal/live"
	"herald/providers"
	"herald/providers/avaamo"
	"herald/providers/chatwoot"
	"herald/providers/heyx"
	"herald/providers/maax"
	"herald/providers/sandbox"
)

// started gives a sandbox with its page.
func started(t testing.TB, o sandbox.Options) *sandbox.Sandbox {
	t.Helper()
	box, _ := both(t, o)
	return box
}

// both gives the page too, for messages that come from nowhere.
func both(t testing.TB, o sandbox.Options) (*sandbox.Sandbox, *live.Page) {
	t.Helper()
	page := live.New()
	o.Observe, o.Witness, o.Page = page.Observe, page.Witness, page.Serve
	box, err := sandbox.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := box.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return box, page
}

// text is a message that HeyX might have accepted.
func text(to, s string) sandbox.Message {
	body, _ := json.Marshal(map[string]any{"body": []any{map[string]string{"type": "text", "text": s}}})
	return sandbox.Message{Vendor: sandbox.HeyX, At: time.Now(), To: to, Kind: "text", Text: s, Body: body}
}

func address(box *sandbox.Sandbox, path string) string { return "http://" + box.Addr() + path }

// get asks for a page with these headers, each "Name: value".
func get(t testing.TB, url string, headers ...string) (status int, body string, h http.Header) {
	t.Helper()
	return ask(t, http.MethodGet, url, "", headers...)
}

func ask(t testing.TB, method, url, body string, headers ...string) (status int, answer string, h http.Header) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range headers {
		switch name, value, _ := strings.Cut(line, ": "); name {
		case "":
		case "Host":
			r.Host = value
		default:
			r.Header.Set(name, value)
		}
	}
	client := http.Client{Timeout: 20 * time.Second}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var b bytes.Buffer
	if _, err := io.Copy(&b, resp.Body); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, b.String(), resp.Header
}

// sender sends as a campaign does: with the providers themselves.
type sender struct {
	provider providers.Provider
	facts    providers.Facts
	address  providers.Values
}

// senders gives one for each emulator, by its name.
func senders(t testing.TB, box *sandbox.Sandbox) map[string]sender {
	t.Helper()
	settings := map[string]providers.Values{
		sandbox.HeyX: {}, sandbox.Digital99: {"account_id": int64(7)}, sandbox.Chatwoot: {"account_id": int64(3)},
		sandbox.Avaamo: {"bot_id": int64(2154)},
		sandbox.Maax: {"ai_id": int64(5), "service_type": "sales_automation", "send_response_url": "https://example.com/{token}",
			"followup_url": "https://example.com/f/{token}"},
	}
	addresses := map[string]providers.Values{
		sandbox.HeyX: {"contact_id": "1776025372480910"}, sandbox.Digital99: {"conversation_id": int64(1042)},
		sandbox.Chatwoot: {"conversation_id": int64(1042)}, sandbox.Avaamo: {"uuid": "1faa40c8253e65aa02bfd02fd8643d35"},
		sandbox.Maax: {"platform": "email", "prospect_info.first_name": "Ada", "prospect_info.email": "ada@example.com"},
	}
	types := providers.NewRegistry(heyx.Type(), avaamo.Type(), maax.Type(), chatwoot.Digital99(), chatwoot.Chatwoot())
	all := map[string]sender{}
	for _, v := range box.Vendors() {
		one, ok := types.Type(v.Name)
		if !ok {
			t.Fatalf("no provider %s", v.Name)
		}
		s := settings[v.Name]
		s["base_url"] = v.URL
		for _, setting := range one.Facts.Settings {
			if setting.Secret && !setting.Receives {
				s[setting.Name] = v.Token
			}
		}
		p, err := one.Open(providers.Account{Type: v.Name, Settings: s, Timeout: 5 * time.Second, Concurrency: 1})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(p.Close)
		all[v.Name] = sender{p, one.Facts, addresses[v.Name]}
	}
	return all
}

// send sends one message and gives what kept it from being sent, "" when it was.
func (s sender) send(t testing.TB, c providers.Content, options providers.Values) (problem string) {
	t.Helper()
	r, problems := s.provider.Render(providers.Message{Content: c, Address: s.address, Options: options})
	if providers.Failed(problems) {
		return problems[0].Summary + ": " + problems[0].Detail
	}
	if o := s.provider.Send(t.Context(), r, providers.NewKey()); o.Class != providers.Accepted {
		return o.Reason
	}
	return ""
}

func (s sender) carries(kind providers.Kind) bool {
	return slices.ContainsFunc(s.facts.Carries, func(c providers.Carries) bool { return c.Kind == kind })
}
