package wire

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"herald/providers"
)

func facts() providers.Facts {
	return providers.Facts{
		Type: "example", BaseURL: "https://example.com",
		Settings: []providers.Setting{
			{Attribute: providers.Attribute{Name: "token", Type: providers.String, Required: true}, Secret: true, Env: "EXAMPLE_TOKEN"},
			{Attribute: providers.Attribute{Name: "other", Type: providers.String}, Secret: true},
		},
	}
}

func open(t testing.TB, settings providers.Values) *Client {
	t.Helper()
	c, err := Open(facts(), providers.Account{Settings: settings, Timeout: 10 * time.Second}, http.Header{"X-Token": {settings.String("token")}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func accept(a Answer) providers.Outcome {
	if a.Success() {
		return a.Outcome(providers.Accepted, "")
	}
	return a.ByStatus("")
}

var post = providers.Request{Method: "POST", Path: "/send", Body: []byte(`{"a":1}`)}

// What a dialer says before there is a connection leaves nothing sent, and the reason says what it was.
func TestNoConnection(t *testing.T) {
	for _, tt := range []struct {
		err  error
		says string
	}{
		{&net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "example.com", IsNotFound: true}}, "no such host"},
		{&net.OpError{Op: "dial", Net: "tcp", Err: errors.New("network is unreachable")}, "network is unreachable"},
		{&url.Error{Op: "Post", URL: "https://example.com/SECRET", Err: errors.New("proxy said no")}, "no connection: proxy said no"},
		{fmt.Errorf("wrapped: %w", context.DeadlineExceeded), "nothing came within 10s"},
	} {
		c := open(t, providers.Values{"token": "SECRET"})
		c.transport.Proxy = nil
		c.transport.DialContext = func(context.Context, string, string) (net.Conn, error) { return nil, tt.err }
		o := c.Send(t.Context(), post, accept)
		if o.Class != providers.NotSent || !strings.Contains(o.Reason, tt.says) || strings.Contains(o.Reason, "SECRET") {
			t.Errorf("%v: %+v", tt.err, o)
		}
	}
}

// A connection that never comes ends with the account's timeout, and an interrupt does not wait for it.
func TestNoConnectionInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := open(t, providers.Values{"token": "t"})
		c.transport.Proxy = nil
		c.transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		start := time.Now()
		if o := c.Send(t.Context(), post, accept); o.Class != providers.NotSent || time.Since(start) != 10*time.Second {
			t.Errorf("after %v: %+v", time.Since(start), o)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, cancel)
		start = time.Now()
		if o := c.Send(ctx, post, accept); o.Class != providers.NotSent || time.Since(start) != 3*time.Second || !strings.Contains(o.Reason, "interrupted") {
			t.Errorf("after %v: %+v", time.Since(start), o)
		}
	})
}

// A timeout, whoever set it, is no interrupt, and an interrupt is no timeout.
func TestTimeoutOrInterrupt(t *testing.T) {
	cancelled := func(ctx context.Context) (context.Context, context.CancelFunc) {
		ctx, cancel := context.WithCancel(ctx)
		time.AfterFunc(3*time.Second, cancel)
		return ctx, cancel
	}
	deadline := func(d time.Duration) func(context.Context) (context.Context, context.CancelFunc) {
		return func(ctx context.Context) (context.Context, context.CancelFunc) { return context.WithTimeout(ctx, d) }
	}
	for _, tt := range []struct {
		name   string
		make   func(context.Context) (context.Context, context.CancelFunc)
		reason string
		after  time.Duration
	}{
		{"the account's", deadline(time.Hour), "nothing came within 10s", 10 * time.Second},
		{"the caller's", deadline(3 * time.Second), "the time for the attempt was over", 3 * time.Second},
		{"over before", deadline(-time.Second), "the time for the attempt was over before anything was sent", 0},
		{"interrupt", cancelled, "interrupted", 3 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := open(t, providers.Values{"token": "t"})
				c.transport.Proxy = nil
				var server net.Conn
				c.transport.DialContext = func(context.Context, string, string) (conn net.Conn, err error) {
					conn, server = net.Pipe()
					go io.Copy(io.Discard, server) // takes in all and says nothing
					return conn, nil
				}
				c.base.Scheme = "http"
				ctx, cancel := tt.make(t.Context())
				defer cancel()
				start := time.Now()
				o := c.Send(ctx, post, accept)
				if want := tt.reason; !strings.HasSuffix(o.Reason, want) || time.Since(start) != tt.after {
					t.Errorf("after %v: %+v, want %q", time.Since(start), o, want)
				}
				if written := tt.after > 0; written != (o.Class == providers.Unknown) || !written && o.Class != providers.NotSent {
					t.Errorf("%+v", o)
				}
				if server != nil {
					server.Close()
				}
			})
		})
	}
	c := open(t, providers.Values{"token": "t"})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := c.cause(ctx, context.DeadlineExceeded); got != "nothing came within 10s" {
		t.Errorf("an interrupt right after the timeout: %q", got)
	}
}

