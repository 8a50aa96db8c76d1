package calendar

import (
	"strings"
	"testing"
	"time"
)

func TestParseClock(t *testing.T) {
	for minutes := range Clock(24*60 + 1) {
		if c, err := ParseClock(minutes.String()); err != nil || c != minutes {
			t.Errorf("%s is %d, %v", minutes, c, err)
		}
	}
	for _, s := range []string{"00:00", "09:00", "17:30", "24:00"} {
		if c, err := ParseClock(s); err != nil || c.String() != s {
			t.Errorf("%s is %s, %v", s, c, err)
		}
	}
	for text, want := range map[string]string{
		"": "hours and minutes", "9:00": "hours and minutes", "09": "hours and minutes", "0900": "hours and minutes", "09:0": "hours and minutes",
		"09:00:00": "hours and minutes", "9am": "hours and minutes", "-9:00": "hours and minutes", "+9:00": "hours and minutes",
		"09.00": "hours and minutes", "٠٩:00": "hours and minutes", " 9:00": "hours and minutes",
		"24:01": "from 00:00 to 24:00", "09:60": "from 00:00 to 24:00", "25:00": "from 00:00 to 24:00", "99:99": "from 00:00 to 24:00",
	} {
		if c, err := ParseClock(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is %s, %v", text, c, err)
		}
	}
}

func TestDays(t *testing.T) {
	monday := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	for i, name := range DayNames() {
		d, ok := ParseDay(name)
		day := monday.AddDate(0, 0, i).Weekday()
		if !ok || !d.Has(day) || d.Has(day+1) || d.String() != name || name != strings.ToLower(day.String()[:3]) {
			t.Errorf("%s is %s", name, d)
		}
	}
	for _, name := range []string{"", "Mon", "monday", "mon-fri"} {
		if d, ok := ParseDay(name); ok || d != 0 {
			t.Errorf("%q is %s", name, d)
		}
	}
}
