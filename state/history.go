package state

import (
	"context"
	"database/sql"
	"errors"

	"herald/internal/addr"
)

// Count is how many sends of a message are in a state.
type Count struct {
	Message addr.Message
	State   State
	Sends   int
}

// Resolved is a decision as the ledger keeps it.
type Resolved struct {
	Decision
	Was State // the state before
}

// Use is a unique_by value that was sent to, and the person it was sent to, as a hash of the key.
type Use struct {
	Message addr.Message
	Value   Hash
	Person  [16]byte
}

// Counts gives how many sends are in each state, in the order of messages, those of forgotten people too; the open intent
// counts, not what is under it.
func (r *Reader) Counts(ctx context.Context) (all []Count, err error) {
	err = r.do(ctx, func(ctx context.Context, live bool) error {
		all = nil
		return query(ctx, r.conn, func(rows *sql.Rows) error {
			var c Count
			if err := rows.Scan(&c.Message.Sequence, &c.Message.Name, &c.State, &c.Sends); err != nil {
				return err
			}
			all = append(all, c)
			return nil
		}, `SELECT m.sequence, m.name, x.state, sum(x.n) FROM (
				SELECT message, state, count(*) AS n FROM sends s
				WHERE NOT EXISTS (SELECT 1 FROM flights f WHERE f.message = s.message AND f.key = s.key) GROUP BY 1, 2
				UNION ALL
				SELECT message, state, count(*) FROM forgotten GROUP BY 1, 2
				UNION ALL
				SELECT message, CASE WHEN state = 1 AND NOT ?1 THEN 4 ELSE state END, count(*) FROM flights GROUP BY 1, 2
			) x JOIN messages m ON m.id = x.message GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`, live)
	})
	return all, err
}

// Runs gives all runs, oldest first.
func (r *Reader) Runs(ctx context.Context) (all []Run, err error) {
	err = r.do(ctx, func(ctx context.Context, live bool) error {
		if all, err = r.runs(ctx, "ORDER BY id"); err != nil || live {
			return err
		}
		return r.raised(ctx, all)
	})
	return all, err
}

// raised gives a dead run the serial that Info counts for what it left.
func (r *Reader) raised(ctx context.Context, runs []Run) error {
	var dead sql.NullInt64
	err := r.conn.QueryRowContext(ctx, deadRun).Scan(&dead)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !dead.Valid {
		return nil
	}
	if err != nil {
		return err
	}
	info, err := r.info(ctx, false)
	for i := range runs {
		if runs[i].ID == dead.Int64 {
			runs[i].Serial = info.Serial
		}
	}
	return err
}

func (r *Reader) runs(ctx context.Context, order string) (all []Run, err error) {
	err = query(ctx, r.conn, func(rows *sql.Rows) error {
		var run Run
		var started int64
		var ended, serial sql.NullInt64
		if err := rows.Scan(&run.ID, &run.Who, &run.Command, &run.Digest, &run.Version, &started, &ended, &run.Sent,
			&run.Refused, &run.InDoubt, &run.Unsent, &run.Skipped, &serial); err != nil {
			return err
		}
		run.Started, run.Ended, run.Finished = timeOf(started), timeOf(ended.Int64), ended.Valid
		run.Serial = serial.Int64
		all = append(all, run)
		return nil
	}, "SELECT id, who, command, digest, version, started, ended, sent, refused, in_doubt, unsent, skipped, serial FROM runs "+order)
	return all, err
}

// Definitions gives the definitions of all messages that were ever sent or tried, in the order in which they came.
func (r *Reader) Definitions(ctx context.Context) ([]Definition, error) {
	return r.definitions(ctx, "SELECT m.sequence, m.name, d.hash, d.source FROM definitions d JOIN messages m ON m.id = d.message ORDER BY d.id")
}

// Said gives for each message that was sent the definition of its last send.
func (r *Reader) Said(ctx context.Context) ([]Definition, error) {
	return r.definitions(ctx, `SELECT m.sequence, m.name, d.hash, d.source
		FROM (SELECT definition, max(at) FROM sends WHERE state = ? AND definition IS NOT NULL GROUP BY message) s
		JOIN definitions d ON d.id = s.definition JOIN messages m ON m.id = d.message ORDER BY m.sequence, m.name`, Sent)
}

