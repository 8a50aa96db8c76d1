package cli

import (
	"context"
	"sync"
	"time"

	"herald/state"
)

// knownFor is how long an open reader of the ledger is trusted to see what runs write meanwhile.
const knownFor = time.Second

// awaited tells which tokens the ledger knows. Its methods may be called at once.
type awaited struct {
	path string

	mu     sync.Mutex
	reader *state.Reader
	opened time.Time
}

// known reports whether an account has, or had, a send with a token. A token that is not there is looked for once more in
// the file as it is now: a send is recorded before its request leaves.
func (a *awaited) known(ctx context.Context, token [16]byte, account string) (bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for fresh := false; ; fresh = true {
		if err := a.open(ctx, fresh); err != nil {
			return false, err
		}
		_, of, _, found, err := a.reader.Awaited(ctx, token)
		switch {
		case err == nil && found:
			return of == account, nil
		case fresh:
			return false, err
		}
	}
}

// open opens the ledger, unless it was just now.
func (a *awaited) open(ctx context.Context, anew bool) (err error) {
	if a.reader != nil && !anew && time.Since(a.opened) < knownFor {
		return nil
	}
	a.close()
	a.reader, err = state.OpenReader(ctx, a.path)
	a.opened = time.Now()
	if err != nil {
		a.reader = nil
	}
	return err
}

func (a *awaited) close() {
	if a.reader != nil {
		a.reader.Close()
		a.reader = nil
	}
}
