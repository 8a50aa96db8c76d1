package calendar

import (
	"slices"
	"strings"
	"time"
)

// Days is a set of weekdays, a bit each, by time.Weekday.
type Days uint8

// Sets of days.
const (
	EveryDay Days = 1<<7 - 1
	Weekdays Days = EveryDay &^ (1<<time.Saturday | 1<<time.Sunday)
)

// DayNames gives the names of the days as they are written, from mon to sun.
func DayNames() []string { return []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} }

// ParseDay gives the set of one day, by its name in DayNames.
func ParseDay(name string) (Days, bool) {
	i := slices.Index(DayNames(), name)
	if i < 0 {
		return 0, false
	}
	return 1 << ((i + 1) % 7), true
}

// Has reports whether a day is in the set.
func (d Days) Has(day time.Weekday) bool { return d&(1<<day) != 0 }

// String lists the days from mon to sun, three and more in a row as a range: mon-fri, or mon,wed.
func (d Days) String() string {
	names := DayNames()
	has := func(i int) bool { return i < 7 && d.Has(time.Weekday((i+1)%7)) }
	var parts []string
	for i := 0; i < 7; i++ {
		if !has(i) {
			continue
		}
		last := i
		for has(last + 1) {
			last++
		}
		if last-i >= 2 {
			parts = append(parts, names[i]+"-"+names[last])
			i = last
			continue
		}
		parts = append(parts, names[i])
	}
	return strings.Join(parts, ",")
}
