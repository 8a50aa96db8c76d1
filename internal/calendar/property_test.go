package calendar

import (
	"cmp"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// What a clock shows: the day as year, month and day in one number, and the minutes since midnight.
type shown struct{ date, minute int }

func (s shown) compare(o shown) int {
	return cmp.Or(cmp.Compare(s.date, o.date), cmp.Compare(s.minute, o.minute))
}

func dateOf(t time.Time) int { return t.Year()*10000 + int(t.Month())*100 + t.Day() }

// slow decides by looking at the wall clock at every minute of some weeks.
type slow struct {
	begin time.Time
	clock []shown
	open  []bool
}

// A week before and two and a half after: what the properties look at stays within.
const (
	slowBefore = 7 * 24 * 60
	slowAfter  = 24 * 24 * 60
)

func newSlow(t time.Time, zone *time.Location, w Window) *slow {
	s := &slow{begin: t.Truncate(time.Minute).Add(-slowBefore * time.Minute)}
	for i := range slowBefore + slowAfter {
		at := s.begin.Add(time.Duration(i) * time.Minute).In(zone)
		s.clock = append(s.clock, shown{dateOf(at), at.Hour()*60 + at.Minute()})
	}
	s.open = make([]bool, len(s.clock))
	first := t.In(zone)
	for i := -6; i <= 22; i++ {
		// Noon in UTC has no change of clocks: this only counts days, also those that a zone had not.
		date := time.Date(first.Year(), first.Month(), first.Day()+i, 12, 0, 0, 0, time.UTC)
		if !w.Days.Has(date.Weekday()) {
			continue
		}
		closing := date
		if w.To <= w.From {
			closing = closing.AddDate(0, 0, 1)
		}
		for m, end := s.find(date, w.From, false), s.find(closing, w.To, true); m < end; m++ {
			s.open[m] = true
		}
	}
	return s
}

// find gives the first minute, or the last one, at which a clock shows a time of a day, or else the first later time.
func (s *slow) find(date time.Time, c Clock, last bool) int {
	if c == 24*Hour {
		date, c = date.AddDate(0, 0, 1), 0
	}
	want, found := shown{dateOf(date), int(c)}, -1
	for i, have := range s.clock {
		if have == want && (last || found < 0) {
			found = i
		}
	}
	for i := 0; found < 0; i++ {
		if s.clock[i].compare(want) > 0 {
			found = i
		}
	}
	return found
}

// from gives the first minute, from that of t on, at which the window is open or closed.
func (s *slow) from(t time.Time, open bool) (time.Time, bool) {
	for i := int(t.Sub(s.begin) / time.Minute); i < len(s.open)-4*24*60; i++ {
		if s.open[i] == open {
			return s.begin.Add(time.Duration(i) * time.Minute), true
		}
	}
	return time.Time{}, false
}

// Zones with all that clocks do, and instants near it.
func changes() map[string][]time.Time {
	out := map[string][]time.Time{}
	for name, near := range map[string][]string{
		"UTC":                 {"2026-01-01T00:00:00Z"},
		"Europe/Berlin":       {"2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z", "2026-07-01T00:00:00Z"},
		"America/New_York":    {"2026-03-08T07:00:00Z", "2026-11-01T06:00:00Z", "1974-01-06T07:00:00Z"},
		"Australia/Lord_Howe": {"2026-04-04T15:00:00Z", "2026-10-03T15:30:00Z"},
		"Pacific/Apia":        {"2011-12-30T10:00:00Z", "2012-03-31T14:00:00Z"},
		"Pacific/Kwajalein":   {"1993-08-21T12:00:00Z"},
		"Africa/Cairo":        {"2026-04-23T22:00:00Z", "2026-10-29T21:00:00Z", "2010-08-10T21:00:00Z"},
		"America/Sao_Paulo":   {"2018-02-18T02:00:00Z", "2018-11-04T03:00:00Z"},
		"America/St_Johns":    {"2010-03-14T03:31:00Z", "2010-11-07T02:31:00Z"},
		"Africa/Casablanca":   {"2026-02-15T02:00:00Z", "2026-03-22T02:00:00Z"},
		"Asia/Gaza":           {"2011-07-31T21:00:00Z", "2011-08-29T21:00:00Z"},
		"Antarctica/Troll":    {"2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"},
		"Europe/Dublin":       {"2026-03-29T01:00:00Z"},
	} {
		for _, n := range near {
			at, err := time.Parse(time.RFC3339, n)
			if err != nil {
				panic(err)
			}
			out[name] = append(out[name], at)
		}
	}
	return out
}

// loaded gives the zones themselves.
func loaded(t testing.TB, near map[string][]time.Time) map[string]*time.Location {
	out := map[string]*time.Location{}
	for name := range near {
		out[name] = zone(t, name)
	}
	return out
}

// drawWindow draws a window of any days and hours; the hours are often near those at which clocks change.
func drawWindow(t *rapid.T) Window {
	clock := rapid.OneOf(
		rapid.Map(rapid.IntRange(0, 24*60), func(m int) Clock { return Clock(m) }),
		rapid.Map(rapid.IntRange(0, 16), func(q int) Clock { return Clock(q) * 15 }),
		rapid.SampledFrom([]Clock{0, 1, 23 * Hour, 23*Hour + 1, 24 * Hour}),
	)
	return Window{
		Days: Days(rapid.OneOf(rapid.IntRange(1, 127), rapid.Just(127)).Draw(t, "days")),
		From: clock.Draw(t, "from"), To: clock.Draw(t, "to"),
	}
}

// Next, Open and Closes agree with a look at every single minute.
func TestAgainstEveryMinute(t *testing.T) {
	near := changes()
	zones := loaded(t, near)
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(slices.Sorted(maps.Keys(near))).Draw(t, "zone")
		z := zones[name]
		now := rapid.SampledFrom(near[name]).Draw(t, "near").
			Add(time.Duration(rapid.IntRange(-3*24*3600, 3*24*3600).Draw(t, "seconds")) * time.Second)
		w := drawWindow(t)
		if w.Never() {
			t.Skip("nothing to compare")
		}
		s := newSlow(now, z, w)
		same(t, "Next", w.Next(now, z), now, s, true)
		if !w.Always() {
			same(t, "Closes", w.Closes(now, z), now, s, false)
		}
		if open := s.open[int(now.Sub(s.begin)/time.Minute)]; open != w.Open(now, z) {
			t.Fatalf("Open is %v, the wall says %v", !open, open)
		}
	})
}

