package state

import (
	"context"
	"database/sql"
	"errors"

	"herald/internal/addr"
)

// remember reads what the writer must know of the tables.
func (l *Ledger) remember(ctx context.Context) (err error) {
	b := &l.book
	if b.last, err = standing(ctx, l.conn); err != nil {
		return err
	}
	names, err := l.rememberMessages(ctx)
	if err != nil {
		return err
	}
	accounts, err := l.rememberAccounts(ctx)
	if err != nil {
		return err
	}
	if err := errors.Join(l.rememberForgotten(ctx), l.rememberOpenings(ctx, accounts)); err != nil {
		return err
	}
	b.flights = map[addr.Send]*flight{}
	return query(ctx, l.conn, func(rows *sql.Rows) error {
		var f flight
		var account int64
		var definition sql.NullInt64
		var content, destination, unique, token []byte
		var at int64
		var place sql.NullString
		var awaited sql.NullBool
		if err := rows.Scan(&f.message, &f.Send.Key, &f.state, &account, &content, &destination, &definition, &unique,
			&f.Attempt, &token, &at, &f.run, &place, &awaited); err != nil {
			return err
		}
		f.Send.Message, f.account, f.Account = names[f.message], b.accounts[accounts[account]], accounts[account]
		if f.account == nil || f.Send.Sequence == "" || len(token) != 0 && len(token) != len(f.Key) {
			return damaged("an open intent names an account or message that is not there")
		}
		copy(f.Key[:], token)
		f.definition, f.At, f.Place, f.Awaited = definition.Int64, timeOf(at), place.String, awaited.Bool
		b.flights[f.Send] = &f
		return errors.Join(f.Content.setBlob(content), f.Destination.setBlob(destination), f.Unique.setBlob(unique))
	}, `SELECT message, key, state, account, content, destination, definition, unique_by, attempts, token, at, run, place, awaited
		FROM flights`)
}

// rememberMessages gives the names of messages by number.
func (l *Ledger) rememberMessages(ctx context.Context) (map[int64]addr.Message, error) {
	l.book.messages = map[addr.Message]int64{}
	names := map[int64]addr.Message{}
	return names, query(ctx, l.conn, func(rows *sql.Rows) error {
		var id int64
		var m addr.Message
		if err := rows.Scan(&id, &m.Sequence, &m.Name); err != nil {
			return err
		}
		l.book.messages[m], names[id] = id, m
		return nil
	}, "SELECT id, sequence, name FROM messages")
}

// rememberAccounts gives the names of accounts by number.
func (l *Ledger) rememberAccounts(ctx context.Context) (map[int64]string, error) {
	l.book.accounts = map[string]*account{}
	names := map[int64]string{}
	return names, query(ctx, l.conn, func(rows *sql.Rows) error {
		var a account
		var name string
		var marked, last sql.NullInt64
		if err := rows.Scan(&a.id, &name, &marked, &last); err != nil {
			return err
		}
		a.marked, a.lastIntent = marked.Valid, last.Int64
		l.book.accounts[name], names[a.id] = &a, name
		return nil
	}, "SELECT id, name, marker_seen, last_intent FROM accounts")
}

func (l *Ledger) rememberForgotten(ctx context.Context) error {
	l.book.forgotten = map[absent]bool{}
	return query(ctx, l.conn, func(rows *sql.Rows) error {
		var a absent
		var who []byte
		var all bool
		if err := rows.Scan(&a.message, &who, &all); err != nil {
			return err
		}
		var err error
		a.person, err = personIn(who)
		l.book.forgotten[a] = l.book.forgotten[a] || all
		return err
	}, "SELECT message, person, 1 FROM forgotten UNION ALL SELECT message, person, 0 FROM forgotten_earlier")
}

// rememberAnew reads everything again after names changed, also the definitions that were given to StartRun.
func (l *Ledger) rememberAnew(ctx context.Context) error {
	given := map[Hash]bool{}
	for d := range l.book.definitions {
		given[d.hash] = true
	}
	if err := l.remember(ctx); err != nil {
		return err
	}
	l.book.definitions = map[definitionKey]int64{}
	return query(ctx, l.conn, func(rows *sql.Rows) error {
		var id int64
		var d definitionKey
		var hash []byte
		if err := rows.Scan(&id, &d.message, &hash); err != nil {
			return err
		}
		err := d.hash.setBlob(hash)
		if given[d.hash] {
			l.book.definitions[d] = id
		}
		return err
	}, "SELECT id, message, hash FROM definitions")
}
