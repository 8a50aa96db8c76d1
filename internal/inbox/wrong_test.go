package inbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A file that is none of ours is refused, with words that help, and left as it is.
func TestWrongFiles(t *testing.T) {
	database := func(head string) func(*testing.T, string) {
		return func(t *testing.T, p string) {
			if err := os.WriteFile(p, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			db, conn, err := openDatabase(t.Context(), p, readWrite)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := conn.ExecContext(t.Context(), head+"CREATE TABLE x (y)"); err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(conn.Close(), db.Close()); err != nil {
				t.Fatal(err)
			}
		}
	}
	text := func(s string) func(*testing.T, string) {
		return func(t *testing.T, p string) {
			if err := os.WriteFile(p, []byte(s), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	ours := fmt.Sprintf("PRAGMA application_id = %d;", applicationID)
	for name, tt := range map[string]struct {
		make func(*testing.T, string)
		says string
	}{
		"empty":       {text(""), "no SQLite database"},
		"text":        {text("hello"), "no SQLite database"},
		"another":     {database(""), "no inbox of herald"},
		"a ledger":    {database("PRAGMA application_id = 1213353028;"), "no inbox of herald"},
		"newer":       {database(ours + "PRAGMA user_version = 7;"), "in format 7; this one knows formats up to 1"},
		"no meta":     {database(ours + "PRAGMA user_version = 1;"), "no such table"},
		"no id":       {database(ours + "PRAGMA user_version = 1; CREATE TABLE meta (name TEXT, value TEXT);"), "does not say its id"},
		"a directory": {func(t *testing.T, p string) { _ = os.Mkdir(p, 0o700) }, "no file"},
	} {
		t.Run(name, func(t *testing.T) {
			p := path(t)
			tt.make(t, p)
			before, _ := os.ReadFile(p)
			_, err := Open(t.Context(), p)
			_, also := OpenReader(t.Context(), p)
			for what, err := range map[string]error{"Open": err, "OpenReader": also, "Erase": Erase(t.Context(), p, 1)} {
				if what == "Erase" && strings.HasPrefix(name, "no ") {
					continue // it asks for no more than the tables that it needs
				}
				if err == nil || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), p) {
					t.Errorf("%s: %v", what, err)
				}
			}
			if after, _ := os.ReadFile(p); len(before) != len(after) || !strings.HasPrefix(name, "no ") && !slices.Equal(before, after) {
				t.Error("the file was changed")
			}
		})
	}
}

func TestWrongPlaces(t *testing.T) {
	p := path(t)
	if _, err := Open(t.Context(), filepath.Join(filepath.Dir(p), "missing", "x.inbox")); err == nil || !strings.Contains(err.Error(), "make it, or mend the path") {
		t.Errorf("no directory: %v", err)
	}
	if err := os.WriteFile(p+"-wal", []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), p); err == nil || !strings.Contains(err.Error(), "herald.inbox-wal, a part of it, is here") {
		t.Errorf("a log without its file: %v", err)
	}
}

func TestNoPermission(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write everything")
	}
	dir := filepath.Dir(path(t))
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), filepath.Join(dir, "x.inbox")); err == nil || !strings.Contains(err.Error(), "must be able to write") {
		t.Errorf("no permission: %v", err)
	}
}

func TestReplacedMeanwhile(t *testing.T) {
	p := path(t)
	in, err := Open(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	added(t, in, numbered(1))
	r, err := OpenReader(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := errors.Join(in.Close(), r.Close(), os.Remove(p)); err != nil {
		t.Fatal(err)
	}
	added(t, opened(t, p), numbered(2))
	for _, err := range r.Items(t.Context(), 0) {
		if err == nil || !strings.Contains(err.Error(), "replaced by another inbox") {
			t.Errorf("%v", err)
		}
	}
}

// What cannot be kept is said so, and nothing of it is there; as soon as there is room again calls are taken.
func TestFullDisk(t *testing.T) {
	p := path(t)
	in := opened(t, p)
	added(t, in, numbered(1))
	// The writer waits for a call, and each one is handed over a channel: nobody else uses the connection now.
	limit := func(pages int) {
		if _, err := in.conn.ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages)); err != nil {
			t.Fatal(err)
		}
	}
	limit(1) // no more than it has
	big := numbered(2)
	big.Body = make([]byte, 1<<18)
	if fresh, err := in.Add(t.Context(), big); err == nil || fresh || !strings.Contains(err.Error(), "the disk is full; free some space") {
		t.Errorf("fresh %v, %v", fresh, err)
	}
	if all, _ := items(t, p, 0); len(all) != 1 {
		t.Errorf("%d items", len(all))
	}
	limit(1 << 20)
	added(t, in, big)
	if all, _ := items(t, p, 0); len(all) != 2 {
		t.Errorf("%d items", len(all))
	}
}

// Every format that was released must open for ever.
func TestFixture(t *testing.T) {
	text, err := os.ReadFile("testdata/format1.inbox")
	if err != nil {
		t.Fatal(err)
	}
	p := path(t)
	if err := os.WriteFile(p, text, 0o600); err != nil {
		t.Fatal(err)
	}
	all, id := items(t, p, 0)
	if id != "7UDFIXTUREOFFORMAT1AAAAAAA" || len(all) != 2 || all[0].Token != (Token{1, 2, 3}) || string(all[0].Body) != `{"answer":"Hello"}` ||
		all[1].Delivery != "d-1" || !all[1].At.Equal(moment) {
		t.Errorf("%s: %+v", id, all)
	}
	in := opened(t, p)
	if fresh, err := in.Add(t.Context(), all[0]); fresh || err != nil {
		t.Errorf("what it holds is fresh: %v, %v", fresh, err)
	}
	added(t, in, numbered(1))
}

// An inbox is a list without doubles, whatever is added, and however often it is opened.
func TestModel(t *testing.T) {
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		p := filepath.Join(dir, fmt.Sprint(n))
		ctx := context.Background()
		in, err := Open(ctx, p)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = in.Close() }()
		type key struct{ account, callback, delivery, token, body string }
		known := map[key]bool{}
		var want []string
		for range rapid.IntRange(1, 12).Draw(t, "calls") {
			if rapid.IntRange(0, 19).Draw(t, "again") == 0 {
				if err := in.Close(); err != nil {
					t.Fatal(err)
				}
				if in, err = Open(ctx, p); err != nil {
					t.Fatal(err)
				}
			}
			i := Item{
				At: moment, Account: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "account"), Callback: rapid.SampledFrom([]string{"x", "y"}).Draw(t, "callback"),
				Token: Token{rapid.ByteRange(0, 1).Draw(t, "token")}, Delivery: rapid.SampledFrom([]string{"", "", "d", "e"}).Draw(t, "delivery"),
				Body: rapid.SliceOfN(rapid.ByteRange(0, 1), 0, 1).Draw(t, "body"),
			}
			k := key{i.Account, i.Callback, i.Delivery, string(i.Token[:]), string(i.Body)}
			if i.Delivery != "" {
				k.token, k.body = "", ""
			}
			fresh, err := in.Add(ctx, i)
			if err != nil || fresh == known[k] {
				t.Fatalf("%+v: fresh %v, known %v, %v", i, fresh, known[k], err)
			}
			if fresh {
				want = append(want, fmt.Sprint(i.Account, i.Callback, i.Delivery, i.Token, i.Body))
			}
			known[k] = true
		}
		r, err := OpenReader(ctx, p)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		var got []string
		for i, err := range r.Items(ctx, 0) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprint(i.Account, i.Callback, i.Delivery, i.Token, i.Body))
		}
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}
