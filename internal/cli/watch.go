package cli

import (
	"context"
	"fmt"
	"os"
	"time"

	"herald/internal/report"
	"herald/planner"
)

// How a watching apply waits.
const (
	watchLock = time.Minute // for whoever else holds the ledger's lock: a refresh, a decision
	watchLook = time.Second // between looks at the clock and at the inbox
	watchAsk  = time.Minute // between asking providers whether what is waited for has come, and before what came to nothing is planned again
)

// watch plans and sends again and again until nothing waits. The ledger alone says where it stands, so that it may end at
// any instant and be begun again. Between rounds it holds no lock.
func (a *applying) watch(ctx, before context.Context) error {
	unwell, said := false, ""
	for first := true; ; first = false {
		r, err := a.round(ctx, before, first)
		if err == errCancelled && !first {
			return a.left(r)
		}
		if err != nil {
			return err
		}
		unwell = r.unwell
		if _, err := os.Stat(a.ledger); err == nil {
			a.o.newLedger = false // it was made, and is gone on with
		}
		switch {
		case r.stopped:
			return r.err()
		case r.did > 0:
			continue // what comes next may be due already
		case r.plan.Counts[planner.Waits] == 0:
			if !first {
				a.out.view.note("Nothing waits any more.")
			}
			return r.err()
		}
		if text := waiting(r.plan); text != said {
			said = text
			a.out.view.note(text)
		}
		if !a.sleep(before, r.plan) {
			r.unwell = unwell
			return a.left(r)
		}
	}
}

// left says what an interrupted watch leaves.
func (a *applying) left(r round) error {
	a.out.view.note("Interrupted. What waits is still to come: the same command goes on.")
	return r.err()
}

// waiting says what a watch waits for.
func waiting(p *planner.Plan) string {
	text := report.Count(p.Counts[planner.Waits], "message") + " waiting"
	if !p.Next.IsZero() {
		text += fmt.Sprintf("; the next is due %s", p.Next.UTC().Format("2006-01-02 15:04:05 UTC"))
	}
	return text + ". Ctrl-C leaves it for later."
}

// sleep waits until something may have become due, or somebody answered. False says that it was interrupted. What the plan
// sent for the first time came to nothing, since nothing was settled: it is in doubt or was not opened, and what the plan has
// waiting behind it may wait for nothing any more.
func (a *applying) sleep(before context.Context, p *planner.Plan) bool {
	tick := time.NewTicker(watchLook)
	defer tick.Stop()
	asked := time.Now()
	for {
		// Never less than one look: what is due shortly after goes with it.
		if left := p.Next.Sub(a.env.now()); !p.Next.IsZero() && left < watchLook {
			return pause(before, max(watchLook-time.Since(asked), left)) == nil
		}
		select {
		case <-before.Done():
			return false
		case <-tick.C:
			if a.arrived(before) || (len(p.Wants) > 0 || p.Counts[planner.Send] > 0) && time.Since(asked) >= watchAsk {
				return true
			}
		}
	}
}
