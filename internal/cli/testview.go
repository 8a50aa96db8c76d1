package cli

import (
	"slices"

	"github.com/hashicorp/hcl/v2"

	"herald/internal/report"
	"herald/spec"
)

// trialView keeps what a run shows.
type trialView struct {
	diags     hcl.Diagnostics
	files     map[string]*hcl.File
	shown     *report.Plan
	ended     report.Summary
	forbidden []report.Reason
	warnings  []string
}

func (v *trialView) reset() { *v = trialView{} }

func (v *trialView) diagnostics(diags hcl.Diagnostics, c *spec.Campaign) {
	v.diags, v.files = append(v.diags, diags...), filesOf(c)
}
func (v *trialView) plan(p report.Plan)       { v.shown, v.forbidden = brief(p), p.Forbidden }
func (v *trialView) progress(report.Progress) {}
func (v *trialView) stopped(report.LaneStop)  {}
func (v *trialView) summary(s report.Summary) { v.ended = s }
func (v *trialView) note(string)              {}
func (v *trialView) warn(text string)         { v.warnings = append(v.warnings, text) }
func (v *trialView) failed(error)             {}
func (v *trialView) events() *report.Stream   { return nil }

var _ view = (*trialView)(nil)

// brief gives a plan with as many samples as "plan" shows: tests draw everybody's message, for their texts.
func brief(p report.Plan) *report.Plan {
	p.Groups = slices.Clone(p.Groups)
	for i := range p.Groups {
		p.Groups[i].Samples = p.Groups[i].Samples[:min(1, len(p.Groups[i].Samples))]
	}
	return &p
}
