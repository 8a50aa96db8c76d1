package avaamo

import (
	"strings"

	"herald/providers"
)

// listed gives a message as all providers do. The conversation is the one that was asked for.
func (e entry) listed(conversation string) providers.Listed {
	l := providers.Listed{
		ID: e.UUID, Conversation: e.Conversation.UUID, At: e.TimeToken, Direction: e.direction(), Author: e.User.Name(),
		ContentType: e.ContentType, Text: e.Content, Vendor: e.Raw,
	}
	if l.Conversation == "" {
		l.Conversation = conversation
	}
	if l.At.IsZero() {
		l.At = e.CreatedAt
	}
	for _, ack := range e.ReadAcks {
		l.Reads = append(l.Reads, providers.Receipt{At: ack.ReadAt, By: ack.User.Name()})
	}
	return l
}

// direction says who wrote a message. The vendor does not; but a conversation's name is the agent's, a comma and the
// person's. A live agent writes under a name of their own, so their messages pass for the person's.
func (e entry) direction() providers.Direction {
	if len(e.Raw) > 0 && e.Raw[0] != '{' {
		return providers.Internal // whatever it is, nobody wrote it
	}
	rest, agent := strings.CutPrefix(strings.TrimSpace(e.Conversation.DisplayName), e.User.Name())
	if agent && e.User.Name() != "" && strings.HasPrefix(strings.TrimSpace(rest), ",") {
		return providers.Outgoing
	}
	return providers.Incoming
}
