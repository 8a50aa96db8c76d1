package state

import (
	"bytes"
	"encoding/binary"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// fault is something wrong with a ledger, and what herald says of it.
type fault struct {
	name    string
	prepare func(t *testing.T, dir string) Options // makes what lies at dir/herald.state
	reads   bool                                   // a reader need not mind
	says    []string                               // what is wrong, and how to mend it
}

const (
	mendPath  = "Mend the path, or move the file away"
	wholeCopy = "herald state pull -out=FILE"
	anew      = "If it shall be a new one, say apply -new-ledger"
)

func faults() []fault {
	file := func(content []byte) func(*testing.T, string) Options {
		return func(t *testing.T, dir string) Options {
			must(t, os.WriteFile(filepath.Join(dir, "herald.state"), content, 0o600))
			return Options{Create: true}
		}
	}
	// harmed makes a closed ledger whose bytes are changed.
	harmed := func(harm func(t *testing.T, raw []byte) []byte) func(*testing.T, string) Options {
		return func(t *testing.T, dir string) Options {
			raw, err := os.ReadFile(fixture)
			must(t, err)
			must(t, os.WriteFile(filepath.Join(dir, "herald.state"), harm(t, raw), 0o600))
			return Options{}
		}
	}
	marker := func(dir string) Options { return Options{Marker: filepath.Join(dir, "seen")} }
	return []fault{
		{name: "text", prepare: file([]byte("id,name\n1,Ada\n")), says: []string{"no SQLite database", mendPath}},
		{name: "empty", prepare: file(nil), says: []string{"the file is empty", mendPath}},
		{name: "another database", says: []string{"no ledger of herald", mendPath}, prepare: harmed(func(_ *testing.T, raw []byte) []byte {
			clear(raw[headerApplication : headerApplication+4])
			return raw
		})},
		{name: "a directory", says: []string{"it is no file", "give the path of a ledger"}, prepare: func(t *testing.T, dir string) Options {
			must(t, os.Mkdir(filepath.Join(dir, "herald.state"), 0o700))
			return Options{Create: true}
		}},
		{name: "newer", says: []string{"written by herald", "reads formats up to 1", "Install herald later or later"}, prepare: harmed(func(t *testing.T, raw []byte) []byte {
			binary.BigEndian.PutUint32(raw[headerUserVersion:], 2)
			return bytes.Replace(raw, []byte("written_by0.1.0"), []byte("written_bylater"), 1)
		})},
		{name: "cut short", prepare: harmed(func(_ *testing.T, raw []byte) []byte { return raw[:len(raw)/2] }), says: []string{"is damaged", wholeCopy}},
		{name: "a page of noise", says: []string{"is damaged", wholeCopy}, prepare: harmed(func(_ *testing.T, raw []byte) []byte {
			copy(raw[3*4096:4*4096], bytes.Repeat([]byte{0xa5}, 4096))
			return raw
		})},
		// The last row of each page is not counted any more: SQLite reads that without a word.
		{name: "a hidden row", says: []string{"is damaged", "SQLite finds", wholeCopy}, prepare: harmed(func(t *testing.T, raw []byte) []byte {
			hidden := 0
			for at := 4096; at < len(raw); at += 4096 {
				if n := binary.BigEndian.Uint16(raw[at+3:]); raw[at] == 10 && n > 1 {
					binary.BigEndian.PutUint16(raw[at+3:], n-1)
					hidden++
				}
			}
			if hidden < 3 {
				t.Fatalf("only %d rows were hidden", hidden)
			}
			return raw
		})},
		{name: "of another lineage", reads: true, says: []string{"another ledger", "Mend the path of the ledger, or the lineage"}, prepare: func(t *testing.T, dir string) Options {
			must(t, openTest(t, filepath.Join(dir, "herald.state"), Options{Create: true}).Close())
			return Options{Lineage: "4f1c"}
		}},
		{name: "missing, lineage set", reads: true, says: []string{"is missing", "lineage", anew}, prepare: func(*testing.T, string) Options {
			return Options{Create: true, Lineage: "4f1c"}
		}},
		{name: "missing, was here", reads: true, says: []string{"is missing", "shows that one was here", anew}, prepare: func(t *testing.T, dir string) Options {
			o := marker(dir)
			o.Create = true
			must(t, writeMarker(o.Marker, markerTest("lost", 3, 2)))
			return o
		}},
		{name: "only the log", reads: true, says: []string{"is missing", "bring the file back"}, prepare: func(t *testing.T, dir string) Options {
			must(t, os.Remove(killedTest(t, dir, 3, Options{})))
			return Options{Create: true}
		}},
		{name: "log missing", says: []string{"its log herald.state-wal is missing", "bring it back", wholeCopy}, prepare: func(t *testing.T, dir string) Options {
			must(t, os.Remove(walPath(killedTest(t, dir, 3, Options{}))))
			return Options{}
		}},
		{name: "log emptied", says: []string{"its log herald.state-wal is missing", "bring it back", wholeCopy}, prepare: func(t *testing.T, dir string) Options {
			must(t, os.Truncate(walPath(killedTest(t, dir, 3, Options{})), 0))
			return Options{}
		}},
		{name: "log of another ledger", says: []string{"does not belong to it", "Bring back the log that does"}, prepare: func(t *testing.T, dir string) Options {
			path, other := killedTest(t, dir, 3, Options{}), killedTest(t, t.TempDir(), 3, Options{})
			must(t, os.Rename(walPath(other), walPath(path)))
			return Options{}
		}},
		{name: "log of an older state", says: []string{"does not belong to it", "older than the file", "Bring back the log that does"}, prepare: func(t *testing.T, dir string) Options {
			path := killedTest(t, dir, 3, Options{})
			log, err := os.ReadFile(walPath(path))
			must(t, err)
			for range 2 { // two runs later
				l := openTest(t, path, Options{})
				startTest(t, l)
				must(t, l.Close())
			}
			must(t, os.WriteFile(walPath(path), log, 0o600))
			return Options{}
		}},
		{name: "log damaged", says: []string{"herald.state-wal is damaged", wholeCopy}, prepare: func(t *testing.T, dir string) Options {
			path := killedTest(t, dir, 3, Options{})
			log, err := os.ReadFile(walPath(path))
			must(t, err)
			log[len(log)/2] ^= 1
			must(t, os.WriteFile(walPath(path), log, 0o600))
			return Options{}
		}},
		{name: "an older copy", reads: true, says: []string{"an older copy: run 2 by ada@host of 20", "is missing", "would be sent again", "Put the newest copy back", "delete "}, prepare: func(t *testing.T, dir string) Options {
			o, path := marker(dir), filepath.Join(dir, "herald.state")
			o.Create = true
			l := openTest(t, path, o)
			must(t, l.EndRun(t.Context(), startTest(t, l)))
			must(t, l.Close())
			raw, err := os.ReadFile(path)
			must(t, err)
			l = openTest(t, path, o)
			startTest(t, l) // and is killed for all that the note knows
			must(t, l.Close())
			must(t, os.WriteFile(path, raw, 0o600))
			return o
		}},
		{name: "a copy of before a move", reads: true, says: []string{"an older copy: its serial is 1 and was 2", "Put the newest copy back"}, prepare: func(t *testing.T, dir string) Options {
			o, path := marker(dir), filepath.Join(dir, "herald.state")
			o.Create = true
			l := openTest(t, path, o)
			startTest(t, l)
			sendTest(t, l, "c1")
			must(t, l.Close())
			raw, err := os.ReadFile(path)
			must(t, err)
			l = openTest(t, path, o)
			_, err = l.Move(t.Context(), targetOf("c1"), targetOf("c2"), "ada@host", time.Now())
			must(t, errors.Join(err, l.Close()))
			must(t, os.WriteFile(path, raw, 0o600))
			return o
		}},
		{name: "a note that cannot be read", reads: true, says: []string{"seen, which tells whether a ledger was here", "is a directory"}, prepare: func(t *testing.T, dir string) Options {
			must(t, openTest(t, filepath.Join(dir, "herald.state"), Options{Create: true}).Close())
			must(t, os.Mkdir(filepath.Join(dir, "seen"), 0o700))
			return marker(dir)
		}},
		{name: "no directory", reads: true, says: []string{"its directory does not exist", "make it, or mend the path"}, prepare: func(t *testing.T, dir string) Options {
			must(t, os.Remove(dir))
			return Options{Create: true}
		}},
	}
}

func markerTest(lineage string, run, serial int64) marker {
	return marker{lineage: lineage, run: run, serial: serial, who: "ada@host", started: time.Unix(1_790_000_000, 0).UTC()}
}

// contents gives what lies in a directory, without what any opening may make: lock and shared memory.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	entries, err := os.ReadDir(dir)
	if !errors.Is(err, os.ErrNotExist) {
		must(t, err)
	}
	for _, e := range entries {
		if e.IsDir() || strings.HasSuffix(e.Name(), ".lock") || strings.HasSuffix(e.Name(), "-shm") {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(dir, e.Name()))
		must(t, err)
		all[e.Name()] = string(raw)
	}
	return all
}

// Whatever is wrong with a ledger, nobody gets to write it, the error says what to do, and it stays as it is.
func TestFaults(t *testing.T) {
	for _, f := range faults() {
		t.Run(f.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "d")
			must(t, os.Mkdir(dir, 0o700))
			path := filepath.Join(dir, "herald.state")
			o := f.prepare(t, dir)
			was := contents(t, dir)
			l, err := Open(t.Context(), path, o)
			if err == nil {
				t.Fatal(l.Close(), "it was opened for writing")
			}
			wantError(t, err, append(slices.Clone(f.says), dir)...)
			if _, held, err := Held(path); held || err != nil {
				t.Errorf("the lock is left: %v, %v", held, err)
			}
			if !f.reads {
				_, err = Read(t.Context(), path)
				wantError(t, err, append(slices.Clone(f.says), dir)...)
			} else if strings.Contains(f.name, "copy") {
				wantError(t, Expect(path, o), f.says...)
			}
			if now := contents(t, dir); !maps.Equal(now, was) {
				t.Errorf("there are %v now, there were %v, or they were changed", slices.Sorted(maps.Keys(now)), slices.Sorted(maps.Keys(was)))
			}
		})
	}
}
