package sandbox

import (
	"crypto/rand"
	"fmt"
	"math"
	"sort"
	"sync"
	"time"
)

// avaamoEntry is a stored message.
type avaamoEntry struct {
	uuid         string
	conversation string
	timetoken    int64 // microseconds since the epoch, different for every message and rising
	contentType  string
	content      string
	locale       string // force_locale, "" when it was not given
	person       bool   // written by the person; else by the agent
	readAt       int64  // Unix seconds at which the person read it, 0 for not yet
	visible      time.Time
}

func (e *avaamoEntry) visibleFrom() time.Time { return e.visible }

// avaamoStore holds what Avaamo's database would: all messages by rising timetoken, whole and per conversation.
type avaamoStore struct {
	forget bool

	mu            sync.Mutex
	visibility    visibility
	now           func() time.Time
	hidden        time.Time // when the last message becomes visible
	last          int64     // timetoken
	all           []*avaamoEntry
	conversations map[string][]*avaamoEntry
}

func newAvaamoStore(o Options) *avaamoStore {
	return &avaamoStore{now: o.clock(), forget: o.Forget, visibility: o.visibility(Avaamo), conversations: map[string][]*avaamoEntry{}}
}

// add stores a message, with an id and the time that it gets here.
func (s *avaamoStore) add(e avaamoEntry) {
	if s.forget {
		return
	}
	e.uuid = randomUUID()
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if e.visible = now; !e.person {
		e.visible = s.visibility.next(now)
		s.hidden = latest(s.hidden, e.visible)
	}
	s.last = max(now.UnixMicro(), s.last+1)
	e.timetoken = s.last
	s.all = append(s.all, &e)
	s.conversations[e.conversation] = append(s.conversations[e.conversation], &e)
}

// avaamoSpan says which messages a list is to hold.
type avaamoSpan struct {
	since, until  int64 // timetokens, both of them belong to the span
	most          int   // only the latest so many, 0 for all
	page, perPage int   // 1 for the newest page
}

// avaamoEverything is the span without a bound.
func avaamoEverything() avaamoSpan {
	return avaamoSpan{until: math.MaxInt64, page: 1, perPage: avaamoPerPage}
}

// list gives a copy of one page, newest first, and how many messages the span has. conversation "" stands for all.
func (s *avaamoStore) list(conversation string, span avaamoSpan) (page []avaamoEntry, total int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	entries := s.all
	if conversation != "" {
		entries = s.conversations[conversation]
	}
	entries = seen(entries, s.hidden, s.now())
	low := sort.Search(len(entries), func(i int) bool { return entries[i].timetoken >= span.since })
	high := sort.Search(len(entries), func(i int) bool { return entries[i].timetoken > span.until })
	if span.most > 0 {
		low = max(low, high-span.most)
	}
	total = max(0, high-low)
	if span.page > pages(total, span.perPage) {
		return nil, total
	}
	high -= (span.page - 1) * span.perPage
	for i := high - 1; i >= max(low, high-span.perPage); i-- {
		page = append(page, *entries[i])
	}
	return page, total
}

// pages gives how many pages so many messages fill.
func pages(total, perPage int) int { return (total + perPage - 1) / perPage }

// read marks what the agent wrote in a conversation as read, and gives how many messages were not before.
func (s *avaamoStore) read(conversation string, at time.Time) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	entries := s.conversations[conversation]
	for i := len(entries) - 1; i >= 0; i-- {
		e := entries[i]
		if e.readAt != 0 {
			break // whoever reads, reads everything so far
		}
		if !e.person {
			e.readAt = at.Unix()
			n++
		}
	}
	return n
}

// randomUUID makes a version 4 UUID.
func randomUUID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	return uuidOf(b, 4)
}

// uuidOf writes 16 bytes as a UUID of a version.
func uuidOf(b [16]byte, version byte) string {
	b[6] = b[6]&0x0f | version<<4
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:])
}
