package calendar

import "time"

// Clock is a time of day on the wall, in minutes since midnight: 0 to 24*Hour.
type Clock int

// Hour is sixty minutes of a Clock.
const Hour Clock = 60

// Days is a set of weekdays, a bit each, by time.Weekday.
type Days uint8

// Sets of days.
const (
	EveryDay Days = 1<<7 - 1
	Weekdays Days = EveryDay &^ (1<<time.Saturday | 1<<time.Sunday)
)

// Has reports whether a day is in the set.
func (d Days) Has(day time.Weekday) bool { return d&(1<<day) != 0 }

// Window is when something may happen, week after week. With To at or before From it closes on the day after. The zero
// Window never opens; see Always.
type Window struct {
	Days     Days // on which it opens
	From, To Clock
}
