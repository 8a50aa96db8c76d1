package inbox

import (
	"errors"
	"fmt"
	"io/fs"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrClosed is returned by an inbox after Close.
var ErrClosed = errors.New("the inbox is closed")

// remedy says, per primary result code of SQLite, what is wrong and what helps; "" where the code tells too little.
func remedy(code int) string {
	switch code & 0xff {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_MISMATCH:
		return "the file is damaged; move it away together with its -wal and -shm files, and a new one is made. What it holds that " +
			"no run has taken in is lost, unless `sqlite3 FILE .recover` can save it"
	case sqlite3.SQLITE_FULL:
		return "the disk is full; free some space. What was kept before is safe, and calls are kept again as soon as there is room"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH:
		return "it cannot be written; the user that runs herald must be able to write the file and its directory"
	case sqlite3.SQLITE_CANTOPEN:
		return "it cannot be opened; the user that runs herald must be able to read it and to write its directory, where SQLite " +
			"keeps -wal and -shm files beside it"
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return "another program holds it; close SQLite tools that have it open and try again"
	case sqlite3.SQLITE_IOERR:
		return "the disk gave an error; look at the system's log and at the limit of file sizes (ulimit -f), and mend it"
	}
	return ""
}

// explain says which inbox an error is about and, where SQLite's code tells, how to mend it.
func explain(path string, err error) error {
	if err == nil {
		return nil
	}
	var lite *sqlite.Error
	switch {
	case errors.As(err, &lite) && remedy(lite.Code()) != "":
		return fmt.Errorf("the inbox %s: %s: %w", path, remedy(lite.Code()), err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("the inbox %s: %s: %w", path, remedy(sqlite3.SQLITE_PERM), err)
	}
	return fmt.Errorf("the inbox %s: %w", path, err)
}
