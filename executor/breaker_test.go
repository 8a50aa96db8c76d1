package executor

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"herald/internal/addr"
	"herald/providers"
)

func TestBreaker(t *testing.T) {
	classes := map[rune]providers.Outcome{
		'a': accepted, 'r': refused, 'u': unknown, 't': throttled, 'n': notSent,
		'R': {Class: providers.Refused, Reason: "another reason"},
	}
	for _, tt := range []struct {
		row  string
		want Cause
		at   int // which answer breaks it, from 1
	}{
		{"uuu", CauseUnknown, 3},
		{"uuauu", "", 0},
		{"uuruu", "", 0},
		{"uutnu", CauseUnknown, 5},
		{strings.Repeat("r", 15), CauseRefused, 15},
		{strings.Repeat("r", 14) + "Rr", "", 0},
		{strings.Repeat("r", 14) + "ar", "", 0},
		{strings.Repeat("r", 14) + "ur", "", 0},
		{strings.Repeat("rR", 40), "", 0},
		{strings.Repeat("r", 14) + "tr", CauseRefused, 16},
		{strings.Repeat("a", 100), "", 0},
	} {
		b := breaker{stopAfter: 3}
		var got Cause
		at := 0
		for i, c := range tt.row {
			if cause, n := b.observe(classes[c].Class, classes[c].Reason); cause != "" {
				got, at = cause, i+1
				if n != 3 && n != 15 {
					t.Errorf("%s: a row of %d", tt.row, n)
				}
				break
			}
		}
		if got != tt.want || at != tt.at {
			t.Errorf("%s: %q at %d, want %q at %d", tt.row, got, at, tt.want, tt.at)
		}
	}
}

func TestBreakerStopsTheLane(t *testing.T) {
	for _, tt := range []struct {
		answer providers.Outcome
		want   Counts
		cause  Cause
	}{
		{unknown, Counts{InDoubt: 3, Unsent: 97}, CauseUnknown},
		{refused, Counts{Refused: 15, Unsent: 85}, CauseRefused},
	} {
		t.Run(string(tt.cause), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLedger()
				steps := crowd("heyx", 100)
				p := newProvider(l, steps...)
				p.script = func(addr.Send, int) providers.Outcome { return tt.answer }
				lane := laneOf(p, steps...)
				lane.Limits.StopAfter, lane.Limits.Concurrency = 3, 1
				got := mustRun(t, Options{Ledger: l}, lane)
				sound(t, l, p)
				var stop *Stop
				if got.Counts() != tt.want || !errors.As(got.Err(), &stop) || stop.Cause != tt.cause {
					t.Errorf("%+v, %v", got, got.Err())
				}
				if got.Interrupted {
					t.Error("a stopped lane is no interrupt")
				}
			})
		})
	}
}

// What is in flight when the breaker breaks is finished and recorded; it holds no more than the lane's concurrency.
func TestBreakerFinishesWhatIsInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		l.latency = 3 * time.Millisecond
		steps := crowd("heyx", 1000)
		p := newProvider(l, steps...)
		p.script = func(addr.Send, int) providers.Outcome { return unknown }
		p.delay = func() time.Duration { return time.Second }
		lane := laneOf(p, steps...)
		lane.Limits.Concurrency = 16
		got := mustRun(t, Options{Ledger: l}, lane)
		sound(t, l, p)
		if n := got.Counts().InDoubt; n < 10 || n > 10+16 {
			t.Errorf("%d in doubt", n)
		}
	})
}
