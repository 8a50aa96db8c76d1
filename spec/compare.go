package spec

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"herald/internal/addr"
)

// comparisons finds attributes and facts that are compared by == or != with a constant of another type: text with a
// number or a bool, and the other way round. HCL gives false for values of two types without a word, so that such a
// condition would leave everyone out. Facts that are compared by order are found too.
func (c *checker) comparisons(e hclsyntax.Expression, p *people) hcl.Diagnostics {
	return hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		op, ok := n.(*hclsyntax.BinaryOpExpr)
		switch {
		case !ok:
			return nil
		case slices.Contains(orders, op.Op):
			return append(factOrder(op, op.LHS), factOrder(op, op.RHS)...)
		case op.Op != hclsyntax.OpEqual && op.Op != hclsyntax.OpNotEqual:
			return nil
		}
		for _, side := range [][2]hclsyntax.Expression{{op.LHS, op.RHS}, {op.RHS, op.LHS}} {
			diags := c.attributeComparison(op, side[0], side[1], p)
			if diags = append(diags, c.factComparison(op, side[0], side[1])...); len(diags) > 0 {
				return diags
			}
		}
		return nil
	})
}

// attributeComparison refuses an attribute that is compared with a constant of another type.
func (c *checker) attributeComparison(op *hclsyntax.BinaryOpExpr, side, other hclsyntax.Expression, p *people) hcl.Diagnostics {
	name, ok := attributeOf(side)
	if !ok {
		return nil
	}
	has, t := p.typeOf(name), c.valueOf(other).Type()
	if !has.IsPrimitiveType() || !t.IsPrimitiveType() || has == t {
		return nil
	}
	return hcl.Diagnostics{within(problem(other.Range(), unlike(has, t),
		"%s holds %s, and %s never equals %[2]s, so this is the same for everyone. %[4]s", attributeName(name), inWords(has), inWords(t),
		p.remedy(name, has, t)), op.SrcRange)}
}

// unlike is the summary of a comparison of two primitive types that differ.
func unlike(a, b cty.Type) string {
	if a != cty.String && b != cty.String {
		return "Number compared with a bool"
	}
	return "Text compared with another type"
}

// remedy says how a comparison of an attribute of one type with a constant of another is mended.
func (p *people) remedy(name string, has, constant cty.Type) string {
	switch {
	case has == cty.Number:
		return "Compare with a number, without quotes."
	case has == cty.Bool:
		return "Compare with true or false, without quotes."
	case p.keys[name]:
		return "Compare with text in double quotes. Keys are always text."
	}
	return "Compare with text in double quotes, or give the column a type in its contacts block: types = { " +
		property(name) + " = " + constant.FriendlyName() + " }."
}

// inWords names a primitive type with its article; a string is called text.
func inWords(t cty.Type) string {
	if t == cty.String {
		return "text"
	}
	return article(t.FriendlyName())
}

// attributeName writes an attribute of contact as expressions do.
func attributeName(name string) string {
	if hclsyntax.ValidIdentifier(name) {
		return "contact." + name
	}
	return "contact[" + addr.Quote(name) + "]"
}

// attributeOf gives x of a plain contact.x, with or without parentheses.
func attributeOf(e hclsyntax.Expression) (string, bool) {
	t, ok := plain(e)
	if !ok || t.RootName() != "contact" || len(t) != 2 {
		return "", false
	}
	return key(t)
}

// plain gives the traversal that an expression is, with or without parentheses.
func plain(e hclsyntax.Expression) (hcl.Traversal, bool) {
	for {
		p, ok := e.(*hclsyntax.ParenthesesExpr)
		if !ok {
			break
		}
		e = p.Expression
	}
	t, ok := e.(*hclsyntax.ScopeTraversalExpr)
	if !ok {
		return nil, false
	}
	return t.Traversal, true
}

// valueOf gives the value of an expression that is the same for everyone, or cty.DynamicVal; also for null, which has
// every type.
func (c *checker) valueOf(e hclsyntax.Expression) cty.Value {
	// Only the value is asked for here: whoever checks the whole expression reports what is wrong in it.
	u, diags := c.references(e, place{what: "a comparison", secrets: true})
	if diags.HasErrors() {
		return cty.DynamicVal
	}
	v, diags := evaluate(e, c.contextFor(u))
	if diags.HasErrors() || v.IsNull() {
		return cty.DynamicVal
	}
	return v
}

// property writes a name as the key of an object.
func property(name string) string {
	if hclsyntax.ValidIdentifier(name) {
		return name
	}
	return addr.Quote(name)
}
