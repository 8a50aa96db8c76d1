package executor

import (
	"cmp"
	"container/heap"
	"context"
	"errors"
	"math"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"herald/providers"
)

// limiter lets at most a number of requests begin in any window, evenly spaced while it can. All lanes of a limit group
// share one.
//
// It holds one token per request that a window allows. A token that was used rests for one window from the instant at
// which its request really began; so any window holds at most one begin per token, in whatever order requests begin.
// Over the tokens runs a pacer: planned instants one interval apart. It may lag behind by slack, and what comes next then
// catches up as far as rested tokens allow: so small delays cost no rate, and long ones end in no burst.
//
// A token belongs to a slot from its planning until its request has begun; who finds none waits in line.
type limiter struct {
	window   time.Duration       // Per and Jitter
	interval time.Duration       // between planned instants
	line     *semaphore.Weighted // counts the tokens at rest; nil when there is no limit
	epoch    time.Time           // all instants below are counted from it
	slack    time.Duration       // how far the pacer may lag behind

	mu     sync.Mutex
	rest   tokens        // not in any slot
	next   time.Duration // the pacer's next instant
	resume time.Duration // nobody begins before
	pauses int           // how often resume moved
	rise   int           // pauses in a row without an accepted request between
}

// slot is one attempt's turn. Its fields are the limiter's.
type slot struct {
	at     time.Duration // planned
	began  time.Duration
	token  *token // nil when there is no limit
	pauses int    // limiter.pauses when it was planned; from start on, when it began
	parted bool   // the token has left the slot
}

// holdFor is how long an attempt whose intent is durable may wait to begin. If it would be longer the intent is
// withdrawn, since a kill during the wait would leave a doubt about nothing.
const holdFor = 250 * time.Millisecond

// newLimiter makes a limiter whose first request begins one window after lastIntent. The intent was recorded for its
// planned instant, which its request may have missed by holdFor.
func newLimiter(requests int, per, jitter time.Duration, lastIntent time.Time) *limiter {
	l := &limiter{epoch: time.Now()}
	if requests == 0 {
		return l
	}
	l.window = per + jitter
	l.interval = l.window / time.Duration(requests)
	l.slack = max(l.window/4, 2*l.interval)
	l.line = semaphore.NewWeighted(int64(requests))
	block := make([]token, requests)
	l.rest = make(tokens, requests)
	for i := range block {
		block[i].index = i
		l.rest[i] = &block[i]
	}
	if !lastIntent.IsZero() {
		// A clock that was set back must not make a run wait for longer than a window.
		since := max(0, l.epoch.Sub(lastIntent))
		l.resume = max(0, l.window+holdFor-since)
		l.next = l.resume
	}
	return l
}

func (l *limiter) now() time.Duration { return time.Since(l.epoch) }

// never is the latest instant of what may begin at any time.
const never = time.Duration(math.MaxInt64)

// errLate says that there is no instant that is early enough.
var errLate = errors.New("too late to begin")

// reserve plans an attempt's instant and returns lead before it; lead is asked when the instant is known. It gives the
// error of ctx when that ends first, and errLate as soon as it is clear that the instant would not lie before latest.
func (l *limiter) reserve(ctx context.Context, lead func() time.Duration, latest time.Duration) (*slot, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := l.queue(ctx, latest); err != nil {
			return nil, err
		}
		s, now := l.plan()
		if s.at >= latest {
			l.giveBack(s)
			return nil, errLate
		}
		if s.at <= now {
			return s, nil
		}
		if err := sleep(ctx, s.at-now-lead()); err != nil {
			l.giveBack(s)
			return nil, err
		}
		if l.stands(s) {
			return s, nil
		}
		l.giveBack(s)
	}
}

// queue waits in line for a token.
func (l *limiter) queue(ctx context.Context, latest time.Duration) error {
	if l.line == nil || l.line.TryAcquire(1) {
		return nil
	}
	if latest == never {
		return l.line.Acquire(ctx, 1)
	}
	until, cancel := context.WithDeadline(ctx, l.epoch.Add(latest))
	defer cancel()
	if err := l.line.Acquire(until, 1); err != nil {
		return cmp.Or(ctx.Err(), errLate)
	}
	return nil
}

