package spec

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// contentForm is how one kind of content is written.
type contentForm struct {
	kind   string
	fields []contentField // of a block; none for a kind that is one attribute
	want   cty.Type       // of the attribute
}

// attribute reports whether the kind is one attribute and not a block.
func (f contentForm) attribute() bool { return len(f.fields) == 0 }

// contentField is one attribute of a content block; all are needed.
type contentField struct {
	name string
	want cty.Type
	enum []string
}

// contentForms lists the kinds of content.
func contentForms() []contentForm {
	return []contentForm{
		{kind: "text", want: cty.String},
		{kind: "attachment", fields: []contentField{
			{name: "type", want: cty.String, enum: []string{"image", "video", "audio", "file"}},
			{name: "url", want: cty.String},
		}},
		{kind: "quick_replies", fields: []contentField{
			{name: "title", want: cty.String},
			{name: "replies", want: cty.List(cty.String)},
		}},
		{kind: "native", want: cty.DynamicPseudoType},
	}
}

// decodeContent reads the one content of a message. schema is nil when the provider is not known.
func (s *scripts) decodeContent(b *hclsyntax.Block, m *Message, schema *Schema, people *people, forms []contentForm) hcl.Diagnostics {
	var diags hcl.Diagnostics
	var found []hcl.Range
	take := func(kind string, at hcl.Range, fields map[string]*Expr, more hcl.Diagnostics) {
		diags = append(diags, more...)
		diags = append(diags, carried(schema, kind, at)...)
		if found = append(found, at); len(found) == 1 {
			m.Content = Content{Kind: kind, Fields: fields, Range: at}
		}
	}
	for _, f := range forms {
		if f.attribute() {
			if a := b.Body.Attributes[f.kind]; a != nil {
				fields, more := s.attributeContent(a, f, people)
				take(f.kind, a.NameRange, fields, more)
			}
			continue
		}
		for _, in := range b.Body.Blocks {
			if in.Type == f.kind {
				fields, more := s.blockContent(in, f, people)
				take(f.kind, in.DefRange(), fields, more)
			}
		}
	}
	// In the order of the file, the second one is too many, whatever its kind.
	slices.SortFunc(found, func(a, b hcl.Range) int { return a.Start.Byte - b.Start.Byte })
	for i := 1; i < len(found); i++ {
		diags = append(diags, within(problem(found[i], "More than one content",
			"A message has exactly one content, and the first stands at %s. Make two messages of it.", found[0]), b.DefRange()))
	}
	if len(found) == 0 && !s.laterContent(b) {
		diags = append(diags, problem(b.DefRange(), "Message without content",
			"A message has exactly one content: text, attachment, quick_replies or native."))
	}
	return diags
}

// laterContent reports whether the message has content of a kind that comes later, which is reported as such.
func (s *scripts) laterContent(b *hclsyntax.Block) bool {
	kinds := strings.Fields("list cards form articles")
	for _, k := range kinds {
		if b.Body.Attributes[k] != nil {
			return true
		}
	}
	return slices.ContainsFunc(b.Body.Blocks, func(in *hclsyntax.Block) bool { return slices.Contains(kinds, in.Type) })
}

// attributeContent reads text = ... and native = ...
func (s *scripts) attributeContent(a *hclsyntax.Attribute, f contentForm, people *people) (map[string]*Expr, hcl.Diagnostics) {
	x, diags := s.expr(a.Expr, place{what: f.kind, people: people, want: f.want})
	if x == nil {
		return map[string]*Expr{}, diags
	}
	if f.kind == "native" && !x.perPerson && x.value.IsKnown() && !x.value.Type().IsObjectType() && !x.value.Type().IsMapType() {
		diags = append(diags, within(problem(a.Expr.Range(), "Wrong type of value",
			"native is the provider's own message, an object as in native = { ... }, not %s.", article(x.value.Type().FriendlyName())), a.SrcRange))
	}
	return map[string]*Expr{f.kind: x}, diags
}

// blockContent reads a block of content.
func (s *scripts) blockContent(b *hclsyntax.Block, f contentForm, people *people) (map[string]*Expr, hcl.Diagnostics) {
	sh := shape{what: "a " + f.kind + " block"}
	if strings.ContainsRune("aeiou", rune(f.kind[0])) {
		sh.what = "an " + f.kind + " block"
	}
	for _, field := range f.fields {
		sh.attrs = append(sh.attrs, field.name)
	}
	sh.need = sh.attrs
	diags := append(sh.labelled(b), sh.body(b)...)
	fields := map[string]*Expr{}
	for _, field := range f.fields {
		a := b.Body.Attributes[field.name]
		if a == nil {
			continue
		}
		x, more := s.expr(a.Expr, place{what: field.name, people: people, want: field.want})
		diags = append(diags, more...)
		if x == nil {
			continue
		}
		if len(field.enum) > 0 && !x.perPerson && x.value.IsKnown() && !slices.Contains(field.enum, x.value.AsString()) {
			diags = append(diags, within(notAChoice(a.Expr.Range(), field.name, x.value.AsString(), field.enum), a.SrcRange))
		}
		fields[field.name] = x
	}
	return fields, diags
}
