package calendar

import (
	"testing"
	"time"
	_ "time/tzdata" // the tests need zones wherever they run
)

// zone loads a zone.
func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// at reads an RFC 3339 instant.
func at(t testing.TB, s string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// window reads "mon-fri 09:00-17:00" and the like, with the names of all its days: "mon,tue 09:00-17:00" or "* 22:00-06:00".
func window(t testing.TB, days, from, to string) Window {
	t.Helper()
	w := Window{}
	for name := range splitDays(days) {
		d, ok := ParseDay(name)
		if !ok {
			t.Fatalf("no day: %s", name)
		}
		w.Days |= d
	}
	var err error
	if w.From, err = ParseClock(from); err != nil {
		t.Fatal(err)
	}
	if w.To, err = ParseClock(to); err != nil {
		t.Fatal(err)
	}
	return w
}
