package calendar

import "time"

// opening is one time that a window is open, in Unix seconds; it is closed at the second that closes names.
type opening struct{ opens, closes int64 }

const (
	minute = 60
	day    = 24 * 60 * minute
)

// How many days around an instant are looked at. An opening from 24:00 to 24:00 ends two days after its own, and where
// clocks go back at that midnight, some of it is on the second day. Three weeks hold two openings of each weekday even
// where one of them is jumped over.
const (
	daysBefore = 2
	daysAfter  = 22
)

// openings yields the openings around t, as long as yield says true: from those that may have t in them to three weeks
// ahead. Neither their beginnings nor their ends ever go back. Those that clocks jump over are left out.
func (w Window) openings(t time.Time, zone *time.Location, yield func(opening) bool) {
	wall := wallAround(t.Unix(), zone)
	closingDay := int64(0) // after the day of the opening
	if w.To <= w.From {
		closingDay = 1
	}
	today := floorDiv(wall.reading(t.Unix()), day)
	for d := today - daysBefore; d <= today+daysAfter; d++ {
		if !w.Days.Has(weekday(d)) {
			continue
		}
		o := opening{
			opens:  wall.first(d*day + int64(w.From)*minute),
			closes: wall.last((d+closingDay)*day + int64(w.To)*minute),
		}
		if o.opens < o.closes && !yield(o) {
			return
		}
	}
}

// weekday gives the day of the week of a day since 1970-01-01, which was a Thursday.
func weekday(d int64) time.Weekday {
	return time.Weekday(((d+int64(time.Thursday))%7 + 7) % 7)
}

// floorDiv divides and rounds down, also below zero.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
