package spec

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"herald/internal/addr"
)

// moved is a moved block with the places of its names.
type moved struct {
	Move
	fromRange, toRange hcl.Range
}

// decodeMoves reads the moved blocks, and gives them in an order in which they can be carried out.
func decodeMoves(blocks []*hclsyntax.Block, names *sequenceNames) ([]Move, hcl.Diagnostics) {
	var all []moved
	var diags hcl.Diagnostics
	for _, b := range blocks {
		m, ok, more := decodeMoved(b, names)
		diags = append(diags, more...)
		if ok {
			all = append(all, m)
		}
	}
	all, more := distinct(all)
	diags = append(diags, more...)
	m := newMoves(all)
	order, more := m.inTurn()
	diags = append(diags, more...)
	diags = append(diags, m.checkEnds(order, names)...)
	var out []Move
	for _, i := range order {
		out = append(out, m.all[i].Move)
	}
	return out, diags
}

// decodeMoved reads one moved block.
func decodeMoved(b *hclsyntax.Block, names *sequenceNames) (m moved, ok bool, diags hcl.Diagnostics) {
	m.DeclRange = b.DefRange()
	diags = shape{what: "a moved block", attrs: []string{"from", "to"}, need: []string{"from", "to"}}.body(b)
	from, to := b.Body.Attributes["from"], b.Body.Attributes["to"]
	if from == nil || to == nil {
		return m, false, diags
	}
	var more hcl.Diagnostics
	m.fromRange, m.toRange = from.Expr.Range(), to.Expr.Range()
	m.From, more = names.target(from)
	diags = append(diags, more...)
	m.To, more = names.target(to)
	diags = append(diags, more...)
	if diags.HasErrors() {
		return m, false, diags
	}
	switch wrong := moveWithin(m.From, m.To); {
	case wrong != "":
		diags = append(diags, within(problem(m.toRange, "Wrong kind of reference", "%s", wrong), b.Range()))
	case m.From == m.To:
		diags = append(diags, within(problem(m.toRange, "Nothing is moved", "from and to are both %s. Remove the block, or mend one of the two.", m.To), b.Range()))
	case names.declared(m.From):
		diags = append(diags, within(problem(m.fromRange, "Old name still declared",
			"%s is a new name for %s, and the campaign declares %[2]s, too. What was sent under it would be taken from it. Rename that block, or remove this one.", m.To, m.From), b.Range()))
	}
	return m, !diags.HasErrors(), diags
}

// moveWithin says what is wrong with the kinds of two names, or "".
func moveWithin(from, to addr.Target) string {
	if (from.Message == "") == (to.Message == "") {
		return ""
	}
	kind := func(t addr.Target) string {
		if t.Message == "" {
			return t.String() + " is a sequence"
		}
		return t.String() + " is a message"
	}
	return kind(from) + " and " + kind(to) + ". Give two of one kind, as in renewal and renewals, or renewal.offer and renewal.first."
}

// target reads renewal or renewal.offer.
func (s *sequenceNames) target(a *hclsyntax.Attribute) (addr.Target, hcl.Diagnostics) {
	wrong := func(hint string) (addr.Target, hcl.Diagnostics) {
		return addr.Target{}, hcl.Diagnostics{within(problem(a.Expr.Range(), "Wrong kind of reference",
			"%s names a sequence or a message of one, without quotes, as in renewal or renewal.offer.%s", a.Name, hint), a.SrcRange)}
	}
	t, diags := hcl.AbsTraversalForExpr(a.Expr)
	if diags.HasErrors() {
		return wrong("")
	}
	out := addr.Target{Sequence: t.RootName()}
	if len(t) == 1 {
		return out, nil
	}
	name, ok := member(t)
	_, known := s.messages[out.Sequence]
	if !known && (out.Sequence == "sequence" || out.Sequence == "message") {
		return wrong(" Leave " + out.Sequence + ". out.")
	}
	if !ok || len(t) > 2 {
		return wrong("")
	}
	out.Message = name
	return out, nil
}

// declared reports whether the campaign has a sequence or a message of that name.
func (s *sequenceNames) declared(t addr.Target) bool {
	messages, ok := s.messages[t.Sequence]
	return ok && (t.Message == "" || slices.Contains(messages, t.Message))
}

// distinct leaves out moves whose from or to stands in another one already.
func distinct(all []moved) ([]moved, hcl.Diagnostics) {
	var diags hcl.Diagnostics
	var out []moved
	from, to := map[addr.Target]hcl.Range{}, map[addr.Target]hcl.Range{}
	for _, m := range all {
		f, again := from[m.From]
		t, joined := to[m.To]
		switch {
		case again:
			diags = append(diags, problem(m.fromRange, "Moved twice",
				"%s is moved already, at %s. One name can become one other only: remove one of the two blocks.", m.From, f))
			continue
		case joined:
			diags = append(diags, problem(m.toRange, "Moved to one name",
				"%s is the new name of something else already, at %s. Two become one in no way that would not mix up who got what: remove one of the two blocks.", m.To, t))
			continue
		}
		from[m.From], to[m.To] = m.fromRange, m.toRange
		out = append(out, m)
	}
	return out, diags
}
