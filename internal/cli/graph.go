package cli

import (
	"context"
	"fmt"

	cli "github.com/urfave/cli/v3"

	"herald/internal/report"
	"herald/planner"
	"herald/state"
)

type graphOptions struct {
	campaignOptions
	format string
	json   bool
}

func graphCommand(e *env) *cli.Command {
	var o graphOptions
	return &cli.Command{
		Name:  "graph",
		Usage: "draw the campaign: people, audiences, conversations, sequences",
		Description: "Prints the text of a drawing: Mermaid, which Markdown pages show, or DOT, for Graphviz's dot -Tsvg.\n" +
			"The people of a sequence are those that it speaks to, whatever they already have. Neither the ledger\n" +
			"nor any provider is asked, and no credentials are needed.",
		Flags: append(o.flags(e),
			&cli.StringFlag{Name: "format", Usage: "print `KIND`: mermaid or dot", Value: "mermaid", Destination: &o.format},
			documentFlag(e, &o.json)),
		Action: func(ctx context.Context, c *cli.Command) error {
			if err := noArgs(c); err != nil {
				return err
			}
			switch {
			case o.format != "mermaid" && o.format != "dot":
				return fmt.Errorf("-format=%s: known are mermaid and dot", report.Escape(o.format))
			case o.json && c.IsSet("format"):
				return fmt.Errorf("-format and -json are two ways to print the same; give one")
			}
			return graph(ctx, e, o)
		},
	}
}

func graph(ctx context.Context, e *env, o graphOptions) error {
	o.sandbox = true // secrets are not needed to draw
	v := newDocumentView(e, o.json)
	c, diags, err := loadCampaign(e, o.campaignOptions)
	if err != nil {
		return err
	}
	if diags.HasErrors() {
		v.diagnostics(diags, c)
		return errShown
	}
	accounts, more := openAccounts(e, c, nil, nil)
	defer func() {
		for _, a := range accounts {
			a.provider.Close()
		}
	}()
	if diags = append(diags, more...); !diags.HasErrors() {
		var p *planner.Plan
		p, more, err = planner.Make(ctx, planner.Input{
			Campaign: c, Accounts: plannerAccounts(accounts), View: &state.View{}, Now: e.now(), Limit: -1, Version: Version,
		}, func(*planner.Step) error { return nil })
		if err != nil {
			return err
		}
		diags = append(diags, more...)
		if !diags.HasErrors() {
			v.diagnostics(diags, c)
			census, err := planner.Census(ctx, c)
			if err != nil {
				return err
			}
			return draw(e, o, report.NewGraph(c, p.Reach, census))
		}
	}
	v.diagnostics(diags, c)
	return errShown
}

func draw(e *env, o graphOptions, g report.Graph) error {
	switch {
	case o.json:
		return report.Document(e.out, g)
	case o.format == "dot":
		return g.DOT(e.out)
	}
	return g.Mermaid(e.out)
}
