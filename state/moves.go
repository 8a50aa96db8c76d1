package state

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"herald/internal/addr"
)

// statements are the ones that run once per send or commit, prepared. Those that every send needs write many rows at a
// time; since an error of theirs ends the whole batch, they roll all of it back, which spares SQLite a journal for each.
type statements struct {
	open, settle, land           bulk
	begin, commit                *sql.Stmt
	doubt, keep, use, last, mark *sql.Stmt
}

const settledColumns = "message, key, state, account, content, destination, definition, unique_by, attempts, token, " +
	"provider_id, status, reason, at, provider_at, run, decided_by"

func (s *statements) prepare(ctx context.Context, conn *sql.Conn) (err error) {
	s.open = bulk{width: 11, row: "(?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)", between: ", ", head: `INSERT OR ROLLBACK INTO flights
		(message, key, state, account, content, destination, definition, unique_by, attempts, token, at, run) VALUES `}
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
	// A row that is replaced is kept, in the same statement: nothing that was sent is forgotten.
	if _, err := conn.ExecContext(ctx, "CREATE TEMP TRIGGER keep BEFORE UPDATE ON sends BEGIN INSERT INTO earlier ("+
		settledColumns+") VALUES (OLD."+strings.Join(columns, ", OLD.")+"); END"); err != nil {
		return err
	}
	for _, p := range []struct {
		stmt **sql.Stmt
		text string
	}{
		{&s.begin, "BEGIN IMMEDIATE"},
		{&s.commit, "COMMIT"},
		{&s.doubt, `UPDATE flights SET state = 4, provider_id = ?3, status = ?4, reason = ?5, doubt_at = ?6, provider_at = ?7
			WHERE message = ?1 AND key = ?2`},
		{&s.keep, "INSERT INTO earlier (" + settledColumns + ") SELECT " + settledColumns +
			" FROM sends WHERE message = ?1 AND key = ?2"},
		{&s.use, "INSERT OR IGNORE INTO used (message, value, person) VALUES (?1, ?2, ?3)"},
		{&s.last, "UPDATE accounts SET last_intent = ?2 WHERE id = ?1"},
		{&s.mark, "UPDATE accounts SET marker_seen = ?2 WHERE id = ?1"},
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
	for _, stmt := range []*sql.Stmt{s.begin, s.commit, s.doubt, s.keep, s.use, s.last, s.mark} {
		if stmt != nil {
			errs = append(errs, stmt.Close())
		}
	}
	return errors.Join(errs...)
}

// bug is the error for a call that the state machine does not know.
func bug(s addr.Send, format string, args ...any) error {
	return fmt.Errorf("%s: %s; this is a bug in herald, please report it", s, fmt.Sprintf(format, args...))
}

// intend opens a flight. refused is the caller's mistake; err is the disk's.
func (l *Ledger) intend(i *Intent) (refused, err error) {
	b := &l.book
	if open, ok := b.flights[i.Send]; ok {
		return bug(i.Send, "it is %s already, and a second attempt would be made", open.state), nil
	}
	switch {
	case b.run == 0:
		return bug(i.Send, "an attempt is made outside of a run"), nil
	case i.Send.Sequence == "" || i.Send.Name == "" || i.Account == "":
		return bug(i.Send, "an attempt without a message or an account"), nil
	}
	message, err := l.messageID(i.Send.Message)
	if err != nil {
		return nil, err
	}
	f := &flight{Intent: *i, state: Sending, message: message, run: b.run}
	if !i.Definition.IsZero() {
		if f.definition = b.definitions[definitionKey{message, i.Definition}]; f.definition == 0 {
			return bug(i.Send, "its definition %s was not given to StartRun", i.Definition), nil
		}
	}
	if f.account, err = l.accountOf(i.Account); err != nil {
		return nil, err
	}
	at := stamp(i.At)
	l.stmts.open.add(message, i.Send.Key, f.account.id, i.Content.blob(), i.Destination.blob(), orNull(f.definition),
		i.Unique.blob(), i.Attempt, f.Key[:], at, f.run)
	f.opening = true
	b.opening = append(b.opening, f)
	f.account.lastIntent, f.account.touched = max(f.account.lastIntent, at), true
	b.flights[i.Send] = f
	return nil, nil
}

// settle lands a flight, or leaves it in doubt.
func (l *Ledger) settle(r *Result) (refused, err error) {
	b := &l.book
	f, ok := b.flights[r.Send]
	if !ok {
		return bug(r.Send, "it got the outcome %s without an attempt", r.State), nil
	}
	ctx := context.Background()
	if f.opening {
		// Its row is gathered and not yet there: it must be, before it can be changed.
		if err := l.flush(ctx); err != nil {
			return nil, err
		}
	}
	switch r.State {
	case Sent, Refused:
		err = l.land(ctx, f, r, "")
	case Untried:
		l.stmts.land.add(f.message, r.Send.Key)
	case InDoubt:
		f.state, f.reason = InDoubt, r.Reason
		_, err = l.stmts.doubt.ExecContext(ctx, f.message, r.Send.Key, text(r.ProviderID), text(r.Status), text(r.Reason),
			stamp(r.At), nanos(r.ProviderAt))
	default:
		return bug(r.Send, "%s is no outcome of an attempt", r.State), nil
	}
	if err != nil {
		return nil, err
	}
	if r.State != InDoubt {
		delete(b.flights, r.Send)
	}
	if r.Marked && !f.account.marked {
		f.account.marked = true
		if _, err := l.stmts.mark.ExecContext(ctx, f.account.id, stamp(r.At)); err != nil {
			return nil, err
		}
	}
	if r.State != Untried && f.run == b.run && !b.raised {
		b.raised = true
		return nil, l.raise(ctx, b.run)
	}
	return nil, nil
}

// land gathers the settled row of a flight and the flight's end; who is set when a person decided it. A row that was
// there is kept under earlier.
func (l *Ledger) land(ctx context.Context, f *flight, r *Result, who string) error {
	key, run := f.Send.Key, f.run
	if l.book.run != 0 {
		run = l.book.run
	}
	unique := f.Unique.blob()
	if r.State == Sent {
		if unique != nil {
			person := personOf(key)
			if _, err := l.stmts.use.ExecContext(ctx, f.message, unique, person[:]); err != nil {
				return err
			}
		}
		unique = nil
	}
	l.stmts.settle.add(f.message, key, int64(r.State), f.account.id, f.Content.blob(), f.Destination.blob(),
		orNull(f.definition), unique, f.Attempt, f.Key[:], text(r.ProviderID), text(r.Status), text(r.Reason),
		stamp(r.At), nanos(r.ProviderAt), run, text(who))
	l.stmts.land.add(f.message, key)
	return nil
}

// touch writes when each account last began an attempt, once per batch.
func (l *Ledger) touch() error {
	for _, a := range l.book.accounts {
		if !a.touched {
			continue
		}
		a.touched = false
		if _, err := l.stmts.last.ExecContext(context.Background(), a.id, a.lastIntent); err != nil {
			return err
		}
	}
	return nil
}

// messageID gives the number of a message, a new one when it has none.
func (l *Ledger) messageID(m addr.Message) (int64, error) {
	if id, ok := l.book.messages[m]; ok {
		return id, nil
	}
	id, err := l.insert("INSERT INTO messages (sequence, name) VALUES (?, ?)", m.Sequence, m.Name)
	if err == nil {
		l.book.messages[m] = id
	}
	return id, err
}

// accountOf gives an account, a new one when the ledger does not know it.
func (l *Ledger) accountOf(name string) (*account, error) {
	if a, ok := l.book.accounts[name]; ok {
		return a, nil
	}
	id, err := l.insert("INSERT INTO accounts (name) VALUES (?)", name)
	if err != nil {
		return nil, err
	}
	a := &account{id: id}
	l.book.accounts[name] = a
	return a, nil
}

func (l *Ledger) insert(statement string, args ...any) (int64, error) {
	r, err := l.conn.ExecContext(context.Background(), statement, args...)
	if err != nil {
		return 0, err
	}
	return r.LastInsertId()
}

// personOf stands for a key where the key itself need not be kept.
func personOf(key string) (p [16]byte) {
	sum := sha256.Sum256([]byte(key))
	copy(p[:], sum[:])
	return p
}

// text is how a text is stored that may be missing.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// orNull is how a reference is stored that may be missing.
func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
