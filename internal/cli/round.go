package cli

import (
	"context"
	"errors"
	"maps"

	"herald/planner"
)

// applying is one apply of a campaign, in one round or, with -watch, in many.
type applying struct {
	*session
	o     applyOptions
	out   *runView
	drain <-chan struct{}
	taken map[string]int64 // inbox → its last call that was taken in
}

// round is what one plan and the sending of it came to.
type round struct {
	plan    *planner.Plan
	unwell  bool // something is refused, failed or in doubt
	stopped bool // a lane stopped, or somebody interrupted
	shown   bool // the plan was
	did     int  // sends and skips that are settled by it, and look-ups that showed something
}

// err is how an apply ends after a round.
func (r round) err() error {
	if r.unwell || r.stopped {
		return errIncomplete
	}
	return nil
}

// round plans, asks, and sends. Before the first request an interrupt ends it as cancelled. A round that is not shown
// shows its plan only when there is something to apply.
func (a *applying) round(ctx, before context.Context, show bool) (r round, err error) {
	s, o, v := a.session, a.o, a.out.view
	wait := o.lockTimeout
	if o.watch {
		wait = max(wait, watchLock)
	}
	lock, err := acquire(before, s.env, s.ledger, wait)
	if err != nil {
		return r, cancelled(before, err)
	}
	defer lock.Release()
	if err := s.expectLedger(v, true, o.newLedger); err != nil {
		return r, err
	}
	known, err := lock.Read(before)
	if err != nil {
		return r, cancelled(before, err)
	}
	if err := s.rightLedger(known); err != nil {
		return r, err
	}
	came, known, err := s.takeIn(before, known, nil, nil, lock)
	if err != nil {
		return r, cancelled(before, err)
	}
	a.taken = map[string]int64{came.inbox: known.Taken(came.inbox)}
	// What can be looked up at once is, and recorded: the plan is then about what is really left.
	found, known, err := s.record(before, before, known, lock, false)
	if err != nil {
		return r, cancelled(before, err)
	}
	learned := newLearned() // recorded too; the plan takes it from here, since the view is older
	if err := s.learn(before, o.planOptions, known, nil, &learned, lock); err != nil {
		return r, cancelled(before, err)
	}
	steps := planner.NewStepFiles()
	defer steps.Close()
	w := work{steps: steps, early: found.early}
	if r.plan, err = s.plan(before, o.planOptions, known, nil, learned, v, w.add); err != nil {
		return r, cancelled(before, err)
	}
	p := r.plan
	if r.shown = show || p.Changes() > 0 || len(p.Forbidden) > 0; r.shown {
		v.plan(s.planModel(before, p, o.samples, found))
	}
	if len(p.Forbidden) > 0 {
		return r, errForbidden
	}
	if o.planOnly {
		return r, nil
	}
	r.unwell = p.Counts[planner.Refused]+p.Counts[planner.Failed]+p.Counts[planner.InDoubt] > 0
	// Keys that were accepted are recorded even when nothing is sent, so that nobody needs the flag twice.
	newKeys := o.acceptNewKeys && known.Exists && !maps.Equal(known.KeyAttributes, p.KeyAttributes)
	// So that a ledger can be begun before anything is sent: its lineage is then known to all who share it.
	anew := o.newLedger && !known.Exists
	if p.Changes() == 0 && !newKeys && !anew && len(found.early) == 0 {
		return r, nil
	}
	if err := missingSecrets(s.accounts, busyAccounts(p)); err != nil {
		return r, err
	}
	if !o.autoApprove && p.Changes() > 0 {
		if err := approve(before, s.env, p); err != nil {
			return r, err
		}
	}
	if w.lists, err = s.suppress(before, p, v); err != nil {
		return r, cancelled(before, err)
	}
	sum, err := carryOut(ctx, a.drain, s, p, w, known, lock, o, a.out)
	if err != nil {
		return r, err
	}
	r.did = sum.Sent + sum.Skipped + sum.Refused + sum.Found + sum.Absent
	r.unwell = r.unwell || sum.Refused+sum.InDoubt+sum.Unopened > 0
	r.stopped = len(sum.Stops) > 0 || sum.Interrupted
	return r, nil
}

var errCancelled = errors.New("apply cancelled; nothing was sent")

// cancelled says so when an interrupt is why something before the run failed.
func cancelled(before context.Context, err error) error {
	if before.Err() != nil {
		return errCancelled
	}
	return err
}
