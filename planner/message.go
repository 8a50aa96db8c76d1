package planner

import (
	"fmt"
	"maps"
	"math/big"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

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
	// Tells is what can become known of its messages, with the tokens and settings that the account has.
	Tells []providers.Fact
	// Told says that it becomes known by callbacks, which are taken in before every plan, so that nothing need be asked.
	Told bool
}

// message is one message made ready to be rendered for one person after the other. What is the same for everyone is
// evaluated once.
type message struct {
	msg     *spec.Message
	addr    addr.Message
	place   int // in its sequence
	account string
	Account

	content      providers.Content // shared by all people: its memory is filled anew for each
	varying      []slot            // those of content that depend on the person; the others are filled once
	hash         state.Hash        // when the content is the same for everyone
	address      part
	options      part
	destination  state.Hash // when the address is the same for everyone
	definition   state.Hash
	condition    state.Hash // of its condition; zero without one
	knows        knows
	broken       bool                       // an error was found that everyone would have
	warned       map[providers.Problem]bool // what the check has warned of
	places       set                        // where this run's sends go; while its sequence is planned
	former       []former                   // messages that this one may be under a new name
	choice       choice
	replace      choice
	groups       []*group
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
		address:    newPart(m.Conversation.Address, a.Facts.Address),
		options:    newPart(m.Options, a.Facts.Options),
		definition: d.definition(m.Source), condition: d.condition(m.WhenSource), knows: newKnows(m),
		warned: map[providers.Problem]bool{},
	}
	var diags hcl.Diagnostics
	slots, known := layout(&m.Content, &r.content)
	if !known {
		diags = append(diags, unknownKind(&m.Content)...)
	}
	constant, varying := split(slots)
	r.varying = varying
	diags = append(diags, fillAll(constant, nil)...)
	if len(varying) == 0 {
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

// say evaluates what the message says to the person in scope, and its hash.
func (m *message) say(s *spec.Scope, d *digest) (state.Hash, hcl.Diagnostics) {
	if len(m.varying) == 0 {
		return m.hash, nil
	}
	if diags := fillAll(m.varying, s); diags.HasErrors() {
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
