package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"herald/providers"
)

// Messages is what a provider lists.
type Messages struct {
	FormatVersion string             `json:"format_version"`
	Account       string             `json:"account"`
	Since         time.Time          `json:"since"`
	Until         time.Time          `json:"until"`
	Count         int                `json:"count"`
	More          bool               `json:"more"`            // there are older ones within the bounds
	Error         string             `json:"error,omitempty"` // why reading ended early
	Messages      []providers.Listed `json:"messages"`        // newest first; only in documents
}

// Rows prints one message a line, in columns that are the same for every page.
func (m Messages) Rows(w io.Writer, s Style, page []providers.Listed) {
	for _, l := range page {
		state := l.Status
		if n := len(l.Reads); n > 0 {
			state = "read " + when(l.Reads[n-1].At)
		}
		at := "-"
		if !l.At.IsZero() {
			at = l.At.UTC().Format("2006-01-02 15:04:05")
		}
		line := fmt.Sprintf("  %s  %s  %s  %s  %s  %s", pad(at, 19), pad(Escape(l.Conversation), 12), arrow(l.Direction),
			pad(shorten(Escape(l.Author), 20), 20), pad(Escape(state), 21), shorten(quoted(strings.TrimSpace(l.Text)), max(s.width()-88, 40)))
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
}

// arrow draws who wrote a message.
func arrow(d providers.Direction) string {
	switch d {
	case providers.Outgoing:
		return "→"
	case providers.Incoming:
		return "←"
	}
	return "·"
}

// Text prints how many there were.
func (m Messages) Text(w io.Writer) {
	if m.Count > 0 {
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "%s: %s since %s.\n", m.Account, Count(m.Count, "message"), when(m.Since))
	if m.More {
		fmt.Fprintln(w, "There are older ones: give -until, or a greater -limit.")
	}
}
