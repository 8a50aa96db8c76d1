package providers

import (
	"context"
	"crypto/rand"
	"encoding/hex"
)

// Key identifies one generation of one send: random, made by the caller, kept in the ledger. A provider whose vendor
// can carry it puts it into the request, so that a later look-up can recognise the message.
type Key [16]byte

// NewKey makes a random key.
func NewKey() Key {
	var k Key
	rand.Read(k[:]) // never fails: crypto/rand ends the process instead
	return k
}

// String gives the key in hexadecimal.
func (k Key) String() string { return hex.EncodeToString(k[:]) }

// Provider is one account at one vendor. Its methods are safe for concurrent use.
type Provider interface {
	// Render makes the request of one message. It is pure: the same account settings and message give the same bytes,
	// without network, clock, secrets or randomness. With a problem that is no warning the request is empty.
	Render(Message) (Request, []Problem)

	// Send makes exactly one attempt: one HTTP request, never a retry, never a followed redirect. It puts the token
	// in, and the key where the vendor can carry one. It always returns one Outcome and never an error: what went
	// wrong is the Outcome's class. When ctx ends after the request may have left, the class is Unknown. No reason
	// may contain a secret, whatever the vendor or a library put there.
	Send(ctx context.Context, r Request, key Key) Outcome

	// Close frees idle connections. No Send may follow.
	Close()
}
