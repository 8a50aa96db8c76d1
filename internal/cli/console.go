package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/hashicorp/hcl/v2"
	cli "github.com/urfave/cli/v3"
	"golang.org/x/term"
)

// maxExpression bounds one line of the console, in bytes.
const maxExpression = 64 << 10

const consoleHelp = `Write an expression and press return: var.NAME, local.NAME, functions such as
upper("a"), and with -contact=KEY contact.NAME. exit or Ctrl-D ends.
`

type consoleOptions struct {
	campaignOptions
	contact string
	json    bool
}

func consoleCommand(e *env) *cli.Command {
	var o consoleOptions
	return &cli.Command{
		Name:  "console",
		Usage: "evaluate expressions",
		Description: "Reads one expression a line and prints its value: variables, locals, functions, and with -contact\n" +
			"the attributes of that person. Values of sensitive variables are not shown. exit or Ctrl-D ends.",
		Flags: append(o.flags(e),
			&cli.StringFlag{Name: "contact", Usage: "make contact the person with `KEY`: a contact block, or a row of a contacts source", Destination: &o.contact},
			documentFlag(e, &o.json)),
		Action: func(_ context.Context, c *cli.Command) error {
			if err := noArgs(c); err != nil {
				return err
			}
			if c.IsSet("contact") && o.contact == "" {
				return errors.New("-contact is empty, an unset variable perhaps; leave it out to evaluate without a person")
			}
			return console(e, o)
		},
	}
}

func console(e *env, o consoleOptions) error {
	o.sandbox = true // sensitive values are not shown, so they need not be there
	v := newDocumentView(e, o.json)
	c, diags, err := loadCampaign(e, o.campaignOptions)
	if err != nil {
		return err
	}
	if diags.HasErrors() {
		v.diagnostics(diags, c)
		return errShown
	}
	scope := consoleScope(c)
	if o.contact != "" {
		person, err := findPerson(c, o.contact)
		if err != nil {
			return err
		}
		scope.Variables["contact"] = person
	}
	s := &consoleSession{env: e, json: o.json, scope: scope}
	failed := false
	err = s.lines(func(line string) { failed = !s.answer(line) || failed })
	if err == nil && failed && !s.typed() {
		return errShown
	}
	return err
}

// consoleSession is one dialogue.
type consoleSession struct {
	env   *env
	json  bool
	scope *hcl.EvalContext
}

// typed reports whether a person types the lines.
func (s *consoleSession) typed() bool {
	terminal, _ := terminalWidth(s.env.in)
	return terminal
}

// lines takes every line that is an expression, until there are no more.
func (s *consoleSession) lines(take func(string)) error {
	read := s.reader()
	for {
		line, err := read()
		switch line = strings.TrimSpace(line); {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, bufio.ErrTooLong):
			return fmt.Errorf("console: a line is longer than %d bytes", maxExpression)
		case err != nil:
			return fmt.Errorf("console: %w", err)
		case line == "exit":
			return nil
		case line == "help" && !s.json:
			io.WriteString(s.env.out, consoleHelp)
		case line != "":
			take(line)
		}
	}
}

// reader gives what reads the next line: with a prompt where a person types and sees it.
func (s *consoleSession) reader() func() (string, error) {
	if shown, _ := terminalWidth(s.env.out); shown && s.typed() {
		return prompt(s.env.in.(*os.File), s.env.out)
	}
	lines := bufio.NewScanner(s.env.in)
	lines.Buffer(nil, maxExpression)
	return func() (string, error) {
		switch {
		case lines.Scan():
			return lines.Text(), nil
		case lines.Err() != nil:
			return "", lines.Err()
		}
		return "", io.EOF
	}
}

// prompt edits lines on a terminal, with a history. Its raw mode is on only while a line is read, so that what is printed
// between looks as everywhere.
func prompt(in *os.File, out io.Writer) func() (string, error) {
	t := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{in, out}, "> ")
	return func() (line string, err error) {
		before, err := term.MakeRaw(int(in.Fd()))
		if err != nil {
			return "", err
		}
		defer func() {
			err = errors.Join(err, term.Restore(int(in.Fd()), before))
			if errors.Is(err, io.EOF) {
				fmt.Fprintln(out)
			}
		}()
		if width, height, err := term.GetSize(int(in.Fd())); err == nil && width > 0 {
			// What cannot be drawn that wide is drawn in the usual width.
			_ = t.SetSize(width, height)
		}
		return t.ReadLine()
	}
}
