package sqlitefile

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestCreate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	for _, left := range []string{".new", ".new-journal", ".new-wal", ".new-shm"} { // by a process that died
		must(t, os.WriteFile(path+left, []byte("torn"), 0o644))
	}
	madeTest(t, path)
	must(t, Sync(path))
	must(t, Sync(filepath.Dir(path)))
	if names := beside(t, path); !slices.Equal(names, []string{"x.db"}) {
		t.Errorf("made %q", names)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
		t.Errorf("its mode is %v, %v", info.Mode(), err)
	}
	h, err := ReadHeader(path)
	if want := (Header{Size: HeaderSize, SQLite: true, Application: testApplication, Version: 3}); err != nil || h != want {
		t.Errorf("its header: %+v, %v", h, err)
	}
	must(t, KeepsLog(t.Context(), openTest(t, path, ReadOnly)))
}

// What cannot be made leaves nothing, and what was there stays.
func TestCreateFails(t *testing.T) {
	no := errors.New("no")
	for name, fill := range map[string]func(*sql.Conn) error{
		"fill":      func(*sql.Conn) error { return no },
		"statement": func(conn *sql.Conn) error { return execTest(t, conn, "CREATE TABLE x (y); CREATE TABLE x (y)") },
		"commit":    func(conn *sql.Conn) error { return execTest(t, conn, "COMMIT") },
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.db")
			must(t, os.WriteFile(path, []byte("old"), 0o600))
			err := Create(t.Context(), path, testApplication, fill)
			if err == nil || name == "fill" && !errors.Is(err, no) {
				t.Errorf("the error: %v", err)
			}
			if names := beside(t, path); !slices.Equal(names, []string{"x.db"}) {
				t.Errorf("left %q", names)
			}
			if raw, err := os.ReadFile(path); err != nil || string(raw) != "old" {
				t.Errorf("what was there is %q, %v", raw, err)
			}
		})
	}
	t.Run("rename", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "x.db")
		must(t, os.Mkdir(path, 0o700))
		if err := Create(t.Context(), path, testApplication, func(*sql.Conn) error { return nil }); err == nil {
			t.Error("a directory was replaced")
		}
		if names := beside(t, path); !slices.Equal(names, []string{"x.db"}) {
			t.Errorf("left %q", names)
		}
	})
}

func TestRemove(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	must(t, remove(path))
	for _, suffix := range []string{"", "-journal", "-wal", "-shm", ".lock"} {
		must(t, os.WriteFile(path+suffix, nil, 0o600))
	}
	must(t, remove(path))
	if names := beside(t, path); !slices.Equal(names, []string{"x.db.lock"}) {
		t.Errorf("left %q", names)
	}
	must(t, os.MkdirAll(filepath.Join(path+"-wal", "full"), 0o700))
	if err := remove(path); err == nil {
		t.Error("what could not be removed was not told")
	}
}
