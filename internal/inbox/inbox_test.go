package inbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var moment = time.Date(2026, 11, 20, 9, 14, 0, 123, time.UTC)

func path(t *testing.T) string { return filepath.Join(t.TempDir(), "herald.inbox") }

func opened(t *testing.T, path string) *Inbox {
	t.Helper()
	in, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	})
	return in
}

func added(t *testing.T, in *Inbox, items ...Item) {
	t.Helper()
	for _, i := range items {
		if fresh, err := in.Add(t.Context(), i); err != nil || !fresh {
			t.Fatalf("%+v: fresh %v, %v", i, fresh, err)
		}
	}
}

// items reads what came after a number, and the inbox's ID.
func items(t *testing.T, path string, after int64) (all []Item, id string) {
	t.Helper()
	r, err := OpenReader(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	for item, err := range r.Items(t.Context(), after) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, item)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	return all, r.ID()
}

func numbered(n int) Item {
	return Item{At: moment, Account: "maax", Callback: "answer", Token: Token{1, byte(n), byte(n >> 8)}, Body: fmt.Appendf(nil, "%d", n)}
}

func TestWhatIsAddedIsRead(t *testing.T) {
	p := path(t)
	in := opened(t, p)
	all := []Item{
		{At: moment, Account: "maax", Callback: "answer", Token: Token{15: 1}, Body: []byte(`{"a":"b"}`)},
		{At: moment.Add(-time.Hour), Account: "chatwoot.support", Callback: "webhook", Delivery: "d-1", Body: []byte("\x00\xff\x1b[2J")},
		{At: moment, Account: "maax", Callback: "followup"},
		{At: moment, Account: "maax", Callback: "answer", Token: Token{2}, Body: bytes.Repeat([]byte("x"), 1<<16)},
	}
	added(t, in, all...)
	for i := range all {
		all[i].ID = int64(i + 1)
	}
	got, id := items(t, p, 0)
	if d := cmp.Diff(all, got); d != "" {
		t.Error(d)
	}
	if id == "" || id != in.ID() {
		t.Errorf("the reader says ID %q, the inbox %q", id, in.ID())
	}
	if got, _ := items(t, p, 2); !slices.EqualFunc(got, all[2:], func(a, b Item) bool { return a.ID == b.ID }) {
		t.Errorf("after 2: %d items", len(got))
	}
	if got, _ := items(t, p, 4); len(got) != 0 {
		t.Errorf("after the last: %d items", len(got))
	}
	for _, name := range []string{p, p + "-wal", p + "-shm", p + ".lock"} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
}

func TestReplays(t *testing.T) {
	token := Item{At: moment, Account: "maax", Callback: "answer", Token: Token{1}, Body: []byte("a")}
	hook := Item{At: moment, Account: "chatwoot", Callback: "webhook", Delivery: "d", Body: []byte("a")}
	with := func(i Item, change func(*Item)) Item { change(&i); return i }
	for name, tt := range map[string]struct {
		first, second Item
		fresh         bool
	}{
		"the same":                 {token, token, false},
		"later":                    {token, with(token, func(i *Item) { i.At = moment.Add(time.Hour) }), false},
		"other words":              {token, with(token, func(i *Item) { i.Body = []byte("b") }), true},
		"other token":              {token, with(token, func(i *Item) { i.Token = Token{2} }), true},
		"other callback":           {token, with(token, func(i *Item) { i.Callback = "followup" }), true},
		"other account":            {token, with(token, func(i *Item) { i.Account = "maax.b" }), true},
		"moved border":             {with(token, func(i *Item) { i.Account, i.Callback = "ab", "c" }), with(token, func(i *Item) { i.Account, i.Callback = "a", "bc" }), true},
		"same delivery":            {hook, hook, false},
		"same delivery, new words": {hook, with(hook, func(i *Item) { i.Body = []byte("b") }), false},
		"other delivery":           {hook, with(hook, func(i *Item) { i.Delivery = "e" }), true},
		"delivery elsewhere":       {hook, with(hook, func(i *Item) { i.Account = "chatwoot.b" }), true},
		"no delivery":              {with(hook, func(i *Item) { i.Delivery = "" }), with(hook, func(i *Item) { i.Delivery = "" }), false},
	} {
		t.Run(name, func(t *testing.T) {
			p := path(t)
			in := opened(t, p)
			added(t, in, tt.first)
			for range 2 {
				fresh, err := in.Add(t.Context(), tt.second)
				if err != nil || fresh != tt.fresh {
					t.Errorf("fresh %v, %v", fresh, err)
				}
				tt.fresh = false
			}
			want := 1
			if tt.first.mark() != nil && !bytes.Equal(tt.first.mark(), tt.second.mark()) {
				want = 2
			}
			if got, _ := items(t, p, 0); len(got) != want {
				t.Errorf("%d items, want %d", len(got), want)
			}
		})
	}
}

