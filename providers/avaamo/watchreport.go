package avaamo

import (
	"time"

	"herald/providers"
)

// reports says what is known of each send. The vendor's clock is that much ahead of ours.
func (t *thread) reports(ahead time.Duration, report func(providers.Report)) {
	for i, found := range t.matched(ahead) {
		r := providers.Report{Send: t.ours[i].send}
		if found != nil {
			r.Read = found.read()
		}
		if reply := t.reply(t.ours[i], found, ahead); reply != nil {
			r.Replied, r.Reply, r.Vendor = reply.at, reply.Content, reply.Raw
		}
		if !r.Read.IsZero() || !r.Replied.IsZero() {
			report(r)
		}
	}
}

// reply finds what the person wrote first after a message of ours. Where ours is not listed, what was written while it
// was being sent may be from before it, and is no reply.
func (t *thread) reply(m mine, found *said, ahead time.Duration) (first *said) {
	after := m.Ended.Add(ahead + near)
	if found != nil {
		after = found.at
	}
	for k := range t.all {
		if one := &t.all[k]; one.person && one.at.After(after) && (first == nil || one.at.Before(first.at)) {
			first = one
		}
	}
	return first
}

// replied reports whether every message of ours has its reply.
func (t *thread) replied(ahead time.Duration) bool {
	for i, found := range t.matched(ahead) {
		if t.reply(t.ours[i], found, ahead) == nil {
			return false
		}
	}
	return true
}
