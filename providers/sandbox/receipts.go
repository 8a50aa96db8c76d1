package sandbox

import (
	"fmt"
	"slices"
	"strings"
)

// posts is a vendor that says of its messages whether they were delivered, and whose questions are answered in place.
type posts interface {
	delivers(conversation string) (int, error)
	fails(conversation, reason string) (int, error)
	personChooses(conversation string, values []string) error
}

// Deliver lets digital99 or chatwoot deliver what was sent to the person in a conversation, which is named as for Read,
// and gives how many messages that were. Errors: those of Read.
func (s *Sandbox) Deliver(vendor, conversation string) (int, error) {
	p, err := s.posts(vendor)
	if err != nil {
		return 0, err
	}
	n, err := p.delivers(conversation)
	s.tell(n > 0, vendor, conversation, EventDelivered, "")
	return n, err
}

// Fail lets digital99 or chatwoot give up what was sent to the person in a conversation and not delivered yet, for a reason
// that is shown as external_error; "" for none. It gives how many messages that were. Errors: those of Read.
func (s *Sandbox) Fail(vendor, conversation, reason string) (int, error) {
	p, err := s.posts(vendor)
	if err != nil {
		return 0, err
	}
	n, err := p.fails(conversation, reason)
	s.tell(n > 0, vendor, conversation, EventFailed, reason)
	return n, err
}

// Choose lets the person in a conversation of digital99 or chatwoot answer the latest question that has no answer yet: one
// of the values of an input_select, an address for an input_email, or one value for each field of a form, in their order,
// where "" leaves a field out. Errors: those of Read, no such question, and what it does not take for an answer.
func (s *Sandbox) Choose(vendor, conversation string, values ...string) error {
	p, err := s.posts(vendor)
	if err != nil {
		return err
	}
	err = p.personChooses(conversation, slices.Clone(values))
	s.tell(err == nil, vendor, conversation, EventChosen, strings.Join(values, ", "))
	return err
}

func (s *Sandbox) posts(name string) (posts, error) {
	one, err := s.people(name)
	if err != nil {
		return nil, err
	}
	p, ok := one.(posts)
	if !ok {
		return nil, fmt.Errorf("sandbox: %s does not say what was delivered, and its questions are answered with Write", name)
	}
	return p, nil
}
