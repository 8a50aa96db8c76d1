package inbox

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
)

// batchLimit bounds how much one commit takes, and so how long the first of it waits.
const batchLimit = 256

// add is one call to write and the one who waits for it.
type add struct {
	item  Item
	mark  []byte
	fresh bool
	err   error
	done  chan struct{}
}

// Add makes a call durable: when it returns nil, and not before, the vendor may be told so. Fresh is false when the same
// call was there already; then nothing is added. While the call waits for the writer the end of ctx withdraws it; after
// that the answer is waited for. An error, such as that of a full disk, is of this call alone: later ones are tried anew.
func (in *Inbox) Add(ctx context.Context, item Item) (fresh bool, err error) {
	if err := item.check(); err != nil {
		return false, err
	}
	a := &add{item: item, mark: item.mark(), done: make(chan struct{})}
	if err := in.hand(ctx, a); err != nil {
		return false, err
	}
	<-a.done
	return a.fresh, a.err
}

// hand gives a call to the writer.
func (in *Inbox) hand(ctx context.Context, a *add) error {
	in.mu.RLock()
	defer in.mu.RUnlock()
	if in.closed {
		return ErrClosed
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	select {
	case in.adds <- a:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// write is the writer's goroutine: it takes all that waits, writes it, flushes once, and wakes everybody.
func (in *Inbox) write() {
	defer close(in.stopped)
	for first := range in.adds {
		batch := append(make([]*add, 0, batchLimit), first)
	gather:
		for len(batch) < batchLimit {
			select {
			case a, open := <-in.adds:
				if !open {
					break gather
				}
				batch = append(batch, a)
			default:
				break gather
			}
		}
		err := in.commit(batch)
		if err == nil {
			err = in.still()
		}
		if err != nil {
			err = explain(in.path, err)
			for _, a := range batch {
				a.fresh, a.err = false, err
			}
		}
		for _, a := range batch {
			close(a.done)
		}
	}
}

// commit writes calls in one transaction, in the order in which they were handed in.
func (in *Inbox) commit(batch []*add) error {
	ctx := context.Background()
	if _, err := in.conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := in.insertAll(ctx, batch)
	if err == nil {
		_, err = in.conn.ExecContext(ctx, "COMMIT")
	}
	if err != nil {
		// Some errors end the transaction by themselves; then there is nothing to roll back, and that error says nothing.
		_, _ = in.conn.ExecContext(ctx, "ROLLBACK")
	}
	return err
}

// still reports that the files which were written are those that a reader will find. A file that was removed or replaced
// takes calls as before, and is gone with them when it is closed.
func (in *Inbox) still() error {
	now, err := os.Stat(in.path)
	if err == nil && os.SameFile(now, in.file) {
		if now, err = os.Stat(in.path + "-wal"); err == nil {
			if in.log == nil {
				in.log = now
			}
			if os.SameFile(now, in.log) {
				return nil
			}
		}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return errors.New("it was removed or replaced, or its -wal file was, while calls are received; " +
		"what it still held is lost. Begin herald listen again: it makes a new one where there is none")
}

func (in *Inbox) insertAll(ctx context.Context, batch []*add) error {
	for _, a := range batch {
		i := a.item
		token := i.Token[:]
		if i.Token == (Token{}) {
			token = nil
		}
		body := i.Body
		if body == nil {
			body = []byte{} // nil would be NULL
		}
		delivery := sql.NullString{String: i.Delivery, Valid: i.Delivery != ""}
		result, err := in.insert.ExecContext(ctx, i.At.UnixNano(), i.Account, i.Callback, token, delivery, a.mark, body)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if err != nil {
			return err
		}
		a.fresh = n == 1
	}
	return nil
}
