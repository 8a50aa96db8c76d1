package providers

import "strconv"

// Path names a field of a content as Problem.Field has it: title, card[0].title, card[0].link[1].value. The zero Path is
// the whole content. It is text only once String is asked for.
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
