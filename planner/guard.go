package planner

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"

	"herald/internal/addr"
)

// guardKeys refuses a contacts source whose people are identified by another attribute than before: everybody would be
// somebody new.
func (m *maker) guardKeys() {
	if m.in.AcceptNewKeys {
		return
	}
	for _, name := range sortedNames(m.plan.KeyAttributes) {
		before, known := m.in.View.KeyAttributes[name]
		now := m.plan.KeyAttributes[name]
		if !known || before == now {
			continue
		}
		src := m.in.Campaign.Sources[name]
		m.found.add(hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Another key attribute", Subject: src.KeyRange.Ptr(),
			Detail: fmt.Sprintf("The people of contacts.%s were known by the attribute %s until now, and this says %s. People with other keys are other people: "+
				"everybody would be written to again, and nobody would be recognised in an exclude list. Put the attribute back, or, when the keys themselves are the same, use -accept-new-keys.",
				name, addr.Quote(before), addr.Quote(now))}})
	}
}

// guardPeople forbids a plan in which most people of a message are gone, at least two, and half as many new ones or more
// are there. Who is there and cannot be used is not gone, nor is, as far as can be told, who is in a row without a key.
func (m *maker) guardPeople(s *sequence, r *message) {
	recorded := m.ledger.Recorded(r.addr)
	gone := recorded - r.found - s.unknown
	if m.in.AcceptNewKeys || r.goes == 0 || gone < 2 || 2*gone <= recorded || 2*r.fresh < gone {
		return // with unique_by, nobody may be left to write to again
	}
	m.plan.Forbidden = append(m.plan.Forbidden, Forbidden{Summary: "Most people have changed", Detail: fmt.Sprintf(
		"Of the %s recorded for %s, %s no longer there, and %s. Either their keys have changed, and everyone would be written to again, or a where or a source has, and these are other people. "+
			"Compare the keys with those of the ledger (herald state list). When these really are other people, use -accept-new-keys.",
		count(recorded, "person", "people"), r.addr, count(gone, "is", "are"), count(r.fresh, "new one is", "new ones are"))})
}

// count writes how many there are of something.
func count(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + more
}
