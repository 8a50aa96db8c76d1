package planner

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"herald/internal/addr"
	"herald/spec"
	"herald/state"
)

// Person is one contact, with those attributes that the plan uses. It is read as part of a stream and is valid until
// the next one is read.
type Person struct {
	Key    string
	Source string    // name of the contacts block, "" for a declared contact
	At     hcl.Range // where it was read: a row of a file, or a contact block

	contact cty.Value
	email   string // as the source has it, when asked for
	phone   string

	audience string     // with the unique_by below
	unique   state.Hash // zero when there is none

	skip bool // on_invalid = "skip"
	row  *sourceReader
	decl *spec.Contact
}

// who names the person and its place for messages.
func (p *Person) who() string {
	return fmt.Sprintf("%s (%s:%d)", addr.Quote(p.Key), p.At.Filename, p.At.Start.Line)
}

// locate gives the place of an attribute's value.
func (p *Person) locate(attribute string) hcl.Range {
	if p.decl != nil {
		if at, ok := p.decl.Ranges[attribute]; ok {
			return at
		}
		return p.At
	}
	return p.row.locate(attribute)
}

// attribute gives the value of an attribute that the plan uses, as text; "" when it has none.
func (p *Person) attribute(name string) string {
	if !p.contact.Type().HasAttribute(name) {
		return ""
	}
	return asText(p.contact.GetAttr(name))
}

// uses is what must be known of people.
type uses struct {
	names map[string]bool // attributes of contact
	whole bool            // all of them
	email bool            // beside contact, for comparing
	phone bool
	named map[string]*spec.Expr // the first expression that names an attribute
	met   map[string]bool       // attributes that a person who was read had
	read  int                   // lines of JSONL, whose attributes are not known beforehand
}

func newUses() *uses {
	return &uses{names: map[string]bool{}, named: map[string]*spec.Expr{}, met: map[string]bool{}}
}

func (u *uses) add(e *spec.Expr) {
	if e == nil || !e.PerPerson() {
		return
	}
	names, whole := e.Attributes()
	u.whole = u.whole || whole
	for _, n := range names {
		u.names[n] = true
		if u.named[n] == nil && !e.Implied() { // nobody asked for what is implied, so that all may lack it
			u.named[n] = e
		}
	}
}

// addAll adds expressions in the order of their names, so that the first to name an attribute is always the same one.
func (u *uses) addAll(es map[string]*spec.Expr) {
	for _, name := range sortedNames(es) {
		u.add(es[name])
	}
}
