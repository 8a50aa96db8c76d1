package sandbox

import "time"

// visibility says when what a vendor accepted can be seen in its lists. The store's lock is held.
type visibility struct {
	after func(n int) time.Duration // nil: at once
	n     int                       // messages so far
}

// visibility makes one vendor's.
func (o Options) visibility(vendor string) visibility {
	if o.VisibleAfter == nil {
		return visibility{}
	}
	return visibility{after: func(n int) time.Duration { return o.VisibleAfter(vendor, n) }}
}

// next gives the instant from which a message that is accepted now can be seen.
func (v *visibility) next(now time.Time) time.Time {
	v.n++
	if v.after == nil {
		return now
	}
	return now.Add(min(max(v.after(v.n), 0), maxWait))
}

// hidden is something that may not be seen yet.
type hidden interface{ visibleFrom() time.Time }

// seen gives those of all that can be seen, in the same order. From until on all can, and are given back as they
// are.
func seen[T hidden](all []T, until, now time.Time) []T {
	if !until.After(now) {
		return all
	}
	var some []T
	for _, one := range all {
		if !one.visibleFrom().After(now) {
			some = append(some, one)
		}
	}
	return some
}

// latest gives the later of two instants.
func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
