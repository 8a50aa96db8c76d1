package spec

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"herald/internal/addr"
)

// comparisons finds attributes that hold text and are compared by == or != with a number or a bool. HCL gives false for
// values of two types without a word, so that such a condition would leave everyone out.
func (c *checker) comparisons(e hclsyntax.Expression, p *people) hcl.Diagnostics {
	return hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		op, ok := n.(*hclsyntax.BinaryOpExpr)
		if !ok || op.Op != hclsyntax.OpEqual && op.Op != hclsyntax.OpNotEqual {
			return nil
		}
		for _, side := range [][2]hclsyntax.Expression{{op.LHS, op.RHS}, {op.RHS, op.LHS}} {
			name, ok := attributeOf(side[0])
			if !ok || !p.text(name) {
				continue
			}
			t := c.typeOf(side[1])
			if t != cty.Number && t != cty.Bool {
				continue
			}
			return hcl.Diagnostics{within(problem(side[1].Range(), "Text compared with another type",
				"contact.%s holds text, and %s never equals text, so this is the same for everyone. Compare with text in double quotes, or give the column a type in its contacts block: types = { %s = %s }.",
				name, article(t.FriendlyName()), property(name), t.FriendlyName()), op.SrcRange)}
		}
		return nil
	})
}

// attributeOf gives x of a plain contact.x, with or without parentheses.
func attributeOf(e hclsyntax.Expression) (string, bool) {
	for {
		p, ok := e.(*hclsyntax.ParenthesesExpr)
		if !ok {
			break
		}
		e = p.Expression
	}
	t, ok := e.(*hclsyntax.ScopeTraversalExpr)
	if !ok || t.Traversal.RootName() != "contact" || len(t.Traversal) != 2 {
		return "", false
	}
	return key(t.Traversal)
}

// typeOf gives the type of an expression that is the same for everyone, or cty.DynamicPseudoType.
func (c *checker) typeOf(e hclsyntax.Expression) cty.Type {
	// Only the type is asked for here: whoever checks the whole expression reports what is wrong in it.
	u, diags := c.references(e, place{what: "a comparison", secrets: true})
	if diags.HasErrors() {
		return cty.DynamicPseudoType
	}
	v, diags := evaluate(e, c.contextFor(u))
	if diags.HasErrors() || v.IsNull() {
		return cty.DynamicPseudoType
	}
	return v.Type()
}

// property writes a name as the key of an object.
func property(name string) string {
	if hclsyntax.ValidIdentifier(name) {
		return name
	}
	return addr.Quote(name)
}
