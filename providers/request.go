package providers

import "encoding/json"

// Request is one rendered request: all that leaves for one send, less the secrets and the attempt's key, which Send
// adds. It is sealed into plans, so it holds no secret and says the same whenever it is rendered again.
type Request struct {
	Method string          `json:"method"`
	Path   string          `json:"path"` // after the account's base_url: escaped, begins with "/"
	Body   json.RawMessage `json:"body,omitempty"`
	// Place is the conversation as the vendor names it, where what becomes of the message can be watched; "" where it
	// cannot, or as long as the conversation is not open.
	Place string `json:"place,omitempty"`
	// Opening is the conversation that must be opened first; nil when it is there. Then Path holds PlaceMark.
	Opening *Opening `json:"opening,omitempty"`
	// Awaited says that an answer comes by a callback that carries the attempt's key.
	Awaited bool `json:"awaited,omitempty"`
}

// Part says which part of a message a Problem is about.
type Part int

// The parts of a message.
const (
	PartContent Part = iota // a field of the content
	PartAddress             // an attribute of the conversation
	PartOption              // an option of the message
)

// Problem is why a message cannot be rendered, or, as a warning, what its author should know. The caller finds the
// source range by Part, Field and Index.
type Problem struct {
	Part    Part
	Field   string // as the campaign file names it; in nested blocks its path, as in card[0].link[1].value; "" for the whole
	Index   int    // element of a list field, -1 for the whole field
	Warning bool
	Summary string // constant: no names, no values
	Detail  string // what, why and how to mend, with the provider's own limit; values in it are quoted with Quote
}
