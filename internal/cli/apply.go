package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"time"

	cli "github.com/urfave/cli/v3"

	"herald/internal/addr"
	"herald/internal/report"
	"herald/planner"
	"herald/state"
)

type applyOptions struct {
	campaignOptions
	planOptions
	json, autoApprove, newLedger bool
	lockTimeout                  time.Duration
}

func applyCommand(e *env) *cli.Command {
	var o applyOptions
	return &cli.Command{
		Name:  "apply",
		Usage: "plan, ask, send",
		Description: "Shows the plan, asks, then sends it, in parallel and within each account's limit. What was sent is\n" +
			"in the ledger: the same command again sends only what is left. The first Ctrl-C takes no new work and\n" +
			"finishes what is in flight; the second gives that up too.",
		Flags: append(append(o.campaignOptions.flags(e), o.planOptions.flags()...),
			&cli.BoolFlag{Name: "auto-approve", Usage: "do not ask", Destination: &o.autoApprove},
			&cli.BoolFlag{Name: "new-ledger", Usage: "begin a new ledger although one was here before", Destination: &o.newLedger},
			lockTimeoutFlag(&o.lockTimeout), jsonFlag(&o.json)),
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Len() > 0 {
				return fmt.Errorf("apply FILE, for saved plans, comes with a later version of herald; this is %s", Version)
			}
			return apply(ctx, e, o)
		},
	}
}

func apply(ctx context.Context, e *env, o applyOptions) error {
	v := newView(e, o.json)
	err := applyCampaign(ctx, e, o, v)
	return shown(v, err)
}

func applyCampaign(ctx context.Context, e *env, o applyOptions, v view) error {
	if terminal, _ := terminalWidth(e.in); !o.autoApprove && (o.json || !terminal) {
		return fmt.Errorf("apply asks before it sends, and there is no terminal to ask on; review the plan, then give -auto-approve")
	}
	out := &runView{view: v, now: e.now}
	ctx, drain := interrupts(ctx, out.interrupted)
	before, cancel := untilDrained(ctx, drain)
	defer cancel()
	s, err := openSession(e, o.campaignOptions, v)
	if err != nil {
		return err
	}
	defer s.close()
	if s.box != nil {
		if err := ownDirectory(filepath.Dir(s.ledger)); err != nil {
			return err
		}
	}
	lock, err := acquire(before, e, s.ledger, o.lockTimeout)
	if err != nil {
		return cancelled(before, err)
	}
	defer lock.Release()
	if err := s.expectLedger(v, true, o.newLedger); err != nil {
		return err
	}
	known, err := lock.Read(before)
	if err != nil {
		return cancelled(before, err)
	}
	if err := s.rightLedger(known); err != nil {
		return err
	}
	// What can be looked up at once is, and recorded: the plan is then about what is really left.
	found, known, err := s.record(before, before, known, lock, false, nil)
	if err != nil {
		return cancelled(before, err)
	}
	steps := planner.NewStepFiles()
	defer steps.Close()
	var assumed []addr.Send
	p, err := s.plan(before, o.planOptions, known, nil, v, func(step *planner.Step) error {
		if step.Action == planner.Assume {
			assumed = append(assumed, step.Send)
		}
		return steps.Add(step)
	})
	if err != nil {
		return cancelled(before, err)
	}
	v.plan(s.planModel(before, p, o.samples, found))
	if len(p.Forbidden) > 0 {
		return errForbidden
	}
	unwell := p.Counts[planner.Refused]+p.Counts[planner.InDoubt] > 0
	// Keys that were accepted are recorded even when nothing is sent, so that nobody needs the flag twice.
	newKeys := o.acceptNewKeys && known.Exists && !maps.Equal(known.KeyAttributes, p.KeyAttributes)
	if p.Changes() > 0 || newKeys || len(found.early) > 0 {
		if err := missingSecrets(s.accounts, busyAccounts(p)); err != nil {
			return err
		}
		if !o.autoApprove && p.Changes() > 0 {
			if err := approve(before, e, p); err != nil {
				return err
			}
		}
		sum, err := carryOut(ctx, drain, s, p, work{steps: steps, assumed: assumed, early: found.early}, known, lock, o, out)
		if err != nil {
			return err
		}
		unwell = unwell || sum.Refused+sum.InDoubt > 0 || len(sum.Stops) > 0 || sum.Interrupted
	}
	if unwell {
		return errIncomplete
	}
	return nil
}

var errCancelled = errors.New("apply cancelled; nothing was sent")

// cancelled says so when an interrupt is why something before the run failed.
func cancelled(before context.Context, err error) error {
	if before.Err() != nil {
		return errCancelled
	}
	return err
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
