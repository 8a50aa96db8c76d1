package report

import (
	"fmt"
	"io"
	"time"

	"herald/executor"
	"herald/internal/addr"
	"herald/planner"
	"herald/state"
)

// Refresh is what providers said of the sends in doubt.
type Refresh struct {
	FormatVersion string  `json:"format_version"`
	Found         int     `json:"found"`    // were sent
	Absent        int     `json:"absent"`   // were not
	InDoubt       int     `json:"in_doubt"` // stay so
	Refused       int     `json:"refused"`
	Interrupted   bool    `json:"interrupted"`
	Doubts        []Doubt `json:"doubts"`
}

// Doubt is one send that stays in doubt, and why.
type Doubt struct {
	Address string    `json:"address"`
	Account string    `json:"account"`
	Since   time.Time `json:"since"`
	Reason  string    `json:"reason,omitempty"`
}

// NewRefresh makes the model from what the look-ups came to and from what is in doubt after them.
func NewRefresh(p *planner.Plan, counts executor.LookUps, reasons map[addr.Send]string, doubts []state.Record) Refresh {
	m := Refresh{FormatVersion: "1.0", Found: counts.Found, Absent: counts.Absent, InDoubt: len(doubts), Refused: p.Counts[planner.Refused], Doubts: []Doubt{}}
	for _, r := range doubts {
		why := reasons[r.Send]
		if why == "" {
			why = "it could not be asked about"
		}
		m.Doubts = append(m.Doubts, Doubt{Address: r.Send.String(), Account: r.Account, Since: r.At.UTC(), Reason: why})
	}
	return m
}

// Text prints what is left, then the counts.
func (m Refresh) Text(w io.Writer, s Style) {
	for i, d := range m.Doubts {
		if i == 20 {
			fmt.Fprintf(w, "  and %s more: herald state list -state=in_doubt\n", number(len(m.Doubts)-i))
			break
		}
		fmt.Fprintf(w, "  %s %s  %s  since %s; %s\n", s.paint(yellow, "?"), d.Address, d.Account, when(d.Since), Escape(d.Reason))
	}
	if len(m.Doubts) > 0 {
		fmt.Fprintln(w)
	}
	if m.Found+m.Absent+m.InDoubt == 0 {
		fmt.Fprintln(w, "Nothing is in doubt.")
	} else {
		fmt.Fprintf(w, "%s\n", s.paint(bold, fmt.Sprintf("Looked up: %s found sent, %s not sent, %s in doubt.", number(m.Found), number(m.Absent), number(m.InDoubt))))
	}
	if m.Absent > 0 {
		fmt.Fprintln(w, "What was not sent goes out with the next apply.")
	}
	if m.InDoubt > 0 {
		fmt.Fprintln(w, "In doubt (?): find out whether it arrived, then: herald state resolve ADDRESS sent|unsent")
	}
	if m.Interrupted {
		fmt.Fprintln(w, "Interrupted: not everything was looked up.")
	}
}
