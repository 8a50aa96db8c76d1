package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	cli "github.com/urfave/cli/v3"

	"herald/internal/report"
	"herald/state"
)

func statePullCommand(e *env) *cli.Command {
	var o ledgerOptions
	var out string
	return &cli.Command{
		Name:        "pull",
		Usage:       "print the ledger as JSON, or copy it whole",
		Description: "Never copy the ledger's file by hand while a run may be writing: -out=FILE makes a whole copy at any time.",
		Flags: append(o.flags(e), &cli.StringFlag{
			Name: "out", Usage: "copy the ledger to `FILE`, which must not exist", Destination: &out,
		}),
		Action: func(ctx context.Context, c *cli.Command) error {
			if err := noArgs(c); err != nil {
				return err
			}
			return statePull(ctx, e, o, out)
		},
	}
}

func statePull(ctx context.Context, e *env, o ledgerOptions, out string) error {
	path, err := o.path(e)
	if err != nil {
		return err
	}
	if err := existing(ctx, path); err != nil {
		return err
	}
	if out != "" {
		if err := state.Copy(ctx, path, e.path(out)); err != nil {
			return err
		}
		_, err := fmt.Fprintf(e.out, "Copied the ledger to %s.\n", report.Escape(strings.TrimSpace(out)))
		return err
	}
	return pullJSON(ctx, path, e.out)
}

// pullJSON prints a ledger whole, as one document. The sends are streamed: there may be millions.
func pullJSON(ctx context.Context, path string, w io.Writer) error {
	r, err := state.OpenReader(ctx, path)
	if err != nil {
		return err
	}
	defer r.Close()
	info, err := r.Info(ctx)
	if err != nil {
		return err
	}
	runs, err := r.Runs(ctx)
	if err != nil {
		return err
	}
	definitions, err := r.Definitions(ctx)
	if err != nil {
		return err
	}
	keys, err := r.KeyAttributes(ctx)
	if err != nil {
		return err
	}
	accounts, err := r.Accounts(ctx)
	if err != nil {
		return err
	}
	decisions, err := r.Decisions(ctx)
	if err != nil {
		return err
	}
	head, err := json.Marshal(report.NewPulled(info, runs, definitions, keys, accounts, decisions))
	if err != nil {
		return err
	}
	// The document's own closing brace comes after the sends.
	if _, err := fmt.Fprintf(w, "%s,\n\"sends\":[", head[:len(head)-1]); err != nil {
		return err
	}
	separator := "\n"
	for record, err := range records(ctx, r) {
		if err != nil {
			return err
		}
		line, err := json.Marshal(record)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s%s", separator, line); err != nil {
			return err
		}
		separator = ",\n"
	}
	_, err = io.WriteString(w, "\n]}\n")
	return err
}
