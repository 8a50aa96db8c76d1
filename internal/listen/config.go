package listen

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strings"
	"time"

	"herald/internal/inbox"
	"herald/providers"
)

// What a server has where its Config says nothing. All bound what strangers can take.
const (
	defaultMaxBody  = 1 << 20
	defaultMaxHeld  = 64 << 20
	defaultMaxConns = 1024
	defaultRead     = 15 * time.Second // for one call, from its first byte to its last
	defaultHeader   = 5 * time.Second
	defaultIdle     = 30 * time.Second
	defaultDrain    = 10 * time.Second
)

// maxHeader bounds the headers of a call, its address among them.
const maxHeader = 16 << 10

// Inbox is where calls are kept; *inbox.Inbox is one.
type Inbox interface {
	// Add makes a call durable before it returns; fresh is false for one that was there already.
	Add(ctx context.Context, item inbox.Item) (fresh bool, err error)
}

// Config says what a server receives.
type Config struct {
	// Receivers are the accounts whose vendors call us, by name: heyx or heyx.alias.
	Receivers map[string]providers.Receiver
	// Known reports whether the account has, or had, a send with that token. It is asked for addresses that do not exist
	// too, so that both take as long. Many calls may ask at once.
	Known func(ctx context.Context, token [16]byte, account string) (bool, error)
	Inbox Inbox
	Now   func() time.Time // nil: the clock
	// Observe is told of each call just before its answer leaves, which waits for it; nil: nobody is. Many calls may tell
	// at once.
	Observe func(Event)
	// ErrorLog takes what net/http itself complains about, such as failed TLS handshakes; nil: nothing does.
	ErrorLog *log.Logger

	// StripPrefix is the beginning of the callbacks' paths that a proxy in front takes away, such as /herald; "" for none.
	StripPrefix string

	MaxBody  int64 // bytes of one body; 0: 1 MiB
	MaxHeld  int64 // bytes of all bodies in memory at a time; 0: 64 MiB
	MaxConns int   // connections at a time, others wait to be accepted; 0: 1024

	HeaderTimeout time.Duration // until the headers of a call are there; 0: 5s
	ReadTimeout   time.Duration // until a call is whole; 0: 15s
	IdleTimeout   time.Duration // of a connection between calls; 0: 30s
	DrainTimeout  time.Duration // for what is in flight when the server stops; 0: 10s
}

// filled checks a configuration and fills in what it leaves out.
func (c Config) filled() (Config, error) {
	if c.Inbox == nil || c.Known == nil {
		return c, errors.New("listen: a Config needs Inbox and Known, which is a bug in herald")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Observe == nil {
		c.Observe = func(Event) {}
	}
	or(&c.MaxBody, defaultMaxBody)
	or(&c.MaxHeld, max(defaultMaxHeld, c.MaxBody))
	or(&c.MaxConns, defaultMaxConns)
	or(&c.HeaderTimeout, defaultHeader)
	or(&c.ReadTimeout, defaultRead)
	or(&c.IdleTimeout, defaultIdle)
	or(&c.DrainTimeout, defaultDrain)
	if c.MaxBody > inbox.MaxBody {
		return c, fmt.Errorf("bodies of up to %d bytes are too large; an inbox takes up to %d", c.MaxBody, inbox.MaxBody)
	}
	if c.MaxHeld < c.MaxBody {
		return c, fmt.Errorf("no body of up to %d bytes could be held where all together may have %d", c.MaxBody, c.MaxHeld)
	}
	c.StripPrefix = strings.TrimRight(c.StripPrefix, "/")
	if c.StripPrefix != "" && c.StripPrefix[0] != '/' {
		return c, fmt.Errorf("the prefix %s begins with no slash; write it like /herald", providers.Quote(c.StripPrefix))
	}
	return c, nil
}

func or[T int | int64 | time.Duration](v *T, otherwise T) {
	if *v <= 0 {
		*v = otherwise
	}
}
