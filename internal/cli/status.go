package cli

import (
	"context"
	"slices"
	"time"

	cli "github.com/urfave/cli/v3"

	"herald/internal/report"
	"herald/planner"
	"herald/state"
)

type statusOptions struct {
	campaignOptions
	json bool
}

func statusCommand(e *env) *cli.Command {
	var o statusOptions
	return &cli.Command{
		Name:  "status",
		Usage: "count per message what is sent, waiting, refused and in doubt",
		Flags: append(o.flags(e), documentFlag(e, &o.json)),
		Action: func(ctx context.Context, c *cli.Command) error {
			if err := noArgs(c); err != nil {
				return err
			}
			return status(ctx, e, o)
		},
	}
}

func status(ctx context.Context, e *env, o statusOptions) error {
	v := newDocumentView(e, o.json)
	s, err := openSession(e, o.campaignOptions, v)
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.expectLedger(v, false, false); err != nil {
		return err
	}
	ledger, err := s.readLedger(ctx)
	if err != nil {
		return err
	}
	p, err := s.plan(ctx, planOptions{limit: -1}, ledger, nil, newLearned(), v, func(*planner.Step) error { return nil })
	if err != nil {
		return err
	}
	m, err := ledgerStatus(ctx, s.ledger, ledger)
	if err != nil {
		return err
	}
	addWaiting(&m.Status, p)
	if o.json {
		return report.Document(e.out, m.Status)
	}
	m.Status.Text(e.out, e.style(e.out))
	return nil
}

// ledgerStatus counts what a ledger holds.
func ledgerStatus(ctx context.Context, path string, ledger *state.View) (report.Ledger, error) {
	m := report.Ledger{
		Status: report.Status{
			FormatVersion: "1.0", Ledger: path, Exists: ledger.Exists, Lineage: ledger.Lineage, Serial: ledger.Serial,
			Messages: []report.MessageStatus{},
		},
		Runs: []report.Run{},
	}
	if !m.Exists {
		return m, nil
	}
	r, err := state.OpenReader(ctx, path)
	if err != nil {
		return m, err
	}
	defer r.Close()
	counts, err := r.Counts(ctx)
	if err != nil {
		return m, err
	}
	for _, c := range counts {
		name := c.Message.String()
		if n := len(m.Messages); n == 0 || m.Messages[n-1].Message != name {
			m.Messages = append(m.Messages, report.MessageStatus{Message: name})
		}
		row := &m.Messages[len(m.Messages)-1]
		switch c.State {
		case state.Sent:
			row.Sent += c.Sends
		case state.Refused:
			row.Refused += c.Sends
		case state.InDoubt:
			row.InDoubt += c.Sends
		case state.Sending:
			row.Sending += c.Sends
		case state.Skipped:
			row.Skipped += c.Sends
		}
	}
	if err := addReceipts(ctx, r, &m.Status); err != nil {
		return m, err
	}
	runs, err := r.Runs(ctx)
	if err != nil {
		return m, err
	}
	for _, run := range runs {
		m.Runs = append(m.Runs, report.NewRun(run))
	}
	if n := len(m.Runs); n > 0 {
		if _, held, err := state.Held(path); err == nil && held && !m.Runs[n-1].Finished {
			m.Runs[n-1].Running = true
		}
		m.LastRun = &m.Runs[n-1]
	}
	return m, nil
}

// addReceipts counts what became of messages.
func addReceipts(ctx context.Context, r *state.Reader, m *report.Status) error {
	rows := map[string]*report.MessageStatus{}
	for i := range m.Messages {
		rows[m.Messages[i].Message] = &m.Messages[i]
	}
	for receipt, err := range r.Receipts(ctx) {
		if err != nil {
			return err
		}
		row := rows[receipt.Send.Message.String()]
		if row == nil {
			continue
		}
		for n, at := range map[*int]time.Time{&row.Delivered: receipt.Delivered, &row.Read: receipt.Read, &row.Replied: receipt.Replied, &row.Failed: receipt.Failed} {
			if !at.IsZero() {
				*n++
			}
		}
	}
	return nil
}

// addWaiting adds what the campaign would still send to the ledger's counts.
func addWaiting(m *report.Status, p *planner.Plan) {
	waiting := map[string]int{}
	for _, g := range p.Groups {
		name := g.Message.String()
		if g.Action.Sends() || g.Action == planner.Blocked || g.Action == planner.Waits {
			waiting[name] += g.Count
		} else if _, known := waiting[name]; !known {
			waiting[name] = 0
		}
	}
	for i := range m.Messages {
		n := waiting[m.Messages[i].Message]
		m.Messages[i].Waiting = &n
		delete(waiting, m.Messages[i].Message)
	}
	for name, n := range waiting {
		m.Messages = append(m.Messages, report.MessageStatus{Message: name, Waiting: &n})
	}
	slices.SortStableFunc(m.Messages, func(a, b report.MessageStatus) int {
		switch {
		case a.Message < b.Message:
			return -1
		case a.Message > b.Message:
			return 1
		}
		return 0
	})
}
