package providertest

import (
	"encoding/json"
	"slices"

	"herald/providers"
)

// everything is content with the fields of all kinds set.
func everything() providers.Content {
	const page, picture = "https://example.com/page", "https://example.com/a.png"
	links := func() []providers.Link {
		return []providers.Link{{Type: providers.LinkURL, Title: "Read", Value: page}}
	}
	return providers.Content{
		Text:         "Hi",
		Attachment:   providers.Attachment{Type: "image", URL: picture},
		QuickReplies: providers.QuickReplies{Title: "Well?", Replies: []string{"Yes"}},
		List:         providers.List{Items: []providers.Item{{Title: "One", Subtitle: "First", ImageURL: picture, Links: links()}}},
		Cards:        providers.Cards{Title: "Pick", Cards: []providers.Card{{Title: "One", Description: "First", ImageURL: picture, Links: links()}}},
		Form:         providers.Form{Title: "You", Fields: []providers.Field{{Name: "name", Type: providers.FieldText, Label: "Name"}}},
		Articles:     providers.Articles{Title: "Help", Articles: []providers.Article{{Title: "One", Description: "First", URL: page}}},
		Native:       json.RawMessage(`{}`),
	}
}

// plain is the plainest content of a kind that a vendor who carries it can be expected to take.
func plain(kind providers.Kind) providers.Content {
	all := everything()
	c := providers.Content{Kind: kind}
	switch kind {
	case providers.KindText:
		c.Text = all.Text
	case providers.KindAttachment:
		c.Attachment = all.Attachment
	case providers.KindQuickReplies:
		c.QuickReplies = all.QuickReplies
	case providers.KindList:
		c.List = all.List
	case providers.KindCards:
		c.Cards = all.Cards
	case providers.KindForm:
		c.Form = all.Form
	case providers.KindArticles:
		c.Articles = all.Articles
	case providers.KindNative:
		c.Native = all.Native
	}
	return c
}

