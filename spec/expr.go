package spec

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// Expr is one expression of a campaign, checked. One that names no person was evaluated when the campaign was loaded.
type Expr struct {
	expr      hclsyntax.Expression
	value     cty.Value // of an expression that is the same for everyone
	perPerson bool
	names     []string // attributes of contact that it names
	whole     bool     // it uses contact as a whole
	facts     []FactRef
	want      cty.Type // what the value is converted to; cty.DynamicPseudoType leaves it as it is
	null      bool     // null is a value here, and means "not given"
	secret    bool     // made from something sensitive: no diagnostic may repeat the value
	implied   string   // why it is there, when the campaign does not write it
}

// PerPerson reports whether the value depends on the person at hand.
func (e *Expr) PerPerson() bool { return e.perPerson }

// Constant gives the value of an expression that is the same for everyone.
func (e *Expr) Constant() cty.Value { return e.value }

// Attributes lists the attributes of contact that the expression names, sorted; whole says that it uses contact in a
// way that may need all of them.
func (e *Expr) Attributes() (names []string, whole bool) { return e.names, e.whole }

// Facts lists what the expression names of messages, sorted. Such an expression is PerPerson, and its value is unknown
// as long as it depends on a fact that is.
func (e *Expr) Facts() []FactRef { return e.facts }

// Implied reports whether the campaign does not write the expression: an address attribute that is taken from contact,
// since its block is not given. The person may lack what it names, and its range is that of the conversation's header.
func (e *Expr) Implied() bool { return e.implied != "" }

// Range is where the expression stands.
func (e *Expr) Range() hcl.Range { return e.expr.Range() }

// AttributeRange is where the expression names an attribute of contact, or the whole expression when it does not.
func (e *Expr) AttributeRange(name string) hcl.Range {
	for _, t := range e.expr.Variables() {
		if k, ok := key(t); ok && k == name && t.RootName() == "contact" {
			return t.SourceRange()
		}
	}
	return e.expr.Range()
}

// At is where element i of a list expression stands, or the whole expression when it is no literal list.
func (e *Expr) At(i int) hcl.Range {
	if items, diags := hcl.ExprList(e.expr); !diags.HasErrors() && i >= 0 && i < len(items) {
		return items[i].Range()
	}
	return e.expr.Range()
}

// Value evaluates the expression for the person in s; s may be nil when it is not PerPerson. The value has the type that
// its place in the language asks for (text is a string, where a bool, replies a list of strings, an address attribute
// what the schema says; native is left as it is) and is null only where null means "not given": addresses, options,
// optional fields of content and unique_by. It is unknown, or holds unknown values, where it depends on a fact of Facts that
// is unknown. Errors come with the expression's range and say nothing of who the person
// is: the caller adds that.
func (e *Expr) Value(s *Scope) (cty.Value, hcl.Diagnostics) {
	if !e.perPerson {
		return e.value, nil
	}
	if s == nil || s.contact == cty.NilVal {
		return cty.DynamicVal, hcl.Diagnostics{problem(e.expr.Range(), "No person at hand",
			"This expression names contact or messages, so it has a value only for one person.")}
	}
	if len(e.facts) > 0 {
		if _, known := s.ctx.Variables["messages"]; !known {
			return cty.DynamicVal, hcl.Diagnostics{problem(e.expr.Range(), "No earlier message at hand",
				"This expression names messages, so it has a value only where the earlier messages of its sequence are known.")}
		}
	}
	if e.implied != "" {
		return e.impliedValue(s)
	}
	return e.personValue(s)
}

// personValue evaluates the expression for the person in s.
func (e *Expr) personValue(s *Scope) (cty.Value, hcl.Diagnostics) {
	if diags := e.checkPerson(s.contact); diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	v, diags := evaluate(e.expr, s.ctx)
	if diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	return fit(v, e.want, e.null, e.expr.Range())
}

// checkPerson refuses attributes whose numbers are too large to be written out. People's data is not under the author's
// control, and a number like 1e600000000 in one place would take gigabytes as text.
func (e *Expr) checkPerson(contact cty.Value) hcl.Diagnostics {
	check := func(name string, v cty.Value) hcl.Diagnostics {
		if !huge(v) {
			return nil
		}
		return hcl.Diagnostics{problem(e.expr.Range(), "Number out of range",
			"contact.%s holds a number beyond 1e%d, which cannot be used here.", name, maxDecimalExponent)}
	}
	if !contact.Type().IsObjectType() || contact.IsNull() || !contact.IsKnown() {
		return nil
	}
	if e.whole {
		for name, v := range contact.AsValueMap() {
			if diags := check(name, v); diags != nil {
				return diags
			}
		}
		return nil
	}
	for _, name := range e.names {
		if contact.Type().HasAttribute(name) {
			if diags := check(name, contact.GetAttr(name)); diags != nil {
				return diags
			}
		}
	}
	return nil
}

