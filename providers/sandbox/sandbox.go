package sandbox

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	closeTimeout  = 2 * time.Second // how long Close lets requests finish
	headerTimeout = 30 * time.Second
	// A whole request and its answer. Above the longest waits that options and faults can ask for, added up: net/http takes
	// a read timeout during a wait for the client's going away.
	requestTimeout = 3 * time.Minute
	idleTimeout    = 2 * time.Minute
	maxHeader      = 64 << 10
)

// Sandbox is a running set of emulators. All its methods may be called at any time, also after Close.
type Sandbox struct {
	vendors    []*vendor        // in the order of Vendors
	now        func() time.Time // of the vendors
	fault      func(vendor string, n int, r *http.Request) Fault
	latency    atomic.Int64
	answers    *answers   // what Maax posts
	afterwards afterwards // what happens in conversations by itself
	witness    func(Happened)
	given      http.Handler  // nil without Options.Page
	done       chan struct{} // closed by Close: ends every wait

	addr     string
	server   *http.Server
	served   chan struct{} // closed when Serve has returned
	silent   silent
	close    sync.Once
	closeErr error
}

// Start listens on loopback and serves every emulator until Close. Errors: an address that is not loopback or is taken,
// an unknown vendor in Tokens or BotTokens, a latency out of range.
func Start(o Options) (*Sandbox, error) {
	s, err := build(o)
	if err != nil {
		return nil, err
	}
	listener, err := listen(o.Listen)
	if err != nil {
		return nil, err
	}
	s.addr = listener.Addr().String()
	for _, v := range s.vendors {
		v.URL = "http://" + s.addr + "/" + v.Name
	}
	s.server = &http.Server{
		Handler:           http.HandlerFunc(s.serve),
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       requestTimeout,
		WriteTimeout:      requestTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ConnState:         s.silent.track,
		ConnContext:       withConn,
		ErrorLog:          log.New(io.Discard, "", 0), // broken connections are its business, not the terminal's
	}
	go func() {
		defer close(s.served)
		s.server.Serve(stamping(listener)) // returns ErrServerClosed, after Close
	}()
	return s, nil
}

// build makes everything but the listener.
func build(o Options) (*Sandbox, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	s := &Sandbox{now: o.clock(), fault: o.Fault, witness: o.Witness, done: make(chan struct{}), served: make(chan struct{})}
	s.latency.Store(int64(o.Latency))
	now := time.Now()
	add := func(name, header string) *vendor {
		token := o.Tokens[name]
		if token == "" {
			token = rand.Text()
		}
		v := &vendor{Vendor: Vendor{Name: name, Token: token, Header: header},
			start: now, forget: o.Forget, observe: s.observer(o)}
		s.vendors = append(s.vendors, v)
		return v
	}
	v := add(HeyX, "Authorization")
	v.api = newHeyX(v, o)
	for _, name := range []string{Digital99, Chatwoot} {
		v := add(name, "api_access_token")
		v.api = newChatwoot(v, o)
	}
	v = add(Avaamo, "access-token")
	if v.ReadToken = o.ReadTokens[Avaamo]; v.ReadToken == "" {
		v.ReadToken = rand.Text()
	}
	v.api = newAvaamo(v, o)
	v = add(Maax, "2hd-api-key")
	m := newMaax(v, o)
	v.api, s.answers = m, m.answers
	for _, name := range slices.Sorted(maps.Keys(o.Tokens)) {
		if s.vendor(name) == nil {
			return nil, fmt.Errorf("sandbox: token for %q: no such vendor, the emulators are %s", name, s.names())
		}
	}
	if o.Page != nil {
		s.given = o.Page(s)
	}
	return s, nil
}

// listen opens a loopback address and refuses every other one.
func listen(address string) (*net.TCPListener, error) {
	if address == "" {
		address = "127.0.0.1:0"
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("sandbox: listen address %q: %w; give host:port, such as 127.0.0.1:8080", address, err)
	}
	if !isLoopback(host) {
		return nil, fmt.Errorf("sandbox: will not listen on %q: the emulators are for this machine only; "+
			"use 127.0.0.1, [::1] or localhost", address)
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	tcp, ok := l.(*net.TCPListener)
	if !ok || !tcp.Addr().(*net.TCPAddr).IP.IsLoopback() {
		l.Close()
		return nil, fmt.Errorf("sandbox: %q leads to %s, which is not a loopback address", address, l.Addr())
	}
	return tcp, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// Close takes no new requests, ends every wait, lets running requests finish for at most two seconds and stops. A second
// call does nothing.
func (s *Sandbox) Close() error {
	s.close.Do(func() {
		close(s.done)
		s.answers.stop()
		s.afterwards.stop()
		if s.server == nil {
			return
		}
		s.silent.cut()
		ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
		defer cancel()
		err := s.server.Shutdown(ctx)
		if errors.Is(err, context.DeadlineExceeded) {
			err = s.server.Close()
		}
		<-s.served
		s.closeErr = err
	})
	return s.closeErr
}

// Vendors lists the emulators, always in the same order.
func (s *Sandbox) Vendors() []Vendor {
	all := make([]Vendor, 0, len(s.vendors))
	for _, v := range s.vendors {
		all = append(all, v.Vendor)
	}
	return all
}

// Addr is the host and port that the sandbox listens on.
func (s *Sandbox) Addr() string { return s.addr }

// SetLatency changes Options.Latency for answers that are not yet being held back. Values out of 0 to 60 s are cut.
func (s *Sandbox) SetLatency(d time.Duration) {
	s.latency.Store(int64(min(max(d, 0), maxWait)))
}

func (s *Sandbox) vendor(name string) *vendor {
	for _, v := range s.vendors {
		if v.Name == name {
			return v
		}
	}
	return nil
}

func (s *Sandbox) names() string {
	var all []string
	for _, v := range s.vendors {
		all = append(all, v.Name)
	}
	return strings.Join(all, ", ")
}
