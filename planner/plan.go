package planner

import (
	"time"

	"herald/internal/addr"
	"herald/providers"
	"herald/state"
)

// FormatVersion is the version of the plan's own format.
const FormatVersion = 1

// Plan is what a run would do: counts, groups and per-lane totals. The steps themselves are streamed, never held.
type Plan struct {
	Format  int
	Herald  string // version that made it
	Created time.Time
	Lineage string // of the ledger it was made against, "" when there was none
	Serial  int64
	// Digest is SHA-256 in hex over what is approved, in plan order: the steps that send, and those that take a send in
	// doubt as sent, without their requests.
	Digest        string
	Groups        []Group
	Lanes         []Lane // by account name
	Counts        map[Action]int
	LookedUp      LookUps   // of Input.LookedUp, those that are about a send in doubt
	Unsent        int       // due, but beyond -limit
	Left          int       // people who were written to and are no longer in the campaign
	Overlaps      int       // people found again under the same key in another source
	Reach         []Reach   // how many people each planned sequence speaks to, by sequence
	LeftOut       []LeftOut // people of the campaign who get nothing, and why
	Definitions   []state.Definition
	KeyAttributes map[string]string // source → key attribute
	Forbidden     []Forbidden       // guards that forbid to carry it out
}

// Reach is how many people one sequence speaks to, whatever they already have. With nobody in People no contact
// matches: Dropped and LeftOut say what became of those who were read, if there were any.
type Reach struct {
	Sequence string
	People   int // who meet every condition and are not excluded; those left out for another reason count
	Dropped  int // who do not meet a where: of the sequence, or of an audience or source that it reads
}

// Forbidden is why a plan may be shown and must not be carried out.
type Forbidden struct {
	Summary string // constant
	Detail  string // what, why, and what allows it
}

// Sends counts the requests that the plan makes.
func (p *Plan) Sends() int { return p.Counts[Send] + p.Counts[Resend] }

// Changes counts what carrying the plan out changes: the requests, and what is taken as sent without one.
func (p *Plan) Changes() int { return p.Sends() + p.Counts[Assume] }

// Group is the steps of one message that have the same action and reason.
type Group struct {
	Message  addr.Message
	Account  string
	Provider string // type
	Verb     providers.Verb
	Action   Action
	Reason   string
	Count    int
	Samples  []Sample // the first few, in plan order; at least one
}

// Sample is one step of a group, drawn for people.
type Sample struct {
	Send addr.Send
	Text string    // what the person would read; "" when nothing is sent
	At   time.Time // for what is in doubt: since when
}

// Lane is one account's share of the plan.
type Lane struct {
	Account  string
	Provider string // type
	Verb     providers.Verb
	Requests int
	Per      time.Duration
	Sends    int
	Takes    time.Duration // at its limit, without throttling or doubt
}

// LeftOut counts people who get nothing for one reason, with the first few as examples.
type LeftOut struct {
	Reason  string // fixed words: excluded, invalid, ...
	Count   int
	Samples []string // up to twenty, each one line: a key or a file position and why
}
