package planner

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/zclconf/go-cty/cty"

	"herald/internal/addr"
	"herald/providers"
	"herald/spec"
	"herald/state"
)

// knows is what a message's expressions name of earlier messages.
type knows struct {
	saying []*spec.Expr    // those of content, address and options that name any
	refs   []spec.FactRef  // of the condition and of saying, sorted
	names  map[string]bool // of the messages in refs
}

func newKnows(m *spec.Message) knows {
	k := knows{names: map[string]bool{}}
	note := func(e *spec.Expr) bool {
		if e == nil || len(e.Facts()) == 0 {
			return false
		}
		k.refs = append(k.refs, e.Facts()...)
		return true
	}
	note(m.When)
	for _, part := range []map[string]*spec.Expr{m.Content.Fields, m.Options, m.Conversation.Address} {
		for _, name := range sortedNames(part) {
			if e := part[name]; note(e) {
				k.saying = append(k.saying, e)
			}
		}
	}
	slices.SortFunc(k.refs, func(a, b spec.FactRef) int {
		return cmp.Or(cmp.Compare(a.Message, b.Message), cmp.Compare(a.Fact, b.Fact))
	})
	k.refs = slices.Compact(k.refs)
	for _, ref := range k.refs {
		k.names[ref.Message] = true
	}
	return k
}

// recall makes known to expressions what became of the messages before message i, as far as message i names them.
func (m *maker) recall(s *sequence, i int, key string) {
	k := &s.messages[i].knows
	clear(s.facts)
	for j, r := range s.messages[:i] {
		if k.names[r.msg.Name] {
			s.facts[r.msg.Name] = m.fate(s, j, key)
		}
	}
	m.people.scope.SetMessages(cty.ObjectVal(maps.Clone(s.facts)))
}

// fate gives what is known of message j to a person: nothing as long as it is not settled.
func (m *maker) fate(s *sequence, j int, key string) cty.Value {
	r, e := s.messages[j], s.entries[j]
	switch did := s.did[j]; did {
	case Unchanged, Kept, Failed:
		return m.sentFate(r, e, key)
	case Skip, Skipped:
		return neverSent(string(Skipped))
	case Expired, Passed:
		if e.State == state.Sent {
			return m.sentFate(r, e, key)
		}
		return neverSent(string(did))
	}
	return cty.UnknownVal(spec.MessageFacts)
}

// neverSent is what is known of a message that the person has not got and will not get. Its reply is null and not unknown,
// so that nothing waits for it.
func neverSent(status string) cty.Value {
	return cty.ObjectVal(map[string]cty.Value{
		"status": cty.StringVal(status), "sent": cty.False, "sent_at": cty.NullVal(cty.String),
		"delivered": cty.False, "read": cty.False, "replied": cty.False, "reply": cty.NullVal(cty.String),
	})
}

// sentFate gives what is known of a message that was sent. That something has not happened is known only when it was just
// asked, when the provider would have called, or when it can never be known: then it counts as not happened.
func (m *maker) sentFate(r *message, e state.Entry, key string) cty.Value {
	send := addr.Send{Message: r.addr, Key: key}
	receipt := m.ledger.Receipt(send)
	asked := r.Told || m.in.Read[send]
	fact := func(f providers.Fact, times ...time.Time) cty.Value {
		switch {
		case !first(times...).IsZero():
			return cty.True
		case asked || !r.tells(f):
			return cty.False
		}
		return cty.UnknownVal(cty.Bool)
	}
	delivered := fact(providers.FactDelivered, receipt.Delivered, receipt.Read) // who has read it has got it
	read := fact(providers.FactRead, receipt.Read)
	replied := fact(providers.FactReplied, receipt.Replied)
	reply := cty.NullVal(cty.String)
	switch {
	case !receipt.Replied.IsZero() && receipt.Reply != "": // an answer without words is one, but its words may come yet
		reply = cty.StringVal(receipt.Reply)
	case r.tells(providers.FactReplied):
		reply = cty.UnknownVal(cty.String) // it may come yet
	}
	return cty.ObjectVal(map[string]cty.Value{
		"status": status(fact(providers.FactFailed, receipt.Failed), read, delivered), "sent": cty.True,
		"sent_at":   cty.StringVal(e.When().UTC().Format(time.RFC3339)),
		"delivered": delivered, "read": read, "replied": replied, "reply": reply,
	})
}

// status gives the last thing that became of a sent message; unknown as long as something further may have.
func status(failed, read, delivered cty.Value) cty.Value {
	for _, further := range []struct {
		name string
		is   cty.Value
	}{{"failed", failed}, {"read", read}, {"delivered", delivered}} {
		switch {
		case !further.is.IsKnown():
			return cty.UnknownVal(cty.String)
		case further.is.True():
			return cty.StringVal(further.name)
		}
	}
	return cty.StringVal("sent")
}

// tells reports whether a fact can become known; of an account that is not open nobody knows.
func (a *Account) tells(f providers.Fact) bool {
	return a.Provider == nil || slices.Contains(a.Tells, f)
}

// awaited gives the first fact that is not known of those in refs, as a reason to wait.
func (s *sequence) awaited(refs []spec.FactRef) string {
	for _, ref := range refs {
		if !s.isKnown(ref) {
			if ref.Fact == "" {
				return "waits for messages." + ref.Message
			}
			return "waits for messages." + ref.Message + "." + ref.Fact
		}
	}
	return "waits for messages"
}

func (s *sequence) isKnown(ref spec.FactRef) bool {
	v, named := s.facts[ref.Message]
	switch {
	case !named || !v.IsKnown():
		return false
	case ref.Fact == "":
		return v.IsWhollyKnown()
	}
	return v.GetAttr(ref.Fact).IsKnown()
}

// want asks for what became of the sends that message i names, where that is not known since nobody has looked.
func (m *maker) want(s *sequence, i int, key string) {
	for _, r := range s.messages[:i] {
		send := addr.Send{Message: r.addr, Key: key}
		if fate, named := s.facts[r.msg.Name]; !named || !fate.IsKnown() || r.Told || m.in.Read[send] {
			continue
		}
		if slices.ContainsFunc(s.messages[i].knows.refs, func(ref spec.FactRef) bool { return ref.Message == r.msg.Name && !s.isKnown(ref) }) {
			m.plan.Wants = append(m.plan.Wants, send)
		}
	}
}

// unsaid reports whether anything that message i says hangs on a fact that is not known. Errors are left to whoever
// evaluates it in earnest.
func (m *maker) unsaid(r *message) []spec.FactRef {
	for _, e := range r.knows.saying {
		if v, diags := e.Value(m.people.scope); !diags.HasErrors() && !v.IsWhollyKnown() {
			return e.Facts()
		}
	}
	return nil
}
