package planner

import "herald/providers"

// Every field counts, in the order in which it stands in the type; one that was not given counts as "". A field that the
// types get later must be added so that a content without it hashes to what it does now.

func (d *digest) list(l *providers.List) {
	d.text(l.Style)
	d.count(len(l.Items))
	for i := range l.Items {
		item := &l.Items[i]
		d.text(item.Title)
		d.text(item.Subtitle)
		d.text(item.ImageURL)
		d.links(item.Links)
	}
}

func (d *digest) cards(c *providers.Cards) {
	d.text(c.Title)
	d.count(len(c.Cards))
	for i := range c.Cards {
		card := &c.Cards[i]
		d.text(card.Title)
		d.text(card.Description)
		d.text(card.ImageURL)
		d.links(card.Links)
	}
}

func (d *digest) links(links []providers.Link) {
	d.count(len(links))
	for i := range links {
		d.text(links[i].Type)
		d.text(links[i].Title)
		d.text(links[i].Value)
	}
}

func (d *digest) form(f *providers.Form) {
	d.text(f.Title)
	d.count(len(f.Fields))
	for i := range f.Fields {
		field := &f.Fields[i]
		d.text(field.Name)
		d.text(field.Type)
		d.text(field.Label)
		d.value(field.Required)
		d.texts(field.Options)
	}
}

func (d *digest) articles(a *providers.Articles) {
	d.text(a.Title)
	d.count(len(a.Articles))
	for i := range a.Articles {
		article := &a.Articles[i]
		d.text(article.Title)
		d.text(article.Description)
		d.text(article.URL)
	}
}
