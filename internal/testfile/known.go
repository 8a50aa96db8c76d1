package testfile

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"herald/internal/addr"
)

// listed is how many names of what exists are shown.
const listed = 20

// explain says of names that do not exist what does, and of each problem once: a for expression has it for every element.
func explain(e hcl.Expression, ctx *hcl.EvalContext, diags hcl.Diagnostics) (out hcl.Diagnostics) {
	seen := map[string]bool{}
	for _, d := range diags {
		if d.Summary == "Invalid index" || d.Summary == "Unsupported attribute" {
			for _, t := range e.Variables() {
				v, found := ctx.Variables[t.RootName()]
				if at := t.SourceRange(); !found || d.Subject == nil || !at.Overlaps(*d.Subject) {
					continue
				}
				if better := missing(t, v); better != nil {
					d = better
					break
				}
			}
		}
		if where := fmt.Sprint(d.Subject, d.Detail); !seen[where] {
			seen[where] = true
			out = append(out, d)
		}
	}
	return out
}

// missing finds the first step of a traversal that a value does not have.
func missing(t hcl.Traversal, v cty.Value) *hcl.Diagnostic {
	for i, step := range t[1:] {
		name, ok := stepName(step)
		if !ok || v.IsNull() || !v.IsKnown() || !v.Type().IsObjectType() && !v.Type().IsMapType() {
			return nil
		}
		within := v.AsValueMap()
		next, has := within[name]
		if !has {
			known := slices.Sorted(maps.Keys(within))
			return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Unknown name", Subject: t.SourceRange().Ptr(),
				Detail: fmt.Sprintf("%s has no %s. %s%s", hclTraversal(t[:i+1]), addr.Quote(name), inventory(known), meant(name, known))}
		}
		v = next
	}
	return nil
}

func stepName(step hcl.Traverser) (string, bool) {
	switch s := step.(type) {
	case hcl.TraverseAttr:
		return s.Name, true
	case hcl.TraverseIndex:
		if s.Key.Type() == cty.String {
			return s.Key.AsString(), true
		}
	}
	return "", false
}

// inventory says what there is.
func inventory(names []string) string {
	if len(names) == 0 {
		return "It is empty."
	}
	more := ""
	if len(names) > listed {
		more = fmt.Sprintf(" and %d more", len(names)-listed)
		names = names[:listed]
	}
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = addr.Quote(n)
	}
	return "It has " + strings.Join(quoted, ", ") + more + "."
}
