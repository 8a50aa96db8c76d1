package state

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// BenchmarkGroupCommit writes an intent and an outcome per send from 64 goroutines, each of which waits until its own
// is on the disk.
func BenchmarkGroupCommit(b *testing.B) {
	for _, workers := range []int{1, 64, 256} {
		b.Run(fmt.Sprintf("waiting=%d", workers), func(b *testing.B) {
			l := openTest(b, filepath.Join(b.TempDir(), "herald.state"), Options{Create: true})
			startTest(b, l)
			var next atomic.Int64
			var wg sync.WaitGroup
			b.ReportAllocs()
			b.ResetTimer()
			for range workers {
				wg.Go(func() {
					for {
						n := int(next.Add(1))
						if n > b.N {
							return
						}
						i := intentOf(fmt.Sprintf("c%07d", n))
						if err := l.Intend(b.Context(), i); err != nil {
							b.Error(err)
							return
						}
						if err := l.Record(b.Context(), Result{Send: i.Send, State: Sent, ProviderID: "12345678", At: i.At}); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			b.StopTimer()
			b.ReportMetric(2*float64(b.N)/b.Elapsed().Seconds(), "records/s")
			b.ReportMetric(float64(l.CommitLatency().Microseconds()), "commit-µs")
		})
	}
}

// BenchmarkTurn writes each outcome together with the next intent, from 64 goroutines.
func BenchmarkTurn(b *testing.B) {
	l := openTest(b, filepath.Join(b.TempDir(), "herald.state"), Options{Create: true})
	startTest(b, l)
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	for w := range 64 {
		wg.Go(func() {
			open := intentOf(fmt.Sprintf("worker%d", w))
			if err := l.Intend(b.Context(), open); err != nil {
				b.Error(err)
				return
			}
			for n := int(next.Add(1)); n <= b.N; n = int(next.Add(1)) {
				i := intentOf(fmt.Sprintf("c%07d", n))
				r := Result{Send: open.Send, State: Sent, ProviderID: "12345678", At: i.At}
				if err := errors.Join(l.Turn(b.Context(), r, i)); err != nil {
					b.Error(err)
					return
				}
				open = i
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "turns/s")
}

// BenchmarkView reads the view of 100,000 sends.
func BenchmarkView(b *testing.B) {
	const rows = 100_000
	path := filepath.Join(b.TempDir(), "herald.state")
	fillTest(b, path, rows)
	b.ReportAllocs()
	var v *View
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for b.Loop() {
		var err error
		if v, err = Read(context.Background(), path); err != nil {
			b.Fatal(err)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/rows, "held-B/row")
	b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	runtime.KeepAlive(v)
}

// BenchmarkEntry asks a view of 100,000 sends, as the planner does once per send.
func BenchmarkEntry(b *testing.B) {
	v := NewView("l", 1, func(yield func(Record) bool) {
		for n := range 100_000 {
			yield(Record{Send: sendOf(fmt.Sprintf("c%07d", n)), State: Sent})
		}
	})
	s := sendOf("c0012345")
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := v.Entry(s); !ok {
			b.Fatal("not there")
		}
	}
}

// BenchmarkRecords streams 100,000 sends.
func BenchmarkRecords(b *testing.B) {
	const rows = 100_000
	path := filepath.Join(b.TempDir(), "herald.state")
	fillTest(b, path, rows)
	for b.Loop() {
		n := 0
		for _, err := range Records(b.Context(), path) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != rows {
			b.Fatal(n)
		}
	}
	b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
