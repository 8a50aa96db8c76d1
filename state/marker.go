package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"herald/internal/sqlitefile"
)

// marker is the note, apart from the ledger, of which ledger is here and how far it had come: so that its loss is noticed,
// and an older copy in its place.
type marker struct {
	lineage string // "" when there is no note
	run     int64  // number of the last run; 0 for none, or when the note does not say
	serial  int64
	who     string // began that run
	started time.Time
	copied  string // of a ledger, not of a note: the run during which this copy was made, "" for none
}

// copiedInRun is the fact, in a copy, of which run went on while it was made.
const copiedInRun = "copied_in_run"

// unknownLineage is the lineage of a note that cannot be read: that it is here is what counts.
const unknownLineage = "unknown"

// text is how a note is written: the lineage on a line of its own, then a name and a value on each.
func (m marker) text() string {
	s := fmt.Sprintf("%s\nrun %d\nserial %d\n", plain(m.lineage), m.run, m.serial)
	if m.run > 0 {
		s += fmt.Sprintf("by %s\nat %s\n", plain(m.who), m.started.UTC().Format(time.RFC3339))
	}
	return s
}

// parseMarker reads a note. One that is torn, or of the time when there was only the lineage, gives no numbers.
func parseMarker(text string) marker {
	head, rest, whole := strings.Cut(text, "\n")
	m := marker{lineage: strings.TrimSpace(head)}
	if m.lineage == "" || !whole {
		return marker{lineage: unknownLineage}
	}
	read := m
	for line := range strings.Lines(rest) {
		name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		var err error
		switch {
		case !ok || !strings.HasSuffix(line, "\n"):
			return m
		case name == "run":
			read.run, err = strconv.ParseInt(value, 10, 64)
		case name == "serial":
			read.serial, err = strconv.ParseInt(value, 10, 64)
		case name == "by":
			read.who = value
		case name == "at":
			read.started, err = time.Parse(time.RFC3339, value)
		}
		if err != nil {
			return m
		}
	}
	return read
}

// readMarker reads the note at path, "" for nowhere; no note gives the zero marker.
func readMarker(path string) (marker, error) {
	if path == "" {
		return marker{}, nil
	}
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return marker{}, nil
	case err != nil:
		return marker{}, fmt.Errorf("%s, which tells whether a ledger was here: %w", path, err)
	}
	return parseMarker(string(text)), nil
}

// writeMarker writes the note, whole or not at all.
func writeMarker(path string, m marker) error {
	if path == "" {
		return nil
	}
	if was, err := os.ReadFile(path); err == nil && string(was) == m.text() {
		return nil
	}
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err == nil {
		err = replaceFile(path, []byte(m.text()))
	}
	if err != nil {
		return fmt.Errorf("the note that a ledger is here cannot be written; free some space or mend the rights of %s: %w",
			filepath.Dir(path), err)
	}
	return nil
}

// replaceFile gives a file new content: what is there after a crash is all of the old or all of the new.
func replaceFile(path string, content []byte) error {
	temp := path + ".new"
	f, err := os.OpenFile(temp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(temp, path)
	}
	if err != nil {
		_ = os.Remove(temp)
		return err
	}
	return sqlitefile.Sync(filepath.Dir(path))
}

// standing reads what a note would say of the open database.
func standing(ctx context.Context, conn *sql.Conn) (m marker, err error) {
	meta, err := readMeta(ctx, conn)
	if err != nil {
		return m, err
	}
	m.lineage, m.copied = meta["lineage"], meta[copiedInRun]
	if m.serial, err = strconv.ParseInt(meta["serial"], 10, 64); err != nil {
		return m, damaged("its serial is %q", meta["serial"])
	}
	var started int64
	err = conn.QueryRowContext(ctx, "SELECT id, who, started FROM runs ORDER BY id DESC LIMIT 1").Scan(&m.run, &m.who, &started)
	if errors.Is(err, sql.ErrNoRows) {
		return m, nil
	}
	m.started = timeOf(started)
	return m, err
}

// newest says why a ledger must not be gone on with: it is a copy that a run was cut short in, another one than the note
// tells of, or an older one; nil when it may. A lineage that the configuration wants is right whatever the note says.
func (m marker) newest(ledger string, o Options, was marker) error {
	const again = "Put the newest copy back, with its -wal file if there is one; or, when it is lost and this one shall go on, delete "
	path := o.Marker
	switch {
	case m.copied != "":
		return fmt.Errorf("it is a copy made while run %s went on, so what that run sent afterwards is missing and would be sent again. Put the "+
			"ledger itself back, with its -wal file; or, when it is lost and this one shall go on: sqlite3 %s \"DELETE FROM meta WHERE name = '%s'\"",
			plain(m.copied), ledger, copiedInRun)
	case was.lineage == "" || was.lineage == unknownLineage:
		return nil
	case m.lineage != was.lineage && (o.NewLedger || m.lineage == o.Lineage):
		return nil
	case m.lineage != was.lineage:
		return fmt.Errorf("it is another ledger than the one that was here: its lineage is %s, and was %s. What the other one knows "+
			"would be sent again. Put the right one back, name the lineage of this one in the herald block, or delete %s",
			plain(m.lineage), plain(was.lineage), path)
	case m.run < was.run:
		return fmt.Errorf("it is an older copy: run %d by %s of %s is missing, and what it sent would be sent again. "+again+"%s",
			was.run, plain(was.who), was.started.Format(time.RFC3339), path)
	case m.serial < was.serial:
		return fmt.Errorf("it is an older copy: its serial is %d and was %d, and what was recorded between would be done again. "+
			again+"%s", m.serial, was.serial, path)
	}
	return nil
}

// standing gives what is on the disk now. Only the writer may ask, outside of a transaction that may yet fail.
func (l *Ledger) standing() marker {
	m := l.book.last
	m.lineage, m.serial = l.lineage, l.book.serial
	return m
}

// runNoted is run for jobs after which the note is brought up to date.
func (l *Ledger) runNoted(ctx context.Context, job func(context.Context) error) error {
	var now marker
	if err := l.run(ctx, func(ctx context.Context) error {
		err := job(ctx)
		now = l.standing()
		return err
	}); err != nil {
		return err
	}
	return l.note(now)
}

// note writes the note; what is on the disk by now is never behind it.
func (l *Ledger) note(now marker) error {
	l.noting.Lock()
	defer l.noting.Unlock()
	if now.run < l.noted.run || now.serial < l.noted.serial { // another came first
		return nil
	}
	err := writeMarker(l.marker, now)
	if err == nil {
		l.noted = now
	}
	return err
}
