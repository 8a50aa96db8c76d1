package live_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"herald/internal/live"
	"herald/internal/preview"
	"herald/providers"
	"herald/providers/sandbox"
)

// contents is content of every kind in the shapes that campaigns can give it, with s in its texts.
func contents(s string) map[string]providers.Content {
	const page, picture = "https://shop.example.com/tea", "https://shop.example.com/tea.jpg"
	opens := providers.Link{Type: providers.LinkURL, Title: s, Value: page}
	answers := providers.Link{Type: providers.LinkReply, Title: s, Value: "sencha 2"}
	list := func(style string) providers.Content {
		return providers.Content{Kind: providers.KindList, List: providers.List{Style: style, Items: []providers.Item{
			{Title: s, Subtitle: "Black", ImageURL: picture, Links: []providers.Link{opens, answers}}, {Title: "Sencha", Links: []providers.Link{answers}}}}}
	}
	cards := func(title string, all ...providers.Card) providers.Content {
		return providers.Content{Kind: providers.KindCards, Cards: providers.Cards{Title: title, Cards: all}}
	}
	full := providers.Card{Title: s, Description: "With oil", ImageURL: picture, Links: []providers.Link{opens, answers}}
	bare := providers.Card{Title: "Sencha", Links: []providers.Link{answers}}
	all := map[string]providers.Content{
		"text":       {Kind: providers.KindText, Text: s},
		"question":   {Kind: providers.KindQuickReplies, QuickReplies: providers.QuickReplies{Title: s, Replies: []string{"Green", "Black & white"}}},
		"list":       list(""),
		"large list": list("large"), "compact list": list("compact"),
		"card": cards("", full), "titled card": cards(s, full), "cards": cards(s, full, bare), "untitled cards": cards("", full, bare),
		"mail card": cards("Mail", providers.Card{Title: s, Links: []providers.Link{{Type: providers.LinkURL, Title: "Write", Value: "mailto:tea@example.com"}}}),
		"form": {Kind: providers.KindForm, Form: providers.Form{Title: s, Fields: []providers.Field{
			{Name: "stars", Type: providers.FieldChoice, Label: s, Required: true, Options: []string{"1", "2"}},
			{Name: "remark", Type: providers.FieldLongText, Label: "What?"}, {Name: "mail", Type: providers.FieldEmail, Label: "Where?"},
			{Name: "nick", Type: providers.FieldText, Label: "Who?", Required: true}}}},
		"articles": {Kind: providers.KindArticles, Articles: providers.Articles{Title: s, Articles: []providers.Article{
			{Title: "Hot?", Description: s, URL: page}, {Title: "Long?", URL: page}}}},
	}
	for _, kind := range []string{"image", "video", "audio", "file"} {
		all[kind] = providers.Content{Kind: providers.KindAttachment, Attachment: providers.Attachment{Type: kind, URL: "https://shop.example.com/leaflet"}}
	}
	return all
}

// last sends a message and gives what the emulator took.
func last(t *testing.T, box *sandbox.Sandbox, vendor string, s sender, c providers.Content, options providers.Values) sandbox.Message {
	t.Helper()
	before := box.Count(vendor)
	if problem := s.send(t, c, options); problem != "" {
		t.Fatalf("%s: %s", vendor, problem)
	}
	all := box.Messages(vendor)
	if len(all) != before+1 {
		t.Fatalf("%s has %d messages, not %d", vendor, len(all), before+1)
	}
	return all[before]
}

// TestDrawnAsInThePlan sends all content that each provider carries, by way of the provider, and compares what the plan draws
// with what the page draws of what the emulator took.
func TestDrawnAsInThePlan(t *testing.T) {
	box := started(t, sandbox.Options{NoLimits: true})
	texts := []string{"Hi Ada", "two\nlines", `<b>"&'</b>`, "e\u0301 \u202eabc \U0001f469\u200d\U0001f4bb", "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627"}
	for vendor, s := range senders(t, box) {
		drawn := map[providers.Kind]int{}
		for _, text := range texts {
			for name, c := range contents(text) {
				if !s.carries(c.Kind) {
					continue
				}
				if r, problems := s.provider.Render(providers.Message{Content: c, Address: s.address}); providers.Failed(problems) {
					if left := leftOut(vendor, name); left == "" {
						t.Errorf("%s, %s: cannot be sent: %+v %s", vendor, name, problems, r.Body)
					}
					continue
				}
				got, verb := live.Content(last(t, box, vendor, s, c, nil))
				want := preview.Bubble(c, s.facts.Verb)
				if have := preview.Bubble(got, verb); have != want {
					t.Errorf("%s, %s of %q:\nplan %s\npage %s", vendor, name, text, want, have)
				}
				drawn[c.Kind]++
			}
		}
		for _, kind := range providers.Kinds() {
			if s.carries(kind) && kind != providers.KindNative && drawn[kind] == 0 {
				t.Errorf("%s: nothing of kind %s was compared", vendor, kind)
			}
		}
	}
}

// leftOut says why content of the test cannot be sent by a provider that carries its kind, "" when it can.
func leftOut(vendor, name string) string {
	if (vendor == sandbox.Digital99 || vendor == sandbox.Chatwoot) && (name == "card" || name == "untitled cards") {
		return "content is required: cards need a title above them"
	}
	return ""
}

