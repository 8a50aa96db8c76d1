package planner

import (
	"context"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"herald/spec"
	"herald/state"
)

// SavedVersion is the version of what a saved plan holds.
const SavedVersion = 1

// Saved is the part of a saved plan that is read whole: what does not grow with the people. The rest are PlanFiles. It holds
// no secrets.
type Saved struct {
	FormatVersion int       `json:"format_version"`
	Herald        string    `json:"herald"`
	Campaign      string    `json:"campaign"` // the name of its directory
	Created       time.Time `json:"created"`
	NotAfter      time.Time `json:"not_after"`
	Sandbox       bool      `json:"sandbox"`
	Configuration string    `json:"configuration"` // SHA-256 over the campaign's files, in hex
	Lineage       string    `json:"lineage"`
	Serial        int64     `json:"serial"`

	Accounts []SavedAccount      `json:"accounts"`
	Lists    string              `json:"lists"`              // HCL: of those who are excluded, and of all that it takes to read them again
	With     map[string][]string `json:"with"`               // by sequence that sends: whose people it has
	Rests    int                 `json:"rests"`              // how many PlanFiles has
	Warnings []Warning           `json:"warnings,omitempty"` // that were shown when it was made
	Said     []state.Definition  `json:"said,omitempty"`     // what messages said when they were last sent, by the plan's names
	Plan     Plan                `json:"plan"`
}

// SavedAccount is an account that the plan sends through, as its provider block named it. Its settings are those that make
// two blocks the same account, and are no secrets.
type SavedAccount struct {
	Name     string            `json:"name"`
	Type     string            `json:"type"`
	Settings map[string]string `json:"settings"`
}

// Warning is something that a plan's readers must know.
type Warning struct {
	Summary     string `json:"summary"`
	Detail      string `json:"detail,omitempty"`
	Place       string `json:"place,omitempty"`        // file and line, from the campaign's directory
	NamesPeople bool   `json:"names_people,omitempty"` // the detail says who people are
}

// Exclusions writes into a saved plan what it takes to read the exclude lists again.
func (s *Saved) Exclusions(c *spec.Campaign) {
	s.With = map[string][]string{}
	var all []spec.Ref
	for _, g := range s.Plan.Groups {
		with, known := peopleOf(c, g.Message.Sequence)
		if !known || !g.Action.Sends() || s.With[g.Message.Sequence] != nil {
			continue
		}
		all = append(all, with...)
		for _, r := range with {
			s.With[g.Message.Sequence] = append(s.With[g.Message.Sequence], string(r.Kind)+" "+r.Name)
		}
	}
	s.Lists = string(c.Lists(all))
}

// Suppress reads the exclude lists again, as they were defined when the plan was made, from the files as they are now. The
// campaign is what spec.LoadLists makes of s.Lists. See Suppress.
func (s *Saved) Suppress(ctx context.Context, lists *spec.Campaign) (*Suppression, hcl.Diagnostics, error) {
	with := map[string][]spec.Ref{}
	for sequence, refs := range s.With {
		for _, text := range refs {
			kind, name, _ := strings.Cut(text, " ")
			with[sequence] = append(with[sequence], spec.Ref{Kind: spec.RefKind(kind), Name: name})
		}
	}
	return suppress(ctx, lists, with)
}
