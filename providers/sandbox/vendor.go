package sandbox

import (
	"sync"
	"time"
)

// The names of the emulated vendors, as Vendor.Name and Message.Vendor have them.
const (
	HeyX      = "heyx"
	Digital99 = "digital99"
	Chatwoot  = "chatwoot"
	Avaamo    = "avaamo"
	Maax      = "maax"
)

// Vendor says how to reach one emulator.
type Vendor struct {
	Name      string // heyx, digital99, chatwoot, avaamo or maax
	URL       string // stands for scheme and host of the vendor's documented addresses
	Token     string // the credential it takes, a secret
	ReadToken string // the one for reading, where the vendor has two; else ""
	Header    string // the header that carries it: "Authorization" (after "Bearer "), "api_access_token", "access-token" or "2hd-api-key"
}

// api is one vendor's behaviour, without counting, waiting and faults.
type api interface {
	// limiter gives what counts this request, nil for nothing. The vendor's lock is not held.
	limiter(c *call) limiter
	// answer does what the vendor does with a request that its limit let in.
	answer(c *call) reply
	// fail gives the vendor's answer to 413, 429 and 500.
	fail(status int) reply
}

// vendor is one emulator: its behaviour and the count of what came.
type vendor struct {
	Vendor
	api     api
	start   time.Time
	forget  bool
	observe func(Message)

	mu         sync.Mutex
	arrivals   arrivals
	messages   []Message
	accepted   int
	redirected int
}

// arrive counts a request that came at an instant: Worst and the limit count the same one. n is 1 for the vendor's first
// request.
func (v *vendor) arrive(at time.Time, l limiter) (n int, in bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.arrivals.add(at.Sub(v.start))
	return v.arrivals.total, l == nil || l.allow(at)
}

// accept records a message that the vendor said yes to.
func (v *vendor) accept(m Message) {
	m.Vendor = v.Name
	v.mu.Lock()
	v.accepted++
	m.Seq = v.accepted
	if !v.forget {
		v.messages = append(v.messages, m)
	}
	v.mu.Unlock()
	if v.observe != nil {
		v.observe(m)
	}
}

// kept gives the kept messages, oldest first. The slice is shared with the store and must not be changed.
func (v *vendor) kept() []Message {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.messages
}
