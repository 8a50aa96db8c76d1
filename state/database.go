package state

import (
	"context"
	"database/sql"
	"fmt"
)

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
