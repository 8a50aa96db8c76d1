package executor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"herald/internal/addr"
	"herald/planner"
	"herald/providers"
)

// Lane is one provider account and what is sent through it.
type Lane struct {
	Account string // as steps name it: heyx or heyx.alias; unique within a run
	// Identity tells the account at its vendor from others, without secrets: conversations that were opened are kept under it.
	Identity string
	Provider providers.Provider
	Limits   Limits
	Retry    Retry
	// Group names the limit group: lanes of one group share one limiter, with the strictest limits among them. A lane
	// with an empty group has one of its own.
	Group string
	// LastIntent is when an earlier run last recorded an intent of this group, zero when there was none. The run's first
	// request begins no earlier than one window after it.
	LastIntent time.Time
	Steps      planner.Steps // nil for none
	Total      int           // how many steps Steps gives; what a stopped lane did not read is counted from it

	// Settle is the time after an attempt's begin after which whatever it got accepted must be visible; not negative.
	Settle time.Duration
	// Marked says that the account is known to give our keys back; a run finds out by itself, too.
	Marked bool
	// Questions are sends that earlier runs left in doubt and that are not among the steps. Where the provider is a
	// providers.Finder it is asked about them while steps are sent.
	Questions []Question
}

// lane is a Lane while it runs.
type lane struct {
	Lane
	run      *run
	limiter  *limiter
	queue    queue  // who comes next
	asker    *asker // nil when nothing can be looked up
	openings openings
	marked   atomic.Bool
	barred   atomic.Pointer[Stop] // why nothing more may be sent; then the next attempt stops the lane

	// work ends when no new request may begin: the lane stopped, the run was interrupted, or the ledger failed. What is
	// in flight is not touched by it.
	work context.Context
	halt context.CancelFunc

	mu      sync.Mutex // guards what follows
	counts  Counts
	looked  LookUps
	breaker breaker
	stopped *Stop
}

// carry sends all that the lane has, and returns when nothing of it is in flight or waits for a look-up any more.
func (l *lane) carry() error {
	defer l.halt()
	wake := context.AfterFunc(l.work, func() { l.run.order.wake(l) })
	defer wake()
	finish := l.answer()
	var workers errgroup.Group
	for range l.Limits.Concurrency {
		workers.Go(l.worker)
	}
	err := workers.Wait()
	l.openings.close()
	err = errors.Join(err, finish())
	l.run.order.close(l)
	l.run.events.emit(LaneDone{Account: l.Account, Counts: l.summary().Counts})
	return err
}

// answer begins with the lane's look-ups, if it can make any, and gives the function that waits for the last of them.
func (l *lane) answer() (finish func() error) {
	if l.asker == nil {
		return func() error { return nil }
	}
	now := time.Now()
	for i := range l.Questions {
		q := &l.Questions[i]
		settled := q.settled(l.run.clock, now, l.Settle)
		l.asker.add(oldDoubt(q, q.due(now, settled), settled, nil))
	}
	var asking errgroup.Group
	asking.Go(l.asker.work)
	return func() error {
		l.asker.finish()
		return asking.Wait()
	}
}

// worker makes one attempt after another. It returns an error only for what must stop the run.
func (l *lane) worker() error {
	for {
		a := l.run.order.next(l)
		if a == nil {
			return nil
		}
		for a != nil {
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

// shut stops the lane if nothing more may be sent, and reports whether that is so.
func (l *lane) shut() bool {
	s := l.barred.Load()
	if s != nil {
		l.stop(*s)
	}
	return s != nil
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
	s := LaneSummary{Account: l.Account, Counts: l.counts, LookedUp: l.looked}
	s.Unsent = max(0, total-s.tried()-s.Blocked-s.Late)
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
	case l.Limits.Requests < 0:
		return fmt.Errorf("lane %s: limits.requests is %d; it must not be negative", l.Account, l.Limits.Requests)
	case l.Limits.Requests > 0 && l.Limits.Per <= 0:
		return fmt.Errorf("lane %s: limits.per is %s; it must be above 0", l.Account, l.Limits.Per)
	case l.Limits.Jitter < 0:
		return fmt.Errorf("lane %s: limits.jitter is %s; it must not be negative", l.Account, l.Limits.Jitter)
	case l.Settle < 0:
		return fmt.Errorf("lane %s: the time until a send is settled is %s; it must not be negative", l.Account, l.Settle)
	}
	if l.Steps == nil {
		l.Steps = nothing{}
	}
	l.Limits.Concurrency = max(1, l.Limits.Concurrency)
	l.Retry.MaxAttempts = max(1, l.Retry.MaxAttempts)
	return nil
}

// nothing is the steps of a lane that has none.
type nothing struct{}

func (nothing) Next() (planner.Step, int64, error) { return planner.Step{}, 0, io.EOF }
func (nothing) At(int64) (planner.Step, error)     { return planner.Step{}, io.ErrUnexpectedEOF }
