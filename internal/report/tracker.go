package report

import (
	"sync"
	"time"

	"herald/executor"
	"herald/providers"
)

// rateWindow is how far back the shown rate looks.
const rateWindow = 5 * time.Second

// quiet is how long no request begins before it is said what is waited for.
const quiet = 3 * time.Second

// Tracker turns a run's events into progress. Its methods may be called from several goroutines.
type Tracker struct {
	mu       sync.Mutex
	lanes    []*trackedLane
	byName   map[string]*trackedLane
	troubled []Troubled
	keep     int
}

type trackedLane struct {
	LaneProgress
	requests int
	per      time.Duration
	paused   time.Time // until when
	why      string
	open     int       // begun and not ended: on the wire, or waiting for a look-up
	began    time.Time // of the last that begun
	marks    []mark    // progress of the last seconds
}

// mark is how much was done at an instant.
type mark struct {
	at   time.Time
	done int
}

// NewTracker makes a tracker for the lanes of a plan; it keeps the first few sends that do not end well.
func NewTracker(p Plan, keep int) *Tracker {
	t := &Tracker{byName: map[string]*trackedLane{}, keep: keep}
	for _, l := range p.Lanes {
		if l.Sends == 0 {
			continue
		}
		lane := &trackedLane{LaneProgress: LaneProgress{Account: l.Account, Total: l.Sends, Limit: l.Limit}, requests: l.requests, per: l.per}
		t.lanes = append(t.lanes, lane)
		t.byName[l.Account] = lane
	}
	return t
}

// Observe takes an event.
func (t *Tracker) Observe(e executor.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch e := e.(type) {
	case executor.Started:
		if lane := t.byName[e.Account]; lane != nil {
			lane.open++
			lane.began = time.Now()
		}
	case executor.Returned:
		if lane := t.byName[e.Account]; lane != nil {
			lane.open--
		}
	case executor.Done:
		t.done(e)
	case executor.NotOpened:
		if lane := t.byName[e.Account]; lane != nil && len(t.troubled) < t.keep {
			t.troubled = append(t.troubled, Troubled{Address: e.Send.String(), State: "unsent", Reason: "its conversation was not opened: " + e.Reason})
		}
	case executor.Throttled:
		if lane := t.byName[e.Account]; lane != nil {
			lane.paused, lane.why = e.Until, e.Reason
		}
	case executor.LaneStopped:
		if lane := t.byName[e.Account]; lane != nil {
			lane.Waiting = "stopped; finishing what is in flight"
		}
	case executor.LaneDone:
		if lane := t.byName[e.Account]; lane != nil {
			lane.Ended = true
		}
	}
}

func (t *Tracker) done(e executor.Done) {
	lane := t.byName[e.Account]
	if lane == nil {
		return
	}
	lane.Done++
	if e.Result != executor.Blocked {
		lane.open--
	}
	switch e.Result {
	case executor.Sent:
		lane.Sent++
	case executor.Refused:
		lane.Refused++
	case executor.InDoubt:
		lane.InDoubt++
	}
	if (e.Result == executor.Refused || e.Result == executor.InDoubt) && len(t.troubled) < t.keep {
		t.troubled = append(t.troubled, Troubled{Address: e.Send.String(), State: string(e.Result), Reason: e.Reason})
	}
}

// Progress gives where the run stands at an instant.
func (t *Tracker) Progress(now time.Time) Progress {
	t.mu.Lock()
	defer t.mu.Unlock()
	var p Progress
	for _, lane := range t.lanes {
		lane.measure(now)
		shown := lane.LaneProgress
		if wait := lane.paused.Sub(now); wait > 0 && shown.Waiting == "" {
			shown.Waiting = "waits " + about(wait) + ": " + lane.why
		}
		if shown.Waiting == "" && lane.open > 0 && now.Sub(lane.began) > quiet {
			shown.Waiting = "waits for " + Count(lane.open, "answer") + ", or to look it up"
		}
		p.Lanes = append(p.Lanes, shown)
	}
	return p
}

// measure works out the rate of the last seconds, and how long the rest takes at it.
func (l *trackedLane) measure(now time.Time) {
	l.marks = append(l.marks, mark{now, l.Done})
	for len(l.marks) > 2 && now.Sub(l.marks[1].at) >= rateWindow {
		l.marks = l.marks[1:]
	}
	first := l.marks[0]
	if d := now.Sub(first.at); d > 0 {
		l.Rate = float64(l.Done-first.done) / d.Seconds()
	}
	speed := l.Rate
	if speed == 0 && l.per > 0 {
		speed = float64(l.requests) / l.per.Seconds()
	}
	if speed > 0 {
		l.Left = float64(l.Total-l.Done) / speed
	}
}

// Troubled gives the first few sends that did not end well.
func (t *Tracker) Troubled() []Troubled {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.troubled
}

// Event writes a line for events that concern one send.
func (s *Stream) Event(e executor.Event) {
	switch e := e.(type) {
	case executor.Started:
		s.Line("info", "send_start", e.Send.String()+": sending", map[string]any{"send": map[string]any{
			"address": e.Send.String(), "account": e.Account, "attempt": e.Attempt,
		}})
	case executor.Done:
		level := "info"
		if e.Result != executor.Sent {
			level = "warn"
		}
		s.Line(level, "send_complete", e.Send.String()+": "+string(e.Result), map[string]any{"send": map[string]any{
			"address": e.Send.String(), "account": e.Account, "result": string(e.Result), "reason": e.Reason,
			"provider_id": e.ID, "status": e.Status, "http": e.HTTP,
		}})
	case executor.Returned:
		s.Line("warn", "send_returned", e.Send.String()+": "+e.Class.String(), map[string]any{"send": map[string]any{
			"address": e.Send.String(), "account": e.Account, "class": e.Class.String(), "reason": e.Reason,
		}})
	case executor.NotOpened:
		s.Line("warn", "not_opened", e.Send.String()+": its conversation was not opened", map[string]any{"send": map[string]any{
			"address": e.Send.String(), "account": e.Account, "reason": e.Reason,
		}})
	case executor.LookedUp:
		level := "info"
		if e.Finding == providers.Undecided {
			level = "warn"
		}
		s.Line(level, "send_looked_up", e.Send.String()+": "+e.Finding.String(), map[string]any{"send": map[string]any{
			"address": e.Send.String(), "account": e.Account, "finding": e.Finding.String(), "reason": e.Reason,
		}})
	case executor.Throttled:
		s.Line("warn", "throttled", e.Account+": waits until "+when(e.Until), map[string]any{"throttled": map[string]any{
			"account": e.Account, "until": e.Until.UTC(), "reason": e.Reason,
		}})
	}
}
