package spec

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// contentReader reads one content that is a block.
type contentReader struct {
	*scripts
	people *people
	out    Content
	diags  hcl.Diagnostics
}

// blockContent reads a block of content with everything nested in it.
func (s *scripts) blockContent(b *hclsyntax.Block, f contentForm, people *people) (Content, hcl.Diagnostics) {
	r := &contentReader{scripts: s, people: people, out: newContent(f.name, b.DefRange())}
	r.block(b, f, "")
	if f.check != nil {
		r.diags = append(r.diags, f.check(r.out, b)...)
	}
	return r.out, r.diags
}

// block reads one block. before is what the paths of its fields and blocks begin with.
func (r *contentReader) block(b *hclsyntax.Block, f contentForm, before string) {
	sh := shape{what: article(f.name + " block"), elsewhere: r.places}
	for _, field := range f.fields {
		sh.attrs = append(sh.attrs, field.name)
		if !field.optional {
			sh.need = append(sh.need, field.name)
		}
	}
	for _, in := range f.blocks {
		sh.many = append(sh.many, in.name)
	}
	r.diags = append(r.diags, sh.labelled(b)...)
	r.diags = append(r.diags, sh.body(b)...)
	for _, field := range f.fields {
		if a := b.Body.Attributes[field.name]; a != nil {
			r.field(a, field, before)
		}
	}
	for _, in := range f.blocks {
		r.nested(b, in, before)
	}
}

// field reads one attribute of a block.
func (r *contentReader) field(a *hclsyntax.Attribute, f contentField, before string) {
	x, diags := r.expr(a.Expr, place{what: f.name, people: r.people, want: f.want, null: f.optional})
	r.diags = append(r.diags, diags...)
	if x == nil {
		return
	}
	if word, ok := x.constantText(); ok && len(f.enum) > 0 && !slices.Contains(f.enum, word) {
		r.diags = append(r.diags, within(notAChoice(a.Expr.Range(), f.name, word, f.enum), a.SrcRange))
		return
	}
	r.out.Fields[before+f.name] = x
}

// nested reads the blocks of one kind that stand in b.
func (r *contentReader) nested(b *hclsyntax.Block, f contentForm, before string) {
	n := 0
	for _, in := range b.Body.Blocks {
		if in.Type != f.name {
			continue
		}
		path := fmt.Sprintf("%s%s[%d]", before, f.name, n)
		r.out.Blocks[path] = in.DefRange()
		r.block(in, f, path+".")
		n++
	}
	// As an attribute it was reported already.
	if f.some && n == 0 && b.Body.Attributes[f.name] == nil {
		r.diags = append(r.diags, problem(b.DefRange(), "Content without blocks",
			"This %s has nothing to show. Give it at least one block %s { ... }.", b.Type, f.name))
	}
}
