package inbox

import (
	"errors"

	"herald/internal/sqlitefile"
)

// ErrClosed is returned by an inbox after Close.
var ErrClosed = errors.New("the inbox is closed")

var words = sqlitefile.Words{
	Name: "the inbox",
	Damaged: "the file is damaged; move it away together with its -wal and -shm files, and a new one is made. What it holds that " +
		"no run has taken in is lost, unless `sqlite3 FILE .recover` can save it",
	DiskFull: "the disk is full; free some space. What was kept before is safe, and calls are kept again as soon as there is room",
	CannotOpen: "it cannot be opened; the user that runs herald must be able to read it and to write its directory, where SQLite " +
		"keeps -wal and -shm files beside it",
	DiskFails: "the disk gave an error; look at the system's log and at the limit of file sizes (ulimit -f), and mend it",
}

// explain says which inbox an error is about and, where SQLite's code tells, how to mend it.
func explain(path string, err error) error { return words.Explain(path, err) }
