package cli

import (
	"herald/internal/addr"
	"herald/planner"
	"herald/state"
)

// filter leaves out what must not be done any more: what an earlier run of this plan has done, what became doubtful, and
// what rests on facts that are others now, with all that needs it.
func (p *savedPlan) filter(known *state.View, read map[addr.Send]state.Receipt, w *work) error {
	names := p.Plan.Names(known)
	moved, err := p.steps.Moved(names, read)
	if err != nil {
		return err
	}
	known, p.Plan.Moves = names.View(), names.Moves() // an earlier run of this plan may have recorded some
	drop := map[addr.Send]bool{}
	err = p.each(func(step *planner.Step) error {
		entry, _ := known.Entry(step.Send)
		settled := entry.Open == state.Untried
		switch {
		case p.did(entry) && (settled || !step.FromDoubt): // what was on the wire then is looked up
			drop[step.Send] = true
			switch {
			case !settled:
				w.done++
				w.doubt = append(w.doubt, step.Send)
			case entry.State == state.Refused:
				w.refused++
			default:
				w.done++
			}
			return nil
		}
		switch {
		case moved[step.Send], !settled && !step.FromDoubt,
			// What is sent again was in doubt, refused or sent then. That it was sent may be known only since.
			settled && entry.State == state.Sent && (step.Action == planner.Send || step.FromDoubt || !entry.When().Before(p.Created)):
			drop[step.Send] = true
			w.changed++
		}
		return nil
	})
	if err != nil {
		return err
	}
	// What needs a step that is left out is left out too, unless that one is there by now.
	held := map[addr.Send]bool{} // behind one in doubt or refused: that is decided first, and then the same command goes on
	for more := len(drop) > 0; more; {
		more = false
		err := p.each(func(step *planner.Step) error {
			needed := step.Send
			needed.Name = step.Needs.Message
			if step.Needs.Message == "" || drop[step.Send] || !drop[needed] {
				return nil
			}
			entry, _ := known.Entry(needed)
			if entry.State == state.Sent && entry.Open == state.Untried {
				return nil
			}
			drop[step.Send], more = true, true
			if held[step.Send] = entry.Open != state.Untried || entry.State == state.Refused || held[needed]; !held[step.Send] {
				w.changed++
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	w.drop = drop
	for _, yes := range held {
		if yes {
			w.held++
		}
	}
	return p.steps.EachSettled(func(one *planner.Settled) error {
		entry, _ := known.Entry(one.Send)
		switch {
		case one.Action == planner.Assume:
			if entry.Open == state.InDoubt {
				w.assumed = append(w.assumed, one.Send)
			}
		case moved[one.Send], entry.Now() != state.Untried && entry.Now() != state.Skipped:
			w.changed++
		default:
			w.skipped = append(w.skipped, state.Skip{Send: one.Send, Account: one.Account, Condition: one.Condition, Definition: one.Definition})
		}
		return nil
	})
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
