package state

import (
	"context"
	"errors"
	"runtime"
	"testing"

	"herald/internal/addr"
)

// hold keeps the writer busy until release is called.
func hold(t *testing.T, l *Ledger) (release func()) {
	t.Helper()
	held, let, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- l.run(context.Background(), func(context.Context) error {
			close(held)
			<-let
			return nil
		})
	}()
	<-held
	return func() {
		close(let)
		must(t, <-done)
	}
}

// queued waits until n ops wait for the writer.
func queued(l *Ledger, n int) {
	for {
		l.mu.Lock()
		have := len(l.waiting)
		l.mu.Unlock()
		if have == n {
			return
		}
		runtime.Gosched()
	}
}

// An intent that still waits is withdrawn when its context ends; an outcome never is.
func TestCancel(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	must(t, l.Intend(t.Context(), intentOf("outcome")))
	release := hold(t, l)
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := errors.New("the user stopped it")
	intent, outcome := make(chan error, 1), make(chan error, 1)
	go func() { intent <- l.Intend(ctx, intentOf("withdrawn")) }()
	go func() { outcome <- l.Record(ctx, Result{Send: sendOf("outcome"), State: Sent}) }()
	queued(l, 2)
	cancel(stop)
	if err := <-intent; !errors.Is(err, stop) {
		t.Errorf("the intent: %v", err)
	}
	queued(l, 1)
	release()
	must(t, <-outcome)
	must(t, l.Intend(t.Context(), intentOf("next")))
	if err := l.Intend(ctx, intentOf("late")); !errors.Is(err, stop) {
		t.Errorf("an intent after the end: %v", err)
	}
	must(t, l.Record(ctx, Result{Send: sendOf("next"), State: Refused}))
	got := recordsTest(t, path)
	if len(got) != 2 || got[sendOf("outcome")].State != Sent || got[sendOf("next")].State != Refused {
		t.Errorf("%+v", got)
	}
}

// One caller's mistake is his alone; those who share the flush with him are served.
func TestMistakeWithinBatch(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	must(t, l.Intend(t.Context(), intentOf("twice")))
	release := hold(t, l)
	bad, good := make(chan error, 1), make(chan error, 1)
	go func() { bad <- l.Intend(t.Context(), intentOf("twice")) }()
	go func() { good <- l.Intend(t.Context(), intentOf("once")) }()
	queued(l, 2)
	release()
	wantError(t, <-bad, "already", "bug")
	must(t, <-good)
	if len(recordsTest(t, path)) != 2 {
		t.Error("the good one is not there")
	}
}

// A turn is an outcome and an intent with one flush. The intent is never there without the outcome.
func TestTurn(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	turn := func(r string, st State, i Intent) (recorded, intended error) {
		return l.Turn(t.Context(), Result{Send: sendOf(r), State: st}, i)
	}
	must(t, l.Intend(t.Context(), intentOf("a")))
	must(t, errors.Join(turn("a", Sent, intentOf("b"))))
	must(t, errors.Join(turn("b", Untried, intentOf("b")))) // back, and tried again
	must(t, errors.Join(turn("b", InDoubt, intentOf("c"))))
	must(t, errors.Join(turn("c", Refused, intentOf("d"))))

	recorded, intended := turn("e", Sent, intentOf("f"))
	wantError(t, recorded, `"e"`, "without an attempt")
	wantError(t, intended, `"e"`, "without an attempt")

	unknown := intentOf("f")
	unknown.Definition = hashOf('?')
	recorded, intended = turn("d", Sent, unknown)
	must(t, recorded)
	wantError(t, intended, `"f"`, "was not given to StartRun")

	got := recordsTest(t, path)
	for key, want := range map[string]State{"a": Sent, "b": InDoubt, "c": Refused, "d": Sent} {
		if got[sendOf(key)].State != want {
			t.Errorf("%s is %s, want %s", key, got[sendOf(key)].State, want)
		}
		delete(got, sendOf(key))
	}
	if len(got) > 0 {
		t.Errorf("also there: %+v", got)
	}

	must(t, l.Intend(t.Context(), intentOf("g")))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	recorded, intended = l.Turn(ctx, Result{Send: sendOf("g"), State: Sent}, intentOf("h"))
	must(t, errors.Join(recorded, intended)) // what is known must reach the disk
	must(t, l.Close())
	recorded, intended = turn("h", Sent, intentOf("i"))
	if !errors.Is(recorded, ErrClosed) || !errors.Is(intended, ErrClosed) {
		t.Errorf("closed: %v, %v", recorded, intended)
	}
}

