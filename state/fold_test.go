package state

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// However much was folded of a log that is lost, the loss is noticed; and a log that an SQLite tool folded in is no loss.
func TestLostLog(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "herald.state")
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	folds := int64(0)
	for n := range 60 {
		sendTest(t, l, fmt.Sprintf("c%04d", n))
		if n%10 == 9 { // as if much had been written
			must(t, l.run(t.Context(), func(context.Context) error { l.unfolded = foldAfter; return nil }))
			folds++
		}
		file, err := os.ReadFile(path)
		must(t, err)
		away := filepath.Join(t.TempDir(), "herald.state")
		must(t, os.WriteFile(away, file, 0o600))
		_, err = Read(t.Context(), away)
		wantError(t, err, "its log herald.state-wal is missing")
	}
	must(t, l.Close())
	if l.book.log < 2*folds {
		t.Errorf("it was folded %d times at most, want %d", l.book.log/2, folds)
	}

	killed := killedTest(t, t.TempDir(), 5, Options{})
	db, conn, err := openDatabase(t.Context(), killed, readWrite)
	must(t, err)
	_, err = conn.ExecContext(t.Context(), "UPDATE meta SET value = value WHERE name = 'serial'")
	must(t, err)
	must(t, closeDatabase(db, conn)) // which folds
	if found, err := exists(walPath(killed)); found || err != nil {
		t.Fatalf("the log is still there: %v", err)
	}
	must(t, openTest(t, killed, Options{}).Close())
	if n := len(recordsTest(t, killed)); n != 10 {
		t.Errorf("%d records", n)
	}
}
