package executor

import (
	"time"

	"herald/planner"
)

// over reports whether a step must not begin any more.
func (l *lane) over(step *planner.Step) bool {
	return !step.NotAfter.IsZero() && !l.run.clock.now().Before(step.NotAfter)
}

// latest is the instant of the limiter before which a step must begin.
func (l *lane) latest(step *planner.Step) time.Duration {
	if step.NotAfter.IsZero() {
		return never
	}
	return l.run.clock.real(step.NotAfter).Sub(l.limiter.epoch)
}

// late ends a step that can begin no more.
func (l *lane) late(a *attempt) error {
	l.settle(&a.step, Done{Result: Late, Reason: "its time is over"})
	l.run.order.end(&a.step, Late.fate())
	return nil
}
