package chatwoot

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"herald/providers"
	"herald/providers/providertest"
	"herald/providers/wire"
)

const path = "/api/v1/accounts/12/conversations/34/messages"

func to(c providers.Content) providers.Message {
	return providers.Message{Content: c, Address: providers.Values{"conversation_id": int64(34)}}
}

func text(s string) providers.Message {
	return to(providers.Content{Kind: providers.KindText, Text: s})
}

func question(title string, replies ...string) providers.Message {
	return to(providers.Content{Kind: providers.KindQuickReplies, QuickReplies: providers.QuickReplies{Title: title, Replies: replies}})
}

func own(raw string) providers.Message {
	return to(providers.Content{Kind: providers.KindNative, Native: []byte(raw)})
}

func with(m providers.Message, options providers.Values) providers.Message {
	m.Options = options
	return m
}

func at(m providers.Message, conversation any) providers.Message {
	m.Address = providers.Values{"conversation_id": conversation}
	return m
}

func says(text string) string {
	body, _ := wire.JSON(map[string]string{"error": text})
	return string(body)
}

// wrap answers as the vendor does: what Rack::Attack refuses is bare text.
func wrap(status int, text string) string {
	if status == http.StatusTooManyRequests {
		return text
	}
	return says(text)
}

// unmark takes the mark out of a body.
func unmark(body []byte) (rest []byte, key string) {
	var m map[string]any
	if json.Unmarshal(body, &m) != nil {
		return body, ""
	}
	if attributes, ok := m["content_attributes"].(map[string]any); ok {
		key, _ = attributes[mark].(string)
		delete(attributes, mark)
		if len(attributes) == 0 && strings.Contains(string(body), `"content_attributes":{"`+mark) {
			m["content_attributes"] = map[string]any{}
		}
	}
	rest, _ = json.Marshal(m)
	return rest, key
}

