package report

import (
	"strings"
	"testing"
	"time"
)

// A comment does not let a reader believe that what waits is sent by this plan, and does not add people of several sequences
// up without saying so.
func TestMarkdownSaysWhatItCounts(t *testing.T) {
	written := func(r Review) string {
		t.Helper()
		var b strings.Builder
		if err := r.Markdown(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	waiting, all := "What waits is not sent by this plan, but by a later one", "begun at once, all is out in about"
	r := review()
	r.Plan.Counts.Waiting = 0
	if got := written(r); strings.Contains(got, waiting) || !strings.Contains(got, all) || strings.Contains(got, "added up") {
		t.Errorf("nothing waits in\n%s", got)
	}
	next := time.Date(2026, 12, 3, 9, 0, 0, 0, time.UTC)
	r.Plan.Counts.Waiting, r.Plan.Next = 7, &next
	r.Plan.Reach = append(r.Plan.Reach, Reach{Sequence: "tour", People: 3, Joined: 3, Left: 1})
	got := written(r)
	for _, part := range []string{
		waiting + "; the first of it is due at 2026-12-03 09:00 UTC.", "begun at once, what is due is out in about",
		"Who is written to: 89 new, 13 gone (added up over 2 sequences), ",
	} {
		if !strings.Contains(got, part) {
			t.Errorf("no %q in\n%s", part, got)
		}
	}
	if strings.Contains(got, all) {
		t.Error("not all is out: 7 wait")
	}
}
