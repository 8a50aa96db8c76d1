package state

import (
	"errors"
	"fmt"
	"io/fs"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrClosed is returned by a ledger after Close.
var ErrClosed = errors.New("the ledger is closed")

// remedy says, per primary result code of SQLite, what is wrong and what helps; "" where the code tells too little.
func remedy(code int) string {
	switch code & 0xff {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_MISMATCH:
		return "the file is damaged; keep it as it is, and go on with a copy made by `herald state pull -out=FILE` " +
			"or with what `sqlite3 FILE .recover` can save. Starting anew would write to everyone again"
	case sqlite3.SQLITE_FULL:
		return "the disk is full; free some space and run the same command again"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH:
		return "it cannot be written; the user that runs herald must be able to write the file and its directory"
	case sqlite3.SQLITE_CANTOPEN:
		return "it cannot be opened; the user that runs herald must be able to write the directory, where SQLite keeps " +
			"-wal and -shm files beside it"
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return "another program holds it; close SQLite tools that have it open and try again"
	case sqlite3.SQLITE_IOERR:
		return "the disk gave an error; look at the system's log and at the limit of file sizes (ulimit -f), mend it, and " +
			"run the same command again"
	}
	return ""
}

// explain says which ledger an error is about and, where SQLite's code tells, how to mend it.
func explain(path string, err error) error {
	if err == nil {
		return nil
	}
	var lite *sqlite.Error
	switch {
	case errors.As(err, &lite) && remedy(lite.Code()) != "":
		return fmt.Errorf("the ledger %s: %s: %w", path, remedy(lite.Code()), err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("the ledger %s: %s: %w", path, remedy(sqlite3.SQLITE_PERM), err)
	}
	return fmt.Errorf("the ledger %s: %w", path, err)
}

// damaged is for rows that SQLite could read and that cannot be.
func damaged(format string, args ...any) error {
	return fmt.Errorf("%s: %s", remedy(sqlite3.SQLITE_CORRUPT), fmt.Sprintf(format, args...))
}
