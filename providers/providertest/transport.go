package providertest

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"herald/providers"
)

// brokenAnswers checks answers that are no whole HTTP.
func (s Subject) brokenAnswers(t *testing.T) {
	ok, _ := s.documented(providers.Accepted)
	body := s.body(ok)
	for name, text := range map[string]string{
		"nothing":            "",
		"garbage":            "hello\r\n\r\n",
		"half a header":      "HTTP/1.1 200 OK\r\nContent-Le",
		"half a body":        fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body)+1, body),
		"half a chunked one": fmt.Sprintf("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n", len(body), body),
		"a protocol switch":  "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n" + body,
		"a huge header":      "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 2<<20) + "\r\n\r\n" + body,
		"status 999":         fmt.Sprintf("HTTP/1.1 999 What\r\nContent-Length: %d\r\n\r\n%s", len(body), body),
		"status 299 cut":     "HTTP/1.1 299 Fine\r\nContent-Length: 1000\r\n\r\n{",
	} {
		srv := serve(t, func(w http.ResponseWriter, r *http.Request) { raw(w, text, false) })
		got := s.send(t, srv.URL)
		if got.Class != providers.Unknown || got.Reason == "" {
			t.Errorf("%s: %+v", name, got)
		}
		if n := len(srv.arrived()); n != 1 {
			t.Errorf("%s: %d requests for one Send", name, n)
		}
	}
}

// endlessAnswer checks that reading stops.
func (s Subject) endlessAnswer(t *testing.T) {
	const most = 64 << 20 // far beyond what may be read, and all that fits into the buffers between
	for _, status := range []int{200, 404} {
		written := make(chan int, 1)
		srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(status)
			part, n := []byte(strings.Repeat("{\"a\": ", 10000)), 0
			for n < most {
				m, err := w.Write(part)
				if n += m; err != nil {
					break
				}
			}
			written <- n
		})
		got := s.send(t, srv.URL)
		sound(t, got, status)
		if status == 200 && got.Class != providers.Unknown {
			t.Errorf("%+v", got)
		}
		if n := <-written; n >= most {
			t.Errorf("%d bytes of an endless %d were taken", n, status)
		}
	}
}

// brokenConnections checks connections that end after the request was written: new ones, and ones that were used
// before, of which a transport is tempted to think that another try does no harm.
func (s Subject) brokenConnections(t *testing.T) {
	ok, _ := s.documented(providers.Accepted)
	for _, reset := range []bool{true, false} {
		for before := range 2 {
			var calls atomic.Int32
			srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if int(calls.Add(1)) <= before {
					answer(w, ok.Status, nil, s.body(ok))
					return
				}
				raw(w, "", reset)
			})
			p := s.opened(t, s.account(srv.URL))
			r := s.first(t, p)
			for range before {
				if o := p.Send(t.Context(), r, providers.NewKey()); o.Class != providers.Accepted {
					t.Fatalf("%+v", o)
				}
			}
			got := p.Send(t.Context(), r, providers.NewKey())
			if got.Class != providers.Unknown || got.HTTP != 0 || got.Reason == "" {
				t.Errorf("reset %v after %d: %+v", reset, before, got)
			}
			if n := len(srv.arrived()); n != before+1 {
				t.Errorf("reset %v after %d: %d requests", reset, before, n)
			}
		}
	}
}

// noConnection checks what fails before the request: then nothing was sent.
func (s Subject) noConnection(t *testing.T) {
	stranger := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("a request was sent to a server that nobody vouches for")
	}))
	stranger.Config.ErrorLog = log.New(io.Discard, "", 0)
	stranger.StartTLS()
	t.Cleanup(stranger.Close)
	plain := serve(t, func(http.ResponseWriter, *http.Request) {})
	for name, base := range map[string]string{
		"refused":               nobody,
		"refused, with TLS":     "https" + strings.TrimPrefix(nobody, "http"),
		"unknown certificate":   stranger.URL,
		"no TLS where expected": "https" + strings.TrimPrefix(plain.URL, "http"),
	} {
		got := s.send(t, base)
		if got.Class != providers.NotSent || got.HTTP != 0 || got.Reason == "" || strings.Contains(got.Reason, s.Golden[0].Path) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if n := len(plain.arrived()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// interrupts checks an end from outside: before anything left it is certain, after it is not.
func (s Subject) interrupts(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	p := s.opened(t, s.account(srv.URL))
	r := s.first(t, p)
	if got := p.Send(ctx, r, providers.NewKey()); got.Class != providers.Unknown || got.Reason == "" {
		t.Errorf("interrupted while waiting for an answer: %+v", got)
	}
	if n := len(srv.arrived()); n != 1 {
		t.Errorf("%d requests", n)
	}
	if got := p.Send(ctx, r, providers.NewKey()); got.Class != providers.NotSent || got.Reason == "" {
		t.Errorf("interrupted before: %+v", got)
	}
	if n := len(srv.arrived()); n != 0 {
		t.Errorf("interrupted before, and %d requests", n)
	}
}

// timeout checks an answer that does not come, and one that does not end. On a slow machine the time may be up before
// the request arrived, so it is tried with more until it did; each try must have the class that what happened deserves.
func (s Subject) timeout(t *testing.T) {
	for name, begin := range map[string]string{"no answer": "", "half an answer": "{"} {
		srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if begin != "" {
				io.WriteString(w, begin)
				w.(http.Flusher).Flush()
			}
			<-r.Context().Done()
		})
		for wait := 50 * time.Millisecond; ; wait *= 4 {
			a := s.account(srv.URL)
			a.Timeout = wait
			p := s.opened(t, a)
			got := p.Send(t.Context(), s.first(t, p), providers.NewKey())
			n := len(srv.arrived())
			if got.Class != providers.Unknown && (n > 0 || got.Class != providers.NotSent) || n > 1 {
				t.Errorf("%s: %d requests, %+v", name, n, got)
			}
			if n > 0 || wait > 10*time.Second {
				break
			}
		}
	}
}

// missingSecrets checks that an account without its secrets says so and sends nothing, and that one which is not
// required is not missed.
func (s Subject) missingSecrets(t *testing.T) {
	ok, _ := s.documented(providers.Accepted)
	srv := answering(t, ok.Status, nil, s.body(ok))
	for _, setting := range s.Type.Facts.Settings {
		if !setting.Secret {
			continue
		}
		a := s.account(srv.URL)
		delete(a.Settings, setting.Name)
		p := s.opened(t, a)
		got := p.Send(t.Context(), s.first(t, p), providers.NewKey())
		n := len(srv.arrived())
		switch {
		case !setting.Required && (got.Class != providers.Accepted || n != 1):
			t.Errorf("without %s, which is not required: %d requests, %+v", setting.Name, n, got)
		case setting.Required && (got.Class != providers.AccountError || !strings.Contains(got.Reason, setting.Name) || !strings.Contains(got.Reason, setting.Env)):
			t.Errorf("without %s: %+v", setting.Name, got)
		case setting.Required && n != 0:
			t.Errorf("without %s: %d requests", setting.Name, n)
		}
	}
}
