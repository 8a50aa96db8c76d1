package spec

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// ParseDuration reads a duration in Go's form, with two more units: d is 24 hours and w is 7 days. Parts add up, as in
// 1d12h; a part may have a fraction, as in 1.5d.
func ParseDuration(s string) (time.Duration, error) {
	fail := func() (time.Duration, error) {
		return 0, fmt.Errorf(`not a duration; write a number and a unit (ms, s, m, h, d, w), as in "90m" or "2d"`)
	}
	rest, negative := strings.CutPrefix(s, "-")
	if !negative {
		rest = strings.TrimPrefix(rest, "+")
	}
	if rest == "0" {
		return 0, nil
	}
	if rest == "" {
		return fail()
	}
	var sum time.Duration
	for rest != "" {
		digits := strings.IndexFunc(rest, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
		if digits <= 0 {
			return fail()
		}
		unit := strings.IndexFunc(rest[digits:], func(r rune) bool { return r >= '0' && r <= '9' || r == '.' })
		if unit < 0 {
			unit = len(rest) - digits
		}
		d, err := part(rest[:digits], rest[digits:digits+unit])
		if err != nil {
			return fail()
		}
		if sum > math.MaxInt64-d {
			return 0, fmt.Errorf("longer than 292 years")
		}
		sum += d
		rest = rest[digits+unit:]
	}
	if negative {
		sum = -sum
	}
	return sum, nil
}

// part reads one number with its unit; neither has a sign.
func part(number, unit string) (time.Duration, error) {
	times := time.Duration(1)
	switch unit {
	case "d":
		unit, times = "h", 24
	case "w":
		unit, times = "h", 24*7
	}
	d, err := time.ParseDuration(number + unit)
	if err != nil {
		return 0, err
	}
	if d > math.MaxInt64/times {
		return 0, fmt.Errorf("out of range")
	}
	return d * times, nil
}

// FormatDuration writes a duration as ParseDuration reads it, whole weeks and days as such: 2d, 1w, 1h30m0s.
func FormatDuration(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d != 0 && d%(7*day) == 0:
		return fmt.Sprintf("%dw", d/(7*day))
	case d != 0 && d%day == 0:
		return fmt.Sprintf("%dd", d/day)
	}
	return d.String()
}
