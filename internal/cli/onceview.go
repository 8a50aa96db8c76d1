package cli

import (
	"github.com/hashicorp/hcl/v2"

	"herald/spec"
)

// onceView says each warning once, for what plans again and again.
type onceView struct {
	view
	said map[string]bool
}

func newOnceView(v view) *onceView { return &onceView{v, map[string]bool{}} }

func (v *onceView) diagnostics(diags hcl.Diagnostics, c *spec.Campaign) {
	var fresh hcl.Diagnostics
	for _, d := range diags {
		if d.Severity == hcl.DiagError || v.first(d.Error()) {
			fresh = append(fresh, d)
		}
	}
	v.view.diagnostics(fresh, c)
}

func (v *onceView) warn(text string) {
	if v.first(text) {
		v.view.warn(text)
	}
}

func (v *onceView) first(text string) bool {
	before := v.said[text]
	v.said[text] = true
	return !before
}
