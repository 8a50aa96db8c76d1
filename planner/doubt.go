package planner

import (
	"slices"
	"strings"

	"herald/internal/addr"
	"herald/providers"
	"herald/spec"
	"herald/state"
)

// again makes an attempt in doubt anew, so that the provider can be asked about it, and says why that cannot be done.
// Nothing is sent by it, so that nobody is unusable for what is wrong with it.
func (m *maker) again(r *message, step *Step) string {
	attempt := m.ledger.attempts[step.Send]
	if step.Account != attempt.Account {
		return reasonNewAccount
	}
	if m.unsaid(r) != nil {
		return reasonUnmade
	}
	destination, diags := r.reach(m.people.scope, &m.digest)
	if diags.HasErrors() {
		return reasonUnmade
	}
	content, diags := r.say(m.people.scope, &m.digest)
	if diags.HasErrors() {
		return reasonUnmade
	}
	step.Destination, step.Content = destination, content
	switch {
	case !destination.Same(attempt.Destination):
		return reasonNewPlace
	case !content.Same(attempt.Content):
		return reasonNewContent
	}
	request, problems, diags := r.render(m.people.scope)
	if diags.HasErrors() || providers.Failed(problems) {
		return reasonUnmade
	}
	step.Request = request
	return ""
}

// resent reports whether an attempt in doubt is made again as its sequence says.
func (m *maker) resent(attempt *state.Record) bool {
	return attempt.State == state.InDoubt && slices.ContainsFunc(m.in.Campaign.Sequences, func(s *spec.Sequence) bool {
		return s.Name == attempt.Send.Sequence && s.OnDoubt == spec.DoubtResend
	})
}

// gone adds what is in doubt of planned messages though the stream did not meet its person: whoever left the campaign
// may have got the message all the same, and somebody must find out. on_doubt is about those who are written to.
func (m *maker) gone() {
	for _, s := range m.sequences {
		for _, r := range s.messages {
			if r.choice.any() {
				m.stray(r.addr, r.choice, func(rec state.Record) *Group {
					g := r.group(InDoubt, reasonGone)
					if g == nil {
						g = &group{Group: Group{Message: r.addr, Account: rec.Account, Provider: providerOf(rec.Account), Action: InDoubt, Reason: reasonGone}}
						r.groups = append(r.groups, g)
					}
					return &g.Group
				})
			}
		}
	}
}

// strayed gives groups for what is in doubt of messages that the campaign no longer has.
func (m *maker) strayed() []Group {
	if len(m.in.Targets) > 0 || len(m.doubt) == 0 {
		return nil
	}
	known := map[addr.Message]bool{}
	for _, s := range m.sequences {
		for _, r := range s.messages {
			known[r.addr] = true
		}
	}
	var groups []*Group
	for _, rec := range m.in.View.Doubt {
		if name := rec.Send.Message; !known[name] {
			known[name] = true
			m.stray(name, choice{all: true}, func(rec state.Record) *Group {
				if n := len(groups); n > 0 && groups[n-1].Message == name {
					return groups[n-1]
				}
				g := &Group{Message: name, Account: rec.Account, Provider: providerOf(rec.Account), Action: InDoubt, Reason: reasonGone}
				groups = append(groups, g)
				return g
			})
		}
	}
	var out []Group
	for _, g := range groups {
		out = append(out, *g)
	}
	return out
}

// stray adds the sends of one message that are in doubt and were not met to a group.
func (m *maker) stray(name addr.Message, chosen choice, group func(state.Record) *Group) {
	if len(m.doubt) == 0 {
		return
	}
	for i, rec := range m.in.View.Doubt {
		if at, open := m.doubt[rec.Send]; !open || at != i || rec.Send.Message != name || !chosen.has(rec.Send.Key) {
			continue
		}
		g := group(rec)
		g.Count++
		m.plan.Counts[InDoubt]++
		if len(g.Samples) < m.samples(InDoubt) {
			g.Samples = append(g.Samples, Sample{Send: rec.Send, At: rec.At})
		}
	}
}

// providerOf gives the type of an account by its name.
func providerOf(account string) string {
	name, _, _ := strings.Cut(account, ".")
	return name
}
