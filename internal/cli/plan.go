package cli

import (
	"context"
	"fmt"

	cli "github.com/urfave/cli/v3"

	"herald/internal/addr"
	"herald/internal/report"
	"herald/planner"
	"herald/providers"
	"herald/state"
)

type planCommandOptions struct {
	campaignOptions
	planOptions
	json, detailed, refresh bool
	jsonInto                string
	save                    saveOptions
}

func planCommand(e *env) *cli.Command {
	var o planCommandOptions
	return &cli.Command{
		Name:  "plan",
		Usage: "show what would be sent, to whom, and how long it takes; change nothing",
		Description: "With -out=FILE the plan is sealed into a file: herald show FILE shows it to those who review it, and\n" +
			"herald apply FILE sends exactly that. A plan that a policy forbids is sealed too, and cannot be applied.",
		Flags: append(append(append(o.campaignOptions.flags(e), o.planOptions.flags()...), o.save.flags()...),
			&cli.BoolFlag{Name: "refresh", Usage: "ask providers what became of sends in doubt, and of those that a condition names; -refresh=false asks nobody, and needs no secrets", Value: true, Destination: &o.refresh},
			&cli.BoolFlag{Name: "detailed-exitcode", Usage: "exit with 2 when there is something to apply", Destination: &o.detailed},
			jsonFlag(e, &o.json), jsonIntoFlag(&o.jsonInto)),
		Action: func(ctx context.Context, c *cli.Command) error {
			if err := noArgs(c); err != nil {
				return err
			}
			if err := notEmpty(c, "out", "valid-for", "markdown-into", "html-into", "json-into", "now"); err != nil {
				return err
			}
			return plan(ctx, e, o)
		},
	}
}

func plan(ctx context.Context, e *env, o planCommandOptions) error {
	return withView(ctx, e, o.json, o.jsonInto, func(ctx context.Context, v view) error { return planCampaign(ctx, e, o, v) })
}

func planCampaign(ctx context.Context, e *env, o planCommandOptions, v view) error {
	if err := o.save.check(o.now, o.jsonInto); err != nil {
		return err
	}
	if err := e.setClock(o.now); err != nil {
		return err
	}
	o.offline = !o.refresh
	noted := &notedView{view: v}
	v = noted
	s, err := openSession(e, o.campaignOptions, v)
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.expectLedger(v, false, false); err != nil {
		return err
	}
	ledger, err := s.readLedger(ctx)
	if err != nil {
		return err
	}
	found := lookUps{findings: map[addr.Send]providers.Finding{}}
	learned := newLearned()
	if o.refresh {
		if found, err = s.lookUp(ctx, ledger, nil, false); err != nil {
			return err
		}
	}
	// What vendors told by themselves is on this machine: taking it in asks nobody.
	if _, _, err := s.takeIn(ctx, ledger, found.findings, &learned, nil); err != nil {
		return err
	}
	if o.refresh {
		if err := s.learn(ctx, o.planOptions, ledger, found.findings, &learned, nil); err != nil {
			return err
		}
	}
	files := planner.NewPlanFiles()
	defer files.Close()
	keep := func(*planner.Step) error { return nil }
	shown := o.samples
	if o.save.out != "" {
		o.samples = max(o.samples, savedSamples)
		keep, learned.rests = files.Add, files.Rest
	}
	p, err := s.plan(ctx, o.planOptions, ledger, found.findings, learned, v, keep)
	if err != nil {
		return err
	}
	if o.save.out != "" {
		saved, digest, err := s.savePlan(ctx, p, files, noted.warnings, o.save)
		if err != nil {
			return err
		}
		p.Digest = digest
		if err := (&savedPlan{Saved: saved, digest: digest}).reviewInto(e, o.save); err != nil {
			return err
		}
	}
	m := s.planModel(ctx, p, shown, found)
	m.Trim(shown)
	v.plan(m)
	switch {
	case o.save.out != "" && len(p.Forbidden) > 0:
		v.note(fmt.Sprintf("Sealed into %s, digest %s, for those who review it: it is forbidden, and cannot be applied.", report.Escape(o.save.out), p.Digest))
	case o.save.out != "":
		v.note(fmt.Sprintf("Sealed into %s, digest %s. To send exactly this: %s", report.Escape(o.save.out), p.Digest, sendExactly(o.sandbox, "", o.save.out)))
	}
	switch {
	case len(p.Forbidden) > 0:
		return errForbidden
	case o.detailed && p.Changes()+p.LookedUp.Found+p.LookedUp.Absent > 0:
		return errChanges
	}
	return nil
}

// planModel draws a plan with as many samples as were asked for, and says of refused sends why they were refused, of those
// in doubt why they stay so.
func (s *session) planModel(ctx context.Context, p *planner.Plan, samples int, found lookUps) report.Plan {
	m := report.NewPlan(p)
	m.Undecided(found.reasons)
	if samples == 0 {
		m.HideTexts()
	}
	if p.Counts[planner.Refused] == 0 {
		return m
	}
	for i, g := range p.Groups {
		if g.Action != planner.Refused {
			continue
		}
		for _, sample := range g.Samples {
			target := addr.Target{Sequence: sample.Send.Sequence, Message: sample.Send.Name, Key: sample.Send.Key, One: true}
			for r, err := range state.Records(ctx, s.ledger, target) {
				if err == nil { // without the reason the plan is still right
					m.Explain(p.Groups[i], sample.Send.String(), r.Reason)
				}
			}
		}
	}
	return m
}

// shown prints an error through the view, so that -json stays JSON, and marks it as printed.
func shown(v view, err error) error {
	if err == nil || err == errShown || isSilent(err) {
		return err
	}
	v.failed(err)
	return errShown
}
