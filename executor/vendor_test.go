package executor

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"sync"
	"time"

	"herald/internal/addr"
	"herald/providers"
)

// fault is what happens to one request, at the vendor and on the way.
type fault int

const (
	fine      fault = iota // accepted, and said so
	refuses                // by the vendor
	throttles              // by the vendor
	unreached              // no connection
	lost                   // never arrives; no answer
	crashes                // the vendor fails before it has the message, and says 500
	unheard                // accepted; the answer never comes
	stumbles               // accepted; the vendor says 500
	overtaken              // a gateway says 504 at once, and the message is accepted after it
	turnsAway              // the account
	silent                 // only look-ups: nobody can tell
	faults
)

// vendor keeps what it has accepted, by the keys of the attempts. It is the truth that the ledger is held against.
type vendor struct {
	mu      sync.Mutex
	random  *rand.Rand
	has     map[addr.Send][]providers.Key // also what is on its way and will be accepted
	arrives map[providers.Key]time.Time   // what is not there yet
	faults  map[addr.Send][]fault         // of its requests, then fine
	looks   map[addr.Send][]fault         // of its look-ups, then fine
	marks   bool
	rooms   map[string][]madeRoom
	opening map[string][]fault // of attempts to make a conversation, then fine
	wrong   []string
}

// late is how long after an attempt's begin the vendor may still accept it; look-ups must come later.
const late = 4 * time.Second

func (v *vendor) Render(providers.Message) (providers.Request, []providers.Problem) {
	return providers.Request{}, nil
}
func (v *vendor) Close() {}

// draw takes the next fault of a send, and a latency.
func (v *vendor) draw(of map[addr.Send][]fault, s addr.Send, most time.Duration) (f fault, wait time.Duration) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if left := of[s]; len(left) > 0 {
		f, of[s] = left[0], left[1:]
	}
	return f, time.Duration(v.random.Int64N(int64(most)))
}

func (v *vendor) accept(s addr.Send, key providers.Key, after time.Duration) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.has[s] = append(v.has[s], key)
	v.arrives[key] = time.Now().Add(after)
	if n := len(v.has[s]); n > 1 {
		v.wrong = append(v.wrong, fmt.Sprintf("%s was accepted %d times", s, n))
	}
}

// sendOf knows a send by its request, which goes to the one conversation that was made for its person.
func (v *vendor) sendOf(r providers.Request) addr.Send {
	v.mu.Lock()
	defer v.mu.Unlock()
	s, err := addr.ParseSend(strings.TrimPrefix(r.Path, url.PathEscape(r.Place)+"/"))
	if err != nil || r.Opening != nil {
		panic(fmt.Sprintf("%+v: %v", r, err))
	}
	if made := v.rooms[s.Key]; r.Place != "" && (len(made) != 1 || made[0].place != r.Place) {
		v.wrong = append(v.wrong, fmt.Sprintf("%s went to %s, and there is %v", s, r.Place, made))
	}
	return s
}

// Open looks for the conversation of a person, and makes it where it cannot be seen.
func (v *vendor) Open(ctx context.Context, o providers.OpenAttempt, turn func(context.Context) error) providers.Opened {
	opened := func(out providers.Outcome, place string) providers.Opened {
		return providers.Opened{Outcome: out, Place: place}
	}
	if turn(ctx) != nil {
		return opened(notSent, "")
	}
	v.mu.Lock()
	for _, r := range v.rooms[o.Name] {
		if r.key == o.Key && !r.visible.After(time.Now()) {
			v.mu.Unlock()
			return opened(accepted, r.place)
		}
	}
	f := fine
	if left := v.opening[o.Name]; len(left) > 0 {
		f, v.opening[o.Name] = left[0], left[1:]
	}
	wait := time.Duration(v.random.Int64N(int64(500 * ms)))
	v.mu.Unlock()
	if !o.Settled {
		return opened(unknown, "")
	}
	if turn(ctx) != nil {
		return opened(notSent, "")
	}
	if f == fine || f == unheard || f == stumbles || f == overtaken {
		after := wait
		if f == overtaken {
			after = late - ms
		}
		v.mu.Lock()
		v.rooms[o.Name] = append(v.rooms[o.Name], madeRoom{o.Key, "room/" + o.Name, time.Now().Add(after)})
		if n := len(v.rooms[o.Name]); n > 1 {
			v.wrong = append(v.wrong, fmt.Sprintf("the conversation with %s was made %d times", o.Name, n))
		}
		v.mu.Unlock()
	}
	if sleep(ctx, wait) != nil {
		return opened(unknown, "")
	}
	switch f {
	case fine:
		return opened(accepted, "room/"+o.Name)
	case throttles:
		return opened(throttled, "")
	case unreached:
		return opened(notSent, "")
	case turnsAway:
		return opened(accountError, "")
	case refuses:
		return opened(refused, "")
	}
	return opened(unknown, "")
}

func (v *vendor) Send(ctx context.Context, r providers.Request, key providers.Key) providers.Outcome {
	s := v.sendOf(r)
	f, wait := v.draw(v.faults, s, 500*ms)
	switch f {
	case throttles:
		return throttled
	case unreached:
		return notSent
	case turnsAway:
		return accountError
	case refuses:
		return refused
	case crashes:
		return broken
	case overtaken:
		v.accept(s, key, late-ms)
		return providers.Outcome{Class: providers.Unknown, HTTP: 504, Reason: "gateway timeout"}
	case stumbles:
		v.accept(s, key, 0)
		return broken
	case fine, unheard:
		v.accept(s, key, wait) // whatever becomes of the process meanwhile
	}
	if f == unheard || f == lost {
		wait = 2 * time.Second // the timeout
	}
	if sleep(ctx, wait) != nil || f != fine {
		return providers.Outcome{Class: providers.Unknown, Reason: "no answer"}
	}
	return providers.Outcome{Class: providers.Accepted, HTTP: 200, ID: key.String(), Marked: v.marks}
}

// vendorWithLookUp is a vendor that can be asked.
type vendorWithLookUp struct{ *vendor }

func (v vendorWithLookUp) LookUp(ctx context.Context, d providers.Doubt, turn func(context.Context) error) providers.Verdict {
	s := v.sendOf(d.Request)
	if err := turn(ctx); err != nil {
		return providers.Verdict{Reason: err.Error()}
	}
	f, wait := v.draw(v.looks, s, 300*ms)
	if f == unreached {
		return askFailed
	}
	if sleep(ctx, wait) != nil || f == lost {
		return askBroken
	}
	switch f {
	case throttles:
		return askLater
	case turnsAway:
		return askAway
	case silent:
		return undecided
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, key := range v.has[s] {
		switch {
		case key != d.Key:
		case v.arrives[key].After(time.Now()):
			v.wrong = append(v.wrong, fmt.Sprintf("%s was looked up before it could be seen", s))
		default:
			return providers.Verdict{Finding: providers.Found, Class: providers.Accepted, ID: key.String()}
		}
	}
	if !d.Marked || !d.Settled {
		return undecided
	}
	return absent
}
