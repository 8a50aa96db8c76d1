package planner

import (
	"strings"

	"github.com/hashicorp/hcl/v2"

	"herald/providers"
	"herald/spec"
)

// at gives the place in the campaign that a problem is about, and whether it may be a problem of some people only.
func (m *message) at(p providers.Problem) (hcl.Range, bool) {
	switch p.Part {
	case providers.PartAddress:
		c := m.msg.Conversation
		other := c.DeclRange
		for path := p.Field; path != ""; path = parent(path) {
			if at, given := c.Blocks[path]; given {
				other = at
				break
			}
		}
		return element(c.Address[p.Field], p.Index, other, !m.address.same)
	case providers.PartOption:
		return element(m.msg.Options[p.Field], p.Index, m.msg.DeclRange, !m.options.same)
	}
	c := &m.msg.Content
	if e := c.Fields[p.Field]; e != nil {
		at, varies := element(e, p.Index, c.Range, false)
		return at, varies || m.typeVaries(p.Field)
	}
	for path := p.Field; path != ""; path = parent(path) {
		if e := c.Fields[path]; e != nil { // the problem is within what the expression gives
			return e.Range(), e.PerPerson()
		}
		if at, there := c.Blocks[path]; there {
			return at, m.variesIn(path + ".")
		}
	}
	return c.Range, m.variesIn("")
}

// element gives the place of an expression or of one of its elements, other where there is none.
func element(e *spec.Expr, index int, other hcl.Range, varies bool) (hcl.Range, bool) {
	switch {
	case e == nil:
		return other, varies
	case index >= 0:
		return e.At(index), e.PerPerson()
	}
	return e.Range(), e.PerPerson()
}

// variesIn reports whether anything in a block depends on the person. What is wrong with the block as a whole may then
// be wrong for some people only.
func (m *message) variesIn(prefix string) bool {
	for _, t := range m.varying {
		if strings.HasPrefix(t.path, prefix) {
			return true
		}
	}
	return false
}

// typeVaries reports whether a field means something else for each person, since the type beside it does.
func (m *message) typeVaries(field string) bool {
	beside, ok := typeOf(field)
	if !ok {
		return false
	}
	e := m.msg.Content.Fields[beside]
	return e != nil && e.PerPerson()
}

// typeOf gives the path of the type that says what a field may hold: that of a link for its value, and of a form's field
// for its options.
func typeOf(field string) (string, bool) {
	switch lastName(field) {
	case "value", "options":
		if in := parent(field); in != "" {
			return in + ".type", true
		}
	}
	return "", false
}
