package sandbox

import (
	"slices"
	"time"
)

// Messages gives a copy of what a vendor accepted, in order. It is empty for an unknown vendor and with Options.Forget.
func (s *Sandbox) Messages(vendor string) []Message {
	v := s.vendor(vendor)
	if v == nil {
		return nil
	}
	return slices.Clone(v.kept())
}

// Count gives how many messages a vendor accepted; 0 for an unknown vendor.
func (s *Sandbox) Count(vendor string) int {
	v := s.vendor(vendor)
	if v == nil {
		return 0
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.accepted
}

// Requests gives how many requests reached a vendor, whatever became of them; 0 for an unknown vendor.
func (s *Sandbox) Requests(vendor string) int {
	v := s.vendor(vendor)
	if v == nil {
		return 0
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.arrivals.total
}

// Worst gives the largest number of requests that reached a vendor in any sliding window [t, t+window), which holds its
// begin and not its end: two requests exactly one window apart are not in one. Requests that were refused or met a fault
// are counted too, over the last 1,048,576; 0 for an unknown vendor.
//
// Instants are of the monotonic clock. On Linux they are those at which the kernel took a request's first bytes in, so
// that an emulator which gets no processor does not move requests together. In the first milliseconds after Start, and on
// other systems always, they are those of the first reading, and late by as long as the process had to wait for that. What
// happens before the kernel is not the emulator's to take out: a client that was held up between its own clock and its
// write does come late.
func (s *Sandbox) Worst(vendor string, window time.Duration) int {
	v := s.vendor(vendor)
	if v == nil {
		return 0
	}
	v.mu.Lock()
	at := v.arrivals.kept()
	v.mu.Unlock()
	return worst(at, window)
}
