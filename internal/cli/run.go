package cli

import (
	"context"
	"errors"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"herald/executor"
	"herald/internal/crash"
	"herald/internal/report"
	"herald/planner"
	"herald/providers"
	"herald/state"
)

// How often progress is shown: drawn on a terminal, a line in a log.
const (
	drawEvery = 100 * time.Millisecond
	lineEvery = 10 * time.Second
)

// runGC lets the heap grow to a few times what lives in it, some megabytes, before it is collected: a run makes many
// short-lived objects, and collecting them at the default pace takes a tenth of its processor time.
const runGC = 800

// assumption is who decides where on_doubt = "assume_sent" does.
const assumption = `on_doubt = "assume_sent"`

// carryOut sends what the plan says, and tells the ledger and the view.
func carryOut(ctx context.Context, drain <-chan struct{}, s *session, p *planner.Plan, w work, known *state.View,
	lock *state.Lock, o applyOptions, out *runView) (report.Summary, error) {
	e := s.env
	began := e.now()
	debug.SetGCPercent(runGC)
	options := s.ledgerOptions(o.newLedger)
	options.Lock = lock
	ledger, err := state.Open(ctx, s.ledger, options)
	if err != nil {
		return report.Summary{}, err
	}
	defer ledger.Close()
	for _, m := range p.Moves {
		if _, err := ledger.Move(ctx, m.From, m.To, e.who(), began); err != nil {
			return report.Summary{}, err
		}
	}
	run := state.Run{Who: e.who(), Command: e.command(), Digest: p.Digest, Version: Version, Started: began}
	if run.ID, err = ledger.StartRun(ctx, run, p.Definitions, p.KeyAttributes, p.Outlines); err != nil {
		return report.Summary{}, err
	}
	crash.Point("run started")
	decisions := make([]state.Decision, len(w.assumed))
	for i, send := range w.assumed {
		decisions[i] = state.Decision{Send: send, Sent: true, Who: assumption, At: began}
	}
	if len(decisions) > 0 {
		if err := ledger.Resolve(ctx, decisions); err != nil {
			return report.Summary{}, err
		}
	}
	for i := range w.skipped {
		w.skipped[i].At = began
	}
	if len(w.skipped) > 0 {
		if err := ledger.Skip(ctx, w.skipped); err != nil {
			return report.Summary{}, err
		}
	}
	lanes, err := s.lanes(p, w, known)
	if err != nil {
		return report.Summary{}, err
	}

	finished := out.follow(report.NewTracker(report.NewPlan(p), 20))
	guard := newRateGuard(p)
	unopened := 0
	observe := func(ev executor.Event) { // events come one at a time
		if _, is := ev.(executor.NotOpened); is {
			unopened++
		}
		guard.observe(ev)
		out.observe(ev)
	}
	drain, end := guard.drained(drain)
	result, runErr := executor.Run(ctx, lanes, executor.Options{Ledger: ledger, Drain: drain, Clock: e.now, Observe: observe})
	end()
	finished()

	sum := summarise(result)
	sum.Asked = s.asked(result)
	if why := guard.reason(); why != "" {
		sum.Interrupted = false
		sum.Stops = append(sum.Stops, report.LaneStop{Account: report.PolicyStop, Why: why, Unsent: sum.Unsent})
	}
	sum.Samples = out.tracker.Troubled()
	sum.Unsent += p.Unsent
	sum.Unopened = unopened
	sum.Changed = w.changed
	sum.Blocked += w.held
	sum.Excluded = w.lists.Left()
	sum.Skipped, sum.Moved = len(w.skipped), len(p.Moves)
	sum.Replaced = len(o.replace) > 0
	sum.Ledger, sum.Run = s.ledger, run.ID
	sum.Took(e.now().Sub(began))
	run.Ended, run.Finished = e.now(), true
	run.Sent, run.Refused, run.InDoubt, run.Unsent, run.Skipped = sum.Sent, sum.Refused, sum.InDoubt, sum.Unsent+sum.Blocked+sum.Late, sum.Skipped
	// The run's end is recorded whatever the interrupts: it is the ledger's last word on what happened.
	endErr := ledger.EndRun(context.WithoutCancel(ctx), run)
	crash.Point("run ended")
	closeErr := ledger.Close()
	if s.box != nil {
		for _, vendor := range s.box.Vendors() {
			if n := s.box.Count(vendor.Name); n > 0 {
				sum.Rehearsal = append(sum.Rehearsal, report.SandboxSeen{Vendor: vendor.Name, Messages: n})
			}
		}
	}
	out.summary(sum)
	return sum, errors.Join(runErr, endErr, closeErr)
}

