package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Summary is how a run ended.
type Summary struct {
	Sent        int           `json:"sent"`
	Asked       int           `json:"asked"` // of sent: questions to a provider
	Refused     int           `json:"refused"`
	InDoubt     int           `json:"in_doubt"`
	Blocked     int           `json:"blocked"`
	Found       int           `json:"found"`  // of those that fell into doubt: a look-up found them sent
	Absent      int           `json:"absent"` // likewise, found not sent
	Unsent      int           `json:"unsent"`
	Unopened    int           `json:"unopened"` // of unsent: their conversation could not be opened
	Late        int           `json:"late"`     // their window closed, or until passed, before they could begin
	Skipped     int           `json:"skipped"`  // their condition was false
	Excluded    int           `json:"excluded"` // people who joined an exclude list since the plan was made
	Changed     int           `json:"changed"`  // what they rest on changed since the plan was made
	Moved       int           `json:"moved"`    // renames recorded
	Stops       []LaneStop    `json:"stopped_lanes"`
	Interrupted bool          `json:"interrupted"`
	Seconds     float64       `json:"seconds"`
	Ledger      string        `json:"ledger"`
	Run         int64         `json:"run"`
	Rehearsal   []SandboxSeen `json:"sandbox,omitempty"`
	Replaced    bool          `json:"-"`                  // made with -replace
	Samples     []Troubled    `json:"troubled,omitempty"` // the first few that were not sent
	took        time.Duration
}

// SandboxSeen is what an emulator received.
type SandboxSeen struct {
	Vendor   string `json:"vendor"`
	Messages int    `json:"messages"`
}

// Troubled is one send that did not end well.
type Troubled struct {
	Address string `json:"address"`
	State   string `json:"state"`
	Reason  string `json:"reason,omitempty"`
}

// Took sets how long the run lasted.
func (m *Summary) Took(d time.Duration) { m.took, m.Seconds = d, d.Seconds() }

// Line is the summary in one sentence.
func (m Summary) Line() string {
	var parts []string
	if m.Sent > m.Asked || m.Asked == 0 {
		parts = append(parts, number(m.Sent-m.Asked)+" sent")
	}
	for _, part := range []struct {
		n    int
		text string
	}{{m.Asked, "asked"}, {m.Refused, "refused"}, {m.InDoubt, "in doubt"}, {m.Blocked, "blocked"},
		{m.Late, "too late"}, {m.Skipped, "skipped"}, {m.Unsent, "unsent"}} {
		if part.n > 0 {
			parts = append(parts, number(part.n)+" "+part.text)
		}
	}
	word := "Apply complete!"
	switch {
	case m.Interrupted:
		word = "Apply interrupted."
	case len(m.Stops) > 0:
		word = "Apply stopped."
	case m.Refused+m.InDoubt+m.Blocked+m.Unopened > 0:
		word = "Apply ended."
	}
	return word + " " + strings.Join(parts, ", ") + "."
}

// Text prints the summary for people.
func (m Summary) Text(w io.Writer, s Style) {
	for _, t := range m.Samples {
		sign, color := "!", red
		if t.State == "in_doubt" {
			sign, color = "?", yellow
		}
		fmt.Fprintf(w, "  %s %s  %s\n", s.paint(color, sign), t.Address, shorten(Escape(t.Reason), max(s.width()-len(t.Address)-8, 24)))
	}
	if more := m.Refused + m.InDoubt - len(m.Samples); len(m.Samples) > 0 && more > 0 {
		fmt.Fprintf(w, "  and %s more: herald state list -state=in_doubt, -state=refused\n", number(more))
	}
	color := green
	if m.Interrupted || len(m.Stops) > 0 || m.Refused+m.InDoubt+m.Blocked+m.Unsent > 0 {
		color = yellow
	}
	fmt.Fprintf(w, "\n%s It took %s.\n", s.paint(color, m.Line()), about(m.took))
	for _, stop := range m.Stops {
		fmt.Fprintf(w, "%s (%s unsent)\n", s.wrap(Escape(stop.Why)), number(stop.Unsent))
	}
	if m.Found+m.Absent > 0 {
		fmt.Fprintf(w, "Looked up: %s found sent, %s not.\n", number(m.Found), number(m.Absent))
	}
	for _, seen := range m.Rehearsal {
		fmt.Fprintf(w, "The sandbox's %s received %s.\n", seen.Vendor, Count(seen.Messages, "message"))
	}
	if m.Moved > 0 {
		fmt.Fprintf(w, "Renamed: %s.\n", Count(m.Moved, "name"))
	}
	if m.Excluded > 0 {
		fmt.Fprintf(w, "Left out: %s, on an exclude list since the plan was made.\n", Count(m.Excluded, "contact"))
	}
	if m.Changed > 0 {
		fmt.Fprintf(w, "Changed since review: %s.\n", Count(m.Changed, "send"))
	}
	if m.Late > 0 {
		fmt.Fprintln(w, "Too late: their window closed meanwhile, or their until passed; the next apply says when they can be sent.")
	}
	if m.InDoubt > 0 {
		fmt.Fprintln(w, "In doubt (?): nobody knows whether it left. Find out, then: herald state resolve ADDRESS sent|unsent")
	}
	switch {
	case m.Unsent > 0 && m.Replaced:
		fmt.Fprintln(w, s.wrap("What is unsent goes on with -replace naming just that: the same command again would write again to those who got it now."))
	case m.Unsent > 0 && !m.byPolicy():
		fmt.Fprintln(w, "The same command goes on with what is unsent.")
	}
}

// PolicyStop is the account of a LaneStop that a policy made, of all lanes.
const PolicyStop = "policy"

// byPolicy reports whether a policy ended the run: it forbids the same command, too.
func (m Summary) byPolicy() bool {
	return slices.ContainsFunc(m.Stops, func(s LaneStop) bool { return s.Account == PolicyStop })
}

// Summary writes a line.
func (s *Stream) Summary(m Summary) {
	level := "info"
	if m.Refused+m.InDoubt+m.Blocked+m.Unsent > 0 {
		level = "warn"
	}
	s.Line(level, "apply_summary", m.Line(), map[string]any{"summary": m})
}
