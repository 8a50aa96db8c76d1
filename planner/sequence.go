package planner

import (
	"herald/spec"
	"herald/state"
)

// sequence is one sequence that is planned.
type sequence struct {
	seq      *spec.Sequence
	messages []*message // also those that are not planned, which may stand in the way
	people   string     // whose people: the conversation's refs as text
	uses     *uses

	entries []state.Entry
	present []bool // whether the person gets the message at all
	steps   []pending
	taken   map[takenBy]uint64
	reach   Reach
}

// pending is a step that is decided, before it is known which step follows it.
type pending struct {
	Step
	message *message
	text    string // what the person would read, when it is asked for
}

// takenBy is one unique value within this run; the bits are the messages, 64 to a block.
type takenBy struct {
	value [16]byte
	block int
}

// run plans one sequence.
func (m *maker) run(s *sequence) {
	for _, r := range s.messages {
		if other := r.msg.Conversation; signature(other.With) != s.people {
			if r.only = m.keysOf(other); m.people.err != nil {
				return
			}
		}
	}
	m.found.begin()
	pp := m.people
	pp.dropped = 0
	pp.known = pp.survey(s.seq.Conversation.With, s.uses, nil)
	checked := s.uses.checked()
	for p := range pp.stream(s.seq.Conversation.With, "conversation."+s.seq.Conversation.Name, s.uses) {
		if !pp.where(s.seq.Where, p) {
			continue
		}
		s.reach.People++
		switch {
		case !s.means(p.Key):
			m.look(s, p) // counts for the guard; what is wrong with the person does not matter
		case pp.verify(p, checked):
			m.person(s, p)
		}
		if pp.err != nil {
			return
		}
	}
	s.reach.Dropped = pp.dropped
	pp.absent(s.uses)
}

// keysOf gives the keys of a conversation's people.
func (m *maker) keysOf(c *spec.Conversation) set {
	name := signature(c.With)
	if keys, ok := m.only[name]; ok {
		return keys
	}
	keys := set{}
	m.only[name] = keys
	u := newUses()
	m.found.begin()
	m.people.known = m.people.survey(c.With, u, nil)
	for p := range m.people.stream(c.With, "conversation."+c.Name, u) {
		keys.add(m.people.hash.sum(p.Key))
	}
	m.people.absent(u)
	return keys
}

// means reports whether any send to key is planned.
func (s *sequence) means(key string) bool {
	for _, r := range s.messages {
		if r.choice.means(key) {
			return true
		}
	}
	return false
}
