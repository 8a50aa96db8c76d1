package calendar

import (
	"iter"
	"slices"
	"strings"
	"testing"
	"time"
)

// splitDays gives the names in a list of days; * is all of them.
func splitDays(days string) iter.Seq[string] {
	if days == "*" {
		return slices.Values(DayNames())
	}
	return strings.SplitSeq(days, ",")
}

// Each case says, for an instant, when the window is open next and when that opening closes; "" is never.
func TestWindow(t *testing.T) {
	const work = "mon,tue,wed,thu,fri"
	for _, tt := range []struct {
		name, zone, days, from, to string
		t, next, closes            string
	}{
		{"before", "Europe/Berlin", work, "09:00", "17:00", "2026-01-05T08:59:59+01:00", "2026-01-05T09:00:00+01:00", "2026-01-05T17:00:00+01:00"},
		{"at the opening", "Europe/Berlin", work, "09:00", "17:00", "2026-01-05T09:00:00+01:00", "2026-01-05T09:00:00+01:00", "2026-01-05T17:00:00+01:00"},
		{"within, in another zone's words", "Europe/Berlin", work, "09:00", "17:00", "2026-01-05T10:00:00-05:00", "2026-01-05T10:00:00-05:00", "2026-01-05T17:00:00+01:00"},
		{"at the closing", "Europe/Berlin", work, "09:00", "17:00", "2026-01-05T17:00:00+01:00", "2026-01-06T09:00:00+01:00", "2026-01-06T17:00:00+01:00"},
		{"over the weekend", "Europe/Berlin", work, "09:00", "17:00", "2026-01-09T17:00:00+01:00", "2026-01-12T09:00:00+01:00", "2026-01-12T17:00:00+01:00"},
		{"over midnight, before it", "Europe/Berlin", "fri", "22:00", "06:00", "2026-01-09T23:00:00+01:00", "2026-01-09T23:00:00+01:00", "2026-01-10T06:00:00+01:00"},
		{"over midnight, after it", "Europe/Berlin", "fri", "22:00", "06:00", "2026-01-10T05:59:00+01:00", "2026-01-10T05:59:00+01:00", "2026-01-10T06:00:00+01:00"},
		{"over midnight, the morning of its own day", "Europe/Berlin", "fri", "22:00", "06:00", "2026-01-09T05:00:00+01:00", "2026-01-09T22:00:00+01:00", "2026-01-10T06:00:00+01:00"},
		{"to midnight", "Europe/Berlin", "fri", "18:00", "24:00", "2026-01-09T23:59:59+01:00", "2026-01-09T23:59:59+01:00", "2026-01-10T00:00:00+01:00"},
		{"to midnight, as the next day's 00:00", "Europe/Berlin", "fri", "18:00", "00:00", "2026-01-09T23:59:59+01:00", "2026-01-09T23:59:59+01:00", "2026-01-10T00:00:00+01:00"},
		{"from 24:00", "Europe/Berlin", "fri", "24:00", "02:00", "2026-01-09T23:59:59+01:00", "2026-01-10T00:00:00+01:00", "2026-01-10T02:00:00+01:00"},
		{"adjoining days", "Europe/Berlin", "fri,sat", "00:00", "24:00", "2026-01-09T12:00:00+01:00", "2026-01-09T12:00:00+01:00", "2026-01-11T00:00:00+01:00"},
		{"24 hours of one day", "Europe/Berlin", "fri", "22:00", "22:00", "2026-01-09T22:00:00+01:00", "2026-01-09T22:00:00+01:00", "2026-01-10T22:00:00+01:00"},
		{"six days joined", "Europe/Berlin", "mon,tue,wed,thu,fri,sat", "00:00", "24:00", "2026-01-05T00:00:00+01:00", "2026-01-05T00:00:00+01:00", "2026-01-11T00:00:00+01:00"},
		{"always", "Europe/Berlin", "*", "00:00", "24:00", "2026-01-05T00:00:00+01:00", "2026-01-05T00:00:00+01:00", ""},
		{"always, from evening to evening", "Europe/Berlin", "*", "22:00", "22:00", "2026-01-05T00:00:00+01:00", "2026-01-05T00:00:00+01:00", ""},

		// Germany's clocks jump from 02:00 to 03:00 on 2026-03-29 and go back from 03:00 to 02:00 on 2026-10-25.
		{"the jump within the night", "Europe/Berlin", "sat", "22:00", "06:00", "2026-03-28T12:00:00+01:00", "2026-03-28T22:00:00+01:00", "2026-03-29T06:00:00+02:00"},
		{"an opening jumped over", "Europe/Berlin", "*", "02:30", "05:00", "2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-29T05:00:00+02:00"},
		{"a closing jumped over", "Europe/Berlin", "*", "01:00", "02:30", "2026-03-29T01:59:59+01:00", "2026-03-29T01:59:59+01:00", "2026-03-29T03:00:00+02:00"},
		{"all jumped over", "Europe/Berlin", "*", "02:15", "02:45", "2026-03-29T00:00:00+01:00", "2026-03-30T02:15:00+02:00", "2026-03-30T02:45:00+02:00"},
		{"all jumped over, once a week", "Europe/Berlin", "sun", "02:15", "02:45", "2026-03-29T00:00:00+01:00", "2026-04-05T02:15:00+02:00", "2026-04-05T02:45:00+02:00"},
		{"an opening that comes twice", "Europe/Berlin", "*", "02:30", "05:00", "2026-10-25T00:00:00+02:00", "2026-10-25T02:30:00+02:00", "2026-10-25T05:00:00+01:00"},
		{"a closing that comes twice", "Europe/Berlin", "*", "01:00", "02:30", "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"},
		{"the second time of an opening", "Europe/Berlin", "*", "02:30", "05:00", "2026-10-25T02:00:00+01:00", "2026-10-25T02:00:00+01:00", "2026-10-25T05:00:00+01:00"},
		{"a day of 25 hours", "Europe/Berlin", "sun", "00:00", "24:00", "2026-10-25T00:00:00+02:00", "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"},

		{"New York, spring", "America/New_York", "sun", "02:00", "04:00", "2026-03-08T01:59:59-05:00", "2026-03-08T03:00:00-04:00", "2026-03-08T04:00:00-04:00"},
		{"New York, autumn", "America/New_York", "sun", "01:30", "01:45", "2026-11-01T01:50:00-04:00", "2026-11-01T01:50:00-04:00", "2026-11-01T01:45:00-05:00"},
		// Lord Howe's clocks jump by half an hour only: 2026-10-04 from 02:00 to 02:30, 2026-04-05 from 02:00 back to 01:30.
		{"Lord Howe, spring", "Australia/Lord_Howe", "*", "02:15", "03:00", "2026-10-04T01:00:00+10:30", "2026-10-04T02:30:00+11:00", "2026-10-04T03:00:00+11:00"},
		{"Lord Howe, autumn", "Australia/Lord_Howe", "*", "01:00", "01:45", "2026-04-05T01:30:00+11:00", "2026-04-05T01:30:00+11:00", "2026-04-05T01:45:00+10:30"},
		// Samoa had no Friday 2011-12-30: after Thursday's midnight it was Saturday.
		{"Apia, the day that was not", "Pacific/Apia", "fri", "09:00", "17:00", "2011-12-29T12:00:00-10:00", "2012-01-06T09:00:00+14:00", "2012-01-06T17:00:00+14:00"},
		{"Apia, a night that begins on it", "Pacific/Apia", "fri", "22:00", "06:00", "2011-12-29T12:00:00-10:00", "2011-12-31T00:00:00+14:00", "2011-12-31T06:00:00+14:00"},
		{"Apia, a night that ends on it", "Pacific/Apia", "thu", "22:00", "06:00", "2011-12-29T12:00:00-10:00", "2011-12-29T22:00:00-10:00", "2011-12-31T00:00:00+14:00"},
		{"Apia, joined across it", "Pacific/Apia", "thu,sat", "00:00", "24:00", "2011-12-29T12:00:00-10:00", "2011-12-29T12:00:00-10:00", "2012-01-01T00:00:00+14:00"},
		{"Apia, from 24:00 of the day before", "Pacific/Apia", "thu", "24:00", "24:00", "2011-12-29T12:00:00-10:00", "2012-01-06T00:00:00+14:00", "2012-01-07T00:00:00+14:00"},
		// Newfoundland's clocks went back from 00:01 to 23:01 of the day before: that midnight came twice.
		{"St John's, to the midnight that comes twice", "America/St_Johns", "sat", "20:00", "24:00", "2010-11-06T23:30:00-03:30", "2010-11-06T23:30:00-03:30", "2010-11-07T00:00:00-03:30"},
		{"St John's, two days after its own", "America/St_Johns", "fri", "24:00", "24:00", "2010-11-07T00:00:30-02:30", "2010-11-07T00:00:30-02:30", "2010-11-07T00:00:00-03:30"},
		{"St John's, from the midnight that comes twice", "America/St_Johns", "sun", "00:00", "02:00", "2010-11-06T20:00:00-02:30", "2010-11-07T00:00:00-02:30", "2010-11-07T02:00:00-03:30"},
		// Egypt's midnights of Fridays that begin summer time do not exist, and Brazil's of such Sundays did not.
		{"Cairo", "Africa/Cairo", "fri", "00:00", "02:00", "2026-04-23T20:00:00+02:00", "2026-04-24T01:00:00+03:00", "2026-04-24T02:00:00+03:00"},
		{"São Paulo, spring", "America/Sao_Paulo", "sun", "00:00", "02:00", "2018-11-03T12:00:00-03:00", "2018-11-04T01:00:00-02:00", "2018-11-04T02:00:00-02:00"},
		{"São Paulo, autumn", "America/Sao_Paulo", "sat", "00:00", "24:00", "2018-02-17T12:00:00-02:00", "2018-02-17T12:00:00-02:00", "2018-02-18T00:00:00-03:00"},
		{"São Paulo, autumn, to the hour that comes twice", "America/Sao_Paulo", "sat", "20:00", "23:00", "2018-02-17T22:00:00-02:00", "2018-02-17T22:00:00-02:00", "2018-02-17T23:00:00-03:00"},
		{"far away in time", "Europe/Berlin", work, "09:00", "17:00", "2525-07-07T20:00:00+02:00", "2525-07-09T09:00:00+02:00", "2525-07-09T17:00:00+02:00"},
		{"before all clocks", "Europe/Berlin", work, "09:00", "17:00", "1801-01-03T20:00:00Z", "1801-01-05T08:06:32Z", "1801-01-05T16:06:32Z"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w, z, from := window(t, tt.days, tt.from, tt.to), zone(t, tt.zone), at(t, tt.t)
			next := w.Next(from, z)
			if !next.Equal(at(t, tt.next)) {
				t.Fatalf("Next is %s, want %s", next.Format(time.RFC3339), tt.next)
			}
			if got := w.Open(from, z); got != (tt.t == tt.next) {
				t.Errorf("Open is %v", got)
			}
			closes := w.Closes(next, z)
			if tt.closes == "" {
				if !closes.IsZero() {
					t.Errorf("closes at %s, want never", closes)
				}
				return
			}
			if !closes.Equal(at(t, tt.closes)) {
				t.Errorf("Closes is %s, want %s", closes.Format(time.RFC3339), tt.closes)
			}
			if closed := w.Closes(closes, z); w.Open(closes, z) || !closed.Equal(closes) {
				t.Errorf("open at its closing, until %s", closed.Format(time.RFC3339))
			}
		})
	}
}

