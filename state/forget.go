package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"herald/internal/addr"
)

// forgottenKey stands for an erased key in the command lines of runs.
const forgottenKey = `"(forgotten)"`

// Forget erases what is known of the person with this key, and keeps that they were written to: views answer for the key
// exactly as before, so that nobody is written to again because they were forgotten, and records no longer show them. It
// gives the number of sends of which something was known; 0 says that nothing was sent to anybody of that key.
//
// What stays of a send is its state, account, hashes and instants, under a digest of the key; see personOf for what that
// hides. Also the instants of its receipt stay, and no word of it: whoever has replied is not asked again. Conversations that
// were opened for the person are erased, so the next one to be opened is another. Definitions of messages stay as they were written. Sends in doubt must be decided first. Whoever is written to
// again, or decided about by address, is known again. Copies made earlier are not reached. Forget does not raise the serial.
//
// When it returns nil the key's bytes are in neither the file nor its log, or never were. When the error says that somebody
// reads the ledger, the person is forgotten, but the bytes may still be there: call it again.
func (l *Ledger) Forget(ctx context.Context, key, who string, at time.Time) (n int, err error) {
	err = l.run(ctx, func(ctx context.Context) error {
		known, err := l.forgettable(ctx, key)
		if err != nil {
			return err
		}
		n = len(known)
		return errors.Join(l.erase(ctx, key, who, at), l.eraseFromCommands(ctx, key))
	})
	if err != nil {
		return 0, err
	}
	return n, l.runAlone(ctx, l.scrub)
}

// forgettable gives the messages of which something is known of a person, or refuses while one of them is open.
func (l *Ledger) forgettable(ctx context.Context, key string) ([]addr.Send, error) {
	var known []addr.Send
	err := query(ctx, l.conn, func(rows *sql.Rows) error {
		s := addr.Send{Key: key}
		err := rows.Scan(&s.Sequence, &s.Name)
		known = append(known, s)
		return err
	}, `SELECT sequence, name FROM messages WHERE id IN (SELECT message FROM sends WHERE key = ?1
		UNION SELECT message FROM flights WHERE key = ?1 UNION SELECT message FROM earlier WHERE key = ?1
		UNION SELECT message FROM decisions WHERE key = ?1) ORDER BY 1, 2`, key)
	if err != nil {
		return nil, err
	}
	var errs refusals
	for _, s := range known {
		was, err := l.stateOf(ctx, s)
		if err != nil {
			return nil, err
		}
		switch _, ok := l.allow(s, was, forgotten); {
		case ok:
		case was == Sending:
			errs.add("%s is being sent right now; wait for the answer", s)
		default:
			errs.add("%s is %s; decide first: herald state resolve '%s' sent, or unsent", s, was, s)
		}
	}
	return known, errs.error()
}

// erase leaves of all rows with a key what forgotten holds.
func (l *Ledger) erase(ctx context.Context, key, who string, at time.Time) error {
	person := personOf(key)
	if _, err := l.conn.ExecContext(ctx, `INSERT INTO forgotten (message, person, state, account, content, destination, definition,
			unique_by, attempts, at, run, delivered, read, failed, replied, forgotten_by, forgotten_at)
		SELECT x.message, ?2, state, account, content, destination, definition, unique_by, attempts, at, run,
			c.delivered, c.read, c.failed, c.replied, ?3, ?4
		FROM sends x LEFT JOIN receipts c`+ofSent+` AND x.state = 2 WHERE x.key = ?1`, key, person[:], who, stamp(at)); err != nil {
		return err
	}
	if _, err := l.conn.ExecContext(ctx, `INSERT INTO forgotten_earlier (message, person, state, account, content, destination,
			attempts, at, run, decided_by)
		SELECT message, ?2, state, account, content, destination, attempts, at, run, iif(state = 4, decided_by, NULL) FROM earlier
		WHERE key = ?1 AND NOT removed AND (state = 2 OR state = 4 AND decided_by = ?3) ORDER BY id`, key, person[:], resent); err != nil {
		return err
	}
	if err := l.forgetOpenings(ctx, key); err != nil {
		return err
	}
	for _, table := range []string{"sends", "earlier", "decisions", "receipts"} {
		if _, err := l.conn.ExecContext(ctx, "DELETE FROM "+table+" WHERE key = ?", key); err != nil {
			return err
		}
	}
	if _, err := l.conn.ExecContext(ctx, "DELETE FROM moved WHERE ?1 IN (key, to_key)", key); err != nil {
		return err
	}
	return l.rememberForgotten(ctx)
}

