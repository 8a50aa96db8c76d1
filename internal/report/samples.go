package report

import (
	"herald/internal/addr"
	"herald/planner"
)

// Trim leaves as many samples of each group as are shown; what is in doubt or refused keeps all.
func (p *Plan) Trim(samples int) {
	for i := range p.Groups {
		g := &p.Groups[i]
		switch planner.Action(g.Action) {
		case planner.InDoubt, planner.Assume, planner.Refused:
		default:
			g.Samples = g.Samples[:min(len(g.Samples), max(samples, 1))]
		}
	}
}

// Explain adds the provider's reason to one sample of the group that g was made into.
func (p *Plan) Explain(g planner.Group, address, reason string) {
	for i := range p.Groups {
		m := &p.Groups[i]
		if m.Message != g.Message.String() || m.Action != string(g.Action) || m.Reason != g.Reason {
			continue
		}
		for j := range m.Samples {
			if m.Samples[j].Address == address {
				m.Samples[j].Reason = reason
			}
		}
	}
}

// Undecided says of sends in doubt what their look-ups came to.
func (p *Plan) Undecided(reasons map[addr.Send]string) {
	texts := make(map[string]string, len(reasons))
	for s, why := range reasons {
		texts[s.String()] = why
	}
	for _, g := range p.Groups {
		if g.Action != string(planner.InDoubt) {
			continue
		}
		for i := range g.Samples {
			g.Samples[i].Reason = texts[g.Samples[i].Address]
		}
	}
}

// HideTexts removes the rendered messages, for -samples=0.
func (p *Plan) HideTexts() {
	for i := range p.Groups {
		for j := range p.Groups[i].Samples {
			p.Groups[i].Samples[j].Text = ""
		}
	}
}
