package executor

import (
	"container/heap"
	"context"
	"fmt"
	"sync"
	"time"

	"herald/providers"
)

// asker looks up what is in doubt in one lane: one send at a time, in the order of being due, beside the workers. It
// holds none of their places; each of its requests takes a turn of the limiter like any other.
type asker struct {
	lane   *lane
	finder providers.Finder
	ctx    context.Context // ends with the first interrupt; not when the lane stops by itself

	mu       sync.Mutex
	queue    doubts
	arrivals int
	complete bool          // no more will be added
	wake     chan struct{} // of size one

	// Of its own goroutine.
	found     map[likeness]int // questions of which the provider had the message
	fruitless int              // look-ups in a row without an answer
	resume    time.Time        // after such a one, no look-up before
	away      string           // why the account was turned away; then no look-up is made any more
	last      time.Time        // when its last request began
	failed    error            // the first error of the ledger
}

// newAsker gives nil for a lane that cannot ask.
func newAsker(l *lane) *asker {
	finder, ok := l.Provider.(providers.Finder)
	if !ok || l.run.ledger != nil && l.run.answers == nil {
		return nil
	}
	return &asker{lane: l, finder: finder, ctx: l.run.work, wake: make(chan struct{}, 1), found: map[likeness]int{}}
}

// add takes a doubt in.
func (k *asker) add(d *doubt) {
	if d.old == nil {
		k.lane.run.order.ask(k.lane)
	}
	k.mu.Lock()
	k.push(d)
	k.mu.Unlock()
	k.nudge()
}

func (k *asker) push(d *doubt) {
	k.arrivals++
	d.arrival = k.arrivals
	heap.Push(&k.queue, d)
}

// finish says that no more will be added.
func (k *asker) finish() {
	k.mu.Lock()
	k.complete = true
	k.mu.Unlock()
	k.nudge()
}

func (k *asker) nudge() {
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// work looks up one after the other and returns when none is left and no more will be added. It returns an error only
// for what must stop the run.
func (k *asker) work() error {
	for {
		switch {
		case k.ctx.Err() != nil:
			for _, d := range k.takeAll() {
				k.leave(d)
			}
		case k.away != "":
			for _, d := range k.takeAll() {
				k.undecided(d, providers.Verdict{Reason: k.away}, false)
			}
		}
		d, at, more := k.next()
		switch {
		case d != nil:
			k.ask(d)
		case !more:
			return k.failed
		default:
			k.wait(at)
		}
	}
}

// next takes the doubt that is due. If there is none it says when the first one will be, zero when none waits, and
// whether there may be more.
func (k *asker) next() (d *doubt, at time.Time, more bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.queue) == 0 {
		return nil, at, !k.complete
	}
	if at = k.queue[0].due; at.Before(k.resume) {
		at = k.resume
	}
	if at.After(time.Now()) {
		return nil, at, true
	}
	return heap.Pop(&k.queue).(*doubt), at, true
}

// takeAll takes out all that wait, in order.
func (k *asker) takeAll() []*doubt {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.queue.take(func(*doubt) bool { return true })
}

// takeDue takes out those that are due by now, in order.
func (k *asker) takeDue(now time.Time) []*doubt {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.queue.take(func(d *doubt) bool { return !d.due.After(now) })
}

// wait sleeps until an instant, zero for none, or until something changes.
func (k *asker) wait(until time.Time) {
	var timer <-chan time.Time
	if !until.IsZero() {
		t := time.NewTimer(time.Until(until))
		defer t.Stop()
		timer = t.C
	}
	interrupt := k.ctx.Done()
	if k.ctx.Err() != nil {
		interrupt = nil // it has been heard
	}
	select {
	case <-k.wake:
	case <-timer:
	case <-interrupt:
	}
}

// ask makes one look-up and does what follows.
func (k *asker) ask(d *doubt) {
	request, not := k.request(d)
	if not != "" {
		k.undecided(d, providers.Verdict{Reason: not}, false)
		return
	}
	alike, err := k.alike(d)
	if err != nil {
		k.fail(d, err)
		return
	}
	t := &turns{lane: k.lane, latest: never}
	settled := !time.Now().Before(d.settled)
	v := k.finder.LookUp(t.trace(k.ctx), providers.Doubt{
		Request: request, Key: d.key, At: d.at, Settled: settled, Marked: k.lane.marked.Load(), Alike: alike,
	}, t.take)
	if t.close(v.Class) {
		k.last = k.lane.limiter.begin(t.slot)
	} else {
		v.Class = 0 // it says nothing
	}
	if v.Finding == providers.Absent && !settled {
		v = providers.Verdict{Reason: "it may become visible yet", Class: v.Class}
	}
	switch {
	case t.failed != nil:
		k.fail(d, t.failed)
	case v.Finding == providers.Found:
		k.sent(d, v, alike)
	case v.Finding == providers.Absent:
		k.absent(d, v)
	case k.ctx.Err() != nil:
		k.leave(d)
	case v.Class == providers.AccountError:
		k.turnedAway(d, v)
	case v.Class == providers.Throttled || v.Class == providers.NotSent || v.Class == providers.Unknown:
		k.unanswered(d, v, t.slot)
	case !settled && !d.once:
		k.fruitless = 0
		k.later(d)
	default:
		k.fruitless = 0
		k.undecided(d, v, true)
	}
}

// later asks again when an absence can be believed.
func (k *asker) later(d *doubt) {
	d.due = d.settled
	k.mu.Lock()
	k.push(d)
	k.mu.Unlock()
}

// request gives the request of a doubt, or why there is none.
func (k *asker) request(d *doubt) (r providers.Request, not string) {
	var place string
	if d.old != nil {
		r, place = d.old.Request, d.old.Place
	} else {
		a, err := k.lane.attempt(d.ref, d.number)
		if err != nil {
			return r, "its step cannot be read again"
		}
		r = a.step.Request
	}
	if r.Opening == nil {
		return r, ""
	}
	if place == "" {
		if place = k.lane.place(r.Opening.Name); place == "" {
			return r, "its conversation is not known"
		}
	}
	return located(r, place), ""
}

// alike counts the attempts that cannot be told apart from this one.
func (k *asker) alike(d *doubt) (int, error) {
	if k.lane.run.answers == nil {
		return max(d.old.Alike, k.found[d.like]), nil
	}
	n, err := k.lane.run.answers.Alike(k.lane.run.last, d.send, d.like.content, d.like.destination, d.at)
	if err != nil {
		return 0, fmt.Errorf("%s was not looked up at %s, because the ledger could not say what is like it: %w", d.send, k.lane.Account, err)
	}
	return n, nil
}
