package spec

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"herald/internal/addr"
)

// scripts reads sequences and their messages: what it needs to know of everything declared before them.
type scripts struct {
	*checker
	schemas       []Schema
	conversations map[string]*Conversation
	crowd         crowd
	files         map[string]*hcl.File
	forms         []contentForm
	places        map[string]string // of what stands deeper in a message, or around it
}

// newScripts makes scripts for the language's kinds of content.
func newScripts(c *checker, schemas []Schema, conversations map[string]*Conversation, w crowd, files map[string]*hcl.File) *scripts {
	forms := contentForms()
	places := placesOf(forms)
	for _, name := range []string{"on_change", "on_doubt", "start", "until"} { // they hold for all messages of a sequence
		places[name] = "sequence { " + name + " = ... }"
	}
	places["window"] = "sequence { window { ... } }"
	return &scripts{c, schemas, conversations, w, files, forms, places}
}

// decodeSequence reads a sequence block.
func (s *scripts) decodeSequence(d declared) (*Sequence, hcl.Diagnostics) {
	out := &Sequence{Name: d.name, OnChange: Keep, OnDoubt: DoubtHold, DeclRange: d.block.DefRange()}
	diags := shape{
		what: "a sequence block", attrs: []string{"conversation", "where", "on_change", "on_doubt", "start", "until"},
		need: []string{"conversation"}, blocks: []string{"window"}, many: []string{"message"}, elsewhere: sequencePlaces(),
	}.body(d.block)
	at := d.block.Body.Attributes
	if a := at["conversation"]; a != nil {
		conversation, more := s.conversationRef(a, s.conversations)
		diags = append(diags, more...)
		out.Conversation = conversation
	}
	if a := at["where"]; a != nil {
		where, more := s.expr(a.Expr, place{what: "where", people: s.peopleOf(out.Conversation), want: cty.Bool})
		diags = append(diags, more...)
		out.Where = where
	}
	if a := at["on_change"]; a != nil {
		word, ok, more := s.choice(a.Expr, "on_change", string(Keep), string(Resend))
		diags = append(diags, more...)
		if ok {
			out.OnChange = OnChange(word)
		}
	}
	if a := at["on_doubt"]; a != nil {
		word, ok, more := s.choice(a.Expr, "on_doubt", string(DoubtHold), string(DoubtResend), string(DoubtAssumeSent))
		diags = append(diags, more...)
		if ok {
			out.OnDoubt = OnDoubt(word)
		}
	}
	diags = append(diags, s.decodeTimes(d.block, out)...)
	diags = append(diags, s.decodeMessages(d, out)...)
	return out, diags
}

// sequencePlaces says of what stands in a message or a window how it is written there.
func sequencePlaces() map[string]string {
	places := map[string]string{}
	for _, name := range []string{"after", "when"} {
		places[name] = "message { " + name + " = ... }"
	}
	for _, name := range []string{"days", "from", "to", "timezone"} {
		places[name] = "window { " + name + " = ... }"
	}
	return places
}

// decodeMessages reads the messages of a sequence, in order.
func (s *scripts) decodeMessages(d declared, out *Sequence) hcl.Diagnostics {
	var diags hcl.Diagnostics
	var blocks []*hclsyntax.Block
	var names []string
	first := map[string]hcl.Range{}
	labels := shape{what: "a message block", labels: []string{"NAME"}}
	for _, b := range d.block.Body.Blocks {
		if b.Type != "message" {
			continue
		}
		if more := labels.labelled(b); more.HasErrors() {
			diags = append(diags, more...)
			continue
		}
		if f, twice := first[b.Labels[0]]; twice {
			diags = append(diags, within(duplicate(b.DefRange(), f, "message "+addr.Quote(b.Labels[0])), d.block.DefRange()))
			continue
		}
		first[b.Labels[0]] = b.DefRange()
		blocks, names = append(blocks, b), append(names, b.Labels[0])
	}
	for i, b := range blocks {
		m, more := s.decodeMessage(b, out, &standing{sequence: out.Name, messages: names, at: i})
		diags = append(diags, more...)
		out.Messages = append(out.Messages, m)
	}
	if !slices.ContainsFunc(d.block.Body.Blocks, func(b *hclsyntax.Block) bool { return b.Type == "message" }) {
		diags = append(diags, problem(d.block.DefRange(), "Sequence without messages",
			"This sequence says nothing. Give it a message block, or remove it."))
	}
	return diags
}

// peopleOf gives those who are written to in a conversation; nil gives people of whom nothing is known.
func (s *scripts) peopleOf(c *Conversation) *people {
	if c == nil {
		return s.crowd.of(nil)
	}
	return s.crowd.of(c.With)
}
