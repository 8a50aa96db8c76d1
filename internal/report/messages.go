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
	More          bool               `json:"more"`     // there are older ones within the bounds
	Messages      []providers.Listed `json:"messages"` // newest first
}

// arrows draws who wrote a message.
var arrows = map[providers.Direction]string{providers.Outgoing: "→", providers.Incoming: "←", providers.Internal: "·"}

// Text prints one message a line.
func (m Messages) Text(w io.Writer, s Style) {
	rows := make([][]string, 0, len(m.Messages))
	for _, l := range m.Messages {
		state := l.Status
		if n := len(l.Reads); n > 0 {
			state = "read " + when(l.Reads[n-1].At)
		}
		rows = append(rows, []string{l.At.UTC().Format("2006-01-02 15:04:05"), Escape(l.Conversation), arrows[l.Direction],
			shorten(Escape(l.Author), 24), Escape(state), shorten(quoted(strings.TrimSpace(l.Text)), max(s.width()-90, 40))})
	}
	writeColumns(w, "  ", rows)
	if len(rows) > 0 {
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "%s: %s since %s.\n", m.Account, Count(len(m.Messages), "message"), when(m.Since))
	if m.More {
		fmt.Fprintln(w, "There are older ones: give -until, or a greater -limit.")
	}
}
