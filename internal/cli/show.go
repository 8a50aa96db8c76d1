package cli

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	cli "github.com/urfave/cli/v3"

	"herald/internal/preview"
	"herald/internal/report"
	"herald/state"
)

func showCommand(e *env) *cli.Command {
	var o showOptions
	return &cli.Command{
		Name:      "show",
		ArgsUsage: "[FILE]",
		Usage:     "show the ledger: what was sent, and every run; or a sealed plan",
		Description: "FILE is what plan -out=FILE sealed; to show it takes neither a campaign nor a ledger nor a token. An encrypted\n" +
			"one is opened with the age identity, or the path of its file, in HERALD_AGE_IDENTITY.",
		Flags: append(o.flags(e),
			&cli.BoolFlag{Name: "markdown", Usage: "write it for a pull request", Destination: &o.markdown},
			&cli.StringFlag{Name: "html", Usage: "write a page to `OUT`; of a sealed plan, it draws the messages", Destination: &o.html},
			&cli.BoolFlag{Name: "show-contacts", Usage: "of a sealed plan, with -markdown and -html: say who people are", Destination: &o.contacts}),
		Action: func(ctx context.Context, c *cli.Command) error {
			if err := notEmpty(c, "html"); err != nil {
				return err
			}
			switch {
			case c.Args().Len() > 1:
				return fmt.Errorf("show takes one sealed plan, and got %d arguments", c.Args().Len())
			case o.json && (o.markdown || o.html != "") || o.markdown && o.html != "":
				return fmt.Errorf("-json, -markdown and -html are ways to show the same; give one")
			case o.contacts && !o.markdown && o.html == "":
				return fmt.Errorf("-show-contacts is about -markdown and -html; the text and -json of a sealed plan have samples with their addresses")
			case c.Args().Len() == 1:
				return showFile(ctx, e, o, c.Args().First())
			case o.contacts:
				return fmt.Errorf("-show-contacts is about a sealed plan: herald show -markdown -show-contacts FILE")
			}
			return showLedger(ctx, e, o)
		},
	}
}

type showOptions struct {
	ledgerOptions
	markdown, contacts bool
	html               string
}

// showFile shows a sealed plan. It needs no token, no campaign and no ledger.
func showFile(ctx context.Context, e *env, o showOptions, file string) error {
	saved, err := openSaved(ctx, e, file)
	if err != nil {
		return err
	}
	defer saved.steps.Close()
	if o.markdown || o.html != "" {
		r := saved.review(file, o.contacts)
		if o.markdown {
			return r.Markdown(e.out)
		}
		return writePage(e, o.html, func(w io.Writer) error { return preview.Page(w, r) })
	}
	m := report.NewSavedPlan(&saved.Saved, saved.digest)
	m.Plan.Trim(1)
	if o.json {
		return report.Document(e.out, m)
	}
	m.Text(e.out, e.style(e.out))
	return nil
}

// showLedger shows what was sent, and every run.
func showLedger(ctx context.Context, e *env, o showOptions) error {
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
	root, err := e.root()
	if err != nil {
		return err
	}
	campaign := filepath.Base(root)
	switch {
	case o.json:
		return report.Document(e.out, m)
	case o.markdown:
		return m.Markdown(e.out, campaign)
	case o.html != "":
		return writePage(e, o.html, func(w io.Writer) error { return preview.LedgerPage(w, campaign, m) })
	}
	m.Text(e.out, e.style(e.out))
	return nil
}

// writePage writes one file of HTML, and says so.
func writePage(e *env, to string, write func(io.Writer) error) error {
	if err := writePrivate(e, "-html", to, pageBegins, write); err != nil {
		return err
	}
	_, err := fmt.Fprintf(e.out, "Wrote %s.\n", report.Escape(to))
	return err
}
