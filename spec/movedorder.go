package spec

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"herald/internal/addr"
)

// moves is all moves of a campaign, in the order of the names that they take, with what finds them.
type moves struct {
	all    []moved
	from   map[addr.Target]int // by the name that they take
	to     map[addr.Target]int // by the name that they make
	making map[string][]int    // by the sequence that they make a message of
	taking map[string][]int    // by the sequence that they take a message of
}

// newMoves makes moves. The order of names keeps the result from hanging on the order of files.
func newMoves(all []moved) *moves {
	m := &moves{slices.Clone(all), map[addr.Target]int{}, map[addr.Target]int{}, map[string][]int{}, map[string][]int{}}
	slices.SortFunc(m.all, func(a, b moved) int { return strings.Compare(a.From.String(), b.From.String()) })
	for i, one := range m.all {
		m.from[one.From], m.to[one.To] = i, i
		if one.To.Message != "" {
			m.making[one.To.Sequence] = append(m.making[one.To.Sequence], i)
			m.taking[one.From.Sequence] = append(m.taking[one.From.Sequence], i)
		}
	}
	return m
}

// before gives the moves that must be carried out before move i: those that make the name that it takes, and, when it
// renames a sequence, those that find their message under the sequence's old name.
func (m *moves) before(i int) []int {
	from := m.all[i].From
	var out []int
	if made, ok := m.to[from]; ok {
		out = append(out, made)
	}
	if from.Message != "" {
		if made, ok := m.to[addr.Target{Sequence: from.Sequence}]; ok {
			out = append(out, made)
		}
		return out
	}
	return slices.Concat(out, m.making[from.Sequence], m.taking[from.Sequence])
}

// inTurn orders the moves so that they can be carried out one after the other.
func (m *moves) inTurn() ([]int, hcl.Diagnostics) {
	waits, next := make([]int, len(m.all)), make([][]int, len(m.all))
	var order []int
	for i := range m.all {
		before := m.before(i)
		waits[i] = len(before)
		for _, b := range before {
			next[b] = append(next[b], i)
		}
		if len(before) == 0 {
			order = append(order, i)
		}
	}
	for done := 0; done < len(order); done++ {
		for _, n := range next[order[done]] {
			if waits[n]--; waits[n] == 0 {
				order = append(order, n)
			}
		}
	}
	if len(order) == len(m.all) {
		return order, nil
	}
	return nil, hcl.Diagnostics{m.cycle(slices.IndexFunc(waits, func(n int) bool { return n > 0 }), waits)}
}

// cycle is the error for moves of which each must come before another one. Each that waits has one before it that waits,
// so that going back from any of them ends in a circle. It is reported where the circle ends in the files.
func (m *moves) cycle(i int, waits []int) *hcl.Diagnostic {
	seen := map[int]int{}
	var path []int
	for {
		if at, again := seen[i]; again {
			path = path[at:]
			break
		}
		seen[i] = len(path)
		path = append(path, i)
		before := m.before(i)
		i = before[slices.IndexFunc(before, func(b int) bool { return waits[b] > 0 })]
	}
	slices.Reverse(path)
	var names []string
	last := m.all[path[0]].DeclRange
	for _, i := range path {
		one := m.all[i]
		names = append(names, one.From.String()+" to "+one.To.String())
		if comparePlaces(last, one.DeclRange) < 0 {
			last = one.DeclRange
		}
	}
	return problem(last, "Cycle in moved blocks",
		"Each of these moves needs another one to come first: %s. Remove one of them.", listed(names))
}

// checkEnds refuses moves that end in a name that the campaign does not declare. Of a chain only the last is reported.
func (m *moves) checkEnds(order []int, names *sequenceNames) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, i := range order {
		one := m.all[i]
		if _, goesOn := m.from[one.To]; goesOn {
			continue
		}
		end := one.To
		if next, ok := m.from[addr.Target{Sequence: end.Sequence}]; ok { // it comes later
			end.Sequence = m.lastName(next)
		}
		if !names.declared(end) {
			diags = append(diags, undeclared(one.toRange, names.missing(end))...)
		}
	}
	return diags
}

// lastName gives the name that a sequence has when a move of it, and all that follow it, are done.
func (m *moves) lastName(i int) string {
	for {
		next, ok := m.from[m.all[i].To]
		if !ok {
			return m.all[i].To.Sequence
		}
		i = next
	}
}

// missing says that a sequence or a message is not declared, and what was meant.
func (s *sequenceNames) missing(t addr.Target) string {
	const remedy = " The new name is that of a block which is there."
	messages, known := s.messages[t.Sequence]
	if !known {
		return "No sequence block declares " + addr.Quote(t.Sequence) + "." + meant(t.Sequence, s.all) + remedy
	}
	return "Sequence " + t.Sequence + " has no message " + addr.Quote(t.Message) + "." + meant(t.Message, messages) + remedy
}
