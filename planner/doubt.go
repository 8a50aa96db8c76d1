package planner

import (
	"strings"

	"herald/internal/addr"
	"herald/state"
)

// gone adds what is in doubt of planned messages though the stream did not meet its person: whoever left the campaign
// may have got the message all the same, and somebody must find out.
func (m *maker) gone() {
	for _, s := range m.sequences {
		for _, r := range s.messages {
			if r.choice.any() {
				m.stray(r.addr, r.choice, func(rec state.Record) *Group {
					g := r.group(InDoubt, reasonGone)
					if g == nil {
						g = &Group{Message: r.addr, Account: rec.Account, Provider: providerOf(rec.Account), Action: InDoubt, Reason: reasonGone}
						r.groups = append(r.groups, g)
					}
					return g
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
