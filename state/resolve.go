package state

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"herald/internal/addr"
)

// Decision is what a person, or whoever else may, says about a send that is in doubt or refused.
type Decision struct {
	Send   addr.Send
	Sent   bool // it reached the provider; else it did not, and may be tried again
	Who    string
	Reason string // "" when none is given
	At     time.Time
}

// Resolve carries out decisions, all or none of them.
//
//	in doubt, sent     it is sent, as decided by Who
//	in doubt, not sent it is what it was before the attempt
//	refused, sent      it is sent, as decided by Who
//	refused, not sent  the refusal is taken back: it is what was sent before, else untried
//
// Any other send is an error that names its state. Resolve does not raise the serial.
func (l *Ledger) Resolve(ctx context.Context, decisions []Decision) error {
	return l.run(ctx, func(ctx context.Context) error {
		moves, err := l.decidable(ctx, decisions)
		if err != nil {
			return err
		}
		for i, m := range moves {
			if err := l.decide(ctx, m, decisions[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// decidable gives the move of each decision, or refuses those that cannot be carried out.
func (l *Ledger) decidable(ctx context.Context, decisions []Decision) ([]move, error) {
	moves := make([]move, len(decisions))
	seen := make(map[addr.Send]bool, len(decisions))
	var errs refusals
	for i, d := range decisions {
		was, err := l.stateOf(ctx, d.Send)
		if err != nil {
			return nil, err
		}
		e := decidedUnsent
		if d.Sent {
			e = decidedSent
		}
		m, ok := l.allow(d.Send, was, e)
		switch {
		case seen[d.Send]:
			errs.add("%s is decided twice", d.Send)
		case ok:
			moves[i] = m
		case was == Sending:
			errs.add("%s is being sent right now; wait for the answer", d.Send)
		default:
			errs.add("%s is %s; only what is in doubt or refused can be decided", d.Send, was)
		}
		seen[d.Send] = true
	}
	return moves, errs.error()
}

// stateOf gives where a send stands now.
func (l *Ledger) stateOf(ctx context.Context, s addr.Send) (state State, err error) {
	if f, ok := l.book.flights[s]; ok {
		return f.state, nil
	}
	message, person := l.book.messages[s.Message], personOf(s.Key)
	err = l.stmts.state.QueryRowContext(ctx, message, s.Key).Scan(&state)
	if errors.Is(err, sql.ErrNoRows) && l.book.forgotten[absent{message, person}] {
		err = l.conn.QueryRowContext(ctx, "SELECT state FROM forgotten WHERE message = ? AND person = ?", message, person[:]).Scan(&state)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return Untried, nil
	}
	return state, err
}

func (l *Ledger) decide(ctx context.Context, m move, d Decision) error {
	message := l.book.messages[m.send.Message]
	if err := errors.Join(l.recall(ctx, message, m.send.Key), l.decided(ctx, message, m, d)); err != nil {
		return err
	}
	switch {
	case m.from == InDoubt && m.to == Sent:
		return l.land(ctx, m, &Result{Reason: d.Reason, At: d.At, By: d.Who})
	case m.from == InDoubt:
		return l.abandon(ctx, m, d.Who)
	case m.to == Sent:
		return l.acceptRefused(ctx, message, m, d)
	}
	return l.takeBack(ctx, message, m)
}

// decided keeps who decided about a send.
func (l *Ledger) decided(ctx context.Context, message int64, m move, d Decision) error {
	_, err := l.conn.ExecContext(ctx,
		"INSERT INTO decisions (message, key, was, sent, who, reason, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
		message, m.send.Key, int64(m.from), d.Sent, d.Who, text(d.Reason), stamp(d.At))
	return err
}

// acceptRefused makes a refused send a sent one; the refusal is kept under earlier.
func (l *Ledger) acceptRefused(ctx context.Context, message int64, m move, d Decision) error {
	person := personOf(m.send.Key)
	if _, err := l.conn.ExecContext(ctx, `INSERT OR IGNORE INTO used (message, value, person)
		SELECT message, unique_by, ? FROM sends WHERE message = ? AND key = ? AND unique_by IS NOT NULL`,
		person[:], message, m.send.Key); err != nil {
		return err
	}
	_, err := l.conn.ExecContext(ctx, `UPDATE sends SET state = ?, reason = ?, at = ?, decided_by = ?, unique_by = NULL
		WHERE message = ? AND key = ?`, int64(m.to), text(d.Reason), stamp(d.At), d.Who, message, m.send.Key)
	return err
}

// takeBack removes a refusal, which is kept under earlier, and brings back what was sent before it: the person has got
// that, whatever became of the later attempt.
func (l *Ledger) takeBack(ctx context.Context, message int64, m move) error {
	var sent sql.NullInt64
	if err := l.conn.QueryRowContext(ctx, "SELECT max(id) FROM earlier WHERE message = ? AND key = ? AND state = ? AND NOT removed",
		message, m.send.Key, int64(Sent)).Scan(&sent); err != nil {
		return err
	}
	if err := l.shelve(ctx, message, m); err != nil || !sent.Valid {
		return err
	}
	if _, err := l.conn.ExecContext(ctx, "INSERT INTO sends ("+settledColumns+") SELECT "+settledColumns+
		" FROM earlier WHERE id = ?", sent.Int64); err != nil {
		return err
	}
	_, err := l.conn.ExecContext(ctx, "DELETE FROM earlier WHERE id = ?", sent.Int64)
	return err
}

// shelve moves a settled row, if there is one, to earlier.
func (l *Ledger) shelve(ctx context.Context, message int64, m move) error {
	if _, err := l.stmts.keep.ExecContext(ctx, message, m.send.Key); err != nil {
		return err
	}
	_, err := l.conn.ExecContext(ctx, "DELETE FROM sends WHERE message = ? AND key = ?", message, m.send.Key)
	return err
}
