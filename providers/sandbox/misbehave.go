package sandbox

import (
	"bytes"
	"net/http"
	"strconv"
	"time"
)

const (
	dripPace     = time.Second // when Fault.Pace is 0
	hugeAnswer   = 64 << 20    // bytes before the answer itself
	hugeChunk    = 64 << 10    // of them at once
	truncateMore = 100         // bytes that are announced and do not come
)

// write sends an answer the way a fault wants it.
func (s *Sandbox) write(w http.ResponseWriter, r *http.Request, a reply, f Fault) {
	switch f.Kind {
	case FaultDrip:
		s.drip(w, r, a, f.Pace)
	case FaultHuge:
		s.huge(w, a)
	case FaultTruncate:
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)+truncateMore))
		a.write(w) // net/http ends the connection: it sees that too little was written
	case FaultResetAfter:
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
		a.body = a.body[:len(a.body)/2]
		a.write(w)
		http.NewResponseController(w).Flush()
		drop(w)
	default:
		a.write(w)
	}
}

// drip writes the body byte by byte, and resets the connection if that does not come to an end.
func (s *Sandbox) drip(w http.ResponseWriter, r *http.Request, a reply, pace time.Duration) {
	if pace <= 0 {
		pace = dripPace
	}
	body := a.body
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	a.body = nil
	a.write(w)
	control := http.NewResponseController(w)
	control.Flush()
	next := time.NewTicker(pace)
	defer next.Stop()
	end := time.NewTimer(maxWait)
	defer end.Stop()
	for i := range body {
		select {
		case <-next.C:
		case <-end.C:
			drop(w)
			return
		case <-s.done:
			drop(w)
			return
		case <-r.Context().Done():
			return // nobody is there any more
		}
		w.Write(body[i : i+1])
		control.Flush()
	}
}

// huge writes a body that nobody should keep in memory. The spaces come first, so that the answer is not known before
// all is read.
func (s *Sandbox) huge(w http.ResponseWriter, a reply) {
	defer s.bound(w)()
	body := a.body
	a.body = nil
	a.write(w)
	spaces := bytes.Repeat([]byte(" "), hugeChunk)
	for range hugeAnswer / hugeChunk {
		if _, err := w.Write(spaces); err != nil {
			return // the client has gone or does not read, or the sandbox closes
		}
	}
	w.Write(body)
}
