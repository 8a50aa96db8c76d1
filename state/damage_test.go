package state

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"herald/internal/addr"
)

// However a ledger is damaged, herald gives an error or reads it; it never falls over.
func TestDamage(t *testing.T) {
	whole, err := os.ReadFile(fixture)
	must(t, err)
	rnd := rand.New(rand.NewPCG(1, 2))
	for n := range 120 {
		raw := append([]byte(nil), whole...)
		switch n % 4 {
		case 0:
			raw = raw[:rnd.IntN(len(raw))]
		case 1: // within the first page: the header and the schema
			for range 1 + rnd.IntN(4) {
				raw[rnd.IntN(4096)] ^= 1 << rnd.IntN(8)
			}
		case 2:
			for range 1 + rnd.IntN(40) {
				raw[rnd.IntN(len(raw))] ^= 1 << rnd.IntN(8)
			}
		case 3: // a page of noise
			at := rnd.IntN(len(raw)/4096) * 4096
			for i := range 4096 {
				raw[at+i] = byte(rnd.Uint32())
			}
		}
		touch(t, raw)
	}
}

// patient is a ledger to be harmed, and what it tells while it is whole.
type patient struct {
	file, log []byte // the log is nil when the ledger was closed
	records   map[addr.Send]Record
}

func patientsTest(tb testing.TB) (all []patient) {
	tb.Helper()
	closed := filepath.Join(tb.TempDir(), "herald.state")
	raw, err := os.ReadFile(fixture)
	must(tb, err)
	must(tb, os.WriteFile(closed, raw, 0o600))
	for _, path := range []string{closed, killedTest(tb, tb.TempDir(), 20, Options{})} {
		p := patient{}
		p.file, err = os.ReadFile(path)
		must(tb, err)
		if p.log, err = os.ReadFile(walPath(path)); !errors.Is(err, fs.ErrNotExist) {
			must(tb, err)
		}
		p.records = recordsTest(tb, path)
		all = append(all, p)
	}
	return all
}

// FuzzDamage flips bits of one byte of a file or a log, or keeps only the beginning of it. Then herald gives an error, or
// tells what was recorded: all of it but the row that holds the byte, or up to where the log ends now.
func FuzzDamage(f *testing.F) {
	all := patientsTest(f)
	for _, at := range []uint{0, 18, 28, 60, 100, 2000, 4096 + 3, 5 * 4096, 7*4096 + 100} {
		f.Add(uint8(0), at, uint8(1), false)
		f.Add(uint8(1), at, uint8(128), false)
		f.Add(uint8(2), at, uint8(16), false)
		f.Add(uint8(0), at, uint8(0), true)
		f.Add(uint8(1), at, uint8(0), true)
		f.Add(uint8(2), at, uint8(0), true)
	}
	f.Fuzz(func(t *testing.T, part uint8, at uint, flip uint8, cut bool) {
		p := all[min(part%3, 1)]
		file, log := bytes.Clone(p.file), bytes.Clone(p.log)
		harmed := &file
		if part%3 == 2 {
			harmed = &log
		}
		at %= uint(len(*harmed))
		if cut {
			*harmed = (*harmed)[:at]
		} else {
			(*harmed)[at] ^= flip
		}
		path := pathTest(t)
		must(t, os.WriteFile(path, file, 0o600))
		if p.log != nil {
			must(t, os.WriteFile(walPath(path), log, 0o600))
		}
		switch told := tellTest(t, path); {
		case told == nil: // refused
		case part%3 == 2:
			shorterTest(t, told, p.records, cut)
		case cut:
			t.Errorf("cut at %d of %d it tells %d records", at, len(p.file), len(told))
		default:
			if wrong := differ(told, p.records); len(wrong) > 1 {
				t.Errorf("with byte %d ^ %d these are wrong: %v", at, flip, wrong)
			}
		}
		touch(t, file)
	})
}

