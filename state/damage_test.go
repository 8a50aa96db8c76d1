package state

import (
	"context"
	"math/rand/v2"
	"os"
	"testing"
	"time"
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

func FuzzDamage(f *testing.F) {
	whole, err := os.ReadFile(fixture)
	must(f, err)
	f.Add(uint(100), uint8(1), uint(len(whole)))
	f.Fuzz(func(t *testing.T, at uint, flip uint8, size uint) {
		raw := append([]byte(nil), whole...)
		raw[at%uint(len(raw))] ^= flip
		touch(t, raw[:size%uint(len(raw)+1)])
	})
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
		must(t, r.Close())
	}
	l, err := Open(ctx, path, Options{Version: "0.1.0"})
	if err != nil {
		return
	}
	if _, err := l.StartRun(ctx, Run{}, definitionsTest(), nil); err == nil {
		if l.Intend(ctx, intentOf("new")) == nil {
			_ = l.Record(ctx, Result{Send: sendOf("new"), State: Sent})
		}
		_ = l.Resolve(ctx, []Decision{{Send: sendOf("doubt"), Sent: true}})
	}
	_ = l.Close() // what is damaged may not be folded in
}
