package providertest

import (
	"bytes"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// seen is a request as it arrived.
type seen struct {
	method, uri string
	header      http.Header
	body        []byte
}

// server is a vendor that answers as a test tells it, and keeps what arrived.
type server struct {
	*httptest.Server
	mu   sync.Mutex
	seen []seen
}

func (s *server) keep(r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, seen{r.Method, r.RequestURI, r.Header.Clone(), body})
}

// arrived gives the requests that came, and forgets them.
func (s *server) arrived() []seen {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.seen
	s.seen = nil
	return all
}

// serve starts a server; the handler is called when the request has been read.
func serve(t *testing.T, handle http.HandlerFunc) *server {
	t.Helper()
	s := &server{}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.keep(r)
		handle(w, r)
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// answering starts a server that gives one answer.
func answering(t *testing.T, status int, header map[string]string, body string) *server {
	t.Helper()
	return serve(t, func(w http.ResponseWriter, r *http.Request) { answer(w, status, header, body) })
}

func answer(w http.ResponseWriter, status int, header map[string]string, body string) {
	w.Header().Set("Content-Type", "application/json")
	for name, value := range header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(status)
	io.WriteString(w, body)
}

// raw takes the connection, writes bytes that are no whole answer perhaps, and closes; with a reset where it says so.
func raw(w http.ResponseWriter, text string, reset bool) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	if reset {
		conn.(*net.TCPConn).SetLinger(0)
	}
	io.Copy(conn, bytes.NewReader([]byte(text)))
}
