package state

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"herald/internal/addr"
)

// stopped is the reason of what a dead process left open.
const stopped = "herald stopped before the answer came"

// book is what the writer remembers of the tables, so that it need not ask them.
type book struct {
	run         int64
	raised      bool // the run has raised the serial
	serial      int64
	log         int64           // see fold
	last        marker          // the last run
	forgotten   map[absent]bool // false where only what came earlier is known
	messages    map[addr.Message]int64
	accounts    map[string]*account
	definitions map[definitionKey]int64 // those given to StartRun
	flights     map[addr.Send]*flight
	opening     []*flight             // those whose rows are gathered
	opened      map[openingKey]Opened // conversations written in this batch, and not yet on the disk
}

type account struct {
	id         int64
	marked     bool
	lastIntent int64
	touched    bool // within this batch
}

// absent is a send whose key was forgotten.
type absent struct {
	message int64
	person  person
}

type definitionKey struct {
	message int64
	hash    Hash
}

// flight is an open intent.
type flight struct {
	Intent
	state      State
	message    int64
	account    *account
	definition int64
	run        int64
	reason     string
	opening    bool // its row is gathered and not yet written
}

// bury turns what a dead process left sending into doubt, and raises the serial for its run when it had not: what
// would be sent has changed.
func (l *Ledger) bury(ctx context.Context) error {
	var run sql.NullInt64
	err := l.conn.QueryRowContext(ctx, deadRun).Scan(&run)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	if run.Valid {
		if err := l.raise(ctx, run.Int64); err != nil {
			return err
		}
	}
	_, err = l.conn.ExecContext(ctx, "UPDATE flights SET state = ?, reason = ?, doubt_at = ? WHERE state = ?",
		InDoubt, stopped, time.Now().UnixNano(), Sending)
	return err
}

// deadRun finds, when something is left sending, the run that left it, NULL when that one has raised the serial
// already.
const deadRun = `SELECT CASE WHEN r.serial IS NULL THEN f.run END FROM flights f LEFT JOIN runs r ON r.id = f.run
WHERE f.state = 1 ORDER BY r.serial IS NOT NULL LIMIT 1`

// raise counts the serial up on behalf of a run.
func (l *Ledger) raise(ctx context.Context, run int64) error {
	l.book.serial++
	if _, err := l.conn.ExecContext(ctx, "UPDATE meta SET value = ? WHERE name = 'serial'",
		strconv.FormatInt(l.book.serial, 10)); err != nil {
		return err
	}
	_, err := l.conn.ExecContext(ctx, "UPDATE runs SET serial = ? WHERE id = ?", l.book.serial, run)
	return err
}

// changed counts the serial up for what changes what would be sent and is not of a run's sends.
func (l *Ledger) changed(ctx context.Context) error {
	l.book.raised = l.book.run != 0
	return l.raise(ctx, l.book.run)
}
