package executor

import (
	"sync"
	"time"
)

// openings is the conversations of one lane that are being opened, or could not be.
type openings struct {
	mu    sync.Mutex
	named map[string]*opening
}

// opening is one conversation that is not open. One worker at a time has it, and with it what is not guarded; steps that
// need it meanwhile are put aside.
type opening struct {
	settled time.Time // what earlier attempts made must be visible from then on; zero when there were none
	tries   int       // attempts that came to nothing, throttled ones not counted
	failed  string    // why it is given up in this run

	// Guarded by openings.mu.
	taken  bool // somebody has it, or it settles
	timer  *time.Timer
	others []turn
}

// take gives a conversation to the worker of a step. If another one has it, it puts the step aside and gives nil.
func (s *openings) take(l *lane, name string, a *attempt) *opening {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.named[name]
	if o == nil {
		if s.named == nil {
			s.named = make(map[string]*opening)
		}
		o = &opening{}
		s.named[name] = o
	}
	if o.taken {
		o.aside(l, a)
		return nil
	}
	o.taken = true
	return o
}

// aside lets a step wait for the conversation; openings.mu is held.
func (o *opening) aside(l *lane, a *attempt) {
	l.run.order.ask(l)
	o.others = append(o.others, turn{ref: a.ref, number: a.number})
}

// leave lets others have a conversation that a worker is done with. Unless it is given up it is forgotten: the ledger has
// it, or who comes next begins anew.
func (s *openings) leave(l *lane, name string, o *opening) {
	s.mu.Lock()
	if o.failed == "" {
		delete(s.named, name)
	}
	others := o.free()
	s.mu.Unlock()
	resume(l, others)
}

// settle puts the step of a worker, and all that need the same conversation, aside until it has settled.
func (s *openings) settle(l *lane, o *opening, a *attempt) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o.aside(l, a)
	o.timer = time.AfterFunc(time.Until(o.settled), func() {
		s.mu.Lock()
		others := o.free()
		s.mu.Unlock()
		resume(l, others)
	})
}

// free gives those that waited for a conversation; openings.mu is held.
func (o *opening) free() (others []turn) {
	others, o.others, o.taken = o.others, nil, false
	return others
}

func resume(l *lane, others []turn) {
	for _, t := range others {
		l.run.order.asked(l, t.ref, t.number)
	}
}

// close ends all waiting, once nobody works in the lane any more.
func (s *openings) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.named {
		if o.timer != nil {
			o.timer.Stop()
		}
	}
}
