package sqlitefile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestExplain(t *testing.T) {
	words := Words{Name: "the book", Damaged: "damaged", CannotOpen: "cannot be opened", DiskFull: "full", DiskFails: "fails"}
	// Each is an error of SQLite itself, made with the database at path.
	for name, tt := range map[string]struct {
		fails func(t *testing.T, path string) error
		says  string
	}{
		"noise": {func(t *testing.T, path string) error {
			must(t, os.WriteFile(path, []byte("this is no database, and is long enough for a header; this is no database, and is long enough for one"), 0o600))
			return execTest(t, openTest(t, path, ReadWrite), "SELECT * FROM x")
		}, words.Damaged},
		"a wrong type": {func(t *testing.T, path string) error {
			return execTest(t, openTest(t, path, ReadWrite), "INSERT INTO x VALUES ('seven')")
		}, words.Damaged},
		"full": {func(t *testing.T, path string) error {
			return execTest(t, openTest(t, path, ReadWrite), "PRAGMA max_page_count = 1; CREATE TABLE z (y)")
		}, words.DiskFull},
		"only read": {func(t *testing.T, path string) error {
			return execTest(t, openTest(t, path, ReadOnly), "INSERT INTO x VALUES (8)")
		}, readOnly},
		"missing": {func(t *testing.T, path string) error {
			_, _, err := Open(t.Context(), path+"x", ReadWrite)
			return err
		}, words.CannotOpen},
		"in use": {func(t *testing.T, path string) error {
			must(t, execTest(t, openTest(t, path, ReadWrite), "BEGIN IMMEDIATE"))
			return execTest(t, openTest(t, path, ReadWrite), "PRAGMA busy_timeout = 1; BEGIN IMMEDIATE")
		}, busy},
		"log cut off": {func(t *testing.T, path string) error {
			must(t, execTest(t, openTest(t, path, ReadWrite), "INSERT INTO x VALUES (8)"))
			must(t, os.Truncate(path+"-wal", 0))
			return execTest(t, openTest(t, path, ReadWrite), "SELECT * FROM x")
		}, words.DiskFails},
		"a wrong statement": {func(t *testing.T, path string) error {
			return execTest(t, openTest(t, path, ReadWrite), "SELEKT")
		}, ""},
		"no permission": {func(*testing.T, string) error { return fmt.Errorf("open it: %w", fs.ErrPermission) }, readOnly},
		"another error": {func(*testing.T, string) error { return errors.New("no") }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			path := madeTest(t, filepath.Join(t.TempDir(), "x.db"))
			err := tt.fails(t, path)
			if err == nil {
				t.Fatal("no error")
			}
			want := "the book " + path + ": "
			if tt.says != "" {
				want += tt.says + ": "
			}
			if got := words.Explain(path, err); got.Error() != want+err.Error() || !errors.Is(got, err) {
				t.Errorf("got  %v\nwant %v", got, want+err.Error())
			}
		})
	}
	if err := words.Explain("x", nil); err != nil {
		t.Errorf("of no error: %v", err)
	}
}
