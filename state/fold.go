package state

import (
	"context"
	"strconv"
)

// foldAfter is how many pages of the log may have come before it is folded into the file: about 16 MB. A fold makes
// everybody who waits wait longer, so there are few.
const foldAfter = 4000

// How a fold is made: of what nobody still reads, or of all, leaving an empty log.
const (
	passive  = "PRAGMA wal_checkpoint(PASSIVE)"
	truncate = "PRAGMA wal_checkpoint(TRUNCATE)"
)

// fold lets SQLite write the log into the file, and leaves a trace by which a lost log is noticed. While the file is
// written its count named log is odd; as soon as that is done it is even again, which stands in the log only. So a file
// with an odd count and no log beside it has lost one. What SQLite tools do leaves no such file: whoever closes a ledger
// last folds the whole log in. It reports whether all of the log was folded.
func (l *Ledger) fold(ctx context.Context, checkpoint string) (whole bool, err error) {
	if l.book.log%2 == 0 {
		if err := l.count(ctx); err != nil {
			return false, err
		}
	}
	// What cannot be folded now, since somebody reads or the disk is full, stays in the log for the next time.
	var busy, have, folded int
	err = l.conn.QueryRowContext(ctx, checkpoint).Scan(&busy, &have, &folded)
	whole = err == nil && busy == 0 && have == folded
	l.unfolded = 0
	return whole, l.count(ctx)
}

// count counts the named log up, on the disk.
func (l *Ledger) count(ctx context.Context) error {
	_, err := l.conn.ExecContext(ctx, "UPDATE meta SET value = ? WHERE name = 'log'", strconv.FormatInt(l.book.log+1, 10))
	if err == nil {
		l.book.log++
	}
	return err
}

// foldOften folds the log when it has grown enough.
func (l *Ledger) foldOften() {
	if l.unfolded < foldAfter || l.broken != nil {
		return
	}
	if _, err := l.fold(context.Background(), passive); err != nil {
		_ = l.fail(err)
	}
}

// grown counts the pages that a commit of so many ops may have written: for each at most one of flights and one of sends,
// and a few that every commit writes.
func (l *Ledger) grown(ops int) { l.unfolded += 4 + 2*ops }

// grownBy counts the pages that a job may have written, by the rows that it changed.
func (l *Ledger) grownBy(ctx context.Context) error {
	was := l.changes
	if err := l.conn.QueryRowContext(ctx, "SELECT total_changes()").Scan(&l.changes); err != nil {
		return err
	}
	l.unfolded += 4 + int(l.changes-was)
	return nil
}
