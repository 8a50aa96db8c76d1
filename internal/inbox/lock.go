package inbox

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// probeTime is how long acquire tries: a reader that asks whether the lock is held has it for some microseconds.
const probeTime = 200 * time.Millisecond

func lockPath(path string) string { return path + ".lock" }

// HeldError says that another process receives into the inbox.
type HeldError struct {
	Path string // of the inbox
	Who  string // what that process wrote of itself, "" when it cannot be read
}

// Error names the other process and what to do.
func (e *HeldError) Error() string {
	who := "another process"
	if e.Who != "" {
		who += fmt.Sprintf(" (%s)", strings.Trim(fmt.Sprintf("%q", e.Who), `"`))
	}
	return fmt.Sprintf("the inbox %s is in use by %s. One at a time receives calls: end that one first", e.Path, who)
}

// acquire takes the lock of the inbox, which need not exist yet. The kernel frees it when the process ends, however it
// ends; the file stays, since removing it would let two processes hold two files of one name.
func acquire(ctx context.Context, path string) (*flock.Flock, error) {
	if _, err := os.Stat(filepath.Dir(path)); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the inbox %s: its directory does not exist; make it, or mend the path", path)
	}
	file := flock.New(lockPath(path), flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o600))
	until, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	got, err := file.TryLockContext(until, 5*time.Millisecond)
	switch {
	case ctx.Err() != nil && !got:
		return nil, fmt.Errorf("waiting for the lock of the inbox %s: %w", path, context.Cause(ctx))
	case errors.Is(err, context.DeadlineExceeded):
		text, _ := os.ReadFile(lockPath(path))
		return nil, &HeldError{Path: path, Who: strings.TrimSpace(string(text[:min(len(text), 100)]))}
	case err != nil:
		return nil, explain(path, fmt.Errorf("its lock file cannot be taken: %w", err))
	}
	text := fmt.Sprintf("pid %d since %s\n", os.Getpid(), time.Now().UTC().Format(time.RFC3339))
	if err := os.WriteFile(lockPath(path), []byte(text), 0o600); err != nil {
		return nil, errors.Join(explain(path, fmt.Errorf("its lock file cannot be written: %w", err)), file.Unlock())
	}
	return file, nil
}

// held tells whether some process receives into the inbox. It creates nothing.
func held(path string) (bool, error) {
	file := flock.New(lockPath(path), flock.SetFlag(os.O_RDONLY))
	free, err := file.TryRLock()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, explain(path, fmt.Errorf("its lock file cannot be read: %w", err))
	case !free:
		return true, nil
	}
	return false, file.Unlock()
}
