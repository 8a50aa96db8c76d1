package live

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"sync"
	"time"

	"herald/providers/sandbox"
)

// arrival is a message that an emulator accepted, or something that happened in its conversation. One of the two is set.
type arrival struct {
	id       int // 1 for the first
	talk     talk
	at       time.Time
	message  *sandbox.Message
	happened *sandbox.Happened
}

// size is about what an arrival takes. Conversations are named by those who send, so that their names count too.
func (a arrival) size() int {
	n := len(a.talk.conversation) + len(a.talk.to)
	if a.message != nil {
		return n + len(a.message.Body) + len(a.message.Text)
	}
	return n + len(a.happened.Text)
}

// talk is one conversation.
type talk struct {
	vendor, conversation string
	account              int64 // 0 where it is not known
	to                   string
}

// key names a conversation in a page. It says nothing of it.
func (t talk) key() string {
	sum := sha256.Sum256([]byte(t.vendor + "\x00" + t.conversation))
	return hex.EncodeToString(sum[:8])
}

// store keeps the newest arrivals and counts all messages.
type store struct {
	mu      sync.Mutex
	last    int // id of the newest arrival
	kept    []arrival
	bytes   int
	counts  map[string]int         // messages by vendor
	waiters map[chan struct{}]bool // of streams: each holds one note that something is new
}

// add keeps an arrival, forgets what is too much and tells the streams, waiting for none.
func (s *store) add(a arrival) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	a.id = s.last
	if a.message != nil {
		if s.counts == nil {
			s.counts = map[string]int{}
		}
		s.counts[a.message.Vendor]++
	} else {
		a.talk = s.known(a.talk)
	}
	s.kept = append(s.kept, a)
	s.bytes += a.size()
	for len(s.kept) > mostKept || s.bytes > mostBytes && len(s.kept) > 1 {
		s.bytes -= s.kept[0].size()
		s.kept[0] = arrival{} // the array behind the slice is not to hold it
		s.kept = s.kept[1:]
	}
	for w := range s.waiters {
		select {
		case w <- struct{}{}:
		default: // it has been told and did not look yet
		}
	}
}

// known gives a conversation as its last message named it. The lock is held.
func (s *store) known(t talk) talk {
	for i := len(s.kept) - 1; i >= 0; i-- {
		if k := s.kept[i].talk; k.vendor == t.vendor && k.conversation == t.conversation {
			return k
		}
	}
	return t
}

// after gives a copy of what came after an arrival, oldest first and of it the newest n, with the counts of that moment.
func (s *store) after(id, n int) (new []arrival, last int, counts map[string]int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	from := max(0, len(s.kept)-max(0, s.last-id), len(s.kept)-n)
	return append(new, s.kept[from:]...), s.last, maps.Clone(s.counts)
}

// find gives the newest arrival of a conversation, or the one that is asked for by its id; id 0 stands for the newest.
func (s *store) find(key string, id int) (arrival, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := len(s.kept) - 1; i >= 0; i-- {
		if a := s.kept[i]; (id == 0 || a.id == id) && a.talk.key() == key {
			return a, true
		}
	}
	return arrival{}, false
}

// wait gives what is told of every arrival until stop; false when too many wait.
func (s *store) wait() (told <-chan struct{}, stop func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiters) >= mostStreams {
		return nil, nil, false
	}
	if s.waiters == nil {
		s.waiters = map[chan struct{}]bool{}
	}
	c := make(chan struct{}, 1)
	s.waiters[c] = true
	return c, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.waiters, c)
	}, true
}
