package listen

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"herald/internal/inbox"
)

// BenchmarkCallbacks makes 10,000 callbacks of a kilobyte durable, each with a token of its own, from 64 clients over
// loopback: callbacks a second, and the most memory that the process took from the system meanwhile, clients and all.
func BenchmarkCallbacks(b *testing.B) {
	const clients, calls = 64, 10000
	body := strings.Repeat("x", 1<<10)
	r := start(b, func(c *Config) {
		c.Known = func(context.Context, [16]byte, string) (bool, error) { return true, nil }
		c.Observe = func(Event) {}
	})
	transport := &http.Transport{MaxIdleConnsPerHost: clients}
	defer transport.CloseIdleConnections()
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		n += calls / clients * clients
		var wg sync.WaitGroup
		for range clients {
			wg.Go(func() {
				for range calls / clients {
					var token inbox.Token
					rand.Read(token[:])
					req, err := http.NewRequest(http.MethodPost, fmt.Sprintf("%s/maax/%x", r.url, token), strings.NewReader(body))
					if err != nil {
						b.Error(err)
						return
					}
					resp, err := transport.RoundTrip(req)
					if err != nil {
						b.Error(err)
						return
					}
					_, _ = io.Copy(io.Discard, resp.Body)
					resp.Body.Close()
					if resp.StatusCode != 200 {
						b.Errorf("status %d", resp.StatusCode)
						return
					}
				}
			})
		}
		wg.Wait()
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "callbacks/s")
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		var kib float64
		_, after, _ := strings.Cut(string(status), "VmHWM:")
		if _, err := fmt.Sscan(after, &kib); err != nil {
			b.Error(err)
		}
		b.ReportMetric(kib/1024, "MiB")
	}
}
