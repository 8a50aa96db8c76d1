package cli

import (
	"context"
	"fmt"
	"slices"
	"time"

	"herald/internal/addr"
	"herald/internal/report"
	"herald/planner"
	"herald/state"
)

// again goes on with the last runs, which were of this plan, unless they left nothing to do. It refuses a ledger that is not
// as they left it: what was renamed or removed since would be sent again, under the names that were reviewed.
func (p *savedPlan) again(ctx context.Context, known *state.View, lock *state.Lock) error {
	r, err := lock.OpenReader(ctx)
	if err != nil {
		return err
	}
	defer r.Close()
	runs, err := r.Runs(ctx)
	if err != nil {
		return err
	}
	left := p.Serial + int64(len(p.Plan.Moves)) // a run records the moves before it begins
	for _, run := range slices.Backward(runs) {
		if run.Digest != p.digest {
			break
		}
		if p.begun.IsZero() || run.Started.Before(p.begun) { // another machine's clock may be behind
			p.begun = run.Started
		}
		left = max(left, run.Serial)
	}
	last := known.LastRun
	if last.Finished && last.Unsent == 0 {
		undone, err := p.undone(ctx, r, known)
		if err != nil {
			return err
		}
		if !undone {
			return fmt.Errorf("the plan was applied already: run %d by %s at %s", last.ID, report.Escape(last.Who), last.Started.UTC().Format(time.RFC3339))
		}
	}
	if known.Serial != left {
		return fmt.Errorf("sends were renamed or removed in the ledger since run %d of this plan, so it could send some of them again. "+
			"Make a new plan, and have it reviewed", last.ID)
	}
	return nil
}

// undone reports whether something of the plan is in doubt, or was decided since its first run not to have been sent, and was
// not sent since.
func (p *savedPlan) undone(ctx context.Context, r *state.Reader, known *state.View) (yes bool, err error) {
	decisions, err := r.Decisions(ctx)
	if err != nil {
		return false, err
	}
	left := map[addr.Send]bool{}
	for _, d := range decisions {
		if !d.Sent && !d.At.Before(p.begun) {
			entry, _ := known.Entry(d.Send)
			left[d.Send] = !p.did(entry)
		}
	}
	for _, r := range known.Doubt {
		left[r.Send] = true
	}
	if len(left) == 0 {
		return false, nil
	}
	err = p.each(func(step *planner.Step) error {
		yes = yes || left[step.Send]
		return nil
	})
	return yes, err
}

// did reports whether the plan's runs have sent something, may have, or were refused it.
func (p *savedPlan) did(entry state.Entry) bool {
	return !p.begun.IsZero() && (entry.Open != state.Untried || (entry.State == state.Sent || entry.State == state.Refused) && !entry.When().Before(p.begun))
}

// onlyMoved reports whether the plan's own renames are all that was done to the ledger since the plan was made: by a run of it
// that was cut off before it began, or by hand.
func (p *savedPlan) onlyMoved(ctx context.Context, known *state.View, lock *state.Lock) bool {
	n := int(known.Serial - p.Serial)
	if n <= 0 || n > len(p.Plan.Moves) {
		return false
	}
	r, err := lock.OpenReader(ctx)
	if err != nil {
		return false
	}
	defer r.Close()
	moves, err := r.Moves(ctx)
	if err != nil || len(moves) < n {
		return false
	}
	for i, m := range moves[len(moves)-n:] {
		if want := p.Plan.Moves[i]; m.From != want.From || m.To != want.To {
			return false
		}
	}
	return true
}
