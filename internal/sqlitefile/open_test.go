package sqlitefile

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const testApplication = 0x54455354

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// madeTest makes a database with one table.
func madeTest(t *testing.T, path string) string {
	t.Helper()
	must(t, Create(t.Context(), path, testApplication, func(conn *sql.Conn) error {
		_, err := conn.ExecContext(t.Context(), "PRAGMA user_version = 3; CREATE TABLE x (y INTEGER PRIMARY KEY); INSERT INTO x VALUES (7)")
		return err
	}))
	return path
}

func openTest(t *testing.T, path string, how Access, pragmas ...string) *sql.Conn {
	t.Helper()
	db, conn, err := Open(t.Context(), path, how, pragmas...)
	must(t, err)
	t.Cleanup(func() { _ = Close(db, conn) })
	return conn
}

func execTest(t *testing.T, conn *sql.Conn, text string) error {
	_, err := conn.ExecContext(t.Context(), text)
	return err
}

// beside gives the names in a file's directory.
func beside(t *testing.T, path string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	must(t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestAccess(t *testing.T) {
	for _, tt := range []struct {
		how    Access
		writes bool
		beside []string // while it is read
	}{
		{ReadWrite, true, []string{"x.db", "x.db-shm", "x.db-wal"}},
		{ReadOnly, false, []string{"x.db", "x.db-shm", "x.db-wal"}},
		{Immutable, false, []string{"x.db"}},
	} {
		t.Run(string(tt.how), func(t *testing.T) {
			path := madeTest(t, filepath.Join(t.TempDir(), "x.db"))
			conn := openTest(t, path, tt.how)
			var y int
			must(t, conn.QueryRowContext(t.Context(), "SELECT y FROM x").Scan(&y))
			if y != 7 {
				t.Errorf("read %d", y)
			}
			if names := beside(t, path); !slices.Equal(names, tt.beside) {
				t.Errorf("beside it: %q", names)
			}
			if err := execTest(t, conn, "INSERT INTO x VALUES (8)"); (err == nil) != tt.writes {
				t.Errorf("writing: %v", err)
			}
			missing := filepath.Join(filepath.Dir(path), "missing.db")
			if db, conn, err := Open(t.Context(), missing, tt.how); err == nil {
				t.Error("a missing database was opened")
				must(t, Close(db, conn))
			}
			if found, err := Exists(missing); found || err != nil {
				t.Errorf("it was made: %v, %v", found, err)
			}
		})
	}
}

// A path may hold what means something in an address.
func TestOpenPaths(t *testing.T) {
	for _, name := range []string{"a b", "a?mode=ro", "a#b", "a%20b", "a&b=c", "ä", "a:b"} {
		path := madeTest(t, filepath.Join(t.TempDir(), name))
		if names := beside(t, path); !slices.Equal(names, []string{name}) {
			t.Errorf("%q made %q", name, names)
		}
		must(t, execTest(t, openTest(t, path, ReadWrite), "INSERT INTO x VALUES (8)"))
	}
}

func TestPragmas(t *testing.T) {
	conn := openTest(t, madeTest(t, filepath.Join(t.TempDir(), "x.db")), ReadWrite, "journal_mode(WAL)", "synchronous(FULL)", "journal_size_limit(99)")
	for pragma, want := range map[string]string{
		"busy_timeout": "10000", "temp_store": "2", "trusted_schema": "0", "cell_size_check": "1",
		"journal_mode": "wal", "synchronous": "2", "journal_size_limit": "99",
	} {
		var got string
		must(t, conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got))
		if got != want {
			t.Errorf("%s is %s, not %s", pragma, got, want)
		}
	}
	if err := execTest(t, conn, `SELECT "no such column"`); err == nil {
		t.Error("a word in double quotes was taken for a text")
	}
	if err := execTest(t, conn, "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = ''"); err == nil {
		t.Error("the schema could be written")
	}
}

func TestOneConnection(t *testing.T) {
	db, conn, err := Open(t.Context(), madeTest(t, filepath.Join(t.TempDir(), "x.db")), ReadWrite)
	must(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := db.Conn(ctx); err == nil {
		t.Error("there was a second connection")
	}
	if n := db.Stats().OpenConnections; n != 1 {
		t.Errorf("%d connections", n)
	}
	must(t, Close(db, conn))
	if err := conn.PingContext(t.Context()); !errors.Is(err, sql.ErrConnDone) {
		t.Errorf("after Close: %v", err)
	}
}

func TestKeepsLog(t *testing.T) {
	path := madeTest(t, filepath.Join(t.TempDir(), "x.db"))
	must(t, KeepsLog(t.Context(), openTest(t, path, ReadWrite, "journal_mode(WAL)")))
	err := KeepsLog(t.Context(), openTest(t, ":memory:", "mode=memory", "journal_mode(WAL)"))
	if err == nil || !strings.Contains(err.Error(), `says "memory": put it on a local disk`) {
		t.Errorf("of one in memory: %v", err)
	}
}
