package inbox

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"modernc.org/sqlite" // also the driver "sqlite"
)

// access is how a database is opened.
type access string

const (
	readWrite access = "mode=rw"
	readOnly  access = "mode=ro"
	immutable access = "mode=ro&immutable=1" // without locks and further files: right only while nobody writes
)

// openDatabase opens the file and gives its one connection: PRAGMAs belong to connections.
func openDatabase(ctx context.Context, path string, how access, pragmas ...string) (*sql.DB, *sql.Conn, error) {
	// With the older kind of lock any close of the file in this process would give away the locks of a writer in it.
	_, _ = sqlite.OFDLocking(true)
	q := url.Values{"_dqs": {"0"}, "_error_rc": {"1"}, "_defensive": {"1"}}
	q["_pragma"] = append([]string{"busy_timeout(10000)", "temp_store(MEMORY)", "trusted_schema(OFF)", "cell_size_check(ON)"}, pragmas...)
	dsn := (&url.URL{Scheme: "file", Path: path, OmitHost: true}).String() + "?" + string(how) + "&" + q.Encode()
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, nil, err
	}
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return db, conn, nil
}

// Beside gives the path of the inbox that belongs to a ledger: herald.inbox beside herald.state.
func Beside(ledger string) string { return strings.TrimSuffix(ledger, ".state") + ".inbox" }

// realPath follows links, as SQLite does before it names the files beside a database: two names of one inbox must mean
// one lock.
func realPath(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", explain(path, err)
	}
	real, err := filepath.EvalSymlinks(abs)
	if err == nil {
		return real, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", explain(path, err)
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(abs))
	if errors.Is(err, fs.ErrNotExist) {
		return abs, nil // the directory is missing too: whoever opens it will say so
	}
	return filepath.Join(dir, filepath.Base(abs)), explain(path, err)
}

// sniff reads the file's own words before anything else touches it: a file that is no inbox, or that a later herald
// wrote, is left as it is. See https://www.sqlite.org/fileformat2.html, section 1.3.
func sniff(path string) error {
	const remedy = "; it is left as it is. Mend the path, or move the file away"
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil {
		return err
	} else if !info.Mode().IsRegular() {
		return fmt.Errorf("it is no file (%s)"+remedy, info.Mode().Type())
	}
	header := make([]byte, 100)
	if _, err := io.ReadFull(f, header); err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	switch {
	case !bytes.HasPrefix(header, []byte("SQLite format 3\x00")):
		return errors.New("the file is no SQLite database, so it is no inbox" + remedy)
	case binary.BigEndian.Uint32(header[68:]) != applicationID:
		return errors.New("the file is an SQLite database, but no inbox of herald" + remedy)
	}
	return newer(int(binary.BigEndian.Uint32(header[60:])))
}

// newer refuses a format that only a later herald knows.
func newer(format int) error {
	if format <= Format {
		return nil
	}
	return fmt.Errorf("a later herald wrote it, in format %d; this one knows formats up to %d. Install that one", format, Format)
}

// identity reads the file's own name.
func identity(ctx context.Context, conn *sql.Conn) (string, error) {
	var format int
	if err := conn.QueryRowContext(ctx, "PRAGMA user_version").Scan(&format); err != nil {
		return "", err
	}
	if err := newer(format); err != nil {
		return "", err
	}
	var id string
	err := conn.QueryRowContext(ctx, "SELECT value FROM meta WHERE name = 'id'").Scan(&id)
	if errors.Is(err, sql.ErrNoRows) || err == nil && id == "" {
		return "", errors.New("it does not say its id, so the file is damaged; move it away, and a new one is made")
	}
	return id, err
}

func exists(path string) (bool, error) {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// fold brings all of the log into the file and empties it. Somebody who reads right now may prevent it.
func fold(ctx context.Context, conn *sql.Conn) error {
	var busy, pages, moved int
	if err := conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved); err != nil {
		return err
	}
	if busy != 0 {
		return errFold
	}
	return nil
}

var errFold = errors.New("somebody reads it right now, so what was there stays in its -wal file for a while; run the same command again")
