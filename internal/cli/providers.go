package cli

import (
	"context"

	cli "github.com/urfave/cli/v3"

	"herald/internal/report"
)

func providersCommand(e *env) *cli.Command {
	var asJSON bool
	return &cli.Command{
		Name:  "providers",
		Usage: "print each provider's settings, content kinds, limits and look-ups",
		Flags: []cli.Flag{documentFlag(e, &asJSON), noColorFlag(e)},
		Action: func(_ context.Context, c *cli.Command) error {
			if err := noArgs(c); err != nil {
				return err
			}
			m := report.NewProviders(e.registry)
			if asJSON {
				return report.Document(e.out, m)
			}
			m.Text(e.out, e.style(e.out))
			return nil
		},
	}
}
