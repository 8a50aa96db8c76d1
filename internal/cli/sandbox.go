package cli

import (
	"context"
	"fmt"

	cli "github.com/urfave/cli/v3"

	"herald/internal/live"
	"herald/internal/report"
	"herald/providers/sandbox"
)

type sandboxOptions struct {
	listen string
	json   bool
}

func sandboxCommand(e *env) *cli.Command {
	var o sandboxOptions
	return &cli.Command{
		Name:  "sandbox",
		Usage: "run local emulators of all providers",
		Description: "Prints where each emulator listens and the token it takes, and runs until it is interrupted. Put the\n" +
			"address into a provider block as base_url, or use plan -sandbox and apply -sandbox, which start their own.\n\n" +
			"A page for your browser, whose address is printed too, shows what arrived as people see it, and what\n" +
			"arrives while it is open. On it you can answer in the place of the person, where the provider has\n" +
			"conversations.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "listen", Usage: "listen on `ADDR` of this machine", Value: "127.0.0.1:0", Destination: &o.listen},
			documentFlag(e, &o.json), noColorFlag(e),
		},
		Action: func(ctx context.Context, c *cli.Command) error {
			if err := noArgs(c); err != nil {
				return err
			}
			return runSandbox(ctx, e, o)
		},
	}
}

// emulator is one line of what "sandbox" prints.
type emulator struct {
	Provider string  `json:"provider"`
	BaseURL  string  `json:"base_url"`
	Tokens   []token `json:"tokens"`
}

// token is a credential that an emulator takes, and where herald looks for it.
type token struct {
	Env   string `json:"env"`
	Value string `json:"value"`
}

func runSandbox(ctx context.Context, e *env, o sandboxOptions) error {
	page := live.New()
	box, err := sandbox.Start(sandbox.Options{Listen: o.listen, Observe: page.Observe, Witness: page.Witness, Page: page.Serve})
	if err != nil {
		return err
	}
	defer box.Close()
	// The signals are taken before anything is printed: whoever reads the addresses may interrupt at once.
	_, stop := interrupts(ctx, func() {})
	var emulators []emulator
	for _, v := range box.Vendors() {
		one := emulator{Provider: v.Name, BaseURL: v.URL}
		if t, known := e.registry.Type(v.Name); known {
			for _, s := range t.Facts.Settings {
				if s.Secret && !s.Receives {
					one.Tokens = append(one.Tokens, token{s.Env, sandboxToken(s, v)})
				}
			}
		}
		emulators = append(emulators, one)
	}
	if o.json {
		if err := report.Document(e.out, map[string]any{"format_version": "1.0", "page": pageOf(box), "emulators": emulators}); err != nil {
			return err
		}
	} else {
		for _, em := range emulators {
			fmt.Fprintf(e.out, "%s\n  base_url  %q\n", em.Provider, em.BaseURL)
			for _, t := range em.Tokens {
				fmt.Fprintf(e.out, "  token     %s=%s\n", t.Env, t.Value)
			}
		}
		fmt.Fprintf(e.out, "\nWhat arrives is drawn at %s in your browser. The tokens are made up for this run; answers of Maax AI\ngo to loopback addresses only. Stop with Ctrl-C.\n", pageOf(box))
	}
	select {
	case <-stop:
	case <-ctx.Done():
	}
	if o.json {
		return nil
	}
	fmt.Fprintln(e.out)
	for _, v := range box.Vendors() {
		fmt.Fprintf(e.out, "%s received %s.\n", v.Name, report.Count(box.Count(v.Name), "message"))
	}
	return nil
}

// pageOf is where a browser sees what arrived.
func pageOf(box *sandbox.Sandbox) string { return "http://" + box.Addr() + "/" }
