package state

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"herald/internal/addr"
	"herald/internal/sqlitefile"
)

// Holder says who holds the lock of a ledger. It is only for the message: the kernel alone knows whether it is held.
type Holder struct {
	Who     string    `json:"who"` // user@host
	PID     int       `json:"pid"`
	Since   time.Time `json:"since"`
	Command string    `json:"command"`
	URL     string    `json:"url,omitempty"` // of the CI run, "" outside of CI
}

// String gives the holder in words, safe to print.
func (h Holder) String() string {
	if h == (Holder{}) {
		return "another process"
	}
	s := fmt.Sprintf("%s (pid %d) since %s: %s", plain(h.Who), h.PID, h.Since.Format(time.RFC3339), plain(h.Command))
	if h.URL != "" {
		s += " " + plain(h.URL)
	}
	return s
}

// plain escapes what must not reach a terminal.
func plain(s string) string {
	q := addr.Quote(s)
	return strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`)
}

// HeldError says that another process holds the lock.
type HeldError struct {
	Path   string // of the ledger
	Holder Holder
	Waited time.Duration
}

// Error names the holder and what to do.
func (e *HeldError) Error() string {
	s := fmt.Sprintf("the ledger %s is in use by %s. ", e.Path, e.Holder)
	if e.Waited > 0 {
		return s + fmt.Sprintf("Waited %s; wait longer with -lock-timeout, or end that run", e.Waited)
	}
	return s + "Wait until it ends, or let herald wait with -lock-timeout=10m"
}

// Lock is the right to write a ledger. The kernel frees it when the process ends, however it ends.
type Lock struct {
	path string
	held *sqlitefile.Lock
}

// Acquire takes the lock of the ledger at path, which need not exist yet, and waits for it at most wait. The error is a
// *HeldError when another process has it.
func Acquire(ctx context.Context, path string, holder Holder, wait time.Duration) (*Lock, error) {
	path, err := realPath(path)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(holder)
	if err != nil {
		return nil, explain(path, fmt.Errorf("its lock file cannot be written: %w", err))
	}
	lock, err := sqlitefile.Acquire(ctx, path, append(text, '\n'), wait)
	switch {
	case errors.Is(err, sqlitefile.ErrHeld):
		return nil, &HeldError{Path: path, Holder: readHolder(path), Waited: max(wait, 0)}
	case err != nil && errors.Is(err, context.Cause(ctx)):
		return nil, fmt.Errorf("waiting for the lock of the ledger %s: %w", path, err)
	case err != nil:
		return nil, explain(path, err)
	}
	return &Lock{path: path, held: lock}, nil
}

// Release gives the lock back. The file stays: readers tell by its text whether a run came between.
func (l *Lock) Release() error { return explain(l.path, l.held.Release()) }

// Held tells whether some process holds the lock of the ledger at path, and who says to. It creates nothing.
func Held(path string) (Holder, bool, error) {
	path, err := realPath(path)
	if err != nil {
		return Holder{}, false, err
	}
	held, err := sqlitefile.Held(path)
	if err != nil || !held {
		return Holder{}, false, explain(path, err)
	}
	return readHolder(path), true, nil
}

// readHolder gives what the lock file says, nothing when it says nothing that can be read.
func readHolder(path string) Holder {
	var h Holder
	text, err := os.ReadFile(sqlitefile.LockPath(path))
	if err != nil || json.Unmarshal(text, &h) != nil {
		return Holder{}
	}
	return h
}

func walPath(path string) string { return path + "-wal" }

// realPath follows links.
func realPath(path string) (string, error) {
	real, err := sqlitefile.RealPath(path)
	return real, explain(path, err)
}