func (r *Reader) definitions(ctx context.Context, text string, args ...any) (all []Definition, err error) {
	err = r.do(ctx, func(ctx context.Context, _ bool) error {
		all = nil
		return query(ctx, r.conn, func(rows *sql.Rows) error {
			var d Definition
			var hash []byte
			if err := rows.Scan(&d.Sequence, &d.Message, &hash, &d.Source); err != nil {
				return err
			}
			err := d.Hash.setBlob(hash)
			all = append(all, d)
			return err
		}, text, args...)
	})
	return all, err
}

// Accounts gives what is known of each provider account, by name.
func (r *Reader) Accounts(ctx context.Context) (all []Account, err error) {
	err = r.do(ctx, func(ctx context.Context, _ bool) error {
		all, err = r.accounts(ctx)
		return err
	})
	return all, err
}

func (r *Reader) accounts(ctx context.Context) (all []Account, err error) {
	err = query(ctx, r.conn, func(rows *sql.Rows) error {
		var a Account
		var marked, last sql.NullInt64
		err := rows.Scan(&a.Name, &marked, &last)
		a.MarkerSeen, a.LastIntent = timeOf(marked.Int64), timeOf(last.Int64)
		all = append(all, a)
		return err
	}, "SELECT name, marker_seen, last_intent FROM accounts ORDER BY name")
	return all, err
}

// KeyAttributes gives the attribute that identifies a person, per contacts source.
func (r *Reader) KeyAttributes(ctx context.Context) (all map[string]string, err error) {
	err = r.do(ctx, func(ctx context.Context, _ bool) error {
		all, err = r.keyAttributes(ctx)
		return err
	})
	return all, err
}

func (r *Reader) keyAttributes(ctx context.Context) (map[string]string, error) {
	all := map[string]string{}
	err := query(ctx, r.conn, func(rows *sql.Rows) error {
		var source, attribute string
		err := rows.Scan(&source, &attribute)
		all[source] = attribute
		return err
	}, "SELECT source, attribute FROM key_attributes")
	return all, err
}

// Decisions gives what people, settings and look-ups decided, oldest first.
func (r *Reader) Decisions(ctx context.Context) (all []Resolved, err error) {
	err = r.do(ctx, func(ctx context.Context, _ bool) error {
		all = nil
		return query(ctx, r.conn, func(rows *sql.Rows) error {
			var d Resolved
			var reason sql.NullString
			var at int64
			if err := rows.Scan(&d.Send.Sequence, &d.Send.Name, &d.Send.Key, &d.Was, &d.Sent, &d.Who, &reason, &at); err != nil {
				return err
			}
			d.Reason, d.At = reason.String, timeOf(at)
			all = append(all, d)
			return nil
		}, `SELECT m.sequence, m.name, d.key, d.was, d.sent, d.who, d.reason, d.at FROM decisions d
			JOIN messages m ON m.id = d.message ORDER BY d.id`)
	})
	return all, err
}

// Earlier gives what was settled for a send before what is settled now, and attempts in doubt of which nothing was settled,
// oldest first.
func (r *Reader) Earlier(ctx context.Context, s addr.Send) (all []Record, err error) {
	err = r.do(ctx, func(ctx context.Context, _ bool) error {
		all = nil
		messages, err := r.messages(ctx)
		if err != nil {
			return err
		}
		for id, m := range messages {
			if m == s.Message {
				all, err = r.earlier(ctx, numbered{id, m}, s.Key)
			}
		}
		return err
	})
	return all, err
}

// Uses gives the unique_by values that were sent to.
func (r *Reader) Uses(ctx context.Context) (all []Use, err error) {
	err = r.do(ctx, func(ctx context.Context, _ bool) error {
		all = nil
		return query(ctx, r.conn, func(rows *sql.Rows) error {
			var u Use
			var value, who []byte
			if err := rows.Scan(&u.Message.Sequence, &u.Message.Name, &value, &who); err != nil {
				return err
			}
			if len(who) != len(u.Person) {
				return damaged("the user of a unique value has %d bytes", len(who))
			}
			copy(u.Person[:], who)
			err := u.Value.setBlob(value)
			all = append(all, u)
			return err
		}, `SELECT m.sequence, m.name, u.value, u.person FROM used u JOIN messages m ON m.id = u.message
			ORDER BY 1, 2, 3, 4`)
	})
	return all, err
}
