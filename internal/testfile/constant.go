package testfile

import (
	"cmp"
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"herald/internal/calendar"
	"herald/spec"
)

// variables reads a block of values for the campaign's variables, in the order in which they are written.
func (r reader) variables(in *variablesShape) (all []Variable) {
	if in == nil {
		return nil
	}
	attributes, diags := in.Values.JustAttributes()
	*r.diags = append(*r.diags, diags...)
	for name, a := range attributes {
		v, diags := a.Expr.Value(nil)
		*r.diags = append(*r.diags, diags...)
		switch {
		case diags.HasErrors():
			continue
		case v.IsNull():
			r.problem(a.Expr.Range(), "Null for a variable", "A test gives a variable a value, or leaves it out: then it is what it is without the test.")
			continue
		}
		text := string(a.Expr.Range().SliceBytes(r.src))
		if v.Type() == cty.String {
			text = v.AsString()
		}
		all = append(all, Variable{Name: name, Text: text, Range: a.NameRange})
	}
	slices.SortFunc(all, func(a, b Variable) int { return cmp.Compare(a.Range.Start.Byte, b.Range.Start.Byte) })
	return all
}

// instant reads a constant instant.
func (r reader) instant(e hcl.Expression, name string, without time.Time) time.Time {
	if !given(e) {
		return without
	}
	v, diags := e.Value(nil)
	*r.diags = append(*r.diags, diags...)
	if diags.HasErrors() {
		return without
	}
	if v.IsNull() || v.Type() != cty.String {
		r.problem(e.Range(), "Invalid instant", "%s is an instant as a string, as in \"2026-12-01T09:00:00Z\".", name)
		return without
	}
	i, err := calendar.ParseInstant(v.AsString())
	if err != nil {
		r.problem(e.Range(), "Invalid instant", "%s: %s", name, err)
		return without
	}
	return i.In(time.UTC)
}

// duration reads a constant duration above zero.
func (r reader) duration(e hcl.Expression) time.Duration {
	v, diags := e.Value(nil)
	*r.diags = append(*r.diags, diags...)
	if diags.HasErrors() {
		return 0
	}
	if v.IsNull() || v.Type() != cty.String {
		r.problem(e.Range(), "Invalid duration", "after is a duration as a string, as in \"2d\" or \"90m\".")
		return 0
	}
	d, err := spec.ParseDuration(v.AsString())
	if err != nil || d <= 0 {
		r.problem(e.Range(), "Invalid duration", "after is a duration above zero, as in \"2d\" or \"90m\".")
		return 0
	}
	return d
}

// given reports whether an optional attribute is there: for one that is not, the decoder makes an expression of its own.
func given(e hcl.Expression) bool {
	_, written := e.(hclsyntax.Expression)
	return written
}