// misshapen is content that is wrong for every vendor, by what is wrong with it.
func misshapen() map[string]providers.Content {
	changed := func(kind providers.Kind, how func(*providers.Content)) providers.Content {
		c := plain(kind)
		how(&c)
		return c
	}
	list := func(how func(*providers.List)) providers.Content {
		return changed(providers.KindList, func(c *providers.Content) { how(&c.List) })
	}
	cards := func(how func(*providers.Cards)) providers.Content {
		return changed(providers.KindCards, func(c *providers.Content) { how(&c.Cards) })
	}
	form := func(how func(*providers.Form)) providers.Content {
		return changed(providers.KindForm, func(c *providers.Content) { how(&c.Form) })
	}
	articles := func(how func(*providers.Articles)) providers.Content {
		return changed(providers.KindArticles, func(c *providers.Content) { how(&c.Articles) })
	}
	question := func(how func(*providers.QuickReplies)) providers.Content {
		return changed(providers.KindQuickReplies, func(c *providers.Content) { how(&c.QuickReplies) })
	}
	file := func(how func(*providers.Attachment)) providers.Content {
		return changed(providers.KindAttachment, func(c *providers.Content) { how(&c.Attachment) })
	}
	const bytes = "a\xff"
	return map[string]providers.Content{
		"a text of bytes":                changed(providers.KindText, func(c *providers.Content) { c.Text = bytes }),
		"native content of bytes":        changed(providers.KindNative, func(c *providers.Content) { c.Native = json.RawMessage(`{"type":"a` + bytes + `"}`) }),
		"a file of another type":         file(func(a *providers.Attachment) { a.Type = "gif" }),
		"a file at half an address":      file(func(a *providers.Attachment) { a.URL = "/a.png" }),
		"a file at an address of spaces": file(func(a *providers.Attachment) { a.URL = "https://example.com/a b.png" }),
		"a file at an address of bytes":  file(func(a *providers.Attachment) { a.URL += bytes }),
		"a question of bytes":            question(func(q *providers.QuickReplies) { q.Title = bytes }),
		"no quick replies":               question(func(q *providers.QuickReplies) { q.Replies = nil }),
		"an empty quick reply":           question(func(q *providers.QuickReplies) { q.Replies = []string{"a", " "} }),
		"a quick reply of bytes":         question(func(q *providers.QuickReplies) { q.Replies = []string{"a", bytes} }),
		"an item of bytes":               list(func(l *providers.List) { l.Items[0].Title = bytes }),
		"a subtitle of bytes":            list(func(l *providers.List) { l.Items[0].Subtitle = bytes }),
		"an item's image at no port":     list(func(l *providers.List) { l.Items[0].ImageURL = "https://example.com:0/a.png" }),
		"a card's image at no host":      cards(func(c *providers.Cards) { c.Cards[0].ImageURL = "https://:80/a.png" }),
		"a card's title of bytes":        cards(func(c *providers.Cards) { c.Cards[0].Title = bytes }),
		"a link's title of bytes":        cards(func(c *providers.Cards) { c.Cards[0].Links[0].Title = bytes }),
		"a reply of bytes": cards(func(c *providers.Cards) {
			c.Cards[0].Links[0] = providers.Link{Type: providers.LinkReply, Title: "a", Value: bytes}
		}),
		"a form's title of bytes": form(func(f *providers.Form) { f.Title = bytes }),
		"a label of bytes":        form(func(f *providers.Form) { f.Fields[0].Label = bytes }),
		"an empty option": form(func(f *providers.Form) {
			f.Fields[0].Type, f.Fields[0].Options = providers.FieldChoice, []string{"a", ""}
		}),
		"an article of bytes":            articles(func(a *providers.Articles) { a.Articles[0].Description = bytes }),
		"a list without items":           list(func(l *providers.List) { l.Items = nil }),
		"a list of another style":        list(func(l *providers.List) { l.Style = "huge" }),
		"an item's link of another type": list(func(l *providers.List) { l.Items[0].Links[0].Type = "dial" }),
		"an item's link to no page":      list(func(l *providers.List) { l.Items[0].Links[0].Value = "page" }),
		"no cards":                       cards(func(c *providers.Cards) { c.Cards = nil }),
		"a card's link of another type":  cards(func(c *providers.Cards) { c.Cards[0].Links[0].Type = "" }),
		"a card's link to no page":       cards(func(c *providers.Cards) { c.Cards[0].Links[0].Value = "//example.com" }),
		"a form without fields":          form(func(f *providers.Form) { f.Fields = nil }),
		"a field of another type":        form(func(f *providers.Form) { f.Fields[0].Type = "date" }),
		"a choice without options":       form(func(f *providers.Form) { f.Fields[0].Type = providers.FieldChoice }),
		"options without a choice":       form(func(f *providers.Form) { f.Fields[0].Options = []string{"Yes"} }),
		"two fields of one name":         form(func(f *providers.Form) { f.Fields = append(f.Fields, f.Fields[0]) }),
		"articles without one":           articles(func(a *providers.Articles) { a.Articles = nil }),
		"an article at no address":       articles(func(a *providers.Articles) { a.Articles[0].URL = "help" }),
	}
}

// copied gives content that shares no memory with the one it is made from.
func copied(c providers.Content) providers.Content {
	c.Native = slices.Clone(c.Native)
	c.QuickReplies.Replies = slices.Clone(c.QuickReplies.Replies)
	c.List.Items = slices.Clone(c.List.Items)
	for i := range c.List.Items {
		c.List.Items[i].Links = slices.Clone(c.List.Items[i].Links)
	}
	c.Cards.Cards = slices.Clone(c.Cards.Cards)
	for i := range c.Cards.Cards {
		c.Cards.Cards[i].Links = slices.Clone(c.Cards.Cards[i].Links)
	}
	c.Form.Fields = slices.Clone(c.Form.Fields)
	for i := range c.Form.Fields {
		c.Form.Fields[i].Options = slices.Clone(c.Form.Fields[i].Options)
	}
	c.Articles.Articles = slices.Clone(c.Articles.Articles)
	return c
}

// wipe overwrites all memory that content points to.
func wipe(c providers.Content) {
	clear(c.Native)
	clear(c.QuickReplies.Replies)
	for _, item := range c.List.Items {
		clear(item.Links)
	}
	clear(c.List.Items)
	for _, card := range c.Cards.Cards {
		clear(card.Links)
	}
	clear(c.Cards.Cards)
	for _, field := range c.Form.Fields {
		clear(field.Options)
	}
	clear(c.Form.Fields)
	clear(c.Articles.Articles)
}
