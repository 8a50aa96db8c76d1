package state

import (
	"context"
	"database/sql"
	"time"

	"herald/internal/addr"
)

// alikeBefore is how much earlier than an attempt another one counts. A provider's list is dated by its own clock, which
// is known only to a whole second and to the time that an answer takes, so a search reaches back further than the attempt
// itself; what it meets there must not pass for the attempt. To count one too many only leaves a send in doubt.
const alikeBefore = time.Minute

// alike counts the attempts that said the same in the same place at or after an instant and are not known to be unsent:
// settled as sent, whatever became of the row and also of the very send that is asked about, or another's that is still
// open or was given up in doubt. Where a provider's list shows messages without our mark, that many belong to others.
const alike = `SELECT
	(SELECT count(*) FROM sends x JOIN messages m ON m.id = x.message
		WHERE x.state = 2 AND x.content = ?1 AND x.destination = ?2 AND x.at >= ?3) +
	(SELECT count(*) FROM earlier x JOIN messages m ON m.id = x.message
		WHERE x.content = ?1 AND x.destination = ?2 AND (x.state = 2 AND x.at >= ?3 OR
			x.state = 4 AND (x.removed OR x.decided_by = ?7) AND NOT (m.sequence = ?4 AND m.name = ?5 AND x.key = ?6))) +
	(SELECT count(*) FROM forgotten_earlier x WHERE x.content = ?1 AND x.destination = ?2 AND (x.state = 2 AND x.at >= ?3 OR x.state = 4)) +
	(SELECT count(*) FROM forgotten x WHERE x.state = 2 AND x.content = ?1 AND x.destination = ?2 AND x.at >= ?3) +
	(SELECT count(*) FROM flights x JOIN messages m ON m.id = x.message
		WHERE x.content = ?1 AND x.destination = ?2 AND NOT (m.sequence = ?4 AND m.name = ?5 AND x.key = ?6))`

// Alike counts for an attempt of this run that is in doubt.
func (l *Ledger) Alike(ctx context.Context, s addr.Send, content, destination Hash, since time.Time) (n int, err error) {
	err = l.run(ctx, func(ctx context.Context) error {
		n, err = countAlike(ctx, l.conn, s, content, destination, since)
		return err
	})
	return n, err
}

// Alike counts for an attempt that an earlier run left in doubt.
func (r *Reader) Alike(ctx context.Context, d Record) (n int, err error) {
	err = r.do(ctx, func(ctx context.Context, _ bool) error {
		n, err = countAlike(ctx, r.conn, d.Send, d.Content, d.Destination, d.At)
		return err
	})
	return n, err
}

func countAlike(ctx context.Context, conn *sql.Conn, s addr.Send, content, destination Hash, since time.Time) (n int, err error) {
	err = conn.QueryRowContext(ctx, alike, content.blob(), destination.blob(), stamp(since.Add(-alikeBefore)), s.Sequence, s.Name, s.Key, resent).Scan(&n)
	return n, err
}
