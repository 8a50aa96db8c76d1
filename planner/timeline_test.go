package planner

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"herald/internal/addr"
	"herald/internal/calendar"
	"herald/spec"
	"herald/state"
)

// world is a campaign whose times are put in anew for each case: three messages to up to two of three people in three zones.
const world = `
provider "chat" {
}
contact "a" {
  timezone = "Europe/Berlin"
  want     = "yes"
}
contact "b" {
  timezone = "America/New_York"
  want     = "no"
}
contact "c" {
  timezone = "Asia/Kolkata"
  want     = "yes"
}
conversation "all" {
  provider = chat
  with     = [contact.a, contact.b, contact.c]
  to       = contact.key
}
sequence "parts" {
  conversation = conversation.all
  where        = contact.want == "yes"
  message "zone" {
    text = contact.timezone
  }
  message "utc" {
    text = "UTC"
  }
}
sequence "news" {
  conversation = conversation.all
  message "one" {
    text = "1"
  }
  message "two" {
    text = "2"
  }
  message "three" {
    text = "3"
  }
}
`

var worldZones = map[string]string{"a": "Europe/Berlin", "b": "America/New_York", "c": "Asia/Kolkata"}

// timeline is one random sequence, as data for the oracle and as a campaign.
type timeline struct {
	campaign     *spec.Campaign
	delays       []time.Duration
	conditional  []bool // only those who want it
	window       *calendar.Window
	ownZone      bool
	start, until string // "2026-12-01 09:00" on the wall, "" when not given
}

func anyTimeline(t *rapid.T, loaded *spec.Campaign) timeline {
	of := func(name string) *spec.Sequence {
		i := slices.IndexFunc(loaded.Sequences, func(s *spec.Sequence) bool { return s.Name == name })
		return loaded.Sequences[i]
	}
	parts, seq := of("parts"), *of("news")
	var l timeline
	seq.Messages = slices.Clone(seq.Messages)
	for i, msg := range seq.Messages {
		own := *msg
		own.After = rapid.SampledFrom([]time.Duration{0, 0, time.Minute, 90 * time.Minute, 24 * time.Hour, 72 * time.Hour}).Draw(t, "after")
		if rapid.IntRange(0, 3).Draw(t, "when") == 0 {
			own.When, own.WhenSource = parts.Where, "contact.want"
		}
		l.delays, l.conditional = append(l.delays, own.After), append(l.conditional, own.When != nil)
		seq.Messages[i] = &own
	}
	l.window = rapid.SampledFrom([]*calendar.Window{nil, nil,
		{Days: calendar.Weekdays, From: 9 * calendar.Hour, To: 17 * calendar.Hour},
		{Days: calendar.EveryDay, From: 22 * calendar.Hour, To: 6*calendar.Hour + 30},
		{Days: 1 << time.Monday, From: 8 * calendar.Hour, To: 9 * calendar.Hour},
		{Days: 1<<time.Friday | 1<<time.Sunday, From: 23 * calendar.Hour, To: 22 * calendar.Hour},
	}).Draw(t, "window")
	if l.window != nil {
		l.ownZone = rapid.Bool().Draw(t, "own zone")
		zone := parts.Messages[0].Content.Fields["text"]
		if !l.ownZone {
			zone = parts.Messages[1].Content.Fields["text"]
		}
		seq.Window = &spec.Window{Window: *l.window, Zone: zone}
	}
	day := func(name string, from, to int) (string, *spec.Instant) {
		if rapid.IntRange(0, 2).Draw(t, name) > 0 {
			return "", nil
		}
		text := time.Date(2026, 3, rapid.IntRange(from, to).Draw(t, name+" day"), rapid.IntRange(5, 23).Draw(t, name+" hour"), 30, 0, 0, time.UTC).Format("2006-01-02 15:04")
		at, err := calendar.ParseInstant(text)
		if err != nil {
			t.Fatal(err)
		}
		return text, &spec.Instant{Instant: at}
	}
	l.start, seq.Start = day("start", 20, 30)
	l.until, seq.Until = day("until", 28, 45)
	conversation := *seq.Conversation
	first := rapid.IntRange(0, 2).Draw(t, "first")
	conversation.With = conversation.With[first:min(3, first+rapid.IntRange(1, 2).Draw(t, "people"))]
	seq.Conversation = &conversation
	for _, msg := range seq.Messages {
		msg.Conversation = &conversation
	}
	campaign := *loaded
	campaign.Sequences = []*spec.Sequence{&seq}
	l.campaign = &campaign
	return l
}

