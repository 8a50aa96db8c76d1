package spec

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"herald/internal/addr"
)

// checkForm finds fields whose answers could not be told apart, choices without options and options without a choice,
// as far as they are the same for everyone.
func checkForm(c Content, form *hclsyntax.Block) hcl.Diagnostics {
	var diags hcl.Diagnostics
	first := map[string]hcl.Range{} // of a field's name
	n := 0
	for _, b := range form.Body.Blocks {
		if b.Type != "field" {
			continue
		}
		path := fmt.Sprintf("field[%d]", n)
		n++
		diags = append(diags, c.checkOptions(path, b)...)
		name, ok := c.Fields[path+".name"].constantText()
		if !ok {
			continue
		}
		at := c.Fields[path+".name"].Range()
		if f, twice := first[name]; twice {
			diags = append(diags, within(problem(at, "Field named twice",
				"The field at %s is named %s too, and their answers could not be told apart. Give one of them another name.", f, addr.Quote(name)), b.DefRange()))
			continue
		}
		first[name] = at
	}
	return diags
}

// checkOptions compares the type of a form's field with its options.
func (c Content) checkOptions(path string, field *hclsyntax.Block) hcl.Diagnostics {
	typ, ok := c.Fields[path+".type"].constantText()
	if !ok {
		return nil
	}
	n, at := 0, field.DefRange()
	if a := field.Body.Attributes["options"]; a != nil {
		if n, ok = c.Fields[path+".options"].length(); !ok {
			return nil
		}
		at = a.Expr.Range()
	}
	switch {
	case typ == "choice" && n == 0:
		return hcl.Diagnostics{within(problem(at, "Choice without options",
			`A field of type choice needs something to choose from, as in options = ["Yes", "No"].`), field.DefRange())}
	case typ != "choice" && n > 0:
		return hcl.Diagnostics{within(problem(at, "Options without a choice",
			`Only a field of type choice has options, and this one is of type %s. Remove them, or write type = "choice".`, addr.Quote(typ)), field.DefRange())}
	}
	return nil
}

// constantText gives a string that is the same for everyone; ok is false when there is none, or it is not known or null.
func (e *Expr) constantText() (text string, ok bool) {
	if e == nil || e.perPerson || e.value.Type() != cty.String || !e.value.IsKnown() || e.value.IsNull() {
		return "", false
	}
	return e.value.AsString(), true
}

// length says how many elements a list has for everyone, none when it is null; ok is false when that differs or is not
// known.
func (e *Expr) length() (n int, ok bool) {
	if e == nil {
		return 0, false
	}
	if literal, is := e.expr.(*hclsyntax.TupleConsExpr); is {
		return len(literal.Exprs), true
	}
	if e.perPerson || !e.value.IsKnown() {
		return 0, false
	}
	if e.value.IsNull() {
		return 0, true
	}
	return e.value.LengthInt(), true
}
