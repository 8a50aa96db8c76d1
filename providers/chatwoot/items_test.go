package chatwoot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"herald/providers"
	"herald/providers/providertest"
)

func ofCards(title string, cards ...providers.Card) providers.Message {
	return to(providers.Content{Kind: providers.KindCards, Cards: providers.Cards{Title: title, Cards: cards}})
}

func ofForm(title string, fields ...providers.Field) providers.Message {
	return to(providers.Content{Kind: providers.KindForm, Form: providers.Form{Title: title, Fields: fields}})
}

func ofArticles(title string, articles ...providers.Article) providers.Message {
	return to(providers.Content{Kind: providers.KindArticles, Articles: providers.Articles{Title: title, Articles: articles}})
}

func opening(title, address string) providers.Link {
	return providers.Link{Type: providers.LinkURL, Title: title, Value: address}
}

func replying(title, value string) providers.Link {
	return providers.Link{Type: providers.LinkReply, Title: title, Value: value}
}

// onlyChatwoot keeps what is about articles for the type that carries them.
func onlyChatwoot[T any](kind providers.Type, all ...T) []T {
	if !kind.Facts.Can(providers.KindArticles) {
		return nil
	}
	return all
}

// goldenItems are the samples of the interactive messages page, with whole addresses and values that are their labels.
func goldenItems(kind providers.Type) []providertest.Golden {
	shoe := providers.Card{Title: "Nike Shoes 2.0", Description: "Running with Nike Shoe 2.0", ImageURL: "https://assets.ajio.com/a/-1117Wx1400H-460345219-white-MODEL.jpg",
		Links: []providers.Link{opening("View More", "https://google.com"), replying("Add to cart", "ITEM_SELECTED")}}
	bare := providers.Card{Title: "More", Links: []providers.Link{opening("Write", "mailto:a@b.example")}}
	const envelope = `"message_type":"outgoing","private":false,"content_type":`
	return append([]providertest.Golden{
		{Name: "cards", Message: ofCards("card message", shoe), Path: path,
			Body: `{"content":"card message",` + envelope + `"cards","content_attributes":{"items":[{
				"media_url":"https://assets.ajio.com/a/-1117Wx1400H-460345219-white-MODEL.jpg","title":"Nike Shoes 2.0","description":"Running with Nike Shoe 2.0",
				"actions":[{"type":"link","text":"View More","uri":"https://google.com"},{"type":"postback","text":"Add to cart","payload":"ITEM_SELECTED"}]}]}}`},
		{Name: "bare cards", Message: ofCards("Two", bare, bare), Path: path,
			Body: `{"content":"Two",` + envelope + `"cards","content_attributes":{"items":[
				{"title":"More","actions":[{"type":"link","text":"Write","uri":"mailto:a@b.example"}]},
				{"title":"More","actions":[{"type":"link","text":"Write","uri":"mailto:a@b.example"}]}]}}`},
		{Name: "private cards", Message: with(ofCards("Note", bare), providers.Values{"private": true, "message_type": "incoming"}), Path: path,
			Body: `{"content":"Note","message_type":"incoming","private":true,"content_type":"cards","content_attributes":{"items":[
				{"title":"More","actions":[{"type":"link","text":"Write","uri":"mailto:a@b.example"}]}]}}`},
		{Name: "cards with Liquid", Message: ofCards("Hi {{contact.name}}", bare), Path: path, Warns: true,
			Body: `{"content":"Hi {{contact.name}}",` + envelope + `"cards","content_attributes":{"items":[
				{"title":"More","actions":[{"type":"link","text":"Write","uri":"mailto:a@b.example"}]}]}}`},
		{Name: "form", Path: path, Message: ofForm("form",
			providers.Field{Name: "email", Type: providers.FieldEmail, Label: "Email", Required: true},
			providers.Field{Name: "text_aread", Type: providers.FieldLongText, Label: "Large Text"},
			providers.Field{Name: "text", Type: providers.FieldText, Label: "text"},
			providers.Field{Name: "select", Type: providers.FieldChoice, Label: "Select Option", Options: []string{"🌯 Burito", "🍝 Pasta"}}),
			Body: `{"content":"form",` + envelope + `"form","content_attributes":{"items":[
				{"name":"email","type":"email","label":"Email","required":true},
				{"name":"text_aread","type":"text_area","label":"Large Text"},
				{"name":"text","type":"text","label":"text"},
				{"name":"select","type":"select","label":"Select Option","options":[{"label":"🌯 Burito","value":"🌯 Burito"},{"label":"🍝 Pasta","value":"🍝 Pasta"}]}]}}`},
	}, onlyChatwoot(kind, providertest.Golden{Name: "articles", Path: path, Message: ofArticles("articles",
		providers.Article{Title: "API start guide", Description: "A random start api guide", URL: "http://google.com"},
		providers.Article{Title: "Development docs", URL: "http://google.com/b?c=d&e"}),
		Body: `{"content":"articles",` + envelope + `"article","content_attributes":{"items":[
			{"title":"API start guide","description":"A random start api guide","link":"http://google.com"},
			{"title":"Development docs","description":"","link":"http://google.com/b?c=d&e"}]}}`})...)
}

