package cli

import (
	"context"
	"fmt"

	cli "github.com/urfave/cli/v3"

	"herald/internal/report"
	"herald/state"
)

func showCommand(e *env) *cli.Command {
	var o ledgerOptions
	return &cli.Command{
		Name:  "show",
		Usage: "show the ledger: what was sent, and every run",
		Flags: o.flags(e),
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Len() > 0 {
				return fmt.Errorf("show FILE, for saved plans, comes with a later version of herald; this is %s", Version)
			}
			return show(ctx, e, o)
		},
	}
}

func show(ctx context.Context, e *env, o ledgerOptions) error {
	path, err := o.path(e)
	if err != nil {
		return err
	}
	view, err := state.Read(ctx, path)
	if err != nil {
		return err
	}
	m, err := ledgerStatus(ctx, path, view)
	if err != nil {
		return err
	}
	if o.json {
		return report.Document(e.out, m)
	}
	m.Text(e.out, e.style(e.out))
	return nil
}
