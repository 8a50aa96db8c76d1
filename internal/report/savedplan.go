package report

import (
	"fmt"
	"io"
	"strings"
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
		text = s.wrap("Warning: " + Escape(text))
		fmt.Fprintf(w, "\n%s\n", strings.Replace(text, "Warning:", s.paint(yellow, "Warning:"), 1))
		if warning.Detail != "" {
			fmt.Fprintln(w, EscapeLines(s.wrap(warning.Detail)))
		}
	}
	fmt.Fprintf(w, "\n%s %s\n  made %s UTC by herald %s", s.paint(bold, "Sealed plan"), m.Digest, when(m.Created), Escape(m.Herald))
	switch {
	case len(m.Plan.Forbidden) > 0:
		fmt.Fprintln(w, "; it is forbidden, and cannot be applied.")
	case m.Sandbox:
		fmt.Fprintf(w, ", to be applied until %s UTC, in the sandbox only.\n", when(m.NotAfter))
	default:
		fmt.Fprintf(w, ", to be applied until %s UTC.\n", when(m.NotAfter))
	}
}
