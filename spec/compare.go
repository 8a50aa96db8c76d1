package spec

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"herald/internal/addr"
)

// comparisons finds attributes that are compared by == or != with a constant of another type: text with a number or a
// bool, and the other way round. HCL gives false for values of two types without a word, so that such a condition would
// leave everyone out.
func (c *checker) comparisons(e hclsyntax.Expression, p *people) hcl.Diagnostics {
	return hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		op, ok := n.(*hclsyntax.BinaryOpExpr)
		if !ok || op.Op != hclsyntax.OpEqual && op.Op != hclsyntax.OpNotEqual {
			return nil
		}
		for _, side := range [][2]hclsyntax.Expression{{op.LHS, op.RHS}, {op.RHS, op.LHS}} {
			name, ok := attributeOf(side[0])
			if !ok {
				continue
			}
			has, t := p.typeOf(name), c.typeOf(side[1])
			if !has.IsPrimitiveType() || !t.IsPrimitiveType() || has == t {
				continue
			}
			summary := "Text compared with another type"
			if has != cty.String && t != cty.String {
				summary = "Number compared with a bool"
			}
			return hcl.Diagnostics{within(problem(side[1].Range(), summary,
				"%s holds %s, and %s never equals %[2]s, so this is the same for everyone. %[4]s", attributeName(name), inWords(has), inWords(t),
				p.remedy(name, has, t)), op.SrcRange)}
		}
		return nil
	})
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
