package planner

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"herald/internal/addr"
	"herald/providers"
	"herald/spec"
	"herald/state"
)

// Account is one configured provider account, as planning needs it.
type Account struct {
	Provider providers.Provider
	Facts    providers.Facts
	Identity string // of the account at the vendor, without secrets
}

// message is one message made ready to be rendered for one person after the other. What is the same for everyone is
// evaluated once.
type message struct {
	msg     *spec.Message
	addr    addr.Message
	place   int // in its sequence
	account string
	Account

	content      providers.Content
	sameContent  bool // for everyone
	hash         state.Hash
	address      part
	options      part
	destination  state.Hash // when the address is the same for everyone
	definition   state.Hash
	broken       bool     // an error was found that everyone would have
	places       set      // where this run's sends go; while its sequence is planned
	former       []former // messages that this one may be under a new name
	choice       choice
	replace      choice
	groups       []*Group
	found, fresh int // people of the campaign whom the ledger knows for this message, and whom it does not
	goes         int // sends, those beyond the limit among them
}

// part is a message's address or its options.
type part struct {
	exprs  map[string]*spec.Expr
	types  map[string]providers.ValueType
	names  []string // sorted
	values providers.Values
	same   bool // for everyone
}

func newPart(exprs map[string]*spec.Expr, attributes []providers.Attribute) part {
	p := part{exprs: exprs, types: map[string]providers.ValueType{}, names: slices.Sorted(maps.Keys(exprs)),
		values: providers.Values{}, same: true}
	for _, a := range attributes {
		p.types[a.Name] = a.Type
	}
	for _, e := range exprs {
		p.same = p.same && !e.PerPerson()
	}
	return p
}

// evaluate sets the values for the person in scope.
func (p *part) evaluate(s *spec.Scope) hcl.Diagnostics {
	for _, name := range p.names {
		e := p.exprs[name]
		v, diags := e.Value(s)
		if diags.HasErrors() {
			return diags
		}
		value, err := goValue(v, p.types[name])
		switch {
		case err != nil:
			return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Wrong type of value", Detail: name + " " + err.Error() + ".", Subject: e.Range().Ptr()}}
		case value == nil:
			delete(p.values, name)
		default:
			p.values[name] = value
		}
	}
	return nil
}

// goValue gives a value as providers take it; nil for null.
func goValue(v cty.Value, want providers.ValueType) (any, error) {
	if v.IsNull() || !v.IsKnown() {
		return nil, nil
	}
	switch t := v.Type(); {
	case want == providers.String && (t == cty.String || t == cty.Number || t == cty.Bool):
		return asText(v), nil
	case want == providers.Int && t == cty.Number:
		n := v.AsBigFloat()
		if whole, accuracy := n.Int64(); accuracy == big.Exact {
			return whole, nil
		}
		return nil, fmt.Errorf("is a whole number, not %s", addr.Quote(clip(n.Text('g', 20))))
	case want == providers.Bool && t == cty.Bool:
		return v.True(), nil
	}
	return nil, fmt.Errorf("is a %s, not a %s", want, v.Type().FriendlyName())
}

// newMessage makes a message ready. Diagnostics are about what is the same for everyone.
func newMessage(m *spec.Message, a Account, d *digest) (*message, hcl.Diagnostics) {
	r := &message{
		msg: m, addr: addr.Message{Sequence: m.Sequence, Name: m.Name}, account: m.Conversation.Account.Name(), Account: a,
		content:     providers.Content{Kind: providers.Kind(m.Content.Kind)},
		sameContent: true,
		address:     newPart(m.Conversation.Address, a.Facts.Address),
		options:     newPart(m.Options, a.Facts.Options),
		definition:  d.definition(m.Source),
	}
	for _, e := range m.Content.Fields {
		r.sameContent = r.sameContent && !e.PerPerson()
	}
	var diags hcl.Diagnostics
	if r.sameContent {
		diags = append(diags, r.fill(nil)...)
		r.hash = d.content(&r.content)
	}
	if r.options.same {
		diags = append(diags, r.options.evaluate(nil)...)
	}
	if r.address.same {
		diags = append(diags, r.address.evaluate(nil)...)
		r.destination = d.destination(a.Facts.Type, a.Identity, r.address.names, r.address.values)
	}
	r.broken = diags.HasErrors()
	return r, diags
}

