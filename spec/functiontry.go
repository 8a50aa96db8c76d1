package spec

import (
	"errors"
	"strings"

	"github.com/hashicorp/hcl/v2/ext/customdecode"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// try and can take expressions instead of values. HCL has both in ext/tryfunc, but there the type of try is found by
// evaluating its arguments once more, so that n of them inside each other take 2ⁿ steps.

// try gives the value of the first argument that can be evaluated.
func try() function.Function {
	return function.New(&function.Spec{
		VarParam: &function.Parameter{Name: "expressions", Type: customdecode.ExpressionClosureType},
		Type:     function.StaticReturnType(cty.DynamicPseudoType),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			var failed []string
			for _, a := range args {
				closure := customdecode.ExpressionClosureFromVal(a)
				v, diags := evaluate(closure.Expression, closure.EvalContext)
				if !diags.HasErrors() {
					if !v.IsWhollyKnown() {
						return cty.DynamicVal, nil // it may still fail once it is known
					}
					return v, nil
				}
				failed = append(failed, diags[0].Summary)
			}
			return cty.NilVal, errors.New("none of the expressions has a value: " + strings.Join(failed, "; "))
		},
	})
}

// can reports whether its argument can be evaluated.
func can() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "expression", Type: customdecode.ExpressionClosureType}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			closure := customdecode.ExpressionClosureFromVal(args[0])
			v, diags := evaluate(closure.Expression, closure.EvalContext)
			switch {
			case diags.HasErrors():
				return cty.False, nil
			case !v.IsWhollyKnown():
				return cty.UnknownVal(cty.Bool), nil
			}
			return cty.True, nil
		},
	})
}