func TestNever(t *testing.T) {
	z, now := zone(t, "Europe/Berlin"), at(t, "2026-01-05T10:00:00Z")
	for _, w := range []Window{{}, {From: 9 * Hour, To: 17 * Hour}, {Days: 1 << 7, To: 24 * Hour}, {Days: EveryDay, From: 24 * Hour}} {
		if !w.Never() || w.Always() || w.Open(now, z) || !w.Next(now, z).IsZero() || !w.Closes(now, z).Equal(now) {
			t.Errorf("%+v opens", w)
		}
	}
}

// Fractions of a second count: an opening has begun at its second, and is over at the second of its closing.
func TestFractions(t *testing.T) {
	w, z := window(t, "mon", "09:00", "17:00"), zone(t, "Europe/Berlin")
	opens, closes := at(t, "2026-01-05T09:00:00+01:00"), at(t, "2026-01-05T17:00:00+01:00")
	for _, tt := range []struct {
		at   time.Time
		open bool
	}{
		{opens.Add(-1), false}, {opens, true}, {opens.Add(1), true}, {closes.Add(-1), true}, {closes, false}, {closes.Add(1), false},
	} {
		if got := w.Open(tt.at, z); got != tt.open {
			t.Errorf("%s: %v", tt.at, got)
		}
		if got := w.Closes(tt.at, z); tt.open && !got.Equal(closes) || !tt.open && !got.Equal(tt.at) {
			t.Errorf("%s: closes %s", tt.at, got)
		}
		if got := w.Next(tt.at, z); tt.open && !got.Equal(tt.at) || got.Before(tt.at) {
			t.Errorf("%s: next %s", tt.at, got)
		}
	}
}

