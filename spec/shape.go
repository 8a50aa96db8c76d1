package spec

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"golang.org/x/text/unicode/norm"

	"herald/internal/addr"
)

// shape is what a block may hold. The first of the two passes checks it, before any expression is looked at.
type shape struct {
	what   string   // with its article: a contacts block
	labels []string // what each label is, in words
	free   bool     // the last label may be any string, not only an identifier
	attrs  []string
	need   []string // of attrs: must be given
	open   bool     // attributes of any name
	blocks []string // may stand once each, but for those in many
	many   []string // blocks that may stand more than once
	any    bool     // nothing can be said of it: attributes and blocks of any name

	elsewhere map[string]string // attributes and blocks that stand in other blocks: how they are written there
}

// labelled checks the labels of a block.
func (s shape) labelled(b *hclsyntax.Block) hcl.Diagnostics {
	if len(b.Labels) != len(s.labels) {
		form := b.Type
		for _, l := range s.labels {
			form += ` "` + l + `"`
		}
		return hcl.Diagnostics{problem(b.DefRange(), "Wrong number of labels",
			"%s is written %s { ... }.", sentence(s.what), form)}
	}
	var diags hcl.Diagnostics
	for i, l := range b.Labels {
		if s.free && i == len(b.Labels)-1 {
			if l == "" {
				diags = append(diags, problem(b.LabelRanges[i], "Invalid name", "This name is empty."))
			}
			if !norm.NFC.IsNormalString(l) {
				diags = append(diags, decomposed(b.LabelRanges[i], l))
			}
			continue
		}
		if !hclsyntax.ValidIdentifier(l) {
			diags = append(diags, problem(b.LabelRanges[i], "Invalid name",
				"%s is no name: names begin with a letter and hold letters, digits, underscores and hyphens.", addr.Quote(l)))
		}
	}
	return diags
}

// body checks which attributes and blocks stand in a block.
func (s shape) body(b *hclsyntax.Block) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, a := range attributes(b.Body) {
		switch {
		case s.open || s.any || slices.Contains(s.attrs, a.Name):
		case slices.Contains(s.blocks, a.Name) || slices.Contains(s.many, a.Name):
			diags = append(diags, problem(a.NameRange, "Unsupported argument",
				"%s is a block here: write %s { ... }, without an equals sign.", a.Name, a.Name))
		default:
			diags = append(diags, problem(a.NameRange, "Unsupported argument",
				"%s has no argument named %s.%s", sentence(s.what), addr.Quote(a.Name), s.hint(a.Name, s.attrs)))
		}
	}
	for _, name := range s.need {
		if b.Body.Attributes[name] == nil {
			diags = append(diags, problem(b.DefRange(), "Missing required argument",
				"%s needs the argument %s.", sentence(s.what), addr.Quote(name)))
		}
	}
	first := map[string]*hclsyntax.Block{}
	for _, in := range b.Body.Blocks {
		switch {
		case s.any || slices.Contains(s.many, in.Type):
		case slices.Contains(s.blocks, in.Type):
			if f := first[in.Type]; f != nil {
				diags = append(diags, onceOnly(in, f, s.what))
				continue
			}
			first[in.Type] = in
		case slices.Contains(s.attrs, in.Type):
			diags = append(diags, problem(in.TypeRange, "Unsupported block type",
				"%s is an argument here: write %s = ..., with an equals sign.", in.Type, in.Type))
		default:
			diags = append(diags, problem(in.TypeRange, "Unsupported block type",
				"%s has no block named %s.%s", sentence(s.what), addr.Quote(in.Type), s.hint(in.Type, append(slices.Clone(s.blocks), s.many...))))
		}
	}
	return diags
}

// hint says where a name belongs, or what was meant, or, when nothing is near, what there is.
func (s shape) hint(name string, known []string) string {
	if where, ok := s.elsewhere[name]; ok {
		hint := " It stands in another block: " + where + "."
		if len(known) > 0 {
			hint += " Here there is " + listed(known) + "."
		}
		return hint
	}
	if m := meant(name, known); m != "" {
		return m
	}
	if len(known) == 0 {
		return " It has none at all."
	}
	return " It has " + listed(known) + "."
}

// duplicate is the error for something declared twice.
func duplicate(second, first hcl.Range, what string) *hcl.Diagnostic {
	return problem(second, "Duplicate declaration",
		"%s was already declared at %s. Remove one of the two, or give it another name.", what, first)
}

// onceOnly is the error for a block that stands a second time in what may hold one.
func onceOnly(second, first *hclsyntax.Block, what string) *hcl.Diagnostic {
	return problem(second.DefRange(), "Duplicate declaration",
		"%s holds one %s block, and has it at %s already. Remove one of the two.", sentence(what), second.Type, first.DefRange())
}

// attributes gives the attributes of a body in the order of the file.
func attributes(b *hclsyntax.Body) []*hclsyntax.Attribute {
	out := make([]*hclsyntax.Attribute, 0, len(b.Attributes))
	for _, a := range b.Attributes {
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b *hclsyntax.Attribute) int { return a.SrcRange.Start.Byte - b.SrcRange.Start.Byte })
	return out
}

// block gives the first block of a type, or nil.
func block(b *hclsyntax.Body, typ string) *hclsyntax.Block {
	for _, in := range b.Blocks {
		if in.Type == typ {
			return in
		}
	}
	return nil
}

// sentence begins a sentence with s.
func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
