package preview

import (
	"fmt"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"herald/internal/report"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func TestBurstsAreMergedWhereTheyAreClosest(t *testing.T) {
	at := func(from, to int, sends int, waiting bool) report.Burst {
		return report.Burst{Account: "a", From: noon.Add(time.Duration(from) * time.Second), To: noon.Add(time.Duration(to) * time.Second), Sends: sends, Waiting: waiting}
	}
	got := merge([]report.Burst{at(0, 1, 1, false), at(2, 3, 2, false), at(50, 60, 4, false), at(61, 62, 8, true)}, 3)
	want := []report.Burst{at(0, 3, 3, false), at(50, 60, 4, false), at(61, 62, 8, true)}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, not %v", got, want)
	}
}

// TestTimelineKeepsCountsAndBounds holds whatever the bursts are, even those that end before they begin.
func TestTimelineKeepsCountsAndBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []report.Burst
		sends := 0
		for range rapid.IntRange(1, 3000).Draw(t, "bursts") {
			b := report.Burst{
				Account: fmt.Sprint("account", rapid.IntRange(0, 60).Draw(t, "account")), Sends: rapid.IntRange(0, 100).Draw(t, "sends"),
				From: noon.Add(time.Duration(rapid.Int64Range(-1e9, 1e9).Draw(t, "from")) * time.Millisecond), Waiting: rapid.Bool().Draw(t, "waiting"),
			}
			b.To = b.From.Add(time.Duration(rapid.Int64Range(-1000, 1e7).Draw(t, "length")) * time.Millisecond)
			all, sends = append(all, b), sends+b.Sends
		}
		line := newTimeline(all)
		drawn, bursts := 0, 0
		for _, l := range line.Lanes {
			for _, b := range l.Bursts {
				drawn, bursts = drawn+b.Sends, bursts+1
				if b.X < 0 || b.W < 0 || b.X+b.W > 100+1e-6 || math.IsNaN(b.X) {
					t.Fatalf("a bar from %f, %f wide", b.X, b.W)
				}
				if b.To.After(l.Ends) {
					t.Fatalf("%s ends at %s, before %s", l.Account, l.Ends, b.To)
				}
			}
		}
		if line.Sends != sends || line.MoreLanes == 0 && drawn != sends {
			t.Fatalf("%d and %d of %d sends", line.Sends, drawn, sends)
		}
		if bursts > maxBursts+61 || len(line.Lanes) > maxLanes {
			t.Fatalf("%d bursts of %d accounts", bursts, len(line.Lanes))
		}
	})
}

func TestShortTimelinesSaySeconds(t *testing.T) {
	for length, want := range map[time.Duration]string{
		time.Hour - time.Second: "2026-03-02 12:00:00 UTC, 12:59:59, 12:30:00", time.Hour: "2 Mar 2026, 12:00 UTC, 2 Mar 2026, 13:00 UTC, 2 Mar 12:30",
	} {
		line := newTimeline([]report.Burst{{Account: "a", From: noon, To: noon.Add(length), Sends: 1}})
		if got := line.Begins() + ", " + line.Ends() + ", " + line.Until(noon.Add(time.Hour/2)); got != want {
			t.Errorf("%s: %s, want %s", length, got, want)
		}
		if !line.Now() || line.Later() {
			t.Error("all of it is sent now")
		}
	}
}

func TestTicksAreRoundAndFew(t *testing.T) {
	for span, first := range map[time.Duration]string{
		0: "12:00:00", 4 * time.Second: "12:00:00", 40 * time.Minute: "12:00", 7 * time.Hour: "12:00", 3 * day: "2 Mar 12:00", 40 * day: "9 Mar", 70 * day: "16 Mar", 300 * day: "Apr 2026", 3000 * day: "Jan 2028", 30_000 * day: "Jan 2040",
	} {
		got := ticks(noon, noon.Add(span))
		if len(got) == 0 || len(got) > 8 || got[0].Label != first {
			t.Errorf("%s: %v, not beginning with %s", span, got, first)
		}
	}
}
