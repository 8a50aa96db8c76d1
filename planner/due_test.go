package planner

import (
	"testing"
	"time"

	"herald/internal/addr"
	"herald/internal/calendar"
)

func TestTurn(t *testing.T) {
	offer := addr.Message{Sequence: "renewal", Name: "offer"}
	at := func(text string) time.Time {
		if text == "" {
			return time.Time{}
		}
		when, err := time.Parse("2006-01-02 15:04", text)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	const now = "2026-12-01 12:00" // a Tuesday
	office := &calendar.Window{Days: calendar.Weekdays, From: 9 * calendar.Hour, To: 17 * calendar.Hour}
	for _, tt := range []struct {
		name         string
		start, until string
		window       *calendar.Window
		now          string
		walk         walk
		delay        time.Duration
		action       Action
		reason       string
		at           string // due, or not after
	}{
		{name: "nothing said", action: Send},
		{name: "until is ahead", until: "2026-12-01 12:01", action: Send, at: "2026-12-01 12:01"},
		{name: "until is now", until: now, action: Expired},
		{name: "until is over, and what is before waits", until: "2026-11-30 00:00", walk: walk{before: offer, waits: true}, action: Expired},
		{name: "start is now", start: now, action: Send},
		{name: "start is ahead", start: "2026-12-01 12:01", action: Waits, reason: "before the start", at: "2026-12-01 12:01"},
		{name: "start is ahead, outside the window", start: "2026-12-05 10:00", window: office, action: Waits, reason: "before the start", at: "2026-12-07 09:00"},
		{name: "window open", window: office, action: Send, at: "2026-12-01 17:00"},
		{name: "window open, until before it closes", window: office, until: "2026-12-01 14:00", action: Send, at: "2026-12-01 14:00"},
		{name: "window open, until after it closes", window: office, until: "2026-12-02 14:00", action: Send, at: "2026-12-01 17:00"},
		{name: "window about to close", window: office, now: "2026-12-01 16:59", action: Send, at: "2026-12-01 17:00"},
		{name: "window just closed", window: office, now: "2026-12-01 17:00", action: Waits, reason: "outside the window", at: "2026-12-02 09:00"},
		{name: "window just opening", window: office, now: "2026-12-01 09:00", action: Send, at: "2026-12-01 17:00"},
		{name: "weekend", window: office, now: "2026-12-05 12:00", action: Waits, reason: "outside the window", at: "2026-12-07 09:00"},
		{name: "until before the next opening", window: office, now: "2026-12-05 12:00", until: "2026-12-06 00:00", action: Waits, reason: "due only after until"},
		{name: "until at the next opening", window: office, now: "2026-12-05 12:00", until: "2026-12-07 09:00", action: Waits, reason: "due only after until"},
		{name: "never open", window: &calendar.Window{}, action: Waits, reason: "outside the window"},
		{name: "the first one has nothing to count from", delay: time.Hour, action: Send},
		{name: "delay over", walk: walk{before: offer, since: at("2026-12-01 11:00")}, delay: time.Hour, action: Send},
		{name: "delay not over", walk: walk{before: offer, since: at("2026-12-01 11:01")}, delay: time.Hour, action: Waits, reason: "1h after renewal.offer", at: "2026-12-01 12:01"},
		{name: "delay ends outside the window", walk: walk{before: offer, since: at("2026-11-30 18:00")}, delay: 24 * time.Hour, window: office,
			action: Waits, reason: "1d after renewal.offer", at: "2026-12-02 09:00"},
		{name: "delay not over, window closed", now: "2026-12-05 12:00", walk: walk{before: offer, since: at("2026-12-04 12:00")}, delay: 48 * time.Hour, window: office,
			action: Waits, reason: "2d after renewal.offer", at: "2026-12-07 09:00"},
		{name: "delay over, window closed", now: "2026-12-05 12:00", walk: walk{before: offer, since: at("2026-12-01 12:00")}, delay: 48 * time.Hour, window: office,
			action: Waits, reason: "outside the window", at: "2026-12-07 09:00"},
		{name: "start before the end of the delay", start: "2026-12-02 00:00", walk: walk{before: offer, since: at("2026-12-01 11:00")}, delay: 7 * 24 * time.Hour,
			action: Waits, reason: "before the start", at: "2026-12-08 11:00"},
		{name: "delay ends after until", until: "2026-12-02 00:00", walk: walk{before: offer, since: at("2026-12-01 11:00")}, delay: 48 * time.Hour,
			action: Waits, reason: "due only after until"},
		{name: "behind one of this plan", walk: walk{before: offer, leaves: true}, action: Send},
		{name: "behind one of this plan, delay", walk: walk{before: offer, leaves: true}, delay: 90 * time.Minute, action: Waits, reason: "90m after renewal.offer"},
		{name: "behind one that waits", walk: walk{before: offer, waits: true}, action: Waits, reason: "after renewal.offer"},
		{name: "behind one that waits, before the start", start: "2026-12-05 10:00", walk: walk{before: offer, waits: true}, delay: 7 * 24 * time.Hour,
			action: Waits, reason: "1w after renewal.offer"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			clock := at(now)
			if tt.now != "" {
				clock = at(tt.now)
			}
			h := hours{zone: time.UTC, start: at(tt.start), until: at(tt.until), notAfter: at(tt.until), window: tt.window}
			if tt.window != nil {
				h.setWindow(clock)
			}
			got := h.turn(clock, &tt.walk, tt.delay)
			if got.action != tt.action || got.reason != tt.reason {
				t.Errorf("%s %q, want %s %q", got.action, got.reason, tt.action, tt.reason)
			}
			due, notAfter := at(tt.at), time.Time{}
			if tt.action == Send {
				due, notAfter = notAfter, due
			}
			if !got.due.Equal(due) || !got.notAfter.Equal(notAfter) {
				t.Errorf("due %s, not after %s; want %s, %s", got.due, got.notAfter, due, notAfter)
			}
		})
	}
}

func TestSpan(t *testing.T) {
	for text, d := range map[string]time.Duration{
		"1w": 7 * 24 * time.Hour, "8d": 8 * 24 * time.Hour, "2d": 48 * time.Hour, "36h": 36 * time.Hour, "90m": 90 * time.Minute,
		"1m": time.Minute, "75s": 75 * time.Second, "1.5s": 1500 * time.Millisecond, "25h": 25 * time.Hour,
	} {
		if got := span(d); got != text {
			t.Errorf("%s: %s, want %s", d, got, text)
		}
	}
}