func subject(kind providers.Type) providertest.Subject {
	return providertest.Subject{
		Type:       kind,
		Settings:   providers.Values{"account_id": int64(12)},
		Wrap:       wrap,
		Unmark:     unmark,
		Wait:       61 * time.Second,
		List:       listings(kind),
		Openings:   openings(),
		Statements: statements(kind.Facts.Type),
		Also:       also(),
		Originals:  originals(kind.Facts.Type),
		Watches:    watches(),
		Golden: placed(append([]providertest.Golden{
			// The sample of 99digital's page.
			{Name: "text", Message: text("string"), Path: path,
				Body: `{ "content": "string", "message_type": "outgoing", "private": false, "content_type": "text", "content_attributes": {} }`},
			{Name: "private", Message: with(text("Hi"), providers.Values{"private": true}), Path: path,
				Body: `{"content":"Hi","message_type":"outgoing","private":true,"content_type":"text","content_attributes":{}}`},
			{Name: "incoming", Message: with(text("Hi {{x}}"), providers.Values{"message_type": "incoming", "private": false}), Path: path,
				Body: `{"content":"Hi {{x}}","message_type":"incoming","private":false,"content_type":"text","content_attributes":{}}`},
			{Name: "quick replies", Message: question("Renew & pay?", "Yes", "Later"), Path: path,
				Body: `{"content":"Renew & pay?","message_type":"outgoing","private":false,"content_type":"input_select",
					"content_attributes":{"items":[{"title":"Yes","value":"Yes"},{"title":"Later","value":"Later"}]}}`},
			{Name: "Liquid between backticks", Message: text("Write `{{ contact.name }}` or\n`a\n{% b %}`."), Path: path,
				Body: `{"content":"Write ` + "`{{ contact.name }}` or\\n`a\\n{% b %}`" + `.","message_type":"outgoing","private":false,"content_type":"text","content_attributes":{}}`},
			{Name: "Liquid beside backticks", Message: text("`a` {{ b }} `c`"), Path: path, Warns: true,
				Body: `{"content":"` + "`a` {{ b }} `c`" + `","message_type":"outgoing","private":false,"content_type":"text","content_attributes":{}}`},
			{Name: "Liquid after one backtick", Message: text("it`s {% b %}"), Path: path, Warns: true,
				Body: `{"content":"` + "it`s {% b %}" + `","message_type":"outgoing","private":false,"content_type":"text","content_attributes":{}}`},
			{Name: "text with Liquid", Message: text("Hi {{ contact.name }}"), Path: path, Warns: true,
				Body: `{"content":"Hi {{ contact.name }}","message_type":"outgoing","private":false,"content_type":"text","content_attributes":{}}`},
			{Name: "native", Message: own(`{"content":"Pick","content_type":"cards","content_attributes":{"x":1,"items":[{"title":"A","actions":[{"type":"link","text":"Go","uri":"https://a.example"}]}]}}`),
				Path: path, Body: `{"content":"Pick","content_attributes":{"x":1,"items":[{"title":"A","actions":[{"type":"link","text":"Go","uri":"https://a.example"}]}]},"content_type":"cards"}`},
			{Name: "native with options", Message: with(own(`{"content":"Hi","content_attributes":{},"echo_id":null}`), providers.Values{"private": true, "message_type": "incoming"}),
				Path: path, Body: `{"content":"Hi","content_attributes":{},"message_type":"incoming","private":true}`},
			{Name: "the limit", Message: text(strings.Repeat("é", maxContent)), Path: path,
				Body: `{"content":"` + strings.Repeat("é", maxContent) + `","message_type":"outgoing","private":false,"content_type":"text","content_attributes":{}}`},
		}, goldenItems(kind)...)),
		Wrong: append([]providertest.Wrong{
			{Name: "no conversation", Message: providers.Message{Content: text("Hi").Content}, Part: providers.PartAddress, Field: "conversation_id", Index: -1, Says: "or give inbox_id in the block provider"},
			{Name: "conversation 0", Message: at(text("Hi"), int64(0)), Part: providers.PartAddress, Field: "conversation_id", Index: -1, Says: `"0"`},
			{Name: "conversation -1", Message: at(text("Hi"), int64(-1)), Part: providers.PartAddress, Field: "conversation_id", Index: -1, Says: `"-1"`},
			{Name: "conversation 1.5", Message: at(text("Hi"), 1.5), Part: providers.PartAddress, Field: "conversation_id", Index: -1, Says: `"1.5"`},
			{Name: "no text", Message: text(" "), Field: "text", Index: -1, Says: "empty"},
			{Name: "text of bytes", Message: text("\xff"), Field: "text", Index: -1, Says: "UTF-8"},
			{Name: "long text", Message: text(strings.Repeat("é", maxContent+1)), Field: "text", Index: -1, Says: "150001 characters"},
			{Name: "Liquid", Message: text("{% if x %}"), Field: "text", Index: -1, Says: "Liquid", Warning: true},
			{Name: "Liquid title", Message: question("{{x}}", "a"), Field: "title", Index: -1, Says: "Liquid", Warning: true},
			{Name: "no title", Message: question("", "a"), Field: "title", Index: -1, Says: "empty"},
			{Name: "no replies", Message: question("?"), Field: "replies", Index: -1, Says: "at least one"},
			{Name: "empty reply", Message: question("?", "a", " "), Field: "replies", Index: 1, Says: "reply 2 of replies is empty"},
			{Name: "type of message", Message: with(text("Hi"), providers.Values{"message_type": "shout"}), Part: providers.PartOption, Field: "message_type", Index: -1, Says: `"shout"`},
			{Name: "said twice", Message: with(own(`{"content":"Hi","private":true}`), providers.Values{"private": false}), Part: providers.PartOption, Field: "private", Index: -1, Says: "native"},
			{Name: "native list", Message: own(`[]`), Field: "native", Index: -1, Says: "one message object"},
			{Name: "native without content", Message: own(`{"private":true}`), Field: "native", Index: -1, Says: "content as required"},
			{Name: "native with empty content", Message: own(`{"content":""}`), Field: "native", Index: -1, Says: "content of native is empty"},
			{Name: "native type of message", Message: own(`{"content":"Hi","message_type":1}`), Field: "native", Index: -1, Says: "message_type is"},
			{Name: "native type of content", Message: own(`{"content":"Hi","content_type":"song"}`), Field: "native", Index: -1, Says: "content_type is"},
			{Name: "native private", Message: own(`{"content":"Hi","private":"yes"}`), Field: "native", Index: -1, Says: "true or false"},
			{Name: "native attributes", Message: own(`{"content":"Hi","content_attributes":"{}"}`), Field: "native", Index: -1, Says: `content_attributes is "\"{}\"", and must be an object`},
			{Name: "native mark", Message: own(`{"content":"Hi","content_attributes":{"herald_key":"1"}}`), Field: "native", Index: -1, Says: "another name"},
			{Name: "native without items", Message: own(`{"content":"Hi","content_type":"form"}`), Field: "native", Index: -1, Says: "at least one object"},
			{Name: "native with null items", Message: own(`{"content":"Hi","content_type":"form","content_attributes":{"items":[null]}}`), Field: "native", Index: -1, Says: "at least one object"},
			{Name: "native with odd items", Message: own(`{"content":"Hi","content_type":"article","content_attributes":{"items":[{"title":"a","url":"b"}]}}`), Field: "native", Index: -1, Says: `"url"`},
			{Name: "native card without actions", Message: own(`{"content":"Hi","content_type":"cards","content_attributes":{"items":[{"title":"a"}]}}`), Field: "native", Index: -1, Says: "no actions"},
			{Name: "native source_id", Message: own(`{"content":"Hi","source_id":"1"}`), Field: "native", Index: -1, Says: "does not deliver", Warning: true},
			{Name: "native unknown member", Message: own(`{"content":"Hi","colour":"red"}`), Field: "native", Index: -1, Says: `"colour"`, Warning: true},
		}, wrongItems(kind)...),
		Answers: []providertest.Answer{
			{Name: "a message, to the millisecond", Status: 200, Body: `{"id":71,"status":"sent","created_at":1790000000,"created_at_exact":"2026-09-21T14:13:20.123Z","message_type":1}`,
				Want: providers.Outcome{Class: providers.Accepted, ID: "71", Status: "sent", At: time.Date(2026, 9, 21, 14, 13, 20, 123e6, time.UTC)}},
			{Name: "a message, to the second", Status: 200, Body: `{"id":"72","status":"delivered","created_at":1790000000,"message_type":2}`,
				Want: providers.Outcome{Class: providers.Accepted, ID: "72", Status: "delivered", At: time.Unix(1790000000, 0)}},
			{Name: "stored, not delivered", Status: 200, Body: `{"id":73,"status":"failed"}`, Want: providers.Outcome{Class: providers.Accepted, Status: "failed"}},
			{Name: "read already", Status: 200, Body: `{"id":73,"status":"read"}`, Want: providers.Outcome{Class: providers.Accepted, Status: "read"}},
			{Name: "another type than asked for", Status: 200, Body: `{"id":74,"message_type":0}`,
				Want: providers.Outcome{Class: providers.Accepted, ID: "74", Note: "asked for message_type outgoing, the answer says 0"}},
			{Name: "odd fields", Status: 200, Body: `{"id":75,"status":{},"created_at":"x","created_at_exact":7,"message_type":[],"content_attributes":[]}`,
				Want: providers.Outcome{Class: providers.Accepted, ID: "75"}},
			{Name: "200 without an id", Status: 200, Body: says("Oh"), Want: providers.Outcome{Class: providers.Unknown, Reason: "Oh"}},
			{Name: "id of another type", Status: 200, Body: `{"id":{}}`, Want: providers.Outcome{Class: providers.Unknown}},
			{Name: "401 in other words", Status: 401, Body: "", Want: providers.Outcome{Class: providers.AccountError, Reason: "HTTP 401 Unauthorized"}},
			{Name: "403", Status: 403, Body: says("no"), Want: providers.Outcome{Class: providers.AccountError}},
			{Name: "404 without a text", Status: 404, Body: "<html>", Want: providers.Outcome{Class: providers.Refused, Reason: "HTTP 404 Not Found"}},
			{Name: "422 from another check", Status: 422, Body: says("Validation failed: Conversation must exist"), Want: providers.Outcome{Class: providers.Refused, Reason: "Conversation must exist"}},
			{Name: "422 with attributes", Status: 422, Body: `{"message":"Content is odd","attributes":["content"]}`, Want: providers.Outcome{Class: providers.Refused, Reason: "Content is odd"}},
			{Name: "422 from anywhere", Status: 422, Body: says("undefined method 'x' for nil"), Want: providers.Outcome{Class: providers.Unknown, Reason: "undefined method"}},
			{Name: "422 of a flood", Status: 422, Body: says("Validation failed: Too many messages"), Want: providers.Outcome{Class: providers.Throttled, After: time.Minute}},
			{Name: "429 and when", Status: 429, Header: map[string]string{"Retry-After": "5"}, Body: "Retry later\n", Want: providers.Outcome{Class: providers.Throttled, After: 5 * time.Second}},
			{Name: "500 after a send that succeeded", Status: 500, Body: `{"status":500,"error":"Internal Server Error"}`, Want: providers.Outcome{Class: providers.Unknown}},
		},
	}
}

