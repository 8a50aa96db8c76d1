package planner

import (
	"time"

	"github.com/hashicorp/hcl/v2"

	"herald/state"
)

// turn asks the clock, and then the message's condition, about a send that nothing stands in the way of, and says so in
// out. What was decided before and is only sent again keeps to the clock all the same, yet has no delay and no condition
// any more. False says that this person cannot have it; that was counted.
func (m *maker) turn(s *sequence, i int, p *Person, w *walk, f facts, out *pending) bool {
	r, delay, h := s.messages[i], time.Duration(0), &s.anytime
	if timed(s.seq) {
		if w.hours == nil {
			var diags hcl.Diagnostics
			if w.hours, diags = m.hoursOf(s); diags.HasErrors() {
				return m.unusable(p, diags)
			}
		}
		h = w.hours
	}
	if out.Action == Send {
		delay = r.msg.After
	}
	v := h.turn(m.in.Now, w, delay)
	switch v.action {
	case Expired:
		out.over(f)
		return true
	case Waits:
		out.wait(v.reason, v.due)
		return true
	}
	out.NotAfter = v.notAfter
	if out.Action == Send && r.msg.When != nil {
		switch met, diags := r.msg.When.Value(m.people.scope); {
		case diags.HasErrors():
			return m.unusable(p, diags)
		case !met.IsKnown():
			out.wait(s.awaited(r.msg.When.Facts()), time.Time{})
			m.want(s, i, p.Key)
			return true
		case met.False():
			out.Action, out.Condition, out.NotAfter = Skip, r.condition, time.Time{}
			return true
		}
	}
	if refs := m.unsaid(r); refs != nil {
		out.wait(s.awaited(refs), time.Time{})
		m.want(s, i, p.Key)
	}
	return true
}

// wait makes a step that would send one that waits.
func (p *pending) wait(reason string, due time.Time) {
	if p.FromDoubt {
		reason = reasonResend + ", " + reason
	}
	p.Action, p.Reason, p.Due, p.NotAfter = Waits, reason, due, time.Time{}
}

// over makes a step that would send what it is when its sequence is over: expired, unless the ledger says more of it than
// that it was not sent. With -replace it is expired in any case, since that is what somebody asked for in vain.
func (p *pending) over(f facts) {
	switch {
	case f.state == state.InDoubt:
		p.Action, p.Reason, p.FromDoubt = InDoubt, reasonOver, false
	case f.state == state.Sent && !f.replace && f.failed:
		p.Action, p.Reason = Failed, reasonFailed
	case f.state == state.Sent && !f.replace:
		p.Action, p.Reason = Kept, reasonOver
	default:
		p.Action, p.Reason = Expired, ""
	}
}

// rehearse makes what waits as if it were sent now, and throws it away: what is wrong with a campaign is to be found
// before its first message leaves, not days later. What hangs on facts that are not known yet cannot be made.
func (m *maker) rehearse(r *message, p *Person, f facts) bool {
	if r.msg.When != nil && (f.state == state.Untried || f.state == state.Skipped) {
		switch met, diags := r.msg.When.Value(m.people.scope); {
		case diags.HasErrors():
			return m.unusable(p, diags)
		case !met.IsKnown(), met.False():
			return true
		}
	}
	if m.unsaid(r) != nil {
		return true
	}
	trial := m.begin(r, p)
	trial.Action = Waits
	return m.render(r, p, &trial)
}
