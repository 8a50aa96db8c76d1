package state

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

func TestLock(t *testing.T) {
	path := pathTest(t)
	if _, held, err := Held(path); held || err != nil {
		t.Fatalf("held from the start: %v", err)
	}
	if files := filesTest(t, filepath.Dir(path)); len(files) != 0 {
		t.Fatalf("asking made %v", files)
	}
	ada := Holder{Who: "ada@host", PID: 42, Since: time.Date(2026, 11, 20, 9, 14, 0, 0, time.UTC),
		Command: "herald apply -var 'a=\x1b[2J'", URL: "https://ci.example/run/7"}
	lock, err := Acquire(t.Context(), path, ada, 0)
	must(t, err)
	if h, held, err := Held(path); !held || err != nil || h != ada {
		t.Errorf("held: %+v, %v, %v", h, held, err)
	}
	for _, wait := range []time.Duration{0, 60 * time.Millisecond} {
		_, err = Acquire(t.Context(), path, Holder{Who: "bob@host"}, wait)
		var held *HeldError
		if !errors.As(err, &held) || held.Holder != ada || held.Waited != wait {
			t.Fatalf("%v", err)
		}
		wantError(t, err, path, "ada@host (pid 42)", "2026-11-20T09:14:00Z", `herald apply -var 'a=\u001b[2J'`,
			"https://ci.example/run/7", "-lock-timeout")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = Acquire(ctx, path, Holder{}, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}

	// Who waits gets it as soon as it is free.
	got := make(chan error, 1)
	go func() {
		next, err := Acquire(t.Context(), path, Holder{Who: "bob@host"}, time.Minute)
		if err == nil {
			err = next.Release()
		}
		got <- err
	}()
	must(t, lock.Release())
	must(t, <-got)

	// The text alone never counts.
	must(t, os.WriteFile(lockPath(path), []byte(`{"who":"ghost"}`), 0o600))
	if _, held, err := Held(path); held || err != nil {
		t.Errorf("a text holds the lock: %v", err)
	}
	must(t, os.WriteFile(lockPath(path), []byte("torn {"), 0o600))
	lock, err = Acquire(t.Context(), path, ada, 0)
	must(t, err)
	defer lock.Release()
	must(t, os.WriteFile(lockPath(path), []byte("torn {"), 0o600))
	_, err = Acquire(t.Context(), path, Holder{}, 0)
	wantError(t, err, "in use by another process")
}

// Those who only ask must never make a run fail.
func TestAskingIsNotHolding(t *testing.T) {
	path := pathTest(t)
	lock, err := Acquire(t.Context(), path, Holder{}, 0)
	must(t, err)
	must(t, lock.Release())
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for ctx.Err() == nil {
				if _, _, err := Held(path); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 50 {
		lock, err := Acquire(t.Context(), path, Holder{}, 0)
		if err != nil {
			t.Error(err)
			break
		}
		must(t, lock.Release())
	}
	cancel()
	wg.Wait()
}

func TestOnNetwork(t *testing.T) {
	for _, path := range []string{t.TempDir(), filepath.Join(t.TempDir(), "herald.state"), "/none/at/all"} {
		if name, yes := OnNetwork(path); yes {
			t.Logf("%s is on %s", path, name)
			if name == "" {
				t.Error("a network without a name")
			}
		}
	}
}
