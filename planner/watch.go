package planner

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"herald/internal/addr"
	"herald/state"
)

// watch looks at a person's steps for what is no error and yet seldom meant.
func (m *maker) watch(s *sequence, p *Person) {
	for i := range s.steps {
		step := &s.steps[i]
		if !step.Action.Sends() {
			continue
		}
		r := step.message
		for j := range r.former {
			r.former[j].look(m.ledger, step)
		}
		if r.places == nil {
			r.places = set{}
		}
		if !r.places.add(placeOf(step.Destination)) {
			m.found.ofPerson(hcl.DiagWarning, "Two keys, one address", "Somebody before gets "+r.addr.String()+
				" at the same address under another key, so that it arrives there more than once. If it is the same person, use one key, or unique_by in the audience.",
				r.msg.DeclRange, p.Key, p.who)
		}
	}
}

// placeOf gives a destination's hash as the members of a set are.
func placeOf(h state.Hash) sum128 {
	var x sum128
	for i, b := range h.Sum {
		x[i/8] = x[i/8]<<8 | uint64(b)
	}
	return x
}

// former is a message that the ledger knows and the campaign no longer has.
type former struct {
	addr              addr.Message
	met, looked, same int
}

// The bounds of the search for a renamed message: people met, and those of them who had the former one.
const (
	renameMet    = 2000
	renameLooked = 200
)

// look compares what the person is to get with what the former message said.
func (f *former) look(known *ledger, step *pending) {
	if f.met++; f.met > renameMet || f.looked >= renameLooked {
		return
	}
	e, recorded := known.Entry(addr.Send{Message: f.addr, Key: step.Send.Key})
	if !recorded || !has(e.Now()) {
		return
	}
	f.looked++
	if e.Content.Version == step.Content.Version && e.Content.Same(step.Content) {
		f.same++
	}
}

// suspect prepares the search for renamed messages: only a message of which the ledger knows nothing can be one.
func (m *maker) suspect() {
	known := map[addr.Message]bool{}
	for _, s := range m.in.Campaign.Sequences {
		for _, msg := range s.Messages {
			known[addr.Message{Sequence: msg.Sequence, Name: msg.Name}] = true
		}
	}
	var gone []former
	for _, name := range m.in.View.Messages() {
		if !known[name] {
			gone = append(gone, former{addr: name})
		}
	}
	for _, s := range m.sequences {
		for _, r := range s.messages {
			if m.ledger.Recorded(r.addr) == 0 {
				r.former = slices.Clone(gone)
			}
		}
	}
}

// renamed warns of a message that most people have already got under a name that is gone.
func (m *maker) renamed(r *message) {
	var best former
	for _, f := range r.former {
		if 2*f.same > f.looked && f.same > best.same {
			best = f
		}
	}
	if best.same == 0 {
		return
	}
	said := m.movedBlock(best.addr, r.addr)
	if m.suggested[said] {
		return // one block renames the whole sequence
	}
	m.suggested[said] = true
	m.found.add(hcl.Diagnostics{{Severity: hcl.DiagWarning, Summary: "Renamed message?", Subject: r.msg.DeclRange.Ptr(), Detail: fmt.Sprintf(
		"Nobody has got %s yet, and %s, which the campaign no longer has, said the same: to %d of the %s who were compared. Under its new name it is a new message, and everybody gets it again. "+
			"If it is the same message, say so with a block:\n\n%s", r.addr, best.addr, best.same, count(best.looked, "person", "people"), said)}})
}
