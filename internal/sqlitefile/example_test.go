package sqlitefile_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"

	"herald/internal/sqlitefile"
)

// A file is made under its lock, told from others by its header, and read without a lock.
func Example() {
	if err := book(context.Background()); err != nil {
		fmt.Println(err)
	}
	// Output: version 1 has 3 rows
}

func book(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path, err := sqlitefile.RealPath(filepath.Join(dir, "some.book"))
	if err != nil {
		return err
	}
	lock, err := sqlitefile.Acquire(ctx, path, nil, 0)
	if err != nil {
		return err
	}
	err = sqlitefile.Create(ctx, path, 0x424f4f4b, func(conn *sql.Conn) error {
		_, err := conn.ExecContext(ctx, "PRAGMA user_version = 1; CREATE TABLE book (row TEXT); INSERT INTO book VALUES ('a'), ('b'), ('c')")
		return err
	})
	if err != nil {
		return err
	}
	if err := lock.Release(); err != nil {
		return err
	}
	head, err := sqlitefile.ReadHeader(path)
	if err != nil {
		return err
	}
	db, conn, err := sqlitefile.Open(ctx, path, sqlitefile.Immutable) // nobody writes it
	if err != nil {
		return err
	}
	defer sqlitefile.Close(db, conn)
	var rows int
	err = conn.QueryRowContext(ctx, "SELECT count(*) FROM book").Scan(&rows)
	fmt.Printf("version %d has %d rows\n", head.Version, rows)
	return err
}
