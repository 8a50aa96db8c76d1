package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/agext/levenshtein"
	cli "github.com/urfave/cli/v3"

	"herald/internal/report"
)

// Main runs herald with args (the program's name first) and gives the exit code.
func Main(args []string, in io.Reader, out, err io.Writer) int {
	e := newEnv(in, out, err)
	e.args = args
	return e.exit(newRoot(e).Run(context.Background(), args))
}

func newRoot(e *env) *cli.Command {
	root := &cli.Command{
		Name:  "herald",
		Usage: "plan message campaigns, review them, then send exactly that",
		Description: "A campaign is a directory of .hcl files. A first one: herald init, herald plan -sandbox,\n" +
			"herald apply -sandbox. Nothing is sent without apply, and with -sandbox nothing leaves this machine.",
		Writer:                e.out,
		ErrWriter:             e.err,
		Reader:                e.in,
		HideVersion:           true,
		EnableShellCompletion: true,
		ConfigureShellCompletionCommand: func(c *cli.Command) {
			c.Hidden = false
			c.Usage = "print the completion script for bash, zsh, fish or pwsh"
		},
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "chdir", Usage: "work in `DIR`", Destination: &e.dir},
			&cli.BoolFlag{Name: "no-color", Usage: "print without colours", Destination: &e.noColor},
		},
		Commands: []*cli.Command{
			initCommand(e), validateCommand(e), fmtCommand(e), planCommand(e), applyCommand(e), showCommand(e),
			statusCommand(e), stateCommand(e), sandboxCommand(e), providersCommand(e), versionCommand(e),
		},
		ExitErrHandler: func(context.Context, *cli.Command, error) {}, // exit codes are given by Main alone
	}
	prepare(root)
	return root
}

// prepare sets on every command what the library would otherwise do in its own way: it would split -var 'x=a,b' at
// the comma, print a page of help for each slip, and take an unknown command for an argument.
func prepare(c *cli.Command) {
	c.DisableSliceFlagSeparator = true
	c.OnUsageError = func(_ context.Context, c *cli.Command, err error, _ bool) error { return usage(c, err) }
	if len(c.Commands) > 0 && c.Action == nil {
		c.Action = func(_ context.Context, c *cli.Command) error {
			if c.Args().Len() > 0 {
				return unknownCommand(c, c.Args().First())
			}
			if err := cli.ShowSubcommandHelp(c); err != nil {
				return err
			}
			return errShown
		}
	}
	for _, sub := range c.Commands {
		prepare(sub)
	}
}

// laterFlags are flags of the documented command line that this version does not have.
var laterFlags = map[string]bool{
	"out": true, "now": true, "refresh": true, "watch": true, "approve-digest": true, "valid-for": true,
	"encrypt-to": true, "show-contacts": true, "json-into": true, "format": true, "markdown": true, "html": true, "docs": true,
}

// laterCommands are commands likewise.
var laterCommands = map[string]bool{
	"try": true, "refresh": true, "listen": true, "messages": true, "test": true, "console": true, "graph": true,
	"rm": true, "mv": true, "forget": true,
}

func usage(c *cli.Command, err error) error {
	text := err.Error()
	if _, why, found := strings.Cut(text, " for flag -var: "); found {
		text = why // the library would print the value, which may be a secret
	}
	if name, found := strings.CutPrefix(text, "flag provided but not defined: -"); found {
		name = strings.TrimLeft(name, "-")
		if laterFlags[name] {
			return fmt.Errorf("-%s comes with a later version of herald; this is %s", name, Version)
		}
		var known []string
		for _, f := range c.Flags {
			known = append(known, f.Names()...)
		}
		return fmt.Errorf("%s has no flag -%s.%s See %s -help", c.FullName(), report.Escape(name), suggest(name, known, "-"), c.FullName())
	}
	return fmt.Errorf("%s: %s; see %s -help", c.FullName(), text, c.FullName())
}

func unknownCommand(c *cli.Command, name string) error {
	if laterCommands[name] {
		return fmt.Errorf("%s %s comes with a later version of herald; this is %s", c.FullName(), name, Version)
	}
	var known []string
	for _, sub := range c.Commands {
		known = append(known, sub.Names()...)
	}
	return fmt.Errorf("%s has no command %q.%s See %s -help", c.FullName(), name, suggest(name, known, ""), c.FullName())
}

func suggest(name string, known []string, prefix string) string {
	best, distance := "", 3
	for _, k := range known {
		if d := levenshtein.Distance(name, k, nil); d < distance {
			best, distance = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" Did you mean %s%s?", prefix, best)
}

// noArgs refuses arguments where a command takes none: mostly a flag whose dash was forgotten.
func noArgs(c *cli.Command) error {
	if c.Args().Len() > 0 {
		return fmt.Errorf("%s takes no argument, and got %q", c.FullName(), c.Args().First())
	}
	return nil
}

// exit prints what is left to print of err and gives its code.
func (e *env) exit(err error) int {
	if err == nil {
		return 0
	}
	if !errors.Is(err, errShown) && !isSilent(err) {
		report.Error(e.err, e.style(e.err), err)
	}
	return exitCode(err)
}
