package providers

import (
	"context"
	"encoding/json"
	"time"
)

// Opener is a Provider that can open the conversation that a request goes to.
type Opener interface {
	// Open gives the place of a conversation, which it makes when the vendor has none with this key. It calls turn before
	// each request that it makes, which waits for the account's limit, and gives up with turn's error; every request is
	// under the rules of Send. It makes no conversation as long as it cannot know whether an earlier call with the same
	// key has made one.
	Open(ctx context.Context, o OpenAttempt, turn func(context.Context) error) Opened
}

// Opening is a conversation that is to be opened for one person.
type Opening struct {
	Name string          `json:"name"` // what it is for: equal for all requests that share it, within one account
	Body json.RawMessage `json:"body"` // what the provider needs to open it
}

// OpenAttempt is one call of Open.
type OpenAttempt struct {
	Opening
	Key     Key       // of the conversation: the same at each attempt
	Begun   time.Time // of the first attempt with this key: nothing was made before
	Settled bool      // whatever an earlier attempt made must be visible by now; true at the first attempt
}

// Opened is what became of an attempt.
type Opened struct {
	Outcome
	Place string // Accepted: what stands for {conversation} in paths, and Request.Place
}

// PlaceMark stands in Request.Path for the place of a conversation that is to be opened first.
const PlaceMark = "{conversation}"
