package spec

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"herald/internal/addr"
)

// variable is a declaration: what it takes, before it has a value.
type variable struct {
	name        string
	description string
	typ         cty.Type
	defaults    *typeexpr.Defaults // of optional() attributes; nil without any
	text        bool               // a value from flag or environment is taken as it is, not as an expression
	fallback    cty.Value          // cty.NilVal when the variable must be given
	sensitive   bool
	nullable    bool
	validations []*hclsyntax.Block
	declRange   hcl.Range
}

// decodeVariable reads a variable block. It always gives a variable, so that references to it are not reported as well.
func decodeVariable(d declared) (*variable, hcl.Diagnostics) {
	v := &variable{
		name: d.name, typ: cty.DynamicPseudoType, text: true, nullable: true, declRange: d.block.DefRange(),
	}
	diags := shape{
		what:  "a variable block",
		attrs: []string{"type", "default", "description", "sensitive", "nullable"},
		many:  []string{"validation"},
	}.body(d.block)
	at := d.block.Body.Attributes
	if a := at["type"]; a != nil {
		typ, defaults, more := typeexpr.TypeConstraintWithDefaults(a.Expr)
		diags = append(diags, clean(more)...)
		if !more.HasErrors() {
			v.typ, v.defaults, v.text = typ, defaults, typ.IsPrimitiveType()
		}
	}
	if a := at["description"]; a != nil {
		text, more := literalText(a.Expr)
		v.description = text
		diags = append(diags, more...)
	}
	for name, to := range map[string]*bool{"sensitive": &v.sensitive, "nullable": &v.nullable} {
		if a := at[name]; a != nil {
			b, more := literalBool(a.Expr)
			diags = append(diags, more...)
			if !more.HasErrors() {
				*to = b
			}
		}
	}
	if a := at["default"]; a != nil {
		value, more := literal(a.Expr)
		diags = append(diags, more...)
		v.fallback = cty.DynamicVal
		if !more.HasErrors() {
			var err error
			v.fallback, err = v.convert(value)
			switch {
			case err != nil:
				v.fallback = cty.DynamicVal
				diags = append(diags, within(problem(a.Expr.Range(), "Invalid default value",
					"The default does not fit the variable's type, %s: %s.", typeexpr.TypeString(v.typ), err), a.SrcRange))
			case huge(v.fallback):
				v.fallback = cty.DynamicVal
				diags = append(diags, problem(a.Expr.Range(), "Number out of range", "Numbers go up to 1e%d.", maxDecimalExponent))
			case v.fallback.IsNull() && !v.nullable:
				diags = append(diags, within(problem(a.Expr.Range(), "Invalid default value",
					"The default is null, which nullable = false forbids."), a.SrcRange))
			}
		}
	}
	kind := shape{what: "a validation block", attrs: []string{"condition", "error_message"}, need: []string{"condition", "error_message"}}
	for _, b := range d.block.Body.Blocks {
		if b.Type != "validation" {
			continue
		}
		more := kind.body(b)
		diags = append(diags, more...)
		if !more.HasErrors() {
			v.validations = append(v.validations, b)
		}
	}
	return v, diags
}

// convert makes a value fit the type, with the defaults of optional attributes filled in.
func (v *variable) convert(value cty.Value) (out cty.Value, err error) {
	defer func() {
		if r := recover(); r != nil { // the type library panics on some mismatches of defaults
			out, err = cty.DynamicVal, errMismatch
		}
	}()
	if v.defaults != nil && !value.IsNull() {
		value = v.defaults.Apply(value)
	}
	return convert.Convert(value, v.typ)
}

// literalBool reads true or false.
func literalBool(e hclsyntax.Expression) (bool, hcl.Diagnostics) {
	v, diags := literal(e)
	if diags.HasErrors() {
		return false, diags
	}
	v, diags = fit(v, cty.Bool, false, e.Range())
	if diags.HasErrors() {
		return false, diags
	}
	return v.True(), nil
}

// validate checks the conditions of a variable against its value.
func (v *variable) validate(value cty.Value, funcs *library) hcl.Diagnostics {
	var diags hcl.Diagnostics
	ctx := &hcl.EvalContext{
		Variables: map[string]cty.Value{"var": cty.ObjectVal(map[string]cty.Value{v.name: value})},
		Functions: funcs.all,
	}
	for _, b := range v.validations {
		condition, message := b.Body.Attributes["condition"].Expr, b.Body.Attributes["error_message"].Expr
		more := v.checkOwn(condition, funcs, true)
		more = append(more, v.checkOwn(message, funcs, false)...)
		diags = append(diags, more...)
		if more.HasErrors() {
			continue
		}
		ok, more := evaluate(condition, ctx)
		if !more.HasErrors() {
			ok, more = fit(ok, cty.Bool, false, condition.Range())
		}
		if v.sensitive {
			more = withhold(more)
		}
		diags = append(diags, more...)
		if more.HasErrors() || !ok.IsKnown() || ok.True() {
			continue
		}
		text, more := evaluate(message, ctx)
		if !more.HasErrors() {
			text, more = fit(text, cty.String, false, message.Range())
		}
		diags = append(diags, more...)
		if more.HasErrors() || !text.IsKnown() {
			continue
		}
		diags = append(diags, within(problem(condition.Range(), "Invalid value for variable",
			"var.%s: %s", v.name, printable(text.AsString())), v.declRange))
	}
	return diags
}

// checkOwn checks an expression of a validation: it may name its own variable and nothing else.
func (v *variable) checkOwn(e hclsyntax.Expression, funcs *library, condition bool) hcl.Diagnostics {
	diags := append(checkLiterals(e), funcs.check(e)...)
	named := false
	for _, t := range e.Variables() {
		name, ok := member(t)
		switch {
		case t.RootName() != "var" || !ok || name != v.name:
			diags = append(diags, problem(t.SourceRange(), "Invalid reference in validation",
				"A validation of variable %s may name var.%s only.", addr.Quote(v.name), v.name))
		case v.sensitive && !condition:
			diags = append(diags, problem(t.SourceRange(), "Sensitive value in the wrong place",
				"The message would show the value of var.%s, which is sensitive. Say what is wrong without it.", v.name))
		}
		named = true
	}
	if condition && !named {
		diags = append(diags, problem(e.Range(), "Invalid reference in validation",
			"This condition does not name var.%s, so it checks nothing.", v.name))
	}
	return diags
}
