package avaamo

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"herald/providers"
)

// documented are the members of each object in a request: those of the vendor's pages that herald writes.
var documented = map[string]string{
	"body": "message conversation bot_id force_locale", "body.conversation": "uuid", "body.message": "quick_reply list_view card carousel",
	"quick_reply": "content links", "list_view": "top_element_style items", "items": "title subtitle image_path links",
	"carousel": "title cards", "cards": "card", "card": "title description showcase_image_path links inputs",
	"links": "type title value url", "inputs": "type title sub_type should_validate uuid options",
}

// foreign finds a member that no page documents.
func foreign(at string, v any) string {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			if found := foreign(at, one); found != "" {
				return found
			}
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if !slices.Contains(strings.Fields(documented[at]), name) {
				return at + "." + name
			}
			next := name
			if at == "body" {
				next = "body." + name
			}
			if found := foreign(next, v[name]); found != "" {
				return found
			}
		}
	}
	return ""
}

// Any message either gives problems and nothing else, or a body with the documented members and every text in it.
func TestAnyMessage(t *testing.T) {
	word := rapid.OneOf(rapid.StringN(1, 20, -1), rapid.String(), rapid.SampledFrom([]string{"", " ", "<b>&", "\xff", "a\x00", long(191), long(192), "https://example.com/a?b", "mailto:a@b"}))
	good := rapid.StringMatching(`[a-zé😀]{1,30}`)
	rapid.Check(t, func(t *rapid.T) {
		texts := map[string]bool{}
		// Half of the messages are such that most of them can be sent.
		say, fewest, most, addresses, styles := word, 0, 55, []string{"https://example.com/a?b=<c>&d", "mailto:a@example.com", "tel:+1"}, []string{"", "large", "compact"}
		if rapid.Bool().Draw(t, "good") {
			say, fewest, most = good, 1, 3
		} else {
			addresses, styles = append(addresses, "nowhere"), append(styles, "huge")
		}
		draw := func(what string) string {
			s := say.Draw(t, what)
			texts[s] = true
			return s
		}
		optional := func(what string) string {
			if rapid.Bool().Draw(t, "no "+what) {
				return ""
			}
			return draw(what)
		}
		links := func() []providers.Link {
			return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) providers.Link {
				if rapid.Bool().Draw(t, "url") {
					address := rapid.SampledFrom(addresses).Draw(t, "address")
					texts[address] = true
					return providers.Link{Type: "url", Title: draw("link title"), Value: address}
				}
				return providers.Link{Type: "reply", Title: draw("link title"), Value: draw("link value")}
			}), fewest, 3).Draw(t, "links")
		}
		picture := rapid.SampledFrom([]string{"", "https://example.com/a.png"})
		c := providers.Content{Kind: rapid.SampledFrom([]providers.Kind{"text", "quick_replies", "list", "cards", "form"}).Draw(t, "kind")}
		n := rapid.IntRange(fewest, most).Draw(t, "n")
		switch c.Kind {
		case "text":
			c.Text = draw("text")
		case "quick_replies":
			c.QuickReplies.Title = draw("title")
			for range n {
				c.QuickReplies.Replies = append(c.QuickReplies.Replies, draw("reply"))
			}
		case "list":
			c.List.Style = rapid.SampledFrom(styles).Draw(t, "style")
			for range n {
				c.List.Items = append(c.List.Items, providers.Item{Title: draw("title"), Subtitle: optional("subtitle"), ImageURL: picture.Draw(t, "image"), Links: links()})
			}
		case "cards":
			c.Cards.Title = optional("title")
			for range n {
				c.Cards.Cards = append(c.Cards.Cards, providers.Card{Title: optional("title"), Description: optional("description"), ImageURL: picture.Draw(t, "image"), Links: links()})
			}
		case "form":
			c.Form.Title = optional("title")
			for i := range n {
				f := providers.Field{Name: fmt.Sprint("f", i), Label: draw("label"), Required: rapid.Bool().Draw(t, "required"),
					Type: rapid.SampledFrom([]string{"text", "email", "long_text", "choice"}).Draw(t, "type")}
				if f.Type == "choice" {
					f.Options = []string{draw("option")}
				}
				c.Form.Fields = append(c.Form.Fields, f)
			}
		}
		p := account{bot: 2154}
		m := in(to(c), rapid.SampledFrom([]string{"", "en", "de-AT", "zh-Hant", "??"}).Draw(t, "locale"))
		r, problems := p.Render(m)
		if providers.Failed(problems) {
			if r.Method != "" || r.Path != "" || r.Body != nil {
				t.Fatalf("%+v with %+v", r, problems)
			}
			return
		}
		var v any
		if !utf8.Valid(r.Body) || json.Unmarshal(r.Body, &v) != nil {
			t.Fatalf("no JSON: %s", r.Body)
		}
		if found := foreign("body", v); found != "" {
			t.Fatalf("%s is documented nowhere: %s", found, r.Body)
		}
		told := map[string]bool{}
		gather(v, told)
		for s := range texts {
			if s != "" && !told[s] {
				t.Fatalf("%q is not in %s", s, r.Body)
			}
		}
	})
}

// gather collects all strings of a JSON value.
func gather(v any, into map[string]bool) {
	switch v := v.(type) {
	case string:
		into[v] = true
	case []any:
		for _, one := range v {
			gather(one, into)
		}
	case map[string]any:
		for _, one := range v {
			gather(one, into)
		}
	}
}

func FuzzNative(f *testing.F) {
	f.Add([]byte(`{"card":{"title":"A","links":[{"type":"deeplink"}],"inputs":[{"options":["a",{"option":"b"}]}]}}`))
	f.Add([]byte(`{"list_view":{"top_element_style":"Large","items":[{"links":null}]}}`))
	f.Add([]byte(`{"carousel":{"cards":[{"card":{}}]},"x":1}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p := account{bot: 1}
		r, problems := p.Render(own(string(raw)))
		if providers.Failed(problems) == json.Valid(r.Body) {
			t.Fatalf("%q: %s %+v", raw, r.Body, problems)
		}
	})
}

func BenchmarkRender(b *testing.B) {
	p := account{bot: 2154}
	one := providers.Item{Title: "Coke", Subtitle: "All Chilled", ImageURL: "https://example.com/coke.png", Links: reply("Get a pack of 5", "coke")}
	for name, m := range map[string]providers.Message{
		"3 items":  in(rows("compact", one, item1(), item1()), "en-GB"),
		"10 items": rows("compact", slices.Repeat([]providers.Item{one}, 10)...),
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
