package executor

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"herald/providers"
)

// httpProvider posts to a server.
type httpProvider struct {
	url    string
	client *http.Client
}

func (p *httpProvider) Render(providers.Message) (providers.Request, []providers.Problem) {
	return providers.Request{}, nil
}
func (p *httpProvider) Close() { p.client.CloseIdleConnections() }

func (p *httpProvider) Send(ctx context.Context, r providers.Request, _ providers.Key) providers.Outcome {
	req, err := http.NewRequestWithContext(ctx, "POST", p.url, bytes.NewReader([]byte(r.Path)))
	if err != nil {
		return providers.Outcome{Class: providers.NotSent, Reason: err.Error()}
	}
	resp, err := p.client.Do(req)
	if err != nil {
		return providers.Outcome{Class: providers.Unknown, Reason: err.Error()}
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return providers.Outcome{Class: providers.Unknown, Reason: err.Error()}
	}
	return accepted
}

// With real clocks, sockets and handshakes: a server that allows 25 requests a second never sees a 26th in any. The
// jitter makes room for a machine that is busy with other tests.
func TestLimitAtARealServer(t *testing.T) {
	var mu sync.Mutex
	var arrived []time.Time
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		arrived = append(arrived, time.Now())
		mu.Unlock()
		time.Sleep(10 * time.Millisecond)
	}))
	defer server.Close()
	p := &httpProvider{server.URL, server.Client()}
	defer p.Close()

	l := newLedger()
	l.latency = 2 * time.Millisecond
	steps := crowd("heyx", 55)
	lane := laneOf(p, steps...)
	lane.Limits = Limits{Requests: 25, Per: time.Second, Jitter: 100 * time.Millisecond, Concurrency: 16}
	got := mustRun(t, Options{Ledger: l}, lane)
	if got.Counts() != (Counts{Sent: 55}) {
		t.Fatalf("%+v", got)
	}
	slices.SortFunc(arrived, time.Time.Compare)
	if worst := worstWindow(arrived, time.Second); worst > 25 {
		t.Errorf("%d requests in one second", worst)
	}
	t.Logf("%d requests in %s", len(arrived), arrived[54].Sub(arrived[0]))
}
