package planner

import (
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"herald/internal/addr"
	"herald/providers"
	"herald/spec"
	"herald/state"
)

// Input is all that a plan rests on. Nothing else is read but the files of people that the campaign names.
type Input struct {
	Campaign *spec.Campaign
	// Accounts are by name: every account that a planned message uses. Those of messages that others name the facts of
	// should be among them, else it is not known what they can tell.
	Accounts map[string]Account
	View     *state.View // of the ledger; nil for none
	// LookedUp is what providers said of sends that View has in doubt, as long as that is not recorded: what was found
	// counts as sent, what is absent as what it was before, and the rest stays in doubt. Other sends are passed over.
	// Like Receipts and Read it has the ledger's names; see Names.
	LookedUp map[addr.Send]providers.Finding
	Now      time.Time // the clock, read once
	// Receipts are what providers said of sends since the view was read; they add to what it says.
	Receipts map[addr.Send]state.Receipt
	// Read holds the sends of which what became was read just now, so that what has not happened is known, too. Sends of
	// providers that are not read but told by callbacks count as read.
	Read map[addr.Send]bool

	// Rests is told what the steps that send or skip rest on beside the ledger; nil when nobody wants to know.
	Rests func(Rest)

	Targets []addr.Target // what is planned; none for everything
	Replace []addr.Target // what is sent again though it was sent or refused
	Limit   int           // at most this many sends; -1 for no limit
	Samples int           // how many of each group are shown; at least one is
	// Runs are how many messages the last runs sent, for telling a plan that is unlike them.
	Runs []int
	// Contents keeps the contents of the samples, for drawing them, and beside the first ones those that stand out: the
	// longest, the shortest, those of people without what the message names, one of each locale.
	Contents bool
	// AcceptNewKeys lets pass what looks as if people had got other keys.
	AcceptNewKeys bool
	Version       string // of herald
}

// Make plans: it streams the people of every sequence, renders their messages, and decides about each send. Sink gets
// every step in plan order (sequences by name, people in the order of their sources, messages in theirs), among them
// those that send nothing; a step is valid until sink returns. Steps beyond the limit are only counted.
//
// With error diagnostics there is no plan, and sink may have seen a part of one. The error is about carrying the
// planning out: ctx ended, or sink failed. Warnings may come with a plan.
func Make(ctx context.Context, in Input, sink func(*Step) error) (*Plan, hcl.Diagnostics, error) {
	m := newMaker(ctx, in, sink)
	if err := m.prepare(); err != nil {
		return nil, nil, err
	}
	for _, s := range m.sequences {
		m.run(s)
		if m.people.err != nil {
			return nil, nil, m.people.err
		}
	}
	m.finish()
	diags := m.found.diagnostics()
	if m.found.errors {
		return nil, diags, nil
	}
	return m.plan, diags, nil
}

// maker holds one planning.
type maker struct {
	in     Input
	sink   func(*Step) error
	plan   *Plan
	ledger *ledger
	found  *findings
	people *people
	digest digest

	names     *Names
	policies  *policies
	suggested map[string]bool // moved blocks that a warning shows

	sequences []*sequence
	uses      map[string]*uses  // by whose people they are of
	doubt     map[addr.Send]int // sends in doubt that were not met yet → index in View.Doubt

	sends int
	sum   hash.Hash
	line  []byte
	lanes map[string]*Lane
}

func newMaker(ctx context.Context, in Input, sink func(*Step) error) *maker {
	if in.View == nil {
		in.View = &state.View{}
	}
	in.Samples = max(in.Samples, 1)
	names := in.rename()
	found := newFindings()
	known, lookedUp := newLedger(in.View, in.LookedUp, in.Receipts, in.Now)
	m := &maker{
		in: in, sink: sink, ledger: known, found: found, people: newPeople(ctx, in.Campaign, found),
		uses: map[string]*uses{}, doubt: map[addr.Send]int{}, sum: sha256.New(), lanes: map[string]*Lane{},
		names: names, policies: newPolicies(&in), suggested: map[string]bool{},
		plan: &Plan{Format: FormatVersion, Herald: in.Version, Created: in.Now, Lineage: in.View.Lineage, Serial: in.View.Serial,
			LookedUp: lookedUp, Counts: map[Action]int{}, KeyAttributes: map[string]string{}},
	}
	for i, r := range in.View.Doubt {
		if _, open := known.attempts[r.Send]; open {
			m.doubt[r.Send] = i
		}
	}
	return m
}

