package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"

	"modernc.org/sqlite" // also the driver "sqlite"
)

// access is how a database is opened.
type access string

const (
	readWrite access = "mode=rw"
	readOnly  access = "mode=ro"
	// immutable reads without locks and without the files that SQLite otherwise makes beside the database. It is right
	// only while nobody writes.
	immutable access = "mode=ro&immutable=1"
)

// openDatabase opens the file and gives its one connection: PRAGMAs belong to connections, and the pool of
// database/sql would hand out others.
func openDatabase(ctx context.Context, path string, how access, pragmas ...string) (*sql.DB, *sql.Conn, error) {
	// With the older kind of lock any close of the file in this process, such as sniff's, would give away the locks that
	// the writer holds on it. Where the kernel has no better kind, a process must not read what it has open.
	_, _ = sqlite.OFDLocking(true)
	q := url.Values{"_dqs": {"0"}, "_error_rc": {"1"}, "_defensive": {"1"}}
	// Memory for sorting, and no trust in what a tampered file may declare.
	q["_pragma"] = append([]string{"busy_timeout(10000)", "temp_store(MEMORY)", "trusted_schema(OFF)",
		"cell_size_check(ON)"}, pragmas...)
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

// closeDatabase closes both.
func closeDatabase(db *sql.DB, conn *sql.Conn) error {
	return errors.Join(conn.Close(), db.Close())
}

// query runs a statement and hands each row to scan. The error of the rows themselves is not forgotten.
func query(ctx context.Context, conn *sql.Conn, scan func(*sql.Rows) error, text string, args ...any) error {
	rows, err := conn.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// exists reports whether there is a file; a file that cannot be asked for is an error, never "none".
func exists(path string) (bool, error) {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// writable asks whether the file may be written: SQLite would open it for reading instead, and tell only when it is too
// late to stay out of it.
func writable(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return f.Close()
}

// readMeta gives the table of facts about the ledger itself. Its shape is the same in every format.
func readMeta(ctx context.Context, conn *sql.Conn) (map[string]string, error) {
	meta := map[string]string{}
	err := query(ctx, conn, func(rows *sql.Rows) error {
		var name, value string
		if err := rows.Scan(&name, &value); err != nil {
			return err
		}
		meta[name] = value
		return nil
	}, "SELECT name, value FROM meta")
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"lineage", "serial"} {
		if meta[name] == "" {
			return nil, damaged("it does not say its %s", name)
		}
	}
	return meta, nil
}

// checkFormat refuses a database that is newer than this herald. A header says it before SQLite reads the file; this
// one sees a change that is still in the -wal file.
func checkFormat(ctx context.Context, conn *sql.Conn) (int, error) {
	var format int
	if err := conn.QueryRowContext(ctx, "PRAGMA user_version").Scan(&format); err != nil {
		return 0, err
	}
	if format > Format {
		return 0, newer(ctx, conn, format)
	}
	if format < 1 {
		return 0, damaged("its format number is %d", format)
	}
	return format, nil
}

// newer is the refusal of a ledger that a later herald wrote, which the ledger names.
func newer(ctx context.Context, conn *sql.Conn, format int) error {
	by := "a later herald"
	if meta, err := readMeta(ctx, conn); err == nil && meta["written_by"] != "" {
		by = "herald " + plain(meta["written_by"])
	}
	return fmt.Errorf("it was written by %s, in format %d; this herald reads formats up to %d. Install %s or later",
		by, format, Format, by)
}
