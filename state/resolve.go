package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"herald/internal/addr"
)

// resolveErrors is how many refused decisions are told; the rest is counted.
const resolveErrors = 20

// Decision is what a person says about a send that is in doubt or refused.
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
		was, err := l.decidable(ctx, decisions)
		if err != nil {
			return err
		}
		for i, d := range decisions {
			if err := l.decide(ctx, d, was[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// decidable gives the state of each, or refuses those that cannot be decided.
func (l *Ledger) decidable(ctx context.Context, decisions []Decision) ([]State, error) {
	was := make([]State, len(decisions))
	seen := make(map[addr.Send]bool, len(decisions))
	var errs []error
	for i, d := range decisions {
		var err error
		if was[i], err = l.stateOf(ctx, d.Send); err != nil {
			return nil, err
		}
		switch {
		case seen[d.Send]:
			errs = append(errs, fmt.Errorf("%s is decided twice", d.Send))
		case was[i] == Sending:
			errs = append(errs, fmt.Errorf("%s is being sent right now; wait for the answer", d.Send))
		case was[i] != InDoubt && was[i] != Refused:
			errs = append(errs, fmt.Errorf("%s is %s; only what is in doubt or refused can be decided", d.Send, was[i]))
		}
		seen[d.Send] = true
	}
	if len(errs) > resolveErrors {
		errs = append(errs[:resolveErrors], fmt.Errorf("and %d more", len(errs)-resolveErrors))
	}
	if len(errs) > 0 {
		return nil, &refusal{errors.Join(errs...)}
	}
	return was, nil
}

// stateOf gives where a send stands now.
func (l *Ledger) stateOf(ctx context.Context, s addr.Send) (State, error) {
	if f, ok := l.book.flights[s]; ok {
		return f.state, nil
	}
	var state State
	err := l.conn.QueryRowContext(ctx, "SELECT state FROM sends WHERE message = ? AND key = ?",
		l.book.messages[s.Message], s.Key).Scan(&state)
	if errors.Is(err, sql.ErrNoRows) {
		return Untried, nil
	}
	return state, err
}

func (l *Ledger) decide(ctx context.Context, d Decision, was State) error {
	message := l.book.messages[d.Send.Message]
	sent := 0
	if d.Sent {
		sent = 1
	}
	_, err := l.conn.ExecContext(ctx,
		"INSERT INTO decisions (message, key, was, sent, who, reason, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
		message, d.Send.Key, int64(was), sent, d.Who, text(d.Reason), stamp(d.At))
	if err != nil {
		return err
	}
	switch {
	case was == InDoubt && d.Sent:
		f := l.book.flights[d.Send]
		err = l.land(ctx, f, &Result{Send: d.Send, State: Sent, Reason: d.Reason, At: d.At}, d.Who)
	case was == InDoubt:
		l.stmts.land.add(message, d.Send.Key)
	case d.Sent:
		err = l.acceptRefused(ctx, message, d)
	default:
		err = l.takeBack(ctx, message, d.Send.Key)
	}
	if err == nil {
		delete(l.book.flights, d.Send)
	}
	return err
}

// acceptRefused makes a refused send a sent one; the refusal is kept under earlier.
func (l *Ledger) acceptRefused(ctx context.Context, message int64, d Decision) error {
	person := personOf(d.Send.Key)
	if _, err := l.conn.ExecContext(ctx, `INSERT OR IGNORE INTO used (message, value, person)
		SELECT message, unique_by, ? FROM sends WHERE message = ? AND key = ? AND unique_by IS NOT NULL`,
		person[:], message, d.Send.Key); err != nil {
		return err
	}
	_, err := l.conn.ExecContext(ctx, `UPDATE sends SET state = ?, reason = ?, at = ?, decided_by = ?, unique_by = NULL
		WHERE message = ? AND key = ?`, int64(Sent), text(d.Reason), stamp(d.At), d.Who, message, d.Send.Key)
	return err
}

// takeBack removes a refusal, which is kept under earlier, and brings back what was sent before it: the person has got
// that, whatever became of the later attempt.
func (l *Ledger) takeBack(ctx context.Context, message int64, key string) error {
	var before sql.NullInt64
	if err := l.conn.QueryRowContext(ctx, "SELECT max(id) FROM earlier WHERE message = ? AND key = ? AND state = ?",
		message, key, int64(Sent)).Scan(&before); err != nil {
		return err
	}
	if _, err := l.stmts.keep.ExecContext(ctx, message, key); err != nil {
		return err
	}
	if _, err := l.conn.ExecContext(ctx, "DELETE FROM sends WHERE message = ? AND key = ?", message, key); err != nil {
		return err
	}
	if !before.Valid {
		return nil
	}
	if _, err := l.conn.ExecContext(ctx, "INSERT INTO sends ("+settledColumns+") SELECT "+settledColumns+
		" FROM earlier WHERE id = ?", before.Int64); err != nil {
		return err
	}
	_, err := l.conn.ExecContext(ctx, "DELETE FROM earlier WHERE id = ?", before.Int64)
	return err
}
