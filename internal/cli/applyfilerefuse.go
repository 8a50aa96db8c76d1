package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"herald/internal/addr"
	"herald/internal/report"
	"herald/state"
)

// acceptable refuses a plan that must not be applied, whatever the ledger says.
func (p *savedPlan) acceptable(e *env, o applyOptions) error {
	switch {
	case o.approveDigest != "" && !strings.EqualFold(o.approveDigest, p.digest):
		return fmt.Errorf("this is not the plan that was approved: its digest is %s, and -approve-digest says %s", p.digest, report.Escape(o.approveDigest))
	case p.Sandbox && !o.sandbox:
		return errors.New("the plan was made with -sandbox, and can be applied only with it")
	case !p.Sandbox && o.sandbox:
		return errors.New("the plan was made for the vendors themselves: rehearse with a plan that was made with -sandbox")
	case e.now().After(p.NotAfter):
		return fmt.Errorf("the plan could be applied until %s; make a new one, and have it reviewed", p.NotAfter.Format(time.RFC3339))
	case len(p.Plan.Forbidden) > 0:
		return fmt.Errorf("the plan is forbidden: %s", report.Escape(p.Plan.Forbidden[0].Detail))
	}
	return nil
}

// sameAccounts refuses accounts that are not those that were reviewed.
func (p *savedPlan) sameAccounts(s *session) error {
	for _, was := range p.Accounts {
		a := s.accounts[was.Name]
		if a == nil {
			return fmt.Errorf("the plan sends through %s, and no provider block here is that account", report.Escape(was.Name))
		}
		is := a.saved(p.Sandbox)
		for name, value := range was.Settings {
			if is.Settings[name] != value {
				return fmt.Errorf("the plan was made for another account: %s had %s = %s, and has %s now. Make a new plan", report.Escape(was.Name),
					report.Escape(name), addr.Quote(value), addr.Quote(is.Settings[name]))
			}
		}
		for name, value := range is.Settings {
			if _, had := was.Settings[name]; !had {
				return fmt.Errorf("the plan was made for another account: %s had no %s, and has %s now. Make a new plan", report.Escape(was.Name), name, addr.Quote(value))
			}
		}
	}
	return nil
}

// current refuses a plan that rests on another ledger, or on one that has moved on since. A run of the plan itself that left
// something unsent is gone on with.
func (p *savedPlan) current(ctx context.Context, s *session, known *state.View, lock *state.Lock) error {
	last := known.LastRun
	if last.ID != 0 && last.Digest == p.digest {
		return p.again(ctx, known, lock)
	}
	came := func() error {
		return fmt.Errorf("the ledger moved on since the plan was made: run %d by %s at %s came between. Make a new plan, and have it reviewed",
			last.ID, report.Escape(last.Who), last.Started.UTC().Format(time.RFC3339))
	}
	switch {
	case p.Lineage == "" && known.Exists && last.ID != 0:
		return came()
	case p.Lineage == "":
		return p.sameFiles(s.campaign.Root)
	case !known.Exists:
		return fmt.Errorf("the plan rests on the ledger %s, and there is none here", report.Escape(p.Lineage))
	case known.Lineage != p.Lineage:
		return fmt.Errorf("the plan rests on the ledger %s, and the one here is %s", report.Escape(p.Lineage), known.Lineage)
	case known.Serial != p.Serial && p.onlyMoved(ctx, known, lock):
		return nil
	case known.Serial != p.Serial && last.Started.After(p.Created):
		return came()
	case known.Serial != p.Serial:
		return errors.New("the ledger was changed since the plan was made; make a new plan, and have it reviewed")
	}
	return nil
}

// sameFiles refuses the first plan of a campaign for another one: no ledger tells yet whose it is.
func (p *savedPlan) sameFiles(root string) error {
	is, err := configuration(root)
	if err == nil && is != p.Configuration {
		return errors.New("the plan was made from other campaign files, and before there was a ledger that could tell whose it is. Make a new plan, and have it reviewed")
	}
	return err
}
