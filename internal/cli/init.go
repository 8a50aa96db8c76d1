package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	cli "github.com/urfave/cli/v3"

	"herald/examples"
	"herald/internal/report"
)

func initCommand(e *env) *cli.Command {
	var asJSON bool
	return &cli.Command{
		Name:  "init",
		Usage: "write a small working campaign into a directory without one",
		Description: "Writes campaign.hcl and, where there is none, a .gitignore that keeps the ledger out of git. The directory is\n" +
			"made when it is missing; one that holds a campaign is left alone.",
		Flags: []cli.Flag{documentFlag(e, &asJSON), noColorFlag(e)},
		Action: func(_ context.Context, c *cli.Command) error {
			if err := noArgs(c); err != nil {
				return err
			}
			return initialise(e, asJSON)
		},
	}
}

const ignored = `# What a run leaves beside a campaign: who was written to is no matter for git.
.herald/
*.plan
herald.state
herald.state-wal
herald.state-shm
herald.state.lock
herald.inbox
`

func initialise(e *env, asJSON bool) error {
	dir := e.dir
	if dir == "" {
		dir = "."
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("init: %w", err)
	}
	if here, err := filepath.Glob(filepath.Join(escapeGlob(dir), "*.hcl")); err != nil || len(here) > 0 {
		return fmt.Errorf("init begins a campaign, and %s holds one already (%s); choose another directory with -chdir=DIR", dir, filepath.Base(append(here, "?")[0]))
	}
	var written []string
	for _, file := range []struct {
		name    string
		content []byte
	}{{"campaign.hcl", examples.FirstMessage}, {".gitignore", []byte(ignored)}} {
		f, err := os.OpenFile(filepath.Join(dir, file.name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err == nil {
			_, err = f.Write(file.content)
			err = errors.Join(err, f.Close())
		}
		if err != nil {
			return fmt.Errorf("init: %w", err)
		}
		written = append(written, file.name)
	}
	if asJSON {
		return report.Document(e.out, map[string]any{"format_version": "1.0", "written": written})
	}
	chdir := ""
	if e.dir != "" {
		chdir = " -chdir=" + shellWord(e.dir)
	}
	_, err := fmt.Fprintf(e.out, "Wrote %s.\n\nTry it; nothing leaves this machine:\n\n  herald%s plan -sandbox\n  herald%s apply -sandbox\n",
		strings.Join(written, " and "), chdir, chdir)
	return err
}

// escapeGlob makes a path match itself.
func escapeGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}

// shellWord quotes a word for a shell, when it needs that.
func shellWord(s string) string {
	plain := strings.IndexFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_-./,:+@%", r)
	}) < 0
	if plain && s != "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
