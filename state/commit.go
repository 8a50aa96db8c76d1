package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"herald/internal/crash"
)

// commit writes intents, outcomes and conversations in one transaction, in the order in which they were handed in. An op that breaks
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
			case opOpening:
				o.err, err = l.beginOpening(context.Background(), o.opened)
			case opOpened:
				o.err, err = l.endOpening(context.Background(), o.opened)
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
		l.publish()
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
