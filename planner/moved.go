package planner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"herald/internal/addr"
	"herald/spec"
	"herald/state"
)

// Names is what a ledger and a campaign call the same sends, as long as the campaign's moved blocks are not recorded. A
// plan uses the campaign's names all through; what is asked of the ledger, and of those who know its names only, goes by
// the ledger's.
type Names struct {
	view  *state.View
	moves []renamed
	diags hcl.Diagnostics
}

// renamed is a moved block that has something to rename.
type renamed struct {
	Move
	before *state.View
}

// NewNames reads the moved blocks, in their order. Those of whose old name nothing is recorded mean nothing any more.
func NewNames(c *spec.Campaign, v *state.View) *Names {
	n := &Names{view: v}
	for _, move := range c.Moves {
		if both := n.move(move.From, move.To); len(both) > 0 {
			n.diags = append(n.diags, bothNames(move, both))
		}
	}
	return n
}

// Names gives the names that a plan and a ledger have, as long as the plan's moves are not recorded in it.
func (p *Plan) Names(v *state.View) *Names {
	n := &Names{view: v}
	for _, m := range p.Moves {
		n.move(m.From, m.To)
	}
	return n
}

// move adds a rename if it has something to rename; it gives the messages that are recorded under both names, which forbids it.
func (n *Names) move(from, to addr.Target) (both []addr.Message) {
	view, sends, both := n.view.Renamed(from, to)
	if len(both) == 0 && sends > 0 {
		n.moves = append(n.moves, renamed{Move{From: from, To: to, Sends: sends}, n.view})
		n.view = view
	}
	return both
}

// View gives the ledger under the campaign's names.
func (n *Names) View() *state.View { return n.view }

// Moves gives the renames that are not recorded yet.
func (n *Names) Moves() (all []Move) {
	for _, m := range n.moves {
		all = append(all, m.Move)
	}
	return all
}

// Campaign gives the campaign's name of what the ledger calls s.
func (n *Names) Campaign(s addr.Send) addr.Send {
	for _, m := range n.moves {
		if _, recorded := m.before.Entry(s); recorded && m.From.Covers(s) {
			s.Message = renameMessage(s.Message, m.To)
		}
	}
	return s
}

// Ledger gives the ledger's name of what the campaign calls s.
func (n *Names) Ledger(s addr.Send) addr.Send {
	for _, m := range slices.Backward(n.moves) {
		if !m.To.Covers(s) {
			continue
		}
		was := addr.Send{Message: renameMessage(s.Message, m.From), Key: s.Key}
		if _, recorded := m.before.Entry(was); recorded {
			s = was
		}
	}
	return s
}

// renameMessage gives a message the name of a target: its sequence, and its name if it has one.
func renameMessage(m addr.Message, to addr.Target) addr.Message {
	m.Sequence = to.Sequence
	if to.Message != "" {
		m.Name = to.Message
	}
	return m
}

// renameKeys gives what is known of sends under the campaign's names.
func renameKeys[V any](n *Names, known map[addr.Send]V) map[addr.Send]V {
	if len(n.moves) == 0 || len(known) == 0 {
		return known
	}
	now := make(map[addr.Send]V, len(known))
	for s, v := range known {
		now[n.Campaign(s)] = v
	}
	return now
}

// rename makes an input one under the campaign's names.
func (in *Input) rename() *Names {
	n := NewNames(in.Campaign, in.View)
	in.View = n.view
	in.LookedUp = renameKeys(n, in.LookedUp)
	in.Receipts = renameKeys(n, in.Receipts)
	in.Read = renameKeys(n, in.Read)
	return n
}

// record notes in the plan what is to be recorded, and gives the ledger's names to what is to be asked of it.
func (n *Names) record(p *Plan) {
	p.Moves = n.Moves()
	for i := range p.Wants {
		p.Wants[i] = n.Ledger(p.Wants[i])
	}
}

func bothNames(m spec.Move, both []addr.Message) *hcl.Diagnostic {
	names := make([]string, 0, len(both))
	for _, name := range both {
		names = append(names, name.String())
	}
	const most = 5
	if len(names) > most {
		names = append(names[:most], fmt.Sprintf("%d more", len(both)-most))
	}
	where := ""
	if m.To.Message == "" {
		where = ", for " + strings.Join(names, ", ")
	}
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Both names of a moved block are recorded", Subject: m.DeclRange.Ptr(), Detail: fmt.Sprintf(
		"The block gives %s the name %s, and somebody is recorded under both names%s. Herald cannot know which of the two counts. "+
			"See who it is with herald state list, take one of the two out with herald state rm, or take the block out when they are two messages.",
		m.From, m.To, where)}
}

// movedBlock writes the block that records a rename: of a whole sequence where the message has kept its name, and the
// sequence is gone.
func (m *maker) movedBlock(from, to addr.Message) string {
	was, is := addr.Target{Sequence: from.Sequence}, addr.Target{Sequence: to.Sequence}
	there := slices.ContainsFunc(m.in.Campaign.Sequences, func(s *spec.Sequence) bool { return s.Name == from.Sequence })
	if from.Name != to.Name || there {
		was.Message, is.Message = from.Name, to.Name
	}
	return fmt.Sprintf("moved {\n  from = %s\n  to   = %s\n}", was, is)
}
