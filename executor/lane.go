package executor

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"herald/internal/addr"
	"herald/planner"
	"herald/providers"
)

// Lane is one provider account and what is sent through it.
type Lane struct {
	Account  string // as steps name it: heyx or heyx.alias; unique within a run
	Provider providers.Provider
	Limits   Limits
	Retry    Retry
	// Group names the limit group: lanes of one group share one limiter, with the strictest limits among them. A lane
	// with an empty group has one of its own.
	Group string
	// LastIntent is when an earlier run last recorded an intent of this group, zero when there was none. The run's first
	// request begins no earlier than one window after it.
	LastIntent time.Time
	Steps      planner.Steps
	Total      int // how many steps Steps gives; what a stopped lane did not read is counted from it
}

// Limits is what an account keeps to.
type Limits struct {
	Requests    int           // requests that may begin within Per; 0 for no limit
	Per         time.Duration // above 0 when Requests is
	Concurrency int           // requests in flight at once; below 1 means 1
	Timeout     time.Duration // of one attempt, from its begin to the whole answer; 0 for none
	Jitter      time.Duration // added to Per: by how much the time to the server may vary
	StopAfter   int           // unknown outcomes in a row that stop the lane, and a fifth of the refusals that do; 0 for never
}

// Retry says how attempts that provably left nothing behind are repeated.
type Retry struct {
	MaxAttempts int           // attempts that may fail before the request left; below 1 means 1. Throttled ones are not counted
	MinBackoff  time.Duration // shortest wait where the provider names none; 0 means 500 ms
	MaxBackoff  time.Duration // longest such wait; below MinBackoff means MinBackoff
}

// lane is a Lane while it runs.
type lane struct {
	Lane
	run     *run
	limiter *limiter
	queue   queue // who comes next; see order.go

	// work ends when no new request may begin: the lane stopped, the run was interrupted, or the ledger failed. What is
	// in flight is not touched by it.
	work context.Context
	halt context.CancelFunc

	mu      sync.Mutex // guards what follows
	counts  Counts
	breaker breaker
	stopped *Stop
}

// carry sends all that the lane has, and returns when nothing of it is in flight any more.
func (l *lane) carry() error {
	defer l.halt()
	wake := context.AfterFunc(l.work, func() { l.run.order.wake(l) })
	defer wake()
	var workers errgroup.Group
	for range l.Limits.Concurrency {
		workers.Go(l.worker)
	}
	err := workers.Wait()
	l.run.order.close(l)
	l.run.events.emit(LaneDone{Account: l.Account, Counts: l.summary().Counts})
	return err
}

// worker makes one attempt after another. It returns an error only for what must stop the run.
func (l *lane) worker() error {
	for {
		step, ok := l.run.order.next(l)
		if !ok {
			return nil
		}
		for a := newAttempt(step); a != nil; {
			var err error
			if a, err = l.try(a); err != nil {
				l.run.fail(err)
				return err
			}
		}
	}
}

// settle counts the end of one step and tells the observer. It does not count what ends unsent: that is what remains.
func (l *lane) settle(step *planner.Step, d Done) {
	l.mu.Lock()
	l.counts.add(d.Result)
	l.mu.Unlock()
	if l.run.events.wanted() {
		d.Account, d.Send = l.Account, step.Send
		l.run.events.emit(d)
	}
}

// judge hands a final answer to the breaker, and stops the lane when it breaks.
func (l *lane) judge(send addr.Send, class providers.Class, reason string) {
	l.mu.Lock()
	cause, count := l.breaker.observe(class, reason)
	l.mu.Unlock()
	if cause != "" {
		l.stop(Stop{Cause: cause, Send: send, Count: count, Reason: reason})
	}
}

// stop ends the lane's work; the first reason is kept.
func (l *lane) stop(s Stop) {
	s.Account = l.Account
	l.mu.Lock()
	first := l.stopped == nil
	if first {
		l.stopped = &s
	}
	l.mu.Unlock()
	l.halt()
	if first {
		l.run.events.emit(LaneStopped{Account: l.Account, Why: &s})
	}
}

// unreadable stops the lane because a step could not be read.
func (l *lane) unreadable(err error) {
	l.stop(Stop{Cause: CausePlan, Err: err})
}

// summary gives the lane's counts; what neither ended nor was read is unsent.
func (l *lane) summary() LaneSummary {
	total := l.run.order.total(l)
	l.mu.Lock()
	defer l.mu.Unlock()
	s := LaneSummary{Account: l.Account, Counts: l.counts}
	s.Unsent = max(0, total-s.tried()-s.Blocked)
	if l.stopped != nil {
		s.Stop = l.stopped // never a nil pointer in a non-nil error
	}
	return s
}

// check finds what would make a lane run wrongly or not at all.
func (l *Lane) check() error {
	switch {
	case l.Provider == nil:
		return fmt.Errorf("lane %s has no provider", l.Account)
	case l.Steps == nil:
		return fmt.Errorf("lane %s has no steps", l.Account)
	case l.Limits.Requests < 0:
		return fmt.Errorf("lane %s: limits.requests is %d; it must not be negative", l.Account, l.Limits.Requests)
	case l.Limits.Requests > 0 && l.Limits.Per <= 0:
		return fmt.Errorf("lane %s: limits.per is %s; it must be above 0", l.Account, l.Limits.Per)
	case l.Limits.Jitter < 0:
		return fmt.Errorf("lane %s: limits.jitter is %s; it must not be negative", l.Account, l.Limits.Jitter)
	}
	l.Limits.Concurrency = max(1, l.Limits.Concurrency)
	l.Retry.MaxAttempts = max(1, l.Retry.MaxAttempts)
	return nil
}
