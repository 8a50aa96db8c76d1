package report

import (
	"fmt"
	"io"
	"time"
)

// Listening is where "listen" receives what.
type Listening struct {
	Address string  `json:"address"`
	TLS     bool    `json:"tls"`
	Routes  []Route `json:"routes"`
}

// Route is one path, or why there is none.
type Route struct {
	Account  string `json:"account"`
	Callback string `json:"callback"`
	Path     string `json:"path,omitempty"`
	Why      string `json:"why,omitempty"` // not served
}

// Text prints the routes for people.
func (m Listening) Text(w io.Writer, s Style) {
	scheme := "http"
	if m.TLS {
		scheme = "https"
	}
	fmt.Fprintf(w, "Listening on %s://%s\n", scheme, m.Address)
	for _, r := range m.Routes {
		if r.Why != "" {
			fmt.Fprintf(w, "  %s %s: not received: %s\n", r.Account, r.Callback, Escape(r.Why))
			continue
		}
		fmt.Fprintf(w, "  %s %s: POST %s\n", r.Account, r.Callback, Escape(r.Path))
	}
	fmt.Fprintln(w, "Stop with Ctrl-C: calls in flight are finished.")
}

// Received is one call.
type Received struct {
	At           time.Time `json:"at"`
	Account      string    `json:"account,omitempty"`
	Callback     string    `json:"callback,omitempty"`
	Result       string    `json:"result"`
	Status       int       `json:"status"`
	Bytes        int       `json:"bytes"`
	Milliseconds float64   `json:"milliseconds"`
	Why          string    `json:"why,omitempty"`
}

// line tells a call in one line.
func (m Received) line() string {
	text := m.Result
	if m.Account != "" {
		text = m.Account + " " + m.Callback + ": " + text
	}
	if m.Why != "" {
		text += ": " + m.Why
	}
	return text
}

// Text prints a call for people.
func (m Received) Text(w io.Writer) {
	fmt.Fprintf(w, "%s %d %s\n", m.At.UTC().Format(time.RFC3339), m.Status, Escape(m.line()))
}

// Listening writes a line.
func (s *Stream) Listening(m Listening) {
	s.Line("info", "listening", "Listening on "+m.Address, map[string]any{"listening": m})
}

// Received writes a line.
func (s *Stream) Received(m Received) {
	level := "info"
	if m.Status >= 400 {
		level = "warn"
	}
	s.Line(level, "received", m.line(), map[string]any{"received": m})
}
