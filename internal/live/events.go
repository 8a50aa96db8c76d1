package live

import (
	"context"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"time"
)

// batch is what one event tells.
type batch struct {
	Counts map[string]int           `json:"counts"`
	Talks  map[string]template.HTML `json:"talks"` // frames of the conversations in Items, empty
	Items  []part                   `json:"items"` // oldest first
}

type part struct {
	Talk    string        `json:"talk"`
	Message bool          `json:"message"`
	HTML    template.HTML `json:"html"`
}

// events tells a reader of what arrives, from where its page ends. A reader of another run is told to begin anew.
func (p *Page) events(w http.ResponseWriter, r *http.Request) {
	told, stop, ok := p.store.wait()
	if !ok {
		w.Header().Set("Retry-After", "10")
		http.Error(w, fmt.Sprintf("%d pages are open already, and no more are told of what arrives. Close some.", mostStreams), http.StatusServiceUnavailable)
		return
	}
	defer stop()
	after, err := strconv.Atoi(r.URL.Query().Get("after"))
	if again := r.Header.Get("Last-Event-ID"); again != "" {
		after, err = strconv.Atoi(again)
	}
	if err != nil || after < 0 {
		http.Error(w, "after must be the number of an arrival.", http.StatusBadRequest)
		return
	}
	http.NewResponseController(w).SetReadDeadline(time.Time{}) // nothing more is read; the server's would end the stream
	w.Header().Set("Content-Type", "text/event-stream")
	if r.URL.Query().Get("run") != p.run {
		tell(w, r, "event: anew\ndata: {}\n\n")
		return
	}
	if !tell(w, r, "retry: 2000\n\n") {
		return
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for first := true; ; first = false {
		arrived, last, counts := p.store.after(after, mostKept)
		if first || len(arrived) > 0 {
			if !tell(w, r, fmt.Sprintf("id: %d\nevent: arrived\ndata: %s\n\n", last, newBatch(r.Context(), arrived, counts))) || !pause(r, betweenBatches) {
				return
			}
			after = last
		}
		select {
		case <-told:
		case <-beat.C:
			if !tell(w, r, ": nothing new\n\n") {
				return
			}
		case <-r.Context().Done():
			return
		}
	}
}

// newBatch makes the data of an event: JSON on one line.
func newBatch(ctx context.Context, arrived []arrival, counts map[string]int) []byte {
	b := batch{Counts: counts, Talks: map[string]template.HTML{}, Items: []part{}}
	for _, a := range drawAll(ctx, arrived, batchDrawn) {
		key := a.talk.key()
		if b.Talks[key] == "" {
			b.Talks[key] = draw("talk", newShell(a.talk))
		}
		b.Items = append(b.Items, part{key, a.message != nil, a.html})
	}
	data, err := json.Marshal(b)
	if err != nil {
		return []byte("{}") // text and numbers can always be written
	}
	return data
}

// tell writes to a stream and reports whether it goes on.
func tell(w http.ResponseWriter, r *http.Request, text string) bool {
	until(w, mostWrite)
	if r.Context().Err() != nil { // looked at after the deadline was moved: see sandbox.Options.Page
		return false
	}
	if _, err := w.Write([]byte(text)); err != nil {
		return false
	}
	return http.NewResponseController(w).Flush() == nil
}

// until bounds the time for what is written next.
func until(w http.ResponseWriter, d time.Duration) {
	http.NewResponseController(w).SetWriteDeadline(time.Now().Add(d)) // an error means that there is no connection: nothing can block
}

// pause waits, and reports whether the reader is still there.
func pause(r *http.Request, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.Context().Done():
		return false
	}
}
