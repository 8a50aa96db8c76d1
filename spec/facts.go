package spec

import (
	"cmp"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"herald/internal/addr"
)

// MessageFacts is the type of messages.NAME in expressions: what is known of an earlier message to the person at hand.
var MessageFacts = cty.Object(map[string]cty.Type{
	"status":    cty.String, // one of MessageStatuses
	"sent":      cty.Bool,
	"sent_at":   cty.String, // RFC 3339, in UTC; null when it was not sent
	"delivered": cty.Bool,
	"read":      cty.Bool,
	"replied":   cty.Bool,
	"reply":     cty.String, // unknown until there is one
})

// MessageStatuses lists what messages.NAME.status can be: a state of the ledger, why the message is never sent, or what
// became of it after it was sent.
func MessageStatuses() []string {
	return []string{"sending", "sent", "refused", "in_doubt", "skipped", "expired", "passed", "delivered", "read", "failed"}
}

// FactRef is one fact of an earlier message of the same sequence, as an expression names it.
type FactRef struct {
	Message string
	Fact    string // status, sent, sent_at, delivered, read, replied, reply; "" for all of them
}

func compareFacts(a, b FactRef) int {
	return cmp.Or(cmp.Compare(a.Message, b.Message), cmp.Compare(a.Fact, b.Fact))
}

// sortedFacts gives the distinct facts in order.
func sortedFacts(facts []FactRef) []FactRef {
	out := slices.Clone(facts)
	slices.SortFunc(out, compareFacts)
	return slices.Compact(out)
}

// standing is where a message stands in its sequence: which others it may know of.
type standing struct {
	sequence string
	messages []string // all of the sequence, in order
	at       int      // its own index among them
}

func (s *standing) earlier() []string { return s.messages[:s.at] }

// unknownFacts gives the messages that facts are of with nothing known of them, for checking expressions before any person
// is read.
func unknownFacts(facts []FactRef) cty.Value {
	all := map[string]cty.Value{}
	for _, f := range facts {
		all[f.Message] = cty.UnknownVal(MessageFacts)
	}
	return cty.ObjectVal(all)
}

// factRef checks messages.x.y and what stands in its place.
func (c *checker) factRef(t hcl.Traversal, p place, u *uses) hcl.Diagnostics {
	at := t.SourceRange()
	if p.people == nil || p.people.standing == nil {
		return hcl.Diagnostics{noMessages(at, p.what)}
	}
	s := p.people.standing
	name, ok := key(t)
	if !ok {
		return hcl.Diagnostics{problem(at, "Message not named",
			"messages must be followed by the name of an earlier message, as in messages.offer.replied: which facts a plan waits for must be known before anybody is written to.")}
	}
	if diags := s.check(name, at); diags.HasErrors() {
		return diags
	}
	fact := ""
	if len(t) > 2 {
		if fact, ok = key(t[1:]); !ok || !MessageFacts.HasAttribute(fact) {
			known := slices.Sorted(maps.Keys(MessageFacts.AttributeTypes()))
			return hcl.Diagnostics{problem(at, "Unknown fact of a message",
				"%s is nothing that is known of a message.%s There is: %s.", source(t), meant(fact, known), listed(known))}
		}
	}
	u.facts = append(u.facts, FactRef{name, fact})
	return nil
}

// noMessages is the error for messages where no message follows others.
func noMessages(at hcl.Range, what string) *hcl.Diagnostic {
	return problem(at, "No earlier message at hand",
		"messages holds what became of earlier messages of a sequence, and %s stands outside of them. It may stand in a message only: in its when, its content and its options.", what)
}

// check refuses a message that is not an earlier one of the sequence.
func (s *standing) check(name string, at hcl.Range) hcl.Diagnostics {
	own := s.messages[s.at]
	remedy := "This is the first message of sequence " + s.sequence + ", so it can name none."
	if s.at > 0 {
		remedy = "Earlier ones are: " + listed(s.earlier()) + "."
	}
	switch i := slices.Index(s.messages, name); {
	case i < 0:
		return undeclared(at, "Sequence "+s.sequence+" has no message "+addr.Quote(name)+"; those of other sequences cannot be named."+meant(name, s.earlier())+" "+remedy)
	case i == s.at:
		return hcl.Diagnostics{problem(at, "Message is not an earlier one",
			"%s is the message that this stands in, and nothing is known of it before it is sent.%s %s", name, meant(name, s.earlier()), remedy)}
	case i > s.at:
		return hcl.Diagnostics{problem(at, "Message is not an earlier one",
			"%s comes after %s in sequence %s, so nothing is known of it when %[2]s is due.%[4]s %[5]s", name, own, s.sequence, meant(name, s.earlier()), remedy)}
	}
	return nil
}