// lanes makes the executor's lanes: those of the plan, and those of accounts that are still to be asked about sends in
// doubt.
func (s *session) lanes(p *planner.Plan, w work, known *state.View) ([]executor.Lane, error) {
	names := p.Names(known)
	sends := map[string]int{}
	for account := range w.early {
		sends[account] = 0
	}
	for _, l := range p.Lanes {
		if l.Sends > 0 {
			sends[l.Account] = l.Sends
		}
	}
	var lanes []executor.Lane
	for _, account := range slices.Sorted(maps.Keys(sends)) {
		one, err := s.lane(account, sends[account], w.steps, known)
		if err != nil {
			return nil, err
		}
		one.Questions = slices.Clone(w.early[account])
		for i := range one.Questions { // the ledger has the campaign's names by now
			one.Questions[i].Send = names.Campaign(one.Questions[i].Send)
		}
		if sends[account] > 0 {
			if len(w.drop) > 0 {
				one.Steps = &chosenSteps{one.Steps, w.drop}
			}
			one.Steps = w.lists.Steps(one.Steps)
		}
		lanes = append(lanes, one)
	}
	return lanes, nil
}

// lane makes the executor's lane of one account, which keeps to the limit across runs; steps is nil when it sends nothing.
func (s *session) lane(account string, sends int, steps *planner.StepFiles, known *state.View) (executor.Lane, error) {
	var reader planner.Steps
	if sends > 0 {
		var err error
		if reader, err = steps.Lane(account); err != nil {
			return executor.Lane{}, err
		}
	}
	a := s.accounts[account]
	group := a.facts.LimitGroup(a.config)
	last := known.LastIntent(account)
	for name, other := range s.accounts {
		if at := known.LastIntent(name); at.After(last) && other.facts.LimitGroup(other.config) == group {
			last = at
		}
	}
	last = s.env.real(last)
	limits, retry := a.decl.Limits, a.decl.Retry
	settle := a.settle()
	if s.env.still { // in tests the vendors are done when they answer, and nobody waits for a limit
		settle, limits.Requests = 0, 0
	}
	// The timeout is the provider's own: it says better than a cut-off context what came of an attempt.
	return executor.Lane{
		Account: account, Identity: a.identity, Provider: a.provider, Group: group, LastIntent: last, Steps: reader, Total: sends,
		Settle: settle, Marked: known.MarkerSeen(account),
		Limits: executor.Limits{
			Requests: limits.Requests, Per: limits.Per, Concurrency: limits.Concurrency,
			Jitter: limits.Jitter, StopAfter: limits.StopAfter,
		},
		Retry: executor.Retry{MaxAttempts: retry.MaxAttempts, MinBackoff: retry.MinBackoff, MaxBackoff: retry.MaxBackoff},
	}, nil
}

func summarise(result executor.Summary) report.Summary {
	c := result.Counts()
	sum := report.Summary{
		Sent: c.Sent, Refused: c.Refused, InDoubt: c.InDoubt, Blocked: c.Blocked, Late: c.Late, Unsent: c.Unsent,
		Interrupted: result.Interrupted, Stops: []report.LaneStop{},
	}
	looked := result.LookedUp()
	sum.Found, sum.Absent = looked.Found, looked.Absent
	for _, l := range result.Lanes {
		if l.Stop != nil {
			sum.Stops = append(sum.Stops, report.LaneStop{Account: l.Account, Why: l.Stop.Error(), Unsent: l.Unsent})
		}
	}
	return sum
}

// asked counts what was sent to providers that are asked.
func (s *session) asked(result executor.Summary) (n int) {
	for _, l := range result.Lanes {
		if s.accounts[l.Account].facts.Verb == providers.Asks {
			n += l.Sent
		}
	}
	return n
}

// runView shows a run while it goes. Events and signals come from many goroutines, so what is shown goes through one
// lock.
type runView struct {
	view     view
	now      func() time.Time
	terminal bool // progress is drawn

	mu      sync.Mutex
	tracker *report.Tracker // nil before the run
}

func (r *runView) observe(ev executor.Event) {
	r.tracker.Observe(ev)
	stream := r.view.events()
	stopped, isStop := ev.(executor.LaneStopped)
	if stream == nil && !isStop {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if stream != nil {
		stream.Event(ev)
	}
	if isStop {
		r.view.stopped(report.LaneStop{Account: stopped.Account, Why: stopped.Why.Error()})
	}
}

// interrupted says what the first interrupt means, once there is a run that it means something to.
func (r *runView) interrupted() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tracker != nil {
		r.view.note("Interrupted: no new work; what is in flight is finished. Once more gives that up, too.")
	}
}

// summary ends the showing: an interrupt that comes now has nothing to say any more.
func (r *runView) summary(sum report.Summary) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tracker = nil
	r.view.summary(sum)
}

// follow shows progress until the returned function is called.
func (r *runView) follow(t *report.Tracker) (finish func()) {
	every := lineEvery
	if r.terminal {
		every = drawEvery
	}
	t.Progress(r.now()) // the first mark, which rates are measured from
	r.mu.Lock()
	r.tracker = t
	r.mu.Unlock()
	done := make(chan struct{})
	var ended sync.WaitGroup
	ended.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				r.mu.Lock()
				r.view.progress(t.Progress(r.now()))
				r.mu.Unlock()
			}
		}
	})
	return func() {
		close(done)
		ended.Wait()
	}
}
