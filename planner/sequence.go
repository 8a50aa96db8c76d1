package planner

import (
	"github.com/zclconf/go-cty/cty"

	"herald/spec"
	"herald/state"
)

// sequence is one sequence that is planned.
type sequence struct {
	seq      *spec.Sequence
	messages []*message // also those that are not planned, which may stand in the way
	people   string     // whose people: the conversation's refs as text
	uses     *uses
	hours    map[string]*hours // by zone
	anytime  hours             // where nothing hangs on the clock

	entries []state.Entry
	did     []Action             // about each message of the person at hand
	facts   map[string]cty.Value // of messages, as the message at hand names them
	past    []past               // messages that it had before
	skips   bool                 // people who cannot be used are left out
	met     set                  // then, keys of people who are there and whom the ledger knows
	unknown int                  // rows of people of whom not even the key is known
	steps   []pending
	taken   map[takenBy]uint64
	reach   Reach
	edited  *edited // nil when the sequence is what it was
}

// pending is a step that is decided, before it is known which step follows it.
type pending struct {
	Step
	message *message
}

// takenBy is one unique value within this run; the bits are the messages, 64 to a block.
type takenBy struct {
	value [16]byte
	block int
}

// run plans one sequence.
func (m *maker) run(s *sequence) {
	pp := m.people
	pp.begin(s.seq.Conversation.With, func(key string) { m.still(s, key) })
	pp.known = pp.survey(s.seq.Conversation.With, s.uses)
	checked := s.uses.checked()
	for p := range pp.stream(s.seq.Conversation.With, s.uses) {
		if !pp.where(s.seq.Where, p) {
			continue
		}
		s.reach.People++
		if !m.look(s, p.Key) {
			s.reach.Joined++
		}
		switch {
		case !s.means(p.Key):
			m.reached(s, p) // counts for the guard; what is wrong with the person does not matter
		case pp.verify(p, checked):
			m.person(s, p)
		}
		if pp.err != nil {
			return
		}
	}
	s.reach.Dropped, s.unknown = pp.dropped, pp.unknown
	for _, r := range s.messages {
		r.places = nil
	}
	pp.absent(s.uses)
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
