package cli

import (
	"maps"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"herald/spec"
)

// sensitive marks values that must not be shown, and all that is made from them.
type sensitive struct{}

// consoleScope gives the campaign's scope with what it keeps back, sensitive variables and locals made from them. These
// are unknown and marked: their values are nowhere in a console, so that no error can tell one.
func consoleScope(c *spec.Campaign) *hcl.EvalContext {
	scope := c.Scope()
	add := func(root string, more map[string]cty.Value) {
		all := map[string]cty.Value{}
		maps.Copy(all, scope.Parent().Variables[root].AsValueMap())
		for name, v := range more {
			if _, there := all[name]; !there {
				all[name] = v.Mark(sensitive{})
			}
		}
		scope.Variables[root] = cty.ObjectVal(all)
	}
	scope.Variables = map[string]cty.Value{}
	variables := map[string]cty.Value{}
	for name, v := range c.Variables {
		variables[name] = cty.UnknownVal(v.Value.Type())
	}
	add("var", variables)
	locals := map[string]cty.Value{}
	for _, f := range c.Files() {
		body, is := f.Body.(*hclsyntax.Body)
		if !is {
			continue
		}
		for _, b := range body.Blocks {
			for name := range b.Body.Attributes {
				if b.Type == "locals" {
					locals[name] = cty.DynamicVal
				}
			}
		}
	}
	add("local", locals)
	return scope
}
