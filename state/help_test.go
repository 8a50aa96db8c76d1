package state

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"herald/internal/addr"
)

// fillTest makes a ledger with that many sent sends.
func fillTest(tb testing.TB, path string, rows int) {
	tb.Helper()
	l := openTest(tb, path, Options{Create: true})
	startTest(tb, l)
	var wg sync.WaitGroup
	const workers = 256
	for w := range workers {
		wg.Go(func() {
			for n := w; n < rows; n += workers {
				i := intentOf(fmt.Sprintf("c%07d", n))
				if err := l.Intend(tb.Context(), i); err != nil {
					tb.Error(err)
				}
				if err := l.Record(tb.Context(), Result{Send: i.Send, State: Sent, ProviderID: "12345678", At: i.At}); err != nil {
					tb.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if err := l.Close(); err != nil {
		tb.Fatal(err)
	}
}

func sendOf(key string) addr.Send {
	return addr.Send{Message: addr.Message{Sequence: "renewal", Name: "offer"}, Key: key}
}

// targetOf names one send.
func targetOf(key string) addr.Target {
	s := sendOf(key)
	return addr.Target{Sequence: s.Sequence, Message: s.Name, Key: key, One: true}
}

func hashOf(b byte) Hash { return Hash{Version: 1, Sum: [16]byte{b, 1, 2}} }

func intentOf(key string) Intent {
	return Intent{Send: sendOf(key), Account: "heyx", Content: hashOf('c'), Destination: hashOf('d'), Attempt: 1,
		Key: [16]byte{1, 2, 3}, Definition: hashOf('m'), At: time.Now()}
}

func skipOf(key string) Skip {
	return Skip{Send: sendOf(key), Account: "heyx", Condition: hashOf('w'), Definition: hashOf('m'), At: time.Now()}
}

func definitionsTest() []Definition {
	return []Definition{{Sequence: "renewal", Message: "offer", Hash: hashOf('m'), Source: `text = "Hi"`}}
}

// openTest opens a ledger that is closed at the end.
func openTest(tb testing.TB, path string, o Options) *Ledger {
	tb.Helper()
	if o.Version == "" {
		o.Version = "0.1.0"
	}
	l, err := Open(context.Background(), path, o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := l.Close(); err != nil {
			tb.Error(err)
		}
	})
	return l
}

func startTest(tb testing.TB, l *Ledger) Run {
	tb.Helper()
	r := Run{Who: "ada@host", Command: "herald apply", Digest: "d1", Version: "0.1.0", Started: time.Now()}
	id, err := l.StartRun(tb.Context(), r, definitionsTest(), map[string]string{"customers": "id"}, nil)
	if err != nil {
		tb.Fatal(err)
	}
	r.ID = id
	return r
}

// pathTest gives where a ledger may be made.
func pathTest(tb testing.TB) string { return filepath.Join(tb.TempDir(), "herald.state") }

// recordsTest reads all records.
func recordsTest(tb testing.TB, path string, targets ...addr.Target) map[addr.Send]Record {
	tb.Helper()
	all := map[addr.Send]Record{}
	var last addr.Send
	for r, err := range Records(context.Background(), path, targets...) {
		if err != nil {
			tb.Fatal(err)
		}
		if _, twice := all[r.Send]; twice || len(all) > 0 && !last.Less(r.Send) {
			tb.Fatalf("%s comes after %s", r.Send, last)
		}
		all[r.Send], last = r, r.Send
	}
	return all
}

// filesTest lists a directory.
func filesTest(tb testing.TB, dir string) []string {
	tb.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		tb.Fatal(err)
	}
	names := map[string]bool{}
	for _, e := range entries {
		names[e.Name()] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// wantError checks that an error says all of the words.
func wantError(tb testing.TB, err error, words ...string) {
	tb.Helper()
	for _, w := range words {
		if err == nil || !strings.Contains(err.Error(), w) {
			tb.Errorf("error %v; want one with %q", err, w)
		}
	}
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
