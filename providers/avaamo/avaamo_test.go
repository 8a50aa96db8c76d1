package avaamo

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"herald/providers"
	"herald/providers/providertest"
	"herald/providers/wire"
)

// conversation is the uuid of the vendor's sample list.
const conversation = "1faa40c8253e65aa02bfd02fd8643d35"

func to(c providers.Content) providers.Message {
	return providers.Message{Content: c, Address: providers.Values{"uuid": conversation}}
}

func addressed(uuid string) providers.Message {
	m := words("Hi")
	m.Address = providers.Values{"uuid": uuid}
	return m
}

func in(m providers.Message, locale string) providers.Message {
	m.Options = providers.Values{"force_locale": locale}
	return m
}

func words(s string) providers.Message {
	return to(providers.Content{Kind: providers.KindText, Text: s})
}

func question(title string, replies ...string) providers.Message {
	return to(providers.Content{Kind: providers.KindQuickReplies, QuickReplies: providers.QuickReplies{Title: title, Replies: replies}})
}

func rows(style string, items ...providers.Item) providers.Message {
	return to(providers.Content{Kind: providers.KindList, List: providers.List{Style: style, Items: items}})
}

func cards(title string, all ...providers.Card) providers.Message {
	return to(providers.Content{Kind: providers.KindCards, Cards: providers.Cards{Title: title, Cards: all}})
}

func form(title string, fields ...providers.Field) providers.Message {
	return to(providers.Content{Kind: providers.KindForm, Form: providers.Form{Title: title, Fields: fields}})
}

func own(raw string) providers.Message {
	return to(providers.Content{Kind: providers.KindNative, Native: []byte(raw)})
}

func reply(title, value string) []providers.Link {
	return []providers.Link{{Type: providers.LinkReply, Title: title, Value: value}}
}

func page(title, address string) []providers.Link {
	return []providers.Link{{Type: providers.LinkURL, Title: title, Value: address}}
}

// body is a whole request body around a message.
func body(message string) string {
	return `{"message":` + message + `,"conversation":{"uuid":"` + conversation + `"},"bot_id":2154}`
}

func says(_ int, text string) string {
	body, _ := wire.JSON(map[string]any{"success": false, "message": text})
	return string(body)
}

// The vendor's samples (messagePage, "Examples"). Where the page hides digits with x, those of its second sample stand.
const (
	sampleText = `{
  "message": "Sample message",
  "conversation": { "uuid": "1faa40c8253e65aa02bfd02fd8643d35" },
  "bot_id": 2154,
  "force_locale": "en"
}`
	sampleList = `{
  "message": { "list_view": { "top_element_style": "compact", "items": [
    { "title": "Coke", "subtitle": "All Chilled", "links": [ { "type": "post_message", "title": "Get a pack of 5", "value": "coke" } ] },
    { "title": "Coffee", "subtitle": "Cold", "links": [ { "type": "post_message", "title": "Buy one get one", "content": "coffee" } ] }
  ] } },
  "conversation": { "uuid": "1faa40c8253e65aa02bfd02fd8643d35" },
  "bot_id": 2154,
  "force_locale": "en"
}`
	sampleForm = `{
  "message": { "card": { "inputs": [ { "title": "How was our service?", "type": "data_capture", "uuid": "comments" } ] } },
  "conversation": { "uuid": "1faa40c8253e65aa02bfd02fd8643d35" },
  "bot_id": 2154,
  "force_locale": "en"
}`
)

// ownMessage is the message of a sample, as native content.
func ownMessage(sample string) providers.Message {
	members, _ := wire.Object([]byte(sample))
	return in(own(string(members["message"])), "en")
}

