package preview

import "time"

// tick is a mark below the lanes.
type tick struct {
	X      float64
	Label  string
	Minor  bool // left out where there is little room
	Anchor string
}

// steps are the distances that ticks can have; longer ones are whole months.
var steps = []time.Duration{
	time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second, time.Minute, 5 * time.Minute, 10 * time.Minute, 30 * time.Minute,
	time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, day, 2 * day, 7 * day, 14 * day,
}

const day = 24 * time.Hour

// ticks gives round instants from one time to another, seven at most.
func ticks(from, to time.Time) []tick {
	from, span := from.UTC(), max(to.Sub(from), time.Second)
	at, next, layout := months(from, span)
	for _, step := range steps {
		if span/step > 6 {
			continue
		}
		at, next = from.Truncate(step), func(t time.Time) time.Time { return t.Add(step) }
		switch {
		case step >= day:
			layout = "2 Jan"
		case step < time.Minute:
			layout = "15:04:05"
		case span > day:
			layout = "2 Jan 15:04"
		default:
			layout = "15:04"
		}
		break
	}
	var out []tick
	for ; len(out) < 7 && !at.After(to); at = next(at) {
		if at.Before(from) {
			continue
		}
		t := tick{X: 100 * at.Sub(from).Seconds() / span.Seconds(), Label: at.Format(layout), Anchor: "middle", Minor: len(out)%2 == 1}
		switch {
		case t.X < 6:
			t.Anchor = "start"
		case t.X > 94:
			t.Anchor = "end"
		}
		out = append(out, t)
	}
	return out
}

// months gives where ticks begin that are months apart, and the one after another.
func months(from time.Time, span time.Duration) (at time.Time, next func(time.Time) time.Time, layout string) {
	apart := 1
	for _, n := range []int{3, 6, 12, 24, 60, 120, 240, 600, 1200} {
		if span/(time.Duration(apart)*30*day) <= 6 {
			break
		}
		apart = n
	}
	month := (from.Year()*12 + int(from.Month()) - 1) / apart * apart
	return time.Date(month/12, time.Month(month%12+1), 1, 0, 0, 0, 0, time.UTC), func(t time.Time) time.Time { return t.AddDate(0, apart, 0) }, "Jan 2006"
}