// A request that no address can hold is never sent, and never tried again.
func TestBadPath(t *testing.T) {
	c := open(t, providers.Values{"token": "t", "base_url": "http://127.0.0.1:1"})
	for _, path := range []string{"", "x", "/%", "/%zz"} {
		if o := c.Send(t.Context(), providers.Request{Method: "POST", Path: path}, accept); o.Class != providers.Refused || !strings.HasPrefix(o.Reason, "not sent: ") {
			t.Errorf("%q: %+v", path, o)
		}
	}
}

func TestAddress(t *testing.T) {
	for _, tt := range []struct{ base, path, want string }{
		{"https://a.example", "/b/c", "https://a.example/b/c"},
		{"https://a.example/", "/b/c", "https://a.example/b/c"},
		{"https://a.example:1/x%2Fy/z/", "/b%2Fc", "https://a.example:1/x%2Fy/z/b%2Fc"},
		{"https://a.example", "/b?c=%2F&d", "https://a.example/b?c=%2F&d"},
		{"https://a.example", "/%2E%2E/%3F%23%20+", "https://a.example/%2E%2E/%3F%23%20+"},
		{"https://a.example", "//other.example/x", "https://a.example//other.example/x"},
	} {
		base, err := parseBase(tt.base, "")
		if err != nil {
			t.Fatal(err)
		}
		u, err := at(base, tt.path)
		if err != nil || u.String() != tt.want || u.Host != base.Host {
			t.Errorf("%s and %s: %v, %v; want %s", tt.base, tt.path, u, err, tt.want)
		}
	}
}

// Whatever a segment holds, a server reads it back, as one segment.
func TestSegment(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		escaped := Segment(s)
		back, err := url.PathUnescape(escaped)
		if err != nil || back != s || strings.ContainsAny(escaped, "/?#+= ") {
			t.Fatalf("%q becomes %q and %q, %v", s, escaped, back, err)
		}
		u, err := at(&url.URL{Scheme: "https", Host: "a.example"}, "/x/"+escaped)
		if err != nil || u.EscapedPath() != "/x/"+escaped {
			t.Fatalf("%q leaves as %v, %v", escaped, u, err)
		}
	})
}

func TestByStatus(t *testing.T) {
	for status, want := range map[int]providers.Class{
		400: providers.Refused, 404: providers.Refused, 409: providers.Refused, 410: providers.Refused, 413: providers.Refused, 422: providers.Refused,
		401: providers.AccountError, 403: providers.AccountError, 405: providers.AccountError, 402: providers.AccountError, 415: providers.AccountError,
		300: providers.AccountError, 302: providers.AccountError, 304: providers.AccountError, 308: providers.AccountError,
		429: providers.Throttled,
		408: providers.Unknown, 425: providers.Unknown, 499: providers.Unknown, 500: providers.Unknown, 503: providers.Unknown, 520: providers.Unknown,
		// Never by the status alone.
		200: providers.Unknown, 201: providers.Unknown, 204: providers.Unknown, 101: providers.Unknown, 0: providers.Unknown, -1: providers.Unknown, 999: providers.Unknown,
	} {
		if got := ByStatus(status); got != want {
			t.Errorf("%d is %v, want %v", status, got, want)
		}
	}
}

