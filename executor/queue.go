package executor

import (
	"slices"
	"sync"
)

// queue is who comes next in one lane. It is guarded by order.mu.
type queue struct {
	wakeup  sync.Cond
	ready   []turn // put aside once, now free to go on, in the order in which they became so
	head    int    // of ready
	read    int    // steps read
	parked  int
	asked   int  // put aside for a look-up or a conversation; then they move on, or are free for another attempt
	idle    int  // workers that wait for something to do
	reading bool // a worker is reading the next step
	ended   bool // all steps were read
	closed  bool
	stuck   bool
}

// turn is a step that was put aside and need not wait any more.
type turn struct {
	ref    int64
	number int  // of its next attempt
	fate   fate // of what it needs
}

// wait lets a worker sleep until there may be something to do.
func (o *order) wait(l *lane) {
	q := &l.queue
	q.idle++
	if q.ended && q.asked == 0 && q.idle == l.Limits.Concurrency && !q.stuck {
		q.stuck = true
		o.stuck++
		o.unknot()
	}
	// unknot may just have freed a step of this very lane.
	if q.head == len(q.ready) {
		q.wakeup.Wait()
	}
	q.idle--
}

func (o *order) unstick(l *lane) {
	if l.queue.stuck {
		l.queue.stuck = false
		o.stuck--
	}
}

// unknot frees every parked step as blocked when all open lanes are stuck: what they wait for is not in this run, or
// waits for them. A plan says no such thing, but a run must end whatever the plan says, and nobody may be overtaken.
func (o *order) unknot() {
	if o.open == 0 || o.stuck < o.open {
		return
	}
	for k, m := range o.links {
		if m.fate == waits {
			o.free(k, m, holds)
		}
	}
}

// wake makes all workers of a lane look around.
func (o *order) wake(l *lane) {
	o.mu.Lock()
	defer o.mu.Unlock()
	l.queue.wakeup.Broadcast()
}

// close ends a lane: what waits for a step that it has not sent is blocked.
func (o *order) close(l *lane) {
	o.mu.Lock()
	defer o.mu.Unlock()
	l.queue.closed = true
	o.unstick(l)
	o.open--
	for k, m := range o.links {
		if m.fate == waits && m.leader == l {
			o.free(k, m, holds)
		}
	}
	o.unknot()
}

// total is how many steps the lane has: those it read, and, if it did not read all, those it was said to have.
func (o *order) total(l *lane) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	if l.queue.ended {
		return l.queue.read
	}
	return max(l.queue.read, l.Total)
}

func (q *queue) push(t turn) {
	if q.head > 0 && 2*q.head >= len(q.ready) {
		q.ready, q.head = append(q.ready[:0], q.ready[q.head:]...), 0
	}
	q.ready = append(q.ready, t)
}

func (q *queue) pop() turn {
	t := q.ready[q.head]
	q.head++
	return t
}

// ask counts a step that is put aside until its look-up has ended, or its conversation may be opened: meanwhile the lane
// is neither done nor stuck.
func (o *order) ask(l *lane) {
	o.mu.Lock()
	defer o.mu.Unlock()
	l.queue.asked++
}

// asked counts the end of such a wait. With a number the send is free for its attempt of that number.
func (o *order) asked(l *lane, ref int64, number int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	q := &l.queue
	q.asked--
	if number > 0 {
		q.push(turn{ref: ref, number: number, fate: goes})
		q.wakeup.Signal()
	}
	if q.asked == 0 {
		q.wakeup.Broadcast() // the lane may be done, or stuck
	}
}

// more reports whether there are steps for sure that may be sent now. Those that wait for others may be, or may not.
func (o *order) more(l *lane) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	q := &l.queue
	return !q.ended || slices.ContainsFunc(q.ready[q.head:], func(t turn) bool { return t.fate == goes })
}
