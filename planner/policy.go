package planner

import (
	"fmt"
	"strings"

	"herald/spec"
)

// policies is what one planning counts for the campaign's policies. A plan that breaks one is made and shown all the
// same: that it is forbidden is said when it is whole.
type policies struct {
	contacts []*perContact        // of those that have max_per_contact
	rates    bool                 // some have max_failure_rate
	health   map[string]*health   // by sequence
	canaries bool                 // some have a canary
	waves    map[*message][]*wave // of messages that were met
}

func newPolicies(in *Input) *policies {
	ps := &policies{health: map[string]*health{}, waves: map[*message][]*wave{}}
	for _, p := range in.Campaign.Policies {
		if p.MaxPerContact != nil {
			ps.contacts = append(ps.contacts, newPerContact(p, in))
		}
		ps.rates = ps.rates || p.MaxFailureRate >= 0
		ps.canaries = ps.canaries || p.Canary != nil
	}
	return ps
}

// comply looks at what was decided for one person: it counts what failed, and holds back what waits for a canary.
func (m *maker) comply(s *sequence) {
	if m.policies.rates {
		m.policies.tally(s)
	}
	if m.policies.canaries {
		m.hold(s)
	}
}

// forbid says which policies the plan breaks, in the order of their names. It is asked when the groups are made.
func (m *maker) forbid() {
	contacts := m.policies.contacts
	for _, p := range m.in.Campaign.Policies {
		sends := m.plan.sendsOf(p)
		if p.MaxSends >= 0 && sends > p.MaxSends {
			m.plan.Forbidden = append(m.plan.Forbidden, tooManySends(p, sends))
		}
		if p.MaxPerContact != nil {
			if f, over := contacts[0].forbidden(); over {
				m.plan.Forbidden = append(m.plan.Forbidden, f)
			}
			contacts = contacts[1:]
		}
		if p.MaxFailureRate >= 0 && sends > 0 {
			m.plan.Rates = append(m.plan.Rates, m.policies.covered(p).rate(p))
			if f, over := m.policies.tooManyFailures(p); over {
				m.plan.Forbidden = append(m.plan.Forbidden, f)
			}
		}
	}
}

// sendsOf counts the requests of the sequences that a policy covers.
func (p *Plan) sendsOf(policy *spec.Policy) int {
	n := 0
	for _, g := range p.Groups {
		if g.Action.Sends() && policy.Covers(g.Message.Sequence) {
			n += g.Count
		}
	}
	return n
}

func tooManySends(p *spec.Policy, sends int) Forbidden {
	if p.MaxSends == 0 {
		return Forbidden{Summary: "Too many sends", Detail: fmt.Sprintf(
			"policy.%s stops all sends%s; this plan has %s. Remove its max_sends when they may go on, or plan others with -target.",
			p.Name, coveredBy(p), thousands(sends))}
	}
	return Forbidden{Summary: "Too many sends", Detail: fmt.Sprintf(
		"policy.%s allows %s a run%s; this plan has %s, %s too many. Send in parts with -limit=%d, plan less with -target, or raise max_sends.",
		p.Name, count(p.MaxSends, "send", "sends"), coveredBy(p), thousands(sends), thousands(sends-p.MaxSends), p.MaxSends)}
}

// coveredBy says which sequences a policy is about, "" for all.
func coveredBy(p *spec.Policy) string {
	const most = 5
	switch {
	case p.Sequences == nil:
		return ""
	case len(p.Sequences) > most:
		return " of " + strings.Join(p.Sequences[:most], ", ") + fmt.Sprintf(" and %d more sequences", len(p.Sequences)-most)
	}
	return " of " + strings.Join(p.Sequences, ", ")
}
