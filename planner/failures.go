package planner

import (
	"fmt"
	"slices"

	"herald/spec"
	"herald/state"
)

// leastTried is how many messages a failure rate is taken of at least: of the first few, one that fails says nothing.
const leastTried = 20

// health is what the steps of one sequence say of the messages before.
type health struct {
	refused int // and nothing has changed since
	failed  int // sent, and the provider gave up delivering it
	sent    int // and not known to have failed
}

// tally counts a person's steps. What is tried again after it was refused is no failure any more: it was mended.
func (ps *policies) tally(s *sequence) {
	h := ps.health[s.seq.Name]
	if h == nil {
		h = &health{}
		ps.health[s.seq.Name] = h
	}
	for i := range s.steps {
		switch step := &s.steps[i]; step.Action {
		case Refused:
			h.refused++
		case Failed:
			h.failed++
		case Unchanged, Kept:
			h.sent++
		case Resend:
			if s.entries[step.message.place].State == state.Sent {
				h.sent++
			}
		}
	}
}

// FailureRate is how many of the messages that a policy covers have failed, before the run that a plan is for.
type FailureRate struct {
	Policy          string   // name
	Sequences       []string // that it covers; nil for all
	Max             float64
	Failures, Tried int
}

// Covers reports whether a sequence's messages count.
func (r FailureRate) Covers(sequence string) bool {
	return r.Sequences == nil || slices.Contains(r.Sequences, sequence)
}

// Exceeded reports whether more have failed than is allowed. Of fewer than twenty the share is taken as of twenty.
func (r FailureRate) Exceeded() bool {
	const rounding = 1e-9 // of the product, which may come out a little below a whole number
	return float64(r.Failures) > r.Max*float64(max(r.Tried, leastTried))+rounding
}

// covered adds up the health of the sequences that p covers.
func (ps *policies) covered(p *spec.Policy) (h health) {
	for name, of := range ps.health {
		if p.Covers(name) {
			h.refused, h.failed, h.sent = h.refused+of.refused, h.failed+of.failed, h.sent+of.sent
		}
	}
	return h
}

// rate gives the failure rate that p bounds.
func (h health) rate(p *spec.Policy) FailureRate {
	failures := h.refused + h.failed
	return FailureRate{Policy: p.Name, Sequences: p.Sequences, Max: p.MaxFailureRate, Failures: failures, Tried: failures + h.sent}
}

// tooManyFailures reports whether more of the messages of the sequences that p covers have failed than it allows.
func (ps *policies) tooManyFailures(p *spec.Policy) (Forbidden, bool) {
	h := ps.covered(p)
	r := h.rate(p)
	if !r.Exceeded() {
		return Forbidden{}, false
	}
	failures, tried := r.Failures, r.Tried
	rate := percent(float64(failures) / float64(max(tried, leastTried)))
	if tried < leastTried {
		rate += fmt.Sprintf(", fewer than %d being counted as %d", leastTried, leastTried)
	}
	return Forbidden{Summary: "Too many failures", Detail: fmt.Sprintf(
		"policy.%s allows %s of the messages%s to fail; of the %s so far, %s: %s refused, %s not delivered (%s). "+
			"Find out why, and mend it: what is refused is tried again when its content or address changes, or with -replace. Or raise max_failure_rate.",
		p.Name, percent(p.MaxFailureRate), coveredBy(p), thousands(tried), count(failures, "has failed", "have failed"), thousands(h.refused), thousands(h.failed), rate)}, true
}

// percent writes a share.
func percent(share float64) string { return fmt.Sprintf("%.3g %%", 100*share) }
