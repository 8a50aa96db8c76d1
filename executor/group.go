package executor

import "time"

// newLimiters makes the limiters of lanes, one per limit group, and gives each lane's.
func newLimiters(lanes []Lane) []*limiter {
	groups := make(map[string]*limiter)
	all := make([]*limiter, len(lanes))
	for i, l := range lanes {
		if l.Group == "" {
			all[i] = newLimiter(l.Limits.Requests, l.Limits.Per, l.Limits.Jitter, l.LastIntent)
			continue
		}
		if groups[l.Group] == nil {
			limits, last := strictest(lanes, l.Group)
			groups[l.Group] = newLimiter(limits.Requests, limits.Per, limits.Jitter, last)
		}
		all[i] = groups[l.Group]
	}
	return all
}

// strictest gives the limits that a group keeps to, and its last intent: the lowest rate, of equal rates the one with the
// smaller bursts, and the largest jitter.
func strictest(lanes []Lane, group string) (Limits, time.Time) {
	var strict Limits
	var last time.Time
	var jitter time.Duration
	for _, l := range lanes {
		if l.Group != group {
			continue
		}
		if l.LastIntent.After(last) {
			last = l.LastIntent
		}
		jitter = max(jitter, l.Limits.Jitter)
		if l.Limits.Requests > 0 && (strict.Requests == 0 || slower(l.Limits, strict)) {
			strict = l.Limits
		}
	}
	strict.Jitter = jitter
	return strict, last
}

func slower(a, b Limits) bool {
	x, y := float64(a.Requests)/float64(a.Per), float64(b.Requests)/float64(b.Per)
	return x < y || x == y && a.Requests < b.Requests
}
