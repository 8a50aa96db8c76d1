package listen

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"herald/internal/inbox"
	"herald/providers"
)

// dial opens a connection of our own.
func (r *running) dial(t *testing.T) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return conn
}

// Who sends slowly is cut off, wherever he stops, and nothing of it is kept.
func TestSlowCallers(t *testing.T) {
	r := start(t, func(c *Config) {
		c.HeaderTimeout, c.ReadTimeout, c.IdleTimeout = 100*time.Millisecond, 200*time.Millisecond, 100*time.Millisecond
	})
	head := "POST /maax/" + ours.String() + " HTTP/1.1\r\nHost: x\r\n"
	for name, tt := range map[string]struct{ sends, drip, want string }{
		"nothing":        {"", "", ""},
		"half a line":    {"POST /ma", "", ""},
		"headers":        {head, "X: y\r\n", ""},
		"body":           {head + "Content-Length: 100\r\n\r\nabc", "x", "408"},
		"chunks":         {head + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "1\r\nx\r\n", "408"},
		"promised chunk": {head + "Transfer-Encoding: chunked\r\n\r\n3ff\r\nabc", "", "408"},
		"a cut chunk":    {head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", "", "408"},
	} {
		t.Run(name, func(t *testing.T) {
			conn := r.dial(t)
			if _, err := io.WriteString(conn, tt.sends); err != nil {
				t.Fatal(err)
			}
			over := make(chan struct{})
			var wg sync.WaitGroup
			wg.Go(func() {
				for tt.drip != "" {
					select {
					case <-over:
						return
					case <-time.After(20 * time.Millisecond):
					}
					if _, err := io.WriteString(conn, tt.drip); err != nil {
						return
					}
				}
			})
			begun := time.Now()
			got, _ := io.ReadAll(conn) // a reset is an end as well
			close(over)
			wg.Wait()
			if took := time.Since(begun); took > 5*time.Second {
				t.Errorf("it was cut off after %s", took)
			}
			if tt.want != "" && !strings.HasPrefix(string(got), "HTTP/1.1 "+tt.want) {
				t.Errorf("%q", got)
			}
		})
	}
	if all := r.items(t); len(all) != 0 {
		t.Errorf("kept %d", len(all))
	}
	for _, e := range r.take() {
		if e.Result != CutOff {
			t.Errorf("%+v", e)
		}
	}
	if status, _, _ := r.call(t, http.MethodPost, "/maax/"+ours.String(), nil, text("a")); status != 200 {
		t.Errorf("a good one after them: %d", status)
	}
}

func TestLongHeaders(t *testing.T) {
	r := start(t, nil)
	conn := r.dial(t)
	go io.WriteString(conn, "POST /maax/"+ours.String()+" HTTP/1.1\r\nHost: x\r\nX: "+strings.Repeat("x", 64<<10)+"\r\n\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("%v %v", resp, err)
	}
	if all := r.items(t); len(all) != 0 {
		t.Errorf("kept %d", len(all))
	}
}

// What is held in memory is bounded. Who holds it and sends no more is cut off, and it is free again.
func TestMemoryIsBounded(t *testing.T) {
	r := start(t, func(c *Config) { c.MaxBody, c.MaxHeld, c.ReadTimeout = 64<<10, 128<<10, time.Second })
	half := func() net.Conn { // holds most of a body's memory
		conn := r.dial(t)
		fmt.Fprintf(conn, "POST /maax/%s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", ours, 64<<10, strings.Repeat("x", 60<<10))
		return conn
	}
	slow := []net.Conn{half(), half()}
	for deadline := time.Now().Add(5 * time.Second); r.held.now.Load() < 100<<10; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("only %d bytes are held", r.held.now.Load())
		}
	}
	status, _, header := r.call(t, http.MethodPost, "/maax/"+ours.String(), nil, text(strings.Repeat("y", 60<<10)))
	if status != 503 || header.Get("Retry-After") == "" {
		t.Errorf("%d %v", status, header)
	}
	if e := r.take(); len(e) != 1 || e[0].Result != Busy {
		t.Errorf("%v", e)
	}
	for _, conn := range slow {
		if got, _ := io.ReadAll(conn); !strings.HasPrefix(string(got), "HTTP/1.1 408") {
			t.Errorf("%q", got)
		}
	}
	if status, _, _ := r.call(t, http.MethodPost, "/maax/"+ours.String(), nil, text(strings.Repeat("y", 60<<10))); status != 200 {
		t.Errorf("afterwards: %d", status)
	}
	if n := r.held.now.Load(); n != 0 {
		t.Errorf("%d bytes are held for ever", n)
	}
}

// Who promises much and sends nothing takes no memory that others need.
func TestPromisesTakeNoMemory(t *testing.T) {
	r := start(t, func(c *Config) { c.MaxBody, c.MaxHeld = 1<<20, 2<<20 })
	for range 30 {
		fmt.Fprintf(r.dial(t), "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n", hook, 1<<20)
	}
	for deadline := time.Now().Add(5 * time.Second); r.held.now.Load() < 30*firstPiece && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	if n := r.held.now.Load(); n != 30*firstPiece {
		t.Errorf("%d bytes are held", n)
	}
	if status, _, _ := r.call(t, http.MethodPost, "/maax/"+ours.String(), nil, text(strings.Repeat("y", 1<<19))); status != 200 {
		t.Errorf("status %d", status)
	}
}

