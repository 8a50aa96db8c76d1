package cli

import (
	"fmt"
	"slices"
	"sync"

	"herald/executor"
	"herald/internal/addr"
	"herald/planner"
)

// rateGuard ends a run whose refusals exceed what a policy allows: it counts on from what the plan has counted. What is in
// flight is finished.
type rateGuard struct {
	stop chan struct{} // closed when the run must take no new work

	mu    sync.Mutex
	rates []planner.FailureRate
	why   string // "" while all is well
}

// newRateGuard begins with the rates of a plan; nil when no policy bounds any.
func newRateGuard(p *planner.Plan) *rateGuard {
	if len(p.Rates) == 0 {
		return nil
	}
	return &rateGuard{stop: make(chan struct{}), rates: slices.Clone(p.Rates)}
}

// observe takes an event of the run; without a guard nothing.
func (g *rateGuard) observe(ev executor.Event) {
	done, ended := ev.(executor.Done)
	if g == nil || !ended || done.Result != executor.Sent && done.Result != executor.Refused {
		return
	}
	g.count(done.Send, done.Result == executor.Refused)
}

// count counts one send.
func (g *rateGuard) count(s addr.Send, refused bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i := range g.rates {
		r := &g.rates[i]
		if !r.Covers(s.Sequence) {
			continue
		}
		r.Tried++
		if refused {
			r.Failures++
		}
		if g.why == "" && r.Exceeded() {
			g.why = fmt.Sprintf("policy.%s allows %.3g %% of the messages to fail, and %d of %d have; the rest stays unsent. Find out why, and mend it, then plan again",
				r.Policy, 100*r.Max, r.Failures, r.Tried)
			close(g.stop)
		}
	}
}

// reason says why the guard ended the run, "" when it did not.
func (g *rateGuard) reason() string {
	if g == nil {
		return ""
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.why
}

// drained is closed when either the user or the guard takes no new work any more; it must be given up by calling end.
func (g *rateGuard) drained(drain <-chan struct{}) (either <-chan struct{}, end func()) {
	if g == nil {
		return drain, func() {}
	}
	both, over := make(chan struct{}), make(chan struct{})
	go func() {
		select {
		case <-drain:
			close(both)
		case <-g.stop:
			close(both)
		case <-over:
		}
	}()
	return both, sync.OnceFunc(func() { close(over) })
}