func golden() []providertest.Golden {
	drinks := []providers.Item{
		{Title: "Coke", Subtitle: "All Chilled", Links: reply("Get a pack of 5", "coke")},
		{Title: "Coffee", Subtitle: "Cold", Links: reply("Buy one get one", "coffee")},
	}
	all := []providertest.Golden{
		{Name: "text", Message: in(words("Sample message"), "en"), Body: sampleText},
		// The second sample has "content" where linkPage and listPage have "value": only native content says so too.
		{Name: "list", Message: in(rows("compact", drinks...), "en"), Body: strings.Replace(sampleList, `"content": "coffee"`, `"value": "coffee"`, 1)},
		{Name: "list with the page's slip", Message: ownMessage(sampleList), Body: sampleList, Warns: true},
		// The third leaves should_validate out, which a form always says.
		{Name: "form", Message: in(form("", providers.Field{Name: "comments", Type: "long_text", Label: "How was our service?", Required: true}), "en"),
			Body: strings.Replace(sampleForm, `{ "title": "How was our service?", "type": "data_capture", "uuid": "comments" }`,
				`{"type":"data_capture","title":"How was our service?","should_validate":true,"uuid":"comments"}`, 1)},
		{Name: "form as the page has it", Message: ownMessage(sampleForm), Body: sampleForm},

		{Name: "no locale", Message: in(words("1 < 2 & \"3\"\n\u2028é😀"), ""), Body: body(`"1 < 2 & \"3\"\n\u2028é😀"`)},
		{Name: "long text", Message: words(strings.Repeat("é", 100000)), Body: body(`"` + strings.Repeat("é", 100000) + `"`)},
		{Name: "quick replies", Message: question("Renew now?", "Yes", "Later"), Body: body(`{"quick_reply":{"content":"Renew now?","links":[
			{"type":"post_message","title":"Yes","value":"Yes"},{"type":"post_message","title":"Later","value":"Later"}]}}`)},
		{Name: "list with everything", Message: rows("", providers.Item{Title: "A", ImageURL: "https://example.com/a.png", Links: page("Open", "https://example.com/a?b=c&d")}),
			Body: body(`{"list_view":{"items":[{"title":"A","image_path":"https://example.com/a.png","links":[{"type":"web_page","title":"Open","value":"https://example.com/a?b=c&d"}]}]}}`)},
		{Name: "large list", Message: rows("large", drinks[0]), Body: body(`{"list_view":{"top_element_style":"large","items":[
			{"title":"Coke","subtitle":"All Chilled","links":[{"type":"post_message","title":"Get a pack of 5","value":"coke"}]}]}}`)},
		// The sample of linkPage, "Mail link", and its web page.
		{Name: "card", Message: cards("", providers.Card{Title: "Write to us", Description: "Let us know what you think", Links: append(page("email", "mailto:macpizza@gmail.com"),
			append(page("call", "tel:+4915112345678"), page("Mac Pizza Website", "https://www.macpizza.com/")...)...)}),
			Body: body(`{"card":{"title":"Write to us","description":"Let us know what you think","links":[{"type":"web_page","title":"email","url":"mailto:macpizza@gmail.com"},
				{"type":"web_page","title":"call","url":"tel:+4915112345678"},{"type":"web_page","title":"Mac Pizza Website","value":"https://www.macpizza.com/"}]}}`)},
		{Name: "card of a picture", Message: cards("", providers.Card{ImageURL: "https://example.com/a.png"}), Body: body(`{"card":{"showcase_image_path":"https://example.com/a.png"}}`)},
		// The sample of carouselPage.
		{Name: "carousel", Message: cards("Payment Method", providers.Card{Title: "NetBanking", Links: reply("confirm", "confirm")}, providers.Card{Title: "Cash on Delivery", Links: reply("confirm", "confirm")}),
			Body: body(`{"carousel":{"title":"Payment Method","cards":[{"card":{"title":"NetBanking","links":[{"type":"post_message","title":"confirm","value":"confirm"}]}},
				{"card":{"title":"Cash on Delivery","links":[{"type":"post_message","title":"confirm","value":"confirm"}]}}]}}`)},
		{Name: "carousel without a title", Message: cards("", providers.Card{Title: "A"}, providers.Card{Title: "B"}), Body: body(`{"carousel":{"cards":[{"card":{"title":"A"}},{"card":{"title":"B"}}]}}`)},
		{Name: "one card with a title above", Message: cards("T", providers.Card{Title: "A"}), Body: body(`{"carousel":{"title":"T","cards":[{"card":{"title":"A"}}]}}`)},
		{Name: "form with everything", Message: form("Feedback", providers.Field{Name: "first", Type: "text", Label: "First Name", Required: true}, providers.Field{Name: "mail", Type: "email", Label: "Email"},
			providers.Field{Name: "why", Type: "long_text", Label: "Why?"}, providers.Field{Name: "how", Type: "choice", Label: "How was our service?", Required: true, Options: []string{"Good", "OK"}}),
			Body: body(`{"card":{"title":"Feedback","inputs":[{"type":"single_line_text","title":"First Name","should_validate":true,"uuid":"first"},
				{"type":"single_line_text","title":"Email","sub_type":"email","should_validate":false,"uuid":"mail"},
				{"type":"data_capture","title":"Why?","should_validate":false,"uuid":"why"},
				{"type":"poll","title":"How was our service?","should_validate":true,"uuid":"how","options":["Good","OK"]}]}}`)},
		{Name: "native carousel", Message: own(`{"carousel":{"cards":[{"card":{"description":"A & <b>"}}]}}`), Body: body(`{"carousel":{"cards":[{"card":{"description":"A & <b>"}}]}}`)},
		{Name: "native quick reply with a date", Message: own(`{"quick_reply":{"content":"When?","links":[{"title":"Day","type":"date","format":"DD/MM/YYYY"}]}}`),
			Body: body(`{"quick_reply":{"content":"When?","links":[{"title":"Day","type":"date","format":"DD/MM/YYYY"}]}}`)},
		{Name: "odd uuid", Message: addressed("a..b?c#é"), Body: `{"message":"Hi","conversation":{"uuid":"a..b?c#é"},"bot_id":2154}`},
		{Name: "another agent", Settings: providers.Values{"bot_id": int64(7)}, Message: words("Hi"), Body: strings.Replace(body(`"Hi"`), "2154", "7", 1)},
	}
	for i := range all {
		all[i].Path = "/bots_api/v1/messages.json"
		all[i].Place, _ = all[i].Message.Address["uuid"].(string)
	}
	return all
}