func TestWindowString(t *testing.T) {
	for want, w := range map[string]Window{
		"never":                       {},
		"always":                      {EveryDay, 0, 24 * Hour},
		"every day 22:00-06:00":       {EveryDay, 22 * Hour, 6 * Hour},
		"mon-fri 09:00-17:00":         {Weekdays, 9 * Hour, 17 * Hour},
		"sat,sun 09:30-24:00":         {EveryDay &^ Weekdays, 9*Hour + 30, 24 * Hour},
		"mon,wed-fri,sun 00:00-12:00": {EveryDay &^ (1<<time.Tuesday | 1<<time.Saturday), 0, 12 * Hour},
		"mon-sat 00:00-24:00":         {EveryDay &^ (1 << time.Sunday), 0, 24 * Hour},
		"tue 05:00-05:00":             {1 << time.Tuesday, 5 * Hour, 5 * Hour},
		"mon,tue,thu,fri 05:00-06:00": {Weekdays &^ (1 << time.Wednesday), 5 * Hour, 6 * Hour},
		"tue-thu,sat,sun 05:00-06:00": {EveryDay &^ (1<<time.Monday | 1<<time.Friday), 5 * Hour, 6 * Hour},
	} {
		if got := w.String(); got != want {
			t.Errorf("%+v is %q, want %q", w, got, want)
		}
	}
}

// Two zones a few weeks from a change of clocks, and one with none: the cost for a person.
func BenchmarkNext(b *testing.B) {
	w := Window{Weekdays, 9 * Hour, 17 * Hour}
	for _, tt := range []struct{ zone, at string }{
		{"Europe/Berlin", "2026-07-04T10:00:00Z"}, {"Europe/Berlin", "2026-03-20T23:00:00Z"}, {"Asia/Tokyo", "2026-03-20T23:00:00Z"},
	} {
		b.Run(tt.zone+"/"+tt.at, func(b *testing.B) {
			z, now := zone(b, tt.zone), at(b, tt.at)
			b.ReportAllocs()
			for b.Loop() {
				w.Next(now, z)
			}
		})
	}
}
