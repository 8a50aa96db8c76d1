package providers

import (
	"context"
	"encoding/json"
	"time"
)

// Lister is a Provider whose vendor lists messages.
type Lister interface {
	// List reads one page: exactly one request, under the rules of Send, or none where the query asks for what the vendor
	// has not. With class Accepted the page is good; otherwise the Outcome says why there is none. Pages follow each other
	// from the newest message to the oldest, and messages that arrive meanwhile do not shift them.
	List(ctx context.Context, q Query) (Page, Outcome)
}

// Query says which messages are wanted.
type Query struct {
	Conversation string    // as the vendor names it; "" for all of the account
	Since, Until time.Time // bounds, both included; zero for none
	Devices      bool      // what the person's device is, too
	Cursor       string    // Page.Next of the page before; "" for the first
}

// Page is one answer of a list.
type Page struct {
	Messages []Listed // newest first
	Next     string   // "" after the last page
}

// Direction says who wrote a message.
type Direction string

// The directions of messages.
const (
	Outgoing Direction = "outgoing" // written by our side: an agent, a bot, herald
	Incoming Direction = "incoming" // written by the person
	Internal Direction = "internal" // a note or an event that the person does not see
)

// Listed is one message as its vendor lists it.
type Listed struct {
	ID           string          `json:"id"`
	Conversation string          `json:"conversation"`
	At           time.Time       `json:"at,omitzero"` // zero where the vendor gives none
	Direction    Direction       `json:"direction"`
	Author       string          `json:"author,omitempty"`
	ContentType  string          `json:"content_type,omitempty"` // the vendor's word
	Text         string          `json:"text"`
	Status       string          `json:"status,omitempty"` // the vendor's word
	Reads        []Receipt       `json:"reads,omitempty"`
	Key          string          `json:"key,omitempty"` // herald's key, where the message carries one
	Vendor       json.RawMessage `json:"vendor"`        // the vendor's object, whole
}

// Receipt says that somebody read a message.
type Receipt struct {
	At time.Time `json:"at"`
	By string    `json:"by,omitempty"`
}
