package providers

import "encoding/json"

// Kind is one kind of content. A message has exactly one.
type Kind string

// The kinds of content, named as in campaign files.
const (
	KindText         Kind = "text"
	KindAttachment   Kind = "attachment"
	KindQuickReplies Kind = "quick_replies"
	KindNative       Kind = "native"
)

// Kinds lists every kind in the order in which documentation shows them.
func Kinds() []Kind { return []Kind{KindText, KindAttachment, KindQuickReplies, KindNative} }

// Content is what a message says, evaluated for one person. Only the field that belongs to Kind is set.
type Content struct {
	Kind         Kind
	Text         string
	Attachment   Attachment
	QuickReplies QuickReplies
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
