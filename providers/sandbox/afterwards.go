package sandbox

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// EventKind is something that happens in a conversation after a message was sent.
type EventKind string

// The kinds of events, each with the method of Sandbox that it stands for. HeyX and Maax have no conversations, and
// Avaamo neither delivers nor fails: there such an event does nothing, as does one that the method refuses.
const (
	EventDelivered EventKind = "delivered" // Deliver
	EventFailed    EventKind = "failed"    // Fail, with Text for the reason
	EventRead      EventKind = "read"      // Read
	EventWritten   EventKind = "written"   // Write, Text
	EventChosen    EventKind = "chosen"    // Choose, Text as the one value
)

// Event is one of what happens in a message's conversation afterwards.
type Event struct {
	After time.Duration // since the message was accepted, 0 to 60 s (what is beyond is cut)
	Kind  EventKind
	Text  string
}

// afterwards lets events happen, those of one message one after the other, and none after stop.
type afterwards struct {
	mu      sync.Mutex
	stopped bool
	waiting map[*time.Timer]bool
	running sync.WaitGroup
}

// play lets the events of a message happen.
func (a *afterwards) play(events []Event, do func(Event)) {
	events = slices.Clone(events)
	for i := range events {
		events[i].After = min(max(events[i].After, 0), maxWait)
	}
	slices.SortStableFunc(events, func(x, y Event) int { return cmp.Compare(x.After, y.After) })
	a.next(events, 0, do)
}

// next waits for the first of the events, of which the one before happened so long after the message.
func (a *afterwards) next(events []Event, since time.Duration, do func(Event)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.stopped || len(events) == 0 {
		return
	}
	a.running.Add(1)
	var t *time.Timer
	t = time.AfterFunc(events[0].After-since, func() {
		defer a.running.Done()
		a.mu.Lock()
		over := a.stopped
		delete(a.waiting, t)
		a.mu.Unlock()
		if !over {
			do(events[0])
			a.next(events[1:], events[0].After, do)
		}
	})
	if a.waiting == nil {
		a.waiting = map[*time.Timer]bool{}
	}
	a.waiting[t] = true
}

// stop ends every wait, and returns when nothing happens any more.
func (a *afterwards) stop() {
	a.mu.Lock()
	a.stopped = true
	for t := range a.waiting {
		if t.Stop() {
			a.running.Done()
		}
	}
	a.waiting = nil
	a.mu.Unlock()
	a.running.Wait()
}

// observer tells who wants to know of an accepted message, and lets happen what comes afterwards.
func (s *Sandbox) observer(o Options) func(Message) {
	if o.Afterwards == nil {
		return o.Observe
	}
	return func(m Message) {
		if o.Observe != nil {
			o.Observe(m)
		}
		s.afterwards.play(o.Afterwards(m), func(e Event) { s.happen(m, e) })
	}
}

// happen lets one event happen in a message's conversation.
func (s *Sandbox) happen(m Message, e Event) {
	conversation := m.Conversation()
	switch e.Kind { // what is refused does not happen
	case EventDelivered:
		s.Deliver(m.Vendor, conversation)
	case EventFailed:
		s.Fail(m.Vendor, conversation, e.Text)
	case EventRead:
		s.Read(m.Vendor, conversation)
	case EventWritten:
		s.Write(m.Vendor, conversation, e.Text)
	case EventChosen:
		s.Choose(m.Vendor, conversation, e.Text)
	}
}
