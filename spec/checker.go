package spec

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"herald/internal/addr"
)

// checker knows every name of a campaign and the values that are the same for everyone. It checks expressions and
// evaluates those that name no person.
type checker struct {
	names     names
	variables map[string]*Variable
	locals    map[string]*local
	library   *library
	files     map[string]*hcl.File // for the bytes of what the expression language rewrites
}

// place is where an expression stands: what it may name and what it must be.
type place struct {
	what    string   // in words, for messages
	people  *people  // who contact may be; nil where no person is at hand
	secrets bool     // sensitive values may stand here
	want    cty.Type // cty.DynamicPseudoType for any
	null    bool     // null means "not given"
}

// expr checks an expression and, when it names neither a person nor messages, evaluates it. Any other is evaluated with
// unknown attributes and facts, which finds whatever is wrong for everyone. With errors the Expr is nil.
func (c *checker) expr(e hclsyntax.Expression, p place) (*Expr, hcl.Diagnostics) {
	u, diags := c.references(e, p)
	diags = append(diags, checkLiterals(e)...)
	diags = append(diags, c.library.check(e)...)
	perPerson := u.person || len(u.facts) > 0
	if perPerson {
		diags = append(diags, c.comparisons(e, p.people)...)
	}
	if diags.HasErrors() {
		return nil, diags
	}
	out := &Expr{
		expr: e, perPerson: perPerson, names: u.attributes, whole: u.whole, facts: u.facts,
		want: p.want, null: p.null, secret: u.secret,
	}
	ctx := c.contextFor(u)
	if perPerson {
		ctx = ctx.NewChild()
		ctx.Variables = map[string]cty.Value{"contact": p.people.sample()}
		if len(u.facts) > 0 {
			ctx.Variables["messages"] = unknownFacts(u.facts)
		}
	}
	v, more := evaluate(e, ctx)
	if !more.HasErrors() {
		var misfit hcl.Diagnostics
		v, misfit = fit(v, p.want, p.null, e.Range())
		more = append(more, misfit...)
	}
	if u.secret {
		more = withhold(more)
	}
	diags = append(diags, more...)
	if diags.HasErrors() {
		return nil, diags
	}
	if !perPerson {
		out.value = v
	}
	return out, diags
}

// constant evaluates an expression that may name no person. ok is false when it has no value that can be used.
func (c *checker) constant(e hclsyntax.Expression, p place) (v cty.Value, ok bool, diags hcl.Diagnostics) {
	p.people = nil
	x, diags := c.expr(e, p)
	if x == nil || !x.value.IsWhollyKnown() {
		return cty.DynamicVal, false, diags
	}
	return x.value, true, diags
}

// constantText evaluates a string that is the same for everyone and not empty.
func (c *checker) constantText(e hclsyntax.Expression, what string) (text string, ok bool, diags hcl.Diagnostics) {
	v, ok, diags := c.constant(e, place{what: what, want: cty.String})
	if !ok {
		return "", false, diags
	}
	if v.AsString() == "" {
		return "", false, append(diags, problem(e.Range(), "Empty value", "%s must not be empty.", what))
	}
	return v.AsString(), true, diags
}

// choice evaluates a string that must be one of a few.
func (c *checker) choice(e hclsyntax.Expression, what string, choices ...string) (text string, ok bool, diags hcl.Diagnostics) {
	text, ok, diags = c.constantText(e, what)
	if ok && !slices.Contains(choices, text) {
		return "", false, append(diags, notAChoice(e.Range(), what, text, choices))
	}
	return text, ok, diags
}

// notAChoice is the error for a word that is none of those allowed.
func notAChoice(at hcl.Range, what, text string, choices []string) *hcl.Diagnostic {
	return problem(at, "Invalid value", "%s cannot be %s; it is one of: %s.%s",
		what, addr.Quote(text), listed(choices), meant(text, choices))
}

// contextFor makes the context of one expression, with only what it names.
func (c *checker) contextFor(u uses) *hcl.EvalContext {
	ctx := &hcl.EvalContext{Functions: c.library.all, Variables: map[string]cty.Value{"path": pathObject()}}
	if len(u.variables) > 0 {
		values := map[string]cty.Value{}
		for _, n := range u.variables {
			values[n] = c.variables[n].Value
		}
		ctx.Variables["var"] = cty.ObjectVal(values)
	}
	if len(u.locals) > 0 {
		values := map[string]cty.Value{}
		for _, n := range u.locals {
			values[n] = c.locals[n].value
		}
		ctx.Variables["local"] = cty.ObjectVal(values)
	}
	return ctx
}

// base makes the context in which expressions are evaluated per person: everything but what is sensitive.
func (c *checker) base() *hcl.EvalContext {
	variables, locals := map[string]cty.Value{}, map[string]cty.Value{}
	for n, v := range c.variables {
		if !v.Sensitive {
			variables[n] = v.Value
		}
	}
	for n, l := range c.locals {
		if !l.secret {
			locals[n] = l.value
		}
	}
	return &hcl.EvalContext{
		Functions: c.library.all,
		Variables: map[string]cty.Value{"var": cty.ObjectVal(variables), "local": cty.ObjectVal(locals), "path": pathObject()},
	}
}

// pathObject is the object path. Files are named relative to the campaign's directory, so its root is ".", and plans do
// not depend on where the directory lies.
func pathObject() cty.Value { return cty.ObjectVal(map[string]cty.Value{"root": cty.StringVal(".")}) }
