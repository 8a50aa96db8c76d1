package cli

import (
	"context"
	"path/filepath"
	"slices"

	"herald/internal/report"
	"herald/planner"
	"herald/providers"
	"herald/state"
)

// savedSamples is how many messages of each group a saved plan keeps for its readers to choose from.
const savedSamples = 50

// shownSamples is how many messages of each group a reviewer sees.
const shownSamples = 3

// review makes of a saved plan what those read who approve it. The ledger beside the campaign, if there is one, says what was
// sent before.
func (p *savedPlan) review(ctx context.Context, root, ledger, file string, contacts bool) (report.Review, error) {
	r := report.Review{
		Campaign: filepath.Base(root), Digest: p.digest, Command: sendExactly(p.Sandbox, p.digest, file),
		Created: p.Created, NotAfter: p.NotAfter, Sandbox: p.Sandbox, Contacts: contacts, Plan: report.NewPlan(&p.Plan),
	}
	r.Plan.Trim(0)
	if p.Sandbox {
		r.Warnings = append(r.Warnings, report.Reason{Summary: "A rehearsal.", Detail: "It was planned with -sandbox and can be applied only there."})
	}
	if n := r.Plan.Counts.InDoubt; n > 0 {
		r.Warnings = append(r.Warnings, report.Reason{Summary: "In doubt.", Detail: report.Count(n, "message") + " may or may not have been sent; they are not sent again by this plan."})
	}
	for _, l := range p.Plan.Lanes {
		r.Timeline = append(r.Timeline, report.Burst{Account: l.Account, From: p.Created, To: p.Created.Add(l.Takes), Sends: l.Sends})
	}
	for _, g := range p.Plan.Groups {
		if g.Action == planner.Waits && !g.Due.IsZero() {
			r.Timeline = append(r.Timeline, report.Burst{Account: g.Account, From: g.Due, To: g.Due, Sends: g.Count, Waiting: true})
		}
	}
	texts, err := p.changedTexts(ctx, ledger)
	if err != nil {
		return r, err
	}
	r.Texts = texts
	for _, g := range p.Plan.Groups {
		if g.Action.Sends() {
			r.Drawn = append(r.Drawn, drawn(g)...)
		}
	}
	return r, nil
}

// sendExactly is how a plan file is applied; the digest makes sure that it is this one.
func sendExactly(sandbox bool, digest, file string) string {
	command := "herald apply "
	if sandbox {
		command += "-sandbox "
	}
	if digest != "" {
		command += "-approve-digest=" + digest + " "
	}
	return command + report.ShellQuote(file)
}

// changedTexts compares what the messages that are sent say with what they said when they were last sent.
func (p *savedPlan) changedTexts(ctx context.Context, ledger string) ([]report.TextChange, error) {
	before := map[string]string{}
	known, err := state.Read(ctx, ledger)
	if err != nil {
		return nil, err
	}
	if known.Exists {
		reader, err := state.OpenReader(ctx, ledger)
		if err != nil {
			return nil, err
		}
		defer reader.Close()
		all, err := reader.Definitions(ctx)
		if err != nil {
			return nil, err
		}
		for _, d := range all { // in the order in which they were first used
			before[d.Sequence+"."+d.Message] = d.Source
		}
	}
	sends := map[string]bool{}
	for _, g := range p.Plan.Groups {
		sends[g.Message.String()] = sends[g.Message.String()] || g.Action.Sends()
	}
	var all []report.TextChange
	for _, d := range p.Plan.Definitions {
		name := d.Sequence + "." + d.Message
		if was := before[name]; sends[name] && was != d.Source {
			all = append(all, report.TextChange{Message: name, Was: was, Now: d.Source})
		}
	}
	return all, nil
}

// drawn chooses messages of a group that differ: the first, the longest, the shortest.
func drawn(g planner.Group) (all []report.Drawn) {
	taken := map[int]bool{}
	take := func(i int, why string) {
		if i < 0 || taken[i] || len(all) == shownSamples {
			return
		}
		taken[i] = true
		content := providers.Content{Kind: providers.KindText, Text: g.Samples[i].Text}
		if kept := g.Samples[i].Content; kept != nil {
			content = *kept
		}
		all = append(all, report.Drawn{Address: g.Samples[i].Send.String(), Message: g.Message.String(), Account: g.Account,
			Provider: g.Provider, Verb: g.Verb, Why: why, Text: g.Samples[i].Text, Content: content})
	}
	if len(g.Samples) == 0 {
		return nil
	}
	byLength := make([]int, len(g.Samples))
	for i := range byLength {
		byLength[i] = i
	}
	slices.SortStableFunc(byLength, func(a, b int) int { return len(g.Samples[a].Text) - len(g.Samples[b].Text) })
	take(0, "the first")
	take(byLength[len(byLength)-1], "the longest")
	take(byLength[0], "the shortest")
	return all
}
