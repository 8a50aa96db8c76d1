package sandbox

import (
	"context"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"
)

// A busy machine lets the emulator wait for a processor for tens of milliseconds after a request has come. A handler's
// clock would then move that request closer to the next ones, and a client that keeps to its limit would seem not to. So
// requests are stamped where they come in: receive asks the kernel when it took the bytes.

// stampingListener gives connections that note when requests came.
type stampingListener struct{ *net.TCPListener }

func (l stampingListener) Accept() (net.Conn, error) {
	conn, err := l.AcceptTCP()
	if err != nil {
		return nil, err
	}
	raw, err := conn.SyscallConn()
	if err != nil {
		conn.Close()
		return nil, err
	}
	return &stampedConn{TCPConn: conn, raw: raw}, nil
}

// stampedConn is a connection that knows when the request that is being read came: when the first bytes came that were
// read since the last answer was written.
type stampedConn struct {
	*net.TCPConn
	raw syscall.RawConn

	mu    sync.Mutex
	first time.Time // zero before the first bytes
}

// Read notes when the first bytes came. Whoever reads them: net/http may take the first one alone, while it watches
// whether the client goes away.
func (c *stampedConn) Read(b []byte) (int, error) {
	n, at, err := c.receive(b)
	if n > 0 {
		c.mu.Lock()
		if c.first.IsZero() {
			c.first = at
		}
		c.mu.Unlock()
	}
	return n, err
}

// Write is part of an answer: what is read after it belongs to the next request.
func (c *stampedConn) Write(b []byte) (int, error) {
	c.mu.Lock()
	c.first = time.Time{}
	c.mu.Unlock()
	return c.TCPConn.Write(b)
}

// began gives when the request whose handler asks came. One that was read before the answer to the one before it has no
// instant of its own: it came now.
func (c *stampedConn) began() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.first.IsZero() {
		return time.Now()
	}
	return c.first
}

// connKey is the key of a request's connection in its context.
type connKey struct{}

func withConn(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, conn)
}

// arrival gives when a request came, with a monotonic clock. It is to be asked before the answer.
func arrival(r *http.Request) time.Time {
	if conn, ok := r.Context().Value(connKey{}).(*stampedConn); ok {
		return conn.began()
	}
	return time.Now()
}
