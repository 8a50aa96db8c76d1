package cli

import (
	"herald/internal/addr"
	"herald/internal/report"
)

// named refuses lanes through accounts that the plan does not tell apart from others.
func (p *savedPlan) named() error {
	accounts := map[string]bool{}
	for _, a := range p.Accounts {
		if accounts[a.Name] {
			return unlike("its account %s is there twice", a.Name)
		}
		accounts[a.Name] = true
	}
	for _, l := range p.Plan.Lanes {
		if !accounts[l.Account] {
			return unlike("it sends through %s, and does not say which account that is", l.Account)
		}
	}
	words := []string{} // the language gives these names, so nothing else is in them
	for _, g := range p.Plan.Groups {
		words = append(words, g.Message.String(), g.Account)
	}
	for _, e := range p.Plan.Edits {
		words = append(words, e.Message.String())
	}
	for _, r := range p.Plan.Reach {
		words = append(words, r.Sequence)
	}
	for _, w := range words {
		if t, err := addr.Parse(w); err != nil || t.One {
			return unlike("%s is no name", w)
		}
	}
	for _, w := range p.words() {
		if report.Escape(w) != w {
			return unlike("%s are no words of its own", w)
		}
	}
	for _, g := range p.Plan.Groups {
		if _, with := p.With[g.Message.Sequence]; g.Action.Sends() && !with {
			return unlike("it does not say whom the sequence %s is with", g.Message.Sequence)
		}
	}
	return nil
}

// words gives what a plan says in herald's words, which go to terminals as they are.
func (p *savedPlan) words() (all []string) {
	for _, g := range p.Plan.Groups {
		all = append(all, g.Reason, g.Provider, string(g.Verb), string(g.Action))
	}
	for _, l := range p.Plan.Lanes {
		all = append(all, l.Provider, string(l.Verb))
	}
	for _, e := range p.Plan.Edits {
		all = append(all, string(e.Kind), e.Effect)
	}
	for _, m := range p.Plan.Moves {
		all = append(all, m.From.String(), m.To.String())
	}
	for _, l := range p.Plan.LeftOut {
		all = append(all, l.Reason)
	}
	for _, f := range p.Plan.Forbidden {
		all = append(all, f.Summary, f.Detail)
	}
	return all
}
