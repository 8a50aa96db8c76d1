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
	messages    map[addr.Message]int64
	accounts    map[string]*account
	definitions map[definitionKey]int64
	flights     map[addr.Send]*flight
	opening     []*flight // those whose rows are gathered
}

type account struct {
	id         int64
	marked     bool
	lastIntent int64
	touched    bool // within this batch
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

// remember reads names and open intents.
func (l *Ledger) remember(ctx context.Context) error {
	b := &l.book
	b.messages, b.accounts = map[addr.Message]int64{}, map[string]*account{}
	b.definitions, b.flights = map[definitionKey]int64{}, map[addr.Send]*flight{}
	names := map[int64]addr.Message{}
	err := query(ctx, l.conn, func(rows *sql.Rows) error {
		var id int64
		var m addr.Message
		if err := rows.Scan(&id, &m.Sequence, &m.Name); err != nil {
			return err
		}
		b.messages[m], names[id] = id, m
		return nil
	}, "SELECT id, sequence, name FROM messages")
	if err != nil {
		return err
	}
	accounts := map[int64]*account{}
	accountNames := map[int64]string{}
	err = query(ctx, l.conn, func(rows *sql.Rows) error {
		var a account
		var name string
		var marked, last sql.NullInt64
		if err := rows.Scan(&a.id, &name, &marked, &last); err != nil {
			return err
		}
		a.marked, a.lastIntent = marked.Valid, last.Int64
		b.accounts[name], accounts[a.id], accountNames[a.id] = &a, &a, name
		return nil
	}, "SELECT id, name, marker_seen, last_intent FROM accounts")
	if err != nil {
		return err
	}
	return query(ctx, l.conn, func(rows *sql.Rows) error {
		var f flight
		var accountID, at int64
		var definition sql.NullInt64
		var content, destination, unique, token []byte
		if err := rows.Scan(&f.message, &f.Send.Key, &f.state, &accountID, &content, &destination, &definition, &unique,
			&f.Attempt, &token, &at, &f.run); err != nil {
			return err
		}
		f.Send.Message, f.account, f.Account = names[f.message], accounts[accountID], accountNames[accountID]
		if f.account == nil || f.Send.Sequence == "" || len(token) != 0 && len(token) != len(f.Key) {
			return damaged("an open intent names an account or message that is not there")
		}
		copy(f.Key[:], token)
		f.definition, f.At = definition.Int64, timeOf(at)
		b.flights[f.Send] = &f
		return errors.Join(f.Content.setBlob(content), f.Destination.setBlob(destination), f.Unique.setBlob(unique))
	}, `SELECT message, key, state, account, content, destination, definition, unique_by, attempts, token, at, run
		FROM flights`)
}
