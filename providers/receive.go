package providers

import (
	"net/http"
	"time"
)

// Receiver is a Provider whose vendor calls us.
type Receiver interface {
	// Callbacks lists where it calls, as far as the account's settings say so: a callback whose calls could not be
	// verified, for want of a secret, is none.
	Callbacks() []Callback

	// Verify checks that a call at the callback of that name is the vendor's. It compares in constant time. The delivery
	// identifies the call, so that a second one with the same is a replay; "" where the vendor gives none. The error is
	// one bounded line without secrets. For callbacks with a token it has nothing to check: knowing the token is proof.
	Verify(name string, h http.Header, body []byte, now time.Time) (delivery string, err error)

	// Read says what a call told. It takes any body: what it does not understand tells nothing.
	Read(name string, body []byte) Arrival
}

// Callback is one place where a vendor calls.
type Callback struct {
	Name string // answer, followup, webhook: unique within the account
	// URL is what the vendor is told to call, with {token} in its path or query; "" when the vendor has it from its own
	// settings: then the path is made of the account's name. One without {token} cannot be received.
	URL string
}

// Arrival is what a call told of a send: of the one whose token it carried, or of those that went to Place. A zero one
// tells nothing.
type Arrival struct {
	Report        // Send is not used
	Place  string // Request.Place; "" for calls with a token
	// Answered says that there is a reply, where the call does not say when it was written: the caller takes the time of
	// the call's arrival for Replied. Reply may be "" all the same, where the call does not say which of its words it is.
	Answered bool
}

// TokenMark stands in the URL of a callback, in its path or query, for the attempt's key in hexadecimal.
const TokenMark = "{token}"
