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
	Left          int       // people who were written to and are no longer there: those of Reach together
	Overlaps      int       // people found again under the same key in another source
	Reach         []Reach   // how many people each planned sequence speaks to, by sequence
	LeftOut       []LeftOut // people of the campaign who get nothing, and why
	Definitions   []state.Definition
	KeyAttributes map[string]string              // source → key attribute
	Forbidden     []Forbidden                    // guards and policies that forbid to carry it out
	Unusual       *Unusual                       // nil unless it sends far more than any run before
	Rates         []FailureRate                  // that policies bound, by policy
	Moves         []Move                         // renames to record, in order
	Outlines      map[string][]state.OutlineItem // of every sequence, its messages as they are now
	Edits         []Edit                         // what changed in sequences that people are in the middle of, in plan order
	Next          time.Time                      // when the first of the waiting steps is due; zero when none is known
	// Wants are sends whose facts steps wait for that are due otherwise: what became of them must be read before those
	// steps can be planned. They have the ledger's names; see Names.
	Wants []addr.Send
}

// Move is one rename that the ledger is to record.
type Move struct {
	From, To addr.Target
	Sends    int // that the ledger has under the old name
}

// Edit is one message of a sequence that is not what it was when people were last written to.
type Edit struct {
	Message           addr.Message
	Kind              EditKind
	Before, At, After int    // people who have not come to it, have it as their last message, have a later one
	Effect            string // what happens to them, in words
}

// EditKind says what was done to a message.
type EditKind string

// The kinds of edits.
const (
	Changed   EditKind = "changed"
	Inserted  EditKind = "inserted"
	Removed   EditKind = "removed"
	Reordered EditKind = "reordered"
)

// Reach is how many people one sequence speaks to, whatever they already have. With nobody in People no contact
// matches: Dropped and LeftOut say what became of those who were read, if there were any.
type Reach struct {
	Sequence string
	People   int // who meet every condition and are not excluded; those left out for another reason count
	Dropped  int // who do not meet a where: of the sequence, or of an audience or source that it reads
	Joined   int // of People, those of whom the ledger has nothing in this sequence
	Left     int // of whom it has something, and who are no longer there; at least so many, since it counts by message
}

// Unusual is how a plan stands out among the runs before it.
type Unusual struct {
	Sends int // of the plan
	Most  int // sends of the largest of Input.Runs
}

// Forbidden is why a plan may be shown and must not be carried out.
type Forbidden struct {
	Summary string // constant
	Detail  string // what, why, and what allows it; it names nobody
	Among   string // some of those whom it is about, for who may know; "" where it is about nobody
}

// Whole gives the detail with those whom it is about.
func (f Forbidden) Whole() string {
	if f.Among == "" {
		return f.Detail
	}
	return f.Detail + " Among them: " + f.Among + "."
}

// Sends counts the requests that the plan makes.
func (p *Plan) Sends() int { return p.Counts[Send] + p.Counts[Resend] }

// Changes counts what carrying the plan out changes: the requests, what is taken as sent or skipped without one, and
// renames to record.
func (p *Plan) Changes() int { return p.Sends() + p.Counts[Assume] + p.Counts[Skip] + len(p.Moves) }

// Group is the steps of one message that have the same action and reason.
type Group struct {
	Message  addr.Message
	Account  string
	Provider string // type
	Verb     providers.Verb
	Action   Action
	Reason   string
	Count    int
	Due      time.Time // Waits: when the first of them is due; zero when nobody knows
	// Samples are the first few, in plan order, at least one; with Input.Contents, and where something is sent, those that
	// stand out follow in plan order, if they are not among the first.
	Samples []Sample
}

// Sample is one step of a group, drawn for people.
type Sample struct {
	Send addr.Send
	Text string // what the person would read; "" when nothing is sent, and of what waits without Input.Contents
	// Why is what sets it apart, with Input.Contents: the longest, without first_name, in he-IL; "" for one of the first
	// that is like any other.
	Why string
	// Content is what is sent, with Input.Contents.
	Content *providers.Content `json:",omitempty"`
	At      time.Time          // for what is in doubt: since when; for what waits: when it is due, if that is known
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
