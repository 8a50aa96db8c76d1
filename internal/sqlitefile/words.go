package sqlitefile

import (
	"errors"
	"fmt"
	"io/fs"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Words are what a kind of file is called, and what is said, where kinds differ, of what is wrong and what helps.
type Words struct {
	Name       string // such as "the ledger"
	Damaged    string
	CannotOpen string // it, or a file that SQLite keeps beside it
	DiskFull   string
	DiskFails  string
}

// What is said of every kind.
const (
	readOnly = "it cannot be written; the user that runs herald must be able to write the file and its directory"
	busy     = "another program holds it; close SQLite tools that have it open and try again"
)

// Explain says which file an error is about and, where SQLite's code tells, how to mend it; nil for nil.
func (w Words) Explain(path string, err error) error {
	if err == nil {
		return nil
	}
	if remedy := w.remedy(err); remedy != "" {
		return fmt.Errorf("%s %s: %s: %w", w.Name, path, remedy, err)
	}
	return fmt.Errorf("%s %s: %w", w.Name, path, err)
}

// remedy says, per primary result code, what is wrong and what helps; "" where the code tells too little.
func (w Words) remedy(err error) string {
	if lite, ok := errors.AsType[*sqlite.Error](err); ok {
		switch lite.Code() & 0xff {
		case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_MISMATCH:
			return w.Damaged
		case sqlite3.SQLITE_FULL:
			return w.DiskFull
		case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH:
			return readOnly
		case sqlite3.SQLITE_CANTOPEN:
			return w.CannotOpen
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
			return busy
		case sqlite3.SQLITE_IOERR:
			return w.DiskFails
		}
	}
	if errors.Is(err, fs.ErrPermission) {
		return readOnly
	}
	return ""
}
