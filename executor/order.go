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

// fate is what the end of a step means for the one that needs it.
type fate uint8

const (
	waits fate = iota // it has not ended
	goes              // it was sent: the next one may be
	holds             // it will not be sent
	tardy             // its time was over
)

// fate says what a result means for the step that needs this one.
func (r Result) fate() fate {
	switch r {
	case Sent:
		return goes
	case Late:
		return tardy
	}
	return holds
}

// meeting is the first side to come to a link: the end of the step that leads, or the step that needs it, parked.
type meeting struct {
	fate fate // of the step that leads

	waiter *lane // when that has not ended: who parked,
	ref    int64 // what,
	leader *lane // and the lane that sends what it needs
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

// link gives the link to one message of a step's person and sequence.
func (o *order) link(name string, of *planner.Step) link {
	s := addr.Send{Message: addr.Message{Sequence: of.Send.Sequence, Name: name}, Key: of.Send.Key}
	return link{maphash.Comparable(o.seeds[0], s), maphash.Comparable(o.seeds[1], s)}
}

// next gives the first attempt of the next step that the lane may send now, or the next attempt of one whose look-up
// found nothing. It waits while there is none but may be one, and gives nil when there will be none.
func (o *order) next(l *lane) *attempt {
	q := &l.queue
	o.mu.Lock()
	defer o.mu.Unlock()
	for {
		a, seen := o.look(l)
		switch {
		case seen == free:
			return a
		case seen == held:
		case l.work.Err() != nil:
			return nil
		case q.ended && q.parked == 0 && q.asked == 0:
			q.wakeup.Broadcast() // the others need not wait any longer either
			return nil
		default:
			o.wait(l)
		}
	}
}

// ahead gives what next would if one look finds it, and waits for nothing: neither for other steps to end nor for what
// stands between here and the next free one.
func (o *order) ahead(l *lane) *attempt {
	o.mu.Lock()
	defer o.mu.Unlock()
	if a, seen := o.look(l); seen == free {
		return a
	}
	return nil
}

// sight is what one look at a lane's queue came to.
type sight uint8

const (
	none sight = iota // there is nothing to take now
	held              // a step, or the end of the steps, that may not be sent now: another look may find more
	free              // a step that may be sent now
)

// look takes one step of the lane: one that was put aside and is ready, else the next that can be read. It unlocks
// meanwhile.
func (o *order) look(l *lane) (a *attempt, seen sight) {
	q := &l.queue
	switch {
	case l.work.Err() != nil:
		return nil, none
	case q.head < len(q.ready):
		t := q.pop()
		o.mu.Unlock()
		a, err := l.attempt(t.ref, t.number)
		o.mu.Lock()
		switch {
		case err != nil:
			return nil, held
		case t.fate == goes:
			return a, free
		}
		o.drop(l, &a.step, t.fate)
		return nil, held
	case q.ended || q.reading:
		return nil, none
	}
	a, f := o.readStep(l)
	switch f {
	case goes:
		return a, free
	case holds, tardy:
		o.drop(l, &a.step, f)
	}
	return nil, held
}

// attempt reads a step that was put aside, for its attempt of that number.
func (l *lane) attempt(ref int64, number int) (*attempt, error) {
	step, err := l.Steps.At(ref)
	if err != nil {
		l.unreadable(err)
		return nil, err
	}
	return &attempt{step: step, ref: ref, number: number, later: number > 1}, nil
}

// readStep reads one step and says what became of the one it needs. If that one's end is waited for the step was parked,
// or there was none.
func (o *order) readStep(l *lane) (a *attempt, f fate) {
	q := &l.queue
	q.reading = true
	o.mu.Unlock()
	a = &attempt{number: 1}
	var err error
	a.step, a.ref, err = l.Steps.Next()
	var need link
	needs := err == nil && a.step.Needs.Message != ""
	if needs {
		need = o.link(a.step.Needs.Message, &a.step)
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
		return nil, waits
	case !needs:
		q.read++
		return a, goes
	}
	q.read++
	leader := o.lanes[a.step.Needs.Account]
	met, there := o.links[need]
	switch {
	case met.fate != waits:
		delete(o.links, need)
		return a, met.fate
	case there, leader == nil, leader.queue.closed:
		// A second step that needs the same, or one whose leader is not in this run: it must not overtake, so it is held.
		return a, holds
	}
	o.links[need] = meeting{waiter: l, ref: a.ref, leader: leader}
	q.parked++
	return nil, waits
}

// drop ends a step that is never sent because of the one it needs, and with it those that need it. It unlocks meanwhile.
func (o *order) drop(l *lane, step *planner.Step, f fate) {
	o.mu.Unlock()
	defer o.mu.Lock()
	needed := addr.Message{Sequence: step.Send.Sequence, Name: step.Needs.Message}
	d := Done{Result: Blocked, Reason: "blocked by " + needed.String()}
	if f == tardy {
		d = Done{Result: Late, Reason: "it comes after " + needed.String() + ", whose time is over"}
	}
	l.settle(step, d)
	o.end(step, f)
}

// end tells the step that needs this one how it ended.
func (o *order) end(step *planner.Step, f fate) {
	if !step.Leads {
		return
	}
	k := o.link(step.Send.Name, step)
	o.mu.Lock()
	defer o.mu.Unlock()
	met, there := o.links[k]
	if !there {
		o.links[k] = meeting{fate: f}
	} else if met.fate == waits {
		o.free(k, met, f)
	}
}

// free puts a parked step among the ready ones of its lane.
func (o *order) free(k link, m meeting, f fate) {
	delete(o.links, k)
	q := &m.waiter.queue
	q.parked--
	q.push(turn{ref: m.ref, number: 1, fate: f})
	o.unstick(m.waiter)
	q.wakeup.Signal()
}
