package planner

import (
	"fmt"
	"strings"

	"herald/internal/addr"
	"herald/spec"
	"herald/state"
)

// edited is a sequence that is not what it was when people were last written to, and how far its people have come.
type edited struct {
	changes []change
	people  []progress // of each change
	was     []stood    // the messages in their order before
	had     []bool     // of was: whether the person at hand has it
}

// stood is a message as it stood in the order before.
type stood struct {
	addr addr.Message
	now  int // its place now, -1 when it is gone
}

// progress counts people: before, at and after a message as Edit has them, and who of them have the message itself.
type progress struct {
	before, at, after int
	have              int
	missed            int // after it, without it
}

// outline notes the messages of every sequence as they are now, also of those that are not planned, and compares the
// planned sequences with what their people have met.
func (m *maker) outline() {
	m.plan.Outlines = map[string][]state.OutlineItem{}
	for _, seq := range m.in.Campaign.Sequences {
		items := make([]state.OutlineItem, 0, len(seq.Messages))
		for _, msg := range seq.Messages {
			items = append(items, state.OutlineItem{Message: msg.Name, Definition: m.digest.definition(msg.Source)})
		}
		m.plan.Outlines[seq.Name] = items
	}
	for _, s := range m.sequences {
		s.edited = m.edited(s.seq.Name)
	}
}

// edited compares a sequence with its last outline; nil when it has not changed, or nobody is recorded in it.
func (m *maker) edited(sequence string) *edited {
	was, now := m.in.View.Outline(sequence), m.plan.Outlines[sequence]
	e, recorded, at := &edited{changes: compareOutlines(was, now)}, 0, placesOf(now)
	for _, item := range was {
		before := stood{addr: addr.Message{Sequence: sequence, Name: item.Message}, now: -1}
		if i, there := at[item.Message]; there {
			before.now = i
		}
		recorded += m.ledger.Recorded(before.addr)
		e.was = append(e.was, before)
	}
	if recorded == 0 || len(e.changes) == 0 {
		return nil
	}
	e.people, e.had = make([]progress, len(e.changes)), make([]bool, len(was))
	return e
}

// met counts one person. The entries of the messages, and which is the last one that the person has, were just looked up.
func (m *maker) met(s *sequence, key string, last int) {
	e := s.edited
	if e == nil {
		return
	}
	lastBefore := -1
	for i, before := range e.was {
		entry := state.Entry{}
		if before.now >= 0 {
			entry = s.entries[before.now]
		} else {
			entry, _ = m.ledger.Entry(addr.Send{Message: before.addr, Key: key})
		}
		if e.had[i] = has(entry.Now()); e.had[i] {
			lastBefore = i
		}
	}
	for i, c := range e.changes {
		if c.kind == Removed {
			e.people[i].count(c.place, lastBefore, e.had[c.place])
		} else {
			e.people[i].count(c.place, last, has(s.entries[c.place].Now()))
		}
	}
}

func (p *progress) count(place, last int, has bool) {
	switch {
	case last < place:
		p.before++
	case last == place:
		p.at++
	default:
		p.after++
		if !has {
			p.missed++
		}
	}
	if has {
		p.have++
	}
}

// edits adds what was done to a sequence to the plan.
func (m *maker) edits(s *sequence) {
	if s.edited == nil {
		return
	}
	for i, c := range s.edited.changes {
		p := s.edited.people[i]
		m.plan.Edits = append(m.plan.Edits, Edit{Message: addr.Message{Sequence: s.seq.Name, Name: c.name}, Kind: c.kind,
			Before: p.before, At: p.at, After: p.after, Effect: p.effect(c.kind, s.seq.OnChange)})
	}
}

// effect says what an edit means to the people of its sequence; what it means to nobody is left out.
func (p *progress) effect(kind EditKind, onChange spec.OnChange) string {
	var parts []string
	say := func(n int, before, one, more string) {
		if n > 0 {
			parts = append(parts, before+count(n, one, more))
		}
	}
	how := ""
	switch kind {
	case Changed:
		if how = fmt.Sprintf("on_change = %s: ", onChange); onChange == spec.Resend {
			say(p.have, "", "gets it again where its text has changed", "get it again where its text has changed")
		} else {
			say(p.have, "", "keeps what was sent", "keep what was sent")
		}
		say(p.missed, "never sent to the ", "who is past it", "who are past it")
		say(p.before, "", "gets the new one", "get the new one")
	case Inserted:
		say(p.have, "", "has it from before", "have it from before")
		say(p.missed, "never sent to the ", "who is past it", "who are past it")
		say(p.before, "", "gets it", "get it")
	case Removed:
		say(p.have, "", "had it", "had it")
		say(p.before, "", "will not get it", "will not get it")
	case Reordered:
		say(p.have, "", "has it", "have it")
		say(p.missed, "never sent to the ", "who is past its new place", "who are past its new place")
		say(p.before, "", "gets it at its new place", "get it at its new place")
	}
	if len(parts) == 0 {
		parts = append(parts, "nobody is in the sequence now")
	}
	return how + strings.Join(parts, "; ")
}
