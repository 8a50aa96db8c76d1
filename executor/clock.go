package executor

import "time"

// clock says what time it is in the ledger and in the plan; nil is the machine's. Between it and the machine's, by which
// everything is waited for, lies a shift, which is asked for anew each time.
type clock func() time.Time

func (c clock) now() time.Time {
	if c == nil {
		return time.Now()
	}
	return c()
}

// stamp gives an instant of the machine's clock by this one.
func (c clock) stamp(at time.Time) time.Time {
	if c == nil {
		return at
	}
	return at.Add(c.shift())
}

// real gives an instant of this clock by the machine's.
func (c clock) real(at time.Time) time.Time {
	if c == nil {
		return at
	}
	return at.Add(-c.shift())
}

func (c clock) shift() time.Duration { return time.Until(c()) }
