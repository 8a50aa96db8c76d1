package chatwoot

import "herald/providers"

// items is content_attributes of a message that is more than its text. The keys of its elements are those that
// attributes allows, and no other.
type items[T any] struct {
	Items []T `json:"items"`
}

// reply is an item of input_select.
type reply struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

// card is an item of cards.
type card struct {
	MediaURL    string   `json:"media_url,omitempty"`
	Title       string   `json:"title"`
	Description string   `json:"description,omitempty"`
	Actions     []action `json:"actions"`
}

// action is a button of a card: a link has a URI, a postback a Payload.
type action struct {
	Type    string `json:"type"`
	Text    string `json:"text"`
	URI     string `json:"uri,omitempty"`
	Payload string `json:"payload,omitempty"`
}

// formField is an item of form.
type formField struct {
	Name     string   `json:"name"`
	Type     string   `json:"type"`
	Label    string   `json:"label"`
	Required bool     `json:"required,omitempty"`
	Options  []choice `json:"options,omitempty"`
}

// choice is one option of a field of type select.
type choice struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// article is an item of article.
type article struct {
	Title       string `json:"title"`
	Description string `json:"description"`
	Link        string `json:"link"`
}

func (c *check) cards(cards []providers.Card) items[card] {
	list := make([]card, len(cards))
	for i, from := range cards {
		at := providers.Path{Block: "card", Index: i}
		c.filled(at.At("title"), from.Title)
		if len(from.Links) == 0 {
			c.wrong(at, "Card without a link", "%s refuses a card without actions. Give it at least one link { ... }.", c.p.title)
		}
		list[i] = card{MediaURL: from.ImageURL, Title: from.Title, Description: from.Description, Actions: c.actions(at, from.Links)}
	}
	return items[card]{list}
}

func (c *check) actions(in providers.Path, links []providers.Link) []action {
	list := make([]action, len(links))
	for i, l := range links {
		at := in.LinkAt(i)
		c.filled(at.At("title"), l.Title)
		if l.Type == providers.LinkURL {
			list[i] = action{Type: "link", Text: l.Title, URI: l.Value}
			continue
		}
		c.filled(at.At("value"), l.Value)
		list[i] = action{Type: "postback", Text: l.Title, Payload: l.Value}
	}
	return list
}

func (c *check) form(fields []providers.Field) items[formField] {
	list := make([]formField, len(fields))
	for i, f := range fields {
		at := providers.Path{Block: "field", Index: i}
		c.filled(at.At("name"), f.Name)
		c.filled(at.At("label"), f.Label)
		list[i] = formField{Name: f.Name, Type: fieldType(f.Type), Label: f.Label, Required: f.Required}
		for _, o := range f.Options {
			list[i].Options = append(list[i].Options, choice{Label: o, Value: o})
		}
	}
	return items[formField]{list}
}

// fieldType is the vendor's word for a type of field.
func fieldType(t string) string {
	switch t {
	case providers.FieldLongText:
		return "text_area"
	case providers.FieldChoice:
		return "select"
	}
	return t // text and email are the same; Shape refuses what is none of the language's
}

func (c *check) articles(articles []providers.Article) items[article] {
	list := make([]article, len(articles))
	for i, a := range articles {
		at := providers.Path{Block: "article", Index: i}
		c.filled(at.At("title"), a.Title)
		list[i] = article{Title: a.Title, Description: a.Description, Link: a.URL}
	}
	return items[article]{list}
}
