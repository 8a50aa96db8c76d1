package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"herald/internal/crash"
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
	opJob  // anything else: in a transaction of its own, or without one
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

// commit writes intents and outcomes in one transaction, in the order in which they were handed in. An op that breaks
// the rules gets its error alone and writes nothing; when the disk fails, all of them get that error, and the ledger
// takes nothing more.
func (l *Ledger) commit(batch []*op) {
	err := l.transaction(context.Background(), func() error {
		for _, o := range batch {
			var err error
			switch o.kind {
			case opIntent:
				o.err, err = l.intend(&o.intent)
			case opResult:
				o.err, err = l.settle(&o.result)
			case opTurn:
				// While the outcome is not taken the next intent would be one too many.
				if o.err, err = l.settle(&o.result); err == nil && o.err == nil {
					o.intended, err = l.intend(&o.intent)
				}
			}
			if err != nil {
				return err
			}
		}
		return l.touch()
	})
	if err == nil {
		l.grown(len(batch))
		return
	}
	err = l.fail(err)
	for _, o := range batch {
		o.err = err
	}
}

// commitJob runs a job in its own transaction. Its own refusal (a *refusal) leaves everything as it was; any other
// error means that the ledger cannot be written.
func (l *Ledger) commitJob(o *op) {
	ctx := context.Background()
	do := func() error { return o.job(ctx) }
	var err error
	switch {
	case !o.alone:
		err = l.transaction(ctx, do)
	case l.broken != nil:
		err = l.broken
	default:
		err = do()
	}
	if err == nil {
		err = l.grownBy(ctx)
	}
	var refused *refusal
	switch {
	case err == nil:
	case errors.As(err, &refused):
		o.err = refused.err
	default:
		o.err = l.fail(err)
	}
}

// transaction runs do within one transaction of the writer's connection. The writer's own are never cut off in the
// middle: that would leave the waiters guessing.
func (l *Ledger) transaction(ctx context.Context, do func() error) error {
	if l.broken != nil {
		return l.broken
	}
	if err := l.exec(ctx, l.stmts.begin, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := do()
	if err == nil {
		err = l.flush(ctx)
	}
	if err == nil {
		crash.Point("commit begins")
		if err = l.exec(ctx, l.stmts.commit, "COMMIT"); err == nil {
			crash.Point("commit ends")
			return nil
		}
	}
	// Some errors end the transaction by themselves; then there is nothing to roll back, and that error says nothing.
	l.stmts.forget()
	_, _ = l.conn.ExecContext(ctx, "ROLLBACK")
	return err
}

// exec runs a statement, prepared or, while the ledger is being opened, not.
func (l *Ledger) exec(ctx context.Context, prepared *sql.Stmt, text string) (err error) {
	if prepared != nil {
		_, err = prepared.ExecContext(ctx)
	} else {
		_, err = l.conn.ExecContext(ctx, text)
	}
	return err
}

// flush writes what statements gathered.
func (l *Ledger) flush(ctx context.Context) error {
	err := l.stmts.flush(ctx, l.conn)
	for _, f := range l.book.opening {
		f.opening = false
	}
	clear(l.book.opening)
	l.book.opening = l.book.opening[:0]
	return err
}

// fail makes err the last word: after it nothing is taken.
func (l *Ledger) fail(err error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.broken == nil {
		l.broken = fmt.Errorf("%w. Nothing is sent that cannot be recorded", explain(l.path, err))
	}
	return l.broken
}
