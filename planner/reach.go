package planner

import (
	"herald/internal/addr"
	"herald/spec"
	"herald/state"
)

// past is a message of a planned sequence that the ledger knows and the campaign no longer has.
type past struct {
	addr  addr.Message
	found int  // people of the campaign whom the ledger knows for it
	has   bool // the person at hand
}

// pasts gives the messages that a sequence had before.
func (m *maker) pasts(s *sequence) (all []past) {
	known := map[addr.Message]bool{}
	for _, r := range s.messages {
		known[r.addr] = true
	}
	for _, name := range m.in.View.Messages() {
		if name.Sequence == s.seq.Name && !known[name] {
			all = append(all, past{addr: name})
		}
	}
	return all
}

// skips reports whether any of the sources that refs read leaves out people who cannot be used. Without one, a single row
// that is no good ends the plan, and nobody counts who is there.
func (pp *people) skips(refs []spec.Ref) bool {
	for _, ref := range pp.leaves(refs) {
		if ref.Kind == spec.RefContacts && pp.campaign.Sources[ref.Name].Skip {
			return true
		}
	}
	return false
}

// look asks the ledger about all messages of a person at once, and notes that the person is there. It reports whether the
// ledger has anything at all of the person in the sequence.
func (m *maker) look(s *sequence, key string) (known bool) {
	s.entries = s.entries[:0]
	for _, r := range s.messages {
		e, _ := m.ledger.Entry(addr.Send{Message: r.addr, Key: key})
		s.entries = append(s.entries, e)
		known = known || e.Now() != state.Untried
	}
	for i := range s.past {
		p := &s.past[i]
		_, p.has = m.ledger.Entry(addr.Send{Message: p.addr, Key: key})
		known = known || p.has
	}
	if !known || s.skips && !s.met.add(m.people.hash.sum(key)) {
		return known // somebody counts once, also with a row that can be used and others that cannot
	}
	for i, r := range s.messages {
		if s.entries[i].Now() != state.Untried {
			r.found++
		}
	}
	for i := range s.past {
		if s.past[i].has {
			s.past[i].found++
		}
	}
	return true
}

// still notes somebody who is there though nothing can be sent: nobody must take the person for gone.
func (m *maker) still(s *sequence, key string) {
	if s.skips {
		m.look(s, key)
	}
}

// left gives how many people the ledger knows in a sequence who are no longer there. The ledger counts people by message
// only, so it is the greatest number that a message has. That is too few where some have left with one message and others
// with another; messages come one after the other, so that it seldom happens.
func (m *maker) left(s *sequence) (n int) {
	for _, r := range s.messages {
		n = max(n, m.ledger.Recorded(r.addr)-r.found)
	}
	for _, p := range s.past {
		n = max(n, m.ledger.Recorded(p.addr)-p.found)
	}
	return n
}
