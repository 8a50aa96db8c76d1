package providers

import "encoding/json"

// Kind is one kind of content. A message has exactly one.
type Kind string

// The kinds of content, named as in campaign files.
const (
	KindText         Kind = "text"
	KindAttachment   Kind = "attachment"
	KindQuickReplies Kind = "quick_replies"
	KindList         Kind = "list"
	KindCards        Kind = "cards"
	KindForm         Kind = "form"
	KindArticles     Kind = "articles"
	KindNative       Kind = "native"
)

// Kinds lists every kind in the order in which documentation shows them.
func Kinds() []Kind {
	return []Kind{KindText, KindAttachment, KindQuickReplies, KindList, KindCards, KindForm, KindArticles, KindNative}
}

// Content is what a message says, evaluated for one person. Only the field that belongs to Kind is set. An optional text
// that was not given is "".
type Content struct {
	Kind         Kind
	Text         string
	Attachment   Attachment
	QuickReplies QuickReplies
	List         List
	Cards        Cards
	Form         Form
	Articles     Articles
	Native       json.RawMessage // one JSON value, as the campaign wrote it
}

// Attachment is a file that the provider fetches from URL.
type Attachment struct {
	Type string // image, video, audio or file
	URL  string
}

// QuickReplies is a question with answers to tap.
type QuickReplies struct {
	Title   string
	Replies []string
}

// List is rows one below the other.
type List struct {
	Style string // large or compact; "" for the vendor's default
	Items []Item
}

// Item is one row of a list.
type Item struct {
	Title, Subtitle string
	ImageURL        string
	Links           []Link
}

// Cards is one card, or several side by side.
type Cards struct {
	Title string // above all of them; optional
	Cards []Card
}

// Card is a picture with text and links.
type Card struct {
	Title, Description string
	ImageURL           string
	Links              []Link
}

// The types of links.
const (
	LinkURL   = "url"   // opens Value
	LinkReply = "reply" // answers with Value, as if the person had written it
)

// Link is something to tap in an item or card.
type Link struct {
	Type  string // LinkURL or LinkReply
	Title string
	Value string
}

// Form is questions that are answered in one go.
type Form struct {
	Title  string // optional
	Fields []Field
}

// The types of a form's fields.
const (
	FieldText     = "text"
	FieldLongText = "long_text"
	FieldEmail    = "email"
	FieldChoice   = "choice"
)

// Field is one question of a form.
type Field struct {
	Name     string // what the answer is called
	Type     string // FieldText, FieldLongText, FieldEmail or FieldChoice
	Label    string
	Required bool
	Options  []string // of a FieldChoice
}

// Articles is links to help pages.
type Articles struct {
	Title    string
	Articles []Article
}

// Article is one help page.
type Article struct {
	Title, Description string
	URL                string
}

// Values holds evaluated settings, addresses and options by name. A value is a string, bool, int64 or float64; an
// attribute that was not given, or is null, is absent.
type Values map[string]any

// String gives the string at name, "" when it is absent or of another type.
func (v Values) String(name string) string { s, _ := v[name].(string); return s }

// Int gives the whole number at name, 0 when it is absent or of another type.
func (v Values) Int(name string) int64 { n, _ := v[name].(int64); return n }

// Bool gives the bool at name and whether it is there.
func (v Values) Bool(name string) (value, ok bool) { value, ok = v[name].(bool); return }

// Message is one message to one person, as the planner hands it to a provider. Render must not keep its maps.
type Message struct {
	Content Content
	Address Values // the conversation's attributes, checked against Facts.Address for name and type
	Options Values // the message's own options, checked against Facts.Options for name and type
}
