package spec

import (
	"fmt"
	"math/big"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// maxDecimalExponent bounds every number of a campaign. The expression language keeps numbers of any size and writes
// them out in full, so that without a bound a few characters, of a file or of a person's data, could ask for gigabytes.
// Literals, attributes of people, operators and functions are checked; everything else is made of these.
const maxDecimalExponent = 1000

// maxBinaryExponent is maxDecimalExponent in powers of two.
const maxBinaryExponent = 3322

// hugeNumber reports whether f is beyond the bound, or so close to zero that it needs as many digits.
func hugeNumber(f *big.Float) bool {
	if f.IsInf() || f.Sign() == 0 {
		return f.IsInf()
	}
	e := f.MantExp(nil)
	return e > maxBinaryExponent || e < -maxBinaryExponent
}

// huge reports whether v is a number beyond the bound, or has one anywhere in it.
func huge(v cty.Value) bool {
	if v.Type() == cty.Number {
		return v.IsKnown() && !v.IsNull() && hugeNumber(v.AsBigFloat())
	}
	if v.Type().IsPrimitiveType() || !v.IsKnown() || v.IsNull() {
		return false
	}
	found := false
	// The walk's own error is never used: the callback gives none.
	_ = cty.Walk(v, func(_ cty.Path, v cty.Value) (bool, error) {
		if v.Type() == cty.Number && v.IsKnown() && !v.IsNull() && hugeNumber(v.AsBigFloat()) {
			found = true
		}
		return !found, nil
	})
	return found
}

// arithmetic makes f refuse numbers beyond the bound, given or found.
func arithmetic(f function.Function) function.Function {
	return rewrap(f, func(args []cty.Value) error {
		for i, a := range args {
			if huge(a) {
				return function.NewArgErrorf(i, "numbers go up to 1e%d", maxDecimalExponent)
			}
		}
		return nil
	}, func(v cty.Value) error {
		if huge(v) {
			return fmt.Errorf("the result is beyond 1e%d", maxDecimalExponent)
		}
		return nil
	})
}

// bind puts bounded operators in place of those that the parser chose. Division by zero, which the expression language
// takes for infinity, is an error with them.
func bind(n hclsyntax.Node) {
	safe := map[*hclsyntax.Operation]*hclsyntax.Operation{}
	for _, op := range []*hclsyntax.Operation{
		hclsyntax.OpAdd, hclsyntax.OpSubtract, hclsyntax.OpMultiply, hclsyntax.OpDivide, hclsyntax.OpModulo, hclsyntax.OpNegate,
	} {
		impl := arithmetic(op.Impl)
		if op == hclsyntax.OpDivide || op == hclsyntax.OpModulo {
			impl = bounded(impl, checkDivisor)
		}
		safe[op] = &hclsyntax.Operation{Impl: impl, Type: op.Type}
	}
	// The visitor gives no diagnostics.
	_ = hclsyntax.VisitAll(n, func(n hclsyntax.Node) hcl.Diagnostics {
		switch n := n.(type) {
		case *hclsyntax.BinaryOpExpr:
			if op := safe[n.Op]; op != nil {
				n.Op = op
			}
		case *hclsyntax.UnaryOpExpr:
			if op := safe[n.Op]; op != nil {
				n.Op = op
			}
		}
		return nil
	})
}

// checkDivisor refuses to divide by zero.
func checkDivisor(args []cty.Value) error {
	if by := args[1]; by.Type() == cty.Number && !by.IsNull() && by.AsBigFloat().Sign() == 0 {
		return function.NewArgErrorf(1, "division by zero")
	}
	return nil
}

// checkLiterals refuses numbers that could not be written out.
func checkLiterals(e hclsyntax.Expression) hcl.Diagnostics {
	return hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		if l, ok := n.(*hclsyntax.LiteralValueExpr); ok && huge(l.Val) {
			return hcl.Diagnostics{problem(l.SrcRange, "Number out of range", "Numbers go up to 1e%d.", maxDecimalExponent)}
		}
		return nil
	})
}
