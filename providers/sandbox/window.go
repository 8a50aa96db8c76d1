package sandbox

import (
	"slices"
	"time"
)

// limiter decides whether a request that arrived at an instant is let in. Calls come one after another: a lock is held.
// Instants may go back a little, as one handler overtakes another.
type limiter interface {
	allow(at time.Time) bool
}

// window lets in at most limit requests in any sliding window [t, t+per). It remembers the instants of two windows back
// that it let in, so it is exact for a request that was overtaken by up to one. What it refuses does not count.
type window struct {
	limit int
	per   time.Duration
	in    []time.Time // rising; at most some two limits
}

func (w *window) allow(at time.Time) bool {
	i := len(w.in)
	for i > 0 && w.in[i-1].After(at) {
		i--
	}
	w.in = slices.Insert(w.in, i, at)
	for j := max(0, i-w.limit); j <= i && j+w.limit < len(w.in); j++ {
		if w.in[j+w.limit].Sub(w.in[j]) < w.per {
			w.in = slices.Delete(w.in, i, i+1)
			return false
		}
	}
	old := 0
	for newest := w.in[len(w.in)-1]; newest.Sub(w.in[old]) >= 2*w.per; old++ {
	}
	w.in = w.in[old:]
	return true
}

// calendar lets in at most limit requests in each window that begins at a multiple of per since the epoch. What it
// refuses counts too, as in rack-attack's throttle: the counter is raised before it is compared. A request that was
// overtaken by one of the next window counts in that.
type calendar struct {
	limit int
	per   time.Duration
	index int64
	n     int
}

func (w *calendar) allow(at time.Time) bool {
	if index := at.UnixNano() / int64(w.per); index > w.index {
		w.index, w.n = index, 0
	}
	w.n++
	return w.n <= w.limit
}

// arrivalsKept is how many instants of arrival are kept per vendor: 8 MiB at most.
const arrivalsKept = 1 << 20

// arrivals is a log of when requests came, as time since the sandbox started. The order is that of the handlers.
type arrivals struct {
	ring  []time.Duration
	next  int // index of the oldest, once the ring is full
	total int
	keep  int // 0 means arrivalsKept
}

func (a *arrivals) add(at time.Duration) {
	a.total++
	keep := a.keep
	if keep == 0 {
		keep = arrivalsKept
	}
	if len(a.ring) < keep {
		a.ring = append(a.ring, at)
		return
	}
	a.ring[a.next] = at
	a.next = (a.next + 1) % keep
}

// kept gives a copy of the kept instants, in no order.
func (a *arrivals) kept() []time.Duration { return slices.Clone(a.ring) }

// worst gives the largest number of instants in any window [t, t+per). It sorts them.
func worst(at []time.Duration, per time.Duration) int {
	if per <= 0 {
		return 0
	}
	slices.Sort(at)
	first, most := 0, 0
	for last := range at {
		for at[last]-at[first] >= per {
			first++
		}
		most = max(most, last-first+1)
	}
	return most
}
