package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"herald/executor"
	"herald/internal/addr"
	"herald/internal/report"
	"herald/internal/table"
	"herald/planner"
	"herald/spec"
	"herald/state"
)

// savedPlan is an opened plan file.
type savedPlan struct {
	planner.Saved
	digest string
	steps  *planner.StepFiles
	begun  time.Time // when the first of its runs began that are gone on with, by the ledger's clock; zero without any
}

// applyFile sends exactly what a saved plan says.
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
	if err := saved.current(before, s.ledger, known); err != nil {
		return err
	}
	s.asks = saved.questions
	if _, known, err = s.takeIn(before, known, nil, nil, lock); err != nil {
		return cancelled(before, err)
	}
	found, known, err := s.record(before, before, known, lock, false)
	if err != nil {
		return cancelled(before, err)
	}
	learned := newLearned()
	named, err := saved.Named()
	if err != nil {
		return err
	}
	if len(named) > 0 {
		if err := s.read(before, known, &learned, func(d state.Delivery) bool { return named[d.Send] }, lock); err != nil {
			return cancelled(before, err)
		}
	}
	w := work{steps: saved.steps, early: found.early}
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
	sum, err := carryOut(ctx, drain, s, &saved.Plan, w, known, lock, o, out)
	if err != nil {
		return err
	}
	unwell := saved.Plan.Counts[planner.Refused]+saved.Plan.Counts[planner.Failed]+saved.Plan.Counts[planner.InDoubt]+sum.Refused+sum.InDoubt+sum.Unopened > 0
	return round{unwell: unwell, stopped: len(sum.Stops) > 0 || sum.Interrupted}.err()
}

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
func (p *savedPlan) current(ctx context.Context, ledger string, known *state.View) (err error) {
	last := known.LastRun
	if last.ID != 0 && last.Digest == p.digest {
		if last.Finished && last.Unsent == 0 {
			return fmt.Errorf("the plan was applied already: run %d by %s at %s", last.ID, report.Escape(last.Who), last.Started.UTC().Format(time.RFC3339))
		}
		p.begun, err = p.firstRun(ctx, ledger)
		return err
	}
	came := func() error {
		return fmt.Errorf("the ledger moved on since the plan was made: run %d by %s at %s came between. Make a new plan, and have it reviewed",
			last.ID, report.Escape(last.Who), last.Started.UTC().Format(time.RFC3339))
	}
	switch {
	case p.Lineage == "" && known.Exists && last.ID != 0:
		return came()
	case p.Lineage == "":
		return nil
	case !known.Exists:
		return fmt.Errorf("the plan rests on the ledger %s, and there is none here", report.Escape(p.Lineage))
	case known.Lineage != p.Lineage:
		return fmt.Errorf("the plan rests on the ledger %s, and the one here is %s", report.Escape(p.Lineage), known.Lineage)
	case known.Serial != p.Serial && last.Started.After(p.Created):
		return came()
	case known.Serial != p.Serial:
		return errors.New("the ledger was changed since the plan was made; make a new plan, and have it reviewed")
	}
	return nil
}

// firstRun gives when the first of the last runs began that were of this plan.
func (p *savedPlan) firstRun(ctx context.Context, ledger string) (began time.Time, err error) {
	r, err := state.OpenReader(ctx, ledger)
	if err != nil {
		return began, err
	}
	defer r.Close()
	runs, err := r.Runs(ctx)
	for _, run := range slices.Backward(runs) {
		if run.Digest != p.digest {
			break
		}
		began = run.Started
	}
	return began, err
}

// suppress reads the exclude lists again, as the plan has defined them.
func (p *savedPlan) suppress(ctx context.Context, s *session, v view) (*planner.Suppression, error) {
	lists, diags := spec.LoadLists(s.campaign.Root, []byte(p.Lists), spec.Inputs{Schemas: schemas(s.env.registry), Version: Version, Header: table.Header})
	if !diags.HasErrors() {
		if err := p.listed(lists); err != nil {
			return nil, err
		}
		again, more, err := p.Saved.Suppress(ctx, lists)
		if err != nil {
			return nil, err
		}
		v.diagnostics(more, lists)
		if !more.HasErrors() {
			return again, nil
		}
		return nil, errShown
	}
	v.diagnostics(diags, lists)
	return nil, errShown
}

// listed refuses people whom the plan's own lists do not have: whoever excludes them could not be read.
func (p *savedPlan) listed(lists *spec.Campaign) error {
	for _, refs := range p.With {
		for _, ref := range refs {
			kind, name, _ := strings.Cut(ref, " ")
			known := false
			switch spec.RefKind(kind) {
			case spec.RefContact:
				known = lists.Contacts[name] != nil
			case spec.RefContacts:
				known = lists.Sources[name] != nil
			case spec.RefAudience:
				known = lists.Audiences[name] != nil
			}
			if !known {
				return unlike("it is with %s, and does not say who that is", ref)
			}
		}
	}
	return nil
}

// each gives every step of the plan, lane by lane.
func (p *savedPlan) each(do func(*planner.Step) error) error {
	return p.eachIn(func(_ string, step *planner.Step) error { return do(step) })
}

