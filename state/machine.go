package state

import (
	"fmt"

	"herald/internal/addr"
)

// event is what can happen to a send.
type event uint8

const (
	intended      event = iota // Intend or Turn
	intendedAgain              // the same with FromDoubt
	accepted                   // Record(Sent), as all that follow up to unclear
	declined                   // Refused
	goneBack                   // Untried
	unclear                    // InDoubt
	passedBy                   // Skip
	died                       // the process that had the ledger open
	decidedSent                // Resolve
	decidedUnsent
	removed   // Remove
	renamed   // Move
	forgotten // Forget
	events    = iota
)

var eventNames = [events]string{"Intend", "Intend(FromDoubt)", "Record(Sent)", "Record(Refused)", "Record(Untried)",
	"Record(InDoubt)", "Skip", "the process died", "Resolve(sent)", "Resolve(not sent)", "Remove", "Move", "Forget"}

// What stands in the machine beside states.
const (
	never  State = 255 // it must not happen
	before State = 254 // becomes what is settled under the attempt, or what was sent before the refusal
	same   State = 253 // stays as it is
)

// machine is the state machine of a send: what it becomes, by event and by where it stands. Whatever changes a send asks
// here first, by way of allow.
//
// An attempt does not know what is settled under it, since asking the file would cost a query per send: for the events of
// attempts untried, sent, refused and skipped are alike, and stand here as untried does.
var machine = [events][Skipped + 1]State{
	//              untried  sending  sent     refused  in doubt skipped
	intended:      {Sending, never, Sending, Sending, never, Sending},
	intendedAgain: {Sending, never, Sending, Sending, Sending, Sending},
	accepted:      {never, Sent, never, never, Sent, never},
	declined:      {never, Refused, never, never, Refused, never},
	goneBack:      {never, before, never, never, before, never},
	unclear:       {never, InDoubt, never, never, InDoubt, never},
	passedBy:      {Skipped, never, never, never, never, Skipped},
	died:          {same, InDoubt, same, same, same, same},
	decidedSent:   {never, never, never, Sent, Sent, never},
	decidedUnsent: {never, never, never, before, before, never},
	removed:       {never, never, Untried, Untried, Untried, Untried},
	renamed:       {never, never, same, same, same, same},
	forgotten:     {same, never, same, same, never, same},
}

// move is one change of one send, of which the machine knows. Only allow makes one, and nothing else than a move changes
// the rows of a send.
type move struct {
	send     addr.Send
	from, to State
	flight   *flight // nil when no attempt is open
}

// allow gives the move that an event makes of a send which stands at from; false when it must not happen.
func (l *Ledger) allow(s addr.Send, from State, e event) (move, bool) {
	if from > Skipped || machine[e][from] == never {
		return move{}, false
	}
	return move{send: s, from: from, to: machine[e][from], flight: l.book.flights[s]}, true
}

// open gives the state of a send's open attempt, Untried when there is none.
func (l *Ledger) open(s addr.Send) State {
	if f, ok := l.book.flights[s]; ok {
		return f.state
	}
	return Untried
}

// settled reports whether a state is one that needs no answer any more.
func (s State) settled() bool { return s == Sent || s == Refused || s == Skipped }

// outcome gives the event of a result, false when that is none.
func outcome(s State) (event, bool) {
	switch s {
	case Sent:
		return accepted, true
	case Refused:
		return declined, true
	case Untried:
		return goneBack, true
	case InDoubt:
		return unclear, true
	}
	return 0, false
}

// bug is the error for a call that the state machine does not know. Whoever made it must stop: what he believes of the
// ledger is wrong.
func bug(s addr.Send, format string, args ...any) error {
	return fmt.Errorf("%s: %s; this is a bug in herald, please report it", s, fmt.Sprintf(format, args...))
}
