package cli

import (
	"context"

	"herald/executor"
	"herald/internal/addr"
	"herald/planner"
	"herald/state"
)

// questions makes the questions about sends in doubt from the plan's own requests.
func (p *savedPlan) questions(_ context.Context, known *state.View, reasons map[addr.Send]string) (map[string][]executor.Question, error) {
	names := p.Plan.Names(known)
	open := map[addr.Send]*state.Record{} // by the plan's names
	for i := range known.Doubt {
		if r := &known.Doubt[i]; r.State == state.InDoubt {
			open[names.Campaign(r.Send)] = r
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

// resends reports whether the plan sends something again that is in doubt now.
func (p *savedPlan) resends(known *state.View) (yes bool, err error) {
	if len(known.Doubt) == 0 {
		return false, nil
	}
	names, open := p.Plan.Names(known), map[addr.Send]bool{}
	for _, r := range known.Doubt {
		open[names.Campaign(r.Send)] = true
	}
	err = p.each(func(step *planner.Step) error {
		yes = yes || step.FromDoubt && open[step.Send]
		return nil
	})
	return yes, err
}
