package report

import (
	"fmt"
	"io"
	"maps"
	"time"

	"herald/executor"
	"herald/internal/addr"
	"herald/planner"
	"herald/state"
)

// Refresh is what providers said of the sends in doubt.
type Refresh struct {
	FormatVersion string     `json:"format_version"`
	Found         int        `json:"found"`    // were sent
	Absent        int        `json:"absent"`   // were not
	InDoubt       int        `json:"in_doubt"` // stay so
	Refused       int        `json:"refused"`
	Failed        int        `json:"failed"`    // sent, and not delivered, as far as is known by now
	Delivered     int        `json:"delivered"` // messages of which that became known, as the three that follow
	Read          int        `json:"read"`
	Replied       int        `json:"replied"`
	Calls         int        `json:"calls"`  // of vendors, taken in
	Strays        int        `json:"strays"` // of these: about no send of this ledger
	Proven        int        `json:"proven"` // sends in doubt that a call proved to be sent
	Interrupted   bool       `json:"interrupted"`
	Unread        []LaneStop `json:"unread,omitempty"` // accounts that could not be read
	Doubts        []Doubt    `json:"doubts"`
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
	m := Refresh{FormatVersion: "1.0", Found: counts.Found, Absent: counts.Absent, InDoubt: len(doubts), Refused: p.Counts[planner.Refused], Failed: p.Counts[planner.Failed], Doubts: []Doubt{}}
	for _, r := range doubts {
		why := reasons[r.Send]
		if why == "" {
			why = "it could not be asked about"
		}
		m.Doubts = append(m.Doubts, Doubt{Address: r.Send.String(), Account: r.Account, Since: r.At.UTC(), Reason: why})
	}
	return m
}

// Took counts what became known, by asking and by calls.
func (m *Refresh) Took(asked map[addr.Send]state.Receipt, called []state.Receipt) {
	all := maps.Clone(asked)
	for _, r := range called {
		all[r.Send] = r
	}
	for _, r := range all {
		for n, at := range map[*int]time.Time{&m.Delivered: r.Delivered, &m.Read: r.Read, &m.Replied: r.Replied} {
			if !at.IsZero() {
				*n++
			}
		}
	}
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
	if m.Delivered+m.Read+m.Replied+m.Failed > 0 {
		fmt.Fprintf(w, "Receipts: %s delivered, %s read, %s replied, %s failed.\n", number(m.Delivered), number(m.Read), number(m.Replied), number(m.Failed))
	}
	if m.Calls > 0 {
		fmt.Fprintf(w, "Taken in: %s of vendors.\n", Count(m.Calls, "call"))
	}
	if m.Proven > 0 {
		fmt.Fprintf(w, "Proven by a call to be sent: %s.\n", number(m.Proven))
	}
	if m.Strays > 0 {
		fmt.Fprintf(w, "Of these %s about nothing that this ledger knows.\n", areOf(m.Strays))
	}
	for _, l := range m.Unread {
		fmt.Fprintf(w, "%s %s: %s\n", s.paint(yellow, "Not read:"), l.Account, Escape(l.Why))
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

// areOf gives "1 is" or "3 are".
func areOf(n int) string {
	if n == 1 {
		return "1 is"
	}
	return number(n) + " are"
}
