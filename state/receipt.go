package state

import (
	"time"

	"herald/internal/addr"
)

// Receipt is what became of a message after it was sent. Times are zero for what has not happened or is not known. What
// is known stays: a later Receipt of the same send adds to it and takes nothing back.
type Receipt struct {
	Send      addr.Send
	Delivered time.Time
	Read      time.Time
	Failed    time.Time // the provider gave up delivering it
	Reason    string    // of Failed
	Replied   time.Time
	Reply     string // the person's first words after it, or a vendor's answer: hostile, never shown unescaped
	Vendor    []byte // the vendor's object of the reply, whole
}

// IsZero reports whether the receipt says nothing.
func (r Receipt) IsZero() bool {
	return r.Delivered.IsZero() && r.Read.IsZero() && r.Failed.IsZero() && r.Replied.IsZero()
}

// With adds what became known later, as the ledger keeps it: what happened did so when that was first told, and the words
// are those of the first reply that has any.
func (r Receipt) With(late Receipt) Receipt {
	first := func(a, b time.Time) time.Time {
		if a.IsZero() || !b.IsZero() && b.Before(a) {
			return b
		}
		return a
	}
	if r.Reason == "" {
		r.Reason = late.Reason
	}
	if r.Reply == "" && len(r.Vendor) == 0 {
		r.Reply, r.Vendor = late.Reply, late.Vendor
	}
	r.Delivered, r.Read = first(r.Delivered, late.Delivered), first(r.Read, late.Read)
	r.Failed, r.Replied = first(r.Failed, late.Failed), first(r.Replied, late.Replied)
	return r
}

// Delivery is a settled send as its provider can be asked about it.
type Delivery struct {
	Send       addr.Send
	Account    string
	Place      string // the vendor's name of the conversation
	ProviderID string
	Begun      time.Time // of the intent
	Ended      time.Time // of the outcome
}

// Skip says that a message's condition was false for a person.
type Skip struct {
	Send       addr.Send
	Account    string
	Condition  Hash // of the condition as it was written
	Definition Hash
	At         time.Time
}

// Opened is a conversation that herald opened, or is opening.
type Opened struct {
	Account string
	Name    string    // what it is for; see providers.Opening
	Person  string    // the key of the contact whom it is for, by which Forget finds it
	Key     [16]byte  // that the vendor keeps with it
	Begun   time.Time // of the first attempt
	Tried   time.Time // of the last attempt before this one; zero when this is the first
	Place   string    // "" while nobody knows whether it was opened
}

// OutlineItem is one message of a sequence as a run last saw it.
type OutlineItem struct {
	Message    string
	Definition Hash
}
