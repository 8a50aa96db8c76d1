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

func stateCommand(e *env) *cli.Command {
	return &cli.Command{
		Name:     "state",
		Usage:    "read and mend the ledger",
		Commands: []*cli.Command{stateListCommand(e), stateShowCommand(e), stateResolveCommand(e), stateRemoveCommand(e), stateMoveCommand(e), stateForgetCommand(e), statePullCommand(e)},
	}
}

// ledgerOptions says which ledger a state command is about.
type ledgerOptions struct {
	campaignOptions
	json bool
}

func (o *ledgerOptions) flags(e *env) []cli.Flag {
	return append(o.campaignOptions.flags(e), documentFlag(e, &o.json))
}

// path finds the ledger. The herald block names it, so the campaign is read, but what is wrong elsewhere in it must
// not keep anybody from the ledger: only a herald block that cannot be read does.
func (o *ledgerOptions) path(e *env) (string, error) {
	path, _, err := o.find(e)
	return path, err
}

// find does the same, and says how the ledger is opened for writing.
func (o *ledgerOptions) find(e *env) (string, state.Options, error) {
	c, diags, err := loadCampaign(e, o.campaignOptions)
	if err != nil {
		return "", state.Options{}, err
	}
	v := newDocumentView(e, o.json)
	if c.Settings.StatePath == "" {
		v.diagnostics(diags, c)
		return "", state.Options{}, errShown
	}
	path := ledgerPath(c, o.sandbox)
	how := ledgerOptionsOf(c, o.sandbox, false)
	return path, how, expectLedger(v, path, how, false)
}

// edit opens the ledger for one change, and closes it again. It waits that long for the lock.
func (o *ledgerOptions) edit(ctx context.Context, e *env, wait time.Duration, change func(*state.Ledger) error) error {
	path, how, err := o.find(e)
	if err != nil {
		return err
	}
	if err := existing(ctx, path); err != nil {
		return err
	}
	lock, err := acquire(ctx, e, path, wait)
	if err != nil {
		return err
	}
	defer lock.Release()
	how.Lock = lock
	ledger, err := state.Open(ctx, path, how)
	if err != nil {
		return err
	}
	defer ledger.Close()
	if err := change(ledger); err != nil {
		return err
	}
	return ledger.Close()
}

// existing refuses a path without a ledger.
func existing(ctx context.Context, path string) error {
	v, err := state.Read(ctx, path)
	if err != nil {
		return err
	}
	if !v.Exists {
		return fmt.Errorf("there is no ledger at %s; -chdir names another campaign, -sandbox its rehearsals", path)
	}
	return nil
}

func stateListCommand(e *env) *cli.Command {
	var o ledgerOptions
	var only string
	return &cli.Command{
		Name:      "list",
		Usage:     "print the address of every send in the ledger, one a line",
		ArgsUsage: "[ADDRESS...]",
		Flags: append(o.flags(e), &cli.StringFlag{
			Name: "state", Usage: "only those in `STATE`: sent, refused, in_doubt, sending or skipped", Destination: &only,
		}),
		Action: func(ctx context.Context, c *cli.Command) error {
			targets, err := parseTargets("ADDRESS", c.Args().Slice())
			if err != nil {
				return err
			}
			return stateList(ctx, e, o, only, targets)
		},
	}
}

func stateList(ctx context.Context, e *env, o ledgerOptions, only string, targets []addr.Target) error {
	if only != "" && !knownState(only) {
		return fmt.Errorf("-state=%s: there is no such state; known are sent, refused, in_doubt, sending and skipped", report.Escape(only))
	}
	path, err := o.path(e)
	if err != nil {
		return err
	}
	if err := existing(ctx, path); err != nil {
		return err
	}
	found := map[addr.Target]bool{}
	records := []report.Record{}
	for r, err := range state.Records(ctx, path) {
		if err != nil {
			return err
		}
		if !covered(targets, r.Send, found) || only != "" && r.State.String() != only {
			continue
		}
		if o.json {
			records = append(records, report.NewRecord(r))
			continue
		}
		if _, err := fmt.Fprintln(e.out, r.Send); err != nil {
			return err
		}
	}
	for _, t := range targets {
		if !found[t] {
			return fmt.Errorf("nothing in the ledger matches %s", t)
		}
	}
	if o.json {
		return report.Document(e.out, map[string]any{"format_version": "1.0", "sends": records})
	}
	return nil
}

func knownState(name string) bool {
	for _, s := range []state.State{state.Sending, state.Sent, state.Refused, state.InDoubt, state.Skipped} {
		if s.String() == name {
			return true
		}
	}
	return false
}

// covered reports whether s lies within one of the targets, and notes which; no targets cover everything.
func covered(targets []addr.Target, s addr.Send, found map[addr.Target]bool) bool {
	if len(targets) == 0 {
		return true
	}
	hit := false
	for _, t := range targets {
		if t.Covers(s) {
			found[t], hit = true, true
		}
	}
	return hit
}

func stateShowCommand(e *env) *cli.Command {
	var o ledgerOptions
	return &cli.Command{
		Name:      "show",
		Usage:     "print all that the ledger knows of one send",
		ArgsUsage: "ADDRESS",
		Flags:     o.flags(e),
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Len() != 1 {
				return fmt.Errorf(`state show takes one address, say: herald state show 'welcome.hello["me"]'`)
			}
			send, err := addr.ParseSend(c.Args().First())
			if err != nil {
				return err
			}
			return stateShow(ctx, e, o, send)
		},
	}
}

func stateShow(ctx context.Context, e *env, o ledgerOptions, send addr.Send) error {
	path, err := o.path(e)
	if err != nil {
		return err
	}
	if err := existing(ctx, path); err != nil {
		return err
	}
	r, err := state.OpenReader(ctx, path)
	if err != nil {
		return err
	}
	defer r.Close()
	for m, err := range records(ctx, r) {
		if err != nil {
			return err
		}
		if m.Address != send.String() {
			continue
		}
		if o.json {
			return report.Document(e.out, m)
		}
		m.Text(e.out, e.style(e.out))
		return nil
	}
	return fmt.Errorf("%s is not in the ledger: it was never tried", send)
}
