package state

import (
	"os"
	"path/filepath"
	"testing"
)

// A copy that was made while a run went on does not know what that run sent afterwards. Put in the place of the ledger it
// would have all of them sent again; so it is refused, until somebody says that it shall go on.
func TestCopyOfARun(t *testing.T) {
	path := pathTest(t)
	o := Options{Create: true, Marker: filepath.Join(filepath.Dir(path), ".herald", "seen")}
	l := openTest(t, path, o)
	startTest(t, l)
	sendTest(t, l, "c1")
	out := filepath.Join(t.TempDir(), "copy.state")
	must(t, Copy(t.Context(), path, out))
	sendTest(t, l, "c2")
	// The process dies here: its run is never ended.
	must(t, l.Close())
	must(t, os.Rename(out, path))

	wantError(t, Expect(path, o), path, "made while run 1 went on", "DELETE FROM meta")
	_, err := Open(t.Context(), path, o)
	wantError(t, err, path, "made while run 1 went on")
	execTest(t, path, "DELETE FROM meta WHERE name = 'copied_in_run'")
	must(t, Expect(path, o))
	openTest(t, path, o)
}

// One that was made while nobody wrote is as good as the ledger.
func TestCopyOfTheWhole(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	sendTest(t, l, "c1")
	must(t, l.Close())
	out := filepath.Join(t.TempDir(), "copy.state")
	must(t, Copy(t.Context(), path, out))
	must(t, os.Rename(out, path))
	openTest(t, path, Options{})
}

// execTest changes a ledger that nobody has open, as somebody at a SQLite prompt would.
func execTest(t *testing.T, path, statement string) {
	t.Helper()
	db, conn, err := openDatabase(t.Context(), path, readWrite)
	must(t, err)
	_, err = conn.ExecContext(t.Context(), statement)
	must(t, err)
	must(t, closeDatabase(db, conn))
}
