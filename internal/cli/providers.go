package cli

import (
	"context"
	"fmt"
	"os"

	cli "github.com/urfave/cli/v3"

	"herald/internal/report"
)

func providersCommand(e *env) *cli.Command {
	var asJSON, docs bool
	return &cli.Command{
		Name:  "providers",
		Usage: "print each provider's settings, content kinds, limits and look-ups",
		Flags: []cli.Flag{
			documentFlag(e, &asJSON), noColorFlag(e),
			&cli.BoolFlag{Name: "docs", Usage: "write the page providers/README.md of herald's source", Destination: &docs},
		},
		Action: func(_ context.Context, c *cli.Command) error {
			if err := noArgs(c); err != nil {
				return err
			}
			m := report.NewProviders(e.registry)
			if docs {
				return writeProviderPage(e, m)
			}
			if asJSON {
				return report.Document(e.out, m)
			}
			m.Text(e.out, e.style(e.out))
			return nil
		},
	}
}

// writeProviderPage keeps the page in herald's own source true.
func writeProviderPage(e *env, m report.Providers) error {
	path := e.path(providerPage)
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("-docs writes %s of herald's source, and it is not here: %w", providerPage, err)
	}
	if err := os.WriteFile(path, []byte(m.Page()), 0o644); err != nil {
		return err
	}
	_, err := fmt.Fprintln(e.out, path)
	return err
}

const providerPage = "providers/README.md"
