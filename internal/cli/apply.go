package cli

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	cli "github.com/urfave/cli/v3"

	"herald/internal/report"
	"herald/planner"
	"herald/state"
)

type applyOptions struct {
	campaignOptions
	planOptions
	json, autoApprove, newLedger, watch bool
	planOnly                            bool   // of a test: nothing is sent
	file, approveDigest                 string // of a sealed plan
	jsonInto                            string
	lockTimeout                         time.Duration
}

func applyCommand(e *env) *cli.Command {
	var o applyOptions
	return &cli.Command{
		Name:      "apply",
		ArgsUsage: "[FILE]",
		Usage:     "plan, ask, send",
		Description: "Shows the plan, asks, then sends it, in parallel and within each account's limit. What was sent is\n" +
			"in the ledger: the same command again sends only what is left. The first Ctrl-C takes no new work and\n" +
			"finishes what is in flight; the second gives that up too. What waits for its time, or for a reply, is\n" +
			"sent by a later apply, or by this one with -watch. With FILE, which plan -out=FILE sealed, it sends exactly\n" +
			"that and asks nothing; -approve-digest=D makes sure that it is the plan that was reviewed.",
		Flags: append(append(o.campaignOptions.flags(e), o.planOptions.flags()...),
			&cli.BoolFlag{Name: "auto-approve", Usage: "do not ask", Destination: &o.autoApprove},
			&cli.BoolFlag{Name: "watch", Usage: "stay, plan again and send what becomes due, until nothing waits", Destination: &o.watch},
			&cli.StringFlag{Name: "approve-digest", Usage: "apply FILE only if its digest is `D`", Destination: &o.approveDigest},
			&cli.BoolFlag{Name: "new-ledger", Usage: "begin a new ledger although one was here before", Destination: &o.newLedger},
			lockTimeoutFlag(&o.lockTimeout), jsonFlag(e, &o.json), jsonIntoFlag(&o.jsonInto)),
		Action: func(ctx context.Context, c *cli.Command) error {
			if err := notEmpty(c, "approve-digest", "json-into", "now"); err != nil {
				return err
			}
			switch {
			case c.Args().Len() > 1:
				return fmt.Errorf("apply takes one sealed plan, and got %d arguments", c.Args().Len())
			case c.Args().Len() == 1:
				o.file = c.Args().First()
			case o.approveDigest != "":
				return fmt.Errorf("-approve-digest is about a sealed plan: herald apply -approve-digest=D FILE")
			}
			return apply(ctx, e, o)
		},
	}
}

func apply(ctx context.Context, e *env, o applyOptions) error {
	return withView(ctx, e, o.json, o.jsonInto, func(ctx context.Context, v view) error {
		if o.file != "" {
			return applyFile(ctx, e, o, o.file, v)
		}
		return applyCampaign(ctx, e, o, v)
	})
}

func applyCampaign(ctx context.Context, e *env, o applyOptions, v view) error {
	terminal, _ := terminalWidth(e.in)
	switch {
	case o.watch && !o.autoApprove:
		return fmt.Errorf("apply -watch sends what becomes due while nobody looks; review the plan, then give -auto-approve too")
	case o.watch && (o.limit >= 0 || len(o.replace) > 0):
		return fmt.Errorf("apply -watch plans again and again, and would send the rest of a -limit, or a -replace once more, with the next round; leave -watch out for this run")
	case o.now != "" && !o.sandbox:
		return fmt.Errorf("-now is for rehearsals: an apply that sends goes by the real clock; add -sandbox, or leave -now out")
	case !o.autoApprove && (o.json || !terminal):
		return fmt.Errorf("apply asks before it sends, and there is no terminal to ask on; review the plan, then give -auto-approve")
	}
	if err := e.setClock(o.now); err != nil {
		return err
	}
	bars, _ := terminalWidth(e.out)
	out := &runView{view: v, now: e.now, terminal: bars && !o.json}
	if o.watch {
		out.view = newOnceView(v)
	}
	ctx, drain := interrupts(ctx, out.interrupted)
	before, cancel := untilDrained(ctx, drain)
	defer cancel()
	s, err := openRehearsal(e, o.campaignOptions, v, rehearsal{hears: o.sandbox})
	if err != nil {
		return err
	}
	defer s.close()
	a := applying{session: s, o: o, out: out, drain: drain}
	if o.watch {
		return a.watch(ctx, before)
	}
	r, err := a.round(ctx, before, true)
	if err != nil {
		return err
	}
	return r.err()
}

// ownDirectory makes herald's own directory beside a campaign, and keeps it out of git.
func ownDirectory(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("the sandbox's ledger: %w", err)
	}
	ignore := filepath.Join(dir, ".gitignore")
	if _, err := os.Stat(ignore); err == nil {
		return nil
	}
	if err := os.WriteFile(ignore, []byte("*\n"), 0o600); err != nil {
		return fmt.Errorf("the sandbox's ledger: %w", err)
	}
	return nil
}

// acquire takes the ledger's lock for a run.
func acquire(ctx context.Context, e *env, ledger string, wait time.Duration) (*state.Lock, error) {
	return state.Acquire(ctx, ledger, state.Holder{
		Who: e.who(), PID: os.Getpid(), Command: e.command(), URL: e.ciURL(), Since: e.now(),
	}, wait)
}

// approve asks, in Terraform's words. Only "yes" is yes.
func approve(ctx context.Context, e *env, p *planner.Plan) error {
	fmt.Fprintf(e.out, "\nDo you want to send these messages?\n  Herald will %s as described above.\n  What was sent cannot be called back.\n  Only 'yes' will be accepted to approve.\n\n  Enter a value: ",
		report.NewPlan(p).Work())
	answers := make(chan string, 1)
	go func() {
		answer, err := bufio.NewReader(e.in).ReadString('\n')
		if err != nil {
			fmt.Fprintln(e.out) // the cursor still stands behind the question
		}
		answers <- answer
	}()
	select {
	case answer := <-answers:
		fmt.Fprintln(e.out)
		if answer == "yes\n" || answer == "yes\r\n" {
			return nil
		}
	case <-ctx.Done():
		fmt.Fprint(e.out, "\n\n")
	}
	return errCancelled
}

// busyAccounts lists the accounts that have something to send.
func busyAccounts(p *planner.Plan) []string {
	var names []string
	for _, l := range p.Lanes {
		if l.Sends > 0 {
			names = append(names, l.Account)
		}
	}
	return names
}