// eachIn gives every step of the plan with the lane that has it.
func (p *savedPlan) eachIn(do func(lane string, step *planner.Step) error) error {
	for _, lane := range p.steps.Lanes() {
		steps, err := p.steps.Lane(lane)
		if err != nil {
			return err
		}
		for {
			step, _, err := steps.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err == nil {
				err = do(lane, &step)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// questions makes the questions about sends in doubt from the plan's own requests.
func (p *savedPlan) questions(_ context.Context, known *state.View, reasons map[addr.Send]string) (map[string][]executor.Question, error) {
	open := map[addr.Send]*state.Record{}
	for i := range known.Doubt {
		if r := &known.Doubt[i]; r.State == state.InDoubt {
			open[r.Send] = r
			reasons[r.Send] = "not looked up: it is not in this plan"
		}
	}
	if len(open) == 0 {
		return nil, nil
	}
	asked := map[string][]executor.Question{}
	err := p.each(func(step *planner.Step) error {
		r := open[step.Send]
		if r == nil || !step.Repeats(r) {
			return nil
		}
		delete(reasons, r.Send)
		asked[r.Account] = append(asked[r.Account], executor.Question{
			Send: r.Send, Request: step.Request, Content: r.Content, Destination: r.Destination, Key: r.Key, At: r.At, Answered: r.Answered, Place: r.Place,
		})
		return nil
	})
	return asked, err
}

// filter leaves out what must not be done any more: what an earlier run of this plan has done, what became doubtful, and
// what rests on facts that are others now, with all that needs it.
func (p *savedPlan) filter(known *state.View, read map[addr.Send]state.Receipt, w *work) error {
	moved, err := p.Moved(known, read)
	if err != nil {
		return err
	}
	recorded := map[planner.Move]bool{} // by an earlier run of this plan
	for _, m := range p.Plan.Moves {    // what is not recorded yet has the old names
		renamed, sends, _ := known.Renamed(m.From, m.To)
		known, recorded[m] = renamed, sends == 0
	}
	p.Plan.Moves = slices.DeleteFunc(p.Plan.Moves, func(m planner.Move) bool { return recorded[m] })
	drop := map[addr.Send]bool{}
	err = p.each(func(step *planner.Step) error {
		entry, _ := known.Entry(step.Send)
		switch {
		case p.begun.IsZero():
		case entry.Open != state.Untried && !step.FromDoubt, // it was on the wire then, and is looked up
			entry.Open == state.Untried && entry.State == state.Sent && !entry.When().Before(p.begun):
			drop[step.Send] = true
			w.done++
			return nil
		}
		switch {
		case moved[step.Send], entry.Open != state.Untried && !step.FromDoubt, entry.State == state.Sent && step.Action == planner.Send:
			drop[step.Send] = true
			w.changed++
		}
		return nil
	})
	if err != nil {
		return err
	}
	// What needs a step that is left out is left out too, unless that one is there by now.
	for more := len(drop) > 0; more; {
		more = false
		err := p.each(func(step *planner.Step) error {
			needed := step.Send
			needed.Name = step.Needs.Message
			if step.Needs.Message == "" || drop[step.Send] || !drop[needed] {
				return nil
			}
			if entry, _ := known.Entry(needed); entry.State == state.Sent && entry.Open == state.Untried {
				return nil
			}
			drop[step.Send], more = true, true
			w.changed++
			return nil
		})
		if err != nil {
			return err
		}
	}
	w.drop = drop
	for _, text := range p.Assumed {
		send, err := addr.ParseSend(text)
		if err != nil {
			return err
		}
		if entry, _ := known.Entry(send); entry.Open == state.InDoubt {
			w.assumed = append(w.assumed, send)
		}
	}
	for _, skip := range p.Skipped {
		send, err := addr.ParseSend(skip.Send)
		if err != nil {
			return err
		}
		entry, _ := known.Entry(send)
		if moved[send] || entry.Now() != state.Untried && entry.Now() != state.Skipped {
			w.changed++
			continue
		}
		w.skipped = append(w.skipped, state.Skip{Send: send, Account: skip.Account, Condition: skip.Condition, Definition: skip.Definition})
	}
	return nil
}

// chosenSteps passes over steps that are left out. A step whose needed one is there already needs nothing any more.
type chosenSteps struct {
	planner.Steps
	drop map[addr.Send]bool
}

// Next gives the next step that is not left out.
func (s *chosenSteps) Next() (planner.Step, int64, error) {
	for {
		step, ref, err := s.Steps.Next()
		if err != nil || !s.drop[step.Send] {
			return s.free(step), ref, err
		}
	}
}

// At gives the step of a reference again.
func (s *chosenSteps) At(ref int64) (planner.Step, error) {
	step, err := s.Steps.At(ref)
	return s.free(step), err
}

func (s *chosenSteps) free(step planner.Step) planner.Step {
	needed := step.Send
	if needed.Name = step.Needs.Message; s.drop[needed] {
		step.Needs = planner.Need{}
	}
	return step
}
