package executor

import (
	"math/rand/v2"
	"time"
)

const (
	defaultBackoff = 500 * time.Millisecond
	longestPause   = 365 * 24 * time.Hour // beyond it a wait means never, and sums could overflow
)

// throttled makes the whole group wait, for after, or by back-off where after is 0. It gives until when the group waits
// and whether this attempt made the wait longer.
//
// Requests in flight together are throttled together. Only the first of them raises the back-off; the others began
// before that pause and tell nothing new.
func (l *limiter) throttled(s *slot, after time.Duration, r Retry) (until time.Time, longer bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	news := s.pauses == l.pauses
	if after <= 0 && news {
		after = backoff(r, l.rise)
	}
	if news {
		l.rise++
	}
	if resume := l.now() + min(max(after, 0), longestPause); after > 0 && resume > l.resume {
		l.resume = resume
		l.next = max(l.next, resume) // evenly spaced again after the wait, not all at once
		l.pauses++
		longer = true
	}
	return l.epoch.Add(l.resume), longer
}

// backoff gives a random wait between the shortest and a bound that doubles with each pause in a row, up to the longest.
func backoff(r Retry, rise int) time.Duration {
	shortest := r.MinBackoff
	if shortest <= 0 {
		shortest = defaultBackoff
	}
	longest := max(r.MaxBackoff, shortest)
	bound := shortest
	for i := 0; i <= rise && bound < longest; i++ {
		bound = min(2*bound, longest)
	}
	return shortest + rand.N(bound-shortest+1)
}
