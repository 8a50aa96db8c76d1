package cli

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	cli "github.com/urfave/cli/v3"

	"herald/internal/addr"
	"herald/internal/report"
	"herald/spec"
)

// jsonFlag makes a command's output a stream of JSON objects, errors among them.
func jsonFlag(e *env, to *bool) cli.Flag {
	return &cli.BoolFlag{Name: "json", Usage: "print JSON for machines", Destination: to, Action: func(_ context.Context, _ *cli.Command, set bool) error {
		e.stream = set
		return nil
	}}
}

// documentFlag makes a command's output one JSON document, also when it is an error.
func documentFlag(e *env, to *bool) cli.Flag {
	return &cli.BoolFlag{Name: "json", Usage: "print JSON for machines", Destination: to, Action: func(_ context.Context, _ *cli.Command, set bool) error {
		e.document = set
		return nil
	}}
}

// noColorFlag takes -no-color after the command too, where Terraform has it.
func noColorFlag(e *env) cli.Flag {
	return &cli.BoolFlag{Name: "no-color", Usage: "print without colours", Action: func(_ context.Context, _ *cli.Command, set bool) error {
		e.noColor = e.noColor || set // before the command and after it: both count
		return nil
	}}
}

// campaignOptions says which campaign a command is about, and with which values.
type campaignOptions struct {
	vars    []spec.VarFlag
	sandbox bool
	offline bool // nobody is asked anything: secrets that are not given are not needed
}

func (o *campaignOptions) flags(e *env) []cli.Flag {
	return append(o.valueFlags(e), sandboxFlag(&o.sandbox))
}

// valueFlags are those of commands that mean the vendors themselves.
func (o *campaignOptions) valueFlags(e *env) []cli.Flag {
	return []cli.Flag{
		&cli.GenericFlag{Name: "var", Usage: "set a variable: `NAME=VALUE`; may be given again", Value: &varValue{to: &o.vars}},
		&cli.GenericFlag{Name: "var-file", Usage: "read variables from `FILE`; may be given again", Value: &varValue{to: &o.vars, file: e.path}},
		noColorFlag(e),
	}
}

func sandboxFlag(to *bool) cli.Flag {
	return &cli.BoolFlag{Name: "sandbox", Usage: "rehearse: emulators inside this process, a ledger of its own, no credentials", Destination: to}
}

// varValue collects -var and -var-file into one list, since later ones win whichever they are.
type varValue struct {
	to   *[]spec.VarFlag
	file func(string) string // nil for -var
}

// Set takes one flag.
func (v *varValue) Set(s string) error {
	if v.file != nil {
		if name, _, assigned := strings.Cut(s, "="); assigned {
			if _, err := os.Stat(v.file(s)); err != nil {
				return fmt.Errorf("-var-file takes a file, and \"%s=...\" is none; a single variable is set by -var", report.Escape(name))
			}
		}
		*v.to = append(*v.to, spec.VarFlag{Value: s})
		return nil
	}
	name, value, found := strings.Cut(s, "=")
	if !found || name == "" {
		return fmt.Errorf("-var takes name=value, and got no name or no \"=\"")
	}
	*v.to = append(*v.to, spec.VarFlag{Name: name, Value: value})
	return nil
}

// String is empty: the value may be a secret, and help would print it.
func (v *varValue) String() string { return "" }

// Get gives nothing: the list is read where it is kept.
func (v *varValue) Get() any { return nil }

// planOptions says what of a campaign is planned.
type planOptions struct {
	targets, replace []string
	limit, samples   int
	acceptNewKeys    bool
	now              string
}

func (o *planOptions) flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "target", Usage: "plan only `ADDRESS`: a sequence, a message or one send; may be given again", Destination: &o.targets},
		&cli.StringSliceFlag{Name: "replace", Usage: "send `ADDRESS` again, though it was sent or refused; may be given again", Destination: &o.replace},
		&cli.IntFlag{Name: "limit", Usage: "send at most `N`, in plan order", Value: -1, HideDefault: true, Destination: &o.limit},
		&cli.IntFlag{Name: "samples", Usage: "show `N` rendered messages of each group", Value: 1, Destination: &o.samples},
		&cli.BoolFlag{Name: "accept-new-keys", Usage: "accept that the key of a contacts source changed, which may write to people again", Destination: &o.acceptNewKeys},
		nowFlag(&o.now),
	}
}

// parseTargets reads addresses given on the command line.
func parseTargets(flag string, given []string) ([]addr.Target, error) {
	var targets []addr.Target
	for _, s := range given {
		t, err := addr.Parse(s)
		if err != nil {
			return nil, fmt.Errorf("-%s: %w", flag, err)
		}
		targets = append(targets, t)
	}
	return targets, nil
}

func lockTimeoutFlag(to *time.Duration) cli.Flag {
	return &cli.DurationFlag{Name: "lock-timeout", Usage: "wait for another run's lock up to `DURATION`, say 5m", Destination: to}
}