func TestConformance(t *testing.T) {
	providertest.Run(t, providertest.Subject{
		Type:       Type(),
		Settings:   providers.Values{"bot_id": int64(2154)},
		Statements: statements(),
		Also:       also(),
		Originals:  originals(),
		Wrap:       says,
		Golden:     golden(),
		Watches:    watches(),
		List: []providertest.Listing{
			{Name: "all messages", Query: providers.Query{Until: time.UnixMicro(1569219802362128)}, More: true,
				Path: "/v1/messages.json?page=1&per_page=100&since_timetoken=946684800000000&timetoken=1569219802362128",
				Page: samplePage, Want: []providers.Listed{sampleListed()}},
			{Name: "one conversation", Path: "/v1/conversations/" + conversation + "/messages.json?device_info=true&page=1&per_page=100&since_timetoken=1569216700000000&timetoken=1569219802362128",
				Query: providers.Query{Conversation: conversation, Since: time.UnixMicro(1569216700000000), Until: time.UnixMicro(1569219802362128), Devices: true},
				Page:  strings.ReplaceAll(samplePage, "4371", "1"), Want: []providers.Listed{sampleListed()}},
		},
		Wrong: append(wrongTyped(), wrongNative()...),
		Answers: []providertest.Answer{
			{Name: "success among others", Status: 200, Body: `{"id":1,"success":true}`, Want: providers.Outcome{Class: providers.Accepted}},
			{Name: "no success", Status: 200, Body: says(0, "Oh"), Want: providers.Outcome{Class: providers.Unknown, Reason: "does not say success: Oh"}},
			{Name: "success as a text", Status: 200, Body: `{"success":"true"}`, Want: providers.Outcome{Class: providers.Unknown}},
			{Name: "success in capitals", Status: 200, Body: `{"Success":true}`, Want: providers.Outcome{Class: providers.Unknown}},
			{Name: "success with another status", Status: 201, Body: `{"success":true}`, Want: providers.Outcome{Class: providers.Unknown}},
			{Name: "success with an error's status", Status: 422, Body: `{"success":true}`, Want: providers.Outcome{Class: providers.Refused}},
			{Name: "an error's text", Status: 422, Body: `{"error":"Conversation not found"}`, Want: providers.Outcome{Class: providers.Refused, Reason: "Conversation not found"}},
			{Name: "404", Status: 404, Body: "<html>", Want: providers.Outcome{Class: providers.AccountError, Reason: "check base_url and bot_id"}},
			{Name: "404 and a text", Status: 404, Body: `{"errors":"No such agent"}`, Want: providers.Outcome{Class: providers.AccountError, Reason: "No such agent; check base_url and bot_id"}},
			{Name: "408", Status: 408, Want: providers.Outcome{Class: providers.Unknown}},
			{Name: "429 and when", Status: 429, Header: map[string]string{"Retry-After": "3"}, Want: providers.Outcome{Class: providers.Throttled, After: 3 * time.Second}},
		},
	})
}

func TestBotID(t *testing.T) {
	for _, settings := range []providers.Values{{}, {"bot_id": int64(0)}, {"bot_id": int64(-1)}, {"bot_id": "2154"}} {
		if _, err := Type().Open(providers.Account{Settings: settings}); err == nil || !strings.Contains(err.Error(), "bot_id") {
			t.Errorf("%v: %v", settings, err)
		}
	}
}

// Posting takes the user's token alone.
func TestSendNeedsNoAgentToken(t *testing.T) {
	if missing := facts().MissingSecrets(providers.Account{Settings: providers.Values{"access_token": "u"}}); len(missing) != 0 {
		t.Errorf("%+v", missing)
	}
	if missing := readingFacts().MissingSecrets(providers.Account{Settings: providers.Values{"agent_token": "a"}}); len(missing) != 0 {
		t.Errorf("%+v", missing)
	}
}

func FuzzClassify(f *testing.F) {
	for _, a := range facts().Answers {
		f.Add(a.Status, []byte(a.Body), "1")
		f.Add(a.Status, []byte(says(a.Status, "Oh")), "")
	}
	f.Fuzz(func(t *testing.T, status int, body []byte, after string) {
		o := classify(wire.Answer{Status: status, Header: http.Header{"Retry-After": {after}}, Body: body, Now: time.Now()})
		if o.Class < providers.Accepted || o.Class > providers.Unknown || o.Class == providers.NotSent {
			t.Fatalf("%d %q is %v", status, body, o.Class)
		}
		var said struct {
			Success any `json:"success"`
		}
		if o.Class == providers.Accepted && (status != 200 || json.Unmarshal(body, &said) != nil) {
			t.Fatalf("accepted: %d %q", status, body)
		}
	})
}
