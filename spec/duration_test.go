package spec

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseDuration(t *testing.T) {
	for in, want := range map[string]time.Duration{
		"90m": 90 * time.Minute, "48h": 48 * time.Hour, "2d": 48 * time.Hour, "1w": 168 * time.Hour, "1w2d3h4m5s": 219*time.Hour + 4*time.Minute + 5*time.Second,
		"1.5d": 36 * time.Hour, ".5h": 30 * time.Minute, "0": 0, "+1s": time.Second, "-1d": -24 * time.Hour, "10µs": 10 * time.Microsecond,
	} {
		if got, err := ParseDuration(in); err != nil || got != want {
			t.Errorf("%s: %v, %v; want %v", in, got, err, want)
		}
	}
	for _, in := range []string{"", "d", "1", "1x", "1D", "1 d", "--1s", "1d-1h", ".d", "1..5s", "99999999w", "9999999999999h", "15250w1w", "1d ", "１d"} {
		if got, err := ParseDuration(in); err == nil {
			t.Errorf("%q: %v", in, got)
		}
	}
}

// What Go prints is read back, and days and weeks are so many hours.
func TestDurationProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Range(-1<<62, 1<<62).Draw(t, "d"))
		if got, err := ParseDuration(d.String()); err != nil || got != d {
			t.Fatalf("%s: %v, %v", d, got, err)
		}
		w, days, h := rapid.Int64Range(0, 1000).Draw(t, "w"), rapid.Int64Range(0, 1000).Draw(t, "days"), rapid.Int64Range(0, 1000).Draw(t, "h")
		got, err := ParseDuration(fmt.Sprintf("%dw%dd%dh", w, days, h))
		if want := time.Duration(w*168+days*24+h) * time.Hour; err != nil || got != want {
			t.Fatalf("%v, %v; want %v", got, err, want)
		}
	})
}

func TestNearest(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"custmers", "customers"}, {"plan", ""}, {"ag", "age"}, {"x", ""}, {"custom", ""}, {"aeg", "age"},
	} {
		if got := nearest(tt.name, []string{"customers", "age"}); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestFormatDuration(t *testing.T) {
	for want, d := range map[string]time.Duration{
		"0s": 0, "1d": 24 * time.Hour, "2w": 14 * 24 * time.Hour, "8d": 8 * 24 * time.Hour, "36h0m0s": 36 * time.Hour,
		"-1d": -24 * time.Hour, "1.5s": 1500 * time.Millisecond,
	} {
		got := FormatDuration(d)
		if back, err := ParseDuration(got); got != want || err != nil || back != d {
			t.Errorf("%s is %s, want %s; and back %s, %v", d, got, want, back, err)
		}
	}
}
