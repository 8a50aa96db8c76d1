package state

import (
	"time"

	"herald/internal/addr"
)

// State is where a send stands. The zero State means that there is no row: not tried.
type State uint8

// The states of a send, as delivery has them. Numbers are stored: never renumber.
const (
	Untried State = 0
	Sending State = 1 // intent recorded; the request may be on the wire
	Sent    State = 2 // the provider acknowledged it
	Refused State = 3 // the provider said no to this person or this content
	InDoubt State = 4 // nobody knows
	Skipped State = 5 // its condition was false
)

var stateNames = [...]string{"untried", "sending", "sent", "refused", "in_doubt", "skipped"}

// String gives the state's name as the ledger's documentation has it.
func (s State) String() string {
	if int(s) >= len(stateNames) {
		return "unknown state"
	}
	return stateNames[s]
}

// Hash is a versioned digest: of a send's content, its destination, or a unique value. Two hashes say something about
// each other only when their versions agree.
type Hash struct {
	Version uint8
	Sum     [16]byte
}

// IsZero reports whether there is no hash.
func (h Hash) IsZero() bool { return h.Version == 0 }

// Same reports whether h and o may be taken for the same: equal sums, or versions that cannot be compared, since an
// upgrade of herald must not make anything look changed.
func (h Hash) Same(o Hash) bool { return h.Version != o.Version || h.Sum == o.Sum }

// Intent is what the ledger must hold before a byte of the request leaves.
type Intent struct {
	Send        addr.Send
	Account     string // as in campaign files: heyx or heyx.alias
	Content     Hash
	Destination Hash
	Unique      Hash // zero when the audience has no unique_by
	Definition  Hash // of the message definition, as recorded with StartRun
	Attempt     int  // from 1; throttled attempts are not counted
	Key         [16]byte
	At          time.Time
	Place       string // the vendor's name of the conversation; "" where nothing can be watched there
	// Awaited says that the key is to be found by a callback that brings it.
	Awaited bool
	// FromDoubt allows the attempt though the send is in doubt, as on_doubt = "resend" asks for: the open attempt is
	// closed as decided by that setting.
	FromDoubt bool
}

// Result is the durable outcome of an intent.
type Result struct {
	Send       addr.Send
	State      State // Sent, Refused or InDoubt; Untried puts the row back to what it was before the intent
	ProviderID string
	Status     string    // the provider's own word for the message's state
	Reason     string    // why refused or in doubt
	At         time.Time // when the outcome was known
	ProviderAt time.Time // the provider's own time, zero where it gives none
	Marked     bool      // the answer carried our key back
	Answered   bool      // InDoubt: a whole answer came, so that what was accepted is visible at once
	// By says who decided, "" when the provider's answer to the attempt did: LookUp, or a setting. It is kept as
	// Record.DecidedBy; for Untried, which leaves no record, among the decisions.
	By string
}

// Who else decides, as Result.By.
const (
	LookUp   = "look-up"  // what a look-up found out
	Callback = "callback" // a call that brought the key of the attempt
)

// Record is one send as the ledger tells it, whole.
type Record struct {
	Send        addr.Send
	State       State
	Account     string
	Content     Hash
	Destination Hash
	ProviderID  string
	Status      string
	Attempts    int
	Reason      string
	At          time.Time // of the outcome; for Sending and InDoubt of the intent
	ProviderAt  time.Time
	Run         int64  // the run that recorded it
	DecidedBy   string // a person, LookUp or a setting; "" when the provider's answer did
	// Before is the state under an open intent: what the row goes back to when nothing was sent.
	Before State
	// Key is the one that the request carried.
	Key        [16]byte
	Definition Hash
	Unique     Hash // while it is open or refused; a sent one's is among the Uses
	Answered   bool // InDoubt: a whole answer came, so that what was accepted is visible at once
	Place      string
	// Begun is when the attempt began, as its intent said; zero for what needed none.
	Begun time.Time
}
