package sqlitefile

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/gofrs/flock"
)

// probeTime is how long Acquire tries even when it shall not wait: a reader that asks whether the lock is held has it
// for some microseconds.
const probeTime = 200 * time.Millisecond

// ErrHeld says that another process holds the lock.
var ErrHeld = errors.New("another process holds its lock")

// LockPath gives the lock file of a database. What it says is only for messages: the kernel alone knows whether the lock is held.
func LockPath(path string) string { return path + ".lock" }

// Lock is the right to write a database. The kernel frees it when the process ends, however it ends.
type Lock struct{ file *flock.Flock }

// Acquire takes the lock of a database, which need not exist yet, and writes text into the lock file. It waits for it at
// most wait: the error is ErrHeld when another process has it still, and the context's cause when ctx ended first.
func Acquire(ctx context.Context, path string, text []byte, wait time.Duration) (*Lock, error) {
	if runtime.GOOS == "windows" { // its locks keep the lock file itself from being written, and directories cannot be flushed
		return nil, errors.New("herald cannot write it on Windows; use the Subsystem for Linux, or a container")
	}
	if _, err := os.Stat(filepath.Dir(path)); errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New("its directory does not exist; make it, or mend the path")
	}
	file := flock.New(LockPath(path), flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o600))
	until, cancel := context.WithTimeout(ctx, max(wait, probeTime))
	defer cancel()
	got, err := file.TryLockContext(until, min(max(wait/20, 5*time.Millisecond), time.Second))
	switch {
	case ctx.Err() != nil && !got:
		return nil, context.Cause(ctx)
	case errors.Is(err, context.DeadlineExceeded):
		return nil, ErrHeld
	case err != nil:
		return nil, fmt.Errorf("its lock file cannot be taken: %w", err)
	}
	if err := os.WriteFile(LockPath(path), text, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("its lock file cannot be written: %w", err), file.Unlock())
	}
	return &Lock{file}, nil
}

// Release gives the lock back. The file stays: removing it would let two processes hold two files of one name, and readers
// tell by it whether a writer came between.
func (l *Lock) Release() error {
	if err := l.file.Unlock(); err != nil {
		return fmt.Errorf("its lock: %w", err)
	}
	return nil
}

// Held tells whether some process holds the lock of a database. It creates nothing.
func Held(path string) (bool, error) {
	file := flock.New(LockPath(path), flock.SetFlag(os.O_RDONLY))
	free, err := file.TryRLock()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("its lock file cannot be read: %w", err)
	case !free:
		return true, nil
	}
	return false, (&Lock{file}).Release()
}
