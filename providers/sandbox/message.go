package sandbox

import (
	"encoding/json"
	"fmt"
	"time"
)

// Message is one message that an emulator accepted.
type Message struct {
	Vendor  string          `json:"vendor"`
	Seq     int             `json:"seq"`               // 1 for the vendor's first
	At      time.Time       `json:"at"`                // when the request arrived
	Account int64           `json:"account,omitempty"` // account id, bot_id (Avaamo) or ai_id (Maax)
	To      string          `json:"to"`                // contact id (HeyX), conversation id, or how Maax reaches the prospect
	ID      int64           `json:"id,omitempty"`      // the vendor's message id, where it has one
	Kind    string          `json:"kind"`              // the vendor's word: text, image, quick_reply, input_select ...
	Text    string          `json:"text"`              // what a person would read, or the address of the file
	Body    json.RawMessage `json:"body"`              // the request body as it came; shared, never to be changed
}

// Conversation names the conversation of a message as Read, Write and Choose do. For vendors without conversations it
// names the person within the vendor.
func (m Message) Conversation() string {
	switch m.Vendor {
	case Digital99, Chatwoot, Maax:
		return fmt.Sprintf("%d/%s", m.Account, m.To)
	}
	return m.To
}
