package cli

import (
	"context"
	"fmt"
	"time"

	cli "github.com/urfave/cli/v3"

	"herald/internal/addr"
	"herald/internal/inbox"
	"herald/internal/report"
	"herald/state"
)

// editOptions are those of commands that mend the ledger by hand.
type editOptions struct {
	ledgerOptions
	dryRun      bool
	lockTimeout time.Duration
}

func (o *editOptions) flags(e *env) []cli.Flag {
	return append(o.ledgerOptions.flags(e),
		&cli.BoolFlag{Name: "dry-run", Usage: "only say what would change", Destination: &o.dryRun},
		lockTimeoutFlag(&o.lockTimeout))
}

func stateRemoveCommand(e *env) *cli.Command {
	var o editOptions
	return &cli.Command{
		Name:      "rm",
		Usage:     "make sends untried: the ledger no longer counts them",
		ArgsUsage: "ADDRESS...",
		Description: "What is removed is sent again by the next apply when the campaign still has it, also to people who got it.\n" +
			"An address may be a whole message or sequence. What was known stays readable in the file.",
		Flags: o.flags(e),
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Len() == 0 {
				return fmt.Errorf(`state rm takes addresses, say: herald state rm 'welcome.hello["me"]'`)
			}
			targets, err := parseTargets("ADDRESS", c.Args().Slice())
			if err != nil {
				return err
			}
			return removeSends(ctx, e, o, targets)
		},
	}
}

func removeSends(ctx context.Context, e *env, o editOptions, targets []addr.Target) error {
	var sends []addr.Send
	err := o.edit(ctx, e, o.lockTimeout, func(l *state.Ledger) error {
		found := map[addr.Target]bool{}
		for r, err := range state.Records(ctx, l.Path()) {
			if err != nil {
				return err
			}
			if covered(targets, r.Send, found) {
				sends = append(sends, r.Send)
			}
		}
		for _, t := range targets {
			if !found[t] {
				return fmt.Errorf("nothing in the ledger matches %s; nothing was changed", t)
			}
		}
		if o.dryRun {
			return nil
		}
		return l.Remove(ctx, sends, e.who(), e.now())
	})
	if err != nil {
		return err
	}
	if o.json {
		return report.Document(e.out, map[string]any{"format_version": "1.0", "removed": texts(sends), "dry_run": o.dryRun})
	}
	word := "Removed"
	if o.dryRun {
		word = "Would remove"
	}
	for _, s := range sends {
		if _, err := fmt.Fprintf(e.out, "%s %s\n", word, s); err != nil {
			return err
		}
	}
	if !o.dryRun {
		fmt.Fprintf(e.out, "The next apply sends %s again, as far as the campaign still has it.\n", report.Count(len(sends), "message"))
	}
	return nil
}

func stateMoveCommand(e *env) *cli.Command {
	var o editOptions
	return &cli.Command{
		Name:      "mv",
		Usage:     "rename a sequence, a message or a send in the ledger",
		ArgsUsage: "FROM TO",
		Description: "After a message or sequence got another name in the files, so that nobody gets it twice. Both are of one\n" +
			"kind: sequences, messages or whole addresses.",
		Flags: o.flags(e),
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Len() != 2 {
				return fmt.Errorf("state mv takes two addresses, say: herald state mv renewal.offer renewal.first")
			}
			targets, err := parseTargets("ADDRESS", c.Args().Slice())
			if err != nil {
				return err
			}
			return moveSends(ctx, e, o, targets[0], targets[1])
		},
	}
}

func moveSends(ctx context.Context, e *env, o editOptions, from, to addr.Target) error {
	n := 0
	err := o.edit(ctx, e, o.lockTimeout, func(l *state.Ledger) (err error) {
		if o.dryRun {
			for r, err := range state.Records(ctx, l.Path(), from) {
				if err != nil {
					return err
				}
				if from.Covers(r.Send) {
					n++
				}
			}
			return nil
		}
		n, err = l.Move(ctx, from, to, e.who(), e.now())
		return err
	})
	if err != nil {
		return err
	}
	if o.json {
		return report.Document(e.out, map[string]any{"format_version": "1.0", "from": from.String(), "to": to.String(), "sends": n, "dry_run": o.dryRun})
	}
	word := "Moved"
	if o.dryRun {
		word = "Would move"
	}
	_, err = fmt.Fprintf(e.out, "%s %s from %s to %s.\n", word, report.Count(n, "send"), from, to)
	return err
}

func stateForgetCommand(e *env) *cli.Command {
	var o editOptions
	return &cli.Command{
		Name:      "forget",
		Usage:     "erase what the ledger knows of a person, but for that they were written to",
		ArgsUsage: "KEY",
		Description: "The key, ids, reasons and tokens of the person leave the file for good; a digest stays, so that the person\n" +
			"is not written to again. It cannot be undone. Copies and exports of the ledger are not touched.",
		Flags: o.flags(e),
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Len() != 1 {
				return fmt.Errorf("state forget takes one key, as contacts have it: herald state forget c0007")
			}
			return forget(ctx, e, o, c.Args().First())
		},
	}
}

func forget(ctx context.Context, e *env, o editOptions, key string) error {
	n := 0
	err := o.edit(ctx, e, o.lockTimeout, func(l *state.Ledger) (err error) {
		if o.dryRun {
			for r, err := range state.Records(ctx, l.Path()) {
				if err != nil {
					return err
				}
				if r.Send.Key == key {
					n++
				}
			}
			return nil
		}
		calls, err := callsOf(ctx, l.Path(), key)
		if err != nil {
			return err
		}
		if n, err = l.Forget(ctx, key, e.who(), e.now()); err != nil {
			return err
		}
		return inbox.Erase(ctx, inbox.Beside(l.Path()), calls...)
	})
	if err == nil && n == 0 {
		err = fmt.Errorf("the ledger knows nobody with the key %s, or nobody any more; keys are compared byte by byte", addr.Quote(key))
	}
	if err != nil {
		return err
	}
	if o.json {
		return report.Document(e.out, map[string]any{"format_version": "1.0", "sends": n, "dry_run": o.dryRun})
	}
	word := "Forgot"
	if o.dryRun {
		word = "Would forget"
	}
	_, err = fmt.Fprintf(e.out, "%s the person of %s.\n", word, report.Count(n, "send"))
	return err
}

// callsOf finds the vendors' calls that may hold the words of a person: those with the token of one of the person's sends,
// and, since only a campaign could say whose they are, all without a token that were taken in already.
func callsOf(ctx context.Context, ledger, key string) (ids []int64, err error) {
	in, err := inbox.OpenReader(ctx, inbox.Beside(ledger))
	if err != nil {
		return nil, err
	}
	defer in.Close()
	known, err := state.Read(ctx, ledger)
	if err != nil {
		return nil, err
	}
	r, err := state.OpenReader(ctx, ledger)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	taken := known.Taken(in.ID())
	for item, err := range in.Items(ctx, 0) {
		if err != nil {
			return nil, err
		}
		if item.Token == (inbox.Token{}) {
			if item.ID <= taken {
				ids = append(ids, item.ID)
			}
			continue
		}
		send, _, _, found, err := r.Awaited(ctx, item.Token)
		if err != nil {
			return nil, err
		}
		if found && send.Key == key {
			ids = append(ids, item.ID)
		}
	}
	return ids, nil
}

func texts(sends []addr.Send) []string {
	all := []string{}
	for _, s := range sends {
		all = append(all, s.String())
	}
	return all
}
