package state

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A note says what was written into it. Torn, it says that a ledger was here, and never that it had come further.
func TestMarkerText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := marker{
			lineage: rapid.StringMatching(`[a-z0-9-]{1,36}`).Draw(t, "lineage"),
			run:     rapid.Int64Range(0, 1<<40).Draw(t, "run"),
			serial:  rapid.Int64Range(0, 1<<40).Draw(t, "serial"),
		}
		if m.run > 0 {
			m.who = plain(rapid.String().Draw(t, "who"))
			m.started = time.Unix(rapid.Int64Range(0, 1<<32).Draw(t, "started"), 0).UTC()
		}
		text := m.text()
		want := m
		want.who = plain(m.who)
		if got := parseMarker(text); got != want {
			t.Fatalf("%q is read as %+v, not %+v", text, got, want)
		}
		cut := parseMarker(text[:rapid.IntRange(0, len(text)-1).Draw(t, "cut")])
		if cut.lineage == "" || cut.run > m.run || cut.serial > m.serial {
			t.Fatalf("cut, it is read as %+v", cut)
		}
	})
	for text, want := range map[string]marker{
		"":                                {lineage: unknownLineage},
		"\n":                              {lineage: unknownLineage},
		"4f1c\n":                          {lineage: "4f1c"},         // of the time when there was only that
		"4f1c":                            {lineage: unknownLineage}, // cut within it, perhaps
		"4f1c\nrun x\nserial 2\n":         {lineage: "4f1c"},
		"4f1c\nrun 3\nserial":             {lineage: "4f1c"},
		"4f1c\nrun 3\nserial 2\nmore 1\n": {lineage: "4f1c", run: 3, serial: 2},
	} {
		if got := parseMarker(text); got != want {
			t.Errorf("%q is read as %+v, not %+v", text, got, want)
		}
	}
}

// The note follows the ledger: when a run begins, when it ends, when names change, when the ledger is closed.
func TestMarkerFollows(t *testing.T) {
	dir := t.TempDir()
	path, note := filepath.Join(dir, "herald.state"), filepath.Join(dir, ".herald", "seen")
	o := Options{Create: true, Marker: note}
	l := openTest(t, path, o)
	check := func(why string, run, serial int64) {
		t.Helper()
		m, err := readMarker(note)
		must(t, err)
		if m.lineage != l.Lineage() || m.run != run || m.serial != serial || (m.who == "ada@host") != (run > 0) {
			t.Errorf("%s: the note says %+v; want run %d, serial %d", why, m, run, serial)
		}
	}
	check("new", 0, 0)
	r := startTest(t, l)
	check("a run began", 1, 0)
	sendTest(t, l, "c1")
	check("during the run", 1, 0)
	must(t, l.EndRun(t.Context(), r))
	check("the run ended", 1, 1)
	_, err := l.Move(t.Context(), targetOf("c1"), targetOf("c2"), "ada@host", time.Now())
	must(t, err)
	check("moved", 1, 2)
	startTest(t, l)
	sendTest(t, l, "c3")
	check("during the second run", 2, 2)
	must(t, l.Close())
	check("closed", 2, 3)
	must(t, os.WriteFile(note, []byte("torn"), 0o600))
	l = openTest(t, path, o)
	check("opened with a torn note", 2, 3)
	if got := filesTest(t, filepath.Dir(note)); !slices.Equal(got, []string{"seen"}) {
		t.Errorf("files %v", got)
	}
}

// Asking for the newest ledger makes nothing, whoever has the lock, and finds it while a run writes.
func TestExpectNewest(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "herald.state")
	o := Options{Create: true, Marker: filepath.Join(dir, "seen")}
	l := openTest(t, path, o)
	startTest(t, l)
	sendTest(t, l, "c1")
	must(t, Expect(path, o))
	must(t, l.Close())
	want := filesTest(t, dir)
	must(t, Expect(path, o))
	lock, err := Acquire(t.Context(), path, Holder{}, 0)
	must(t, err)
	must(t, Expect(path, o))
	must(t, lock.Release())
	if got := filesTest(t, dir); !slices.Equal(got, want) {
		t.Errorf("files %v, want %v", got, want)
	}

	m, err := readMarker(o.Marker)
	must(t, err)
	for _, tt := range []struct {
		name  string
		note  func(*marker)
		wrong bool
	}{
		{"the same", func(*marker) {}, false},
		{"further", func(m *marker) { m.run-- }, false},
		{"older by a run", func(m *marker) { m.run++ }, true},
		{"older by a serial", func(m *marker) { m.serial++ }, true},
		{"of another lineage", func(m *marker) { m.lineage = "another" }, true},
	} {
		is := m
		tt.note(&is)
		must(t, writeMarker(o.Marker, is))
		if err := Expect(path, o); (err != nil) != tt.wrong {
			t.Errorf("%s: %v", tt.name, err)
		}
		if tt.wrong {
			wantError(t, Expect(path, o), path, "delete "+o.Marker)
		}
	}
	// The configuration knows better which one it means.
	is := m
	is.lineage = "another"
	must(t, writeMarker(o.Marker, is))
	named := o
	named.Lineage = m.lineage
	must(t, Expect(path, named))

	// Whoever wants to go on with the copy deletes the note.
	must(t, os.Remove(o.Marker))
	must(t, openTest(t, path, o).Close())
	if now, err := readMarker(o.Marker); err != nil || now != m {
		t.Errorf("the note says %+v, %v; want %+v", now, err, m)
	}
}
