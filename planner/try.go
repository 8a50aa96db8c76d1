package planner

import (
	"context"

	"github.com/hashicorp/hcl/v2"

	"herald/internal/addr"
	"herald/spec"
)

// Trial is one message to one declared person, made to be looked at.
type Trial struct {
	Step Step
	Text string // what the person would read
}

// Try renders one message for one declared person, who need not be among the people of its sequence, and decides nothing:
// neither the ledger nor the sequence's conditions are asked. Somebody on an exclude list of any audience is refused, as
// is what Make would refuse. With error diagnostics there is no trial; the error is that ctx ended.
func Try(ctx context.Context, c *spec.Campaign, accounts map[string]Account, what addr.Message, key string) (*Trial, hcl.Diagnostics, error) {
	m := newMaker(ctx, Input{Campaign: c, Accounts: accounts, Limit: -1}, func(*Step) error { return nil })
	seq, msg, diags := findMessage(c, what)
	to, more := findContact(c, key)
	if diags = append(diags, more...); diags.HasErrors() {
		return nil, diags, nil
	}
	k := &checker{campaign: c, said: map[string]bool{}}
	r, err := m.message(k, seq, msg)
	if err != nil {
		return nil, nil, err
	}
	m.found.add(k.diags)
	if r.broken {
		return nil, m.found.diagnostics(), nil
	}
	if len(r.knows.saying) > 0 {
		return nil, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "No earlier messages", Subject: r.knows.saying[0].Range().Ptr(),
			Detail: "This names what became of an earlier message to the person, and a test has none. Try a message that does not, or rehearse the whole sequence with -sandbox."}}, nil
	}
	u := newUses()
	u.addAll(msg.Content.Fields)
	u.addAll(msg.Options)
	u.addAll(msg.Conversation.Address)
	m.people.known = m.people.survey(seq.Conversation.With, newUses())
	for _, name := range sortedNames(c.Audiences) {
		m.people.exclusion(c.Audiences[name]) // read before the person is at hand, since it reads others
	}
	m.people.found.begin()
	var trial *Trial
	for p := range m.people.contact(to, u) {
		if m.suppressed(p) || !m.people.verify(p, u.checked()) {
			break
		}
		step := m.begin(r, p)
		if step.Action = Send; m.render(r, p, &step) {
			trial = &Trial{Step: step.Step, Text: reads(&r.content)}
		}
	}
	diags = m.found.diagnostics()
	if m.people.err != nil || m.found.errors {
		return nil, diags, m.people.err
	}
	return trial, diags, nil
}

// suppressed refuses a person whom any exclude list of the campaign names: whoever asked not to be written to is not
// written to for a test either.
func (m *maker) suppressed(p *Person) bool {
	for _, name := range sortedNames(m.in.Campaign.Audiences) {
		a := m.in.Campaign.Audiences[name]
		if len(a.Exclude) == 0 || !m.people.exclusion(a).covers(m.people, p) {
			continue
		}
		m.found.add(hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Person on an exclude list", Subject: p.decl.DeclRange.Ptr(),
			Detail: "contact " + addr.Quote(p.Key) + " is excluded by audience." + name +
				", and suppression wins over everything, a test send too. Try it with another contact."}})
		return true
	}
	return m.people.err != nil
}

func findMessage(c *spec.Campaign, what addr.Message) (*spec.Sequence, *spec.Message, hcl.Diagnostics) {
	var all []string
	for _, s := range c.Sequences {
		for _, msg := range s.Messages {
			if s.Name == what.Sequence && msg.Name == what.Name {
				return s, msg, nil
			}
			all = append(all, msg.Sequence+"."+msg.Name)
		}
	}
	return nil, nil, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "No such message",
		Detail: "The campaign has no message " + what.String() + "." + meant(what.String(), all)}}
}

func findContact(c *spec.Campaign, key string) (*spec.Contact, hcl.Diagnostics) {
	if to := c.Contacts[key]; to != nil {
		return to, nil
	}
	return nil, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "No such contact",
		Detail: "No block contact " + addr.Quote(key) + " { ... } is declared." + meant(key, sortedNames(c.Contacts)) +
			" A test goes to a person whom the files declare, so that whoever reads them sees who it can be."}}
}
