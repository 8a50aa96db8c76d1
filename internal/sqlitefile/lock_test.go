package sqlitefile

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	held := func(want bool) {
		t.Helper()
		if got, err := Held(path); got != want || err != nil {
			t.Errorf("Held = %v, %v", got, err)
		}
	}
	held(false)
	if names := beside(t, path); len(names) > 0 {
		t.Errorf("asking made %q", names)
	}
	lock, err := Acquire(t.Context(), path, []byte("me"), 0)
	must(t, err)
	held(true)
	if text, err := os.ReadFile(LockPath(path)); err != nil || string(text) != "me" {
		t.Errorf("it says %q, %v", text, err)
	}
	if _, err := Acquire(t.Context(), path, []byte("another"), 0); !errors.Is(err, ErrHeld) {
		t.Errorf("a second one: %v", err)
	}
	must(t, lock.Release())
	held(false)
	if names := beside(t, path); !slices.Equal(names, []string{"x.db.lock"}) {
		t.Errorf("left %q", names)
	}
	if info, err := os.Stat(LockPath(path)); err != nil || info.Mode() != 0o600 {
		t.Errorf("its mode is %v, %v", info.Mode(), err)
	}
	if text, _ := os.ReadFile(LockPath(path)); string(text) != "me" {
		t.Errorf("who did not get it wrote %q", text)
	}
}

func TestLockIsWaitedFor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	lock, err := Acquire(t.Context(), path, nil, 0)
	must(t, err)
	got := make(chan error, 1)
	go func() {
		next, err := Acquire(t.Context(), path, []byte("next"), time.Minute)
		if err == nil {
			err = next.Release()
		}
		got <- err
	}()
	time.Sleep(2 * probeTime)
	must(t, lock.Release())
	must(t, <-got)
}

func TestAcquireFails(t *testing.T) {
	enough := errors.New("enough")
	for name, tt := range map[string]struct {
		prepare func(t *testing.T, path string) (string, context.Context)
		is      error
		says    string
	}{
		"no directory": {func(t *testing.T, path string) (string, context.Context) {
			return filepath.Join(path, "none", "x.db"), t.Context()
		}, nil, "its directory does not exist; make it, or mend the path"},
		"a directory in its place": {func(t *testing.T, path string) (string, context.Context) {
			must(t, os.Mkdir(LockPath(path), 0o700))
			return path, t.Context()
		}, nil, "its lock file cannot be taken: "},
		"ended": {func(t *testing.T, path string) (string, context.Context) {
			lock, err := Acquire(t.Context(), path, nil, 0)
			must(t, err)
			t.Cleanup(func() { must(t, lock.Release()) })
			ctx, cancel := context.WithCancelCause(t.Context())
			cancel(enough)
			return path, ctx
		}, enough, "enough"},
	} {
		t.Run(name, func(t *testing.T) {
			path, ctx := tt.prepare(t, filepath.Join(t.TempDir(), "x.db"))
			_, err := Acquire(ctx, path, nil, time.Minute)
			if err == nil || tt.is != nil && !errors.Is(err, tt.is) || !strings.HasPrefix(err.Error(), tt.says) {
				t.Errorf("says %v", err)
			}
		})
	}
}