// evaluate gives the value of an expression. It never panics: a panic of the evaluator becomes a diagnostic, since a
// campaign file must not be able to end the program. Diagnostics are stripped of the values they were made from, so
// that no printer can show them.
func evaluate(e hcl.Expression, ctx *hcl.EvalContext) (v cty.Value, diags hcl.Diagnostics) {
	defer func() {
		if r := recover(); r != nil {
			v = cty.DynamicVal
			diags = hcl.Diagnostics{problem(e.Range(), "Expression cannot be evaluated",
				"The expression language failed on this expression. Write it in another way, in smaller parts.")}
		}
	}()
	v, diags = e.Value(ctx)
	if diags.HasErrors() {
		return cty.DynamicVal, clean(diags)
	}
	return v, clean(diags)
}

// fit converts v to the type that its place asks for.
func fit(v cty.Value, want cty.Type, null bool, rng hcl.Range) (cty.Value, hcl.Diagnostics) {
	if v.IsNull() && !null {
		return cty.DynamicVal, hcl.Diagnostics{problem(rng, "Null value",
			"A value is needed here, and this one is null. What a person may lack needs a fallback, as in coalesce(contact.nick, \"friend\").")}
	}
	if v.Type().Equals(want) && want == cty.String && v.IsKnown() {
		return v, nil // by far the most frequent case
	}
	got := v.Type()
	v, err := convert.Convert(v, want)
	if err != nil {
		return cty.DynamicVal, hcl.Diagnostics{problem(rng, "Wrong type of value", "%s", misfit(got, want, err))}
	}
	if huge(v) {
		return cty.DynamicVal, hcl.Diagnostics{problem(rng, "Number out of range", "The value is beyond 1e%d.", maxDecimalExponent)}
	}
	if want.IsCollectionType() && v.IsKnown() && !v.IsNull() {
		for it := v.ElementIterator(); it.Next(); {
			if _, item := it.Element(); item.IsKnown() && item.IsNull() {
				return cty.DynamicVal, hcl.Diagnostics{problem(rng, "Null value",
					"An element of this list is null. Leave it out, say with compact(...).")}
			}
		}
	}
	return v, nil
}

// misfit says why a value cannot be converted.
func misfit(got, want cty.Type, err error) string {
	needed := sentence(article(want.FriendlyName())) + " is needed here"
	switch {
	case got.IsPrimitiveType() && want.IsPrimitiveType():
		return fmt.Sprintf("%s, and this %s cannot be read as one.", needed, got.FriendlyName())
	case want.IsPrimitiveType() || got.IsPrimitiveType():
		return fmt.Sprintf("%s, not %s.", needed, article(got.FriendlyName()))
	}
	return fmt.Sprintf("%s, not %s: %s.", needed, article(got.FriendlyName()), printable(err.Error()))
}

// article puts a or an before the name of a type.
func article(name string) string {
	if strings.HasPrefix(name, "any") {
		return name
	}
	if strings.ContainsRune("aeiou", rune(name[0])) {
		return "an " + name
	}
	return "a " + name
}

// Scope is where expressions find the person at hand. It is made once and set anew for each person; it is not safe for
// concurrent use.
type Scope struct {
	ctx     *hcl.EvalContext
	contact cty.Value
}

// NewScope makes a scope without a person.
func (c *Campaign) NewScope() *Scope {
	ctx := c.base.NewChild()
	ctx.Variables = map[string]cty.Value{}
	return &Scope{ctx: ctx}
}

// SetMessages makes known what became of earlier messages to the person at hand: an object with a MessageFacts for each one
// of the sequence that comes before, with unknown values for what is not known. It comes after Set.
func (s *Scope) SetMessages(messages cty.Value) { s.ctx.Variables["messages"] = messages }

// Set makes contact the person at hand: an object with every attribute that the expressions to be evaluated name. What
// SetMessages said of the person before is forgotten.
func (s *Scope) Set(contact cty.Value) {
	s.contact = contact
	s.ctx.Variables["contact"] = contact
	delete(s.ctx.Variables, "messages")
}
