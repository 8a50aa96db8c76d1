package chatwoot

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"herald/providers"
)

const hookSecret = "whsec-4711"

var hookTime = time.Date(2026, 11, 20, 9, 14, 0, 0, time.UTC)

func receiving(t testing.TB, kind providers.Type, secret string) providers.Receiver {
	t.Helper()
	p, err := kind.Open(providers.Account{Type: kind.Facts.Type, Settings: providers.Values{"account_id": int64(12), "webhook_secret": secret}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p.(providers.Receiver)
}

func sign(secret, stamp, body string) string {
	sum := hmac.New(sha256.New, []byte(secret))
	sum.Write([]byte(stamp + "." + body))
	return "sha256=" + hex.EncodeToString(sum.Sum(nil))
}

func TestWebhookSecret(t *testing.T) {
	for _, kind := range Types() {
		if got := receiving(t, kind, hookSecret).Callbacks(); len(got) != 1 || got[0] != (providers.Callback{Name: "webhook"}) {
			t.Errorf("%s: %v", kind.Facts.Type, got)
		}
		without := receiving(t, kind, "")
		if got := without.Callbacks(); len(got) != 0 {
			t.Errorf("%s without a secret: %v", kind.Facts.Type, got)
		}
		if _, err := without.Verify(webhook, http.Header{headerSignature: {sign("", "1", "")}, headerTimestamp: {"1"}}, nil, time.Unix(1, 0)); err == nil || !strings.Contains(err.Error(), "webhook_secret") {
			t.Errorf("%s verifies without a secret: %v", kind.Facts.Type, err)
		}
		// Sending needs none, and it is none of the account's names.
		a := providers.Account{Settings: providers.Values{"api_access_token": "x", "account_id": int64(12)}}
		b := providers.Account{Settings: providers.Values{"api_access_token": "x", "account_id": int64(12), "webhook_secret": "y"}}
		if missing := kind.Facts.MissingSecrets(a); len(missing) != 0 || !kind.Facts.Same(a, b) || kind.Facts.LimitGroup(a) != kind.Facts.LimitGroup(b) {
			t.Errorf("%s: missing %v, or another account by it", kind.Facts.Type, missing)
		}
	}
}

func TestVerify(t *testing.T) {
	r := receiving(t, Chatwoot(), hookSecret)
	now := strconv.FormatInt(hookTime.Unix(), 10)
	when := func(d time.Duration) string { return strconv.FormatInt(hookTime.Add(d).Unix(), 10) }
	const body = `{"event":"message_created"}`
	for name, tt := range map[string]struct {
		signature, stamp, delivery string
		want                       string // the delivery
		wrong                      string // what the error says, "" for none
	}{
		"good":                  {sign(hookSecret, now, body), now, "d-1", "d-1", ""},
		"no delivery":           {sign(hookSecret, now, body), now, "", "", ""},
		"endless delivery":      {sign(hookSecret, now, body), now, strings.Repeat("d", 101), "", ""},
		"capitals":              {"sha256=" + strings.ToUpper(sign(hookSecret, now, body)[7:]), now, "d", "d", ""},
		"almost too old":        {sign(hookSecret, when(-freshness), body), when(-freshness), "d", "d", ""},
		"almost too new":        {sign(hookSecret, when(freshness), body), when(freshness), "d", "d", ""},
		"too old":               {sign(hookSecret, when(-freshness-time.Second), body), when(-freshness - time.Second), "d", "", "5m1s from now"},
		"too new":               {sign(hookSecret, when(freshness+time.Second), body), when(freshness + time.Second), "d", "", "5m1s from now"},
		"another secret":        {sign("x", now, body), now, "d", "", "not made with webhook_secret"},
		"body alone":            {sign(hookSecret, now, body)[:7] + hex.EncodeToString(hmac.New(sha256.New, []byte(hookSecret)).Sum(nil)), now, "d", "", "not made with"},
		"another time":          {sign(hookSecret, now, body), when(time.Second), "d", "", "not made with"},
		"cut":                   {sign(hookSecret, now, body)[:70], now, "d", "", "not made with"},
		"longer":                {sign(hookSecret, now, body) + "00", now, "d", "", "not made with"},
		"empty":                 {"sha256=", now, "d", "", "not made with"},
		"no hexadecimal":        {"sha256=zz", now, "d", "", "not made with"},
		"another way":           {"sha1=" + sign(hookSecret, now, body)[7:], now, "d", "", "has no X-Chatwoot-Signature"},
		"none":                  {"", now, "d", "", "from 4.12 on"},
		"no time":               {sign(hookSecret, "", body), "", "d", "", "is no time"},
		"a time that is none":   {sign(hookSecret, "soon", body), "soon", "d", "", "is no time"},
		"a time before time":    {sign(hookSecret, "-1", body), "-1", "d", "", "is no time"},
		"a time without end":    {sign(hookSecret, "99999999999999999999", body), "99999999999999999999", "d", "", "is no time"},
		"a time of other times": {sign(hookSecret, "68719476735", body), "68719476735", "d", "", "from now"},
	} {
		t.Run(name, func(t *testing.T) {
			h := http.Header{}
			for k, v := range map[string]string{headerSignature: tt.signature, headerTimestamp: tt.stamp, headerDelivery: tt.delivery} {
				if v != "" {
					h.Set(k, v)
				}
			}
			got, err := r.Verify(webhook, h, []byte(body), hookTime)
			if got != tt.want || (err == nil) != (tt.wrong == "") {
				t.Fatalf("%q, %v", got, err)
			}
			if err != nil && (!strings.Contains(err.Error(), tt.wrong) || strings.Contains(err.Error(), hookSecret) || len(tt.signature) > 10 && strings.Contains(err.Error(), tt.signature[7:])) {
				t.Error(err)
			}
		})
	}
}

// hookBody is a call as Chatwoot makes it; more changes some of its members, nil takes one away.
func hookBody(event string, more map[string]any) []byte {
	all := map[string]any{
		"event": event, "id": 77287, "content": "Yes, please", "content_type": "text", "content_attributes": map[string]any{},
		"message_type": "incoming", "private": false, "source_id": nil, "created_at": "2026-11-20T09:13:22.262Z",
		"account": map[string]any{"id": 12, "name": "Acme"}, "inbox": map[string]any{"id": 3},
		"conversation": map[string]any{"id": 34, "inbox_id": 3, "status": "open", "created_at": 1750772853},
		"sender":       map[string]any{"id": 5, "name": "Ada", "type": "contact"},
	}
	for name, value := range more {
		if all[name] = value; value == nil {
			delete(all, name)
		}
	}
	body, _ := json.Marshal(all)
	return body
}

func TestReadCalls(t *testing.T) {
	written := time.Date(2026, 11, 20, 9, 13, 22, 262e6, time.UTC)
	type m = map[string]any
	chosen := func(values any) m { return m{"submitted_values": values} }
	tests := map[string]struct {
		event string
		more  m
		place string // "" where the call tells nothing
		reply string
		at    time.Time // zero: the caller's
	}{
		"a reply":                     {"message_created", nil, "34", "Yes, please", written},
		"a picture":                   {"message_created", m{"content": nil, "attachments": []any{m{"id": 1}}}, "34", "", written},
		"its time in seconds":         {"message_created", m{"created_at": 1763630002}, "34", "Yes, please", time.Unix(1763630002, 0).UTC()},
		"its time in the older form":  {"message_created", m{"created_at": "2026-11-20 09:13:22 UTC"}, "34", "Yes, please", written.Truncate(time.Second)},
		"without its time":            {"message_created", m{"created_at": "yesterday"}, "34", "Yes, please", time.Time{}},
		"of no account":               {"message_created", m{"account": nil}, "34", "Yes, please", written},
		"of another account":          {"message_created", m{"account": m{"id": 13}}, "", "", time.Time{}},
		"of an account that is none":  {"message_created", m{"account": m{"id": "twelve"}}, "", "", time.Time{}},
		"of no conversation":          {"message_created", m{"conversation": nil}, "", "", time.Time{}},
		"of conversation 0":           {"message_created", m{"conversation": m{"id": 0}}, "", "", time.Time{}},
		"its conversation as text":    {"message_created", m{"conversation": m{"id": "34"}}, "34", "Yes, please", written},
		"ours":                        {"message_created", m{"message_type": "outgoing", "sender": m{"type": "user"}}, "", "", time.Time{}},
		"a template":                  {"message_created", m{"message_type": "template"}, "", "", time.Time{}},
		"an event":                    {"message_created", m{"message_type": "activity"}, "", "", time.Time{}},
		"a note":                      {"message_created", m{"private": true}, "", "", time.Time{}},
		"herald's own, as the person": {"message_created", m{"content_attributes": m{mark: providers.Key{1}.String()}}, "", "", time.Time{}},
		"a chosen reply": {"message_updated", m{"message_type": "outgoing", "content_type": "input_select", "sender": m{"type": "user"},
			"content_attributes": chosen([]any{m{"title": "Later", "value": "later"}})}, "34", "later", time.Time{}},
		"a filled form": {"message_updated", m{"message_type": "outgoing", "content_type": "form",
			"content_attributes": chosen([]any{m{"name": "size", "value": "M"}, m{"name": "colour", "value": "red"}})}, "34", "M, red", time.Time{}},
		"an e-mail address": {"message_updated", m{"message_type": "template", "content_type": "input_email",
			"content_attributes": m{"submitted_email": "ada@example.com"}}, "34", "ada@example.com", time.Time{}},
		"a rating": {"message_updated", m{"message_type": "template", "content_type": "input_csat",
			"content_attributes": chosen(m{"csat_survey_response": m{"rating": 5}})}, "", "", time.Time{}},
		"a change of ours":           {"message_updated", m{"message_type": "outgoing"}, "", "", time.Time{}},
		"a change of theirs":         {"message_updated", nil, "", "", time.Time{}},
		"the answer, when it is new": {"message_created", m{"message_type": "outgoing", "content_attributes": chosen([]any{m{"value": "x"}})}, "", "", time.Time{}},
		"another affair":             {"conversation_updated", nil, "", "", time.Time{}},
		"no event":                   {"", m{"event": nil}, "", "", time.Time{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			body := hookBody(tt.event, tt.more)
			for _, kind := range Types() {
				got := receiving(t, kind, hookSecret).Read(webhook, body)
				if got.Place != tt.place || got.Reply != tt.reply || !got.Replied.Equal(tt.at) || got.Answered != (tt.place != "" && tt.at.IsZero()) {
					t.Errorf("%+v", got)
				}
				if (string(got.Vendor) == string(body)) != (tt.place != "") || !got.Delivered.IsZero() || !got.Read.IsZero() || !got.Failed.IsZero() {
					t.Errorf("%+v", got)
				}
			}
		})
	}
	r := receiving(t, Chatwoot(), hookSecret)
	for _, body := range []string{"", "null", "[]", `"x"`, "{", "\xff"} {
		if got := r.Read(webhook, []byte(body)); got.Place != "" || got.Answered || got.Reply != "" {
			t.Errorf("%q: %+v", body, got)
		}
	}
	if got := r.Read("answer", hookBody("message_created", nil)); got.Place != "" {
		t.Errorf("of another callback: %+v", got)
	}
}

func FuzzReadCalls(f *testing.F) {
	f.Add(hookBody("message_created", nil))
	f.Add(hookBody("message_updated", map[string]any{"message_type": "outgoing", "content_attributes": `{"submitted_values":[{"value":1}]}`}))
	r := receiving(f, Chatwoot(), hookSecret)
	f.Fuzz(func(t *testing.T, body []byte) {
		a := r.Read(webhook, body)
		if told := a.Answered || !a.Replied.IsZero() || a.Reply != ""; told != (a.Place != "") || told && !json.Valid(a.Vendor) {
			t.Fatalf("%+v", a)
		}
	})
}
