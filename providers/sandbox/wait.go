package sandbox

import (
	"net/http"
	"time"
)

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

// bound makes all writing to w fail once maxWait has passed or the sandbox closes, so that a client which does not read
// holds nothing up. It lasts until stop.
func (s *Sandbox) bound(w http.ResponseWriter) (stop func()) {
	control := http.NewResponseController(w)
	control.SetWriteDeadline(time.Now().Add(maxWait)) // an error means that there is no connection: nothing can block
	return s.closing(func() { control.SetWriteDeadline(time.Unix(1, 0)) })
}

// closing does something when the sandbox closes, unless stop came first. After stop it is over, or never begins.
func (s *Sandbox) closing(do func()) (stop func()) {
	ended, left := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(left)
		select {
		case <-s.done:
			do()
		case <-ended:
		}
	}()
	return func() {
		close(ended)
		<-left // nothing may touch the connection after the handler
	}
}

// drop resets the connection, with whatever has not been written yet.
func drop(w http.ResponseWriter) {
	h, ok := w.(http.Hijacker)
	if !ok {
		panic(http.ErrAbortHandler) // net/http's own way to cut what cannot be taken over
	}
	conn, _, err := h.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(interface{ SetLinger(sec int) error }); ok {
		tcp.SetLinger(0) // reset, rather than a polite end
	}
	conn.Close()
}
