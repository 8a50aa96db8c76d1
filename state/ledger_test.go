package state

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestMissingLedger(t *testing.T) {
	for _, tt := range []struct {
		name   string
		o      Options
		marked bool // a ledger was here
		there  bool // a ledger is here
		wal    bool // only its -wal is here
		words  []string
	}{
		{name: "created when asked", o: Options{Create: true}},
		{name: "not created unasked", words: []string{"does not exist", "nothing was sent"}},
		{name: "lineage set", o: Options{Create: true, Lineage: "4f1c"},
			words: []string{"is missing", "4f1c", "written to again", "-new-ledger"}},
		{name: "new with lineage", o: Options{NewLedger: true, Lineage: "4f1c"}},
		{name: "new without lineage", o: Options{NewLedger: true}},
		{name: "was here", o: Options{Create: true}, marked: true,
			words: []string{"is missing", "marker", "lost-lineage", "written to again", "-new-ledger"}},
		{name: "new though one was here", o: Options{NewLedger: true}, marked: true},
		{name: "new though one is here", o: Options{NewLedger: true}, there: true,
			words: []string{"exists", "-new-ledger is only for a missing one"}},
		{name: "opened", there: true},
		{name: "lineage of another", o: Options{Lineage: "4f1c"}, there: true,
			words: []string{"this is another ledger", "its lineage is there", "wants 4f1c"}},
		{name: "lineage of this", o: Options{Lineage: "there"}, there: true},
		{name: "only the log is here", o: Options{Create: true, NewLedger: true}, wal: true,
			words: []string{"herald.state-wal", "bring the file back"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "herald.state")
			if tt.there {
				must(t, openTest(t, path, Options{NewLedger: true, Lineage: "there"}).Close())
			}
			if tt.marked {
				must(t, os.WriteFile(filepath.Join(dir, "marker"), []byte("lost-lineage\n"), 0o600))
			}
			if tt.wal {
				must(t, os.WriteFile(walPath(path), nil, 0o600))
			}
			tt.o.Marker = filepath.Join(dir, "marker")
			l, err := Open(t.Context(), path, tt.o)
			if len(tt.words) > 0 {
				wantError(t, err, append(tt.words, path)...)
				if _, held, herr := Held(path); held || herr != nil {
					t.Errorf("the lock is left: %v, %v", held, herr)
				}
				if found, _ := exists(path); found != tt.there {
					t.Errorf("there is a ledger: %v", found)
				}
				return
			}
			must(t, err)
			defer l.Close()
			if want := tt.o.Lineage; want != "" && l.Lineage() != want {
				t.Errorf("lineage %q, want %q", l.Lineage(), want)
			}
			if text, err := os.ReadFile(tt.o.Marker); err != nil || parseMarker(string(text)).lineage != l.Lineage() {
				t.Errorf("the marker says %q, %v", text, err)
			}
		})
	}
}

func TestLineageIsRandom(t *testing.T) {
	a := openTest(t, pathTest(t), Options{Create: true}).Lineage()
	b := openTest(t, pathTest(t), Options{Create: true}).Lineage()
	if a == b || len(a) < 32 {
		t.Errorf("%q and %q", a, b)
	}
}

// A clean close leaves one file, and reading leaves it so.
func TestOneFile(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	must(t, l.Intend(t.Context(), intentOf("c1")))
	must(t, l.Close())
	want := []string{"herald.state", "herald.state.lock"}
	if got := filesTest(t, filepath.Dir(path)); !slices.Equal(got, want) {
		t.Fatalf("closed: %v", got)
	}
	before, err := os.ReadFile(path)
	must(t, err)
	must(t, os.Remove(lockPath(path)))
	v, err := Read(t.Context(), path)
	must(t, err)
	if e, _ := v.Entry(sendOf("c1")); e.Now() != InDoubt || len(recordsTest(t, path)) != 1 {
		t.Errorf("entry %+v", e)
	}
	if got := filesTest(t, filepath.Dir(path)); !slices.Equal(got, want[:1]) {
		t.Errorf("read: %v", got)
	}
	if after, err := os.ReadFile(path); err != nil || !slices.Equal(before, after) {
		t.Errorf("reading changed the file: %v", err)
	}
}

// Whatever stands in the path, SQLite and herald mean the same file.
func TestOddPaths(t *testing.T) {
	for _, name := range []string{"a b", "a%20b", "a?mode=memory", "a#b", "é&x=1", "file:a", `a"b'c`} {
		path := filepath.Join(t.TempDir(), name)
		l := openTest(t, path, Options{Create: true})
		startTest(t, l)
		must(t, l.Intend(t.Context(), intentOf("c1")))
		must(t, l.Close())
		if got := filesTest(t, filepath.Dir(path)); !slices.Equal(got, []string{name, name + ".lock"}) {
			t.Errorf("%q: %q", name, got)
		}
		if v, err := Read(t.Context(), path); err != nil || v.Recorded(sendOf("").Message) != 1 {
			t.Errorf("%q: %+v, %v", name, v, err)
		}
	}
}

