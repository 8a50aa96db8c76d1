package executor

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"herald/providers"
	"herald/state"
)

// reading is what became of one lane's deliveries, while it is read: part by part, some at the same time. A part that got no
// answer is asked about again in two, behind the others: one conversation of which the vendor says nothing must not keep
// it from being asked about the others. Deliveries of one place stay together.
type reading struct {
	lane    *lane
	watcher providers.Watcher
	collect func(Watched) error

	mu        sync.Mutex // guards what follows
	change    sync.Cond
	to        *WatchedLane
	parts     []part // to be asked about, in this order
	asking    int    // parts that workers have
	fruitless int    // times in a row that no answer came
	round     int    // how often fruitless was counted
	resume    time.Time
}

func newReading(l *lane, deliveries []state.Delivery, to *WatchedLane, collect func(Watched) error) *reading {
	r := &reading{lane: l, to: to, collect: collect}
	r.change.L = &r.mu
	to.Account, to.Unread = l.Account, len(deliveries)
	r.parts = partsOf(deliveries, l.Limits.Concurrency)
	return r
}

// work reads all. It returns an error only for what must stop the call.
func (r *reading) work() error {
	defer r.lane.halt()
	var ok bool
	if r.watcher, ok = r.lane.Provider.(providers.Watcher); !ok {
		r.to.Reason = "this provider cannot be asked what became of a message"
		return nil
	}
	wake := context.AfterFunc(r.lane.work, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.change.Broadcast()
	})
	defer wake()
	var workers errgroup.Group
	for range r.lane.Limits.Concurrency {
		workers.Go(r.worker)
	}
	err := workers.Wait()
	if r.to.Unread > 0 && r.to.Reason == "" {
		r.to.Reason = "interrupted"
	}
	if r.lane.stopped != nil {
		r.to.Stop = r.lane.stopped // never a nil pointer in a non-nil error
		r.to.Reason = r.lane.stopped.Reason
	}
	return err
}

func (r *reading) worker() error {
	for {
		p, round, ok := r.take()
		if !ok {
			return nil
		}
		if err := r.ask(p, round); err != nil {
			r.lane.run.fail(err)
			return err
		}
	}
}

// take gives the next part, once it may be asked about, and false when there is none and will be none.
func (r *reading) take() (p part, round int, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.lane.work.Err() == nil {
		wait := time.Until(r.resume)
		switch {
		case len(r.parts) == 0 && r.asking == 0:
			return p, 0, false
		case len(r.parts) == 0:
			r.change.Wait()
		case wait > 0:
			r.mu.Unlock()
			_ = sleep(r.lane.work, wait) // the loop looks at the lane
			r.mu.Lock()
		default:
			p, r.parts = r.parts[0], r.parts[1:]
			r.asking++
			return p, r.round, true
		}
	}
	return p, 0, false
}

// ask asks the provider about one part, and hands on what it says.
func (r *reading) ask(p part, round int) error {
	l := r.lane
	sends := make([]providers.Delivery, len(p.deliveries))
	for i, d := range p.deliveries {
		sends[i] = delivery(d)
	}
	brought := Watched{Account: l.Account}
	unseen := map[int]bool{}
	t := &turns{lane: l, latest: never}
	out := r.watcher.Watch(t.trace(l.work), sends, t.take, func(report providers.Report) {
		if report.Send < 0 || report.Send >= len(sends) {
			return
		}
		if report.Unseen {
			unseen[report.Send] = l.run.clock.now().Sub(p.deliveries[report.Send].Ended) < l.Settle
			return
		}
		if one := receipt(p.deliveries[report.Send].Send, report); !one.IsZero() {
			brought.Receipts = append(brought.Receipts, one)
		}
	})
	classify(&out)
	t.close(out.Class)
	err := t.failed
	if err == nil && out.Class == providers.Accepted {
		for i, d := range p.deliveries {
			if !unseen[i] {
				brought.Read = append(brought.Read, d.Send)
			}
		}
	}
	if err == nil && len(brought.Receipts)+len(brought.Read) > 0 {
		err = r.collect(brought)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	defer r.change.Broadcast()
	r.asking--
	if t.slot != nil {
		if at := l.limiter.begin(t.slot); at.After(r.to.LastRequest) {
			r.to.LastRequest = at
		}
	}
	if err != nil {
		return err
	}
	r.to.Receipts += len(brought.Receipts)
	r.to.Read += len(brought.Read)
	r.to.Unread -= len(brought.Read)
	if out.Note != "" {
		r.to.Note = out.Note
	}
	if out.Class == providers.Accepted {
		if len(brought.Read) < len(p.deliveries) {
			r.to.Reason = cmp.Or(r.to.Reason, "the provider does not show some messages yet that were sent just now")
		}
		r.fruitless = 0
		return nil
	}
	if len(brought.Receipts) > 0 {
		r.fruitless = 0 // there is somebody who answers
	}
	r.unread(p, out, t.slot, round)
	return nil
}

// unread takes in a part that was not read to its end.
func (r *reading) unread(p part, out providers.Outcome, slot *slot, round int) {
	l := r.lane
	switch {
	case l.work.Err() != nil:
	case out.Class == providers.AccountError:
		l.stop(Stop{Cause: CauseAccount, Count: 1, Reason: out.Reason, Reading: true})
	case slot == nil:
		r.giveUp(out) // it was not even asked
	case out.Class == providers.Throttled:
		if until, longer := l.limiter.throttled(slot, out.After, l.Retry); longer {
			l.run.events.emit(Throttled{Account: l.Account, Until: until, Reason: out.Reason})
		}
		if p.throttled { // if it never comes to its end as a whole, its parts do
			r.again(p, out)
			return
		}
		p.throttled = true
		r.parts = slices.Insert(r.parts, 0, p)
	case out.Class == providers.Refused:
		r.fruitless = 0
		p.tries = l.Retry.MaxAttempts // it will say the same again
		r.again(p, out)
	default:
		r.unanswered(p, out, round)
	}
}

// again puts a part back, in two where that can be; else it is given up when its attempts are used up.
func (r *reading) again(p part, out providers.Outcome) {
	if two := p.halves(); two != nil {
		r.parts = append(r.parts, two...)
	} else if p.tries < r.lane.Retry.MaxAttempts {
		r.parts = append(r.parts, p)
	} else {
		r.giveUp(out)
	}
}

func (r *reading) giveUp(out providers.Outcome) { r.to.Reason = cmp.Or(r.to.Reason, out.Reason) }

// unanswered puts off a part that got no answer. Of those that were asked about at the same time only the first counts for
// the row that stops the lane.
func (r *reading) unanswered(p part, out providers.Outcome, round int) {
	l := r.lane
	p.tries++
	if round == r.round {
		r.round++
		r.resume = time.Now().Add(backoff(l.Retry, r.fruitless))
		r.fruitless++
	}
	// When only single places are left that were tried before, they alone may be the matter.
	more := func(p part) bool { return p.tries == 0 }
	if r.again(p, out); r.fruitless >= l.Retry.MaxAttempts && slices.ContainsFunc(r.parts, more) {
		l.stop(Stop{Cause: CauseUnreachable, Count: r.fruitless, Reason: out.Reason, Reading: true})
	}
}
