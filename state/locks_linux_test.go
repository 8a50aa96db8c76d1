package state

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"
	"modernc.org/sqlite"
)

// Looking at the file from the process that writes it must not give away its locks: another process could think that
// nobody has the ledger open, and remove the log under the writer.
func TestLocksSurviveReading(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	must(t, l.Intend(t.Context(), intentOf("c1")))
	if !sqlite.OFDLockingEnabled() {
		t.Skip("this system has only locks that belong to the process")
	}
	locked := func() bool {
		t.Helper()
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		must(t, err)
		defer f.Close()
		// The bytes that SQLite locks while a database is open; https://www.sqlite.org/src/file/src/os.h, SHARED_FIRST.
		ask := unix.Flock_t{Type: unix.F_WRLCK, Start: 0x40000000 + 2, Len: 510}
		must(t, unix.FcntlFlock(f.Fd(), unix.F_OFD_GETLK, &ask))
		return ask.Type != unix.F_UNLCK
	}
	if !locked() {
		t.Fatal("the open ledger is not locked")
	}
	if _, err := Read(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if !locked() {
		t.Error("reading it gave its lock away")
	}
}
