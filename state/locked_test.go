package state

import (
	"os"
	"testing"
	"time"
)

// Who holds the lock reads what a dead process left as in doubt, and leaves no file behind.
func TestLockedRead(t *testing.T) {
	path := t.TempDir() + "/herald.state"
	lock, err := Acquire(t.Context(), path, Holder{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lock.Release() })
	if v, err := lock.Read(t.Context()); err != nil || v.Exists {
		t.Fatalf("a missing ledger: %+v, %v", v, err)
	}
	l, err := Open(t.Context(), path, Options{Create: true, Lock: lock})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.StartRun(t.Context(), Run{Started: time.Now()}, nil, nil, nil); err != nil {
		t.Fatal(err)
	}
	i := Intent{Account: "heyx", Attempt: 1, At: time.Now()}
	i.Send.Sequence, i.Send.Name, i.Send.Key = "a", "b", "c"
	if err := l.Intend(t.Context(), i); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		v, err := lock.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(v.Doubt) != 1 || v.Doubt[0].State != InDoubt {
			t.Fatalf("in doubt: %+v", v.Doubt)
		}
		for _, suffix := range []string{"-wal", "-shm"} {
			if _, err := os.Stat(path + suffix); err == nil {
				t.Errorf("%s was left behind", suffix)
			}
		}
	}
}