// same compares what was found with what the wall says. What the slow way gives is the beginning of a minute: for the
// minute that t lies in, t itself.
func same(t *rapid.T, what string, got, now time.Time, s *slow, open bool) {
	want, found := s.from(now, open)
	if !found {
		t.Fatalf("%s is %s, and the wall shows none", what, got)
	}
	if want.Before(now) {
		want = now
	}
	if !got.Equal(want) {
		t.Fatalf("%s is %s, the wall says %s", what, got, want)
	}
}

// Where no clock changes, a window is open exactly while the clock shows its hours: no openings are needed to say so.
func TestAgainstReadings(t *testing.T) {
	z := zone(t, "Asia/Tokyo")
	rapid.Check(t, func(t *rapid.T) {
		w := drawWindow(t)
		now := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "at"), 0).In(z)
		c, today, yesterday := Clock(now.Hour()*60+now.Minute()), now.Weekday(), now.AddDate(0, 0, -1).Weekday()
		from, to := w.From, w.To
		if to <= from {
			to += 24 * Hour
		}
		want := w.Days.Has(today) && from <= c && c < to || w.Days.Has(yesterday) && from <= c+24*Hour && c+24*Hour < to
		if got := w.Open(now, z); got != want {
			t.Fatalf("Open is %v", got)
		}
	})
}