// A date is read against the answer's own clock, since the two clocks may differ by more than the wait.
func TestRetryAfterDate(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	server := now.Add(-3 * time.Hour)
	format := func(at time.Time) string { return at.Format(http.TimeFormat) }
	for _, tt := range []struct {
		date, after string
		want        time.Duration
	}{
		{format(server), format(server.Add(time.Minute)), time.Minute},
		{"", format(now.Add(time.Minute)), time.Minute},
		{"nonsense", format(now.Add(time.Minute)), time.Minute},
		{format(server), format(server), 0},
		{format(server), format(server.Add(-time.Minute)), 0},
		{format(server), format(server.Add(100 * time.Hour)), MaxWait},
		{format(server), " 12 ", 12 * time.Second},
		{format(server), "+12", 0},
	} {
		a := Answer{Header: http.Header{"Date": {tt.date}, "Retry-After": {tt.after}}, Now: now}
		if got := a.RetryAfter(); got != tt.want {
			t.Errorf("%q at %q: %v, want %v", tt.after, tt.date, got, tt.want)
		}
	}
}

// Where a redirect leads is said without path and query.
func TestRedirectReason(t *testing.T) {
	srv := httptest.NewServer(http.RedirectHandler("https://me:pass@login.example/?token=SECRET", http.StatusFound))
	defer srv.Close()
	o := open(t, providers.Values{"token": "SECRET", "base_url": srv.URL}).Send(t.Context(), post, accept)
	if o.Class != providers.AccountError || !strings.Contains(o.Reason, "to https://login.example,") || strings.Contains(o.Reason, "pass@") {
		t.Errorf("%+v", o)
	}
}

// Whatever secrets and text: no secret is left, the line is bounded, and it is one line.
func TestCleaner(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		token := rapid.StringMatching(`[ -~é]{4,20}`).Draw(t, "token")
		other := token + rapid.StringMatching(`[ -~]{0,4}`).Draw(t, "more")
		c := newCleaner(facts(), providers.Account{Settings: providers.Values{"token": token, "other": other}})
		text, _ := json.Marshal(token)
		form := rapid.SampledFrom([]string{token, other, url.QueryEscape(token), strings.ToLower(url.PathEscape(token)), string(text[1 : len(text)-1])}).Draw(t, "form")
		said := rapid.String().Draw(t, "before") + form + rapid.String().Draw(t, "after")
		got := c.line(said)
		if strings.Contains(strings.ReplaceAll(got, hidden, ""), token) && !strings.Contains(hidden, token) {
			t.Fatalf("%q of %q leaves %q", said, token, got)
		}
		if utf8.RuneCountInString(got) > MaxReason || strings.ContainsAny(got, "\r\n") || !utf8.ValidString(got) {
			t.Fatalf("no bounded line: %q", got)
		}
	})
}