// A disk that fails within a turn leaves both as they were.
func TestTurnBroken(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	must(t, l.Intend(t.Context(), intentOf("a")))
	_, err := l.conn.ExecContext(t.Context(), "CREATE TEMP TRIGGER fail BEFORE INSERT ON flights BEGIN SELECT RAISE(ABORT, 'no more'); END")
	must(t, err)
	recorded, intended := l.Turn(t.Context(), Result{Send: sendOf("a"), State: Sent}, intentOf("b"))
	wantError(t, recorded, "no more", "Nothing is sent that cannot be recorded")
	wantError(t, intended, "no more")
	wantError(t, l.Record(t.Context(), Result{Send: sendOf("a"), State: Sent}), "no more")
	must(t, l.Close())
	got := recordsTest(t, path)
	if len(got) != 1 || got[sendOf("a")].State != InDoubt {
		t.Errorf("%+v", got)
	}
}

// After the disk failed nothing more is taken, and everybody is told why.
func TestBroken(t *testing.T) {
	for _, tt := range []struct {
		name, breaks string
		words        []string
	}{
		{"full", "PRAGMA max_page_count = 1", []string{"the disk is full", "free some space"}},
		{"no table", "DROP TABLE flights", []string{"no such table"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := pathTest(t)
			l := openTest(t, path, Options{Create: true})
			startTest(t, l)
			must(t, l.Intend(t.Context(), intentOf("before")))
			if tt.name == "no table" {
				db, conn, err := openDatabase(t.Context(), path, readWrite)
				must(t, err)
				_, err = conn.ExecContext(t.Context(), tt.breaks)
				must(t, errors.Join(err, closeDatabase(db, conn)))
			} else {
				_, err := l.conn.ExecContext(t.Context(), tt.breaks)
				must(t, err)
			}
			var err error
			for n := 0; err == nil && n < 1000; n++ {
				i := intentOf(string(rune('a'+n/26%26)) + string(rune('a'+n%26)) + string(make([]byte, 300)))
				i.Account = string(make([]byte, n+1))
				err = l.Intend(t.Context(), i)
			}
			words := append(tt.words, path, "Nothing is sent that cannot be recorded")
			wantError(t, err, words...)
			wantError(t, l.Record(t.Context(), Result{Send: sendOf("before"), State: Sent}), words...)
			wantError(t, l.Intend(t.Context(), intentOf("after")), words...)
			wantError(t, l.EndRun(t.Context(), Run{ID: 1}), words...)
		})
	}
}

// Many at once, with several messages and accounts: everything handed in is there, and each commit took more than one.
func TestManyAtOnce(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	const workers, each = 32, 40
	done := make(chan error, workers)
	for w := range workers {
		go func() {
			for n := range each {
				i := intentOf(string(rune('a'+w)) + string(rune('a'+n)))
				i.Send.Message = addr.Message{Sequence: "s", Name: string(rune('a' + n%3))}
				i.Account, i.Definition = "account"+string(rune('a'+w%4)), Hash{}
				err := l.Intend(t.Context(), i)
				if err == nil {
					err = l.Record(t.Context(), Result{Send: i.Send, State: []State{Sent, Refused, InDoubt}[n%3]})
				}
				if err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range workers {
		must(t, <-done)
	}
	if l.CommitLatency() <= 0 {
		t.Error("no latency was measured")
	}
	got := recordsTest(t, path)
	if len(got) != workers*each {
		t.Fatalf("%d records, want %d", len(got), workers*each)
	}
	r, err := OpenReader(t.Context(), path)
	must(t, err)
	defer r.Close()
	counts, err := r.Counts(t.Context())
	must(t, err)
	if len(counts) != 3 || counts[0].Message.Name != "a" || counts[0].State != Sent || counts[1].State != Refused ||
		counts[2].State != InDoubt || counts[0].Sends+counts[1].Sends+counts[2].Sends != workers*each {
		t.Errorf("counts %+v", counts)
	}
}
