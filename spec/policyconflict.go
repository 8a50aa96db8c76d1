package spec

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
)

// conflicts finds rules that can never both be meant. Of two rules the one that stands later in the files is reported;
// the error names the other one's place.
func conflicts(policies []*Policy) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for i, p := range policies {
		for _, q := range policies[i:] {
			if !p.overlaps(q) {
				continue
			}
			diags = append(diags, starved(p, q)...)
			if p == q {
				continue
			}
			diags = append(diags, starved(q, p)...)
			diags = append(diags, p.doubled(q)...)
			diags = append(diags, idle(p, q)...)
		}
	}
	return diags
}

// overlaps reports whether both cover some sequence.
func (p *Policy) overlaps(q *Policy) bool {
	return p.Sequences == nil || q.Sequences == nil || slices.ContainsFunc(p.Sequences, q.Covers)
}

// within reports whether q covers all that p does.
func (p *Policy) within(q *Policy) bool {
	if p.Sequences == nil || q.Sequences == nil {
		return q.Sequences == nil
	}
	return !slices.ContainsFunc(p.Sequences, func(name string) bool { return !q.Covers(name) })
}

// rule names one rule of a policy for people, with its place.
func (p *Policy) rule(name string) string {
	return fmt.Sprintf("%s of policy %s (%s)", name, p.Name, p.Ranges[name])
}

// conflict is the error for two rules; the one that stands later is the guilty one.
func conflict(p *Policy, pRule string, q *Policy, qRule, format string, args ...any) *hcl.Diagnostic {
	a, b := p.Ranges[pRule], q.Ranges[qRule]
	if comparePlaces(a, b) < 0 {
		a = b
	}
	return problem(a, "Policies contradict each other", "%s and %s: %s", p.rule(pRule), q.rule(qRule), fmt.Sprintf(format, args...))
}

// starved finds a first wave that is larger than what a plan may send of all the sequences that it is about. To allow no
// sends at all is to stop them for a time, which goes with everything.
func starved(p, q *Policy) hcl.Diagnostics {
	if p.Canary == nil || q.MaxSends <= 0 || p.Canary.Size <= q.MaxSends || !p.within(q) {
		return nil
	}
	return hcl.Diagnostics{conflict(p, ruleCanary, q, ruleMaxSends,
		"a first wave of %d people never fits into a plan of at most %d sends. Make the wave smaller, or allow more sends.", p.Canary.Size, q.MaxSends)}
}

// doubled finds rules of which a sequence can have one only.
func (p *Policy) doubled(q *Policy) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, r := range []struct {
		name  string
		twice bool
		why   string
	}{
		{ruleCanary, p.Canary != nil && q.Canary != nil, "a sequence has one first wave only"},
		{ruleMaxFailureRate, p.MaxFailureRate >= 0 && q.MaxFailureRate >= 0, "a sequence has one rate only at which it stops"},
		{ruleMaxSends, p.MaxSends >= 0 && q.MaxSends >= 0 && (p.MaxSends == 0) == (q.MaxSends == 0) && p.within(q) && q.within(p), "both are about the same sequences, so the larger number means nothing"},
	} {
		if r.twice {
			diags = append(diags, conflict(p, r.name, q, r.name, "%s. %s", r.why, p.shared(q)))
		}
	}
	return diags
}

// shared says which sequences both cover, and what to do about it.
func (p *Policy) shared(q *Policy) string {
	var both []string
	for _, name := range append(slices.Clone(p.Sequences), q.Sequences...) {
		if p.Covers(name) && q.Covers(name) {
			both = append(both, name)
		}
	}
	if len(both) == 0 {
		return "Both cover all sequences. Remove one of the two, or say with sequences which ones it is about."
	}
	return "Both cover " + listed(sorted(both)) + ". Remove one of the two, or let them cover different sequences."
}

// idle finds a limit per person that another one makes meaningless: in as long a time or a longer one, it allows as
// few messages or fewer, of the same sequences or more.
func idle(p, q *Policy) hcl.Diagnostics {
	a, b := p.MaxPerContact, q.MaxPerContact
	if a == nil || b == nil || a.Per <= 0 || b.Per <= 0 {
		return nil
	}
	if !(p.within(q) && b.Per >= a.Per && b.Count <= a.Count) {
		p, q, a, b = q, p, b, a
		if !(p.within(q) && b.Per >= a.Per && b.Count <= a.Count) {
			return nil
		}
	}
	return hcl.Diagnostics{conflict(p, ruleMaxPerContact, q, ruleMaxPerContact,
		"whoever gets at most %d in %s never gets more than %d in %s, so that the limit of %s means nothing. Remove one of the two, or mend a number.",
		b.Count, FormatDuration(b.Per), a.Count, FormatDuration(a.Per), p.Name)}
}
