package planner

import (
	"encoding/json"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"herald/internal/addr"
	"herald/spec"
)

// slot is one place of a content that an expression fills.
type slot struct {
	path string // as Content.Fields names it
	expr *spec.Expr
	into any     // *string, *bool, *[]string or *json.RawMessage: the place itself, so that one memory serves all people
	typ  *string // the type that says what a link's value is; nil for every other slot
}

// fill evaluates the slot for the person in scope.
func (t *slot) fill(s *spec.Scope) hcl.Diagnostics {
	v, diags := t.expr.Value(s)
	if diags.HasErrors() {
		return diags
	}
	return t.set(v)
}

// set puts a value where it belongs. Null is what was not given: "", false or no elements.
func (t *slot) set(v cty.Value) hcl.Diagnostics {
	switch into := t.into.(type) {
	case *string:
		*into = asText(v)
	case *bool:
		*into = v.Type() == cty.Bool && v.IsKnown() && !v.IsNull() && v.True()
	case *[]string:
		*into = (*into)[:0]
		if v.IsNull() || !v.CanIterateElements() {
			return nil
		}
		for it := v.ElementIterator(); it.Next(); {
			_, item := it.Element()
			*into = append(*into, asText(item))
		}
	case *json.RawMessage:
		raw, err := ctyjson.SimpleJSONValue{Value: v}.MarshalJSON()
		if err != nil {
			return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "No JSON value", Detail: "The value cannot be written as JSON: " + err.Error() + ".", Subject: t.expr.Range().Ptr()}}
		}
		*into = raw
	}
	return nil
}

// fillAll evaluates slots for the person in scope; nil where none of them needs one.
func fillAll(slots []slot, s *spec.Scope) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for i := range slots {
		diags = append(diags, slots[i].fill(s)...)
	}
	return diags
}

// split tells the slots that depend on the person from those that do not.
func split(slots []slot) (constant, varying []slot) {
	for _, t := range slots {
		if t.expr.PerPerson() {
			varying = append(varying, t)
		} else {
			constant = append(constant, t)
		}
	}
	return constant, varying
}

// parent gives the path of the block that a field or block stands in, "" for the content itself.
func parent(path string) string { return path[:max(strings.LastIndexByte(path, '.'), 0)] }

// lastName gives the last name of a path.
func lastName(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// unknownKind is the error for a content that no slots are known of.
func unknownKind(c *spec.Content) hcl.Diagnostics {
	return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Unknown kind of content", Subject: c.Range.Ptr(),
		Detail: addr.Quote(c.Kind) + " is no kind of content that this version of herald knows."}}
}
