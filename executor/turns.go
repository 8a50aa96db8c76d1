package executor

import (
	"context"
	"fmt"
	"net/http/httptrace"
	"sync"
	"time"

	"herald/providers"
)

// turns gives what a provider does beside sends, a look-up say, a turn of the lane's limiter for each of its requests.
type turns struct {
	lane   *lane
	before func(at time.Time) error // what else must be durable before a request that is planned for then; nil for nothing
	latest time.Duration            // instant of the limiter before which a request must begin
	denied error                    // why no turn came
	failed error                    // of the ledger

	mu   sync.Mutex // connections are told of from other goroutines
	slot *slot      // of the last request; nil before the first
}

// take waits for the turn of one request. The ledger knows of it before it begins, as the next run counts it too.
func (t *turns) take(ctx context.Context) error {
	l := t.lane
	t.end(providers.Accepted) // the request before, if any: it was understood, or there would be no other
	for {
		s, err := l.limiter.reserve(ctx, l.run.latency, t.latest)
		if err != nil {
			t.denied = err
			return err
		}
		if err := t.announce(l.limiter.instant(s)); err != nil {
			l.limiter.giveBack(s)
			t.failed = err
			return err
		}
		if l.limiter.start(ctx, s) {
			t.mu.Lock()
			t.slot = s
			t.mu.Unlock()
			return nil
		}
		l.limiter.giveBack(s)
	}
}

// announce has the ledger hold what it must before a request leaves.
func (t *turns) announce(at time.Time) error {
	l := t.lane
	if l.run.attempts != nil {
		if err := l.run.attempts.Attempted(l.run.last, l.Account, l.run.clock.stamp(at)); err != nil {
			return fmt.Errorf("%s could not be asked, because the ledger could not record that it was about to be: %w", l.Account, err)
		}
	}
	if t.before != nil {
		return t.before(at)
	}
	return nil
}

// trace lets the limiter count each request from the instant at which it has a connection.
func (t *turns) trace(ctx context.Context) context.Context {
	l := t.lane.limiter
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

// close ends the last turn by how its request went, and reports whether there was one.
func (t *turns) close(class providers.Class) bool {
	t.end(class)
	return t.slot != nil
}

func (t *turns) end(class providers.Class) {
	if t.slot != nil {
		t.lane.limiter.end(t.slot, class)
	}
}

// latency is how early what must be on the disk before a request is handed to the ledger.
func (r *run) latency() time.Duration {
	if r.attempts == nil {
		return 0
	}
	return r.attempts.CommitLatency()
}
