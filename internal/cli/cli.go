package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"regexp"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	cli "github.com/urfave/cli/v3"

	"herald/internal/report"
)

// Main runs herald with args (the program's name first) and gives the exit code.
func Main(args []string, in io.Reader, out, err io.Writer) int {
	log.SetOutput(io.Discard) // net/http logs bytes that vendors send after an answer; they may hold anything
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
		Writer:                          e.out,
		ErrWriter:                       e.err,
		Reader:                          e.in,
		HideVersion:                     true,
		EnableShellCompletion:           true,
		ConfigureShellCompletionCommand: configureCompletion(e),
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "chdir", Usage: "work in `DIR`", Destination: &e.dir},
			noColorFlag(e),
			&cli.BoolFlag{Name: "version", Usage: "print herald's version", Destination: &e.version},
		},
		Commands: []*cli.Command{
			initCommand(e), validateCommand(e), fmtCommand(e), planCommand(e), applyCommand(e), tryCommand(e), showCommand(e),
			statusCommand(e), refreshCommand(e), listenCommand(e), testCommand(e), messagesCommand(e), stateCommand(e), sandboxCommand(e),
			consoleCommand(e), graphCommand(e), providersCommand(e), versionCommand(e),
		},
		ExitErrHandler: func(context.Context, *cli.Command, error) {}, // exit codes are given by Main alone
	}
	prepare(root)
	help := root.Action
	root.Action = func(ctx context.Context, c *cli.Command) error {
		if e.version && c.Args().Len() == 0 {
			return printVersion(e, false)
		}
		return help(ctx, c)
	}
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

var (
	unknownFlag = regexp.MustCompile(`^flag provided but not defined: -+(.*)$`)
	badValue    = regexp.MustCompile(`(?s)^invalid value (".*") for flag -([^ :]+): (.*)$`)
)

// usage puts what the library says of wrong flags into herald's words. The value of -var may be a secret, so it is
// never repeated.
func usage(c *cli.Command, err error) error {
	text := err.Error()
	if m := unknownFlag.FindStringSubmatch(text); m != nil {
		name, _, _ := strings.Cut(m[1], "=")
		var known []string
		for _, f := range c.Flags {
			known = append(known, f.Names()...)
		}
		return fmt.Errorf("%s has no flag -%s.%s See %s -help", c.FullName(), report.Escape(name), suggest(name, known, "-"), c.FullName())
	}
	if m := badValue.FindStringSubmatch(text); m != nil {
		value, name, why := m[1], m[2], m[3]
		for _, f := range c.Flags {
			if !slices.Contains(f.Names(), name) {
				continue
			}
			switch f.(type) {
			case *cli.IntFlag:
				return fmt.Errorf("-%s takes a whole number, not %s", name, report.Escape(value))
			case *cli.DurationFlag:
				return fmt.Errorf("-%s takes a duration such as 30s or 5m, not %s", name, report.Escape(value))
			case *cli.GenericFlag:
				return errors.New(why)
			}
		}
	}
	return fmt.Errorf("%s: %s; see %s -help", c.FullName(), text, c.FullName())
}

func unknownCommand(c *cli.Command, name string) error {
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

// noArgs refuses arguments where a command takes none: mostly a flag whose dash was forgotten. What follows "=" is not
// repeated, since it may be a secret.
func noArgs(c *cli.Command) error {
	if c.Args().Len() == 0 {
		return nil
	}
	name, _, assigned := strings.Cut(c.Args().First(), "=")
	if assigned {
		return fmt.Errorf("%s takes no argument, and got one that begins %q; to set a variable, put -var before it", c.FullName(), name+"=")
	}
	return fmt.Errorf("%s takes no argument, and got %q", c.FullName(), name)
}

// notEmpty refuses flags that are given without a value: a variable that a script forgot must not mean that the flag was not
// given, least of all -approve-digest.
func notEmpty(c *cli.Command, names ...string) error {
	for _, name := range names {
		if c.IsSet(name) && c.String(name) == "" {
			return fmt.Errorf("-%s is given without a value; leave it out, or say which", name)
		}
	}
	return nil
}

// exit prints what is left to print of err and gives its code.
func (e *env) exit(err error) int {
	if err == nil {
		return 0
	}
	if !errors.Is(err, errShown) && !isSilent(err) {
		v := newDocumentView(e, e.document)
		if e.stream { // it has not begun: what its command finds out is told there
			v = newView(e, true)
		}
		v.failed(err)
	}
	return exitCode(err)
}
