package planner

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"herald/internal/addr"
	"herald/spec"
)

// Check finds what is wrong with a campaign's messages for whoever they go to, before any person is read: content that
// the provider cannot carry, values over its limits, addresses that are the same for everyone. Accounts are by name; a
// message whose account is missing there is passed over. Errors stand at the exact place in the campaign.
func Check(c *spec.Campaign, accounts map[string]Account) hcl.Diagnostics {
	k := &checker{campaign: c, said: map[string]bool{}}
	for _, name := range sortedNames(c.Audiences) {
		k.nested(c.Audiences[name])
	}
	for _, s := range c.Sequences {
		k.samePeople(s)
		for _, m := range s.Messages {
			if a, ok := accounts[m.Conversation.Account.Name()]; ok {
				k.message(m, a)
			}
		}
	}
	return k.diags
}

// Validate finds everything wrong with a campaign that needs neither ledger nor network: what Check finds and, when no
// error is among that, what a plan for an empty ledger finds in one pass over all people. Nothing is kept. Accounts are
// by name, every one that a message uses. The error is that ctx ended.
func Validate(ctx context.Context, c *spec.Campaign, accounts map[string]Account) (hcl.Diagnostics, error) {
	if diags := Check(c, accounts); diags.HasErrors() {
		return diags, nil
	}
	_, diags, err := Make(ctx, Input{Campaign: c, Accounts: accounts}, func(*Step) error { return nil }) // the limit is 0 sends
	return diags, err
}

// checker collects what Check finds. Two messages of one conversation have the same problem with its address; it is
// said once.
type checker struct {
	campaign *spec.Campaign
	diags    hcl.Diagnostics
	said     map[string]bool
}

func (k *checker) add(diags ...*hcl.Diagnostic) {
	for _, d := range diags {
		id := fmt.Sprint(d.Severity, d.Summary, d.Detail, subject(d))
		if !k.said[id] {
			k.said[id] = true
			k.diags = append(k.diags, d)
		}
	}
}

// message checks one message and gives it ready to be rendered.
func (k *checker) message(m *spec.Message, a Account) *message {
	r, diags := newMessage(m, a, new(digest))
	k.add(diags...)
	if r.broken {
		return r
	}
	sketch, unknown, ok := k.sketch(r)
	if !ok {
		return r
	}
	_, problems := a.Provider.Render(sketch)
	for _, p := range problems {
		if unknown.covers(p) {
			continue
		}
		at, _ := r.at(p)
		severity := hcl.DiagError
		if p.Warning {
			severity, r.warned[p] = hcl.DiagWarning, true
		} else {
			r.broken = true
		}
		k.add(&hcl.Diagnostic{Severity: severity, Summary: p.Summary, Detail: p.Detail, Subject: at.Ptr()})
	}
	return r
}

// samePeople refuses a message whose own conversation is with other people than its sequence. Who would get it then, and
// whose unique_by, where and attributes count, could not be told from the campaign.
func (k *checker) samePeople(s *spec.Sequence) {
	for _, m := range s.Messages {
		if !samePeople(s, m) {
			k.add(&hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Conversation with other people", Subject: m.DeclRange.Ptr(),
				Detail: "The message is sent in conversation." + m.Conversation.Name + ", whose with is not the same as that of conversation." + s.Conversation.Name +
					", in which its sequence is. A person goes through a sequence as a whole, so give both conversations the same with, or make the message a sequence of its own."})
		}
	}
}

func samePeople(s *spec.Sequence, m *spec.Message) bool {
	return signature(m.Conversation.With) == signature(s.Conversation.With)
}

// nested refuses unique_by at two levels: the ledger keeps one value for each send.
func (k *checker) nested(outer *spec.Audience) {
	if outer.UniqueBy == nil {
		return
	}
	seen := []string{outer.Name}
	var walk func(refs []spec.Ref)
	walk = func(refs []spec.Ref) {
		for _, ref := range refs {
			inner, ok := k.campaign.Audiences[ref.Name]
			if ref.Kind != spec.RefAudience || !ok || slices.Contains(seen, ref.Name) {
				continue
			}
			seen = append(seen, ref.Name)
			if inner.UniqueBy != nil {
				k.add(&hcl.Diagnostic{Severity: hcl.DiagError, Summary: "unique_by at two levels", Subject: ref.Range.Ptr(),
					Detail: "The audience " + addr.Quote(outer.Name) + " has unique_by and includes " + addr.Quote(inner.Name) +
						", which has one too. The ledger keeps one value for each send, so only one of them can hold over several runs. Take one of them out."})
				continue
			}
			walk(inner.Include)
		}
	}
	walk(outer.Include)
}
