package state

import (
	"context"
	"database/sql"
	"errors"
	"strings"
)

// statements are the ones that run once per send or commit, prepared. Those that every send needs write many rows at a
// time; since an error of theirs ends the whole batch, they roll all of it back, which spares SQLite a journal for each.
type statements struct {
	open, settle, land   bulk
	begin, commit        *sql.Stmt
	doubt, abandon, keep *sql.Stmt
	use, last, mark      *sql.Stmt
	receive, state       *sql.Stmt
}

const settledColumns = "message, key, state, account, content, destination, definition, unique_by, attempts, token, " +
	"provider_id, status, reason, at, provider_at, begun, place, awaited, run, decided_by"

func (s *statements) prepare(ctx context.Context, conn *sql.Conn) (err error) {
	s.open = bulk{width: 14, row: "(?" + strings.Repeat(", ?", 13) + ")", between: ", ", head: `INSERT OR ROLLBACK INTO flights
		(message, key, state, account, content, destination, definition, unique_by, attempts, token, at, run, place, awaited) VALUES `}
	s.land = bulk{width: 2, row: "(?, ?)", between: ", ", head: "DELETE FROM flights WHERE (message, key) IN (VALUES ", tail: ")"}
	columns := strings.Split(settledColumns, ", ")
	updates := make([]string, 0, len(columns))
	for _, c := range columns[2:] {
		updates = append(updates, c+" = excluded."+c)
	}
	s.settle = bulk{
		width: len(columns), row: "(?" + strings.Repeat(", ?", len(columns)-1) + ")", between: ", ",
		head: "INSERT OR ROLLBACK INTO sends (" + settledColumns + ") VALUES ",
		tail: " ON CONFLICT (message, key) DO UPDATE SET " + strings.Join(updates, ", "),
	}
	// A row that is replaced is kept, in the same statement: nothing that was sent is forgotten. Move changes names only.
	if _, err := conn.ExecContext(ctx, "CREATE TEMP TRIGGER keep BEFORE UPDATE OF state ON sends BEGIN INSERT INTO earlier ("+
		settledColumns+") VALUES (OLD."+strings.Join(columns, ", OLD.")+"); END"); err != nil {
		return err
	}
	for _, p := range []struct {
		stmt **sql.Stmt
		text string
	}{
		{&s.begin, "BEGIN IMMEDIATE"},
		{&s.commit, "COMMIT"},
		// What is known of the attempt already stays known when it is looked up in vain.
		{&s.doubt, `UPDATE flights SET state = 4, provider_id = ifnull(?3, provider_id), status = ifnull(?4, status), reason = ?5,
			doubt_at = ifnull(doubt_at, ?6), provider_at = ifnull(?7, provider_at), answered = max(answered, ?8)
			WHERE message = ?1 AND key = ?2`},
		{&s.abandon, "INSERT INTO earlier (" + settledColumns + ") SELECT " +
			strings.NewReplacer("begun", "at", "decided_by", "?3").Replace(settledColumns) + " FROM flights WHERE message = ?1 AND key = ?2"},
		{&s.keep, "INSERT INTO earlier (" + settledColumns + ") SELECT " + settledColumns +
			" FROM sends WHERE message = ?1 AND key = ?2"},
		{&s.use, "INSERT OR IGNORE INTO used (message, value, person) VALUES (?1, ?2, ?3)"},
		{&s.last, "UPDATE accounts SET last_intent = ?2 WHERE id = ?1"},
		{&s.mark, "UPDATE accounts SET marker_seen = ?2 WHERE id = ?1"},
		{&s.receive, receive},
		{&s.state, "SELECT state FROM sends WHERE message = ?1 AND key = ?2"},
	} {
		if *p.stmt, err = conn.PrepareContext(ctx, p.text); err != nil {
			return err
		}
	}
	return nil
}

// flush writes the rows that were gathered. Flights end before others begin, so that one send may end and begin again
// within a batch.
func (s *statements) flush(ctx context.Context, conn *sql.Conn) error {
	for _, b := range []*bulk{&s.land, &s.settle, &s.open} {
		if err := b.flush(ctx, conn); err != nil {
			return err
		}
	}
	return nil
}

// forget drops what was gathered for a transaction that failed.
func (s *statements) forget() {
	s.land.forget()
	s.settle.forget()
	s.open.forget()
}

func (s *statements) close() error {
	errs := []error{s.open.close(), s.settle.close(), s.land.close()}
	for _, stmt := range []*sql.Stmt{s.begin, s.commit, s.doubt, s.abandon, s.keep, s.use, s.last, s.mark, s.receive, s.state} {
		if stmt != nil {
			errs = append(errs, stmt.Close())
		}
	}
	return errors.Join(errs...)
}
