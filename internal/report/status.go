package report

import (
	"fmt"
	"io"
	"time"

	"herald/state"
)

// Status is where a campaign stands: the ledger's counts beside what the files would still send.
type Status struct {
	FormatVersion string          `json:"format_version"`
	Ledger        string          `json:"ledger"`
	Exists        bool            `json:"exists"`
	Lineage       string          `json:"lineage,omitempty"`
	Serial        int64           `json:"serial"`
	Messages      []MessageStatus `json:"messages"`
	LastRun       *Run            `json:"last_run,omitempty"`
}

// MessageStatus counts one message's sends. Waiting is nil when the campaign was not asked.
type MessageStatus struct {
	Message   string `json:"message"`
	Sent      int    `json:"sent"`
	Refused   int    `json:"refused"`
	InDoubt   int    `json:"in_doubt"`
	Sending   int    `json:"sending"`
	Skipped   int    `json:"skipped"`
	Delivered int    `json:"delivered"`
	Read      int    `json:"read"`
	Replied   int    `json:"replied"`
	Failed    int    `json:"failed"` // not delivered
	Waiting   *int   `json:"waiting,omitempty"`
}

// Tally is one of a message's counts, with its word.
type Tally struct {
	Word  string
	Count int
}

// Tallies gives the counts in the order of tables. What is being sent right now is in doubt to whoever reads them.
func (m MessageStatus) Tallies() []Tally {
	return []Tally{{"sent", m.Sent}, {"refused", m.Refused}, {"in doubt", m.InDoubt + m.Sending}, {"skipped", m.Skipped},
		{"delivered", m.Delivered}, {"read", m.Read}, {"replied", m.Replied}, {"failed", m.Failed}}
}

// Run is one apply, or one test send.
type Run struct {
	ID       int64      `json:"id"`
	Test     bool       `json:"test,omitempty"` // of herald try: what it sent is no send of the campaign
	Who      string     `json:"who"`
	Command  string     `json:"command"`
	Digest   string     `json:"plan_digest"`
	Started  time.Time  `json:"started"`
	Ended    *time.Time `json:"ended,omitempty"` // absent while it runs, and for ever when it was killed
	Finished bool       `json:"finished"`
	Running  bool       `json:"running"`
	Sent     int        `json:"sent"`
	Refused  int        `json:"refused"`
	InDoubt  int        `json:"in_doubt"`
	Unsent   int        `json:"unsent"`
}

// NewRun makes the model of a run.
func NewRun(r state.Run) Run {
	m := Run{
		ID: r.ID, Test: r.Digest == "", Who: r.Who, Command: r.Command, Digest: r.Digest, Started: r.Started.UTC(), Finished: r.Finished,
		Sent: r.Sent, Refused: r.Refused, InDoubt: r.InDoubt, Unsent: r.Unsent,
	}
	m.Ended = instant(r.Ended)
	return m
}

// Line tells a run in one line.
func (m Run) Line() string {
	text := fmt.Sprintf("run %d by %s at %s", m.ID, Escape(m.Who), when(m.Started))
	if m.Test {
		text += ", a test"
	}
	if !m.Finished {
		if m.Running {
			return text + ": running"
		}
		return text + ": cut off"
	}
	text += fmt.Sprintf(": %s sent", number(m.Sent))
	for _, part := range []struct {
		n    int
		word string
	}{{m.Refused, "refused"}, {m.InDoubt, "in doubt"}, {m.Unsent, "unsent"}} {
		if part.n > 0 {
			text += fmt.Sprintf(", %s %s", number(part.n), part.word)
		}
	}
	return text
}

// Text prints the status for people.
func (m Status) Text(w io.Writer, s Style) {
	if !m.Exists {
		fmt.Fprintln(w, "No ledger yet: "+Escape(m.Ledger))
	}
	if len(m.Messages) > 0 {
		head := []string{"message", "sent", "refused", "in doubt"}
		waiting := false
		for _, row := range m.Messages {
			waiting = waiting || row.Waiting != nil
		}
		if waiting {
			head = append(head, "waiting")
		}
		became := false
		for _, row := range m.Messages {
			became = became || row.Delivered+row.Read+row.Replied+row.Failed+row.Skipped > 0
		}
		if became {
			head = append(head, "skipped", "delivered", "read", "replied", "failed")
		}
		table := [][]string{head}
		for _, row := range m.Messages {
			cells := []string{row.Message, number(row.Sent), number(row.Refused), number(row.InDoubt + row.Sending)}
			if row.Waiting != nil {
				cells = append(cells, number(*row.Waiting))
			}
			if became {
				if row.Waiting == nil && waiting {
					cells = append(cells, "")
				}
				for _, n := range []int{row.Skipped, row.Delivered, row.Read, row.Replied, row.Failed} {
					cells = append(cells, number(n))
				}
			}
			table = append(table, cells)
		}
		writeColumns(w, "  ", table)
	}
	if m.LastRun != nil {
		fmt.Fprintf(w, "\nLast: %s.\n", m.LastRun.Line())
	}
}

// Ledger is a ledger as "show" tells it.
type Ledger struct {
	Status
	Runs []Run `json:"runs"`
}

// Text prints the ledger for people.
func (m Ledger) Text(w io.Writer, s Style) {
	if m.Exists {
		fmt.Fprintf(w, "%s %s\n  lineage %s, serial %d\n\n", s.paint(bold, "Ledger"), Escape(m.Ledger), m.Lineage, m.Serial)
	}
	status := m.Status
	status.LastRun = nil
	status.Text(w, s)
	if len(m.Runs) > 0 {
		fmt.Fprintln(w)
	}
	for _, r := range m.Runs {
		fmt.Fprintf(w, "  %s\n", r.Line())
	}
}
