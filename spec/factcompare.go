package spec

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// factOf gives the name of a plain messages.x.fact, with or without parentheses, and how it is written.
func factOf(e hclsyntax.Expression) (fact, written string, ok bool) {
	t, ok := plain(e)
	if !ok || t.RootName() != "messages" || len(t) != 3 {
		return "", "", false
	}
	fact, ok = key(t[1:])
	return fact, source(t), ok && MessageFacts.HasAttribute(fact)
}

// factComparison refuses a fact that is compared by == or != with a constant that it never equals.
func (c *checker) factComparison(op *hclsyntax.BinaryOpExpr, side, other hclsyntax.Expression) hcl.Diagnostics {
	fact, name, ok := factOf(side)
	if !ok {
		return nil
	}
	v, has := c.valueOf(other), MessageFacts.AttributeType(fact)
	t := v.Type()
	switch {
	case !t.IsPrimitiveType():
		return nil
	case t == has && fact == "status" && v.IsKnown() && !slices.Contains(MessageStatuses(), v.AsString()):
		return hcl.Diagnostics{within(notAChoice(other.Range(), name, v.AsString(), MessageStatuses()), op.SrcRange)}
	case t == has:
		return nil
	}
	remedy := "Compare with text in double quotes."
	if has == cty.Bool {
		remedy = "It is true or false by itself: write " + name + " or !" + name + "."
	}
	return hcl.Diagnostics{within(problem(other.Range(), unlike(has, t),
		"%s holds %s, and %s never equals %[2]s, so this is the same for everyone. %[4]s", name, inWords(has), inWords(t), remedy), op.SrcRange)}
}

// orders are the comparisons that numbers alone have.
var orders = []*hclsyntax.Operation{hclsyntax.OpLessThan, hclsyntax.OpLessThanOrEqual, hclsyntax.OpGreaterThan, hclsyntax.OpGreaterThanOrEqual}

// factOrder refuses a fact that is compared by order, which numbers alone have. Nothing of it would show before the first
// message was sent, and then one reply in words would hold up everybody's plan.
func factOrder(op *hclsyntax.BinaryOpExpr, side hclsyntax.Expression) hcl.Diagnostics {
	fact, name, ok := factOf(side)
	if !ok {
		return nil
	}
	has := MessageFacts.AttributeType(fact)
	remedy := "Compare with == or !=."
	switch {
	case fact == "reply":
		remedy = "What a person wrote need not be a number: say what counts then, as in try(tonumber(" + name + "), 0)."
	case fact == "sent_at":
		remedy = "Times are compared by timecmp, as in timecmp(" + name + ", \"2026-12-01T09:00:00Z\") < 0."
	case has == cty.Bool:
		remedy = "It is true or false by itself: write " + name + " or !" + name + "."
	}
	return hcl.Diagnostics{within(problem(side.Range(), "Fact compared as a number",
		"%s holds %s, and only numbers are less or greater than others. %s", name, inWords(has), remedy), op.SrcRange)}
}
