package state

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"

	"herald/internal/addr"
)

// statements are the ones that run once per send, prepared.
type statements struct {
	open, doubt, land, settle, keep, replace, use, last, mark *sql.Stmt
}

const settledColumns = "message, key, state, account, content, destination, definition, unique_by, attempts, token, " +
	"provider_id, status, reason, at, provider_at, run, decided_by"

func (s *statements) prepare(ctx context.Context, conn *sql.Conn) (err error) {
	const values = " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)"
	for _, p := range []struct {
		stmt **sql.Stmt
		text string
	}{
		{&s.open, `INSERT INTO flights (message, key, state, account, content, destination, definition, unique_by, attempts,
			token, at, run) VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)`},
		{&s.doubt, `UPDATE flights SET state = 4, provider_id = ?3, status = ?4, reason = ?5, doubt_at = ?6, provider_at = ?7
			WHERE message = ?1 AND key = ?2`},
		{&s.land, "DELETE FROM flights WHERE message = ?1 AND key = ?2"},
		{&s.settle, "INSERT INTO sends (" + settledColumns + ")" + values + " ON CONFLICT DO NOTHING"},
		{&s.keep, "INSERT INTO earlier (" + settledColumns + ") SELECT " + settledColumns +
			" FROM sends WHERE message = ?1 AND key = ?2"},
		{&s.replace, "REPLACE INTO sends (" + settledColumns + ")" + values},
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

func (s *statements) close() error {
	var errs []error
	for _, stmt := range []*sql.Stmt{s.open, s.doubt, s.land, s.settle, s.keep, s.replace, s.use, s.last, s.mark} {
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
	_, err = l.stmts.open.ExecContext(context.Background(), message, i.Send.Key, f.account.id, i.Content.blob(),
		i.Destination.blob(), orNull(f.definition), i.Unique.blob(), i.Attempt, i.Key[:], at, f.run)
	if err != nil {
		return nil, err
	}
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
	switch r.State {
	case Sent, Refused:
		err = l.land(ctx, f, r, "")
	case Untried:
		_, err = l.stmts.land.ExecContext(ctx, f.message, r.Send.Key)
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

// land writes the settled row of a flight and removes the flight; who is set when a person decided it. A row that was
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
	row := []any{f.message, key, int64(r.State), f.account.id, f.Content.blob(), f.Destination.blob(),
		orNull(f.definition), unique, f.Attempt, f.Key[:], text(r.ProviderID), text(r.Status), text(r.Reason),
		stamp(r.At), nanos(r.ProviderAt), run, text(who)}
	done, err := l.stmts.settle.ExecContext(ctx, row...)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil {
		return err
	} else if n == 0 {
		if _, err := l.stmts.keep.ExecContext(ctx, f.message, key); err != nil {
			return err
		}
		if _, err := l.stmts.replace.ExecContext(ctx, row...); err != nil {
			return err
		}
	}
	_, err = l.stmts.land.ExecContext(ctx, f.message, key)
	return err
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
