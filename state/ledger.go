package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"herald/internal/sqlitefile"
)

// Options says how a ledger is opened.
type Options struct {
	Version string // of herald, kept in the ledger
	Lineage string // that the configuration wants; "" takes any
	Create  bool   // make the ledger when it is missing and nothing says that one was here
	// NewLedger makes the ledger though the configuration names its lineage or the marker says that one was here. An
	// existing ledger is an error then.
	NewLedger bool
	// Marker is the path of the note, apart from the ledger, of which ledger is here and how far it had come; "" for none.
	// It is kept up to date, and an older copy of the ledger is refused by it.
	Marker string
	// Lock is the held lock of this ledger, and stays the caller's. Without it Open takes the lock, as Holder and
	// without waiting, and Close gives it back.
	Lock   *Lock
	Holder Holder
}

// Ledger is a ledger open for writing. Its methods may be called from many goroutines at once.
type Ledger struct {
	path    string
	lineage string
	own     *Lock // when Open took it

	db       *sql.DB
	conn     *sql.Conn // the writer's, as all up to unfolded: touched by Open, then by its goroutine only, then by Close
	stmts    statements
	book     book
	openings openings
	unfolded int   // pages of the log since it was folded, estimated
	changes  int64 // rows changed since it was opened, as last asked

	marker string
	noting sync.Mutex
	noted  marker // what the note at marker says; under noting

	latency atomic.Int64 // nanoseconds, moving average

	mu      sync.Mutex
	waiting []*op
	broken  error // set by the first commit that failed
	closing bool
	wake    chan struct{} // of size one
	stopped chan struct{}
}

// Open opens the ledger at path for writing, and makes it when o says so. What an earlier process left sending becomes
// in doubt: whoever opens holds the lock, so that process is dead.
func Open(ctx context.Context, path string, o Options) (_ *Ledger, err error) {
	if path, err = realPath(path); err != nil {
		return nil, err
	}
	l := &Ledger{path: path, marker: o.Marker, wake: make(chan struct{}, 1), stopped: make(chan struct{})}
	switch {
	case o.Lock == nil:
		if l.own, err = Acquire(ctx, path, o.Holder, 0); err != nil {
			return nil, err
		}
		defer func() {
			if err != nil {
				err = errors.Join(err, l.own.Release())
			}
		}()
	case o.Lock.path != path:
		return nil, fmt.Errorf("the ledger %s was opened with the lock of %s, which is a bug in herald", path, o.Lock.path)
	}
	if err := provide(ctx, path, o); err != nil {
		return nil, err
	}
	if err := sniff(ctx, path); err != nil {
		return nil, explain(path, err)
	}
	if _, err := sqlitefile.Writable(path); err != nil {
		return nil, explain(path, err)
	}
	if err := examine(ctx, path, o); err != nil {
		return nil, err
	}
	l.db, l.conn, err = sqlitefile.Open(ctx, path, sqlitefile.ReadWrite, "journal_mode(WAL)", "synchronous(FULL)",
		// See fold. The log's file is kept for its next round.
		"wal_autocheckpoint(0)", "journal_size_limit(67108864)")
	if err != nil {
		return nil, explain(path, err)
	}
	if err := l.prepare(ctx, o); err != nil {
		return nil, errors.Join(explain(path, err), sqlitefile.Close(l.db, l.conn))
	}
	go l.write()
	return l, nil
}

// prepare brings the database up to date and reads what the writer remembers.
func (l *Ledger) prepare(ctx context.Context, o Options) error {
	format, err := checkFormat(ctx, l.conn)
	if err != nil {
		return err
	}
	if err := sqlitefile.KeepsLog(ctx, l.conn); err != nil {
		return err
	}
	meta, err := readMeta(ctx, l.conn)
	if err != nil {
		return err
	}
	l.lineage, l.book.definitions = meta["lineage"], map[definitionKey]int64{}
	if l.book.serial, err = strconv.ParseInt(meta["serial"], 10, 64); err != nil {
		return damaged("its serial is %q", meta["serial"])
	}
	if l.book.log, err = logCount(meta); err != nil {
		return err
	}
	if err := l.transaction(ctx, func() error {
		if format < Format {
			if err := migrate(ctx, l.conn, format); err != nil {
				return err
			}
		}
		if o.Version != "" && meta["written_by"] != o.Version {
			_, err := l.conn.ExecContext(ctx, "UPDATE meta SET value = ? WHERE name = 'written_by'", o.Version)
			if err != nil {
				return err
			}
		}
		return l.bury(ctx)
	}); err != nil {
		return err
	}
	if err := l.remember(ctx); err != nil {
		return err
	}
	if err := l.stmts.prepare(ctx, l.conn); err != nil {
		return err
	}
	if _, err := l.fold(ctx, passive); err != nil {
		return err
	}
	return l.note(l.standing())
}

// Path gives the file, links followed.
func (l *Ledger) Path() string { return l.path }

// Lineage gives the name that the ledger got when it was made; copies have it too.
func (l *Ledger) Lineage() string { return l.lineage }

// CommitLatency is how long a write took from being handed in to being on the disk, of late; 0 before the first.
func (l *Ledger) CommitLatency() time.Duration { return time.Duration(l.latency.Load()) }

// View reads the ledger as it is on the disk now.
func (l *Ledger) View(ctx context.Context) (*View, error) {
	r := &Reader{path: l.path, writing: true}
	v, err := r.view(ctx)
	return v, errors.Join(err, r.Close())
}

// Close waits for what was handed in, and leaves one file. Nothing can be written after it.
func (l *Ledger) Close() error {
	l.mu.Lock()
	again := l.closing
	l.closing = true
	l.mu.Unlock()
	if again {
		return nil
	}
	l.nudge()
	<-l.stopped
	var errs []error
	// Whoever reads right now is waited for only a moment.
	_, _ = l.conn.ExecContext(context.Background(), "PRAGMA busy_timeout = 1000")
	if l.book.log%2 == 1 { // of a fold that failed
		_ = l.count(context.Background())
	}
	// A reader may keep the log from being folded in: then it stays beside the file, and the next run folds it in.
	if _, err := l.conn.ExecContext(context.Background(), truncate); err != nil && l.broken == nil {
		errs = append(errs, explain(l.path, err))
	}
	if err := errors.Join(l.stmts.close(), sqlitefile.Close(l.db, l.conn)); err != nil {
		errs = append(errs, explain(l.path, err))
	}
	if l.broken == nil {
		errs = append(errs, l.note(l.standing()))
	}
	if l.own != nil {
		errs = append(errs, l.own.Release())
	}
	return errors.Join(errs...)
}