func TestConformance(t *testing.T) {
	for _, kind := range Types() {
		t.Run(kind.Facts.Type, func(t *testing.T) { providertest.Run(t, subject(kind)) })
	}
}

// Only 99digital's page has the message types that Chatwoot makes itself.
func TestMessageTypes(t *testing.T) {
	m := with(text("Hi"), providers.Values{"message_type": "activity"})
	for kind, want := range map[string]bool{"digital99": true, "chatwoot": false} {
		for _, one := range Types() {
			if one.Facts.Type != kind {
				continue
			}
			p, err := one.Open(providers.Account{Settings: providers.Values{"account_id": int64(1)}})
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			if _, problems := p.Render(m); providers.Failed(problems) == want {
				t.Errorf("%s: %+v", kind, problems)
			}
		}
	}
}

func TestAccountID(t *testing.T) {
	for _, kind := range Types() {
		for _, settings := range []providers.Values{{}, {"account_id": int64(0)}, {"account_id": int64(-1)}, {"account_id": "12"}} {
			if _, err := kind.Open(providers.Account{Settings: settings}); err == nil || !strings.Contains(err.Error(), "account_id") {
				t.Errorf("%s, %v: %v", kind.Facts.Type, settings, err)
			}
		}
	}
}

func TestMarked(t *testing.T) {
	key := providers.NewKey()
	in := fmt.Sprintf(`"herald_key":"%s"`, key)
	for body, want := range map[string]string{
		`{"content":"a","content_attributes":{}}`:                    `{"content":"a","content_attributes":{` + in + `}}`,
		`{"content_attributes":{"items":[{"a":"}"}]},"content":"a"}`: `{"content_attributes":{"items":[{"a":"}"}],` + in + `},"content":"a"}`,
		`{"content":"a"}`:                                                 `{"content":"a","content_attributes":{` + in + `}}`,
		`{"content":"\"content_attributes\":{}"}`:                         `{"content":"\"content_attributes\":{}","content_attributes":{` + in + `}}`,
		"{ \"content\" : \"a\" , \"content_attributes\" : { \n } \n } \n": "{ \"content\" : \"a\" , \"content_attributes\" : { \n " + in + "} \n }",
		`{"x":[{"content_attributes":{}},"content_attributes"],"content_attributes":{"y":{"content_attributes":{}}},"z":{"content_attributes":{}}}`: `{"x":[{"content_attributes":{}},"content_attributes"],` +
			`"content_attributes":{"y":{"content_attributes":{}},` + in + `},"z":{"content_attributes":{}}}`,
		`{"a":"\\","content_attributes":{"b":"}\\\"}"}}`: `{"a":"\\","content_attributes":{"b":"}\\\"}",` + in + `}}`,
		`{}`: `{"content_attributes":{` + in + `}}`,
		`[]`: "", `"x"`: "", ``: "", `{`: "", `{"a":1`: "", `{"content_attributes":"{}"}`: "", `{"content_attributes":null}`: "",
	} {
		got, _, err := marked([]byte(body), key)
		if string(got) != want || (err == nil) != (want != "") {
			t.Errorf("%s becomes %s, %v; want %s", body, got, err, want)
		}
	}
	_, asked, _ := marked([]byte(`{"message_type":"incoming"}`), key)
	_, silent, _ := marked([]byte(`{}`), key)
	if asked != "incoming" || silent != "outgoing" {
		t.Errorf("asks for %q and %q", asked, silent)
	}
}

