package calendar

import "time"

// Window is when something may happen, week after week. With To at or before From it closes on the day after, so that
// From equal to To makes 24 hours. The zero Window never opens; see Always. Zones must not be nil.
type Window struct {
	Days     Days // on which it opens
	From, To Clock
}

// Always reports whether the window is open all the time: every day, and from one opening to the next.
func (w Window) Always() bool { return w.Days&EveryDay == EveryDay && w.length() == 24*Hour }

// Never reports whether the window never opens: it has no days, or goes from 24:00 to the 00:00 that is the same.
func (w Window) Never() bool { return w.Days&EveryDay == 0 || w.length() == 0 }

// length is how long the window is open on a day without a change of clocks; at most 24 hours.
func (w Window) length() Clock {
	if w.To > w.From {
		return w.To - w.From
	}
	return w.To + 24*Hour - w.From
}

// Open reports whether the window is open at t.
func (w Window) Open(t time.Time, zone *time.Location) bool {
	next := w.Next(t, zone)
	return !next.IsZero() && next.Equal(t)
}

// Next gives the earliest instant not before t at which the window is open: t itself when it is, else one in the zone. It
// is the zero time when the window never opens.
func (w Window) Next(t time.Time, zone *time.Location) time.Time {
	switch {
	case w.Never():
		return time.Time{}
	case w.Always():
		return t
	}
	next := time.Time{}
	w.openings(t, zone, func(o opening) bool {
		if o.closes <= t.Unix() {
			return true
		}
		if next = t; o.opens > t.Unix() {
			next = time.Unix(o.opens, 0).In(zone)
		}
		return false
	})
	return next
}

// Closes gives the end of the opening that t is in: the earliest instant not before t at which the window is closed, so
// t itself when it is closed then. It is the zero time when the window never closes.
func (w Window) Closes(t time.Time, zone *time.Location) time.Time {
	switch {
	case w.Never():
		return t
	case w.Always():
		return time.Time{}
	}
	end := t.Unix()
	w.openings(t, zone, func(o opening) bool {
		if o.opens > end {
			return false
		}
		end = max(end, o.closes)
		return true
	})
	if end == t.Unix() {
		return t
	}
	return time.Unix(end, 0).In(zone)
}

// String gives the window for people: mon-fri 09:00-17:00, always, or never.
func (w Window) String() string {
	switch {
	case w.Never():
		return "never"
	case w.Always():
		return "always"
	}
	hours := " " + w.From.String() + "-" + w.To.String()
	if w.Days&EveryDay == EveryDay {
		return "every day" + hours
	}
	return w.Days.String() + hours
}