// tellTest gives what a reader who looks at all of it is told, nil when he is refused. Whoever would write must be told the
// same, or be refused.
func tellTest(t *testing.T, path string) map[addr.Send]Record {
	t.Helper()
	if _, err := Read(t.Context(), path); err != nil {
		if l, err := Open(t.Context(), path, Options{}); err == nil {
			t.Error(l.Close(), "it cannot be read, but it can be written")
		}
		return nil
	}
	told := map[addr.Send]Record{}
	for r, err := range Records(t.Context(), path) {
		if err != nil {
			return nil
		}
		told[r.Send] = r
	}
	l, err := Open(t.Context(), path, Options{})
	if err != nil {
		return told
	}
	if now := recordsTest(t, path); len(differ(now, told)) > 0 {
		t.Errorf("it tells otherwise since it was opened for writing: %v", differ(now, told))
	}
	_ = l.Close()
	return told
}

// differ gives the sends of which two ledgers tell otherwise. A key that became another one counts once.
func differ(a, b map[addr.Send]Record) (all []string) {
	var added, gone []string
	for s, r := range a {
		if was, there := b[s]; !there {
			added = append(added, s.String()+" is new")
		} else if was != r {
			all = append(all, s.String()+" is other")
		}
	}
	for s := range b {
		if _, there := a[s]; !there {
			gone = append(gone, s.String()+" is gone")
		}
	}
	if len(added) > len(gone) {
		gone = added
	}
	return append(all, gone...)
}

// shorterTest checks what a ledger tells whose log was harmed: what the file has, whole, and of what the log had a beginning;
// all but the last commit, when nothing was cut off.
func shorterTest(t *testing.T, told, whole map[addr.Send]Record, cut bool) {
	t.Helper()
	missing := 0
	for _, s := range slices.SortedFunc(maps.Keys(whole), addr.Send.Compare) {
		r, there := told[s]
		switch {
		case there && missing > 0:
			t.Errorf("%s is there, and something before it is not", s)
		case s.Key[0] == 'a' && (!there || r != whole[s]):
			t.Errorf("%s, which the file has, is %+v", s, r)
		case !there || r != whole[s]:
			missing++
			if there && r.State != InDoubt {
				t.Errorf("%s is %+v", s, r)
			}
			if there {
				missing = 1
			}
		}
	}
	if missing > 1 && !cut {
		t.Errorf("%d sends are missing after a rotten byte", missing)
	}
	for s := range told {
		if _, there := whole[s]; !there {
			t.Errorf("%s was never there", s)
		}
	}
}

// touch does everything with a file of these bytes that may be done; errors are welcome.
func touch(t *testing.T, raw []byte) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	path := pathTest(t)
	must(t, os.WriteFile(path, raw, 0o600))
	v, err := Read(ctx, path)
	if (v == nil) == (err == nil) {
		t.Fatalf("view %v, error %v", v, err)
	}
	for r, err := range Records(ctx, path) {
		if err == nil && r.State == Untried {
			t.Fatalf("record %+v", r)
		}
	}
	if r, err := OpenReader(ctx, path); err == nil {
		_, _ = r.Counts(ctx)
		_, _ = r.Decisions(ctx)
		_, _ = r.At(ctx, "heyx", "place of sent", fixtureAt.Add(time.Hour))
		_, _, _, _, _ = r.Awaited(ctx, intentOf("").Key)
		for c, err := range r.Receipts(ctx) {
			if err == nil && c.Send.Name == "" {
				t.Fatalf("receipt %+v", c)
			}
		}
		for d, err := range r.Deliveries(ctx, []string{"heyx"}) {
			if err == nil && d.Place == "" && d.Send.Name == "" {
				t.Fatalf("delivery %+v", d)
			}
		}
		must(t, r.Close())
	}
	l, err := Open(ctx, path, Options{Version: "0.1.0"})
	if err != nil {
		return
	}
	if _, err := l.StartRun(ctx, Run{}, definitionsTest(), nil, nil); err == nil {
		if l.Intend(ctx, intentOf("new")) == nil {
			_ = l.Record(ctx, Result{Send: sendOf("new"), State: Sent})
		}
		_ = l.Resolve(ctx, []Decision{{Send: sendOf("doubt"), Sent: true}})
		_ = l.Skip(ctx, []Skip{skipOf("skipped now")})
		_ = l.Receive(ctx, []Receipt{{Send: sendOf("new"), Read: fixtureAt}, {Send: sendOf("resent"), Read: fixtureAt}}, map[string]int64{"inbox": 8})
		if o, err := l.Opening(ctx, openedOf("chat", 1)); err == nil {
			o.Place = "7"
			_ = l.Opened(ctx, o)
		}
	}
	_ = l.Close() // what is damaged may not be folded in
}
