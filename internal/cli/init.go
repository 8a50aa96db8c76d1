package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	cli "github.com/urfave/cli/v3"

	"herald/examples"
)

func initCommand(e *env) *cli.Command {
	return &cli.Command{
		Name:        "init",
		Usage:       "write a small working campaign into an empty directory",
		Description: "Writes campaign.hcl and a .gitignore that keeps the ledger out of git. The directory is made when it is missing.",
		Flags:       []cli.Flag{noColorFlag(e)},
		Action: func(_ context.Context, c *cli.Command) error {
			if err := noArgs(c); err != nil {
				return err
			}
			return initialise(e)
		},
	}
}

const ignored = `# What a run leaves beside a campaign: who was written to is no matter for git.
.herald/
herald.state
herald.state-wal
herald.state-shm
herald.state.lock
herald.inbox
`

func initialise(e *env) error {
	dir := e.dir
	if dir == "" {
		dir = "."
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("init: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("init: %w", err)
	}
	for _, entry := range entries {
		if entry.Name() != ".git" {
			return fmt.Errorf("init writes into an empty directory, and %s holds %q; choose another with -chdir=DIR", dir, entry.Name())
		}
	}
	for _, file := range []struct {
		name    string
		content []byte
	}{{"campaign.hcl", examples.FirstMessage}, {".gitignore", []byte(ignored)}} {
		if err := os.WriteFile(filepath.Join(dir, file.name), file.content, 0o644); err != nil {
			return fmt.Errorf("init: %w", err)
		}
	}
	chdir := ""
	if e.dir != "" {
		chdir = " -chdir=" + e.dir
	}
	fmt.Fprintf(e.out, "Wrote campaign.hcl and .gitignore.\n\nTry it; nothing leaves this machine:\n\n  herald%s plan -sandbox\n  herald%s apply -sandbox\n", chdir, chdir)
	return nil
}
