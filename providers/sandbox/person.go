package sandbox

import (
	"fmt"
	"time"
)

// people is a vendor in whose conversations a person can read and write. Both are told which conversation, and when.
type people interface {
	personReads(conversation string, at time.Time) (int, error)
	personWrites(conversation, text string, at time.Time) error
}

// Read lets the person in a conversation read everything that was sent to them so far, and gives how many messages they
// had not read before. With avaamo, the conversation is its uuid and each message gets a read_ack; with digital99 and
// chatwoot it is "ACCOUNT/CONVERSATION" and a message's status becomes "read". Errors: another vendor, a conversation
// that does not exist, Options.Forget.
func (s *Sandbox) Read(vendor, conversation string) (int, error) {
	p, err := s.people(vendor)
	if err != nil {
		return 0, err
	}
	n, err := p.personReads(conversation, s.now())
	s.tell(n > 0, vendor, conversation, EventRead, "")
	return n, err
}

// Write lets the person in a conversation, which is named as for Read, write a message. It can be read back and is not
// among Messages, which are what the vendor was asked to send. Errors: those of Read, an empty text, and the vendor's
// limit for one conversation.
func (s *Sandbox) Write(vendor, conversation, text string) error {
	p, err := s.people(vendor)
	switch {
	case err != nil:
		return err
	case text == "":
		return fmt.Errorf("sandbox: nothing to write in %q: give a text", conversation)
	}
	err = p.personWrites(conversation, text, s.now())
	s.tell(err == nil, vendor, conversation, EventWritten, text)
	return err
}

func (s *Sandbox) people(name string) (people, error) {
	v := s.vendor(name)
	if v == nil {
		return nil, fmt.Errorf("sandbox: no vendor %q, the emulators are %s", name, s.names())
	}
	p, ok := v.api.(people)
	switch {
	case !ok:
		return nil, fmt.Errorf("sandbox: %s has no conversations to read or write in", name)
	case v.forget:
		return nil, fmt.Errorf("sandbox: %s forgets its messages: start without Options.Forget", name)
	}
	return p, nil
}

func (a *avaamo) personReads(conversation string, at time.Time) (int, error) {
	if !a.known(conversation) {
		return 0, noConversation(a.vendor.Name, conversation)
	}
	return a.store.read(conversation, at), nil
}

func (a *avaamo) personWrites(conversation, text string, _ time.Time) error {
	if !a.known(conversation) {
		return noConversation(a.vendor.Name, conversation)
	}
	a.store.add(avaamoEntry{conversation: conversation, contentType: "text", content: text, person: true})
	return nil
}

func noConversation(vendor, conversation string) error {
	return fmt.Errorf("sandbox: %s has no conversation %q", vendor, conversation)
}