// reserveNow plans an attempt's instant if it is now, without waiting; else it gives nil and leaves all as it was.
func (l *limiter) reserveNow() *slot {
	if l.line != nil && !l.line.TryAcquire(1) {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if l.earliest(now) > now {
		if l.line != nil {
			l.line.Release(1)
		}
		return nil
	}
	return l.take(now)
}

// plan takes the token that rested longest and gives it the next instant.
func (l *limiter) plan() (s *slot, now time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now = l.now()
	return l.take(now), now
}

// earliest is the instant that the next slot gets.
func (l *limiter) earliest(now time.Duration) time.Duration {
	at := max(now, l.resume)
	if l.line != nil {
		at = max(at, l.next, l.rest[0].free)
	}
	return at
}

// take makes a slot of the token that rested longest.
func (l *limiter) take(now time.Duration) *slot {
	s := &slot{at: l.earliest(now), pauses: l.pauses}
	if l.line != nil {
		s.token = heap.Pop(&l.rest).(*token)
		l.next = max(l.next, s.at-l.slack) + l.interval
	}
	return s
}

// stands reports whether no pause came in the way of a planned instant.
func (l *limiter) stands(s *slot) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.resume <= s.at
}

// instant is when the slot's request is planned to begin.
func (l *limiter) instant(s *slot) time.Time { return l.epoch.Add(s.at) }

// begin is when the slot's request began.
func (l *limiter) begin(s *slot) time.Time { return l.epoch.Add(s.began) }

// start waits until the request may begin, and reports whether it may: it may not when ctx ended or the wait would be
// long. From then on the slot must be finished, else given back.
func (l *limiter) start(ctx context.Context, s *slot) bool {
	deadline := max(l.now(), s.at) + holdFor
	for ctx.Err() == nil {
		wait, until := l.tryStart(s)
		if wait <= 0 {
			return true
		}
		if until > deadline || sleep(ctx, wait) != nil {
			return false
		}
	}
	return false
}

// tryStart begins the slot if it may begin now, and says for how long, and until when, it may not.
func (l *limiter) tryStart(s *slot) (wait, until time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	until = max(s.at, l.resume)
	if s.token != nil {
		until = max(until, s.token.free) // a request of the token's last slot may have begun once more
	}
	now := l.now()
	if now >= until {
		s.began, s.pauses = now, l.pauses
		return 0, until
	}
	return until - now, until
}

// connected counts the request from this instant: until now it was waiting for a connection, and a handshake takes
// longer than any jitter. It may come again, when a dead connection makes the client take another one.
func (l *limiter) connected(s *slot) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s.token.free = max(s.token.free, l.now()+l.window)
	if !s.parted {
		l.part(s)
	} else if s.token.index >= 0 {
		heap.Fix(&l.rest, s.token.index)
	}
}

// end ends a slot by how its request went.
func (l *limiter) end(s *slot, class providers.Class) {
	if class == providers.NotSent {
		l.giveBack(s)
	} else {
		l.finish(s, class == providers.Accepted)
	}
}

// finish ends a slot whose request was made.
func (l *limiter) finish(s *slot, accepted bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if accepted && s.pauses == l.pauses {
		l.rise = 0
	}
	if s.token != nil && !s.parted {
		s.token.free = max(s.token.free, s.began+l.window)
		l.part(s)
	}
}

// giveBack ends a slot that was not used: another one may have its token, and its place in the pacer.
func (l *limiter) giveBack(s *slot) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s.token == nil || s.parted {
		return
	}
	if s.pauses == l.pauses {
		l.next -= l.interval // a pause has set the pacer anew, without this slot
	}
	l.part(s)
}

// part takes the token out of the slot and lets the next in line have it.
func (l *limiter) part(s *slot) {
	s.parted = true
	heap.Push(&l.rest, s.token)
	l.line.Release(1)
}

// sleep waits for d, or until ctx ends and then gives its error.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// token is the right to begin one request per window.
type token struct {
	free  time.Duration // when it is rested
	index int           // in the heap, -1 while in a slot
}

// tokens is a heap, the one that is free first on top.
type tokens []*token

func (t tokens) Len() int           { return len(t) }
func (t tokens) Less(i, j int) bool { return t[i].free < t[j].free }
func (t tokens) Swap(i, j int) {
	t[i], t[j] = t[j], t[i]
	t[i].index, t[j].index = i, j
}
func (t *tokens) Push(x any) {
	k := x.(*token)
	k.index = len(*t)
	*t = append(*t, k)
}
func (t *tokens) Pop() any {
	last := len(*t) - 1
	k := (*t)[last]
	*t = (*t)[:last]
	k.index = -1
	return k
}
