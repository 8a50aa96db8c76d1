package sandbox

import (
	"net"
	"net/http"
	"time"
)

// FaultKind says how an emulator misbehaves for one request. The set is closed.
type FaultKind int

// The kinds of faults. "Accepts" means: treats the request as it would without the fault, so that a good message is
// stored and can be read back.
const (
	FaultNone       FaultKind = iota // answers as the vendor does
	FaultDropBefore                  // cuts the connection; nothing is accepted
	FaultDropAfter                   // accepts, then cuts the connection without an answer
	FaultError                       // accepts, then answers 500
	FaultThrottle                    // answers the vendor's 429, with Retry-After if RetryAfter is set; nothing is accepted
	FaultDelay                       // accepts only after Delay, also when the client has gone by then; then answers
	FaultHang                        // accepts, then says nothing until the client goes away, 60 s at most
	FaultBadJSON                     // accepts, then answers 200 with half of its JSON
)

// Fault is what Options.Fault chooses for one request. The zero value is no fault.
type Fault struct {
	Kind       FaultKind
	Delay      time.Duration // FaultDelay: how long, 60 s at most
	RetryAfter int           // FaultThrottle: seconds; 0 sends no Retry-After
}

// maxWait bounds every wait that an option or a fault can ask for; the server's write timeout lies above it.
const maxWait = 60 * time.Second

// wait returns after d, or at once when the sandbox closes. It reports whether the sandbox is still open.
func (s *Sandbox) wait(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(min(d, maxWait))
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-s.done:
		return false
	}
}

// hang returns when the client has gone, the sandbox closes, or maxWait has passed.
func (s *Sandbox) hang(r *http.Request) {
	t := time.NewTimer(maxWait)
	defer t.Stop()
	select {
	case <-t.C:
	case <-s.done:
	case <-r.Context().Done():
	}
}

// drop cuts the connection without an answer, so that the client sees a reset or an early end.
func drop(w http.ResponseWriter) {
	h, ok := w.(http.Hijacker)
	if !ok {
		panic(http.ErrAbortHandler) // net/http's own way to cut what cannot be taken over, as in HTTP/2
	}
	conn, _, err := h.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		tcp.SetLinger(0) // reset, rather than a polite end
	}
	conn.Close()
}
