package avaamo

import (
	"slices"
	"strings"
	"time"

	"herald/providers"
)

// near is how far a message's time may lie outside the time of its request, for what is not known of the vendor's clock:
// its Date has whole seconds, and an answer takes a while to arrive.
const near = 2 * time.Second

// thread is a conversation with messages of ours, as far as it was read.
type thread struct {
	key  string // its uuid, as plain writes it
	ours []mine // as they were sent
	all  []said // what stands there, in any order
	seen map[string]bool
}

// mine is a message of ours.
type mine struct {
	providers.Delivery
	send int
}

// said is a message as the vendor lists it.
type said struct {
	entry
	at     time.Time
	person bool
}

// plain writes a uuid in one way: the pages have it with and without hyphens.
func plain(uuid string) string { return strings.ToLower(strings.ReplaceAll(uuid, "-", "")) }

// threads groups deliveries by conversation, in the order in which they come. What has no conversation or no time cannot
// be found and is left out.
func threads(sends []providers.Delivery) (all []*thread) {
	by := map[string]*thread{}
	for i, s := range sends {
		if s.Place == "" || s.Begun.UnixMicro() <= earliest || s.Ended.Before(s.Begun) {
			continue
		}
		key := plain(s.Place)
		one := by[key]
		if one == nil {
			one = &thread{key: key, seen: map[string]bool{}}
			by[key], all = one, append(all, one)
		}
		one.ours = append(one.ours, mine{s, i})
	}
	for _, one := range all {
		slices.SortStableFunc(one.ours, func(a, b mine) int { return a.Begun.Compare(b.Begun) })
	}
	return all
}

// take adds what stands in the conversation.
func (t *thread) take(e entry) {
	_, _, named := strings.Cut(e.Conversation.DisplayName, ",") // else nobody knows whose side it is
	m := said{e, e.listed("").At, named && e.direction() == providers.Incoming && !e.live()}
	if m.at.IsZero() || e.UUID != "" && t.seen[e.UUID] || len(e.Raw) > 0 && e.Raw[0] != '{' {
		return
	}
	t.seen[e.UUID] = true
	t.all = append(t.all, m)
}

// live reports whether a message is a live agent's: it is of a conversation with one, and by somebody else than the
// person, with whose first name the conversation's name ends.
func (e entry) live() bool {
	return e.AgentMessageUUID != "" && !e.names(e.User)
}

// names reports whether the conversation's name ends with somebody's first name, as it does with the person's.
func (e entry) names(u person) bool {
	first := strings.TrimSpace(u.FirstName)
	before, ends := strings.CutSuffix(strings.TrimSpace(e.Conversation.DisplayName), first)
	return ends && first != "" && strings.HasSuffix(strings.TrimSpace(before), ",")
}

// read is when the person read a message of ours: the earliest acknowledgement that is not the author's own, of the person
// by name where there is one. The vendor says it in whole seconds, so it may seem to be before the message.
func (m said) read() (at time.Time) {
	byName := false
	for _, ack := range m.ReadAcks {
		self, named := ack.User.same(m.User), m.names(ack.User)
		if ack.ReadAt.IsZero() || self || byName && !named {
			continue
		}
		if at.IsZero() || named && !byName || ack.ReadAt.Before(at) {
			at = ack.ReadAt
		}
		byName = byName || named
	}
	if !at.IsZero() && at.Before(m.at) {
		at = m.at
	}
	return at
}

// same reports whether two are one: by Avaamo's own identifiers where both have them, else by name.
func (u person) same(other person) bool {
	switch {
	case u.AvaamoID != 0 && other.AvaamoID != 0:
		return u.AvaamoID == other.AvaamoID
	case u.LayerID != "" && other.LayerID != "":
		return u.LayerID == other.LayerID
	}
	return u.Name() == other.Name()
}

// matched finds each of our messages among the agent's, no two the same; nil where there is none. One that was looked up
// has its id. The vendor's clock is that much ahead of ours.
func (t *thread) matched(ahead time.Duration) []*said {
	found := make([]*said, len(t.ours))
	taken := map[*said]bool{}
	for i, m := range t.ours {
		from, to := m.Begun.Add(ahead), m.Ended.Add(ahead)
		best := near
		for k := range t.all {
			one := &t.all[k]
			if taken[one] || one.direction() != providers.Outgoing {
				continue
			}
			if m.ID != "" && m.ID == one.UUID {
				found[i] = one
				break
			}
			off := max(from.Sub(one.at), one.at.Sub(to), 0)
			if off < best || off == best && (found[i] == nil || one.at.Before(found[i].at)) {
				best, found[i] = off, one
			}
		}
		taken[found[i]] = true
	}
	return found
}
