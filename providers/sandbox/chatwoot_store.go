package sandbox

import (
	"cmp"
	"encoding/json"
	"slices"
	"sort"
	"sync"
	"time"
)

// chatwootMessage is a stored message, as Chatwoot's answers show it (_message.json.jbuilder) and in that order.
type chatwootMessage struct {
	ID                int64           `json:"id"`
	Content           string          `json:"content"`
	InboxID           int64           `json:"inbox_id"`
	ConversationID    int64           `json:"conversation_id"`
	MessageType       int             `json:"message_type"`
	ContentType       string          `json:"content_type"`
	Status            string          `json:"status"`
	ContentAttributes json.RawMessage `json:"content_attributes"`
	CreatedAt         int64           `json:"created_at"` // Unix seconds
	Private           bool            `json:"private"`
	SourceID          *string         `json:"source_id"`
	Sender            json.RawMessage `json:"sender,omitempty"`
	CreatedAtExact    string          `json:"created_at_exact,omitempty"` // 99digital only

	created, visible time.Time
}

func (m chatwootMessage) visibleFrom() time.Time { return m.visible }

type conversationKey struct{ account, id int64 }

// conversation holds one conversation's messages, by rising id.
type conversation struct {
	conversationKey
	messages []chatwootMessage
	flood    *window // nil without limits
	opened   time.Time
	hidden   time.Time       // when the last message becomes visible
	made     *chatwootMaking // nil for one that is there without having been created
}

// chatwootStore holds what Chatwoot's database would. Ids are given over all conversations, rising with time.
type chatwootStore struct {
	now     func() time.Time
	forget  bool
	limited bool

	mu            sync.Mutex
	visibility    visibility
	lastID        int64
	conversations map[conversationKey]*conversation
	contacts      map[int64]*chatwootPeople // by account
}

func newChatwootStore(vendor string, o Options) *chatwootStore {
	return &chatwootStore{now: o.clock(), forget: o.Forget, limited: !o.NoLimits, visibility: o.visibility(vendor),
		conversations: map[conversationKey]*conversation{}, contacts: map[int64]*chatwootPeople{}}
}

// add stores a message and gives it back with its id and time; false when its conversation has too many a minute. What a
// person wrote is visible at once.
func (s *chatwootStore) add(key conversationKey, m chatwootMessage, person bool) (chatwootMessage, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	var c *conversation
	if s.limited || !s.forget {
		if c = s.conversations[key]; c == nil {
			c = s.begin(key, now)
		}
		if c.flood != nil && !c.flood.allow(now) {
			return m, false
		}
	}
	s.lastID++
	m.ID, m.created, m.CreatedAt, m.visible = s.lastID, now, now.Unix(), now
	if s.forget {
		return m, true
	}
	if !person {
		m.visible = s.visibility.next(now)
	}
	c.messages, c.hidden = append(c.messages, m), latest(c.hidden, m.visible)
	return m, true
}

// begin makes a conversation. The lock is held.
func (s *chatwootStore) begin(key conversationKey, now time.Time) *conversation {
	c := &conversation{conversationKey: key, opened: now}
	if s.limited {
		c.flood = &window{limit: chatwootFloodPerMinute, per: time.Minute}
	}
	s.conversations[key] = c
	return c
}

// notGiven is an absent id of a page. Zero is an id like others: after=0 begins at the first message.
const notGiven = -1

// page says which messages a list is to hold.
type page struct {
	after, before int64
	noInternal    bool // without private and activity messages
}

// Sizes of the lists that Chatwoot's message_finder.rb makes.
const (
	chatwootLatest  = 20
	chatwootAfter   = 100
	chatwootBetween = 1000
)

