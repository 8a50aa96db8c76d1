package report

import (
	"fmt"
	"io"
	"time"

	"herald/planner"
)

// SavedPlan is a plan file as "show" tells it.
type SavedPlan struct {
	FormatVersion string            `json:"format_version"`
	Herald        string            `json:"herald"`
	Digest        string            `json:"digest"`
	Created       time.Time         `json:"created"`
	NotAfter      time.Time         `json:"not_after"`
	Sandbox       bool              `json:"sandbox"`
	Configuration string            `json:"configuration"`      // SHA-256 over the campaign's files
	Warnings      []planner.Warning `json:"warnings,omitempty"` // that were shown when it was made
	Plan          Plan              `json:"plan"`
}

// NewSavedPlan makes the model.
func NewSavedPlan(p *planner.Saved, digest string) SavedPlan {
	return SavedPlan{FormatVersion: "1.0", Herald: p.Herald, Digest: digest, Created: p.Created.UTC(), NotAfter: p.NotAfter.UTC(),
		Sandbox: p.Sandbox, Configuration: p.Configuration, Warnings: p.Warnings, Plan: NewPlan(&p.Plan)}
}

// Text prints the plan as "plan" does, and what it is.
func (m SavedPlan) Text(w io.Writer, s Style) {
	m.Plan.Text(w, s)
	for _, warning := range m.Warnings {
		text := warning.Summary
		if warning.Place != "" {
			text += " (" + warning.Place + ")"
		}
		fmt.Fprintf(w, "\n%s %s\n%s\n", s.paint(yellow, "Warning:"), Escape(text), EscapeLines(s.wrap(warning.Detail)))
	}
	fmt.Fprintf(w, "\n%s %s\n  made %s by herald %s, to be applied until %s", s.paint(bold, "Sealed plan"), m.Digest, when(m.Created)+" UTC", Escape(m.Herald), when(m.NotAfter)+" UTC")
	if m.Sandbox {
		fmt.Fprint(w, ", in the sandbox only")
	}
	fmt.Fprintln(w, ".")
}

// Trim leaves as many samples of each group as are shown; what is in doubt or refused keeps all.
func (p *Plan) Trim(samples int) {
	for i := range p.Groups {
		g := &p.Groups[i]
		switch planner.Action(g.Action) {
		case planner.InDoubt, planner.Assume, planner.Refused:
		default:
			g.Samples = g.Samples[:min(len(g.Samples), max(samples, 1))]
		}
	}
}
