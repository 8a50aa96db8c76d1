package planner

import (
	"github.com/hashicorp/hcl/v2"

	"herald/internal/addr"
	"herald/providers"
	"herald/spec"
	"herald/state"
)

// person decides about all messages of a sequence to one person.
func (m *maker) person(s *sequence, p *Person) {
	w := walk{last: m.reached(s, p)}
	s.steps, s.did = s.steps[:0], s.did[:0]
	usable, left := true, false
	for i, r := range s.messages {
		now, overtaken := s.entries[i].Now(), i < w.last
		if !has(now) && m.taken(s, i, p) {
			if r.choice.has(p.Key) && !left {
				left = true
				m.found.leftOut(LeftUnique, "audience."+p.audience, p.who)
			}
			s.did = append(s.did, Passed)
			continue
		}
		if !r.choice.has(p.Key) {
			did := m.apart(r, p.Key, s.entries[i], overtaken)
			s.did = append(s.did, did)
			w.pass(r.addr, s.entries[i], did, m.in.Now)
			continue
		}
		if r.broken {
			s.did = append(s.did, Blocked)
			continue
		}
		step, good := m.step(s, i, p, &w, facts{state: now, later: overtaken, blocker: w.way, resend: s.seq.OnChange == spec.Resend,
			onDoubt: s.seq.OnDoubt, replace: r.replace.has(p.Key)})
		if !good {
			if usable = false; p.skip {
				return // it was counted, once
			}
			s.did = append(s.did, Blocked)
			continue
		}
		s.steps = append(s.steps, step)
		s.did = append(s.did, step.Action)
		w.pass(r.addr, s.entries[i], step.Action, m.in.Now)
	}
	if !left || w.last >= 0 { // whom another one stands for is not in the sequence
		m.met(s, p.Key, w.last)
	}
	if usable && !m.found.errors {
		m.comply(s)
		m.watch(s, p)
		m.take(s, p)
		m.hand(s, p)
	}
}

// reached gives the index of the last message that a person has who was just looked up, -1 for none, and counts those behind
// it as new.
func (m *maker) reached(s *sequence, p *Person) (last int) {
	last = -1
	for i, r := range s.messages {
		if e := s.entries[i]; has(e.Now()) || e.State == state.Sent {
			last = i
		} else if e.State == state.Refused {
			if _, sent := m.ledger.SentBefore(addr.Send{Message: r.addr, Key: p.Key}); sent {
				last = i
			}
		}
	}
	for i, r := range s.messages {
		if s.entries[i].Now() == state.Untried && i > last {
			r.fresh++
		}
	}
	return last
}

// step evaluates as much of one message as its decision needs, and renders it when it is sent. False says that this
// person cannot have it; that was counted.
func (m *maker) step(s *sequence, i int, p *Person, w *walk, f facts) (pending, bool) {
	r, e := s.messages[i], s.entries[i]
	out := m.begin(r, p)
	if len(r.knows.refs) > 0 {
		m.recall(s, i, p.Key)
	}
	if diags := m.compare(r, e, &f, &out.Step); diags.HasErrors() {
		return out, m.unusable(p, diags)
	}
	out.Action, out.Reason = decide(f)
	out.FromDoubt = f.state == state.InDoubt && out.Action == Resend
	if out.Action.Sends() && !m.turn(s, i, p, w, f, &out) {
		return out, false
	}
	switch {
	case out.Action == Waits:
		return out, m.rehearse(r, p, f)
	case !out.Action.Sends():
		return out, true
	}
	if !m.render(r, p, &out) {
		return out, false
	}
	out.Person = m.people.hashes(p)
	return out, true
}

func (m *maker) begin(r *message, p *Person) pending {
	return pending{message: r, Step: Step{Send: addr.Send{Message: r.addr, Key: p.Key}, Account: r.account,
		Definition: r.definition, Unique: p.unique}}
}

// compare finds out how a message is to what the ledger has of it. Where what it would say now is not known, nothing is
// known to have changed.
func (m *maker) compare(r *message, e state.Entry, f *facts, out *Step) (diags hcl.Diagnostics) {
	content, destination := f.needs()
	switch {
	case content && m.unsaid(r) != nil:
		f.content = true
	case content:
		if out.Content, diags = r.say(m.people.scope, &m.digest); diags.HasErrors() {
			return diags
		}
		f.content = e.Content.Same(out.Content)
		if before, sent := m.ledger.SentBefore(out.Send); sent && f.state == state.Refused {
			f.before = before.Same(out.Content)
		}
	}
	if destination {
		if out.Destination, diags = r.reach(m.people.scope, &m.digest); diags.HasErrors() {
			return diags
		}
		f.destination = e.Destination.Same(out.Destination)
	}
	switch f.state {
	case state.Sent:
		f.failed = !m.ledger.Receipt(out.Send).Failed.IsZero()
	case state.Skipped:
		f.condition = r.skippedBy(e)
	case state.InDoubt:
		f.changed = m.again(r, out)
	}
	return nil
}

// render makes the request, of what compare has not evaluated yet too. False says that it cannot be made.
func (m *maker) render(r *message, p *Person, out *pending) bool {
	var diags hcl.Diagnostics
	if out.Content.IsZero() {
		if out.Content, diags = r.say(m.people.scope, &m.digest); diags.HasErrors() {
			return m.unusable(p, diags)
		}
	}
	if out.Destination.IsZero() {
		if out.Destination, diags = r.reach(m.people.scope, &m.digest); diags.HasErrors() {
			return m.unusable(p, diags)
		}
	}
	request, problems, diags := r.render(m.people.scope)
	if diags.HasErrors() {
		return m.unusable(p, diags)
	}
	if len(problems) > 0 && !m.problems(r, p, problems) {
		return false
	}
	out.Request = request
	return true
}

func (m *maker) unusable(p *Person, diags hcl.Diagnostics) bool {
	m.people.unusable(p, diags)
	return false
}

// problems takes what a provider said of one rendering, and reports whether it can be sent all the same.
func (m *maker) problems(r *message, p *Person, problems []providers.Problem) bool {
	failed := providers.Failed(problems)
	var diags hcl.Diagnostics
	for _, problem := range problems {
		at, varies := r.at(problem)
		switch {
		case !problem.Warning:
			diags = append(diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: problem.Summary, Detail: problem.Detail, Subject: at.Ptr()})
		case varies && !r.warned[problem]: // what is the same for everyone was said once, before
			m.found.ofPerson(hcl.DiagWarning, problem.Summary, problem.Detail, at, p.Key, p.who)
		}
	}
	if failed {
		m.people.unusable(p, diags)
	}
	return !failed
}

// taken reports whether somebody else has, or gets in this run, message i under the person's unique value.
func (m *maker) taken(s *sequence, i int, p *Person) bool {
	if p.unique.IsZero() {
		return false
	}
	return s.taken[takenBy{p.unique.Sum, i / 64}]&(1<<(i%64)) != 0 ||
		m.ledger.UniqueUsed(addr.Send{Message: s.messages[i].addr, Key: p.Key}, p.unique)
}

// take notes the person's unique value for the messages that it is used up for. What waits uses it up too: whoever comes
// first gets the message, whoever of those who share the value could have it earlier.
func (m *maker) take(s *sequence, p *Person) {
	if p.unique.IsZero() {
		return
	}
	for _, step := range s.steps {
		switch step.Action {
		case Refused, Passed, Skip, Skipped, Expired:
			continue
		}
		i := step.message.place
		s.taken[takenBy{p.unique.Sum, i / 64}] |= 1 << (i % 64)
	}
}
