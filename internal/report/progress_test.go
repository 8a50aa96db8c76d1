package report

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"herald/executor"
	"herald/internal/addr"
	"herald/planner"
)

func tracker() *Tracker {
	return NewTracker(NewPlan(&planner.Plan{Lanes: []planner.Lane{
		{Account: "heyx", Requests: 25, Per: time.Second, Sends: 100},
		{Account: "idle", Requests: 25, Per: time.Second},
	}}), 2)
}

func done(key string, r executor.Result) executor.Done {
	return executor.Done{Account: "heyx", Send: addr.Send{Message: addr.Message{Sequence: "a", Name: "b"}, Key: key}, Result: r, Reason: "why\x1b[0m"}
}

func TestTrackerCounts(t *testing.T) {
	tr := tracker()
	began := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	tr.Progress(began)
	for range 30 {
		tr.Observe(done("c", executor.Sent))
	}
	for range 3 {
		tr.Observe(done("r", executor.Refused))
	}
	tr.Observe(done("d", executor.InDoubt))
	p := tr.Progress(began.Add(2 * time.Second))
	if len(p.Lanes) != 1 {
		t.Fatalf("%d lanes, want only the one with something to send", len(p.Lanes))
	}
	l := p.Lanes[0]
	if l.Done != 34 || l.Sent != 30 || l.Refused != 3 || l.InDoubt != 1 {
		t.Errorf("counts %+v", l)
	}
	if l.Rate != 17 || l.Left < 3.8 || l.Left > 3.9 {
		t.Errorf("rate %v, left %v; want 17/s and 66/17 s", l.Rate, l.Left)
	}
	if got := len(tr.Troubled()); got != 2 {
		t.Errorf("%d troubled kept, want 2", got)
	}

	tr.Observe(executor.Throttled{Account: "heyx", Until: began.Add(10 * time.Second), Reason: "Too many requests"})
	if l := tr.Progress(began.Add(4 * time.Second)).Lanes[0]; l.Waiting != "waits 6 s: Too many requests" {
		t.Errorf("waiting %q", l.Waiting)
	}
	if l := tr.Progress(began.Add(11 * time.Second)).Lanes[0]; l.Waiting != "" {
		t.Errorf("still waiting %q", l.Waiting)
	}
	tr.Observe(executor.LaneDone{Account: "heyx"})
	if !tr.Progress(began.Add(12 * time.Second)).Lanes[0].Ended {
		t.Error("the lane has not ended")
	}
}

// A line that wraps would break the way back up, so each bar takes one row at any width.
func TestBarsFitTheirTerminal(t *testing.T) {
	for _, width := range []int{60, 80, 200} {
		var b bytes.Buffer
		bars := NewBars(&b, Style{Width: width})
		p := Progress{Lanes: []LaneProgress{
			{Account: "heyx", Done: 50, Total: 100, Rate: 24.9, Limit: "25/s", Left: 2, Refused: 3, InDoubt: 1},
			{Account: "digital99.other", Done: 0, Total: 100, Limit: "40/s", Waiting: "waits 60 s: " + strings.Repeat("x\x1b[2J", 40)},
		}}
		bars.Draw(p)
		bars.Draw(p)
		bars.Clear()
		for line := range strings.Lines(b.String()) {
			line = strings.NewReplacer("\x1b[2K", "", "\x1b[2A", "", "\r", "", "\n", "").Replace(line)
			if strings.Contains(line, "\x1b") {
				t.Errorf("a sequence from text: %q", line)
			}
			if n := len([]rune(line)); n >= width {
				t.Errorf("width %d: a line of %d columns", width, n)
			}
		}
	}
}

func TestSummary(t *testing.T) {
	m := Summary{Sent: 1204, InDoubt: 1, Unsent: 2, Stops: []LaneStop{{Account: "heyx", Why: "token\x1b[2J", Unsent: 2}},
		Samples: []Troubled{{Address: `a.b["c"]`, State: "in_doubt", Reason: "timeout"}}, Rehearsal: []SandboxSeen{{Vendor: "heyx", Messages: 1205}}}
	m.Took(61 * time.Second)
	var b bytes.Buffer
	m.Text(&b, Style{Width: 100})
	for _, want := range []string{
		`? a.b["c"]  timeout`, "Apply stopped. 1,204 sent, 1 in doubt, 2 unsent. It took 61 s.", `token\u001b[2J (2 unsent)`,
		"The sandbox's heyx received 1,205 messages.", "herald state resolve ADDRESS sent|unsent",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in:\n%s", want, b.String())
		}
	}
}
