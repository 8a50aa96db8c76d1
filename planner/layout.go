package planner

import (
	"fmt"

	"herald/providers"
	"herald/spec"
)

// layout makes a content with as many items, links and fields as the campaign has blocks, and gives the slots of its
// expressions, in the order in which the kind's fields are documented. False says that the kind is not known.
func layout(from *spec.Content, to *providers.Content) ([]slot, bool) {
	l := layer{from: from}
	*to = providers.Content{Kind: providers.Kind(from.Kind)}
	switch to.Kind {
	case providers.KindText:
		l.slot("text", &to.Text)
	case providers.KindAttachment:
		l.slot("type", &to.Attachment.Type)
		l.slot("url", &to.Attachment.URL)
	case providers.KindQuickReplies:
		l.slot("title", &to.QuickReplies.Title)
		l.slot("replies", &to.QuickReplies.Replies)
	case providers.KindList:
		l.list(&to.List)
	case providers.KindCards:
		l.cards(&to.Cards)
	case providers.KindForm:
		l.form(&to.Form)
	case providers.KindArticles:
		l.articles(&to.Articles)
	case providers.KindNative:
		l.slot("native", &to.Native)
	default:
		return nil, false
	}
	return l.slots, true
}

// layer collects the slots of one content.
type layer struct {
	from  *spec.Content
	slots []slot
}

// slot notes a place; one whose field was not given stays empty.
func (l *layer) slot(path string, into any) { l.typed(path, into, nil) }

// typed notes a place whose value means what the type beside it says.
func (l *layer) typed(path string, into any, typ *string) {
	if e := l.from.Fields[path]; e != nil {
		l.slots = append(l.slots, slot{path: path, expr: e, into: into, typ: typ})
	}
}

// blocks makes room for the blocks of a name: as many as follow each other from 0. The slots point into it.
func blocks[T any](l *layer, name string) []T {
	var all []T
	for {
		if _, there := l.from.Blocks[nth(name, len(all))]; !there {
			return all
		}
		all = append(all, *new(T))
	}
}

func nth(name string, i int) string { return fmt.Sprintf("%s[%d]", name, i) }

func (l *layer) list(to *providers.List) {
	l.slot("style", &to.Style)
	to.Items = blocks[providers.Item](l, "item")
	for i := range to.Items {
		at, item := nth("item", i), &to.Items[i]
		l.slot(at+".title", &item.Title)
		l.slot(at+".subtitle", &item.Subtitle)
		l.slot(at+".image_url", &item.ImageURL)
		item.Links = l.links(at)
	}
}

func (l *layer) cards(to *providers.Cards) {
	l.slot("title", &to.Title)
	to.Cards = blocks[providers.Card](l, "card")
	for i := range to.Cards {
		at, card := nth("card", i), &to.Cards[i]
		l.slot(at+".title", &card.Title)
		l.slot(at+".description", &card.Description)
		l.slot(at+".image_url", &card.ImageURL)
		card.Links = l.links(at)
	}
}

func (l *layer) links(in string) []providers.Link {
	links := blocks[providers.Link](l, in+".link")
	for i := range links {
		at, link := nth(in+".link", i), &links[i]
		l.slot(at+".type", &link.Type)
		l.slot(at+".title", &link.Title)
		l.typed(at+".value", &link.Value, &link.Type)
	}
	return links
}

func (l *layer) form(to *providers.Form) {
	l.slot("title", &to.Title)
	to.Fields = blocks[providers.Field](l, "field")
	for i := range to.Fields {
		at, field := nth("field", i), &to.Fields[i]
		l.slot(at+".name", &field.Name)
		l.slot(at+".type", &field.Type)
		l.slot(at+".label", &field.Label)
		l.slot(at+".required", &field.Required)
		l.slot(at+".options", &field.Options)
	}
}

func (l *layer) articles(to *providers.Articles) {
	l.slot("title", &to.Title)
	to.Articles = blocks[providers.Article](l, "article")
	for i := range to.Articles {
		at, article := nth("article", i), &to.Articles[i]
		l.slot(at+".title", &article.Title)
		l.slot(at+".description", &article.Description)
		l.slot(at+".url", &article.URL)
	}
}
