package executor

import (
	"context"
	"fmt"
	"net/http/httptrace"
	"sync"
	"time"

	"herald/providers"
)

// turns gives one look-up a turn of the lane's limiter for each of its requests.
type turns struct {
	asker  *asker
	failed error // of the ledger

	mu   sync.Mutex // connections are told of from other goroutines
	slot *slot      // of the last request; nil before the first
}

// take waits for the turn of one request. The ledger knows of it before it begins, as the next run counts it too.
func (t *turns) take(ctx context.Context) error {
	l := t.asker.lane
	t.end(providers.Accepted) // the request before, if any: it was understood, or there would be no other
	for {
		s, err := l.limiter.reserve(ctx, l.run.latency)
		if err != nil {
			return err
		}
		if l.run.answers != nil {
			if err := l.run.answers.Attempted(l.run.last, l.Account, l.limiter.instant(s)); err != nil {
				l.limiter.giveBack(s)
				t.failed = fmt.Errorf("%s could not be asked, because the ledger could not record that it was about to be: %w", l.Account, err)
				return t.failed
			}
		}
		if l.limiter.start(ctx, s) {
			t.mu.Lock()
			t.slot = s
			t.mu.Unlock()
			t.asker.last = l.limiter.begin(s)
			return nil
		}
		l.limiter.giveBack(s)
	}
}

// trace lets the limiter count each request from the instant at which it has a connection.
func (t *turns) trace(ctx context.Context) context.Context {
	l := t.asker.lane.limiter
	if l.line == nil {
		return ctx
	}
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) {
			t.mu.Lock()
			defer t.mu.Unlock()
			if t.slot != nil {
				l.connected(t.slot)
			}
		},
	})
}

// close ends the last turn by the verdict. Where no request was made, the verdict's class says nothing.
func (t *turns) close(v *providers.Verdict) {
	t.end(v.Class)
	if t.slot == nil {
		v.Class = 0
	}
}

func (t *turns) end(class providers.Class) {
	if t.slot != nil {
		t.asker.lane.limiter.end(t.slot, class)
	}
}

// latency is how early what must be on the disk before a request is handed to the ledger.
func (r *run) latency() time.Duration {
	if r.ledger == nil {
		return 0
	}
	return r.ledger.CommitLatency()
}
