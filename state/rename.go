package state

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"herald/internal/addr"
)

// Moved is a change of names as the ledger keeps it.
type Moved struct {
	From, To addr.Target
	Sends    int // that had the old name
	Who      string
	At       time.Time
}

// Move gives a sequence, a message or one send another name, with all that the ledger knows of it, and gives the number of
// sends that were moved. From and to are of the same kind. Nothing is moved when a send of the new name is there, when one
// is being sent, or when there is nothing of the old name. Move raises the serial.
func (l *Ledger) Move(ctx context.Context, from, to addr.Target, who string, at time.Time) (n int, err error) {
	err = l.runNoted(ctx, func(ctx context.Context) error {
		switch {
		case from.One != to.One || (from.Message == "") != (to.Message == ""):
			return refuse("%s is %s and %s is %s; give two names of the same kind", from, kindOf(from), to, kindOf(to))
		case from == to:
			return refuse("%s is already called that", from)
		}
		pairs := l.renames(from, to)
		if n, err = l.movable(ctx, from, to, pairs); err != nil {
			return err
		}
		for _, p := range pairs {
			if err := l.rename(ctx, p); err != nil {
				return err
			}
		}
		all, err := outlines(ctx, l.conn)
		if err != nil {
			return err
		}
		if err := l.setOutlines(ctx, renameOutlines(all, from, to)); err != nil {
			return err
		}
		if err := l.keepMove(ctx, Moved{From: from, To: to, Sends: n, Who: who, At: at}); err != nil {
			return err
		}
		if err := l.changed(ctx); err != nil {
			return err
		}
		return l.rememberAnew(ctx)
	})
	if err != nil {
		n = 0
	}
	return n, err
}

func kindOf(t addr.Target) string {
	switch {
	case t.One:
		return "one send"
	case t.Message != "":
		return "a message"
	}
	return "a sequence"
}

// movable counts the sends that would be moved, or refuses.
func (l *Ledger) movable(ctx context.Context, from, to addr.Target, pairs []renaming) (n int, err error) {
	var errs refusals
	for s, f := range l.book.flights {
		if _, ok := l.allow(s, f.state, renamed); !ok && from.Covers(s) {
			errs.add("%s is being sent right now; wait for the answer", s)
		}
	}
	if err := errs.error(); err != nil {
		return 0, err
	}
	var taken []addr.Send
	more := 0
	for _, p := range pairs {
		there, hidden, err := l.taken(ctx, p)
		if err != nil {
			return 0, err
		}
		taken, more = append(taken, there...), more+hidden
		sends, err := l.countSends(ctx, p)
		if err != nil {
			return 0, err
		}
		n += sends
	}
	switch {
	case n == 0:
		return 0, refuse("nothing in the ledger matches %s", from)
	case len(taken)+more > 0:
		return 0, refuse("%s cannot become %s, since there is already %s; nothing was moved. Look at both with herald state show, "+
			"and take one out with herald state rm", from, to, fewOf(taken, more))
	}
	return n, nil
}

// fewOf names the first few of many sends, and counts the others.
func fewOf(sends []addr.Send, more int) string {
	const few = 5
	var names []string
	for i, s := range sends {
		if i == few {
			more += len(sends) - few
			break
		}
		names = append(names, s.String())
	}
	if more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	return strings.Join(names, ", ")
}

func (l *Ledger) keepMove(ctx context.Context, m Moved) error {
	key := func(t addr.Target) any {
		if t.One {
			return t.Key
		}
		return nil
	}
	_, err := l.conn.ExecContext(ctx, `INSERT INTO moved (sequence, name, key, to_sequence, to_name, to_key, sends, who, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, m.From.Sequence, text(m.From.Message), key(m.From), m.To.Sequence, text(m.To.Message),
		key(m.To), m.Sends, m.Who, stamp(m.At))
	return err
}

// Moves gives the changes of names, oldest first.
func (r *Reader) Moves(ctx context.Context) (all []Moved, err error) {
	err = r.do(ctx, func(ctx context.Context, _ bool) error {
		all = nil
		return query(ctx, r.conn, func(rows *sql.Rows) error {
			var m Moved
			var name, key, toName, toKey sql.NullString
			var at int64
			err := rows.Scan(&m.From.Sequence, &name, &key, &m.To.Sequence, &toName, &toKey, &m.Sends, &m.Who, &at)
			m.From.Message, m.From.Key, m.From.One = name.String, key.String, key.Valid
			m.To.Message, m.To.Key, m.To.One = toName.String, toKey.String, toKey.Valid
			m.At = timeOf(at)
			all = append(all, m)
			return err
		}, "SELECT sequence, name, key, to_sequence, to_name, to_key, sends, who, at FROM moved ORDER BY id")
	})
	return all, err
}
