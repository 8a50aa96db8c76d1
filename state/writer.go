package state

import (
	"context"
	"sync"
	"time"
)

// batchLimit bounds how much one commit takes, and so how long the first of it waits.
const batchLimit = 1024

// A commit costs about as much as the rows of twenty sends. So while many wait, the writer lets some more come before it
// commits again; a lane within its limit never has so many, and is not held up.
const (
	busy   = 8 // writes in the last commit
	gather = 200 * time.Microsecond
)

// op is one thing to write and the one who waits for it.
type op struct {
	kind     opKind
	result   Result
	intent   Intent
	opened   *Opened
	job      func(context.Context) error
	alone    bool // the job wants no transaction
	queued   time.Time
	taken    bool          // under Ledger.mu
	err      error         // of the only part, or of a turn's result
	intended error         // of a turn's intent
	done     chan struct{} // of size one, kept with the op
}

type opKind uint8

const (
	opIntent opKind = iota
	opResult
	opTurn // the result, then the intent
	opOpening
	opOpened
	opJob // anything else: in a transaction of its own, or without one
)

var ops = sync.Pool{New: func() any { return &op{done: make(chan struct{}, 1)} }}

// Intend makes the intent durable: when it returns nil, and not before, a byte of the request may leave. While the
// intent waits for the writer the end of ctx withdraws it; after that the answer is waited for.
func (l *Ledger) Intend(ctx context.Context, i Intent) error {
	o := ops.Get().(*op)
	o.kind, o.intent = opIntent, i
	return l.submit(ctx, o)
}

// Record makes the outcome of an intent durable. It pays no heed to the end of ctx: what is known must reach the disk.
func (l *Ledger) Record(ctx context.Context, r Result) error {
	o := ops.Get().(*op)
	o.kind, o.result = opResult, r
	return l.submit(context.WithoutCancel(ctx), o)
}

// Turn makes the outcome of one intent and the next intent durable together, as Record and then Intend would, with one
// wait: the disk never has the intent without the outcome. It pays no heed to the end of ctx. When recorded is not nil
// the intent was not written either, and intended is the same error.
func (l *Ledger) Turn(ctx context.Context, r Result, i Intent) (recorded, intended error) {
	o := ops.Get().(*op)
	o.kind, o.result, o.intent = opTurn, r, i
	recorded, intended = l.await(context.WithoutCancel(ctx), o), o.intended
	o.free()
	if recorded != nil {
		return recorded, recorded
	}
	return nil, intended
}

// run lets the writer do job between its batches, within one transaction. A job must find what it refuses before it writes.
func (l *Ledger) run(ctx context.Context, job func(context.Context) error) error {
	o := ops.Get().(*op)
	o.kind, o.job = opJob, job
	return l.submit(ctx, o)
}

// runAlone lets the writer do job between its batches, without a transaction.
func (l *Ledger) runAlone(ctx context.Context, job func(context.Context) error) error {
	o := ops.Get().(*op)
	o.kind, o.job, o.alone = opJob, job, true
	return l.submit(ctx, o)
}

// submit hands one op to the writer, waits, and gives the op back to the pool.
func (l *Ledger) submit(ctx context.Context, o *op) error {
	err := l.await(ctx, o)
	o.free()
	return err
}

// free gives an op back to the pool.
func (o *op) free() {
	*o = op{done: o.done}
	ops.Put(o)
}

func (l *Ledger) await(ctx context.Context, o *op) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	o.queued = time.Now()
	l.mu.Lock()
	switch {
	case l.broken != nil:
		l.mu.Unlock()
		return l.broken
	case l.closing:
		l.mu.Unlock()
		return ErrClosed
	}
	l.waiting = append(l.waiting, o)
	l.mu.Unlock()
	l.nudge()
	if end := ctx.Done(); end != nil {
		select {
		case <-o.done:
			return o.err
		case <-end:
		}
		if l.withdraw(o) {
			return context.Cause(ctx)
		}
	}
	<-o.done
	return o.err
}

// withdraw takes o out of the queue, unless the writer has it already.
func (l *Ledger) withdraw(o *op) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if o.taken {
		return false
	}
	for i, w := range l.waiting {
		if w == o {
			l.waiting = append(l.waiting[:i], l.waiting[i+1:]...)
			return true
		}
	}
	return false
}

// nudge wakes the writer.
func (l *Ledger) nudge() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// write is the writer's goroutine: it takes all that waits, writes it, flushes once, and wakes everybody.
func (l *Ledger) write() {
	defer close(l.stopped)
	var batch []*op
	for {
		if len(batch) >= busy {
			time.Sleep(gather)
		}
		batch = l.take(batch[:0])
		if len(batch) == 0 {
			return
		}
		for rest := batch; len(rest) > 0; {
			n := 0
			for n < len(rest) && rest[n].kind != opJob {
				n++
			}
			if n == 0 {
				n = 1
				l.commitJob(rest[0])
			} else {
				l.commit(rest[:n])
			}
			// The first one waited longest: early by that much nobody's intent is late.
			l.measure(time.Since(rest[0].queued))
			for i, o := range rest[:n] {
				rest[i] = nil // from here on it belongs to its waiter again
				o.done <- struct{}{}
			}
			rest = rest[n:]
			l.foldOften()
		}
	}
}

// take waits for work and gives at most one batch of it, in the order handed in; nothing once the ledger is closed and
// all is done.
func (l *Ledger) take(batch []*op) []*op {
	for {
		l.mu.Lock()
		n := min(len(l.waiting), batchLimit)
		if n > 0 {
			batch = append(batch, l.waiting[:n]...)
			rest := copy(l.waiting, l.waiting[n:])
			clear(l.waiting[rest:])
			l.waiting = l.waiting[:rest]
			for _, o := range batch {
				o.taken = true
			}
			l.mu.Unlock()
			return batch
		}
		closing := l.closing
		l.mu.Unlock()
		if closing {
			return nil
		}
		<-l.wake
	}
}

// measure keeps the moving average of CommitLatency.
func (l *Ledger) measure(d time.Duration) {
	old := l.latency.Load()
	if old == 0 {
		l.latency.Store(int64(d))
		return
	}
	l.latency.Store(old + (int64(d)-old)/8)
}