func TestConnectionsAreBounded(t *testing.T) {
	r := start(t, func(c *Config) { c.MaxConns, c.HeaderTimeout = 2, 100*time.Millisecond })
	for range 10 {
		r.dial(t) // says nothing
	}
	if status, _, _ := r.call(t, http.MethodPost, "/maax/"+ours.String(), nil, text("a")); status != 200 {
		t.Errorf("status %d", status)
	}
}

// slow is an inbox that waits before it keeps.
type slow struct {
	Inbox
	begun chan struct{}
	wait  chan struct{}
}

func (s slow) Add(ctx context.Context, i inbox.Item) (bool, error) {
	close(s.begun)
	<-s.wait
	return s.Inbox.Add(ctx, i)
}

// What is in flight when the server stops is kept and answered; nobody else comes in.
func TestStopFinishesWhatIsInFlight(t *testing.T) {
	s := slow{begun: make(chan struct{}), wait: make(chan struct{})}
	r := start(t, func(c *Config) { s.Inbox = c.Inbox; c.Inbox = s })
	status := make(chan int, 1)
	go func() {
		got, _, _ := r.call(t, http.MethodPost, "/maax/"+ours.String(), nil, text("a"))
		status <- got
	}()
	<-s.begun
	stopped := make(chan error, 1)
	go func() { stopped <- r.stop() }()
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
		conn, err := net.Dial("tcp", r.addr)
		if err != nil {
			break
		}
		conn.Close()
		if time.Now().After(deadline) {
			t.Fatal("it still takes connections")
		}
	}
	select {
	case err := <-stopped:
		t.Fatalf("it stopped before the call was answered: %v", err)
	default:
	}
	close(s.wait)
	if got := <-status; got != 200 {
		t.Errorf("status %d", got)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if all := r.items(t); len(all) != 1 {
		t.Errorf("%d items", len(all))
	}
}

// Who does not come to an end holds up a stop no longer than the drain timeout.
func TestStopIsBounded(t *testing.T) {
	r := start(t, func(c *Config) { c.DrainTimeout = 100 * time.Millisecond })
	conn := r.dial(t)
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc", hook)
	for r.held.now.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	begun := time.Now()
	if err := r.stop(); err != nil {
		t.Error(err)
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
}

// A caller who hangs up after the last byte may not hear of it, but the call is kept.
func TestHangingUp(t *testing.T) {
	s := slow{begun: make(chan struct{}), wait: make(chan struct{})}
	r := start(t, func(c *Config) { s.Inbox = c.Inbox; c.Inbox = s })
	conn := r.dial(t)
	fmt.Fprintf(conn, "POST /maax/%s HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", ours)
	<-s.begun
	conn.Close()
	time.Sleep(50 * time.Millisecond) // the server notices
	close(s.wait)
	if err := r.stop(); err != nil {
		t.Error(err)
	}
	if all := r.items(t); len(all) != 1 || string(all[0].Body) != "abc" {
		t.Errorf("%+v", all)
	}
}

// pair writes a certificate and its key.
func pair(t *testing.T, dir string, serial int64) TLS {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), DNSNames: []string{"hooks.example.com"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	files := TLS{CertFile: filepath.Join(dir, "cert.pem"), KeyFile: filepath.Join(dir, "key.pem")}
	for name, block := range map[string]*pem.Block{files.CertFile: {Type: "CERTIFICATE", Bytes: cert}, files.KeyFile: {Type: "PRIVATE KEY", Bytes: raw}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func TestTLS(t *testing.T) {
	r := start(t, nil)
	dir := t.TempDir()
	files := pair(t, dir, 1)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.Serve(ctx, l, files) }()
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true}
	defer transport.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+l.Addr().String()+"/maax/"+ours.String(), text("a"))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 200 || resp.ProtoMajor != 1 || resp.TLS.PeerCertificates[0].SerialNumber.Int64() != 1 {
		t.Errorf("%d over %s", resp.StatusCode, resp.Proto)
	}
	if _, err := tls.Dial("tcp", l.Addr().String(), &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11}); err == nil {
		t.Error("TLS 1.1 was taken")
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestCertificateIsReadAgain(t *testing.T) {
	dir := t.TempDir()
	c := &certificate{files: pair(t, dir, 1)}
	if err := c.load(); err != nil {
		t.Fatal(err)
	}
	serial := func() int64 {
		c.looked = time.Time{} // a minute is over
		pair, err := c.get(nil)
		if err != nil {
			t.Fatal(err)
		}
		return pair.Leaf.SerialNumber.Int64()
	}
	pair(t, dir, 2)
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(c.files.CertFile, later, later); err != nil {
		t.Fatal(err)
	}
	if got := serial(); got != 2 {
		t.Errorf("serial %d", got)
	}
	if err := os.WriteFile(c.files.CertFile, []byte("half a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := serial(); got != 2 {
		t.Errorf("serial %d while the file is wrong", got)
	}
}

func TestWrongTLS(t *testing.T) {
	good := pair(t, t.TempDir(), 1)
	s, err := New(Config{Known: known, Inbox: broken{}, Receivers: map[string]providers.Receiver{"a": calls{{Name: "w"}}}})
	if err != nil {
		t.Fatal(err)
	}
	for says, files := range map[string]TLS{
		"give both files":                {CertFile: good.CertFile},
		"mend its path":                  {CertFile: good.CertFile, KeyFile: good.KeyFile + "x"},
		"are no certificate and its key": {CertFile: good.KeyFile, KeyFile: good.KeyFile},
	} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Serve(t.Context(), l, files); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
		if _, err := net.Dial("tcp", l.Addr().String()); err == nil {
			t.Error("the listener stayed open")
		}
	}
}
