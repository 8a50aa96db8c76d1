package sandbox

import "time"

// limiter decides whether a request that arrives at an instant is let in. Calls come one after another, with instants
// that never go back: the vendor's lock is held.
type limiter interface {
	allow(at time.Time) bool
}

// window lets in at most limit requests in any sliding window [t, t+per). It remembers the last limit instants that it
// let in, so one answer costs the same however many came. What it refuses does not count.
type window struct {
	limit int
	per   time.Duration
	ring  []time.Time // grows to limit, then the oldest is overwritten
	next  int         // index of the oldest, once the ring is full
}

func (w *window) allow(at time.Time) bool {
	if len(w.ring) < w.limit {
		w.ring = append(w.ring, at)
		return true
	}
	if at.Sub(w.ring[w.next]) < w.per {
		return false
	}
	w.ring[w.next] = at
	w.next = (w.next + 1) % w.limit
	return true
}

// calendar lets in at most limit requests in each window that begins at a multiple of per since the epoch. What it
// refuses counts too, as in rack-attack's throttle: the counter is raised before it is compared.
type calendar struct {
	limit int
	per   time.Duration
	index int64
	n     int
}

func (w *calendar) allow(at time.Time) bool {
	if index := at.UnixNano() / int64(w.per); index != w.index {
		w.index, w.n = index, 0
	}
	w.n++
	return w.n <= w.limit
}

// arrivalsKept is how many instants of arrival are kept per vendor: 8 MiB at most.
const arrivalsKept = 1 << 20

// arrivals is a log of when requests came, as time since the sandbox started.
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

// worst gives the largest number of kept arrivals in any window [t, t+per).
func (a *arrivals) worst(per time.Duration) int {
	if per <= 0 {
		return 0
	}
	n, most := len(a.ring), 0
	at := func(i int) time.Duration { return a.ring[(a.next+i)%n] }
	for first, last := 0, 0; last < n; last++ {
		for first < last && at(last)-at(first) >= per {
			first++
		}
		most = max(most, last-first+1)
	}
	return most
}
