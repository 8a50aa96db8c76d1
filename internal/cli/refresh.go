package cli

import (
	"context"
	"time"

	cli "github.com/urfave/cli/v3"

	"herald/internal/report"
	"herald/planner"
	"herald/state"
)

type refreshOptions struct {
	campaignOptions
	json        bool
	lockTimeout time.Duration
}

func refreshCommand(e *env) *cli.Command {
	var o refreshOptions
	return &cli.Command{
		Name:  "refresh",
		Usage: "ask providers what became of messages, and record it",
		Description: "Reads what was delivered, read, failed and answered, takes in what vendors called herald listen with, and\n" +
			"looks up what is in doubt. It sends nothing. It waits until whatever a provider accepted must be visible there. What a provider cannot\n" +
			"tell stays in doubt: herald state resolve decides it.",
		Flags: append(o.flags(e), lockTimeoutFlag(&o.lockTimeout), documentFlag(e, &o.json)),
		Action: func(ctx context.Context, c *cli.Command) error {
			if err := noArgs(c); err != nil {
				return err
			}
			return refresh(ctx, e, o)
		},
	}
}

func refresh(ctx context.Context, e *env, o refreshOptions) error {
	v := newDocumentView(e, o.json)
	ctx, drain := interrupts(ctx, func() {})
	asking, cancel := untilDrained(ctx, drain)
	defer cancel()
	s, err := openSession(e, o.campaignOptions, v)
	if err != nil {
		return err
	}
	defer s.close()
	lock, err := acquire(asking, e, s.ledger, o.lockTimeout)
	if err != nil {
		return err
	}
	defer lock.Release()
	if err := s.expectLedger(v, true, false); err != nil {
		return err
	}
	known, err := lock.Read(ctx)
	if err != nil {
		return err
	}
	if err := s.rightLedger(known); err != nil {
		return err
	}
	came, known, err := s.takeIn(ctx, known, nil, nil, lock)
	if err != nil {
		return err
	}
	found, known, err := s.record(ctx, asking, known, lock, true)
	if err != nil {
		return err
	}
	learned := newLearned()
	if known.Exists {
		err = s.read(asking, known, &learned, func(state.Delivery) bool { return true }, lock)
		if err != nil && asking.Err() == nil {
			return err
		}
	}
	if known, err = lock.Read(ctx); err != nil {
		return err
	}
	quiet := learned
	quiet.unread = nil // the page itself says who could not be read
	p, err := s.plan(ctx, planOptions{limit: -1}, known, nil, quiet, v, func(*planner.Step) error { return nil })
	if err != nil {
		return err
	}
	m := report.NewRefresh(p, found.counts, found.reasons, known.Doubt)
	m.Interrupted = found.stopped || learned.stopped
	m.Calls, m.Strays, m.Proven = came.calls, came.strays, len(came.proven)
	m.Took(learned.receipts, came.receipts)
	m.Unread = learned.unread
	if o.json {
		err = report.Document(e.out, m)
	} else {
		m.Text(e.out, e.style(e.out))
	}
	if err == nil && (m.InDoubt+m.Refused+m.Failed+len(m.Unread) > 0 || m.Interrupted) {
		err = errIncomplete
	}
	return err
}