// prepare makes the messages ready, checks what is the same for everyone, and asks the guards that need no people.
func (m *maker) prepare() error {
	m.found.add(m.names.diags)
	m.found.add(checkTargets(m.in.Campaign, "-target", m.in.Targets))
	m.found.add(checkTargets(m.in.Campaign, "-replace", m.in.Replace))
	k := &checker{campaign: m.in.Campaign, said: map[string]bool{}}
	for _, name := range sortedNames(m.in.Campaign.Audiences) {
		k.nested(m.in.Campaign.Audiences[name])
	}
	for _, seq := range m.in.Campaign.Sequences {
		s := &sequence{seq: seq, people: signature(seq.Conversation.With), taken: map[takenBy]uint64{}, met: set{},
			hours: map[string]*hours{}, facts: map[string]cty.Value{}, reach: Reach{Sequence: seq.Name}}
		k.samePeople(seq)
		planned := false
		for _, msg := range seq.Messages {
			r, err := m.message(k, seq, msg)
			if err != nil {
				return err
			}
			r.place = len(s.messages)
			planned = planned || r.choice.any()
			s.messages = append(s.messages, r)
		}
		if planned {
			m.use(s)
			m.untold(s)
			m.sequences = append(m.sequences, s)
		}
	}
	m.found.add(k.diags)
	m.guardKeys()
	m.outline()
	m.checkReplace()
	m.suspect()
	return nil
}

// message makes one message ready. Of one that is not planned no more is known than what those behind it hang on.
func (m *maker) message(k *checker, seq *spec.Sequence, msg *spec.Message) (*message, error) {
	name := addr.Message{Sequence: msg.Sequence, Name: msg.Name}
	account, planned := msg.Conversation.Account.Name(), choice{all: true}
	if len(m.in.Targets) > 0 {
		planned = choose(m.in.Targets, name)
	}
	if !planned.any() {
		return &message{msg: msg, addr: name, account: account, Account: m.in.Accounts[account], condition: ConditionHash(msg.WhenSource)}, nil
	}
	a, ok := m.in.Accounts[account]
	if !ok || a.Provider == nil {
		return nil, fmt.Errorf("planning %s: the account %s was not opened; this is a bug in herald, please report it", name, account)
	}
	r := k.message(msg, a)
	r.broken = r.broken || !samePeople(seq, msg)
	r.choice, r.replace = planned, choose(m.in.Replace, name)
	m.plan.Definitions = append(m.plan.Definitions, state.Definition{Sequence: msg.Sequence, Message: msg.Name, Hash: r.definition, Source: msg.Source})
	return r, nil
}

// use notes what must be known of a sequence's people. Sequences with the same people share it, so that what is wrong
// with the people is the same in both and is said once.
func (m *maker) use(s *sequence) {
	u, ok := m.uses[s.people]
	if !ok {
		u = newUses()
		m.uses[s.people] = u
	}
	s.uses = u
	s.past, s.skips = m.pasts(s), m.people.skips(s.seq.Conversation.With)
	m.people.survey(s.seq.Conversation.With, u)
	m.people.keyAttributes(s.seq.Conversation.With, m.plan.KeyAttributes)
	u.add(s.seq.Where)
	if s.seq.Window != nil {
		u.add(s.seq.Window.Zone)
	}
	for _, r := range s.messages {
		if r.choice.any() {
			u.add(r.msg.When)
			u.addAll(r.msg.Content.Fields)
			u.addAll(r.msg.Options)
			u.addAll(r.msg.Conversation.Address)
		}
	}
}

// signature tells lists of people apart.
func signature(refs []spec.Ref) string {
	var b strings.Builder
	for _, r := range refs {
		fmt.Fprintf(&b, "%s.%s ", r.Kind, r.Name)
	}
	return b.String()
}

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
