package calendar

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseInstant(t *testing.T) {
	for _, tt := range []struct {
		text, want string
		local      bool
	}{
		{"2026-12-01T09:00:00+01:00", "2026-12-01T09:00:00+01:00", false},
		{"2026-12-01T09:00:00Z", "2026-12-01T09:00:00Z", false},
		{"2026-12-01T09:00:00+00:00", "2026-12-01T09:00:00Z", false},
		{"2026-12-01T09:00:00.25-03:30", "2026-12-01T09:00:00.25-03:30", false},
		{"2026-12-01 09:00", "2026-12-01 09:00", true},
		{"2026-12-01 09:00:00", "2026-12-01 09:00", true},
		{"2026-12-01 09:00:07", "2026-12-01 09:00:07", true},
		{"2026-12-01", "2026-12-01 00:00", true},
		{"2028-02-29", "2028-02-29 00:00", true},
	} {
		i, err := ParseInstant(tt.text)
		if err != nil || i.String() != tt.want || i.Local() != tt.local || i.IsZero() {
			t.Errorf("%s is %s, %v, want %s", tt.text, i, err, tt.want)
		}
	}
}

func TestParseInstantErrors(t *testing.T) {
	const form, noSuch = "RFC 3339", "no such day"
	for text, want := range map[string]string{
		"": form, "tomorrow": form, "2026-12-01T09:00": form, "2026-12-01T09:00:00": form, "2026-12-01 09:00+01:00": form,
		"2026-12-01 9:00": form, "2026-12-1": form, "2026-12-01 09:00:00.5": form, " 2026-12-01": form, "2026-12-01 09:00 ": form,
		"2026-12-01t09:00:00z": form, "2026-12-01T9:00:00Z": form, "2026-12-01T09:00:00,5Z": form, "2026-12-01T9:00:00.25Z": form, "2026-12-01T09:00:00+0100": form, "2026-12-01T09:00:00+99:00": noSuch, "01.12.2026": form,
		"2026-02-29": noSuch, "2026-13-01": noSuch, "2026-12-01 24:00": noSuch, "2026-12-01 09:60": noSuch,
		"2026-02-30T09:00:00Z": noSuch, "2026-12-01T09:00:60Z": noSuch, "2026-12-01 09:00:60": noSuch,
		"0001-01-01T00:00:00Z": "1970", "1969-12-31": "1970",
	} {
		i, err := ParseInstant(text)
		if err == nil || !strings.Contains(err.Error(), want) || !i.IsZero() {
			t.Errorf("%q gives %s, %v; want an error with %q", text, i, err, want)
		}
	}
}

func TestInstantIn(t *testing.T) {
	for _, tt := range []struct{ text, zone, want string }{
		{"2026-12-01 09:00", "Europe/Berlin", "2026-12-01T09:00:00+01:00"},
		{"2026-12-01 09:00", "Asia/Kathmandu", "2026-12-01T09:00:00+05:45"},
		{"2026-12-01T09:00:00Z", "Europe/Berlin", "2026-12-01T10:00:00+01:00"},
		{"2026-03-29 02:30", "Europe/Berlin", "2026-03-29T03:00:00+02:00"},
		{"2026-10-25 02:30", "Europe/Berlin", "2026-10-25T02:30:00+02:00"},
		{"2026-10-25 03:00", "Europe/Berlin", "2026-10-25T03:00:00+01:00"},
		{"2026-10-04 02:15", "Australia/Lord_Howe", "2026-10-04T02:30:00+11:00"},
		{"2011-12-30", "Pacific/Apia", "2011-12-31T00:00:00+14:00"},
		{"2011-12-30 23:59:59", "Pacific/Apia", "2011-12-31T00:00:00+14:00"},
		{"2026-04-24", "Africa/Cairo", "2026-04-24T01:00:00+03:00"},
		{"2018-02-17 23:30", "America/Sao_Paulo", "2018-02-17T23:30:00-02:00"},
	} {
		i, err := ParseInstant(tt.text)
		if err != nil {
			t.Fatal(err)
		}
		z := zone(t, tt.zone)
		if got := i.In(z); !got.Equal(at(t, tt.want)) || got.Location() != z {
			t.Errorf("%s in %s is %s, want %s", tt.text, tt.zone, got.Format(time.RFC3339), tt.want)
		}
	}
	if !(Instant{}).IsZero() || !(Instant{}).In(time.UTC).IsZero() || (Instant{}).String() != "" {
		t.Error("the zero Instant is a time")
	}
}

func TestInstantCompare(t *testing.T) {
	for _, tt := range []struct {
		a, b  string
		order int
		ok    bool
	}{
		{"2026-12-01 09:00", "2026-12-01 09:01", -1, true},
		{"2026-12-01", "2026-12-01 00:00:00", 0, true},
		{"2026-12-01T09:00:00+01:00", "2026-12-01T08:00:00Z", 0, true},
		{"2026-12-01T09:00:00.5Z", "2026-12-01T09:00:00Z", 1, true},
		{"2026-12-01T09:00:00+01:00", "2026-12-01 08:00", 0, false},
	} {
		a, errA := ParseInstant(tt.a)
		b, errB := ParseInstant(tt.b)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if order, ok := a.Compare(b); order != tt.order || ok != tt.ok {
			t.Errorf("%s and %s: %d, %v", a, b, order, ok)
		}
		if order, ok := b.Compare(a); order != -tt.order || ok != tt.ok {
			t.Errorf("%s and %s: %d, %v", b, a, order, ok)
		}
	}
}

// A reading of a zone's clock, made an instant, is shown by that clock, or it is one that clocks jump over.
func TestInstantIsShown(t *testing.T) {
	near := changes()
	zones := loaded(t, near)
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(slices.Sorted(maps.Keys(near))).Draw(t, "zone")
		from := rapid.SampledFrom(near[name]).Draw(t, "near").In(zones[name])
		text := from.Add(time.Duration(rapid.IntRange(-48*60, 48*60).Draw(t, "minutes")) * time.Minute).UTC().Format(layoutMinutes)
		i, err := ParseInstant(text)
		if err != nil {
			t.Fatal(err)
		}
		got := i.In(zones[name])
		shows := got.Format(layoutMinutes)
		switch earlier := got.Add(-time.Minute).Format(layoutMinutes); {
		case shows < text:
			t.Fatalf("%s is %s", text, got)
		case shows > text && earlier >= text:
			t.Fatalf("%s is %s, and a minute earlier it was later than that as well", text, got)
		}
		for before := 1; before <= 26*60; before++ {
			if got.Add(-time.Duration(before)*time.Minute).Format(layoutMinutes) == text {
				t.Fatalf("%s is %s, and %d minutes earlier as well", text, got, before)
			}
		}
	})
}

func FuzzParseInstant(f *testing.F) {
	for _, s := range []string{"2026-12-01T09:00:00+01:00", "2026-12-01 09:00", "2026-12-01", "2026-02-30", "9999-12-31T23:59:60Z", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		i, err := ParseInstant(s)
		if err != nil {
			if !i.IsZero() || err.Error() == "" {
				t.Errorf("%q gives %v and %v", s, i, err)
			}
			return
		}
		again, err := ParseInstant(i.String())
		if order, ok := i.Compare(again); err != nil || order != 0 || !ok {
			t.Errorf("%q is %s, which is %s, %v", s, i, again, err)
		}
	})
}
