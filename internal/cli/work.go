package cli

import (
	"herald/executor"
	"herald/internal/addr"
	"herald/planner"
	"herald/state"
)

// work is what a run carries out beside the plan's counts.
type work struct {
	steps   *planner.StepFiles
	assumed []addr.Send                    // in doubt, and taken as sent
	skipped []state.Skip                   // whose condition is false
	lists   *planner.Suppression           // who is excluded by now
	early   map[string][]executor.Question // in doubt, to be looked up when what was accepted must be visible

	// Of a saved plan:
	drop    map[addr.Send]bool // steps that are left out
	done    int                // of these: an earlier run of the plan has sent them, or may have
	doubt   []addr.Send        // of those: it may have
	refused int                // of these: in an earlier run of the plan
	held    int                // of these: they come after one in doubt, or refused
	changed int                // of these: what they rest on is not what it was
}

// add takes a step of the plan.
func (w *work) add(step *planner.Step) error {
	switch step.Action {
	case planner.Assume:
		w.assumed = append(w.assumed, step.Send)
	case planner.Skip:
		w.skipped = append(w.skipped, state.Skip{Send: step.Send, Account: step.Account, Condition: step.Condition, Definition: step.Definition})
	}
	return w.steps.Add(step)
}
