package providers

import (
	"fmt"
	"strconv"
)

// Path names a field of a content as Problem.Field has it: title, card[0].title, card[0].link[1].value. The zero Path is
// the whole content. It is text only once String or Name is asked for.
type Path struct {
	Block     string // item, card, field or article; "" for a field of the content itself
	Index     int    // of the block
	Link      bool   // within one of the block's links
	LinkIndex int
	Field     string // "" for the whole block or link
}

// At gives the path of a field within the same block or link.
func (p Path) At(field string) Path {
	p.Field = field
	return p
}

// LinkAt gives the path of one of the block's links.
func (p Path) LinkAt(i int) Path {
	p.Link, p.LinkIndex, p.Field = true, i, ""
	return p
}

// String gives the path as the campaign's blocks stand.
func (p Path) String() string {
	if p.Block == "" {
		return p.Field
	}
	text := p.Block + "[" + strconv.Itoa(p.Index) + "]"
	if p.Link {
		text += ".link[" + strconv.Itoa(p.LinkIndex) + "]"
	}
	if p.Field != "" {
		text += "." + p.Field
	}
	return text
}

// Name gives the field's own name, for a sentence. Of an element of a list field, -1 for the whole, it says which one as
// people count: reply 2 of replies.
func (p Path) Name(index int) string {
	if index < 0 {
		return p.Field
	}
	one := "element"
	switch p.Field {
	case "replies":
		one = "reply"
	case "options":
		one = "option"
	}
	return fmt.Sprintf("%s %d of %s", one, index+1, p.Field)
}
