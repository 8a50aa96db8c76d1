package spec

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// decodeContent reads the one content of a message. schema is nil when the provider is not known.
func (s *scripts) decodeContent(b *hclsyntax.Block, m *Message, schema *Schema, people *people) hcl.Diagnostics {
	var diags hcl.Diagnostics
	var found []hcl.Range
	take := func(c Content, more hcl.Diagnostics) {
		diags = append(diags, more...)
		diags = append(diags, carried(schema, c.Kind, c.Range)...)
		if found = append(found, c.Range); len(found) == 1 {
			m.Content = c
		}
	}
	var kinds []string
	for _, f := range s.forms {
		kinds = append(kinds, f.name)
		if f.attribute() {
			if a := b.Body.Attributes[f.name]; a != nil {
				take(s.attributeContent(a, f, people))
			}
			continue
		}
		for _, in := range b.Body.Blocks {
			if in.Type == f.name {
				take(s.blockContent(in, f, people))
			}
		}
	}
	// In the order of the file, the second one is too many, whatever its kind.
	slices.SortFunc(found, func(a, b hcl.Range) int { return a.Start.Byte - b.Start.Byte })
	for i := 1; i < len(found); i++ {
		diags = append(diags, within(problem(found[i], "More than one content",
			"A message has exactly one content, and the first stands at %s. Make two messages of it.", found[0]), b.DefRange()))
	}
	if len(found) == 0 {
		last := len(kinds) - 1
		diags = append(diags, problem(b.DefRange(), "Message without content",
			"A message has exactly one content: %s or %s.", listed(kinds[:last]), kinds[last]))
	}
	return diags
}

// attributeContent reads text = ... and native = ...
func (s *scripts) attributeContent(a *hclsyntax.Attribute, f contentForm, people *people) (Content, hcl.Diagnostics) {
	out := newContent(f.name, a.NameRange)
	x, diags := s.expr(a.Expr, place{what: f.name, people: people, want: f.want})
	if x == nil {
		return out, diags
	}
	if f.name == "native" && !x.perPerson && x.value.IsKnown() && !x.value.Type().IsObjectType() && !x.value.Type().IsMapType() {
		diags = append(diags, within(problem(a.Expr.Range(), "Wrong type of value",
			"native is the provider's own message, an object as in native = { ... }, not %s.", article(x.value.Type().FriendlyName())), a.SrcRange))
	}
	out.Fields[f.name] = x
	return out, diags
}

func newContent(kind string, at hcl.Range) Content {
	return Content{Kind: kind, Fields: map[string]*Expr{}, Blocks: map[string]hcl.Range{}, Range: at}
}
