package sealed

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
)

const benchLines = 100_000

// benchLine is about 300 bytes, and like its neighbours only as requests to people are.
func benchLine(i int) string {
	return fmt.Sprintf(`{"address":"renewal.offer[\"c%06d\"]","action":"send","hash":"%016x%016x","request":{"method":"POST","path":"/v1/contacts/%08x/messages","body":{"text":"Hi Ada%d, your plan renews on 2026-12-%02d; answer here to change it, or let it go on as it is.","id":"%016x"}}}`+"\n",
		i, uint64(i)*0x9e3779b97f4a7c15, uint64(i)*0xbf58476d1ce4e5b9, uint32(i)*2654435761, i%977, i%28+1, uint64(i)*0x94d049bb133111eb)
}

func writeBench(tb testing.TB, path string, recipients []string) {
	w, err := Create(path)
	must(tb, err)
	defer w.Abort()
	must(tb, w.EncryptTo(recipients))
	e, err := w.Entry("steps/heyx.jsonl")
	must(tb, err)
	for i := range benchLines {
		_, err := io.WriteString(e, benchLine(i))
		must(tb, err)
	}
	_, err = w.Seal()
	must(tb, err)
}

func BenchmarkPlan(b *testing.B) {
	key := newKey(b)
	for name, recipients := range map[string][]string{"plain": nil, "encrypted": {key.Recipient().String()}} {
		path := filepath.Join(b.TempDir(), "a.plan")
		o := Options{Identity: key.String()}
		b.Run("write/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				writeBench(b, path, recipients)
			}
			info, err := os.Stat(path)
			must(b, err)
			b.ReportMetric(float64(info.Size())/benchLines, "B/line")
			b.ReportMetric(float64(len(benchLine(1))), "B/line-before")
		})
		b.Run("verify/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f, err := Open(context.Background(), path, o)
				must(b, err)
				must(b, f.Close())
			}
		})
		b.Run("read/"+name, func(b *testing.B) {
			b.ReportAllocs()
			f, err := Open(context.Background(), path, o)
			must(b, err)
			defer f.Close()
			for b.Loop() {
				r, err := f.Open("steps/heyx.jsonl")
				must(b, err)
				lines := 0
				for s := bufio.NewScanner(r); s.Scan(); {
					lines++
				}
				if lines != benchLines {
					b.Fatalf("%d lines", lines)
				}
			}
		})
	}
}
