package cli

import (
	"fmt"
	"path/filepath"

	"github.com/hashicorp/hcl/v2"

	"herald/planner"
	"herald/spec"
)

// notedView notes the warnings that it shows, for those who read the plan later.
type notedView struct {
	view
	warnings []planner.Warning
}

func (v *notedView) diagnostics(diags hcl.Diagnostics, c *spec.Campaign) {
	for _, d := range diags {
		if d.Severity != hcl.DiagWarning {
			continue
		}
		w := planner.Warning{Summary: d.Summary, Detail: d.Detail}
		if at := d.Subject; at != nil {
			w.Place = fmt.Sprintf("%s:%d", relative(c, at.Filename), at.Start.Line)
		}
		_, w.NamesPeople = d.Extra.(planner.NamesPeople)
		v.warnings = append(v.warnings, w)
	}
	v.view.diagnostics(diags, c)
}

func (v *notedView) warn(text string) {
	v.warnings = append(v.warnings, planner.Warning{Summary: text})
	v.view.warn(text)
}

// relative names a file as the campaign's directory knows it: where that lies on this machine is nobody's business.
func relative(c *spec.Campaign, file string) string {
	if c != nil {
		if name, err := filepath.Rel(c.Root, file); err == nil && filepath.IsLocal(name) {
			return name
		}
	}
	return filepath.Base(file)
}