// Two names of one ledger mean one lock and one log.
func TestLinkedPath(t *testing.T) {
	path := pathTest(t)
	link := filepath.Join(t.TempDir(), "link.state")
	if err := os.Symlink(path, link); err != nil {
		t.Skip(err)
	}
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	must(t, l.Intend(t.Context(), intentOf("c1")))
	_, err := Open(t.Context(), link, Options{})
	var held *HeldError
	if !errors.As(err, &held) {
		t.Errorf("opened twice: %v", err)
	}
	v, err := Read(t.Context(), link)
	must(t, err)
	if e, _ := v.Entry(sendOf("c1")); e.Now() != Sending {
		t.Errorf("through the link: %+v", e)
	}
}

func TestNoLedger(t *testing.T) {
	format1, err := os.ReadFile("testdata/format-1.state")
	must(t, err)
	foreign := slices.Clone(format1)
	clear(foreign[headerApplication : headerApplication+4])
	for _, tt := range []struct {
		name  string
		bytes []byte
		words []string
	}{
		{"empty", nil, []string{"is empty", "left as it is"}},
		{"text", []byte("id,name\n1,Ada\n"), []string{"no SQLite database", "left as it is"}},
		{"long text", make([]byte, 10_000), []string{"no SQLite database"}},
		{"cut header", format1[:50], []string{"no SQLite database"}},
		{"foreign", foreign, []string{"no ledger of herald"}},
		{"cut", format1[:5000], []string{"damaged", "herald state pull"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := pathTest(t)
			must(t, os.WriteFile(path, tt.bytes, 0o600))
			_, err := Open(t.Context(), path, Options{Create: true})
			wantError(t, err, append(tt.words, path)...)
			_, err = Read(t.Context(), path)
			wantError(t, err, append(tt.words, path)...)
			for _, err := range Records(t.Context(), path) {
				wantError(t, err, tt.words...)
			}
			if tt.name == "cut" {
				return
			}
			if got, err := os.ReadFile(path); err != nil || !slices.Equal(got, tt.bytes) {
				t.Errorf("the file was touched: %v", err)
			}
			if got := filesTest(t, filepath.Dir(path)); !slices.Equal(got, []string{"herald.state", "herald.state.lock"}) {
				t.Errorf("files: %v", got)
			}
		})
	}
	t.Run("directory", func(t *testing.T) {
		dir := t.TempDir()
		_, err := Read(t.Context(), dir)
		wantError(t, err, "it is no file")
	})
	t.Run("missing directory", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "none", "herald.state")
		_, err := Open(t.Context(), path, Options{Create: true})
		wantError(t, err, "its directory does not exist")
		v, err := Read(t.Context(), path)
		if err != nil || v.Exists {
			t.Errorf("%+v, %v", v, err)
		}
	})
	t.Run("missing", func(t *testing.T) {
		path := pathTest(t)
		v, err := Read(t.Context(), path)
		must(t, err)
		if _, ok := v.Entry(sendOf("c1")); ok || v.Exists || len(v.Messages()) != 0 || v.UniqueUsed(sendOf("a"), hashOf('u')) {
			t.Errorf("%+v", v)
		}
		if len(recordsTest(t, path)) != 0 || len(filesTest(t, filepath.Dir(path))) != 0 {
			t.Error("something came of nothing")
		}
		if _, err := OpenReader(t.Context(), path); !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
	})
}

// A newer format is refused by name, by who wrote it, and nothing is touched.
func TestNewerFormat(t *testing.T) {
	make := func(t *testing.T, path string) {
		l := openTest(t, path, Options{Create: true, Version: "9.9.9"})
		must(t, l.Close())
	}
	words := []string{"written by herald 9.9.9", "format 2", "reads formats up to 1", "Install herald 9.9.9 or later"}
	t.Run("in the file", func(t *testing.T) {
		path := pathTest(t)
		make(t, path)
		raw, err := os.ReadFile(path)
		must(t, err)
		binary.BigEndian.PutUint32(raw[headerUserVersion:], 2)
		must(t, os.WriteFile(path, raw, 0o600))
		_, err = Open(t.Context(), path, Options{Version: "0.1.0"})
		wantError(t, err, append(words, path)...)
		_, err = Read(t.Context(), path)
		wantError(t, err, append(words, path)...)
		if got, err := os.ReadFile(path); err != nil || !slices.Equal(got, raw) {
			t.Errorf("the file was touched: %v", err)
		}
	})
	t.Run("in the log", func(t *testing.T) {
		path := pathTest(t)
		make(t, path)
		db, conn, err := openDatabase(t.Context(), path, readWrite)
		must(t, err)
		defer closeDatabase(db, conn)
		_, err = conn.ExecContext(t.Context(), "PRAGMA user_version = 2")
		must(t, err)
		_, err = Read(t.Context(), path)
		wantError(t, err, words...)
		_, err = Open(t.Context(), path, Options{Version: "0.1.0"})
		wantError(t, err, words...)
	})
}

func TestLockOfAnother(t *testing.T) {
	lock, err := Acquire(t.Context(), pathTest(t), Holder{}, 0)
	must(t, err)
	defer lock.Release()
	_, err = Open(t.Context(), pathTest(t), Options{Create: true, Lock: lock})
	wantError(t, err, "with the lock of", "bug")
}