// eraseFromCommands takes a key out of the addresses in what people typed.
func (l *Ledger) eraseFromCommands(ctx context.Context, key string) error {
	changed := map[int64]string{}
	if err := query(ctx, l.conn, func(rows *sql.Rows) error {
		var id int64
		var command string
		if err := rows.Scan(&id, &command); err != nil {
			return err
		}
		if without := withoutKey(command, key); without != command {
			changed[id] = without
		}
		return nil
	}, "SELECT id, command FROM runs"); err != nil {
		return err
	}
	for id, command := range changed {
		if _, err := l.conn.ExecContext(ctx, "UPDATE runs SET command = ? WHERE id = ?", command, id); err != nil {
			return err
		}
	}
	return nil
}

// withoutKey replaces the key in the addresses of sends within a text, however it is escaped there.
func withoutKey(text, key string) string {
	for from := 0; ; {
		at := strings.Index(text[from:], `["`)
		if at < 0 {
			return text
		}
		from += at
		for to := from; ; {
			end := strings.IndexByte(text[to:], ']')
			if end < 0 {
				break
			}
			to += end + 1
			if t, err := addr.Parse("a.b" + text[from:to]); err == nil {
				if t.Key == key {
					text = text[:from+1] + forgottenKey + text[to-1:]
				}
				break
			}
		}
		from++
	}
}

// scrub overwrites what deleted rows left behind in the file and its log. It is no part of a transaction.
func (l *Ledger) scrub(ctx context.Context) error {
	const again = "the person is forgotten, but the bytes of what was deleted may still be there: %w; then run the same again"
	for _, statement := range []string{"PRAGMA secure_delete = ON", "VACUUM"} {
		// A full disk is no reason to write nothing more: the file is as it was.
		if _, err := l.conn.ExecContext(ctx, statement); err != nil {
			return &refusal{explain(l.path, fmt.Errorf(again, err))}
		}
	}
	whole, err := l.fold(ctx, truncate)
	if err == nil && !whole {
		return &refusal{explain(l.path, fmt.Errorf(again, errors.New("another program reads it; close it")))}
	}
	return err
}

// recall gives a forgotten person back the key by which they are known again.
func (l *Ledger) recall(ctx context.Context, message int64, key string) error {
	if len(l.book.forgotten) == 0 {
		return nil
	}
	who := absent{message, personOf(key)}
	if _, known := l.book.forgotten[who]; !known {
		return nil
	}
	const from = " FROM forgotten WHERE message = ?1 AND person = ?2"
	const earlier = " FROM forgotten_earlier WHERE message = ?1 AND person = ?2"
	for _, statement := range []string{
		`INSERT INTO earlier (message, key, state, account, content, destination, attempts, at, run, decided_by)
			SELECT message, ?3, state, account, content, destination, attempts, at, run, decided_by` + earlier + " ORDER BY id",
		"DELETE" + earlier,
		`INSERT INTO sends (message, key, state, account, content, destination, definition, unique_by, attempts, at, run)
			SELECT message, ?3, state, account, content, destination, definition, unique_by, attempts, at, run` + from,
		`INSERT INTO receipts (message, key, token, delivered, read, failed, replied)
			SELECT message, ?3, x'', delivered, read, failed, replied` + from +
			" AND ifnull(ifnull(delivered, read), ifnull(failed, replied)) IS NOT NULL",
		"DELETE" + from,
	} {
		if _, err := l.conn.ExecContext(ctx, statement, message, who.person[:], key); err != nil {
			return err
		}
	}
	delete(l.book.forgotten, who)
	return nil
}
