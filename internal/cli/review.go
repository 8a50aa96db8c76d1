package cli

import (
	"context"
	"io"
	"strings"

	"herald/internal/preview"
	"herald/internal/report"
	"herald/planner"
	"herald/providers"
	"herald/state"
)

// savedSamples is how many of the first messages of each group a saved plan keeps for its readers, beside those that stand out.
const savedSamples = 5

// shownSamples is how many messages of each group a reviewer sees.
const shownSamples = 24

// shownWaiting is how many they see of those that wait.
const shownWaiting = 3

// review makes of a saved plan what those read who approve it. It needs nothing but the file.
func (p *savedPlan) review(file string, contacts bool) report.Review {
	r := report.Review{
		Campaign: p.Campaign, Digest: p.digest,
		Created: p.Created, NotAfter: p.NotAfter, Sandbox: p.Sandbox, Contacts: contacts, Plan: report.NewPlan(&p.Plan),
	}
	r.Plan.Trim(0)
	for i, f := range p.Plan.Forbidden {
		if !contacts {
			r.Plan.Forbidden[i].Detail = f.Detail
		}
	}
	if len(p.Plan.Forbidden) == 0 {
		r.Command = sendExactly(p.Sandbox, p.digest, file)
	}
	for _, seq := range r.Plan.Reach {
		if seq.People == 0 {
			r.Warnings = append(r.Warnings, report.Reason{Summary: "Nobody to write to.", Detail: "No contact matches the sequence " + seq.Sequence + "."})
		}
	}
	for _, w := range p.Warnings {
		r.Warnings = append(r.Warnings, warned(w, contacts))
	}
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
	r.Texts = p.changedTexts()
	for _, g := range p.Plan.Groups {
		switch {
		case g.Action.Sends():
			r.Drawn = append(r.Drawn, drawn(g, shownSamples)...)
		case g.Action == planner.Waits:
			r.Drawn = append(r.Drawn, drawn(g, shownWaiting)...)
		}
	}
	return r
}

// reviewInto writes the review of a plan that was just sealed to the files that were asked for: only this process can show
// what it encrypts to others.
func (p *savedPlan) reviewInto(e *env, o saveOptions) error {
	if o.markdown == "" && o.html == "" {
		return nil
	}
	r := p.review(o.out, false)
	if o.markdown != "" {
		if err := writePrivate(e, "-markdown-into", o.markdown, markdownBegins, r.Markdown); err != nil {
			return err
		}
	}
	if o.html != "" {
		return writePrivate(e, "-html-into", o.html, pageBegins, func(w io.Writer) error { return preview.Page(w, r) })
	}
	return nil
}

// warned makes of a warning that was shown when the plan was made what its readers may see: who people are only if they may.
func warned(w planner.Warning, contacts bool) report.Reason {
	out := report.Reason{Summary: w.Summary, Detail: w.Detail}
	if w.NamesPeople && !contacts {
		out.Detail = "Whom it is about is shown where the plan is made, and with -show-contacts."
	}
	if w.Place != "" {
		out.Summary += " (" + w.Place + ")"
	}
	if out.Detail != "" && !strings.HasSuffix(out.Summary, ".") {
		out.Summary += "."
	}
	return out
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

// changedTexts compares what messages say with what they said when they were last sent. Those that wait are among them: a
// later run sends them without another review.
func (p *savedPlan) changedTexts() (all []report.TextChange) {
	before, sends := map[string]string{}, map[string]bool{}
	for _, d := range p.Said {
		before[d.Sequence+"."+d.Message] = d.Source
	}
	for _, g := range p.Plan.Groups {
		sends[g.Message.String()] = sends[g.Message.String()] || g.Action.Sends() || g.Action == planner.Waits || g.Action == planner.Blocked
	}
	for _, d := range p.Plan.Definitions {
		name := d.Sequence + "." + d.Message
		if was := before[name]; sends[name] && was != d.Source {
			all = append(all, report.TextChange{Message: name, Was: was, Now: d.Source})
		}
	}
	return all
}

// said gives what the messages of a plan's ledger, if it has one, said when they were last sent, under the names they have now.
func said(ctx context.Context, ledger string, p *planner.Plan) ([]state.Definition, error) {
	if p.Lineage == "" {
		return nil, nil
	}
	reader, err := state.OpenReader(ctx, ledger)
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	all, err := reader.Said(ctx)
	for i := range all {
		all[i] = moved(all[i], p.Moves)
	}
	return all, err
}

// moved gives a definition the name that its message has in the plan.
func moved(d state.Definition, moves []planner.Move) state.Definition {
	for _, m := range moves {
		switch {
		case m.From.Sequence != d.Sequence:
		case m.From.Message == "":
			d.Sequence = m.To.Sequence
		case m.From.Message == d.Message:
			d.Sequence, d.Message = m.To.Sequence, m.To.Message
		}
	}
	return d
}

// drawn gives the messages of a group that a reviewer sees: the first, those that stand out, and more of the first ones as
// long as there is room. What reads the same is drawn once.
func drawn(g planner.Group, room int) (all []report.Drawn) {
	chosen, said := map[int]bool{}, map[string]bool{}
	choose := func(which func(i int) bool) {
		for i, sample := range g.Samples {
			if room > 0 && sample.Text != "" && !said[sample.Text] && which(i) {
				chosen[i], said[sample.Text] = true, true
				room--
			}
		}
	}
	choose(func(i int) bool { return i == 0 || g.Samples[i].Why != "" })
	choose(func(int) bool { return true })
	for i, sample := range g.Samples {
		if !chosen[i] {
			continue
		}
		content := providers.Content{Kind: providers.KindText, Text: sample.Text}
		if sample.Content != nil {
			content = *sample.Content
		}
		one := report.Drawn{Address: sample.Send.String(), Message: g.Message.String(), Account: g.Account,
			Provider: g.Provider, Verb: g.Verb, Why: sample.Why, Text: sample.Text, Content: content}
		if g.Action == planner.Waits {
			if one.Waits = g.Reason; !sample.At.IsZero() {
				one.Due = &sample.At
			}
		}
		all = append(all, one)
	}
	return all
}
