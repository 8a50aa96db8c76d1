package state

import (
	"maps"
	"slices"

	"herald/internal/addr"
)

// Renamed gives the view as if Move had given a sequence another name, or a message, and how many sends have the old name.
// Both are the messages, by their new names, that some person has under either name: Move would refuse that. Memory is
// shared. A change that is none, or that names single sends or two kinds, gives v itself.
func (v *View) Renamed(from, to addr.Target) (moved *View, sends int, both []addr.Message) {
	if from == to || from.One || to.One || (from.Message == "") != (to.Message == "") {
		return v, 0, nil
	}
	renamed := *v
	renamed.messages = maps.Clone(v.messages)
	name := func(m addr.Message) addr.Message {
		m.Sequence = to.Sequence
		if to.Message != "" {
			m.Name = to.Message
		}
		return m
	}
	for m, r := range v.messages {
		if !from.CoversMessage(m) {
			continue
		}
		sends += len(r.entries)
		delete(renamed.messages, m)
		there, ok := v.messages[name(m)]
		if !ok {
			renamed.messages[name(m)] = r
			continue
		}
		merged, overlap := there.with(r)
		if renamed.messages[name(m)] = merged; overlap {
			both = append(both, name(m))
		}
	}
	slices.SortFunc(both, addr.Message.Compare)
	renamed.Doubt = slices.Clone(v.Doubt)
	for i := range renamed.Doubt {
		if s := &renamed.Doubt[i].Send; from.Covers(*s) {
			s.Message = name(s.Message)
		}
	}
	slices.SortFunc(renamed.Doubt, func(a, b Record) int { return a.Send.Compare(b.Send) })
	renamed.outlines = maps.Clone(v.outlines)
	maps.Copy(renamed.outlines, renameOutlines(v.outlines, from, to))
	return &renamed, sends, both
}

// with gives what is known of two messages as of one, and whether some person is recorded for both; then r's counts.
func (r *recorded) with(o *recorded) (all *recorded, overlap bool) {
	all = &recorded{entries: over(o.entries, r.entries), before: over(o.before, r.before), used: maps.Clone(r.used),
		opened: over(o.opened, r.opened), receipts: over(o.receipts, r.receipts), again: over(o.again, r.again)}
	for value, u := range o.used {
		all.use(value, u.first)
		if u.more {
			all.used[value] = user{first: u.first, more: true}
		}
	}
	return all, len(all.entries) < len(r.entries)+len(o.entries)
}

// over gives both maps as one; what both have is that of top.
func over[K comparable, V any](under, top map[K]V) map[K]V {
	all := make(map[K]V, len(under)+len(top))
	maps.Copy(all, under)
	maps.Copy(all, top)
	return all
}
