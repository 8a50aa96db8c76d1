package sqlitefile

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"

	"modernc.org/sqlite" // also the driver "sqlite"
)

// Access is how a database is opened.
type Access string

// The kinds of access. None makes a database that is missing.
const (
	ReadWrite Access = "mode=rw"
	ReadOnly  Access = "mode=ro"
	// Immutable reads without locks and without the files that SQLite otherwise makes beside the database. It is right
	// only while nobody writes.
	Immutable Access = "mode=ro&immutable=1"
)

// Open opens the file and gives its one connection: PRAGMAs belong to connections, and the pool of database/sql would hand
// out others. Pragmas are such as "synchronous(FULL)". Close closes both.
func Open(ctx context.Context, path string, how Access, pragmas ...string) (*sql.DB, *sql.Conn, error) {
	// With the older kind of lock any close of the file in this process, such as ReadHeader's, would give away the locks
	// that a writer in it holds. Where the kernel has no better kind, a process must not read what it has open.
	_, _ = sqlite.OFDLocking(true)
	q := url.Values{"_dqs": {"0"}, "_error_rc": {"1"}, "_defensive": {"1"}}
	// Memory for sorting, no trust in what a tampered file may declare, and on macOS a flush that reaches the disk itself.
	q["_pragma"] = append([]string{"busy_timeout(10000)", "temp_store(MEMORY)", "trusted_schema(OFF)",
		"cell_size_check(ON)", "fullfsync(ON)", "checkpoint_fullfsync(ON)"}, pragmas...)
	dsn := (&url.URL{Scheme: "file", Path: path, OmitHost: true}).String() + "?" + string(how) + "&" + q.Encode()
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, nil, err
	}
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return db, conn, nil
}

// Close closes what Open gave.
func Close(db *sql.DB, conn *sql.Conn) error { return errors.Join(conn.Close(), db.Close()) }

// KeepsLog says why a database that was opened with journal_mode(WAL) has no such log; nil when it has.
func KeepsLog(ctx context.Context, conn *sql.Conn) error {
	var mode string
	if err := conn.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return err
	}
	if mode != "wal" {
		return fmt.Errorf("SQLite cannot keep a write-ahead log for it here, but says %q: put it on a local disk", mode)
	}
	return nil
}
