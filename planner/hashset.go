package planner

import "hash/maphash"

// sum128 stands for a text where the text itself need not be kept. The seeds differ from run to run, so nobody can make
// two texts that collide, and 128 bits make an accident impossible in practice.
type sum128 [2]uint64

type hasher struct{ a, b maphash.Seed }

func newHasher() hasher { return hasher{maphash.MakeSeed(), maphash.MakeSeed()} }

func (h hasher) sum(s string) sum128 {
	return sum128{maphash.String(h.a, s), maphash.String(h.b, s)}
}

type set map[sum128]struct{}

func (s set) has(x sum128) bool {
	_, ok := s[x]
	return ok
}

// add reports whether x is new.
func (s set) add(x sum128) bool {
	n := len(s)
	s[x] = struct{}{}
	return len(s) > n
}
