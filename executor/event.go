package executor

import (
	"sync"
	"time"

	"herald/internal/addr"
	"herald/providers"
)

// Event is what just happened: Started, Done, Returned, NotOpened, LookedUp, Throttled, LaneStopped or LaneDone. Every Started is
// followed by one Done or Returned of the same send, after its look-up where there is one.
type Event interface{ event() }

// Started tells that a request begins.
type Started struct {
	Account string
	Send    addr.Send
	Attempt int // from 1; throttled attempts are not counted
}

// Done tells, once for each, that a step ended as sent, refused, in doubt, blocked or late. What ends unsent is only counted, in
// LaneDone.
type Done struct {
	Account string
	Send    addr.Send
	Result  Result
	Reason  string // why not, not yet escaped; "" for sent
	ID      string // the provider's id of the message, where it gives one
	Status  string // the provider's own word for the message's state
	Note    string // what a person should know of a sent message, not yet escaped
	HTTP    int    // status code of the last attempt, 0 when there was no answer
}

// Returned tells that a request was provably not accepted: the row went back, and the send queues again unless its lane
// ends.
type Returned struct {
	Account string
	Send    addr.Send
	Class   providers.Class // Throttled, NotSent or AccountError; Unknown when a look-up showed it
	Reason  string          // not yet escaped
}

// NotOpened tells that the conversation of a send could not be opened: nothing was sent, and the send stays unsent.
type NotOpened struct {
	Account string
	Send    addr.Send
	Reason  string // not yet escaped
}

// LookedUp tells how the look-up of a send in doubt ended: of an attempt of this run, which a Done or Returned follows,
// or of a question.
type LookedUp struct {
	Account string
	Send    addr.Send
	Finding providers.Finding
	Reason  string // why it is undecided, not yet escaped
}

// Throttled tells that the limit group of a lane waits, after throttling or a failure to connect.
type Throttled struct {
	Account string
	Until   time.Time
	Reason  string // not yet escaped
}

// LaneStopped tells that a lane stopped by itself; what is in flight is still finished.
type LaneStopped struct {
	Account string
	Why     *Stop
}

// LaneDone tells that nothing of a lane is in flight or waits for its look-up any more, and nothing more will be.
type LaneDone struct {
	Account string
	Counts  Counts
}

func (Started) event()     {}
func (Done) event()        {}
func (Returned) event()    {}
func (NotOpened) event()   {}
func (LookedUp) event()    {}
func (Throttled) event()   {}
func (LaneStopped) event() {}
func (LaneDone) event()    {}

// sink hands events to the observer, one at a time.
type sink struct {
	mu      sync.Mutex
	observe func(Event)
}

func newSink(observe func(Event)) *sink { return &sink{observe: observe} }

// wanted reports whether anybody looks: on the hot path events are not even made for nobody.
func (s *sink) wanted() bool { return s.observe != nil }

func (s *sink) emit(e Event) {
	if s.observe == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.observe(e)
}