// TestNotDrawnAsInThePlan lists what comes back otherwise than it was written: all of it native content, whose meaning the
// plan does not know and the emulator does.
func TestNotDrawnAsInThePlan(t *testing.T) {
	box := started(t, sandbox.Options{NoLimits: true})
	all := senders(t, box)
	for _, one := range []struct{ vendor, native, drawn string }{
		// In a shape that has a kind of its own, it is drawn as that kind.
		{sandbox.HeyX, `{"type":"text","text":"Hi"}`, "text"},
		{sandbox.HeyX, `{"type":"quick_reply","title":"Tea?","replies":["Yes"]}`, "quick_replies"},
		{sandbox.Digital99, `{"content":"Where?","content_type":"input_select","content_attributes":{"items":[{"title":"Home","value":"home"}]}}`, "quick_replies"},
		{sandbox.Chatwoot, `{"content":"Hi"}`, "text"},
		{sandbox.Avaamo, `{"card":{"title":"Hi"}}`, "cards"},
		{sandbox.Avaamo, `{"card":{"inputs":[{"type":"picklist","title":"Size","uuid":"s","options":[{"option":"L","uuid":"l"}]}]}}`, "form"},
		// What has no place in a kind is whole in the vendor's form.
		{sandbox.Chatwoot, `{"content":"Where?","content_type":"input_email"}`, "native"},
		{sandbox.Chatwoot, `{"content":"You","content_type":"form","content_attributes":{"items":[{"type":"text","name":"n","label":"N","placeholder":"Ada"}]}}`, "native"},
		{sandbox.Avaamo, `{"quick_reply":{"content":"When?","links":[{"type":"date","title":"Pick","format":"DD/MM/YYYY"}]}}`, "native"},
		{sandbox.Avaamo, `{"card":{"title":"Hi","inputs":[{"type":"rating","title":"Stars","uuid":"s"}]}}`, "native"},
		{sandbox.Avaamo, `{"card":{"title":"Hi","notification_message":"New"}}`, "native"},
		{sandbox.Avaamo, `{"card":{"title":"Hi","links":[{"type":"web_view_srcdoc","title":"See","srcdoc":"<p>"}]}}`, "native"},
		{sandbox.Avaamo, `{"list_view":{"items":[{"title":"A","links":[{"type":"web_page","title":"See","value":"https://a.example","url":"https://b.example"}]}]}}`, "native"},
	} {
		c := providers.Content{Kind: providers.KindNative, Native: json.RawMessage(one.native)}
		m := last(t, box, one.vendor, all[one.vendor], c, nil)
		got, _ := live.Content(m)
		if string(got.Kind) != one.drawn {
			t.Errorf("%s: %s is drawn as %s, not %s", one.vendor, one.native, got.Kind, one.drawn)
		}
		if got.Kind == providers.KindNative && !holds(got.Native, c.Native) {
			t.Errorf("%s: %s is not whole in %s", one.vendor, one.native, got.Native)
		}
	}
	if got, _ := live.Content(last(t, box, sandbox.Digital99, all[sandbox.Digital99], providers.Content{Kind: providers.KindNative,
		Native: json.RawMessage(`{"content":"Hi {{contact.name}}, welcome"}`)}, nil)); got.Text != "Hi , welcome" {
		t.Errorf("after Liquid it says %q", got.Text)
	}
}

// holds reports whether one JSON object has all members of another.
func holds(whole, part json.RawMessage) bool {
	var w, p map[string]any
	if json.Unmarshal(whole, &w) != nil || json.Unmarshal(part, &p) != nil {
		return false
	}
	for name, value := range p {
		if have := w[name]; name != "content_attributes" && fmt.Sprint(have) != fmt.Sprint(value) {
			return false
		}
	}
	return true
}

// What is no message to the person says so, and bodies that no provider makes are drawn or shown whole.
func TestShownAside(t *testing.T) {
	box := started(t, sandbox.Options{NoLimits: true, APIInbox: true})
	s := senders(t, box)[sandbox.Digital99]
	for want, options := range map[string]providers.Values{
		"": nil, "private note": {"private": true}, "activity": {"message_type": "activity"}, "incoming": {"message_type": "incoming"},
	} {
		m := last(t, box, sandbox.Digital99, s, providers.Content{Kind: providers.KindText, Text: "Hi"}, options)
		if got := m.Shown(); got.Aside != want || got.Words != "Hi" {
			t.Errorf("%v: %+v, not %q", options, got, want)
		}
	}
	_, html, _ := get(t, address(box, "/"))
	for _, want := range []string{"A note for the team: the person does not see it", "A note of what happened", "Written in the person’s name"} {
		if !strings.Contains(html, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	odd := slices.Collect(func(yield func(sandbox.Message) bool) {
		for _, vendor := range []string{"heyx", "digital99", "chatwoot", "avaamo", "maax", "other", ""} {
			for _, kind := range []string{"text", "cards", "form", "input_select", "quick_reply", "image", "", "\x00"} {
				for _, body := range []string{"", "null", "[]", `{"body":[1]}`, `{"body":[]}`, `{"message":7}`, `{"message":{"card":3}}`, `{"content_attributes":{"items":[1,{}]}}`, `{"message":{"carousel":{"cards":[null]}}}`} {
					if !yield(sandbox.Message{Vendor: vendor, Kind: kind, Text: "x", Body: json.RawMessage(body)}) {
						return
					}
				}
			}
		}
	})
	for _, m := range odd {
		c, v := live.Content(m) // no body makes it fail
		if preview.Bubble(c, v) == "" {
			t.Errorf("%+v is drawn as nothing", m)
		}
	}
}
