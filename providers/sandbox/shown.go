package sandbox

import (
	"encoding/json"
	"slices"
	"strings"
)

// Shown is what a message shows to the person who gets it, read from the vendor's body. Words come first; of the others at
// most one is there. A message that shows something for which there is no place here is whole in Own, with nothing beside.
type Shown struct {
	Words    string    // the text, the question, or what stands above the rest; "" for none
	File     *File     // an attachment
	Answers  []Answer  // to tap below a question
	Rows     []Row     // of a list
	Style    string    // large or compact, when a list says how its first row looks
	Cards    []Card    // side by side
	Fields   []Field   // of a form
	Articles []Article // help pages
	Own      json.RawMessage
	// Aside says what it is when it is no message to the person: "private note", or the vendor's word for who says it
	// (incoming, activity, template); "" for one that is.
	Aside string
}

// File is an attachment: image, video, audio or file, and where it is.
type File struct{ Type, Address string }

// Answer is one to tap. Title is what the person reads, Value what comes back.
type Answer struct{ Title, Value string }

// Row is one of a list.
type Row struct {
	Title, Sub, Picture string
	Taps                []Tap
}

// Card is a picture with text and what can be tapped.
type Card struct {
	Title, Text, Picture string
	Taps                 []Tap
}

// Tap is something to tap in a row or card: it opens a page, or answers with Value.
type Tap struct {
	Title, Value string
	Opens        bool
}

// Field is one question of a form: of type text, long_text, email or choice.
type Field struct {
	Name, Type, Label string
	Required          bool
	Options           []Answer // of a choice
}

// Article is a help page.
type Article struct{ Title, Text, Address string }

// Shown reads what a message shows. It reads the body anew each time: nothing of it is kept with the message.
func (m Message) Shown() Shown {
	switch m.Vendor {
	case HeyX:
		return heyxShown(m)
	case Digital99, Chatwoot:
		return chatwootShown(m)
	case Avaamo:
		return avaamoShown(m)
	}
	return Shown{Words: m.Text} // Maax takes words alone
}

// reading takes JSON apart and notes when something has no place: lost says that the parts are not the whole.
type reading struct{ lost bool }

// object gives an object's members, which must be among the known ones.
func (r *reading) object(raw json.RawMessage, known ...string) map[string]json.RawMessage {
	o, ok := fields(raw)
	if !ok || unknown(o, known...) != nil {
		r.lost = true
	}
	return o
}

// all gives a member's elements, none when it is absent.
func (r *reading) all(o map[string]json.RawMessage, name string) []json.RawMessage {
	raw, given := o[name]
	elements, ok := list(raw)
	if given && !ok {
		r.lost = true
	}
	return elements
}

// text gives a member's text, "" when it is absent.
func (r *reading) text(o map[string]json.RawMessage, name string) string {
	raw, given := o[name]
	s, ok := text(raw)
	if given && !ok {
		r.lost = true
	}
	return s
}

// flag gives a member's truth, absent when there is none.
func (r *reading) flag(o map[string]json.RawMessage, name string, absent bool) bool {
	raw, given := o[name]
	if !given {
		return absent
	}
	value, ok := boolean(raw)
	if !ok {
		r.lost = true
	}
	return value
}

// only gives one of two texts that stand for each other.
func (r *reading) only(o map[string]json.RawMessage, name, other string) string {
	a, b := r.text(o, name), r.text(o, other)
	if a != "" && b != "" {
		r.lost = true
	}
	return a + b
}

// word gives a member's text in small letters, which must be one of these words.
func (r *reading) word(o map[string]json.RawMessage, name string, words ...string) string {
	s := strings.ToLower(r.text(o, name))
	if !slices.Contains(words, s) {
		r.lost = true
	}
	return s
}

// each reads all elements alike.
func each[T any](elements []json.RawMessage, read func(json.RawMessage) T) []T {
	var all []T
	for _, e := range elements {
		all = append(all, read(e))
	}
	return all
}

// or gives what was read, or the message in its own form when something was lost.
func (r *reading) or(s Shown, own json.RawMessage) Shown {
	if r.lost {
		return Shown{Own: own, Aside: s.Aside}
	}
	return s
}
