package avaamo

import (
	"strings"

	"herald/providers"
)

// content makes what stands in message.
func content(c providers.Content) (any, []providers.Problem) {
	k := &check{problems: c.Shape()}
	var said any
	switch c.Kind {
	case providers.KindText:
		k.needed(providers.Path{Field: "text"}, c.Text, 0)
		said = c.Text
	case providers.KindQuickReplies:
		said = k.quickReplies(c.QuickReplies)
	case providers.KindList:
		said = k.list(c.List)
	case providers.KindCards:
		said = k.cards(c.Cards)
	case providers.KindForm:
		said = k.form(c.Form)
	case providers.KindNative:
		k.native(c.Native)
		said = c.Native
	default:
		return nil, []providers.Problem{facts().CannotCarry(c.Kind)}
	}
	return said, k.problems
}

func (c *check) quickReplies(q providers.QuickReplies) (m quickReply) {
	c.needed(providers.Path{Field: "title"}, q.Title, maxText)
	m.QuickReply.Content = q.Title
	for i, reply := range q.Replies {
		c.short(providers.Path{Field: "replies"}, i, reply, maxText)
		m.QuickReply.Links = append(m.QuickReply.Links, link{Type: "post_message", Title: reply, Value: reply})
	}
	return m
}

func (c *check) list(l providers.List) (m listView) {
	c.few("item", len(l.Items), maxItems)
	m.ListView.Style = l.Style
	for i, one := range l.Items {
		at := providers.Path{Block: "item", Index: i}
		c.needed(at.At("title"), one.Title, maxText)
		c.optional(at.At("subtitle"), one.Subtitle, maxText)
		c.short(at.At("image_url"), -1, one.ImageURL, maxText)
		if len(one.Links) == 0 {
			c.add(at, -1, "An item without a link", "Avaamo takes no item of a list without a link, and this one has none. Add link { ... }, or write the list as text.")
		}
		m.ListView.Items = append(m.ListView.Items, item{one.Title, one.Subtitle, one.ImageURL, c.links(at, one.Links)})
	}
	return m
}

func (c *check) cards(all providers.Cards) any {
	c.optional(providers.Path{Field: "title"}, all.Title, maxText)
	var m carousel
	m.Carousel.Title = all.Title
	for i, one := range all.Cards {
		at := providers.Path{Block: "card", Index: i}
		if one.Title == "" && one.Description == "" && one.ImageURL == "" && len(one.Links) == 0 {
			c.add(at, -1, "An empty card", "This card has no title, description, image_url or link, and Avaamo has nothing to show. Give it one of them.")
		}
		c.optional(at.At("title"), one.Title, maxText)
		c.optional(at.At("description"), one.Description, maxDescription)
		c.short(at.At("image_url"), -1, one.ImageURL, maxText)
		m.Carousel.Cards = append(m.Carousel.Cards, oneCard{card{Title: one.Title, Description: one.Description, Image: one.ImageURL, Links: c.links(at, one.Links)}})
	}
	if len(m.Carousel.Cards) == 1 && all.Title == "" {
		return m.Carousel.Cards[0]
	}
	return m
}

func (c *check) links(in providers.Path, links []providers.Link) (all []link) {
	for i, l := range links {
		at := in.LinkAt(i)
		c.needed(at.At("title"), l.Title, maxText)
		one := link{Type: "web_page", Title: l.Title}
		if l.Type == providers.LinkReply {
			c.needed(at.At("value"), l.Value, maxText)
			one.Type = "post_message"
		} else {
			c.short(at.At("value"), -1, l.Value, maxText) // an empty one is no address, and Shape says so
		}
		if l.Type == providers.LinkURL && program(l.Value) {
			one.URL = l.Value
		} else {
			one.Value = l.Value
		}
		all = append(all, one)
	}
	return all
}

// program reports whether an address opens a mail or phone program instead of a page.
func program(address string) bool {
	scheme, _, _ := strings.Cut(address, ":")
	return strings.EqualFold(scheme, "mailto") || strings.EqualFold(scheme, "tel")
}

func (c *check) form(f providers.Form) (m oneCard) {
	c.optional(providers.Path{Field: "title"}, f.Title, maxText)
	c.few("field", len(f.Fields), maxInputs)
	m.Card.Title = f.Title
	for i, one := range f.Fields {
		at := providers.Path{Block: "field", Index: i}
		c.needed(at.At("label"), one.Label, maxText)
		c.needed(at.At("name"), one.Name, maxText)
		in := input{Type: "single_line_text", Title: one.Label, Required: one.Required, UUID: one.Name}
		switch one.Type {
		case providers.FieldEmail:
			in.SubType = "email"
		case providers.FieldLongText:
			in.Type = "data_capture"
		case providers.FieldChoice:
			in.Type, in.Options = "poll", one.Options
			for j, option := range one.Options {
				c.short(at.At("options"), j, option, maxText)
			}
		}
		m.Card.Inputs = append(m.Card.Inputs, in)
	}
	return m
}
