package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"herald/internal/addr"
)

// A run writes; readers see each instant whole, and less never follows more.
func TestReadWhileWriting(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	const sends = 400
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(done)
		var writers sync.WaitGroup
		for w := range 8 {
			writers.Go(func() {
				for n := w; n < sends; n += 8 {
					i := intentOf(fmt.Sprintf("c%05d", n))
					if err := errors.Join(l.Intend(t.Context(), i),
						l.Record(t.Context(), Result{Send: i.Send, State: Sent})); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		writers.Wait()
	})
	wg.Go(func() {
		last := 0
		for running := true; running; {
			select {
			case <-done:
				running = false
			default:
			}
			v, err := Read(t.Context(), path)
			if err != nil {
				t.Error(err)
				return
			}
			n := v.Recorded(sendOf("").Message)
			if n < last || len(v.Doubt) > 8 {
				t.Errorf("%d after %d, %d open", n, last, len(v.Doubt))
			}
			for _, d := range v.Doubt {
				if d.State != Sending {
					t.Errorf("%s is %s while the run lives", d.Send, d.State)
				}
			}
			last = n
		}
		if last != sends {
			t.Errorf("%d at the end", last)
		}
	})
	wg.Go(func() {
		for running := true; running; {
			select {
			case <-done:
				running = false
			default:
			}
			recordsTest(t, path)
		}
	})
	wg.Wait()
}

// A run begins and ends while a file that lay still is read: the reader notices and reads again.
func TestRunDuringRead(t *testing.T) {
	path := pathTest(t)
	must(t, openTest(t, path, Options{Create: true}).Close())
	r, err := OpenReader(t.Context(), path)
	must(t, err)
	defer r.Close()
	times, sends := 0, 0
	must(t, r.do(t.Context(), func(ctx context.Context, live bool) error {
		if times++; times == 1 {
			if !r.fixed || live {
				t.Errorf("opened with locks (%v) though nobody writes", live)
			}
			l := openTest(t, path, Options{})
			startTest(t, l)
			must(t, l.Intend(t.Context(), intentOf("c1")))
			must(t, l.Close())
		}
		return r.conn.QueryRowContext(ctx, "SELECT count(*) FROM flights").Scan(&sends)
	}))
	if times != 2 || sends != 1 {
		t.Errorf("read %d times, %d sends", times, sends)
	}
}

// A run that begins between two pages of a long list: the list goes on, in order, with nobody twice.
func TestRunBetweenPages(t *testing.T) {
	path := pathTest(t)
	const sends = 2*page + page/2
	fillTest(t, path, sends)
	var got []string
	for rec, err := range Records(t.Context(), path) {
		must(t, err)
		got = append(got, rec.Send.Key)
		if len(got) == 10 {
			l := openTest(t, path, Options{})
			startTest(t, l)
			must(t, l.Intend(t.Context(), intentOf("a-before")))
			must(t, l.Intend(t.Context(), intentOf("z-after")))
			must(t, l.Intend(t.Context(), intentOf(fmt.Sprintf("c%07d", page-1))))
			must(t, l.Intend(t.Context(), intentOf(fmt.Sprintf("c%07d", page))))
			must(t, l.Intend(t.Context(), intentOf(fmt.Sprintf("c%07d", page)+"\x00")))
		}
	}
	if len(got) != sends+2 || !slices.IsSorted(got) || got[len(got)-1] != "z-after" || len(slices.Compact(got)) != sends+2 {
		t.Errorf("%d records, last %q", len(got), got[len(got)-1])
	}
}

func TestTargets(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	var all []addr.Send
	for _, m := range []addr.Message{{Sequence: "b", Name: "x"}, {Sequence: "a", Name: "y"}, {Sequence: "a", Name: "x"}} {
		for _, key := range []string{"k2", "", "k1\x00", "k1"} {
			i := intentOf(key)
			i.Send.Message, i.Definition = m, Hash{}
			must(t, l.Intend(t.Context(), i))
			if key != "k2" {
				must(t, l.Record(t.Context(), Result{Send: i.Send, State: Sent}))
			}
			all = append(all, i.Send)
		}
	}
	slices.SortFunc(all, addr.Send.Compare)
	for _, targets := range [][]string{
		{}, {"a"}, {"a.x"}, {`a.x["k1"]`}, {`a.x["k2"]`}, {`a.x[""]`}, {`a.x["none"]`}, {"none"}, {`a.x["k1"]`, `a.x["k1"]`},
		{`a.x["k2"]`, `a.x["k1\u0000"]`, "b"}, {"a", "a.x", `a.x["k1"]`}, {"a", "b"},
	} {
		var parsed []addr.Target
		for _, s := range targets {
			target, err := addr.Parse(s)
			must(t, err)
			parsed = append(parsed, target)
		}
		var want, got []addr.Send
		for _, s := range all {
			if len(parsed) == 0 || slices.ContainsFunc(parsed, func(target addr.Target) bool { return target.Covers(s) }) {
				want = append(want, s)
			}
		}
		for rec, err := range Records(t.Context(), path, parsed...) {
			must(t, err)
			got = append(got, rec.Send)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%v: %v, want %v", targets, got, want)
		}
	}
}

func TestReaderTellsAll(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true, Version: "1.2.3"})
	startTest(t, l)
	i := intentOf("c1")
	i.Unique = hashOf('u')
	must(t, l.Intend(t.Context(), i))
	must(t, l.Record(t.Context(), Result{Send: i.Send, State: Sent, Marked: true}))
	must(t, l.Close())
	r, err := OpenReader(t.Context(), path)
	must(t, err)
	defer r.Close()
	info, err := r.Info(t.Context())
	must(t, err)
	if info.Format != Format || info.Lineage != l.Lineage() || info.Serial != 1 || info.CreatedBy != "1.2.3" ||
		info.WrittenBy != "1.2.3" || info.Created.IsZero() {
		t.Errorf("info %+v", info)
	}
	accounts, err := r.Accounts(t.Context())
	must(t, err)
	if len(accounts) != 1 || accounts[0].Name != "heyx" || accounts[0].MarkerSeen.IsZero() || !accounts[0].LastIntent.Equal(i.At) {
		t.Errorf("accounts %+v", accounts)
	}
	uses, err := r.Uses(t.Context())
	must(t, err)
	if len(uses) != 1 || uses[0] != (Use{i.Send.Message, i.Unique, personOf("c1")}) {
		t.Errorf("uses %+v", uses)
	}
	attributes, err := r.KeyAttributes(t.Context())
	must(t, err)
	if len(attributes) != 1 || attributes["customers"] != "id" {
		t.Errorf("key attributes %v", attributes)
	}
}

