package planner

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"herald/internal/addr"
	"herald/spec"
	"herald/state"
)

// SavedVersion is the version of what a saved plan holds.
const SavedVersion = 1

// Saved is a plan as a file keeps it, beside the steps that send. It holds no secrets.
type Saved struct {
	FormatVersion int       `json:"format_version"`
	Herald        string    `json:"herald"`
	Created       time.Time `json:"created"`
	NotAfter      time.Time `json:"not_after"`
	Sandbox       bool      `json:"sandbox"`
	Configuration string    `json:"configuration"` // SHA-256 over the campaign's files, in hex
	Lineage       string    `json:"lineage"`
	Serial        int64     `json:"serial"`

	Accounts []SavedAccount      `json:"accounts"`
	Lists    string              `json:"lists"` // HCL: of those who are excluded, and of all that it takes to read them again
	With     map[string][]string `json:"with"`  // by sequence that sends: whose people it has
	Assumed  []string            `json:"assumed,omitempty"`
	Skipped  []SavedSkip         `json:"skipped,omitempty"`
	Rests    []Rest              `json:"rests,omitempty"`
	Warnings []Warning           `json:"warnings,omitempty"` // that were shown when it was made
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

// SavedSkip is a message whose condition was false.
type SavedSkip struct {
	Send       string     `json:"send"`
	Account    string     `json:"account"`
	Condition  state.Hash `json:"condition"`
	Definition state.Hash `json:"definition"`
}

// Rest is what a step of the plan rests on beside the ledger: what had become of an earlier message by then.
type Rest struct {
	Send    string `json:"send"`    // of the step
	Message string `json:"message"` // of the same sequence and person
	Fate    string `json:"fate"`    // see FateOf
}

// FateOf writes what became of a message, so that it can be told whether more has since. It holds no words of people.
func FateOf(r state.Receipt) string {
	var parts []string
	for _, fact := range []struct {
		name string
		at   time.Time
	}{{"delivered", r.Delivered}, {"read", r.Read}, {"failed", r.Failed}, {"replied", r.Replied}} {
		if !fact.at.IsZero() {
			parts = append(parts, fact.name)
		}
	}
	if !r.Replied.IsZero() {
		sum := sha256.Sum256([]byte(r.Reply))
		parts = append(parts, hex.EncodeToString(sum[:16]))
	}
	return strings.Join(parts, " ")
}

// rests notes what a step of message i rests on.
func (m *maker) rests(s *sequence, i int, send addr.Send) {
	if m.in.Rests == nil {
		return
	}
	r := s.messages[i]
	for _, earlier := range s.messages[:i] {
		if r.knows.names[earlier.msg.Name] {
			of := addr.Send{Message: earlier.addr, Key: send.Key}
			m.in.Rests(Rest{Send: send.String(), Message: earlier.msg.Name, Fate: FateOf(m.ledger.Receipt(of))})
		}
	}
}

// Moved gives the sends that rest on something else than it is now, by what the ledger says, with what was read since it was.
func (s *Saved) Moved(view *state.View, read map[addr.Send]state.Receipt) (map[addr.Send]bool, error) {
	for _, m := range s.Plan.Moves { // the plan has the campaign's names
		view, _, _ = view.Renamed(m.From, m.To)
	}
	moved := map[addr.Send]bool{}
	for _, r := range s.Rests {
		send, err := addr.ParseSend(r.Send)
		if err != nil {
			return nil, fmt.Errorf("the plan rests on a send that is none: %w", err)
		}
		of := send
		of.Name = r.Message
		now, _ := view.Receipt(of)
		if FateOf(now.With(read[of])) != r.Fate {
			moved[send] = true
		}
	}
	return moved, nil
}

// Named gives the sends that the plan's steps rest on.
func (s *Saved) Named() (map[addr.Send]bool, error) {
	named := map[addr.Send]bool{}
	for _, r := range s.Rests {
		send, err := addr.ParseSend(r.Send)
		if err != nil {
			return nil, fmt.Errorf("the plan rests on a send that is none: %w", err)
		}
		send.Name = r.Message
		named[send] = true
	}
	return named, nil
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
