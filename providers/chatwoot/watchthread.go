package chatwoot

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"herald/providers"
)

// afterSize is how many messages the vendor lists at once after a number (finder).
const afterSize = 100

// thread is a conversation with messages of ours, as far as it was read.
type thread struct {
	conversation int64
	ours         []mine // by rising number
	after        int64  // where the next page begins: its messages have greater numbers
	over         bool   // no more pages are needed, or can be had
	deaf         bool   // the vendor gave its newest messages instead
	seen         map[int64]bool
}

// mine is a message of ours.
type mine struct {
	number int64
	sends  []int // indexes of the deliveries
	listed bool  // it was on a page, so that what follows it was read too
	facts  receipt
	next   words // the person's first message after it and before the next of ours
}

// words are what the person wrote, or chose.
type words struct {
	number int64
	at     time.Time // zero for none
	text   string
	vendor json.RawMessage
}

// threads groups deliveries by conversation, in the order in which they come. What has no number of a conversation or
// of a message, as one that a person declared sent, cannot be found and is left out.
func threads(sends []providers.Delivery) (all []*thread) {
	by := map[int64]*thread{}
	for i, s := range sends {
		where, id := number(s.Place), number(s.ID)
		if where == 0 || id == 0 {
			continue
		}
		one := by[where]
		if one == nil {
			one = &thread{conversation: where, seen: map[int64]bool{}}
			by[where], all = one, append(all, one)
		}
		one.ours = append(one.ours, mine{number: id, sends: []int{i}})
	}
	for _, one := range all {
		slices.SortStableFunc(one.ours, func(a, b mine) int { return cmp.Compare(a.number, b.number) })
		one.ours = slices.CompactFunc(one.ours, func(a, b mine) bool { return a.number == b.number })
		one.after = one.ours[0].number - 1
	}
	for i, s := range sends { // those of one number came together
		if one := by[number(s.Place)]; one != nil {
			if k, there := one.find(number(s.ID)); there && one.ours[k].sends[0] != i {
				one.ours[k].sends = append(one.ours[k].sends, i)
			}
		}
	}
	return all
}

// missed reports whether some of ours lie before all that the vendor lists.
func (t *thread) missed() bool {
	return t.deaf && slices.ContainsFunc(t.ours, func(m mine) bool { return !m.listed })
}

// find gives the place of a message among ours.
func (t *thread) find(number int64) (int, bool) {
	return slices.BinarySearchFunc(t.ours, number, func(m mine, n int64) int { return cmp.Compare(m.number, n) })
}

// take reads a page, which the vendor gave at that time.
func (t *thread) take(page []listed, now time.Time) {
	fresh := false
	for _, m := range page {
		if m.number == 0 || t.seen[m.number] {
			continue
		}
		t.seen[m.number], fresh = true, true
		t.deaf = t.deaf || m.number <= t.after
		k, our := t.find(m.number)
		switch {
		case our:
			t.ours[k].listed, t.ours[k].facts = true, received(m, now)
		case k == 0 || m.Direction != providers.Incoming || m.Key != "": // with a key, it is one that herald wrote as the person
		case t.ours[k-1].next.at.IsZero() || m.number < t.ours[k-1].next.number:
			t.ours[k-1].next = words{m.number, orNow(m.At, now), m.Text, m.Vendor}
		}
	}
	last := t.ours[len(t.ours)-1]
	full := len(page) == pageSize || len(page) >= afterSize // 99digital does not say how long its pages are
	t.deaf = t.deaf || full && !fresh
	t.over = !full || t.deaf || last.listed && !last.next.at.IsZero() || !t.turnOver(page)
}

// turnOver finds where the next page begins; false where none follows. Pages are cut by number after they were ordered by
// time (finder), so a message that was written at the same time as the last ones may have been left out, with a smaller
// number: the next page takes these again, up to half a page.
func (t *thread) turnOver(page []listed) bool {
	page = slices.DeleteFunc(slices.Clone(page), func(m listed) bool { return m.number == 0 })
	slices.SortFunc(page, func(a, b listed) int { return cmp.Compare(a.number, b.number) })
	if len(page) == 0 {
		return false
	}
	var newest time.Time
	for _, m := range page {
		if m.At.After(newest) {
			newest = m.At
		}
	}
	before, i := t.after, len(page)-1
	for i > len(page)/2 && page[i].At.After(newest.Add(-apart)) {
		i--
	}
	t.after = page[i].number
	return t.after > before
}

// reports says what is known of each send.
func (t *thread) reports() (all []providers.Report) {
	var next words // what the person wrote first after the message at hand
	for _, m := range slices.Backward(t.ours) {
		if !m.next.at.IsZero() {
			next = m.next
		}
		reply := next
		if chosen := m.facts.chosen; !chosen.at.IsZero() { // the answer to this very message
			if next.at.IsZero() || !next.at.Before(chosen.at) {
				next = chosen // of two answers that were chosen by the same time, that to the earlier question comes first
			} else {
				chosen.at = next.at // it is known only by when it was chosen
			}
			reply = chosen
		}
		if !m.listed {
			for _, i := range m.sends {
				all = append(all, providers.Report{Send: i, Unseen: true})
			}
			continue
		}
		r := m.facts.Report
		r.Replied, r.Reply, r.Vendor = reply.at, reply.text, reply.vendor
		if r.Delivered.IsZero() && r.Read.IsZero() && r.Failed.IsZero() && r.Replied.IsZero() {
			continue
		}
		for _, i := range m.sends {
			r.Send = i
			all = append(all, r)
		}
	}
	return all
}

func orNow(at, now time.Time) time.Time {
	if at.IsZero() {
		return now
	}
	return at
}
