package spec

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// addressBlocks splits the address of a schema into the attributes of the conversation itself and, by name, those of its
// nested blocks. order has the blocks' names as the schema has them.
func addressBlocks(address []Attribute) (own []Attribute, nested map[string][]Attribute, order []string) {
	nested = map[string][]Attribute{}
	for _, a := range address {
		name, _, inner := strings.Cut(a.Name, ".")
		if !inner {
			own = append(own, a)
			continue
		}
		if nested[name] == nil {
			order = append(order, name)
		}
		nested[name] = append(nested[name], a)
	}
	return own, nested, order
}

// inner gives the name that an attribute has in its nested block, or its whole name.
func inner(a Attribute) string {
	if _, name, ok := strings.Cut(a.Name, "."); ok {
		return name
	}
	return a.Name
}

// addressShape is what a body may hold that has these attributes.
func addressShape(what string, attributes []Attribute) shape {
	s := shape{what: what}
	for _, a := range attributes {
		s.attrs = append(s.attrs, inner(a))
		if a.Required {
			s.need = append(s.need, inner(a))
		}
	}
	return s
}

// decodeAddress reads what a conversation says of where its people are reached, in its own body and in nested blocks. A
// nested block that is not given says what contact says.
func (c *checker) decodeAddress(b *hclsyntax.Block, acc account, p *people) (address map[string]*Expr, blocks map[string]hcl.Range, diags hcl.Diagnostics) {
	own, nested, order := addressBlocks(acc.schema.Address)
	address, blocks = map[string]*Expr{}, map[string]hcl.Range{}
	diags = c.addressValues(b.Body, own, acc.Type, p, address)
	for _, name := range order {
		in := block(b.Body, name)
		if in == nil {
			diags = append(diags, c.impliedAddress(b, nested[name], p, address)...)
			continue
		}
		s := addressShape(article(name+" block"), nested[name])
		diags = append(diags, s.labelled(in)...)
		diags = append(diags, s.body(in)...)
		diags = append(diags, c.addressValues(in.Body, nested[name], acc.Type, p, address)...)
		blocks[name] = in.DefRange()
	}
	return address, blocks, diags
}

// addressValues reads the attributes of one body.
func (c *checker) addressValues(body *hclsyntax.Body, attributes []Attribute, typ string, p *people, to map[string]*Expr) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, s := range attributes {
		a := body.Attributes[inner(s)]
		if a == nil {
			continue
		}
		x, more := c.schemaValue(a.Expr, s, place{what: s.Name, people: p, null: true})
		diags = append(diags, more...)
		if x == nil {
			continue
		}
		if s.Required && !x.perPerson && x.value.IsKnown() && x.value.IsNull() {
			diags = append(diags, within(problem(a.Expr.Range(), "Null value", "%s is needed to write to anybody on %s, and it is null.", s.Name, typ), a.SrcRange))
		}
		to[s.Name] = x
	}
	return diags
}

// impliedAddress takes the attributes of a block that is not given from contact, as far as people may have them, and
// beside nothing that says the same in another way.
func (c *checker) impliedAddress(b *hclsyntax.Block, attributes []Attribute, p *people, to map[string]*Expr) hcl.Diagnostics {
	var diags hcl.Diagnostics
	at := b.DefRange()
	for _, s := range attributes {
		if s.From == "" || !p.has(s.From) || s.Unless != "" && b.Body.Attributes[s.Unless] != nil {
			continue
		}
		e := &hclsyntax.ScopeTraversalExpr{SrcRange: at, Traversal: hcl.Traversal{
			hcl.TraverseRoot{Name: "contact", SrcRange: at}, hcl.TraverseAttr{Name: s.From, SrcRange: at},
		}}
		name, _, _ := strings.Cut(s.Name, ".")
		why := s.Name + " is taken from " + attributeName(s.From) + ", since this conversation has no " + name + " block. "
		x, more := c.schemaValue(e, s, place{what: s.Name, people: p, null: true})
		diags = append(diags, because(more, why)...)
		if x != nil {
			x.implied = why
			to[s.Name] = x
		}
	}
	return diags
}

// impliedValue is personValue for an expression that the campaign does not write. Nobody asked for the attribute, so
// that a person who lacks it altogether has null.
func (e *Expr) impliedValue(s *Scope) (cty.Value, hcl.Diagnostics) {
	if t := s.contact.Type(); t.IsObjectType() && !slices.ContainsFunc(e.names, t.HasAttribute) {
		return cty.NullVal(e.want), nil
	}
	v, diags := e.personValue(s)
	return v, because(diags, e.implied)
}

// because puts before the details of diagnostics why there is an expression at their place.
func because(diags hcl.Diagnostics, why string) hcl.Diagnostics {
	for _, d := range diags {
		d.Detail = why + d.Detail
	}
	return diags
}

// nestedPlaces says of attributes that stand in nested blocks of an address how they are written there.
func nestedPlaces(nested map[string][]Attribute, order []string) map[string]string {
	places := map[string]string{}
	for _, name := range order {
		for _, a := range nested[name] {
			places[inner(a)] = name + " { " + inner(a) + " = ... }"
		}
	}
	return places
}
