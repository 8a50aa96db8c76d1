package state

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"herald/internal/addr"
)

// Awaited finds the send whose attempt carried this key in a place where a callback brings it back, and tells how that attempt
// stands: Sending, InDoubt, Sent or Refused. An attempt that went back, that was taken out, or that a newer one followed
// without its being known as sent, is not found; nor is one of a forgotten person.
func (r *Reader) Awaited(ctx context.Context, token [16]byte) (send addr.Send, account string, st State, ok bool, err error) {
	err = r.do(ctx, func(ctx context.Context, live bool) error {
		err := r.conn.QueryRowContext(ctx, awaited, token[:]).Scan(&send.Sequence, &send.Name, &send.Key, &account, &st)
		if errors.Is(err, sql.ErrNoRows) {
			send, account, st, ok = addr.Send{}, "", Untried, false
			return nil
		}
		if st == Sending && !live {
			st = InDoubt
		}
		ok = err == nil
		return err
	})
	if err != nil {
		return addr.Send{}, "", Untried, false, err
	}
	return send, account, st, ok, nil
}

const awaited = `SELECT m.sequence, m.name, found.key, a.name, found.state FROM (
		SELECT 1 AS rank, message, key, account, state FROM flights WHERE token = ?1 AND awaited = 1
		UNION ALL
		SELECT 2, message, key, account, state FROM sends WHERE token = ?1 AND awaited = 1
		UNION ALL
		SELECT 3, message, key, account, state FROM earlier WHERE token = ?1 AND awaited = 1 AND state = 2 AND NOT removed
	) found JOIN messages m ON m.id = found.message JOIN accounts a ON a.id = found.account ORDER BY rank LIMIT 1`

// At gives the sends that are settled as sent in a conversation of an account and had ended before an instant, the earliest
// first.
func (r *Reader) At(ctx context.Context, account, place string, before time.Time) (all []addr.Send, err error) {
	err = r.do(ctx, func(ctx context.Context, _ bool) error {
		all = nil
		return query(ctx, r.conn, func(rows *sql.Rows) error {
			var s addr.Send
			err := rows.Scan(&s.Sequence, &s.Name, &s.Key)
			all = append(all, s)
			return err
		}, sentIn, place, account, stamp(before))
	})
	return all, err
}

const sentIn = `SELECT m.sequence, m.name, x.key FROM sends x JOIN messages m ON m.id = x.message
	WHERE x.place = ? AND x.account = (SELECT id FROM accounts WHERE name = ?) AND x.at < ? AND x.state = 2 ORDER BY x.at, 1, 2, 3`