// fill evaluates the content for the person in scope.
func (m *message) fill(s *spec.Scope) hcl.Diagnostics {
	fields := m.msg.Content.Fields
	switch m.content.Kind {
	case providers.KindText:
		return text(fields["text"], s, &m.content.Text)
	case providers.KindAttachment:
		return append(text(fields["type"], s, &m.content.Attachment.Type), text(fields["url"], s, &m.content.Attachment.URL)...)
	case providers.KindQuickReplies:
		q := &m.content.QuickReplies
		return append(text(fields["title"], s, &q.Title), texts(fields["replies"], s, &q.Replies)...)
	case providers.KindNative:
		return native(fields["native"], s, &m.content.Native)
	}
	return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Unknown kind of content", Subject: m.msg.Content.Range.Ptr(),
		Detail: addr.Quote(m.msg.Content.Kind) + " is no kind of content that this version of herald knows."}}
}

func text(e *spec.Expr, s *spec.Scope, into *string) hcl.Diagnostics {
	if e == nil {
		*into = ""
		return nil
	}
	v, diags := e.Value(s)
	if diags.HasErrors() {
		return diags
	}
	*into = asText(v)
	return nil
}

func texts(e *spec.Expr, s *spec.Scope, into *[]string) hcl.Diagnostics {
	*into = (*into)[:0]
	if e == nil {
		return nil
	}
	v, diags := e.Value(s)
	if diags.HasErrors() || v.IsNull() || !v.CanIterateElements() {
		return diags
	}
	for it := v.ElementIterator(); it.Next(); {
		_, item := it.Element()
		*into = append(*into, asText(item))
	}
	return nil
}

func native(e *spec.Expr, s *spec.Scope, into *json.RawMessage) hcl.Diagnostics {
	if e == nil {
		return nil
	}
	v, diags := e.Value(s)
	if diags.HasErrors() {
		return diags
	}
	raw, err := ctyjson.SimpleJSONValue{Value: v}.MarshalJSON()
	if err != nil {
		return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "No JSON value", Detail: "The value cannot be written as JSON: " + err.Error() + ".", Subject: e.Range().Ptr()}}
	}
	*into = raw
	return nil
}

// say evaluates what the message says to the person in scope, and its hash.
func (m *message) say(s *spec.Scope, d *digest) (state.Hash, hcl.Diagnostics) {
	if m.sameContent {
		return m.hash, nil
	}
	if diags := m.fill(s); diags.HasErrors() {
		return state.Hash{}, diags
	}
	return d.content(&m.content), nil
}

// reach evaluates where the message goes for the person in scope, and its hash.
func (m *message) reach(s *spec.Scope, d *digest) (state.Hash, hcl.Diagnostics) {
	if m.address.same {
		return m.destination, nil
	}
	if diags := m.address.evaluate(s); diags.HasErrors() {
		return state.Hash{}, diags
	}
	return d.destination(m.Facts.Type, m.Identity, m.address.names, m.address.values), nil
}

// render makes the request from what say and reach have evaluated.
func (m *message) render(s *spec.Scope) (providers.Request, []providers.Problem, hcl.Diagnostics) {
	if !m.options.same {
		if diags := m.options.evaluate(s); diags.HasErrors() {
			return providers.Request{}, nil, diags
		}
	}
	r, problems := m.Provider.Render(providers.Message{Content: m.content, Address: m.address.values, Options: m.options.values})
	return r, problems, nil
}

// at gives the place in the campaign that a problem is about, and whether what stands there depends on the person.
func (m *message) at(p providers.Problem) (hcl.Range, bool) {
	var e *spec.Expr
	other := m.msg.DeclRange
	switch p.Part {
	case providers.PartContent:
		e, other = m.msg.Content.Fields[p.Field], m.msg.Content.Range
	case providers.PartAddress:
		e, other = m.msg.Conversation.Address[p.Field], m.msg.Conversation.DeclRange
	case providers.PartOption:
		e = m.msg.Options[p.Field]
	}
	switch {
	case e == nil:
		return other, false
	case p.Index >= 0:
		return e.At(p.Index), e.PerPerson()
	}
	return e.Range(), e.PerPerson()
}

// reads gives what a person would read.
func reads(c *providers.Content) string {
	switch c.Kind {
	case providers.KindText:
		return c.Text
	case providers.KindAttachment:
		return c.Attachment.Type + " " + c.Attachment.URL
	case providers.KindQuickReplies:
		var b strings.Builder
		b.WriteString(c.QuickReplies.Title)
		for _, r := range c.QuickReplies.Replies {
			b.WriteString(" [" + r + "]")
		}
		return b.String()
	}
	return plainJSON(c.Native)
}

// plainJSON writes a JSON value for reading: compact, and without the escapes that only web pages need.
func plainJSON(raw json.RawMessage) string {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if dec.Decode(&v) != nil || enc.Encode(v) != nil {
		return string(raw)
	}
	return strings.TrimSuffix(out.String(), "\n")
}
