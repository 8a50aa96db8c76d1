package providertest

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// nobody is an address at which nothing listens: a port that the system gave and took back may have been given again.
const nobody = "http://127.0.0.1:1"

// line is one connection to a vendor that goes wrong: below HTTP, so that it can go wrong anywhere.
type line struct {
	net.Conn
	in   *bufio.Reader
	gone <-chan struct{} // closed when the test is over
}

// write sends text, as far as the client takes it.
func (l *line) write(text string) { io.WriteString(l.Conn, text) }

// drip sends text byte by byte, so long apart.
func (l *line) drip(text string, apart time.Duration) {
	for i := range len(text) {
		if _, err := io.WriteString(l.Conn, text[i:i+1]); err != nil {
			return
		}
		l.wait(apart)
	}
}

func (l *line) wait(d time.Duration) {
	if d <= 0 {
		return
	}
	select {
	case <-time.After(d):
	case <-l.gone:
	}
}

// hang waits until the client goes away.
func (l *line) hang() {
	l.SetReadDeadline(time.Now().Add(30 * time.Second))
	io.Copy(io.Discard, l.in)
}

// reset ends the connection at once, whatever is on the way.
func (l *line) reset() {
	l.Conn.(*net.TCPConn).SetLinger(0)
	l.Close()
}

// lineServer is a vendor on bare connections. It counts the requests that it has read whole.
type lineServer struct {
	URL  string
	read atomic.Int32
}

// lines starts a server. A connection is opened by open, which may be nil; play answers each request that is read whole,
// and says whether the connection goes on.
func lines(t *testing.T, open func(*line) bool, play func(*line) bool) *lineServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &lineServer{URL: "http://" + listener.Addr().String()}
	gone := make(chan struct{})
	var mu sync.Mutex
	var all sync.WaitGroup
	conns := map[net.Conn]bool{}
	serve := func(conn net.Conn) {
		defer conn.Close()
		l := &line{conn, bufio.NewReader(conn), gone}
		if open != nil && !open(l) {
			return
		}
		for {
			r, err := http.ReadRequest(l.in)
			if err != nil {
				return
			}
			if _, err := io.Copy(io.Discard, r.Body); err != nil {
				return
			}
			s.read.Add(1)
			if !play(l) {
				return
			}
		}
	}
	all.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			conns[conn] = true
			mu.Unlock()
			all.Go(func() { serve(conn) })
		}
	})
	t.Cleanup(func() {
		close(gone)
		listener.Close()
		mu.Lock()
		for conn := range conns {
			conn.Close()
		}
		mu.Unlock()
		all.Wait()
	})
	return s
}
