package executor

import (
	"errors"
	"hash/maphash"
	"io"
	"sync"

	"herald/internal/addr"
	"herald/planner"
)

// order decides what each lane sends next. Lanes read their steps in plan order; a step that needs another one which has
// not ended yet is parked by its reference, so that reading goes on and no lane can wait for another's reader.
//
// The steps of one person in one sequence form a chain: at most one step needs any other. So each link of a chain is one
// small entry, made by whichever side comes first and removed by the other.
type order struct {
	seeds [2]maphash.Seed

	mu    sync.Mutex // guards what follows and the queues of all lanes; never held while reading steps
	links map[link]meeting
	lanes map[string]*lane
	open  int // lanes that are not closed
	stuck int // open lanes of which nothing moves until another step ends
}

// link names a step that another one needs, by a hash: people are never held.
type link [2]uint64

// meeting is the first side to come to a link: the end of the step that leads, or the step that needs it, parked.
type meeting struct {
	ended bool
	sent  bool // when ended

	waiter *lane // when not ended: who parked,
	ref    int64 // what,
	leader *lane // and the lane that sends what it needs
}

// queue is who comes next in one lane. It is guarded by order.mu.
type queue struct {
	wakeup  sync.Cond
	ready   []turn // parked once, now free to go on, in the order in which they became so
	head    int    // of ready
	read    int    // steps read
	parked  int
	idle    int  // workers that wait for something to do
	reading bool // a worker is reading the next step
	ended   bool // all steps were read
	closed  bool
	stuck   bool
}

// turn is a step that was parked and need not wait any more.
type turn struct {
	ref     int64
	blocked bool // what it needs will not be sent
}

func newOrder(lanes []*lane) *order {
	o := &order{
		seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()},
		links: make(map[link]meeting),
		lanes: make(map[string]*lane, len(lanes)),
		open:  len(lanes),
	}
	for _, l := range lanes {
		l.queue.wakeup.L = &o.mu
		o.lanes[l.Account] = l
	}
	return o
}

func (o *order) link(m, key string, of *planner.Step) link {
	s := addr.Send{Message: addr.Message{Sequence: of.Send.Sequence, Name: m}, Key: key}
	return link{maphash.Comparable(o.seeds[0], s), maphash.Comparable(o.seeds[1], s)}
}

// next gives the next step that the lane may send now. It waits while there is none but may be one, and gives false
// when there will be none.
func (o *order) next(l *lane) (planner.Step, bool) {
	q := &l.queue
	o.mu.Lock()
	defer o.mu.Unlock()
	for {
		step, seen := o.look(l)
		switch {
		case seen == free:
			return step, true
		case seen == held:
		case l.work.Err() != nil:
			return planner.Step{}, false
		case q.ended && q.parked == 0:
			q.wakeup.Broadcast() // the others need not wait any longer either
			return planner.Step{}, false
		default:
			o.wait(l)
		}
	}
}

// ahead gives the next step if one look finds it, and waits for nothing: neither for other steps to end nor for what
// stands between here and the next free one.
func (o *order) ahead(l *lane) (planner.Step, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	step, seen := o.look(l)
	return step, seen == free
}

// sight is what one look at a lane's queue came to.
type sight uint8

const (
	none sight = iota // there is nothing to take now
	held              // a step, or the end of the steps, that may not be sent now: another look may find more
	free              // a step that may be sent now
)

// look takes one step of the lane: one that was parked and is ready, else the next that can be read. It unlocks meanwhile.
func (o *order) look(l *lane) (step planner.Step, seen sight) {
	q := &l.queue
	switch {
	case l.work.Err() != nil:
		return step, none
	case q.head < len(q.ready):
		t := q.pop()
		o.mu.Unlock()
		step, err := l.Steps.At(t.ref)
		if err != nil {
			l.unreadable(err)
		}
		o.mu.Lock()
		if err != nil {
			return step, held
		}
		if !t.blocked {
			return step, free
		}
		o.blocked(l, &step)
		return step, held
	case q.ended || q.reading:
		return step, none
	}
	step, ok, blocked := o.readStep(l)
	switch {
	case ok:
		return step, free
	case blocked:
		o.blocked(l, &step)
	}
	return step, held
}

// readStep reads one step and says whether it may be sent now, or never; if neither, it was parked or there was none.
func (o *order) readStep(l *lane) (step planner.Step, ok, blocked bool) {
	q := &l.queue
	q.reading = true
	o.mu.Unlock()
	step, ref, err := l.Steps.Next()
	var need link
	needs := err == nil && step.Needs.Message != ""
	if needs {
		need = o.link(step.Needs.Message, step.Send.Key, &step)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		l.unreadable(err)
	}
	o.mu.Lock()
	q.reading = false
	q.wakeup.Signal() // somebody else may read now
	switch {
	case err != nil:
		q.ended = errors.Is(err, io.EOF)
		return step, false, false
	case !needs:
		q.read++
		return step, true, false
	}
	q.read++
	leader := o.lanes[step.Needs.Account]
	met, there := o.links[need]
	switch {
	case there && met.ended:
		delete(o.links, need)
		return step, met.sent, !met.sent
	case there, leader == nil, leader.queue.closed:
		// A second step that needs the same, or one whose leader is not in this run: it must not overtake, so it is held.
		return step, false, true
	}
	o.links[need] = meeting{waiter: l, ref: ref, leader: leader}
	q.parked++
	return step, false, false
}

// blocked ends a step that is held for good, and with it those that need it. It unlocks meanwhile.
func (o *order) blocked(l *lane, step *planner.Step) {
	o.mu.Unlock()
	defer o.mu.Lock()
	needed := addr.Message{Sequence: step.Send.Sequence, Name: step.Needs.Message}
	l.settle(step, Done{Result: Blocked, Reason: "blocked by " + needed.String()})
	o.end(step, false)
}

// end tells the step that needs this one how it ended.
func (o *order) end(step *planner.Step, sent bool) {
	if !step.Leads {
		return
	}
	k := o.link(step.Send.Name, step.Send.Key, step)
	o.mu.Lock()
	defer o.mu.Unlock()
	met, there := o.links[k]
	if !there {
		o.links[k] = meeting{ended: true, sent: sent}
	} else if !met.ended {
		o.free(k, met, !sent)
	}
}

// free puts a parked step among the ready ones of its lane.
func (o *order) free(k link, m meeting, blocked bool) {
	delete(o.links, k)
	q := &m.waiter.queue
	q.parked--
	q.push(turn{ref: m.ref, blocked: blocked})
	o.unstick(m.waiter)
	q.wakeup.Signal()
}

// wait lets a worker sleep until there may be something to do.
func (o *order) wait(l *lane) {
	q := &l.queue
	q.idle++
	if q.ended && q.idle == l.Limits.Concurrency && !q.stuck {
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
		if !m.ended {
			o.free(k, m, true)
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
		if !m.ended && m.leader == l {
			o.free(k, m, true)
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
