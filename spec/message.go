package spec

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"herald/internal/addr"
)

// decodeMessage reads one message of a sequence; at is where it stands there.
func (s *scripts) decodeMessage(b *hclsyntax.Block, of *Sequence, at *standing) (*Message, hcl.Diagnostics) {
	m := &Message{
		Sequence: of.Name, Name: b.Labels[0], Conversation: of.Conversation, Options: map[string]*Expr{}, DeclRange: b.DefRange(),
	}
	sh := shape{what: "a message block", attrs: []string{"conversation", "after", "when"}, elsewhere: s.places}
	for _, f := range s.forms {
		if f.attribute() {
			sh.attrs = append(sh.attrs, f.name)
			continue
		}
		sh.many = append(sh.many, f.name) // "only one content" is a clearer error than "only one of this block"
	}
	for _, schema := range s.schemas {
		sh.many = append(sh.many, schema.Type) // judged below, with the conversation at hand
	}
	diags := sh.body(b)

	people := s.peopleOf(of.Conversation)
	if a := b.Body.Attributes["conversation"]; a != nil {
		conversation, more := s.conversationRef(a, s.conversations)
		diags = append(diags, more...)
		m.Conversation = conversation
		people.add(s.peopleOf(conversation))
	}
	people.standing = at
	diags = append(diags, s.decodeCondition(b, m, people)...)
	var schema *Schema
	if m.Conversation != nil && m.Conversation.Account != nil {
		i := slices.IndexFunc(s.schemas, func(x Schema) bool { return x.Type == m.Conversation.Account.Type })
		schema = &s.schemas[i]
	}
	diags = append(diags, s.decodeContent(b, m, schema, people)...)
	diags = append(diags, s.decodeOptions(b, m, schema, people)...)
	m.Source, m.WhenSource = s.record(m), s.condition(m)
	return m, diags
}

// decodeOptions reads the block named after the provider type.
func (s *scripts) decodeOptions(b *hclsyntax.Block, m *Message, schema *Schema, people *people) hcl.Diagnostics {
	var diags hcl.Diagnostics
	var first *hclsyntax.Block
	for _, in := range b.Body.Blocks {
		if !slices.ContainsFunc(s.schemas, func(x Schema) bool { return x.Type == in.Type }) || schema == nil {
			continue
		}
		if in.Type != schema.Type {
			diags = append(diags, within(problem(in.TypeRange, "Options of another provider",
				"This message goes out on %s, so %s options have no meaning for it. Remove the block, or give the message another conversation.", schema.Type, in.Type), b.DefRange()))
			continue
		}
		if first != nil {
			diags = append(diags, onceOnly(in, first, "a message block"))
			continue
		}
		first = in
		sh := shape{what: "a block of " + in.Type + " options", attrs: attributeNames(schema.Options)}
		for _, o := range schema.Options {
			if o.Required {
				sh.need = append(sh.need, o.Name)
			}
		}
		diags = append(diags, sh.labelled(in)...)
		diags = append(diags, sh.body(in)...)
		for _, o := range schema.Options {
			a := in.Body.Attributes[o.Name]
			if a == nil {
				continue
			}
			x, more := s.schemaValue(a.Expr, o, place{what: o.Name, people: people, null: true})
			diags = append(diags, more...)
			if x != nil {
				m.Options[o.Name] = x
			}
		}
	}
	return diags
}

// carried says which kinds of content a provider can carry.
func carried(s *Schema, kind string, at hcl.Range) hcl.Diagnostics {
	if s == nil || slices.Contains(s.Kinds, kind) {
		return nil
	}
	return hcl.Diagnostics{problem(at, "Content kind not supported by provider",
		"%s cannot carry %s. It can carry: %s.", addr.Quote(s.Type), kind, listed(s.Kinds))}
}
