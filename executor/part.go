package executor

import (
	"cmp"
	"slices"

	"herald/state"
)

// How many deliveries a provider is asked about at once: enough for one request to serve many, few enough for all workers
// to have some, and for what is held until it is collected.
const (
	fewestAtOnce = 25
	mostAtOnce   = 500
)

// part is what a provider is asked about at once.
type part struct {
	deliveries []state.Delivery
	tries      int  // that came to nothing
	throttled  bool // the last one was
}

// partsOf cuts deliveries into parts. Those of one place stay together, however many they are.
func partsOf(deliveries []state.Delivery, workers int) (parts []part) {
	deliveries = slices.Clone(deliveries)
	slices.SortStableFunc(deliveries, func(a, b state.Delivery) int {
		return cmp.Or(cmp.Compare(a.Place, b.Place), a.Begun.Compare(b.Begun))
	})
	size := min(max((len(deliveries)+workers-1)/workers, fewestAtOnce), mostAtOnce)
	for len(deliveries) > 0 {
		n := min(size, len(deliveries))
		for n < len(deliveries) && together(deliveries, n) {
			n++
		}
		parts = append(parts, part{deliveries: deliveries[:n]})
		deliveries = deliveries[n:]
	}
	return parts
}

// together reports whether a delivery went to the same place as the one before.
func together(d []state.Delivery, i int) bool { return d[i].Place != "" && d[i].Place == d[i-1].Place }

// halves splits a part, if it is more than one place.
func (p part) halves() []part {
	d := p.deliveries
	mid := len(d) / 2
	for mid > 0 && together(d, mid) {
		mid--
	}
	if mid == 0 {
		for mid = len(d)/2 + 1; mid < len(d) && together(d, mid); mid++ {
		}
	}
	if mid == 0 || mid >= len(d) {
		return nil
	}
	return []part{{deliveries: d[:mid]}, {deliveries: d[mid:]}}
}
