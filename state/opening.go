package state

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"
)

// openings are the conversations that were opened, or are being opened: what is on the disk, for many to ask at once.
type openings struct {
	mu    sync.RWMutex
	known map[openingKey]Opened
}

type openingKey struct{ account, name string }

func (o Opened) key() openingKey { return openingKey{o.Account, o.Name} }

func (o *openings) get(k openingKey) (Opened, bool) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	known, ok := o.known[k]
	return known, ok
}

// Place gives what is known of a conversation, false when nobody tried to open it. It asks memory only.
func (l *Ledger) Place(account, name string) (Opened, bool) {
	return l.openings.get(openingKey{account, name})
}

// Opening makes it durable that a conversation is about to be opened, and gives what the ledger has of it: the key to open it
// with, when the first and the last attempt before this one began, and the place when there is one already, which makes the
// attempt needless. While it waits for the writer the end of ctx withdraws it.
func (l *Ledger) Opening(ctx context.Context, o Opened) (Opened, error) {
	w := ops.Get().(*op)
	w.kind, w.opened = opOpening, &o
	if err := l.submit(ctx, w); err != nil {
		return Opened{}, err
	}
	return o, nil
}

// Opened makes the place durable of a conversation that Opening was called for. It pays no heed to the end of ctx.
func (l *Ledger) Opened(ctx context.Context, o Opened) error {
	w := ops.Get().(*op)
	w.kind, w.opened = opOpened, &o
	return l.submit(context.WithoutCancel(ctx), w)
}

// opening finds what is known of a conversation, within the batch too.
func (l *Ledger) opening(k openingKey) (Opened, bool) {
	if o, ok := l.book.opened[k]; ok {
		return o, true
	}
	return l.openings.get(k)
}

// beginOpening writes an attempt to open a conversation, and makes of o what was known before. Refused is the caller's
// mistake; err is the disk's.
func (l *Ledger) beginOpening(ctx context.Context, o *Opened) (refused, err error) {
	if o.Account == "" || o.Name == "" || o.Key == [16]byte{} {
		return errors.New("a conversation is opened without an account, a name or a key; this is a bug in herald, please report it"), nil
	}
	account, err := l.accountOf(o.Account)
	if err != nil {
		return nil, err
	}
	at := stamp(o.Begun)
	now, known := l.opening(o.key())
	if known {
		if *o = now; now.Place != "" {
			return nil, nil
		}
		now.Tried = timeOf(at)
		_, err = l.conn.ExecContext(ctx, "UPDATE openings SET tried = ? WHERE account = ? AND name = ?", at, account.id, o.Name)
	} else {
		o.Begun, o.Tried, o.Place = timeOf(at), time.Time{}, ""
		now = *o
		now.Tried = o.Begun
		_, err = l.conn.ExecContext(ctx, "INSERT INTO openings (account, name, person, token, begun, tried) VALUES (?, ?, ?, ?, ?, ?)",
			account.id, o.Name, text(o.Person), o.Key[:], at, at)
	}
	l.book.opened[o.key()] = now
	return nil, err
}

// endOpening writes the place of a conversation.
func (l *Ledger) endOpening(ctx context.Context, o *Opened) (refused, err error) {
	known, ok := l.opening(o.key())
	switch {
	case !ok || o.Place == "":
		return errors.New("a conversation was opened without an attempt, or at no place; this is a bug in herald, please report it"), nil
	case known.Place == o.Place:
		return nil, nil
	}
	account, err := l.accountOf(o.Account)
	if err != nil {
		return nil, err
	}
	known.Place = o.Place
	l.book.opened[o.key()] = known
	_, err = l.conn.ExecContext(ctx, "UPDATE openings SET place = ? WHERE account = ? AND name = ?", o.Place, account.id, o.Name)
	return nil, err
}

// publish lets everybody know the conversations of a batch that is on the disk now.
func (l *Ledger) publish() {
	if len(l.book.opened) == 0 {
		return
	}
	l.openings.mu.Lock()
	defer l.openings.mu.Unlock()
	for k, o := range l.book.opened {
		l.openings.known[k] = o
	}
	clear(l.book.opened)
}

// rememberOpenings reads all of them.
func (l *Ledger) rememberOpenings(ctx context.Context, accounts map[int64]string) error {
	known := map[openingKey]Opened{}
	err := query(ctx, l.conn, func(rows *sql.Rows) error {
		var o Opened
		var account, begun, tried int64
		var person, place sql.NullString
		var token []byte
		if err := rows.Scan(&account, &o.Name, &person, &token, &begun, &tried, &place); err != nil {
			return err
		}
		if o.Account = accounts[account]; o.Account == "" || len(token) != len(o.Key) {
			return damaged("a conversation names an account that is not there, or its key has %d bytes", len(token))
		}
		copy(o.Key[:], token)
		o.Person, o.Place, o.Begun, o.Tried = person.String, place.String, timeOf(begun), timeOf(tried)
		known[o.key()] = o
		return nil
	}, "SELECT account, name, person, token, begun, tried, place FROM openings")
	l.openings.mu.Lock()
	defer l.openings.mu.Unlock()
	l.openings.known, l.book.opened = known, map[openingKey]Opened{}
	return err
}

// forgetOpenings erases the conversations that were opened for a person. A conversation that is opened for the same
// purpose later is another one.
func (l *Ledger) forgetOpenings(ctx context.Context, key string) error {
	_, err := l.conn.ExecContext(ctx, "DELETE FROM openings WHERE person = ?", key)
	l.openings.mu.Lock()
	defer l.openings.mu.Unlock()
	for k, o := range l.openings.known {
		if o.Person == key && key != "" {
			delete(l.openings.known, k)
		}
	}
	return err
}