func TestReadingWithoutAFile(t *testing.T) {
	p := path(t)
	if all, id := items(t, p, 0); len(all) != 0 || id != "" {
		t.Errorf("%d items, ID %q", len(all), id)
	}
	if all, id := items(t, filepath.Join(filepath.Dir(p), "no", "such", "dir"), 0); len(all) != 0 || id != "" {
		t.Errorf("%d items, ID %q", len(all), id)
	}
	if files, _ := os.ReadDir(filepath.Dir(p)); len(files) != 0 {
		t.Errorf("reading made %v", files)
	}
}

func TestClosedIsOneFileAndReadingKeepsItSo(t *testing.T) {
	p := path(t)
	in, err := Open(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	added(t, in, numbered(1))
	if err := errors.Join(in.Close(), in.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Add(t.Context(), numbered(2)); !errors.Is(err, ErrClosed) {
		t.Errorf("added after Close: %v", err)
	}
	if all, id := items(t, p, 0); len(all) != 1 || id != in.ID() {
		t.Errorf("%d items of %q", len(all), id)
	}
	var names []string
	files, _ := os.ReadDir(filepath.Dir(p))
	for _, f := range files {
		names = append(names, f.Name())
	}
	if !slices.Equal(names, []string{"herald.inbox", "herald.inbox.lock"}) {
		t.Errorf("%v", names)
	}
	again := opened(t, p)
	added(t, again, numbered(2))
	if fresh, err := again.Add(t.Context(), numbered(1)); fresh || err != nil {
		t.Errorf("what was there before is fresh: %v, %v", fresh, err)
	}
	if again.ID() != in.ID() {
		t.Error("the ID changed")
	}
	if all, _ := items(t, p, 1); len(all) != 1 || string(all[0].Body) != "2" {
		t.Errorf("%+v", all)
	}
}

func TestReadingWhileAdding(t *testing.T) {
	p := path(t)
	in := opened(t, p)
	r, err := OpenReader(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	const n, lanes = 1000, 8
	var wg sync.WaitGroup
	for lane := range lanes {
		wg.Go(func() {
			for k := lane; k < n; k += lanes {
				if _, err := in.Add(t.Context(), numbered(k)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	seen := map[string]bool{}
	last := int64(0)
	read := func() {
		for item, err := range r.Items(t.Context(), last) {
			if err != nil {
				t.Fatal(err)
			}
			if item.ID <= last || seen[string(item.Body)] {
				t.Fatalf("item %d after %d, words %s", item.ID, last, item.Body)
			}
			last, seen[string(item.Body)] = item.ID, true
		}
	}
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	for over := false; !over; {
		select {
		case <-done:
			over = true
		default:
		}
		read()
	}
	if len(seen) != n {
		t.Errorf("%d of %d were read", len(seen), n)
	}
}

// A reader that found nobody adding must notice who begins.
func TestReadingAcrossOpenings(t *testing.T) {
	p := path(t)
	total := 0
	var r *Reader
	for round := range 5 {
		in, err := Open(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		if r == nil {
			if r, err = OpenReader(t.Context(), p); err != nil {
				t.Fatal(err)
			}
			defer r.Close()
		}
		added(t, in, numbered(round))
		total++
		for _, closed := range []bool{false, true} {
			if closed {
				if err := in.Close(); err != nil {
					t.Fatal(err)
				}
			}
			n := 0
			for _, err := range r.Items(t.Context(), 0) {
				if err != nil {
					t.Fatal(err)
				}
				n++
			}
			if n != total {
				t.Errorf("round %d, closed %v: %d items, want %d", round, closed, n, total)
			}
		}
		if round%2 == 0 { // the next round's file is then opened anew, while nobody adds
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A slow reader gets pages, and may add up more than one.
func TestLongReading(t *testing.T) {
	p := path(t)
	in := opened(t, p)
	const n = 2*pageItems + 10
	var wg sync.WaitGroup
	for k := range n {
		wg.Go(func() { added(t, in, numbered(k)) })
	}
	wg.Wait()
	for k := range 6 { // more than a page's bytes
		i := numbered(n + k)
		i.Body = bytes.Repeat([]byte{byte(k)}, 1<<20)
		added(t, in, i)
	}
	all, _ := items(t, p, 0)
	if len(all) != n+6 || !slices.IsSortedFunc(all, func(a, b Item) int { return int(a.ID - b.ID) }) {
		t.Errorf("%d items", len(all))
	}
	r, err := OpenReader(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	got := 0
	for _, err := range r.Items(ctx, 0) {
		if err != nil {
			if !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
			break
		}
		if got++; got == 10 {
			cancel()
		}
	}
	if got != pageItems {
		t.Errorf("%d items after the end of ctx, want those of the first page", got)
	}
}

func TestOneAtATime(t *testing.T) {
	p := path(t)
	in, err := Open(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(p, link); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{p, link} {
		_, err = Open(t.Context(), name)
		var held *HeldError
		if !errors.As(err, &held) || !strings.Contains(err.Error(), fmt.Sprintf("pid %d", os.Getpid())) {
			t.Errorf("a second one: %v", err)
		}
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	opened(t, link)
}

// Whoever is told that a call was kept finds it, however the inbox is closed meanwhile.
func TestClosingWhileAdding(t *testing.T) {
	p := path(t)
	in, err := Open(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	var kept atomic.Int64
	var wg sync.WaitGroup
	for lane := range 16 {
		wg.Go(func() {
			for k := 0; ; k++ {
				switch _, err := in.Add(t.Context(), numbered(lane*1000+k)); {
				case errors.Is(err, ErrClosed):
					return
				case err != nil:
					t.Error(err)
					return
				}
				kept.Add(1)
			}
		})
	}
	time.Sleep(20 * time.Millisecond)
	if err := in.Close(); err != nil {
		t.Error(err)
	}
	wg.Wait()
	if all, _ := items(t, p, 0); int64(len(all)) != kept.Load() || len(all) == 0 {
		t.Errorf("%d items, %d were said to be kept", len(all), kept.Load())
	}
}

func TestEndedContext(t *testing.T) {
	p := path(t)
	in := opened(t, p)
	ctx, cancel := context.WithCancelCause(t.Context())
	gone := errors.New("gone")
	cancel(gone)
	if _, err := in.Add(ctx, numbered(1)); !errors.Is(err, gone) {
		t.Errorf("%v", err)
	}
	if all, _ := items(t, p, 0); len(all) != 0 {
		t.Errorf("%d items", len(all))
	}
}

func TestWrongItems(t *testing.T) {
	in := opened(t, path(t))
	for _, i := range []Item{{Callback: "a"}, {Account: "a"}, {Account: "a", Callback: "b", Body: make([]byte, MaxBody+1)}} {
		if _, err := in.Add(t.Context(), i); err == nil {
			t.Errorf("%s %s with %d bytes was taken", i.Account, i.Callback, len(i.Body))
		}
	}
}

func TestBeside(t *testing.T) {
	for ledger, want := range map[string]string{
		"herald.state": "herald.inbox", "/a/b.state": "/a/b.inbox", ".herald/sandbox.state": ".herald/sandbox.inbox", "ledger.db": "ledger.db.inbox",
	} {
		if got := Beside(ledger); got != want {
			t.Errorf("Beside(%s) = %s, want %s", ledger, got, want)
		}
	}
}

func TestErase(t *testing.T) {
	p := path(t)
	if err := Erase(t.Context(), p, 1); err != nil {
		t.Errorf("without a file: %v", err)
	}
	in := opened(t, p)
	secret := []byte("what nobody may find again")
	words := numbered(1)
	words.Body = bytes.Repeat(secret, 1000)
	short := numbered(2)
	short.Body = secret
	added(t, in, words, short, numbered(3))
	if err := Erase(t.Context(), p, 1, 2, 99); err != nil {
		t.Fatal(err)
	}
	if fresh, err := in.Add(t.Context(), words); fresh || err != nil {
		t.Errorf("a replay of what was erased: fresh %v, %v", fresh, err)
	}
	added(t, in, numbered(4))
	all, _ := items(t, p, 0)
	if len(all) != 4 || len(all[0].Body)+len(all[1].Body) != 0 || string(all[2].Body) != "3" {
		t.Errorf("%+v", all)
	}
	for _, name := range []string{p, p + "-wal"} {
		if text, err := os.ReadFile(name); err != nil || bytes.Contains(text, secret[:20]) {
			t.Errorf("%s: %v, or it still holds the words", name, err)
		}
	}
}

func BenchmarkAdd(b *testing.B) {
	in, err := Open(b.Context(), filepath.Join(b.TempDir(), "herald.inbox"))
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	body := bytes.Repeat([]byte("x"), 500)
	b.SetParallelism(32) // 64 on two cores
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := Item{At: moment, Account: "maax", Callback: "answer", Body: body}
			for k := range i.Token {
				i.Token[k] = byte(rand.Uint32())
			}
			if _, err := in.Add(b.Context(), i); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// What goes into a file that is no longer there is lost, so nobody is told that it was kept.
func TestGone(t *testing.T) {
	for name, spoil := range map[string]func(path string) error{
		"removed":     os.Remove,
		"log removed": func(path string) error { return os.Remove(path + "-wal") },
		"replaced": func(path string) error {
			if err := os.Rename(path, path+".old"); err != nil {
				return err
			}
			return os.WriteFile(path, []byte("another"), 0o600)
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "herald.inbox")
			in, err := Open(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			add := func(delivery string) error {
				_, err := in.Add(t.Context(), Item{At: time.Now(), Account: "chatwoot", Callback: "webhook", Delivery: delivery})
				return err
			}
			if err := add("before"); err != nil {
				t.Fatal(err)
			}
			if err := spoil(path); err != nil {
				t.Fatal(err)
			}
			if err := add("after"); err == nil || !strings.Contains(err.Error(), "removed or replaced") {
				t.Errorf("%v", err)
			}
		})
	}
}

// An older copy of the file tells by its last number that it is one.
func TestLast(t *testing.T) {
	path := filepath.Join(t.TempDir(), "herald.inbox")
	for n := range int64(3) {
		r, err := OpenReader(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if last, err := r.Last(t.Context()); err != nil || last != n {
			t.Errorf("last is %d, %v; want %d", last, err, n)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		in, err := Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := in.Add(t.Context(), Item{At: time.Now(), Account: "maax", Callback: "answer", Body: []byte{byte(n)}}); err != nil {
			t.Fatal(err)
		}
		if err := in.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
