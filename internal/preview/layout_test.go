package preview_test

import (
	"testing"
	"time"

	"herald/internal/browsertest"
	"herald/internal/report"
)

// A send that takes no time to speak of is a mark in the timeline, also at its very end.
func TestWhatTakesNoTimeIsSeen(t *testing.T) {
	b := browsertest.Open(t)
	r := renewal()
	r.Timeline = []report.Burst{
		{Account: "heyx", From: noon, To: noon.Add(time.Hour), Sends: 1000},
		{Account: "heyx", From: noon.Add(48 * time.Hour), To: noon.Add(48 * time.Hour), Sends: 1, Waiting: true},
	}
	open(t, b, r, 1280, "light")
	const marks = `(() => { const chart = document.querySelector("svg").getBoundingClientRect();
		return [...document.querySelectorAll("svg .burst")].map((e) => e.getBoundingClientRect()).filter((r) => r.width >= 3 && r.right <= chart.right + 1).length; })()`
	if n := browsertest.Eval[int](t, b, marks); n != 2 {
		t.Errorf("%d of 2 bursts are seen within the chart", n)
	}
	b.Quiet(t)
}

// Messages of several groups stand beside each other once a filter leaves one of each.
func TestFilteredMessagesStandBesideEachOther(t *testing.T) {
	b := browsertest.Open(t)
	open(t, b, renewal(), 1280, "light")
	const rows = `(() => new Set([...document.querySelectorAll("article:not([hidden])")].map((e) => e.getBoundingClientRect().top)).size)()`
	const pick = `(() => { const s = document.querySelector("select[name=person]"); s.value = "0";
		s.dispatchEvent(new Event("input", {bubbles: true})); return document.querySelectorAll("article:not([hidden])").length; })()`
	before, shown := browsertest.Eval[int](t, b, rows), browsertest.Eval[int](t, b, pick)
	for range 50 {
		if now := browsertest.Eval[int](t, b, `document.querySelectorAll("article:not([hidden])").length`); now < shown {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if n := browsertest.Eval[int](t, b, `document.querySelectorAll("article:not([hidden])").length`); n != 2 {
		t.Fatalf("%d messages are shown, not 2", n)
	}
	if n := browsertest.Eval[int](t, b, rows); n != 1 {
		t.Errorf("two messages stand in %d rows; there were %d of all", n, before)
	}
}
