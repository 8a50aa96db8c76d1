package spec

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"herald/internal/addr"
)

// textAttributes have a checked meaning, so they are text even when they are written as numbers.
func textAttributes() []string {
	return []string{"first_name", "last_name", "email", "phone", "locale", "timezone"}
}

// decodeContact reads one declared person.
func (c *checker) decodeContact(d declared) (*Contact, hcl.Diagnostics) {
	const what = "a contact block"
	out := &Contact{
		Key: d.name, Attributes: map[string]cty.Value{}, DeclRange: d.block.DefRange(), Ranges: map[string]hcl.Range{},
	}
	diags := shape{what: what, open: true}.body(d.block)
	for _, a := range attributes(d.block.Body) {
		x, more := c.expr(a.Expr, place{what: what, want: cty.DynamicPseudoType, null: true})
		diags = append(diags, more...)
		if x == nil {
			out.Attributes[a.Name], out.Ranges[a.Name] = cty.DynamicVal, a.Expr.Range()
			continue
		}
		v := x.value
		if slices.Contains(textAttributes(), a.Name) || a.Name == "key" {
			text, err := convert.Convert(v, cty.String)
			if err != nil {
				diags = append(diags, within(problem(a.Expr.Range(), "Wrong type of value",
					"%s is text, not %s.", a.Name, article(v.Type().FriendlyName())), a.SrcRange))
				text = cty.UnknownVal(cty.String)
			}
			v = text
		}
		if a.Name == "key" && v.IsKnown() && (v.IsNull() || v.AsString() != d.name) {
			diags = append(diags, within(problem(a.Expr.Range(), "Conflicting key",
				"The key of this contact is the label of its block, %s. Remove this line, or change the label.", addr.Quote(d.name)), a.SrcRange))
		}
		out.Attributes[a.Name], out.Ranges[a.Name] = v, a.Expr.Range()
	}
	return out, diags
}

// contactPeople says what is known of a declared person.
func contactPeople(c *Contact) *people {
	p := newPeople()
	for name, v := range c.Attributes {
		if name != "key" {
			p.set(name, v.Type())
		}
	}
	return p
}
