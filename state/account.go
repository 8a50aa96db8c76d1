package state

import (
	"context"
	"time"
)

// Attempted notes that an account made a request that belongs to no send, say a test or a look-up: the next run counts it
// when it keeps to the account's limit. An earlier instant than the one known changes nothing.
func (l *Ledger) Attempted(ctx context.Context, name string, at time.Time) error {
	return l.run(ctx, func(ctx context.Context) error {
		a, err := l.accountOf(name)
		if err != nil {
			return err
		}
		if stamp(at) <= a.lastIntent {
			return nil
		}
		a.lastIntent = stamp(at)
		_, err = l.conn.ExecContext(ctx, "UPDATE accounts SET last_intent = ? WHERE id = ?", a.lastIntent, a.id)
		return err
	})
}
