package report

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Progress is where a run stands.
type Progress struct {
	Lanes []LaneProgress `json:"lanes"`
}

// LaneProgress is where one lane stands.
type LaneProgress struct {
	Account string  `json:"account"`
	Done    int     `json:"done"` // with any outcome
	Total   int     `json:"total"`
	Sent    int     `json:"sent"`
	Refused int     `json:"refused"`
	InDoubt int     `json:"in_doubt"`
	Rate    float64 `json:"per_second"` // of the last seconds
	Limit   string  `json:"limit"`
	Left    float64 `json:"seconds_left"`
	Waiting string  `json:"waiting,omitempty"` // why nothing moves
	Ended   bool    `json:"ended"`
}

// Text prints a plain line per lane, for logs.
func (p Progress) Text(w io.Writer) {
	for _, l := range p.Lanes {
		fmt.Fprintln(w, l.line())
	}
}

// line tells a lane's state in words.
func (l LaneProgress) line() string {
	text := fmt.Sprintf("%s: %s of %s", l.Account, number(l.Done), number(l.Total))
	switch {
	case l.Ended:
		text += ", ended"
	case l.Waiting != "":
		text += ", " + Escape(l.Waiting)
	default:
		text += fmt.Sprintf(", %.1f/s of %s, about %s left", l.Rate, l.Limit, about(time.Duration(l.Left*float64(time.Second))))
	}
	return text + l.troubles()
}

func (l LaneProgress) troubles() string {
	text := ""
	if l.Refused > 0 {
		text += fmt.Sprintf(", %s refused", number(l.Refused))
	}
	if l.InDoubt > 0 {
		text += fmt.Sprintf(", %s in doubt", number(l.InDoubt))
	}
	return text
}

// Bars draws progress on a terminal, one line per lane, over itself.
type Bars struct {
	w     io.Writer
	style Style
	drawn int // lines on the screen
}

// NewBars makes bars on a terminal.
func NewBars(w io.Writer, s Style) *Bars { return &Bars{w: w, style: s} }

// Draw replaces what was drawn before.
func (b *Bars) Draw(p Progress) {
	var out strings.Builder
	b.rewind(&out)
	name := 0
	for _, l := range p.Lanes {
		name = max(name, len(l.Account))
	}
	for _, l := range p.Lanes {
		out.WriteString("\x1b[2K" + b.line(l, name) + "\n")
	}
	b.drawn = len(p.Lanes)
	io.WriteString(b.w, out.String())
}

// Clear removes the bars, so that lines can follow.
func (b *Bars) Clear() {
	var out strings.Builder
	b.rewind(&out)
	for range b.drawn {
		out.WriteString("\x1b[2K\n")
	}
	b.rewind(&out)
	b.drawn = 0
	io.WriteString(b.w, out.String())
}

// rewind goes back to the first drawn line.
func (b *Bars) rewind(out *strings.Builder) {
	if b.drawn > 0 {
		fmt.Fprintf(out, "\x1b[%dA\r", b.drawn)
	}
}

func (b *Bars) line(l LaneProgress, name int) string {
	// The bar gives way to the words.
	cells := min(max(b.style.width()-name-54, 6), 24)
	full := cells
	if l.Total > 0 {
		full = cells * l.Done / l.Total
	}
	bar := strings.Repeat("█", full) + strings.Repeat("░", cells-full)
	rest := fmt.Sprintf("%s/%s  ", number(l.Done), number(l.Total))
	switch {
	case l.Ended:
		rest += "ended"
	case l.Waiting != "":
		rest += Escape(l.Waiting)
	default:
		rest += fmt.Sprintf("%.1f/s of %s  %s left", l.Rate, l.Limit, about(time.Duration(l.Left*float64(time.Second))))
	}
	rest += strings.ReplaceAll(l.troubles(), ",", " ")
	head := "  " + pad(l.Account, name) + "  "
	// One row each, whatever the width: a wrapped line would break the way back up.
	return head + b.style.paint(green, bar) + "  " + shorten(rest, b.style.width()-len([]rune(head))-cells-3)
}

// LaneStop says why a lane stopped early.
type LaneStop struct {
	Account string `json:"account"`
	Why     string `json:"why"`
	Unsent  int    `json:"unsent"`
}

// Text prints the stop for people.
func (s LaneStop) Text(w io.Writer, style Style) {
	fmt.Fprintf(w, "%s %s takes no more; what is in flight is finished.\n", style.paint(red, "Stopped:"), s.Account)
}

// Progress writes a line per lane.
func (s *Stream) Progress(p Progress) {
	for _, l := range p.Lanes {
		s.Line("info", "progress", l.line(), map[string]any{"progress": l})
	}
}

// LaneStop writes a line.
func (s *Stream) LaneStop(l LaneStop) {
	s.Line("error", "lane_stopped", l.Why, map[string]any{"lane_stop": l})
}
