package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	cli "github.com/urfave/cli/v3"
	"github.com/zclconf/go-cty/cty"

	"herald/executor"
	"herald/internal/addr"
	"herald/internal/report"
	"herald/planner"
	"herald/state"
)

type tryOptions struct {
	campaignOptions
	to          string
	json        bool
	lockTimeout time.Duration
}

func tryCommand(e *env) *cli.Command {
	var o tryOptions
	return &cli.Command{
		Name:      "try",
		Usage:     "send one message to one declared person, as a test",
		ArgsUsage: "ADDRESS",
		Description: "Sends the message ADDRESS (sequence.message) once, to the person of a contact block, whether or not the\n" +
			"sequence would write to that person. It asks nothing, keeps to the account's limit, and is recorded as a\n" +
			"run but not as a send: it changes nothing of what apply sends. Whoever is on an exclude list is refused.",
		Flags: append(o.flags(e),
			&cli.StringFlag{Name: "to", Usage: "the person: `contact.NAME` of a contact block", Destination: &o.to},
			lockTimeoutFlag(&o.lockTimeout), documentFlag(e, &o.json)),
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Len() != 1 {
				return fmt.Errorf("give one message to try, as in: herald try renewal.offer -to=contact.me")
			}
			return try(ctx, e, o, c.Args().First())
		},
	}
}

func try(ctx context.Context, e *env, o tryOptions, address string) error {
	what, err := addr.Parse(address)
	if err != nil {
		return err
	}
	if what.Message == "" || what.One {
		return fmt.Errorf("%s is no message: try takes sequence.message, and the person in -to", address)
	}
	key, err := contactKey(o.to)
	if err != nil {
		return err
	}
	v := newDocumentView(e, o.json)
	ctx, drain := interrupts(ctx, func() {
		report.Note(e.err, e.style(e.err), "Interrupted: a request in flight is finished. Once more gives that up, too.")
	})
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
		return err
	}
	defer lock.Release()
	if err := s.expectLedger(v, true, false); err != nil {
		return err
	}
	known, err := lock.Read(before)
	if err != nil {
		return err
	}
	if err := s.rightLedger(known); err != nil {
		return err
	}
	trial, diags, err := planner.Try(before, s.campaign, plannerAccounts(s.accounts), addr.Message{Sequence: what.Sequence, Name: what.Message}, key)
	if err != nil {
		return err
	}
	v.diagnostics(diags, s.campaign)
	if diags.HasErrors() {
		return errShown
	}
	if err := missingSecrets(s.accounts, []string{trial.Step.Account}); err != nil {
		return err
	}
	m, err := s.try(ctx, drain, trial, known, lock)
	if err != nil {
		return err
	}
	if o.json {
		err = report.Document(e.out, m)
	} else {
		m.Text(e.out, e.style(e.out))
	}
	if err == nil && m.Result != string(executor.Sent) {
		err = errShown
	}
	return err
}

// contactKey reads contact.ada or contact["ada@example.com"].
func contactKey(to string) (string, error) {
	wrong := fmt.Errorf("-to=%s: give a declared person, as in -to=contact.me or -to='contact[\"me@example.com\"]'", report.Escape(to))
	if to == "" {
		return "", errors.New("-to is missing: say who gets the test, as in -to=contact.me")
	}
	t, diags := hclsyntax.ParseTraversalAbs([]byte(to), "-to", hcl.InitialPos)
	if diags.HasErrors() || t.RootName() != "contact" || len(t) != 2 {
		return "", wrong
	}
	switch step := t[1].(type) {
	case hcl.TraverseAttr:
		return step.Name, nil
	case hcl.TraverseIndex:
		if step.Key.Type() == cty.String {
			return step.Key.AsString(), nil
		}
	}
	return "", wrong
}

// try carries a trial out as a run of its own.
func (s *session) try(ctx context.Context, drain <-chan struct{}, trial *planner.Trial, known *state.View, lock *state.Lock) (report.Trial, error) {
	e, step := s.env, &trial.Step
	m := report.Trial{FormatVersion: "1.0", Message: step.Send.Message.String(), Contact: step.Send.Key, Account: step.Account,
		Verb: s.accounts[step.Account].facts.Verb, Content: trial.Text, Result: "unsent"}
	steps := planner.NewStepFiles()
	defer steps.Close()
	if err := steps.Add(step); err != nil {
		return m, err
	}
	lane, err := s.lane(step.Account, 1, steps, known)
	if err != nil {
		return m, err
	}
	options := s.ledgerOptions(false)
	options.Lock = lock
	ledger, err := state.Open(ctx, s.ledger, options)
	if err != nil {
		return m, err
	}
	defer ledger.Close()
	run := state.Run{Who: e.who(), Command: e.command(), Version: Version, Started: e.now()}
	if run.ID, err = ledger.StartRun(ctx, run, nil, nil, nil); err != nil {
		return m, err
	}
	m.Run = run.ID
	attempts := unrecorded{ledger, step.Account}
	result, runErr := executor.Run(ctx, []executor.Lane{lane}, executor.Options{Ledger: attempts, Drain: drain, Observe: func(ev executor.Event) {
		if done, ok := ev.(executor.Done); ok {
			m.Result, m.Reason, m.ProviderID, m.Status = string(done.Result), done.Reason, done.ID, done.Status
		}
	}})
	for _, l := range result.Lanes {
		if l.Stop != nil {
			m.Reason = l.Stop.Error()
		}
	}
	sum := summarise(result)
	run.Ended, run.Finished = e.now(), true
	run.Sent, run.Refused, run.InDoubt, run.Unsent = sum.Sent, sum.Refused, sum.InDoubt, sum.Unsent
	endErr := ledger.EndRun(context.WithoutCancel(ctx), run)
	return m, errors.Join(runErr, endErr, ledger.Close())
}

// unrecorded is the ledger of a test: of each attempt only the instant is recorded, for the account's limit.
type unrecorded struct {
	ledger  *state.Ledger
	account string
}

func (u unrecorded) Intend(ctx context.Context, i state.Intent) error {
	return u.ledger.Attempted(ctx, u.account, i.At)
}

func (u unrecorded) Record(context.Context, state.Result) error { return nil }

func (u unrecorded) Turn(ctx context.Context, _ state.Result, i state.Intent) (recorded, intended error) {
	return nil, u.Intend(ctx, i)
}

func (u unrecorded) CommitLatency() time.Duration { return u.ledger.CommitLatency() }

var _ executor.Ledger = unrecorded{}
