package listen

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"herald/internal/inbox"
	"herald/providers"
	"herald/providers/chatwoot"
	"herald/providers/maax"
)

func TestMain(m *testing.M) {
	if path := os.Getenv("HERALD_LISTEN_INBOX"); path != "" {
		child(path)
		return
	}
	goleak.VerifyTestMain(m)
}

const (
	secret  = "whsec-4711"
	maxBody = 4 << 10
)

var (
	ours  = providers.Key{1, 2, 3, 15: 0xff} // a send of the account maax
	other = providers.Key{9, 9, 9}           // a send of the account maax.b
)

// at is the clock of the servers under test.
var at = time.Date(2026, 11, 20, 9, 14, 0, 0, time.UTC)

// receivers opens accounts of the vendors that call us.
func receivers(t testing.TB) map[string]providers.Receiver {
	t.Helper()
	all := map[string]providers.Receiver{}
	for name, open := range map[string]func() (providers.Provider, error){
		"maax": func() (providers.Provider, error) {
			return maax.Type().Open(providers.Account{Type: "maax", Settings: providers.Values{"ai_id": int64(7),
				"send_response_url": "https://hooks.example.com/maax/{token}", "followup_url": "https://hooks.example.com/maax/{token}?followup=1"}})
		},
		"maax.b": func() (providers.Provider, error) {
			return maax.Type().Open(providers.Account{Type: "maax", Alias: "b", Settings: providers.Values{"ai_id": int64(8),
				"send_response_url": "https://hooks.example.com/maax/{token}", "followup_url": "https://hooks.example.com/later?send={token}&key=s%2Fcret"}})
		},
		"chatwoot.support": func() (providers.Provider, error) {
			return chatwoot.Chatwoot().Open(providers.Account{Type: "chatwoot", Alias: "support", Settings: providers.Values{"account_id": int64(12), "webhook_secret": secret}})
		},
	} {
		p, err := open()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(p.Close)
		all[name] = p.(providers.Receiver)
	}
	return all
}

func known(_ context.Context, token [16]byte, account string) (bool, error) {
	return token == ours && account == "maax" || token == other && account == "maax.b", nil
}

// seen collects events.
type seen struct {
	mu  sync.Mutex
	all []Event
}

func (s *seen) observe(e Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, e)
}

func (s *seen) take() []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.all
	s.all = nil
	return all
}

// running is a server on loopback with its inbox.
type running struct {
	*Server
	seen
	url, path string
	inbox     *inbox.Inbox
	addr      string
	stop      func() error
}

// start starts a server; change may change its configuration.
func start(t testing.TB, change func(*Config)) *running {
	t.Helper()
	r := &running{path: filepath.Join(t.TempDir(), "herald.inbox")}
	var err error
	if r.inbox, err = inbox.Open(t.Context(), r.path); err != nil {
		t.Fatal(err)
	}
	c := Config{Receivers: receivers(t), Known: known, Inbox: r.inbox, Now: func() time.Time { return at }, Observe: r.observe, MaxBody: maxBody}
	if change != nil {
		change(&c)
	}
	if r.Server, err = New(c); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r.addr = l.Addr().String()
	r.url = "http://" + r.addr
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.Serve(ctx, l, TLS{}) }()
	r.stop = sync.OnceValue(func() error {
		cancel()
		return errors.Join(<-done, r.inbox.Close())
	})
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		if err := r.stop(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// items reads what the server kept.
func (r *running) items(t testing.TB) (all []inbox.Item) {
	t.Helper()
	in, err := inbox.OpenReader(t.Context(), r.path)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	for item, err := range in.Items(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, item)
	}
	return all
}

// call makes one call and gives its status and what it says.
func (r *running) call(t testing.TB, method, path string, h http.Header, body io.Reader) (int, string, http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, r.url+path, body)
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range h {
		req.Header[name] = values
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text), resp.Header
}

// signed is what Chatwoot puts beside a body.
func signed(key string, when time.Time, delivery, body string) http.Header {
	stamp := strconv.FormatInt(when.Unix(), 10)
	sum := hmac.New(sha256.New, []byte(key))
	fmt.Fprintf(sum, "%s.%s", stamp, body)
	return http.Header{"X-Chatwoot-Signature": {"sha256=" + hex.EncodeToString(sum.Sum(nil))}, "X-Chatwoot-Timestamp": {stamp}, "X-Chatwoot-Delivery": {delivery}}
}

// endless is a body that does not end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func text(s string) io.Reader { return bytes.NewReader([]byte(s)) }
