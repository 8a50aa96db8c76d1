package executor

import (
	"github.com/hashicorp/go-multierror"

	"herald/providers"
)

// Result is how a step ended in this run.
type Result string

// The closed set of results.
const (
	Sent    Result = "sent"
	Refused Result = "refused"
	InDoubt Result = "in_doubt"
	Blocked Result = "blocked" // held, because an earlier message of the person was not sent
	Late    Result = "late"    // its time was over before it could begin, or that of an earlier message of the person
	Unsent  Result = "unsent"  // its lane stopped or the run ended before a request was made, or the request was not accepted
)

// Counts counts steps by how they ended.
type Counts struct {
	Sent, Refused, InDoubt, Blocked, Late, Unsent int
}

// Total is the number of steps counted.
func (c Counts) Total() int { return c.tried() + c.Blocked + c.Late + c.Unsent }

func (c Counts) tried() int { return c.Sent + c.Refused + c.InDoubt }

func (c *Counts) add(r Result) {
	switch r {
	case Sent:
		c.Sent++
	case Refused:
		c.Refused++
	case InDoubt:
		c.InDoubt++
	case Blocked:
		c.Blocked++
	case Late:
		c.Late++
	case Unsent:
		c.Unsent++
	}
}

// LookUps counts sends in doubt by what their look-ups came to.
type LookUps struct {
	Found, Absent, Undecided int
}

// Total is the number of look-ups counted.
func (u LookUps) Total() int { return u.Found + u.Absent + u.Undecided }

func (u *LookUps) add(f providers.Finding) {
	switch f {
	case providers.Found:
		u.Found++
	case providers.Absent:
		u.Absent++
	default:
		u.Undecided++
	}
}

// LaneSummary is what one lane came to.
type LaneSummary struct {
	Account string
	Counts
	LookedUp LookUps // attempts of this run and questions; a send that fell into doubt twice counts twice
	Stop     error   // a *Stop, or nil when the lane was not stopped by itself
}

// Summary is what a run came to.
type Summary struct {
	Lanes       []LaneSummary // in the order in which they were given
	Interrupted bool          // by Drain or by the context, before the run had ended
}

// Counts adds up all lanes.
func (s Summary) Counts() Counts {
	var c Counts
	for _, l := range s.Lanes {
		c.Sent += l.Sent
		c.Refused += l.Refused
		c.InDoubt += l.InDoubt
		c.Blocked += l.Blocked
		c.Late += l.Late
		c.Unsent += l.Unsent
	}
	return c
}

// LookedUp adds up all lanes.
func (s Summary) LookedUp() LookUps {
	var u LookUps
	for _, l := range s.Lanes {
		u.Found += l.LookedUp.Found
		u.Absent += l.LookedUp.Absent
		u.Undecided += l.LookedUp.Undecided
	}
	return u
}

// Err gathers why lanes stopped; nil when none did.
func (s Summary) Err() error {
	var all *multierror.Error
	for _, l := range s.Lanes {
		if l.Stop != nil {
			all = multierror.Append(all, l.Stop)
		}
	}
	return all.ErrorOrNil()
}
