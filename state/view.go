package state

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"time"

	"herald/internal/addr"
	"herald/internal/sqlitefile"
)

// View is the ledger as the planner asks it: compact, read in one scan, and never changing once made. It holds no
// names of people but those in Doubt.
type View struct {
	Exists        bool // false when there is no ledger: then the view is empty
	Lineage       string
	Serial        int64
	KeyAttributes map[string]string // contacts source → attribute
	LastRun       Run               // ID 0 when there was none
	Sizes         []int             // how many messages each of the last runs sent, newest first; up to twenty
	// Doubt holds the sends with an open intent, whole, in the order of addresses: Sending while a run is alive, else
	// InDoubt.
	Doubt []Record

	messages map[addr.Message]*recorded
	accounts map[string]Account
	outlines map[string][]OutlineItem
	taken    map[string]int64 // by inbox
}

// recorded is what is known about one message.
type recorded struct {
	entries map[person]Entry
	before  map[person]Hash // content that was sent before it was refused; few
	used    map[Hash]user

	// What few have. Times are nanoseconds since 1970.
	opened   map[person]int64   // begin of an open attempt over something settled
	again    map[person][]int64 // when what a newer outcome replaced was sent, or may have been
	receipts map[person]receipt

	once  sync.Once
	times []int64 // see Wave
}

// person stands for a key; see personOf.
type person = [16]byte

// user is who used a unique value.
type user struct {
	first person
	more  bool // others too
}

// Entry is where one send stands.
type Entry struct {
	State       State // what is settled: Untried, Sent, Refused or Skipped
	Open        State // of an open intent: Sending or InDoubt; Untried when there is none
	Content     Hash  // as settled, else of the open intent; of a skipped one the condition's
	Destination Hash
	At          int64 // of the outcome of what is settled, else of the open intent: nanoseconds since 1970, see When
}

// When gives the time of what is settled, or of the open intent's begin; zero when it is not known.
func (e Entry) When() time.Time { return timeOf(e.At) }

// Now gives the state in delivery's words: that of the open intent, else what is settled.
func (e Entry) Now() State {
	if e.Open != Untried {
		return e.Open
	}
	return e.State
}

// Account is what the ledger knows about one provider account.
type Account struct {
	Name       string
	LastIntent time.Time // start of its last attempt, whatever came of it; zero when there was none
	MarkerSeen time.Time // when the provider first gave our marker back; zero when it never did
}

// Entry gives where a send stands, false when it is untried.
func (v *View) Entry(s addr.Send) (Entry, bool) {
	m, ok := v.messages[s.Message]
	if !ok {
		return Entry{}, false
	}
	e, ok := m.entries[personOf(s.Key)]
	return e, ok
}

// SentBefore gives the content that was sent to this person before a later content of the same message was refused;
// false when the send is not refused, or nothing was sent before.
func (v *View) SentBefore(s addr.Send) (Hash, bool) {
	m, ok := v.messages[s.Message]
	if !ok {
		return Hash{}, false
	}
	h, ok := m.before[personOf(s.Key)]
	return h, ok
}

// Recorded counts the people who are recorded for a message, settled or open.
func (v *View) Recorded(m addr.Message) int {
	if r, ok := v.messages[m]; ok {
		return len(r.entries)
	}
	return 0
}

// Messages gives the messages that anybody is recorded for, in order.
func (v *View) Messages() []addr.Message {
	var all []addr.Message
	for m, r := range v.messages {
		if len(r.entries) > 0 {
			all = append(all, m)
		}
	}
	slices.SortFunc(all, addr.Message.Compare)
	return all
}

// UniqueUsed reports whether someone other than s.Key has got s.Message under this unique value, or may be getting it.
func (v *View) UniqueUsed(s addr.Send, value Hash) bool {
	m, ok := v.messages[s.Message]
	if !ok || value.IsZero() {
		return false
	}
	u, ok := m.used[value]
	return ok && (u.more || u.first != personOf(s.Key))
}

// LastIntent gives when the account last began an attempt; zero when it never did.
func (v *View) LastIntent(account string) time.Time { return v.accounts[account].LastIntent }

