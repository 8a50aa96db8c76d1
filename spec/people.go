package spec

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"herald/internal/addr"
)

// people is what is known beforehand of the persons who may be at hand: the attributes that at least one of their
// sources has.
type people struct {
	// attributes by name. The type is what every source that has the attribute gives it, or cty.DynamicPseudoType when
	// they differ.
	attributes map[string]cty.Type
	open       bool // a source whose attributes are not known beforehand is among them

	keys map[string]bool // attributes that identify people somewhere; these are text for ever

	standing *standing // the message that they get, which may name what became of earlier ones; nil outside of messages
}

// newPeople gives people of whom nothing is known but their key.
func newPeople() *people {
	return &people{attributes: map[string]cty.Type{"key": cty.String}, keys: map[string]bool{"key": true}}
}

// set adds an attribute.
func (p *people) set(name string, t cty.Type) {
	if had, ok := p.attributes[name]; ok && !had.Equals(t) {
		t = cty.DynamicPseudoType
	}
	p.attributes[name] = t
}

// add makes p the union with o.
func (p *people) add(o *people) {
	for name, t := range o.attributes {
		p.set(name, t)
	}
	maps.Copy(p.keys, o.keys)
	p.open = p.open || o.open
}

// has reports whether some of the people may have the attribute.
func (p *people) has(name string) bool {
	_, ok := p.attributes[name]
	return ok || p.open
}

// typeOf gives the type that the attribute certainly has, null apart, or cty.DynamicPseudoType.
func (p *people) typeOf(name string) cty.Type {
	if t, ok := p.attributes[name]; ok && !p.open {
		return t
	}
	return cty.DynamicPseudoType
}

// check refuses an attribute that nobody has.
func (p *people) check(name string, at hcl.Range) hcl.Diagnostics {
	return p.checkOf("None of the people here has", name, at)
}

// checkOf does the same; nobody says in words who they are.
func (p *people) checkOf(nobody, name string, at hcl.Range) hcl.Diagnostics {
	if p.has(name) {
		return nil
	}
	known := slices.Sorted(maps.Keys(p.attributes))
	return hcl.Diagnostics{problem(at, "Unknown attribute of contact",
		"%s the attribute %s.%s They have: %s.", nobody, addr.Quote(name), meant(name, known), listed(known))}
}

// sample gives a contact whose attributes are all unknown, for checking expressions before any person is read.
func (p *people) sample() cty.Value {
	if p.open {
		return cty.DynamicVal
	}
	attrs := make(map[string]cty.Value, len(p.attributes))
	for name, t := range p.attributes {
		attrs[name] = cty.UnknownVal(t)
	}
	return cty.ObjectVal(attrs)
}