// The answer counts as marked only with the very key that was sent.
func TestMarkedBack(t *testing.T) {
	key := providers.NewKey()
	for attributes, want := range map[string]bool{
		`{"herald_key":"` + key.String() + `"}`: true, `{"herald_key":"` + providers.NewKey().String() + `"}`: false,
		`{}`: false, `null`: false, `[]`: false, `{"herald_key":1}`: false,
	} {
		o := classify(wire.Answer{Status: 200, Body: []byte(`{"id":1,"content_attributes":` + attributes + `}`)}, "outgoing", key)
		if o.Class != providers.Accepted || o.Marked != want {
			t.Errorf("%s: %+v", attributes, o)
		}
	}
}

func TestAgrees(t *testing.T) {
	for _, tt := range []struct {
		raw, asked string
		want       bool
	}{
		{"1", "outgoing", true}, {"2", "outgoing", true}, {"0", "outgoing", false}, {"3", "outgoing", false},
		{"0", "incoming", true}, {"1", "incoming", true}, {"2", "incoming", false}, {"4", "template", true}, {"3", "template", true}, {"2", "template", false},
		{"2", "activity", true}, {"3", "activity", true}, {"1", "activity", false}, {"-1", "incoming", false},
		{`"outgoing"`, "outgoing", true}, {`"incoming"`, "outgoing", false}, {"1.5", "outgoing", false}, {"null", "incoming", false}, {"1", "", false},
	} {
		if got := agrees(json.RawMessage(tt.raw), tt.asked); got != tt.want {
			t.Errorf("%s for %s: %v", tt.raw, tt.asked, got)
		}
	}
}

