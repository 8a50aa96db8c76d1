package cli

import (
	"context"
	"fmt"
	"time"

	cli "github.com/urfave/cli/v3"

	"herald/internal/addr"
	"herald/internal/report"
	"herald/state"
)

type resolveOptions struct {
	ledgerOptions
	targets     []string
	reason      string
	lockTimeout time.Duration
}

func stateResolveCommand(e *env) *cli.Command {
	var o resolveOptions
	return &cli.Command{
		Name:      "resolve",
		Usage:     "decide sends that are in doubt or refused: they were sent, or not",
		ArgsUsage: "ADDRESS... sent|unsent",
		Description: "Say sent for what reached its person, unsent for what did not: the next apply sends that.\n" +
			"An address may be a whole message or sequence: then everything in doubt within it is decided.",
		Flags: append(o.flags(e),
			&cli.StringSliceFlag{Name: "target", Usage: "decide everything in doubt within `ADDRESS`; may be given again", Destination: &o.targets},
			&cli.StringFlag{Name: "reason", Usage: "why, for the record", Destination: &o.reason},
			lockTimeoutFlag(&o.lockTimeout)),
		Action: func(ctx context.Context, c *cli.Command) error {
			words := append(o.targets, c.Args().Slice()...)
			if len(words) < 2 {
				return fmt.Errorf(`state resolve takes addresses, then sent or unsent, say: herald state resolve 'welcome.hello["me"]' unsent`)
			}
			verdict := words[len(words)-1]
			if verdict != "sent" && verdict != "unsent" {
				return fmt.Errorf("state resolve ends in sent or unsent, and got %q; nothing was changed", verdict)
			}
			targets, err := parseTargets("ADDRESS", words[:len(words)-1])
			if err != nil {
				return err
			}
			return resolve(ctx, e, o, targets, verdict == "sent")
		},
	}
}

func resolve(ctx context.Context, e *env, o resolveOptions, targets []addr.Target, sent bool) error {
	var decisions []state.Decision
	err := o.edit(ctx, e, o.lockTimeout, func(l *state.Ledger) (err error) {
		if decisions, err = decide(ctx, l, targets, state.Decision{Sent: sent, Who: e.who(), Reason: o.reason, At: e.now()}); err != nil {
			return err
		}
		return l.Resolve(ctx, decisions)
	})
	if err != nil {
		return err
	}
	what := "was sent"
	if !sent {
		what = "was not sent; the next apply sends it"
	}
	if o.json {
		return report.Document(e.out, map[string]any{"format_version": "1.0", "resolved": addresses(decisions), "sent": sent})
	}
	for _, d := range decisions {
		if _, err := fmt.Fprintf(e.out, "%s: recorded that it %s.\n", d.Send, what); err != nil {
			return err
		}
	}
	return nil
}

// decide applies one verdict to the targets: to a single send as it is named, to a message or sequence for everything
// in doubt within it.
func decide(ctx context.Context, ledger *state.Ledger, targets []addr.Target, verdict state.Decision) ([]state.Decision, error) {
	view, err := ledger.View(ctx)
	if err != nil {
		return nil, err
	}
	var decisions []state.Decision
	seen := map[addr.Send]bool{}
	add := func(s addr.Send) {
		if !seen[s] {
			seen[s] = true
			d := verdict
			d.Send = s
			decisions = append(decisions, d)
		}
	}
	for _, t := range targets {
		if s, one := t.Send(); one {
			add(s)
			continue
		}
		before := len(decisions)
		for _, r := range view.Doubt {
			if t.Covers(r.Send) {
				add(r.Send)
			}
		}
		if len(decisions) == before {
			return nil, fmt.Errorf("nothing of %s is in doubt; nothing was changed. A refused send is decided by its own address", t)
		}
	}
	return decisions, nil
}

func addresses(decisions []state.Decision) []string {
	var all []string
	for _, d := range decisions {
		all = append(all, d.Send.String())
	}
	return all
}
