package cli

import (
	"strings"

	"herald/internal/addr"
	"herald/internal/report"
	"herald/planner"
	"herald/providers"
)

// counted is what steps are counted by: what reviewers see of them.
type counted struct {
	message addr.Message
	action  planner.Action
	account string
}

// consistent refuses a plan that would send something else than it shows: its steps must be those that its lanes and groups
// count, and each must be one that a plan can have. Whoever forges a plan can make it show nothing that is not in it, but
// for the texts: those are held by the digest alone.
func (p *savedPlan) consistent() error {
	if err := p.named(); err != nil {
		return err
	}
	if err := p.addressed(); err != nil {
		return err
	}
	groups, samples, verbs := map[counted]int{}, map[addr.Send]bool{}, map[string]providers.Verb{}
	for _, g := range p.Plan.Groups {
		if !g.Action.Sends() {
			continue
		}
		if len(g.Samples) > g.Count {
			return unlike("it shows more messages of %s than it has", g.Message.String())
		}
		groups[counted{g.Message, g.Action, g.Account}] += g.Count
		for _, s := range g.Samples {
			if s.Send.Message != g.Message {
				return unlike("it shows %s as %s", s.Send.String(), g.Message.String())
			}
			samples[s.Send] = true
		}
	}
	lanes := map[string]int{}
	for _, l := range p.Plan.Lanes {
		if _, twice := verbs[l.Account]; twice || l.Sends < 0 {
			return unlike("its lane %s is there twice, or counts below zero", l.Account)
		}
		verbs[l.Account], lanes[l.Account] = l.Verb, l.Sends
	}
	actions := map[planner.Action]int{planner.Send: p.Plan.Counts[planner.Send], planner.Resend: p.Plan.Counts[planner.Resend]}
	err := p.eachIn(func(lane string, s *planner.Step) error {
		if err := sendable(s); err != nil {
			return err
		}
		if s.Account != lane {
			return unlike("%s is in the lane %s, and goes through %s", s.Send.String(), lane, s.Account)
		}
		lanes[lane]--
		actions[s.Action]--
		groups[counted{s.Send.Message, s.Action, s.Account}]--
		delete(samples, s.Send)
		return nil
	})
	if err != nil {
		return err
	}
	for lane, n := range lanes {
		if n != 0 {
			return unlike("its lane %s has other steps than it counts (off by %d)", lane, n)
		}
	}
	for of, n := range groups {
		if n != 0 {
			return unlike("it counts %s of %s through %s differently than it has them (off by %d)", string(of.action), of.message.String(), of.account, n)
		}
	}
	for action, n := range actions {
		if n != 0 {
			return unlike("it counts %s differently than it has them (off by %d)", string(action), n)
		}
	}
	for send := range samples {
		return unlike("it shows %s and does not send it", send.String())
	}
	return nil
}

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

// addressed refuses what is about sends that there cannot be.
func (p *savedPlan) addressed() error {
	var all []string
	all = append(all, p.Assumed...)
	for _, s := range p.Skipped {
		all = append(all, s.Send)
	}
	for _, r := range p.Rests {
		all = append(all, r.Send)
	}
	for _, text := range all {
		if _, err := addr.ParseSend(text); err != nil {
			return unlike("%s is the address of no send", text)
		}
	}
	if len(p.Assumed) != p.Plan.Counts[planner.Assume] || len(p.Skipped) != p.Plan.Counts[planner.Skip] {
		return unlike("it takes other sends as sent, or skips others, than it counts")
	}
	return nil
}

// sendable refuses a step that no plan has.
func sendable(s *planner.Step) error {
	again, err := addr.ParseSend(s.Send.String())
	switch {
	case err != nil || again != s.Send:
		return unlike("%s is the address of no send", s.Send.String())
	case !s.Action.Sends():
		return unlike("its step %s is to %s, which is no step that sends", s.Send.String(), string(s.Action))
	case s.Request.Method != "POST" || !strings.HasPrefix(s.Request.Path, "/"):
		return unlike("its step %s is no request that sends: %s %s", s.Send.String(), s.Request.Method, s.Request.Path)
	case climbs(s.Request.Path):
		return unlike("its step %s climbs out of its address: %s", s.Send.String(), s.Request.Path)
	}
	return nil
}

// climbs says whether a server, or what stands before it, may read a path as another one.
func climbs(path string) bool {
	path, _, _ = strings.Cut(path, "?")
	for part := range strings.SplitSeq(strings.ToLower(path), "/") {
		switch part = strings.ReplaceAll(part, "%2e", "."); {
		case part == ".", part == "..", strings.ContainsAny(part, "\\#\x00"):
			return true
		}
	}
	return false
}