func TestUntilNextWindow(t *testing.T) {
	minute := time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC)
	for into, want := range map[time.Duration]time.Duration{0: 61 * time.Second, 59 * time.Second: 2 * time.Second, 30 * time.Second: 31 * time.Second} {
		if got := untilNextWindow(minute.Add(into)); got != want {
			t.Errorf("%v into a minute: %v, want %v", into, got, want)
		}
	}
}

func FuzzClassify(f *testing.F) {
	for _, a := range chatwoot().facts().Answers {
		f.Add(a.Status, []byte(a.Body), "1")
		f.Add(a.Status, []byte(says(a.Body)), "")
	}
	f.Fuzz(func(t *testing.T, status int, body []byte, after string) {
		o := classify(wire.Answer{Status: status, Header: http.Header{"Retry-After": {after}}, Body: body, Now: time.Now()}, "outgoing", providers.Key{})
		if o.Class < providers.Accepted || o.Class > providers.Unknown || o.Class == providers.NotSent {
			t.Fatalf("%d %q is %v", status, body, o.Class)
		}
		if o.Class == providers.Accepted && (status/100 != 2 || o.ID == "") {
			t.Fatalf("accepted without id: %d %q", status, body)
		}
	})
}

// Whoever mends an account sees all that is wrong with it at once, each at its setting.
func TestOpenSaysAll(t *testing.T) {
	for _, kind := range Types() {
		_, err := kind.Open(providers.Account{Settings: providers.Values{"account_id": int64(0), "inbox_id": int64(-1), "base_url": "https://a.example/api"}})
		if got, want := providertest.WrongSettings(t, err), []string{"account_id", "inbox_id", "base_url"}; !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", kind.Facts.Type, got, want)
		}
		p, err := kind.Open(providers.Account{Settings: providers.Values{"account_id": int64(1)}})
		if err != nil {
			t.Fatalf("without inbox_id, which may be left out: %v", err)
		}
		p.Close()
	}
}

func FuzzMarked(f *testing.F) {
	f.Add([]byte(`{"content":"a","content_attributes":{}}`))
	f.Add([]byte(`{"content_attributes":{"a":[{}]},"b":1} `))
	f.Fuzz(func(t *testing.T, body []byte) {
		out, _, err := marked(body, providers.Key{1})
		if err != nil {
			return
		}
		members, ok := wire.Object(out)
		attributes, _ := wire.Object(members["content_attributes"])
		if json.Valid(body) && (!ok || wire.Text(attributes[mark]) != providers.Key{1}.String()) {
			t.Fatalf("%q becomes %q", body, out)
		}
	})
}

func FuzzNative(f *testing.F) {
	f.Add([]byte(`{"content":"Hi","content_type":"cards","content_attributes":{"items":[{"actions":[]}]}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p := account{flavour: chatwoot(), id: 1}
		r, problems := p.Render(own(string(raw)))
		if providers.Failed(problems) == json.Valid(r.Body) {
			t.Fatalf("%q: %s %+v", raw, r.Body, problems)
		}
	})
}

func BenchmarkRender(b *testing.B) {
	p := account{flavour: digital99(), id: 1}
	card := providers.Card{Title: "Nike", Description: "Shoes", ImageURL: "https://example.com/a.png", Links: []providers.Link{opening("View", "https://example.com/a"), replying("Buy", "buy")}}
	for name, m := range map[string]providers.Message{
		"question": question("Your plan renews on Monday. Renew it now?", "Yes", "Later"),
		"10 cards": ofCards("Shoes", slices.Repeat([]providers.Card{card}, 10)...),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, problems := p.Render(m); len(problems) > 0 {
					b.Fatal(problems)
				}
			}
		})
	}
}

func BenchmarkMarked(b *testing.B) {
	p := account{flavour: digital99(), id: 1}
	r, _ := p.Render(question("Your plan renews on Monday. Renew it now?", "Yes", "Later"))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := marked(r.Body, providers.Key{}); err != nil {
			b.Fatal(err)
		}
	}
}