// zone is where somebody's times are.
func (l timeline) zone(t *rapid.T, key string) *time.Location {
	if l.window == nil || !l.ownZone {
		return time.UTC
	}
	zone, err := time.LoadLocation(worldZones[key])
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func (l timeline) wall(t *rapid.T, text string, zone *time.Location) time.Time {
	at, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// open is the oracle's own notion of a window: what the clock on the wall shows.
func (l timeline) open(at time.Time, zone *time.Location) bool {
	if l.window == nil {
		return true
	}
	wall := at.In(zone)
	minute := calendar.Clock(wall.Hour()*60 + wall.Minute())
	today, yesterday := l.window.Days.Has(wall.Weekday()), l.window.Days.Has((wall.Weekday()+6)%7)
	if l.window.From < l.window.To {
		return today && minute >= l.window.From && minute < l.window.To
	}
	return today && minute >= l.window.From || yesterday && minute < l.window.To
}

func (l timeline) over(t *rapid.T, at time.Time, zone *time.Location) bool {
	return l.until != "" && !at.Before(l.wall(t, l.until, zone))
}

// fault says what is wrong with a message that goes out, or is decided, at an instant; "" when nothing is. Settled has
// when the messages before it were sent or skipped.
func (l timeline) fault(t *rapid.T, i int, key string, at time.Time, settled []time.Time) string {
	zone := l.zone(t, key)
	switch {
	case !l.open(at, zone):
		return "outside the window"
	case l.start != "" && at.Before(l.wall(t, l.start, zone)):
		return "before the start"
	case l.over(t, at, zone):
		return "after until"
	case len(settled) != i:
		return fmt.Sprintf("%d before it are settled, of %d", len(settled), i)
	}
	for j, when := range settled {
		if at.Before(when) {
			return fmt.Sprintf("before message %d", j)
		}
	}
	if i > 0 && at.Before(settled[i-1].Add(l.delays[i])) {
		return "before its delay"
	}
	return ""
}

// life is a ledger that plans are carried out on, under a clock.
type life struct {
	timeline
	tb    testing.TB
	t     *rapid.T
	clock time.Time
	rows  map[addr.Send]state.Record
}

func (w *life) plan(at time.Time) made {
	in := input(w.campaign)
	in.Now, in.View = at, ledgerOf(w.rows)
	m := makePlan(w.tb, in)
	delete(lastRecords, in.View)
	if m.Plan == nil {
		w.t.Fatalf("no plan: %q", said(m.diags))
	}
	return m
}

// settled gives when the messages before i were settled for somebody.
func (w *life) settled(i int, key string) (times []time.Time) {
	for _, msg := range w.campaign.Sequences[0].Messages[:i] {
		if r, ok := w.rows[addr.Send{Message: addr.Message{Sequence: "news", Name: msg.Name}, Key: key}]; ok {
			times = append(times, r.At)
		}
	}
	return times
}

func (w *life) settle(s Step, as state.State, at time.Time) {
	i := slices.IndexFunc(w.campaign.Sequences[0].Messages, func(m *spec.Message) bool { return m.Name == s.Send.Name })
	_, before := w.rows[s.Send]
	wants := s.Send.Key != "b" || !w.conditional[i]
	settled := w.settled(i, s.Send.Key)
	if as == state.Skipped { // by the plan, before it was carried out
		for j, when := range settled {
			settled[j] = time.Unix(0, min(when.UnixNano(), at.UnixNano()))
		}
	}
	fault := w.fault(w.t, i, s.Send.Key, at, settled)
	if before || fault != "" || wants != (as == state.Sent) {
		w.t.Fatalf("%s %s at %s, planned at %s: settled before %v, wanted %v, %s\n%s", s.Action, s.Send, at, w.clock, before, wants, fault, w.describe())
	}
	r := state.Record{Send: s.Send, State: as, Account: s.Account, Content: s.Content, Destination: s.Destination, At: at}
	if as == state.Skipped {
		r.Content, r.Destination = s.Condition, state.Hash{}
	}
	w.rows[s.Send] = r
}

// carryOut does what a plan says, as far as luck and the clock let it: sends take their time, and a run may end at any one.
func (w *life) carryOut(m made, lucky bool) {
	at, held := w.clock, map[string]bool{}
	for _, s := range m.steps {
		if s.Action == Skip && !held[s.Send.Key] {
			w.settle(s, state.Skipped, w.clock)
		}
		if !s.Action.Sends() || held[s.Send.Key] {
			continue
		}
		if !lucky {
			at = at.Add(time.Duration(rapid.SampledFrom([]int{0, 1, 60, 5000}).Draw(w.t, "takes")) * time.Second)
		}
		if !s.NotAfter.IsZero() && !w.clock.Before(s.NotAfter) {
			w.t.Fatalf("planned at %s: %s, though it must not begin from %s on\n%s", w.clock, s.Send, s.NotAfter, w.describe())
		}
		if !s.NotAfter.IsZero() && !at.Before(s.NotAfter) || !lucky && rapid.IntRange(0, 5).Draw(w.t, "lost") == 0 {
			held[s.Send.Key] = true
			continue
		}
		w.settle(s, state.Sent, at)
	}
	w.clock = later(w.clock, at)
}

// exact checks that what waits for a time goes on at that time, and not an instant before.
func (w *life) exact(m made) {
	for _, s := range m.steps {
		switch {
		case s.Action != Waits || s.Due.IsZero():
			continue
		case !s.Due.After(w.clock) || s.Due.Before(m.Next):
			w.t.Fatalf("at %s: %s is due at %s, the next of all at %s", w.clock, s.Send, s.Due, m.Next)
		}
		of := func(m made) Action {
			return m.steps[slices.IndexFunc(m.steps, func(o Step) bool { return o.Send == s.Send })].Action
		}
		if now, before := of(w.plan(s.Due)), of(w.plan(s.Due.Add(-1))); now != Send && now != Skip || before != Waits {
			w.t.Fatalf("%s is due at %s: %s then, %s before\n%s", s.Send, s.Due, now, before, w.describe())
		}
		return
	}
}

func (w *life) describe() string {
	var b strings.Builder
	fmt.Fprintf(&b, "delays %v, conditional %v, window %v, own zones %v, from %q until %q", w.delays, w.conditional, w.window, w.ownZone, w.start, w.until)
	for s, r := range w.rows {
		fmt.Fprintf(&b, "\n%s %s %s", s, r.State, r.At)
	}
	return b.String()
}

// Whatever the times of a sequence and however its runs go: nothing leaves outside its window, before its start or its
// delay, after until, out of order or twice; what is due is known to the instant; and in the end everybody has all of it.
func TestSequencesOverTime(t *testing.T) {
	loaded := campaign(t, world)
	lives := func(rt *rapid.T) {
		w := &life{timeline: anyTimeline(rt, loaded), tb: t, t: rt, rows: map[addr.Send]state.Record{},
			clock: time.Date(2026, 3, rapid.IntRange(20, 31).Draw(rt, "day"), rapid.IntRange(0, 23).Draw(rt, "hour"), 0, rapid.IntRange(0, 3).Draw(rt, "second"), 0, time.UTC)}
		for range rapid.IntRange(0, 2).Draw(rt, "runs") {
			m := w.plan(w.clock)
			w.carryOut(m, false)
			w.clock = w.clock.Add(time.Duration(rapid.SampledFrom([]int{1, 59, 600, 1441, 6000}).Draw(rt, "minutes")) * time.Minute)
		}
		for round, checked := 0, rapid.IntRange(0, 2).Draw(rt, "exact") > 0; ; round++ {
			m := w.plan(w.clock)
			w.carryOut(m, true)
			if round > 60 {
				rt.Fatalf("no end: %q\n%s", m.did(), w.describe())
			}
			if m.Changes() > 0 {
				continue
			}
			if !checked {
				w.exact(m)
				checked = true
			}
			if m.Next.IsZero() {
				w.ended(m)
				return
			}
			w.clock = m.Next
		}
	}
	hundreds := 100
	if testing.Short() {
		hundreds = 5
	}
	for range hundreds {
		if rapid.Check(t, lives); t.Failed() {
			return
		}
	}
}

// ended checks that nothing is left but what until has cut off.
func (w *life) ended(m made) {
	for _, s := range m.steps {
		done := s.Action == Unchanged || s.Action == Skipped
		if zone := w.zone(w.t, s.Send.Key); !done && !(w.until != "" && (s.Action == Expired || s.Action == Waits && s.Reason == reasonLate || s.Action == Waits && strings.Contains(s.Reason, "after news."))) {
			w.t.Fatalf("at %s in %s: %s %s: %s\n%s", w.clock, zone, s.Action, s.Send, s.Reason, w.describe())
		}
	}
}