// MarkerSeen reports whether the account ever gave our marker back.
func (v *View) MarkerSeen(account string) bool { return !v.accounts[account].MarkerSeen.IsZero() }

// Read gives the view of the locked ledger, which nobody may have open: what is sending in it was left by a process that
// died. It creates nothing, and leaves no file beside the ledger.
func (l *Lock) Read(ctx context.Context) (*View, error) { return readView(ctx, l.path, true) }

// OpenReader opens the locked ledger, as Read reads it; it must exist.
func (l *Lock) OpenReader(ctx context.Context) (*Reader, error) {
	r, err := OpenReader(ctx, l.path)
	if err == nil {
		r.locked = true
	}
	return r, err
}

// Read gives the view of the ledger at path, an empty one when there is none. It takes no lock and creates nothing.
func Read(ctx context.Context, path string) (*View, error) {
	real, err := realPath(path)
	if err != nil {
		return nil, err
	}
	return readView(ctx, real, false)
}

func readView(ctx context.Context, real string, locked bool) (*View, error) {
	found, err := sqlitefile.Exists(real)
	if err != nil {
		return nil, explain(real, err)
	}
	if !found {
		return newView(), nil
	}
	r, err := OpenReader(ctx, real)
	if err != nil {
		return nil, err
	}
	r.locked, r.careful = locked, true
	v, err := r.view(ctx)
	return v, errors.Join(err, r.Close())
}

// NewView makes a view from records, as if a ledger held them: for what is to be tried without a file.
func NewView(lineage string, serial int64, records iter.Seq[Record]) *View {
	v := newView()
	v.Exists, v.Lineage, v.Serial = true, lineage, serial
	for r := range records {
		v.add(r)
	}
	slices.SortFunc(v.Doubt, func(a, b Record) int { return a.Send.Compare(b.Send) })
	return v
}

func newView() *View {
	return &View{KeyAttributes: map[string]string{}, messages: map[addr.Message]*recorded{}, accounts: map[string]Account{},
		outlines: map[string][]OutlineItem{}, taken: map[string]int64{}}
}

// add takes a record in: a settled one, or one with an open intent.
func (v *View) add(r Record) {
	m, who := v.message(r.Send.Message), personOf(r.Send.Key)
	switch r.State {
	case Untried:
		return
	case Sending, InDoubt:
		v.Doubt = append(v.Doubt, r)
		e, ok := m.entries[who]
		if !ok {
			e = Entry{State: r.Before, Content: r.Content, Destination: r.Destination, At: instant(r.At)}
		}
		if e.State != Untried {
			m.opened[who] = instant(r.At)
		}
		e.Open = r.State
		m.entries[who] = e
		m.use(r.Unique, who)
		a := v.accounts[r.Account]
		if r.At.After(a.LastIntent) {
			a.Name, a.LastIntent = r.Account, r.At
			v.accounts[r.Account] = a
		}
	default:
		m.entries[who] = Entry{State: r.State, Content: r.Content, Destination: r.Destination, At: instant(r.At)}
		if r.State == Sent {
			m.use(r.Unique, who)
		}
	}
}

func (v *View) message(m addr.Message) *recorded {
	r, ok := v.messages[m]
	if !ok {
		r = &recorded{entries: map[person]Entry{}, before: map[person]Hash{}, used: map[Hash]user{},
			opened: map[person]int64{}, again: map[person][]int64{}, receipts: map[person]receipt{}}
		v.messages[m] = r
	}
	return r
}

// numbered gives the message of a stored number.
func (v *View) numbered(messages map[int64]addr.Message, id int64) (*recorded, error) {
	m, ok := messages[id]
	if !ok {
		return nil, damaged("a row names message number %d, which is not there", id)
	}
	return v.message(m), nil
}

func (r *recorded) use(value Hash, who person) {
	if value.IsZero() {
		return
	}
	u, ok := r.used[value]
	switch {
	case !ok:
		r.used[value] = user{first: who}
	case u.first != who:
		u.more = true
		r.used[value] = u
	}
}
