package inbox

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// MaxBody is the largest body that an inbox takes, in bytes.
const MaxBody = 16 << 20

// Token is the key of a send, as a callback's address carries it; the zero one is none.
type Token = [16]byte

// Item is one call.
type Item struct {
	ID       int64     // given by the inbox, from 1 on: a later call has a higher one
	At       time.Time // of its arrival
	Account  string    // heyx or heyx.alias
	Callback string    // the callback's name within the account
	Token    Token     // that its address carried
	Delivery string    // by which the vendor knows the call, "" where it gives none
	Body     []byte    // whole, as it came; empty once it was erased
}

// check refuses what no caller may hand in.
func (i Item) check() error {
	switch {
	case i.Account == "" || i.Callback == "":
		return errors.New("a call without an account or callback was handed to the inbox, which is a bug in herald")
	case len(i.Body) > MaxBody:
		return fmt.Errorf("the call has a body of %d bytes; the inbox takes up to %d", len(i.Body), MaxBody)
	}
	return nil
}

// mark tells whether two calls are one: both at the same callback of one account, and with the same delivery or, where
// the vendor gives none, the same token and the same bytes.
func (i Item) mark() []byte {
	sum := sha256.New()
	part := func(b []byte) {
		var size [8]byte
		binary.BigEndian.PutUint64(size[:], uint64(len(b)))
		sum.Write(size[:])
		sum.Write(b)
	}
	part([]byte(i.Account))
	part([]byte(i.Callback))
	part([]byte(i.Delivery))
	if i.Delivery == "" {
		part(i.Token[:])
		part(i.Body)
	}
	return sum.Sum(nil)[:16]
}
