package planner

import (
	"context"
	"sync/atomic"

	"github.com/hashicorp/hcl/v2"

	"herald/internal/addr"
	"herald/spec"
	"herald/state"
)

// Suppression is whom the exclude lists name at one time, later than the plan was made: whoever has joined them since is
// not written to. It is about the steps of that plan, and adds nobody. It is safe for concurrent use.
type Suppression struct {
	hash hasher
	by   map[string][]*exclusion // by sequence, of those that exclude anybody
	left atomic.Int64
}

// Suppress reads the exclude lists of the sequences that a plan sends in, whole and anew. With error diagnostics there is
// no suppression, and then nothing may be sent: a list that cannot be read, or that has a row which cannot be compared,
// might name anybody. The error is that ctx ended.
func Suppress(ctx context.Context, c *spec.Campaign, p *Plan) (*Suppression, hcl.Diagnostics, error) {
	with := map[string][]spec.Ref{}
	var gone hcl.Diagnostics
	for _, g := range p.Groups {
		name := g.Message.Sequence
		if _, done := with[name]; done || !g.Action.Sends() {
			continue
		}
		refs, known := peopleOf(c, name)
		if with[name] = refs; !known {
			gone = append(gone, problem("Unknown sequence", "The plan sends in the sequence %s, which the campaign no longer has, so that nobody can say whom it must not reach. Make a new plan.", addr.Quote(name)))
		}
	}
	if gone.HasErrors() {
		return nil, gone, nil
	}
	return suppress(ctx, c, with)
}

// suppress reads the exclude lists of those whom each sequence is with.
func suppress(ctx context.Context, c *spec.Campaign, with map[string][]spec.Ref) (*Suppression, hcl.Diagnostics, error) {
	found := newFindings()
	pp := newPeople(ctx, c, found)
	s := &Suppression{hash: pp.hash, by: map[string][]*exclusion{}}
	for _, name := range sortedNames(with) {
		s.by[name] = pp.exclusions(with[name])
	}
	if pp.err != nil {
		return nil, nil, pp.err
	}
	diags := found.diagnostics()
	if found.errors {
		return nil, diags, nil
	}
	return s, diags, nil
}

// peopleOf gives whom a sequence is with. Messages with a conversation of their own are with the same people.
func peopleOf(c *spec.Campaign, sequence string) ([]spec.Ref, bool) {
	for _, s := range c.Sequences {
		if s.Name == sequence {
			return s.Conversation.With, true
		}
	}
	return nil, false
}

// any reports whether any list excludes anybody.
func (s *Suppression) any() bool {
	for _, all := range s.by {
		for _, x := range all {
			if len(x.keys)+len(x.emails)+len(x.phones) > 0 {
				return true
			}
		}
	}
	return false
}

// Excludes reports whether a step of the plan must not be carried out any more.
func (s *Suppression) Excludes(step *Step) bool {
	for _, x := range s.by[step.Send.Sequence] {
		if len(x.keys) > 0 && x.keys.has(s.hash.sum(step.Send.Key)) || hasAny(x.emails, step.Person.Emails) || hasAny(x.phones, step.Person.Phones) {
			return true
		}
	}
	return false
}

// hasAny reports whether one of the hashes is in the set, or cannot be compared with what is: nobody knows then.
func hasAny(s set, hashes []state.Hash) bool {
	for _, h := range hashes {
		if s != nil && (h.Version != HashVersion || s.has(placeOf(h))) {
			return true
		}
	}
	return false
}

// Steps passes over the steps that are excluded, and counts them. Whoever is excluded is so with all steps of a sequence,
// so that no step that stays needs one that does not.
func (s *Suppression) Steps(all Steps) Steps {
	if !s.any() {
		return all
	}
	return &allowed{all, s}
}

// Left counts the steps that were passed over so far.
func (s *Suppression) Left() int { return int(s.left.Load()) }

type allowed struct {
	Steps
	by *Suppression
}

// Next gives the next step that is not excluded.
func (a *allowed) Next() (Step, int64, error) {
	for {
		step, ref, err := a.Steps.Next()
		if err != nil || !a.by.Excludes(&step) {
			return step, ref, err
		}
		a.by.left.Add(1)
	}
}
