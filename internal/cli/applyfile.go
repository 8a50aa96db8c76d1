package cli

import (
	"context"
	"fmt"

	"herald/internal/addr"
	"herald/internal/report"
	"herald/planner"
	"herald/state"
)

// applyFile sends exactly what a sealed plan says.
func applyFile(ctx context.Context, e *env, o applyOptions, path string, v view) error {
	if len(o.targets)+len(o.replace) > 0 || o.limit >= 0 || o.watch || o.acceptNewKeys || o.now != "" {
		return fmt.Errorf("apply FILE sends exactly what was reviewed: -target, -replace, -limit, -now, -accept-new-keys and -watch belong to the plan")
	}
	saved, err := openSaved(ctx, e, path)
	if err != nil {
		return err
	}
	defer saved.steps.Close()
	if err := saved.acceptable(e, o); err != nil {
		return err
	}
	bars, _ := terminalWidth(e.out)
	out := &runView{view: v, now: e.now, terminal: bars && !o.json}
	ctx, drain := interrupts(ctx, out.interrupted)
	before, cancel := untilDrained(ctx, drain)
	defer cancel()
	s, err := openRehearsal(e, o.campaignOptions, v, rehearsal{hears: o.sandbox, part: true})
	if err != nil {
		return err
	}
	defer s.close()
	if err := saved.sameAccounts(s); err != nil {
		return err
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
	if err := saved.current(before, s, known, lock); err != nil {
		return err
	}
	s.asks = saved.questions
	if _, known, err = s.takeIn(before, known, nil, nil, lock); err != nil {
		return cancelled(before, err)
	}
	// on_doubt decides only what stays undecided, so it waits for the look-up.
	resends, err := saved.resends(known)
	if err != nil {
		return err
	}
	found, known, err := s.record(before, before, known, lock, resends)
	if err != nil {
		return cancelled(before, err)
	}
	learned := newLearned()
	named, any, err := saved.steps.Named()
	if err != nil {
		return err
	}
	if any {
		names := saved.Plan.Names(known)
		if err := s.read(before, known, &learned, func(d state.Delivery) bool { return named(names.Campaign(d.Send)) }, lock); err != nil {
			return cancelled(before, err)
		}
	}
	w := work{steps: saved.steps.StepFiles, early: found.early}
	if w.lists, err = saved.suppress(before, s, v); err != nil {
		return cancelled(before, err)
	}
	if err := saved.filter(known, learned.receipts, &w); err != nil {
		return err
	}
	if err := missingSecrets(s.accounts, busyAccounts(&saved.Plan)); err != nil {
		return err
	}
	if w.done > 0 {
		v.note(report.Count(w.done, "message") + " of this plan went out, or may have gone out, before; the rest follows.")
	}
	v.note(fmt.Sprintf("Applying the plan of %s, %s.", saved.Created.Format("2006-01-02 15:04 UTC"), saved.digest))
	saved.Plan.Unsent = 0 // what is beyond -limit is no part of what was sealed: nothing of it is left when this ends
	sum, err := carryOut(ctx, drain, s, &saved.Plan, w, known, lock, o, out)
	if err != nil {
		return err
	}
	doubt, err := stillOpen(ctx, lock, w.doubt)
	if err != nil {
		return err
	}
	if doubt > 0 {
		v.warn(report.Count(doubt, "message") + " of this plan may have gone out in an earlier run, and nobody could tell. herald state list -state=in_doubt names them; " +
			"find out, then: herald state resolve ADDRESS sent|unsent")
	}
	if w.refused > 0 {
		v.warn(report.Count(w.refused, "message") + " of this plan was refused in an earlier run of it, and is not tried again: herald state list -state=refused")
	}
	unwell := saved.Plan.Counts[planner.Refused]+saved.Plan.Counts[planner.Failed]+saved.Plan.Counts[planner.InDoubt]+doubt+w.refused+w.held+sum.Refused+sum.InDoubt+sum.Unopened > 0
	return round{unwell: unwell, stopped: len(sum.Stops) > 0 || sum.Interrupted}.err()
}

// stillOpen counts those of some sends in doubt of which the run did not find out more.
func stillOpen(ctx context.Context, lock *state.Lock, doubt []addr.Send) (n int, err error) {
	if len(doubt) == 0 {
		return 0, nil
	}
	known, err := lock.Read(context.WithoutCancel(ctx))
	if err != nil {
		return 0, err
	}
	for _, send := range doubt {
		if entry, _ := known.Entry(send); entry.Open != state.Untried {
			n++
		}
	}
	return n, nil
}