// wrongItems are what these vendors refuse, or cannot show, in items.
func wrongItems(kind providers.Type) []providertest.Wrong {
	const bytes = "\xff"
	links := []providers.Link{replying("Yes", "yes")}
	card := func(change func(*providers.Card)) providers.Message {
		c := providers.Card{Title: "a", Links: slices.Clone(links)}
		change(&c)
		return ofCards("Pick", providers.Card{Title: "good", Links: links}, c)
	}
	link := func(l providers.Link) providers.Message { return card(func(c *providers.Card) { c.Links[0] = l }) }
	field := func(f providers.Field) providers.Message {
		return ofForm("Ask", providers.Field{Name: "good", Type: providers.FieldText, Label: "Good"}, f)
	}
	all := []providertest.Wrong{
		{Name: "cards without title", Message: ofCards("", providers.Card{Title: "a", Links: links}), Field: "title", Says: "content"},
		{Name: "cards with blank title", Message: ofCards(" ", providers.Card{Title: "a", Links: links}), Field: "title", Says: "empty"},
		{Name: "cards with long title", Message: ofCards(strings.Repeat("é", maxContent+1), providers.Card{Title: "a", Links: links}), Field: "title", Says: "150001 characters"},
		{Name: "cards with Liquid title", Message: ofCards("{% if x %}", providers.Card{Title: "a", Links: links}), Field: "title", Says: "Liquid", Warning: true},
		{Name: "no card", Message: ofCards("Pick"), Field: "", Says: "card { ... }"},
		{Name: "card without title", Message: card(func(c *providers.Card) { c.Title = "" }), Field: "card[1].title", Says: "title is empty"},
		{Name: "card without link", Message: card(func(c *providers.Card) { c.Links = nil }), Field: "card[1]", Says: "at least one link"},
		{Name: "picture at no address", Message: card(func(c *providers.Card) { c.ImageURL = "a.example/b.png" }), Field: "card[1].image_url", Says: `"a.example/b.png"`},
		{Name: "picture by FTP", Message: card(func(c *providers.Card) { c.ImageURL = "ftp://a.example/b.png" }), Field: "card[1].image_url", Says: "image_url is"},
		{Name: "picture by script", Message: card(func(c *providers.Card) { c.ImageURL = "javascript:alert(1)" }), Field: "card[1].image_url", Says: "image_url is"},
		{Name: "picture at a mail address", Message: card(func(c *providers.Card) { c.ImageURL = "mailto:a@b.example" }), Field: "card[1].image_url", Says: "image_url is"},
		{Name: "picture at bytes", Message: card(func(c *providers.Card) { c.ImageURL = "https://a.example/" + bytes }), Field: "card[1].image_url", Says: "UTF-8"},
		{Name: "description of bytes", Message: card(func(c *providers.Card) { c.Description = bytes }), Field: "card[1].description", Says: "UTF-8"},
		{Name: "link without title", Message: link(opening(" ", "https://a.example")), Field: "card[1].link[0].title", Says: "empty"},
		{Name: "link to no address", Message: link(opening("Go", "google.com")), Field: "card[1].link[0].value", Says: `"google.com"`},
		{Name: "link to bytes", Message: link(opening("Go", "https://a.example/"+bytes)), Field: "card[1].link[0].value", Says: "UTF-8"},
		{Name: "reply of nothing", Message: link(replying("Go", "")), Field: "card[1].link[0].value", Says: "empty"},
		{Name: "link of another type", Message: link(providers.Link{Type: "call", Title: "Go", Value: "1"}), Field: "card[1].link[0].type", Says: `"call"`},
		{Name: "form without title", Message: ofForm("", providers.Field{Name: "a", Type: providers.FieldText, Label: "A"}), Field: "title", Says: "content"},
		{Name: "no field", Message: ofForm("Ask"), Field: "", Says: "field { ... }"},
		{Name: "field without name", Message: field(providers.Field{Type: providers.FieldText, Label: "A"}), Field: "field[1].name", Says: "name is empty"},
		{Name: "field without label", Message: field(providers.Field{Name: "a", Type: providers.FieldText}), Field: "field[1].label", Says: "label is empty"},
		{Name: "field of another type", Message: field(providers.Field{Name: "a", Type: "select", Label: "A"}), Field: "field[1].type", Says: `"select"`},
		{Name: "field named twice", Message: field(providers.Field{Name: "good", Type: providers.FieldText, Label: "A"}), Field: "field[1].name", Says: "too"},
		{Name: "choice of nothing", Message: field(providers.Field{Name: "a", Type: providers.FieldChoice, Label: "A"}), Field: "field[1].options", Says: "needs options"},
		{Name: "options of a text", Message: field(providers.Field{Name: "a", Type: providers.FieldText, Label: "A", Options: []string{"b"}}), Field: "field[1].options", Says: "choice"},
	}
	all = append(all, onlyChatwoot(kind,
		providertest.Wrong{Name: "articles without title", Message: ofArticles("", providers.Article{Title: "a", URL: "https://a.example"}), Field: "title", Says: "content"},
		providertest.Wrong{Name: "no article", Message: ofArticles("Read"), Field: "", Says: "article { ... }"},
		providertest.Wrong{Name: "article without title", Message: ofArticles("Read", providers.Article{URL: "https://a.example"}), Field: "article[0].title", Says: "empty"},
		providertest.Wrong{Name: "article at no address", Message: ofArticles("Read", providers.Article{Title: "a", URL: "/a"}), Field: "article[0].url", Says: `"/a"`},
		providertest.Wrong{Name: "article of bytes", Message: ofArticles("Read", providers.Article{Title: "a", Description: bytes, URL: "https://a.example"}), Field: "article[0].description", Says: "UTF-8"},
	)...)
	for i := range all {
		all[i].Index = -1
	}
	return append(all, providertest.Wrong{Name: "option of nothing", Message: field(providers.Field{Name: "a", Type: providers.FieldChoice, Label: "A", Options: []string{"b", " "}}),
		Field: "field[1].options", Index: 1, Says: "option 2 of options is empty"})
}

