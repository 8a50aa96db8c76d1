package executor

import (
	"context"
	"fmt"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"herald/internal/addr"
	"herald/providers"
	"herald/state"
)

// verdicts of scripts
var (
	found     = providers.Verdict{Finding: providers.Found, Class: providers.Accepted, ID: "found", Status: "progress"}
	absent    = providers.Verdict{Finding: providers.Absent, Class: providers.Accepted}
	undecided = providers.Verdict{Class: providers.Accepted, Reason: "a message has no mark"}
	askLater  = providers.Verdict{Class: providers.Throttled, Reason: "slow down", After: 20 * time.Second}
	askBroken = providers.Verdict{Class: providers.Unknown, Reason: "it broke"}
	askFailed = providers.Verdict{Class: providers.NotSent, Reason: "connection refused"}
	askAway   = providers.Verdict{Class: providers.AccountError, Reason: "bad agent token"}
)

// fakeFinder is a fakeProvider that can be asked, and checks at every look-up what must hold then.
type fakeFinder struct {
	*fakeProvider
	answers  func(s addr.Send, look int) providers.Verdict // asked one at a time; nil: found
	requests int                                           // of one look-up; 0 means 1, below 0 none
	takes    time.Duration                                 // of one of them
	deaf     bool                                          // to interrupts: its answer is on the way already
	mute     bool                                          // about connections
	settle   time.Duration                                 // that must have passed where there was no whole answer; 0 leaves it unchecked

	busy  atomic.Bool
	looks map[addr.Send]int
	asked []inquiry
}

// inquiry is one look-up.
type inquiry struct {
	send  addr.Send
	at    time.Time // when it was asked for
	doubt providers.Doubt
}

func newFinder(p *fakeProvider, settle time.Duration) *fakeFinder {
	return &fakeFinder{fakeProvider: p, settle: settle, looks: map[addr.Send]int{}}
}

func (f *fakeFinder) LookUp(ctx context.Context, d providers.Doubt, turn func(context.Context) error) providers.Verdict {
	if !f.busy.CompareAndSwap(false, true) {
		panic("two look-ups at once")
	}
	defer f.busy.Store(false)
	send := f.sendOf(d.Request)
	f.check(send, d)
	f.mu.Lock()
	f.looks[send]++
	f.asked = append(f.asked, inquiry{send, time.Now(), d})
	v := found
	if f.answers != nil {
		v = f.answers(send, f.looks[send])
	}
	if v.Finding == providers.Absent && !d.Settled {
		v = providers.Verdict{Class: providers.Accepted, Reason: "it may become visible yet"}
	}
	f.mu.Unlock()
	for range max(f.requests, 0) + b2i(f.requests == 0) {
		if err := turn(ctx); err != nil {
			return providers.Verdict{Reason: err.Error()}
		}
		if t := httptrace.ContextClientTrace(ctx); t != nil && v.Class != providers.NotSent && !f.mute {
			t.GotConn(httptrace.GotConnInfo{})
		}
		if v.Class != providers.NotSent {
			f.mu.Lock()
			f.arrived = append(f.arrived, time.Now())
			f.mu.Unlock()
		}
		if f.deaf {
			time.Sleep(f.takes)
		} else if sleep(ctx, f.takes) != nil {
			return providers.Verdict{Class: providers.Unknown, Reason: "cut off"}
		}
	}
	if v.Finding == providers.Absent {
		f.mu.Lock()
		f.final[send] = false
		f.mu.Unlock()
	}
	return v
}

func (f *fakeFinder) check(send addr.Send, d providers.Doubt) {
	f.ledger.mu.Lock()
	row, i := f.ledger.rows[send], f.ledger.doubts[send]
	answered := f.ledger.results[send].Answered
	f.ledger.mu.Unlock()
	f.mu.Lock()
	defer f.mu.Unlock()
	wrongf := func(format string, args ...any) { f.wrong = append(f.wrong, fmt.Sprintf(format, args...)) }
	if row != state.InDoubt || i.Key != d.Key || !i.At.Equal(d.At) {
		wrongf("%s was asked about with %s and %s, but it is %s with %s and %s", send, d.Key, d.At, row, providers.Key(i.Key), i.At)
	}
	early := time.Until(d.At.Add(f.settle - f.shift))
	if d.Settled && f.settle > 0 && early > 0 || !d.Settled && !answered {
		wrongf("%s was asked about %s too early", send, early)
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// question makes a question about a step's send, of an attempt that began some time ago.
func question(account, key string, ago time.Duration) Question {
	s := step(account, "old", "m", key)
	return Question{Send: s.Send, Request: s.Request, Key: providers.NewKey(), At: time.Now().Add(-ago)}
}
