package sandbox

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// conversation finds the conversation that "ACCOUNT/CONVERSATION" names.
func (k *chatwoot) conversation(named string) (place, error) {
	account, id, _ := strings.Cut(named, "/")
	at := place{account: number(account), id: number(id)}
	if at.account < 1 || k.accounts != nil && !k.accounts(k.vendor.Name, at.account) || !k.exists("conversations", at.account, at.id) {
		return at, fmt.Errorf("%w: name it as ACCOUNT/CONVERSATION, such as 1/7", noConversation(k.vendor.Name, named))
	}
	return at, nil
}

func (k *chatwoot) personReads(named string, _ time.Time) (int, error) {
	at, err := k.conversation(named)
	if err != nil {
		return 0, err
	}
	return k.store.read(conversationKey{at.account, at.id}), nil
}

// personWrites stores an incoming message, in every kind of inbox: only the API refuses them outside API inboxes.
func (k *chatwoot) personWrites(named, text string, _ time.Time) error {
	at, err := k.conversation(named)
	if err != nil {
		return err
	}
	_, ok := k.store.add(conversationKey{at.account, at.id}, chatwootMessage{Content: text, InboxID: k.inboxIn(at),
		ConversationID: at.id, MessageType: messageTypeNumber("incoming"), ContentType: "text", Status: "sent",
		ContentAttributes: json.RawMessage("{}"), Sender: k.sender("incoming", at)}, true)
	if !ok {
		return fmt.Errorf("sandbox: %s takes %d messages a minute in one conversation: wait", k.vendor.Name, chatwootFloodPerMinute)
	}
	return nil
}

// read marks what was sent to the person as read, and gives how many messages were not before.
func (s *chatwootStore) read(key conversationKey) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.conversations[key]
	if c == nil {
		return 0
	}
	for i := range c.messages {
		m := &c.messages[i]
		toPerson := m.MessageType == messageTypeNumber("outgoing") || m.MessageType == messageTypeNumber("template")
		if toPerson && !m.Private && (m.Status == "sent" || m.Status == "delivered") {
			m.Status = "read"
			n++
		}
	}
	return n
}
