package preview

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"herald/internal/report"
)

// timeline is when which account sends.
type timeline struct {
	Lanes     []lane
	MoreLanes int
	Merged    int // bursts that are drawn as part of their neighbours
	Ticks     []tick
	From, To  time.Time
	Sends     int
	Height    int
	Bottom    int // of the lanes
}

// lane is one account's row.
type lane struct {
	Account, Label string
	Y, Bar         int // of its name and of its bars
	Sends          int
	Ends           time.Time
	Bursts         []burst
}

// burst is one bar. X and W are shares of the width.
type burst struct {
	report.Burst
	X, W float64
}

const laneHeight = 52

// Brief says that a bar is too narrow to be seen and drawn as a mark, Last that there is no room for that behind it.
func (b burst) Brief() bool { return b.W < 0.4 }
func (b burst) Last() bool  { return b.X > 99 }

// short says that all happens within an hour: then seconds tell more than days.
func (t timeline) short() bool { return t.To.Sub(t.From) < time.Hour }

// Begins gives the first instant, as people read it.
func (t timeline) Begins() string {
	if t.short() {
		return exact(t.From) + " UTC"
	}
	return instant(t.From)
}

// Ends gives the last instant, for behind the first.
func (t timeline) Ends() string {
	if t.short() {
		return t.Until(t.To)
	}
	return instant(t.To)
}

// Until gives an instant shortly, for the chart.
func (t timeline) Until(at time.Time) string {
	if t.short() {
		return at.UTC().Format("15:04:05")
	}
	return clock(at)
}

// Now says that something of what is drawn is sent now, Later that something is sent when due.
func (t timeline) Now() bool   { return t.draws(func(b burst) bool { return !b.Waiting }) }
func (t timeline) Later() bool { return t.draws(func(b burst) bool { return b.Waiting }) }

func (t timeline) draws(such func(burst) bool) bool {
	return slices.ContainsFunc(t.Lanes, func(l lane) bool { return slices.ContainsFunc(l.Bursts, such) })
}

// newTimeline lays bursts out. Those that are closest to each other are merged until few enough are left.
func newTimeline(all []report.Burst) timeline {
	var t timeline
	if len(all) == 0 {
		return t
	}
	sorted := slices.Clone(all)
	for i := range sorted {
		if b := &sorted[i]; b.To.Before(b.From) {
			b.To = b.From
		}
	}
	slices.SortStableFunc(sorted, func(a, b report.Burst) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), a.From.Compare(b.From))
	})
	t.From, t.To = sorted[0].From, sorted[0].To
	for _, b := range sorted {
		t.Sends += b.Sends
		if b.From.Before(t.From) {
			t.From = b.From
		}
		if b.To.After(t.To) {
			t.To = b.To
		}
	}
	few := merge(sorted, maxBursts)
	t.Merged = len(sorted) - len(few)
	span := max(t.To.Sub(t.From).Seconds(), 1)
	for _, b := range few {
		if n := len(t.Lanes); n == 0 || t.Lanes[n-1].Account != b.Account {
			y := 18 + n*laneHeight
			t.Lanes = append(t.Lanes, lane{Account: b.Account, Label: plain(b.Account, 28), Y: y, Bar: y + 9})
		}
		l := &t.Lanes[len(t.Lanes)-1]
		l.Sends += b.Sends
		if b.To.After(l.Ends) {
			l.Ends = b.To
		}
		l.Bursts = append(l.Bursts, burst{b, 100 * b.From.Sub(t.From).Seconds() / span, 100 * b.To.Sub(b.From).Seconds() / span})
	}
	t.Lanes, t.MoreLanes = bound(t.Lanes, maxLanes)
	t.Bottom = len(t.Lanes)*laneHeight + 4
	t.Height = t.Bottom + 24
	t.Ticks = ticks(t.From, t.To)
	return t
}

// merge joins neighbours of one account with the smallest pauses between them until at most n are left, or one of each
// account. What is sent now and what is sent when due are joined only when nothing else is left to join.
func merge(sorted []report.Burst, n int) []report.Burst {
	if len(sorted) <= n {
		return sorted
	}
	var at []int // where a burst may be joined to the one before
	for i := 1; i < len(sorted); i++ {
		if sorted[i].Account == sorted[i-1].Account {
			at = append(at, i)
		}
	}
	mixed := func(i int) int {
		if sorted[i].Waiting != sorted[i-1].Waiting {
			return 1
		}
		return 0
	}
	pause := func(i int) time.Duration { return sorted[i].From.Sub(sorted[i-1].To) }
	slices.SortStableFunc(at, func(a, b int) int { return cmp.Or(cmp.Compare(mixed(a), mixed(b)), cmp.Compare(pause(a), pause(b))) })
	join := make([]bool, len(sorted))
	for _, i := range at[:min(len(at), len(sorted)-n)] {
		join[i] = true
	}
	var out []report.Burst
	for i, b := range sorted {
		if !join[i] {
			out = append(out, b)
			continue
		}
		last := &out[len(out)-1]
		last.Sends += b.Sends
		last.Waiting = last.Waiting && b.Waiting
		if b.To.After(last.To) {
			last.To = b.To
		}
	}
	return out
}

// Rows gives the bursts for the table, account by account, and how many are not in it.
func (t timeline) Rows() []burst {
	var out []burst
	for _, l := range t.Lanes {
		out = append(out, l.Bursts...)
	}
	rows, _ := bound(out, maxRows)
	return rows
}

// MoreRows counts the bursts that the table leaves out.
func (t timeline) MoreRows() int {
	n := 0
	for _, l := range t.Lanes {
		n += len(l.Bursts)
	}
	return max(0, n-maxRows)
}

// percent writes a share of the width; one that is no number at all is none.
func percent(x float64) string {
	if !(x >= 0 && x <= 100) {
		x = 0
	}
	return strconv.FormatFloat(x, 'f', 2, 64) + "%"
}
