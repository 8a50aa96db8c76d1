package state

import (
	"context"
	"database/sql"
	"slices"

	"herald/internal/addr"
)

// renaming is one message to rename, or one send of it.
type renaming struct {
	from, to       addr.Message
	one            bool
	fromKey, toKey string
}

// renames gives what from and to mean for each message that is known, in order.
func (l *Ledger) renames(from, to addr.Target) (all []renaming) {
	for m := range l.book.messages {
		if !from.CoversMessage(m) {
			continue
		}
		r := renaming{from: m, to: addr.Message{Sequence: to.Sequence, Name: to.Message}, one: from.One, fromKey: from.Key, toKey: to.Key}
		if to.Message == "" {
			r.to.Name = m.Name
		}
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b renaming) int { return a.from.Compare(b.from) })
	return all
}

// countSends counts the sends to rename.
func (l *Ledger) countSends(ctx context.Context, r renaming) (n int, err error) {
	if r.one {
		was, err := l.stateOf(ctx, addr.Send{Message: r.from, Key: r.fromKey})
		if was != Untried {
			n = 1
		}
		return n, err
	}
	err = l.conn.QueryRowContext(ctx, "SELECT count(*) + (SELECT count(*) FROM forgotten WHERE message = ?1) FROM ("+keysOf+")",
		l.book.messages[r.from]).Scan(&n)
	return n, err
}

// keysOf gives the keys that are recorded for message ?1, settled or open.
const keysOf = "SELECT key FROM sends WHERE message = ?1 UNION SELECT key FROM flights WHERE message = ?1"

// taken gives the sends of the new name that are there already, and counts those of forgotten people, who have no names.
func (l *Ledger) taken(ctx context.Context, r renaming) (sends []addr.Send, hidden int, err error) {
	from, to := l.book.messages[r.from], l.book.messages[r.to]
	switch {
	case to == 0:
		return nil, 0, nil
	case r.one:
		s := addr.Send{Message: r.to, Key: r.toKey}
		if was, err := l.stateOf(ctx, s); err != nil || was == Untried {
			return nil, 0, err
		}
		return []addr.Send{s}, 0, nil
	}
	// Keys and digests of keys can only be compared here.
	theirs := map[person]bool{}
	for a, all := range l.book.forgotten {
		if all && a.message == from {
			theirs[a.person] = true
		}
	}
	if err := l.eachKey(ctx, from, func(key string) { theirs[personOf(key)] = true }); err != nil {
		return nil, 0, err
	}
	for a, all := range l.book.forgotten {
		if all && a.message == to && theirs[a.person] {
			hidden++
		}
	}
	err = l.eachKey(ctx, to, func(key string) {
		if theirs[personOf(key)] {
			sends = append(sends, addr.Send{Message: r.to, Key: key})
		}
	})
	return sends, hidden, err
}

// eachKey calls each with the keys recorded for a message, in order.
func (l *Ledger) eachKey(ctx context.Context, message int64, each func(key string)) error {
	return query(ctx, l.conn, func(rows *sql.Rows) error {
		var key string
		err := rows.Scan(&key)
		each(key)
		return err
	}, keysOf+" ORDER BY key", message)
}

// rename carries one renaming out.
func (l *Ledger) rename(ctx context.Context, r renaming) error {
	from := l.book.messages[r.from]
	if _, known := l.book.messages[r.to]; !known && !r.one {
		_, err := l.conn.ExecContext(ctx, "UPDATE messages SET sequence = ?, name = ? WHERE id = ?", r.to.Sequence, r.to.Name, from)
		return err
	}
	to, err := l.messageID(r.to)
	if err != nil {
		return err
	}
	var key, toKey, who, toWho any // NULL for all of them
	if r.one {
		if err := l.recall(ctx, from, r.fromKey); err != nil {
			return err
		}
		a, b := personOf(r.fromKey), personOf(r.toKey)
		key, toKey, who, toWho = r.fromKey, r.toKey, a[:], b[:]
	}
	// A row names the definition that belongs to its message.
	const definition = "definition = (SELECT t.id FROM definitions f JOIN definitions t ON t.hash = f.hash WHERE f.id = definition AND t.message = ?2)"
	const these = "message = ?1 AND (?3 IS NULL OR key = ?3)"
	const renamed = "message = ?2, key = ifnull(?4, key)"
	for _, statement := range []string{
		`INSERT OR IGNORE INTO definitions (message, hash, source, run) SELECT ?2, hash, source, run FROM definitions
			WHERE message = ?1 AND (?3 IS NULL OR id IN (SELECT definition FROM sends WHERE ` + these + `
				UNION SELECT definition FROM flights WHERE ` + these + " UNION SELECT definition FROM earlier WHERE " + these + ")) ORDER BY id",
		"UPDATE sends SET " + renamed + ", " + definition + " WHERE " + these,
		"UPDATE flights SET " + renamed + ", " + definition + " WHERE " + these,
		"UPDATE earlier SET " + renamed + ", " + definition + " WHERE " + these,
		"UPDATE decisions SET " + renamed + " WHERE " + these,
		"UPDATE OR REPLACE receipts SET " + renamed + " WHERE " + these,
		"UPDATE OR REPLACE used SET message = ?2, person = ifnull(?6, person) WHERE message = ?1 AND (?5 IS NULL OR person = ?5)",
		"UPDATE forgotten SET message = ?2, " + definition + " WHERE message = ?1 AND ?3 IS NULL",
		"UPDATE forgotten_earlier SET message = ?2 WHERE message = ?1 AND ?3 IS NULL",
		"DELETE FROM definitions WHERE message = ?1 AND ?3 IS NULL",
		"DELETE FROM messages WHERE id = ?1 AND ?3 IS NULL",
	} {
		if _, err := l.conn.ExecContext(ctx, statement, from, to, key, toKey, who, toWho); err != nil {
			return err
		}
	}
	return nil
}
