package planner

import (
	"encoding/hex"
	"slices"
	"time"

	"herald/internal/addr"
	"herald/providers"
	"herald/state"
)

// hand counts a person's steps and hands them on.
func (m *maker) hand(s *sequence, p *Person) {
	previous, unsent := -1, -1
	for i := range s.steps {
		step := &s.steps[i]
		delete(m.doubt, step.Send) // it was met, whatever becomes of it
		if !step.Action.Sends() {
			if unsent >= 0 {
				step.behind(s.steps[unsent].Send.Message)
			}
			continue
		}
		step.message.goes++
		if m.in.Limit >= 0 && m.sends >= m.in.Limit {
			step.Action, unsent = "", i
			m.plan.Unsent++
			continue
		}
		m.sends++
		if previous >= 0 {
			before := &s.steps[previous]
			before.Leads = true
			step.Needs = Need{Message: before.Send.Name, Account: before.Account}
		}
		previous = i
	}
	for i := range s.steps {
		if step := &s.steps[i]; step.Action != "" && m.people.err == nil {
			if step.Action.Sends() || step.Action == Skip {
				m.rests(s, step.message.place, step.Send)
			}
			m.emit(step, p)
		}
	}
}

// behind takes back what rested on a message going out in this plan, which does not.
func (p *pending) behind(before addr.Message) {
	switch p.Action {
	case Skip: // it is decided when it is due
		p.Action, p.Reason, p.Condition = Waits, following(before, 0), state.Hash{}
	case Waits:
		p.Due = time.Time{}
	}
}

// emit counts one step of the person at hand and gives it to the sink.
func (m *maker) emit(step *pending, p *Person) {
	r := step.message
	m.plan.Counts[step.Action]++
	switch {
	case step.Action.Sends():
		m.approve(&step.Step)
		step.line = m.line
		m.lane(r).Sends++
		m.policies.count(m.people.hash, step.Send)
	case step.Action == Skip:
		m.approve(&step.Step)
	case step.Action == Waits && !step.Due.IsZero() && (m.plan.Next.IsZero() || step.Due.Before(m.plan.Next)):
		m.plan.Next = step.Due
	case step.Action == Assume:
		taken := step.Step
		taken.Request = providers.Request{} // none is made
		m.approve(&taken)
	}
	if step.Action != Unchanged {
		g := r.group(step.Action, step.Reason)
		if g == nil {
			g = &group{Group: Group{Message: r.addr, Account: r.account, Provider: r.Facts.Type, Verb: r.Facts.Verb, Action: step.Action, Reason: step.Reason}}
			if m.in.Contents && step.Action.Sends() {
				g.out = newStandouts(r)
			}
			r.groups = append(r.groups, g)
		}
		g.Count++
		if !step.Due.IsZero() && (g.Due.IsZero() || step.Due.Before(g.Due)) {
			g.Due = step.Due
		}
		if len(g.Samples) < m.samples(step.Action) {
			g.Samples = append(g.Samples, m.sample(step))
		}
		if g.out != nil {
			g.out.look(g.Count-1, r, p, func() Sample { return m.sample(step) })
		}
	}
	if err := m.sink(&step.Step); err != nil {
		m.people.err = err
	}
}

// approve adds a step to what the plan's digest covers.
func (m *maker) approve(s *Step) {
	m.line = appendLine(m.line[:0], s)
	m.sum.Write(m.line)
	m.sum.Write([]byte{'\n'})
}

// sample draws a step of the person at hand, whose content its message still holds.
func (m *maker) sample(step *pending) Sample {
	out := Sample{Send: step.Send}
	switch {
	case step.Action == Waits:
		out.At = step.Due
	case step.Action == InDoubt || step.Action == Assume || step.FromDoubt:
		out.At = m.ledger.attempts[step.Send].At
	}
	if step.Action.Sends() || step.Action == Waits && m.foretold(step.message) {
		out.Text = reads(&step.message.content)
		if m.in.Contents {
			out.Content = copied(&step.message.content)
		}
	}
	return out
}

// foretold makes what a message that waits would say to the person at hand, for those who review it now. Of one that hangs
// on what becomes of earlier messages nobody knows.
func (m *maker) foretold(r *message) bool {
	if !m.in.Contents || len(r.knows.saying) > 0 {
		return false
	}
	_, diags := r.say(m.people.scope, &m.digest)
	return !diags.HasErrors()
}

func (m *maker) samples(a Action) int {
	if a == InDoubt || a == Assume || a == Refused || a == Failed {
		return max(m.in.Samples, shown)
	}
	return m.in.Samples
}

// group is one that is being gathered.
type group struct {
	Group
	out *standouts // nil when nobody wants to know
}

func (m *message) group(a Action, reason string) *group {
	for _, g := range m.groups {
		if g.Action == a && g.Reason == reason {
			return g
		}
	}
	return nil
}

func (m *maker) lane(r *message) *Lane {
	l, ok := m.lanes[r.account]
	if !ok {
		limits := r.msg.Conversation.Account.Limits
		l = &Lane{Account: r.account, Provider: r.Facts.Type, Verb: r.Facts.Verb, Requests: limits.Requests, Per: limits.Per}
		m.lanes[r.account] = l
	}
	return l
}

// finish makes the plan's totals.
func (m *maker) finish() {
	m.gone()
	p := m.plan
	p.Digest = hex.EncodeToString(m.sum.Sum(nil))
	p.LeftOut, p.Overlaps = m.found.totals()
	for _, s := range m.sequences {
		s.reach.Left = m.left(s)
		for _, r := range s.messages {
			if !r.choice.any() {
				continue
			}
			m.guardPeople(s, r)
			m.renamed(r)
			m.found.add(r.choice.unmet("-target", r.addr))
			m.found.add(r.replace.unmet("-replace", r.addr))
			slices.SortStableFunc(r.groups, func(a, b *group) int { return a.Action.order() - b.Action.order() })
			for _, g := range r.groups {
				if g.out != nil {
					g.Samples = g.out.join(g.Samples)
				}
				p.Groups = append(p.Groups, g.Group)
			}
			if l, ok := m.lanes[r.account]; ok {
				l.Takes = takes(l.Sends, r.msg.Conversation.Account.Limits)
			}
		}
		p.Left += s.reach.Left
		m.edits(s)
		p.Reach = append(p.Reach, s.reach)
	}
	p.Groups = append(p.Groups, m.strayed()...)
	for _, name := range sortedNames(m.lanes) {
		p.Lanes = append(p.Lanes, *m.lanes[name])
	}
	p.Unusual = unusual(p.Sends(), m.in.Runs)
	m.forbid()
	m.names.record(p)
}
