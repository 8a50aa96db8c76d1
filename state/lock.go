package state

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"herald/internal/addr"
)

// probeTime is how long Acquire tries even when it shall not wait: a reader that asks whether the lock is held has it
// for some microseconds.
const probeTime = 200 * time.Millisecond

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
	file *flock.Flock
}

// Acquire takes the lock of the ledger at path, which need not exist yet, and waits for it at most wait. The error is a
// *HeldError when another process has it.
func Acquire(ctx context.Context, path string, holder Holder, wait time.Duration) (*Lock, error) {
	path, err := realPath(path)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Dir(path)); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the ledger %s: its directory does not exist; make it, or mend the path", path)
	}
	file := flock.New(lockPath(path), flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o600))
	until, cancel := context.WithTimeout(ctx, max(wait, probeTime))
	defer cancel()
	got, err := file.TryLockContext(until, min(max(wait/20, 5*time.Millisecond), time.Second))
	switch {
	case ctx.Err() != nil && !got:
		return nil, fmt.Errorf("waiting for the lock of the ledger %s: %w", path, context.Cause(ctx))
	case errors.Is(err, context.DeadlineExceeded):
		return nil, &HeldError{Path: path, Holder: readHolder(path), Waited: max(wait, 0)}
	case err != nil:
		return nil, explain(path, fmt.Errorf("its lock file cannot be taken: %w", err))
	}
	text, err := json.Marshal(holder)
	if err == nil {
		err = os.WriteFile(lockPath(path), append(text, '\n'), 0o600)
	}
	if err != nil {
		return nil, errors.Join(explain(path, fmt.Errorf("its lock file cannot be written: %w", err)), file.Unlock())
	}
	return &Lock{path: path, file: file}, nil
}

// Release gives the lock back. The file stays: removing it would let two processes hold two files of one name, and
// readers tell by its text whether a run came between.
func (l *Lock) Release() error {
	if err := l.file.Unlock(); err != nil {
		return explain(l.path, fmt.Errorf("its lock: %w", err))
	}
	return nil
}

// Held tells whether some process holds the lock of the ledger at path, and who says to. It creates nothing.
func Held(path string) (Holder, bool, error) {
	path, err := realPath(path)
	if err != nil {
		return Holder{}, false, err
	}
	file := flock.New(lockPath(path), flock.SetFlag(os.O_RDONLY))
	free, err := file.TryRLock()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Holder{}, false, nil
	case err != nil:
		return Holder{}, false, explain(path, fmt.Errorf("its lock file cannot be read: %w", err))
	case !free:
		return readHolder(path), true, nil
	}
	if err := file.Unlock(); err != nil {
		return Holder{}, false, explain(path, fmt.Errorf("its lock: %w", err))
	}
	return Holder{}, false, nil
}

// readHolder gives what the lock file says, nothing when it says nothing that can be read.
func readHolder(path string) Holder {
	var h Holder
	text, err := os.ReadFile(lockPath(path))
	if err != nil || json.Unmarshal(text, &h) != nil {
		return Holder{}
	}
	return h
}

func lockPath(path string) string { return path + ".lock" }
func walPath(path string) string  { return path + "-wal" }

// realPath follows links, as SQLite does before it names the files beside a database: two names of one ledger must
// mean one lock.
func realPath(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("the ledger %s: %w", path, err)
	}
	real, err := filepath.EvalSymlinks(abs)
	switch {
	case err == nil:
		return real, nil
	case !errors.Is(err, fs.ErrNotExist):
		return "", explain(path, err)
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(abs))
	if err != nil {
		return abs, nil // the directory is missing too: whoever opens it will say so
	}
	return filepath.Join(dir, filepath.Base(abs)), nil
}
