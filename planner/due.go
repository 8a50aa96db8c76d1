package planner

import (
	"cmp"
	"strconv"
	"time"

	"herald/internal/addr"
)

// The reasons of steps that wait for a time, beside "2d after ..." and "after ...".
const (
	reasonStart  = "before the start"
	reasonWindow = "outside the window"
	reasonLate   = "due only after until"
	reasonOver   = "until has passed"
)

// verdict is what the clock says of one send.
type verdict struct {
	action   Action // Send, Waits or Expired
	reason   string
	due      time.Time // Waits: when it can go out; zero when nobody knows
	notAfter time.Time // Send: from when on it must not go out any more; zero for never
}

// turn says whether a send that nothing stands in the way of goes out now. Delay is what must lie between it and the
// message before it; what was decided before, and is only sent again, has none.
//
//	until has passed                                   expired
//	the message before it waits                        waits, nobody knows how long
//	the message before it is sent in this plan, delay  waits, nobody knows how long
//	before the start                                   waits
//	the delay is not over                              waits
//	the window is closed                               waits
//	                                                   send
//
// The reason is the first that holds; the time that a step is due at is one that all of them let pass. What would be due
// only when until has passed waits for that: it is expired then, unless until is mended.
func (h *hours) turn(now time.Time, w *walk, delay time.Duration) verdict {
	if w.before == (addr.Message{}) {
		delay = 0 // there is nothing to count from
	}
	switch {
	case !h.until.IsZero() && !now.Before(h.until):
		return verdict{action: Expired}
	case w.waits, w.leaves && delay > 0:
		return verdict{action: Waits, reason: following(w.before, delay)}
	}
	due, reason := now, ""
	later := func(t time.Time, why string) {
		if t.After(due) {
			due = t
			if reason == "" {
				reason = why
			}
		}
	}
	later(h.start, reasonStart)
	if delay > 0 {
		later(w.since.Add(delay), following(w.before, delay))
	}
	if h.window != nil {
		opens := h.opens
		if due.After(now) {
			opens = h.window.Next(due, h.zone)
		}
		if opens.IsZero() {
			return verdict{action: Waits, reason: cmp.Or(reason, reasonWindow)}
		}
		later(opens, reasonWindow)
	}
	switch {
	case reason == "":
		return verdict{action: Send, notAfter: h.notAfter}
	case !h.until.IsZero() && !due.Before(h.until):
		return verdict{action: Waits, reason: reasonLate}
	}
	return verdict{action: Waits, reason: reason, due: due.UTC()}
}

// following says what a message comes after, and how long.
func following(m addr.Message, delay time.Duration) string {
	if delay > 0 {
		return span(delay) + " after " + m.String()
	}
	return "after " + m.String()
}

// span writes a duration as campaigns do, in the largest unit that leaves nothing over: 1w, 2d, 36h, 90m.
func span(d time.Duration) string {
	for _, u := range []struct {
		name string
		size time.Duration
	}{{"w", 7 * 24 * time.Hour}, {"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}} {
		if d >= u.size && d%u.size == 0 {
			return strconv.FormatInt(int64(d/u.size), 10) + u.name
		}
	}
	return d.String()
}
