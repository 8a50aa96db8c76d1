package inbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"herald/internal/sqlitefile"
)

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

// acquire takes the lock of the inbox, which need not exist yet.
func acquire(ctx context.Context, path string) (*sqlitefile.Lock, error) {
	text := fmt.Sprintf("pid %d since %s\n", os.Getpid(), time.Now().UTC().Format(time.RFC3339))
	lock, err := sqlitefile.Acquire(ctx, path, []byte(text), 0)
	switch {
	case errors.Is(err, sqlitefile.ErrHeld):
		text, _ := os.ReadFile(sqlitefile.LockPath(path))
		return nil, &HeldError{Path: path, Who: strings.TrimSpace(string(text[:min(len(text), 100)]))}
	case err != nil && errors.Is(err, context.Cause(ctx)):
		return nil, fmt.Errorf("waiting for the lock of the inbox %s: %w", path, err)
	}
	return lock, explain(path, err)
}
