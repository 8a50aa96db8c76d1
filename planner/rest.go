package planner

import (
	"crypto/sha256"
	"encoding/hex"
	"hash/maphash"
	"strings"
	"time"

	"herald/internal/addr"
	"herald/state"
)

// Rest is what a step of the plan rests on beside the ledger: what had become of an earlier message by then.
type Rest struct {
	Send    addr.Send // of the step
	Message string    // of the same sequence and person
	Fate    string    // see FateOf
}

// of gives the send that the step rests on.
func (r *Rest) of() addr.Send {
	of := r.Send
	of.Name = r.Message
	return of
}

// FateOf writes what became of a message, so that it can be told whether more has since. It holds no words of people.
func FateOf(r state.Receipt) string {
	var parts []string
	for _, fact := range []struct {
		name string
		at   time.Time
	}{{"delivered", r.Delivered}, {"read", r.Read}, {"failed", r.Failed}, {"replied", r.Replied}} {
		if !fact.at.IsZero() {
			parts = append(parts, fact.name)
		}
	}
	if !r.Replied.IsZero() {
		sum := sha256.Sum256([]byte(r.Reply))
		parts = append(parts, hex.EncodeToString(sum[:16]))
	}
	return strings.Join(parts, " ")
}

// rests notes what a step of message i rests on.
func (m *maker) rests(s *sequence, i int, send addr.Send) {
	if m.in.Rests == nil {
		return
	}
	r := s.messages[i]
	for _, earlier := range s.messages[:i] {
		if r.knows.names[earlier.msg.Name] {
			of := addr.Send{Message: earlier.addr, Key: send.Key}
			m.in.Rests(Rest{Send: send, Message: earlier.msg.Name, Fate: FateOf(m.ledger.Receipt(of))})
		}
	}
}

// Named tells which sends the plan's steps rest on; any is whether there are some. It holds a few bytes for each, and may,
// once in a great many, take another send for one of them.
func (f *PlanFiles) Named() (is func(addr.Send) bool, any bool, err error) {
	seed, named := maphash.MakeSeed(), map[uint64]struct{}{}
	err = f.EachRest(func(r *Rest) error {
		named[maphash.Comparable(seed, r.of())] = struct{}{}
		return nil
	})
	return func(s addr.Send) bool {
		_, is := named[maphash.Comparable(seed, s)]
		return is
	}, len(named) > 0, err
}

// Moved gives the sends that rest on something else than it is now, by what the ledger says, with what was read since it was.
// What was read has the ledger's names.
func (f *PlanFiles) Moved(names *Names, read map[addr.Send]state.Receipt) (map[addr.Send]bool, error) {
	moved := map[addr.Send]bool{}
	return moved, f.EachRest(func(r *Rest) error {
		of := r.of()
		now, _ := names.View().Receipt(of)
		if FateOf(now.With(read[names.Ledger(of)])) != r.Fate {
			moved[r.Send] = true
		}
		return nil
	})
}