// People look with any SQLite tool, by the view named ledger.
func TestSQLView(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	at := timeOf(1_700_000_000_000_000_000)
	for _, key := range []string{"c2", "c1"} {
		i := intentOf(key)
		i.At = at
		must(t, l.Intend(t.Context(), i))
	}
	must(t, l.Record(t.Context(), Result{Send: sendOf("c2"), State: Refused, Reason: "no", At: at}))
	must(t, l.Intend(t.Context(), intentOf("c2")))
	must(t, l.Record(t.Context(), Result{Send: sendOf("c2"), State: Untried}))
	db, conn, err := openDatabase(t.Context(), path, readOnly)
	must(t, err)
	defer closeDatabase(db, conn)
	var got []string
	must(t, query(t.Context(), conn, func(rows *sql.Rows) error {
		var sequence, message, key, state, account, at, who string
		err := rows.Scan(&sequence, &message, &key, &state, &account, &at, &who)
		got = append(got, fmt.Sprint(sequence, " ", message, " ", key, " ", state, " ", account, " ", at, " ", who))
		return err
	}, "SELECT sequence, message, key, state, account, at, who FROM ledger"))
	want := []string{"renewal offer c1 sending heyx 2023-11-14T22:13:20Z ada@host",
		"renewal offer c2 refused heyx 2023-11-14T22:13:20Z ada@host"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestCopy(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	for n := range 20 {
		must(t, l.Intend(t.Context(), intentOf(fmt.Sprint(n))))
	}
	out := filepath.Join(t.TempDir(), "copy.state")
	check := func() {
		t.Helper()
		must(t, Copy(t.Context(), path, out))
		v, err := Read(t.Context(), out)
		must(t, err)
		if v.Recorded(sendOf("").Message) != 20 || v.Lineage != l.Lineage() {
			t.Errorf("copied %+v", v)
		}
		wantError(t, Copy(t.Context(), path, out), "there is a file of that name", out)
		must(t, os.Remove(out))
	}
	check() // while a run writes
	must(t, l.Close())
	check() // while nobody does
	if files := filesTest(t, filepath.Dir(path)); !slices.Equal(files, []string{"herald.state", "herald.state.lock"}) {
		t.Errorf("files %v", files)
	}

	// A copy is a whole ledger: it can be gone on with.
	must(t, Copy(t.Context(), path, out))
	c := openTest(t, out, Options{Lineage: l.Lineage()})
	startTest(t, c)
	must(t, c.Record(t.Context(), Result{Send: sendOf("1"), State: Sent}))

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	cut := filepath.Join(t.TempDir(), "cut.state")
	if err := Copy(ctx, path, cut); err == nil {
		t.Error("a cancelled copy was made")
	}
	if found, _ := exists(cut); found {
		t.Error("a cut copy was left")
	}
	wantError(t, Copy(t.Context(), pathTest(t), cut), "no such file")
}

func TestHashText(t *testing.T) {
	for _, h := range []Hash{{}, hashOf('a'), {Version: 255, Sum: [16]byte{15: 1}}} {
		text, err := h.MarshalText()
		must(t, err)
		got := hashOf('x')
		if err := got.UnmarshalText(text); err != nil || got != h {
			t.Errorf("%s became %s, %v", text, got, err)
		}
	}
	for _, bad := range []string{"1", "1:", "0:00000000000000000000000000000000", "1:0000000000000000000000000000000g",
		"256:00000000000000000000000000000000"} {
		var h Hash
		if err := h.UnmarshalText([]byte(bad)); err == nil || !h.IsZero() {
			t.Errorf("%q is read as %v", bad, h)
		}
	}
	for s := Untried; s <= Skipped; s++ {
		var got State
		text, err := s.MarshalText()
		must(t, err)
		if err := got.UnmarshalText(text); err != nil || got != s {
			t.Errorf("%s became %s, %v", s, got, err)
		}
	}
	var s State
	wantError(t, s.UnmarshalText([]byte("done")), `"done" is no state`)
}

// A view that was made from records says what one read from a file with them says.
func TestNewView(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	for n, state := range []State{Sent, Refused, InDoubt, Sending} {
		i := intentOf(fmt.Sprint(n))
		must(t, l.Intend(t.Context(), i))
		if state != Sending {
			must(t, l.Record(t.Context(), Result{Send: i.Send, State: state}))
		}
	}
	read, err := l.View(t.Context())
	must(t, err)
	made := NewView(l.Lineage(), read.Serial, func(yield func(Record) bool) {
		for _, r := range recordsTest(t, path) {
			if !yield(r) {
				return
			}
		}
	})
	for n := range 5 {
		a, aok := read.Entry(sendOf(fmt.Sprint(n)))
		b, bok := made.Entry(sendOf(fmt.Sprint(n)))
		if a != b || aok != bok {
			t.Errorf("%d: read %+v, made %+v", n, a, b)
		}
	}
	if !slices.Equal(read.Doubt, made.Doubt) || len(made.Doubt) != 2 || !made.LastIntent("heyx").Equal(read.LastIntent("heyx")) {
		t.Errorf("doubt %+v, made %+v", read.Doubt, made.Doubt)
	}
}
