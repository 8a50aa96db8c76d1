package providers

import (
	"context"
	"time"
)

// Finder is a Provider that can ask its vendor what became of an attempt.
type Finder interface {
	// LookUp asks. It calls turn before each request that it makes, which waits for the account's limit, and gives up
	// with turn's error; every request is under the rules of Send. It never guesses: what the vendor's answers do not
	// prove is Undecided.
	LookUp(ctx context.Context, d Doubt, turn func(context.Context) error) Verdict
}

// Doubt is one attempt of which nobody knows what came.
type Doubt struct {
	Request Request   // rendered anew: it says what was said, and goes where it went
	Key     Key       // that the attempt carried
	At      time.Time // no byte of it left before
	Settled bool      // whatever was accepted must be visible by now
	Marked  bool      // this account is known to give our keys back
	Alike   int       // other attempts since At that say the same in the same place, and are not known to be unsent
}

// Finding is what a look-up came to.
type Finding int

// The closed set of findings.
const (
	Undecided Finding = iota // nobody can tell
	Found                    // the vendor has the message
	Absent                   // the vendor has not, and will not have it
)

// Verdict is the answer of a look-up.
type Verdict struct {
	Finding Finding
	ID      string        // Found: the vendor's id of the message, "" where it gives none
	Status  string        // Found: the vendor's own word for its state
	At      time.Time     // Found: the vendor's time of acceptance
	Reason  string        // Undecided: why; one bounded line without secrets, not yet escaped
	Class   Class         // how the last request went; Accepted when its answer was understood, 0 when none was made
	After   time.Duration // Class Throttled: how long to wait
}

// String gives the finding in the words of the documentation.
func (f Finding) String() string {
	switch f {
	case Found:
		return "found"
	case Absent:
		return "absent"
	}
	return "undecided"
}
