package state

import (
	"context"
	"time"

	"herald/internal/addr"
)

// takenOut is the reason of the decision that Remove leaves.
const takenOut = "taken out of the ledger"

// Remove makes the ledger forget that these sends were tried, all of them or none: they are untried afterwards, whatever
// they were, and their unique values are free. The file still tells of them, in earlier and decisions. What is being sent
// or is not there is an error. Remove raises the serial once.
func (l *Ledger) Remove(ctx context.Context, sends []addr.Send, who string, at time.Time) error {
	return l.runNoted(ctx, func(ctx context.Context) error {
		moves, err := l.removable(ctx, sends)
		if err != nil || len(moves) == 0 {
			return err
		}
		for _, m := range moves {
			if err := l.remove(ctx, m, Decision{Who: who, Reason: takenOut, At: at}); err != nil {
				return err
			}
		}
		return l.changed(ctx)
	})
}

// removable gives the moves, each send once, or refuses those that cannot be.
func (l *Ledger) removable(ctx context.Context, sends []addr.Send) ([]move, error) {
	moves := make([]move, 0, len(sends))
	seen := make(map[addr.Send]bool, len(sends))
	var errs refusals
	for _, s := range sends {
		if seen[s] {
			continue
		}
		seen[s] = true
		was, err := l.stateOf(ctx, s)
		if err != nil {
			return nil, err
		}
		m, ok := l.allow(s, was, removed)
		switch {
		case ok:
			moves = append(moves, m)
		case was == Sending:
			errs.add("%s is being sent right now; wait for the answer", s)
		default:
			errs.add("%s is %s, so there is nothing to remove", s, was)
		}
	}
	return moves, errs.error()
}

func (l *Ledger) remove(ctx context.Context, m move, d Decision) error {
	message := l.book.messages[m.send.Message]
	if err := l.recall(ctx, message, m.send.Key); err != nil {
		return err
	}
	if err := l.decided(ctx, message, m, d); err != nil {
		return err
	}
	if m.flight != nil {
		if err := l.abandon(ctx, m, d.Who); err != nil {
			return err
		}
	}
	if err := l.shelve(ctx, message, m); err != nil {
		return err
	}
	if _, err := l.conn.ExecContext(ctx, "UPDATE earlier SET removed = 1 WHERE message = ? AND key = ?", message, m.send.Key); err != nil {
		return err
	}
	if _, err := l.conn.ExecContext(ctx, "DELETE FROM receipts WHERE message = ? AND key = ?", message, m.send.Key); err != nil {
		return err
	}
	person := personOf(m.send.Key)
	_, err := l.conn.ExecContext(ctx, "DELETE FROM used WHERE message = ? AND person = ?", message, person[:])
	return err
}