func TestCleanLine(t *testing.T) {
	c := newCleaner(facts(), providers.Account{Settings: providers.Values{"token": "to ken", "other": "to ken and more"}})
	for in, want := range map[string]string{
		"":                          "",
		" a\r\n\tb\u2028c ":         "a b c",
		"x to ken y":                "x [secret] y",
		"x to\nken y":               "x [secret] y",
		"to ken and more":           "[secret]",
		"to+ken to%20ken":           "[secret] [secret]",
		"\x1b[31mred\xff":           "\x1b[31mred\uFFFD",
		strings.Repeat("é", 300):    strings.Repeat("é", 300),
		strings.Repeat("é", 301):    strings.Repeat("é", 299) + "…",
		strings.Repeat("to ken", 2): "[secret][secret]",
	} {
		if got := c.line(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

// stubborn is a connection whose writes fail from the second request on, after so many bytes.
type stubborn struct {
	net.Conn
	writes, takes int
}

func (s *stubborn) Write(p []byte) (int, error) {
	if s.writes++; s.writes == 1 {
		return s.Conn.Write(p)
	}
	n, _ := s.Conn.Write(p[:s.takes])
	return n, errors.New("write failed")
}

// A used connection that takes no byte of the request leaves another one to try, since nothing was sent; and nothing
// sent is what it stays when there is no other. One byte written is too many.
func TestUsedConnection(t *testing.T) {
	for _, tt := range []struct {
		name     string
		takes    int
		again    bool // another connection can be made
		want     providers.Class
		requests int // beyond the first
	}{
		{"another is there", 0, true, providers.Accepted, 1},
		{"no other is there", 0, false, providers.NotSent, 0},
		{"a byte was written", 1, true, providers.Unknown, 0},
	} {
		requests, dials := 0, 0
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { requests++ }))
		c := open(t, providers.Values{"token": "t", "base_url": srv.URL})
		c.transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
			if dials++; dials > 1 && !tt.again {
				return nil, errors.New("nobody there")
			}
			conn, err := new(net.Dialer).DialContext(ctx, network, addr)
			if dials == 1 && err == nil {
				conn = &stubborn{Conn: conn, takes: tt.takes}
			}
			return conn, err
		}
		if o := c.Send(t.Context(), post, accept); o.Class != providers.Accepted {
			t.Fatalf("%s: first %+v", tt.name, o)
		}
		o := c.Send(t.Context(), post, accept)
		srv.Close()
		if o.Class != tt.want || requests != 1+tt.requests {
			t.Errorf("%s: %+v after %d requests", tt.name, o, requests)
		}
	}
}

// After a protocol switch there is no body that would ever end.
func TestProtocolSwitch(t *testing.T) {
	done := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		fmt.Fprint(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
		<-done
	}))
	defer srv.Close()
	defer close(done)
	c := open(t, providers.Values{"token": "t", "base_url": srv.URL})
	o := c.Send(t.Context(), post, func(a Answer) providers.Outcome {
		if a.Err != nil || len(a.Body) > 0 {
			t.Errorf("a body was read: %+v", a)
		}
		return accept(a)
	})
	if o.Class != providers.Unknown || o.HTTP != 101 {
		t.Errorf("%+v", o)
	}
}

// An idle connection is used again: one connection serves sends that follow each other.
func TestKeepAlive(t *testing.T) {
	conns := map[string]bool{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conns[r.RemoteAddr] = true
		if r.ProtoMajor != 1 || r.Header.Get("User-Agent") != "herald" || r.Header.Get("Accept-Encoding") != "" {
			t.Errorf("%s %v", r.Proto, r.Header)
		}
		w.WriteHeader(map[bool]int{true: 200, false: 404}[len(conns) == 1])
	}))
	defer srv.Close()
	c := open(t, providers.Values{"token": "t", "base_url": srv.URL})
	for range 20 {
		if o := c.Send(t.Context(), post, accept); o.Class != providers.Accepted {
			t.Fatalf("%+v", o)
		}
	}
}

// Where a server offers HTTP/2 it gets HTTP/1.1, and nothing older than TLS 1.2.
func TestProtocol(t *testing.T) {
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 1 || r.TLS.Version < 0x0303 {
			t.Errorf("%s over TLS %x", r.Proto, r.TLS.Version)
		}
	}))
	srv.EnableHTTP2 = true
	srv.StartTLS()
	defer srv.Close()
	c := open(t, providers.Values{"token": "t", "base_url": srv.URL})
	c.transport.TLSClientConfig.RootCAs = srv.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	if o := c.Send(t.Context(), post, accept); o.Class != providers.Accepted {
		t.Errorf("%+v", o)
	}
	if c.transport.TLSClientConfig.MinVersion < 0x0303 {
		t.Error("TLS before 1.2 is allowed")
	}
}

func BenchmarkSend(b *testing.B) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write([]byte(`{"status":"Success"}`)) }))
	defer srv.Close()
	c, err := Open(facts(), providers.Account{Settings: providers.Values{"token": "t", "base_url": srv.URL}, Concurrency: 64}, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	b.SetParallelism(32)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if o := c.Send(context.Background(), post, accept); o.Class != providers.Accepted {
				b.Errorf("%+v", o)
				return
			}
		}
	})
}
