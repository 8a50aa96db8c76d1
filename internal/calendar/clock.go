package calendar

import (
	"errors"
	"fmt"
)

// Clock is a time of day on the wall, in minutes since midnight: 0 to 24*Hour.
type Clock int

// Hour is sixty minutes of a Clock.
const Hour Clock = 60

// ParseClock reads a time of day from 00:00 to 24:00, hours and minutes with two digits each.
func ParseClock(s string) (Clock, error) {
	number := func(tens, ones byte) Clock { return Clock(tens-'0')*10 + Clock(ones-'0') }
	if len(s) != 5 || s[2] != ':' || !digits(s[:2]) || !digits(s[3:]) {
		return 0, errors.New(`not a time of day: write hours and minutes, as in "09:00" or "17:30"`)
	}
	hours, minutes := number(s[0], s[1]), number(s[3], s[4])
	c := hours*Hour + minutes
	if minutes >= Hour || c > 24*Hour {
		return 0, errors.New("no such time of day: a day goes from 00:00 to 24:00")
	}
	return c, nil
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// String gives the time of day as ParseClock reads it.
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", int(c/Hour), int(c%Hour)) }