// list gives a copy of messages as Chatwoot's message finder selects them, always by rising id: the latest 20; the last
// 20 before an id; the first 100 after an id; the first 1000 from one id to below another.
func (s *chatwootStore) list(key conversationKey, p page) []chatwootMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := []chatwootMessage{}
	c := s.conversations[key]
	if c == nil {
		return found
	}
	messages := seen(c.messages, c.hidden, s.now())
	// from is the index of the first message whose id is id or more.
	from := func(id int64) int {
		return sort.Search(len(messages), func(i int) bool { return messages[i].ID >= id })
	}
	low, high, most, newest := 0, len(messages), chatwootLatest, true
	switch {
	case p.after != notGiven && p.before != notGiven:
		low, high, most, newest = from(p.after), from(p.before), chatwootBetween, false
	case p.before != notGiven:
		high = from(p.before)
	case p.after != notGiven:
		low, most, newest = from(p.after+1), chatwootAfter, false
	}
	selected := messages[low:max(low, high)]
	if p.noInternal {
		kept := []chatwootMessage{}
		for _, m := range selected {
			if !m.Private && m.MessageType != messageTypeNumber("activity") {
				kept = append(kept, m)
			}
		}
		selected = kept
	}
	if n := len(selected); n > most {
		if newest {
			selected = selected[n-most:]
		} else {
			selected = selected[:most]
		}
	}
	return append(found, selected...)
}

// change applies f to a stored message and gives it back changed; false when there is no such message.
func (s *chatwootStore) change(key conversationKey, id int64, f func(*chatwootMessage)) (chatwootMessage, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.conversations[key]; c != nil {
		i := sort.Search(len(c.messages), func(i int) bool { return c.messages[i].ID >= id })
		if i < len(c.messages) && c.messages[i].ID == id {
			f(&c.messages[i])
			return c.messages[i], true
		}
	}
	return chatwootMessage{}, false
}

// summary is what can be seen of a conversation without its messages.
type summary struct {
	conversationKey
	last   *chatwootMessage // nil when none can be seen: then one that was not created has not begun either
	opened time.Time
	made   *chatwootMaking
}

// active is when something last happened that can be seen.
func (s summary) active() time.Time {
	if s.last != nil {
		return s.last.created
	}
	return s.opened
}

func (s summary) status() string {
	if s.made != nil {
		return s.made.status
	}
	return "open"
}

func (c *conversation) summary(now time.Time) summary {
	for i := len(c.messages) - 1; i >= 0; i-- {
		if last := c.messages[i]; !last.visible.After(now) {
			return summary{c.conversationKey, &last, c.opened, c.made}
		}
	}
	if c.made != nil {
		return summary{c.conversationKey, nil, c.opened, c.made}
	}
	return summary{conversationKey: c.conversationKey}
}

// shown reports whether lists have the conversation.
func (s summary) shown(now time.Time) bool {
	return s.last != nil || s.made != nil && !s.made.visible.After(now)
}

// summary gives the summary of one conversation, also of one that holds nothing.
func (s *chatwootStore) summary(key conversationKey) summary {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.conversations[key]; c != nil {
		return c.summary(s.now())
	}
	return summary{conversationKey: key}
}

// summaries lists an account's conversations that show something, the one that was last active first.
func (s *chatwootStore) summaries(account int64) []summary {
	s.mu.Lock()
	defer s.mu.Unlock()
	all, now := []summary{}, s.now()
	for _, c := range s.conversations {
		if c.account != account {
			continue
		}
		if one := c.summary(now); one.shown(now) {
			all = append(all, one)
		}
	}
	newestFirst(all)
	return all
}

// newestFirst puts conversations in the order of lists: by when they were last active, and by their messages and numbers
// where that is the same instant.
func newestFirst(all []summary) {
	message := func(s summary) int64 {
		if s.last == nil {
			return 0
		}
		return s.last.ID
	}
	slices.SortFunc(all, func(a, b summary) int {
		return cmp.Or(b.active().Compare(a.active()), cmp.Compare(message(b), message(a)), cmp.Compare(b.id, a.id))
	})
}

// making gives what a conversation has that was created, nil for another.
func (s *chatwootStore) making(key conversationKey) *chatwootMaking {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.conversations[key]; c != nil {
		return c.made
	}
	return nil
}
