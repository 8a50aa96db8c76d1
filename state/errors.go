package state

import (
	"errors"
	"fmt"

	"herald/internal/sqlitefile"
)

// ErrClosed is returned by a ledger after Close.
var ErrClosed = errors.New("the ledger is closed")

var words = sqlitefile.Words{
	Name: "the ledger",
	Damaged: "the file is damaged; keep it as it is, and go on with a copy made by `herald state pull -out=FILE` " +
		"or with what `sqlite3 FILE .recover` can save. Starting anew would write to everyone again",
	DiskFull: "the disk is full; free some space and run the same command again",
	CannotOpen: "it cannot be opened; the user that runs herald must be able to write the directory, where SQLite keeps " +
		"-wal and -shm files beside it",
	DiskFails: "the disk gave an error; look at the system's log and at the limit of file sizes (ulimit -f), mend it, and " +
		"run the same command again",
}

// explain says which ledger an error is about and, where SQLite's code tells, how to mend it.
func explain(path string, err error) error { return words.Explain(path, err) }

// damaged is for rows that SQLite could read and that cannot be.
func damaged(format string, args ...any) error {
	return fmt.Errorf("%s: %s", words.Damaged, fmt.Sprintf(format, args...))
}