// 99digital documents articles in answers only, and neither vendor has lists or attachments.
func TestNotCarried(t *testing.T) {
	for _, f := range []flavour{digital99(), chatwoot()} {
		p := account{flavour: f, id: 1}
		for kind, want := range map[providers.Kind]bool{
			providers.KindArticles: f.name == "chatwoot", providers.KindCards: true, providers.KindForm: true, providers.KindList: false, providers.KindAttachment: false,
		} {
			_, problems := p.Render(to(providers.Content{Kind: kind}))
			cannot := slices.ContainsFunc(problems, func(p providers.Problem) bool { return strings.Contains(p.Detail, "cannot carry") })
			if cannot == want || f.facts().Can(kind) != want || !want && len(problems) != 1 {
				t.Errorf("%s and %s: %+v", f.name, kind, problems)
			}
		}
	}
}

// Whatever people write, a body has only the keys that the vendor takes, or there is none.
func TestItemKeys(t *testing.T) {
	p := account{flavour: chatwoot(), id: 1}
	text := rapid.OneOf(rapid.SampledFrom([]string{"", " ", "a", "https://a.example", "\xff", "{{x}}"}), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		var m providers.Message
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 0:
			m = ofCards(text.Draw(t, "title"), rapid.SliceOfN(rapid.Custom(func(t *rapid.T) providers.Card {
				return providers.Card{Title: text.Draw(t, "title"), Description: text.Draw(t, "description"), ImageURL: text.Draw(t, "image"),
					Links: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) providers.Link {
						return providers.Link{Type: rapid.SampledFrom([]string{"url", "reply", "x"}).Draw(t, "type"), Title: text.Draw(t, "title"), Value: text.Draw(t, "value")}
					}), 0, 2).Draw(t, "links")}
			}), 0, 2).Draw(t, "cards")...)
		case 1:
			m = ofForm(text.Draw(t, "title"), rapid.SliceOfN(rapid.Custom(func(t *rapid.T) providers.Field {
				return providers.Field{Name: text.Draw(t, "name"), Type: rapid.SampledFrom([]string{"text", "long_text", "email", "choice", "x"}).Draw(t, "type"),
					Label: text.Draw(t, "label"), Required: rapid.Bool().Draw(t, "required"), Options: rapid.SliceOfN(text, 0, 2).Draw(t, "options")}
			}), 0, 2).Draw(t, "fields")...)
		case 2:
			m = ofArticles(text.Draw(t, "title"), rapid.SliceOfN(rapid.Custom(func(t *rapid.T) providers.Article {
				return providers.Article{Title: text.Draw(t, "title"), Description: text.Draw(t, "description"), URL: text.Draw(t, "url")}
			}), 0, 2).Draw(t, "articles")...)
		}
		r, problems := p.Render(m)
		if providers.Failed(problems) {
			return
		}
		// The checks of native content are the vendor's own.
		if _, problems := p.Render(own(string(r.Body))); providers.Failed(problems) {
			t.Fatalf("%s: %+v", r.Body, problems)
		}
		if !utf8.ValidString(fmt.Sprint(m.Content)) {
			t.Fatalf("%q is taken, and its bytes would arrive changed: %s", fmt.Sprint(m.Content), r.Body)
		}
	})
}
