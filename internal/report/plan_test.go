package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"herald/internal/addr"
	"herald/planner"
)

func plan() *planner.Plan {
	offer, reminder := addr.Message{Sequence: "renewal", Name: "offer"}, addr.Message{Sequence: "renewal", Name: "reminder"}
	hello := addr.Message{Sequence: "welcome", Name: "hello"}
	send := func(m addr.Message, key string) addr.Send { return addr.Send{Message: m, Key: key} }
	return &planner.Plan{
		Groups: []planner.Group{
			{Message: offer, Account: "heyx", Provider: "heyx", Action: planner.Send, Count: 1204,
				Samples: []planner.Sample{{Send: send(offer, "c1"), Text: "Hi \x1b[31mAda\u202e,\nwelcome \"back\""}, {Send: send(offer, "c2"), Text: "Hi Bo"}}},
			{Message: offer, Account: "heyx", Provider: "heyx", Action: planner.Unchanged, Count: 7},
			{Message: reminder, Account: "heyx.second", Provider: "heyx", Action: planner.Blocked, Reason: "blocked by renewal.offer", Count: 2,
				Samples: []planner.Sample{{Send: send(reminder, "c8")}}},
			{Message: hello, Account: "heyx", Provider: "heyx", Action: planner.Refused, Reason: "refused before; nothing changed", Count: 1,
				Samples: []planner.Sample{{Send: send(hello, "a\x1b]0;x")}}},
			{Message: hello, Account: "heyx", Provider: "heyx", Action: planner.InDoubt, Count: 3,
				Samples: []planner.Sample{{Send: send(hello, "c17"), At: time.Date(2026, 11, 20, 9, 14, 0, 0, time.UTC)}}},
		},
		Lanes: []planner.Lane{
			{Account: "heyx", Provider: "heyx", Requests: 25, Per: time.Second, Sends: 1204, Takes: 48200 * time.Millisecond},
			{Account: "heyx.second", Provider: "heyx", Requests: 25, Per: time.Second},
		},
		Counts: map[planner.Action]int{planner.Send: 1204, planner.Unchanged: 7, planner.Blocked: 2, planner.Refused: 1, planner.InDoubt: 3},
		Unsent: 5, Left: 1, Overlaps: 2,
		Forbidden: []planner.Forbidden{{Summary: "Too many", Detail: "Because."}},
	}
}

func TestPlanText(t *testing.T) {
	var b bytes.Buffer
	NewPlan(plan()).Text(&b, Style{Width: 140})
	want := `  + renewal.offer             1,204 contacts  heyx         "Hi \u001b[31mAda\u202e,\nwelcome "back""
      renewal.offer["c2"]  "Hi Bo"
  > renewal.reminder          2 contacts      heyx.second  blocked by renewal.offer
  ! welcome.hello["a\u001b]0;x"]  1 contact       heyx         refused before; nothing changed
  ? welcome.hello["c17"]      in doubt        heyx         since 2026-11-20 09:14; decide: herald state resolve ...
  ? welcome.hello             in doubt        heyx         and 2 more: herald state list -state=in_doubt

Plan: 1,204 to send, 2 blocked, 1 refused, 3 in doubt, 5 beyond -limit. Already sent: 7. Gone since they were written to: 1.
heyx: 1,204 sends at 25/s, about 49 s.
Found twice: 2 contacts in more than one source; the first counts.
In doubt (?): find out whether it arrived, then: herald state resolve ADDRESS sent|unsent
Refused (!): tried again when the text or the address changes, or with -replace=ADDRESS.

Forbidden: Too many
Because.
`
	// The columns follow the longest name; only their order and content count here.
	if diff := cmp.Diff(squeeze(want), squeeze(b.String())); diff != "" {
		t.Error(diff)
	}
}

func squeeze(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = strings.Join(strings.Fields(line), " ")
	}
	return strings.Join(lines, "\n")
}

// Every line of a plan fits its terminal, and text from people cannot leave its line.
func TestPlanTextFits(t *testing.T) {
	p := plan()
	p.Groups[0].Samples[0].Text = strings.Repeat("long\n", 100)
	for _, width := range []int{64, 90} {
		var b bytes.Buffer
		NewPlan(p).Text(&b, Style{Width: width})
		for line := range strings.Lines(b.String()) {
			if strings.HasPrefix(line, "  ") && len([]rune(line)) > width+1 {
				t.Errorf("%d columns, not %d: %s", len([]rune(line)), width, line)
			}
		}
		if !strings.Contains(b.String(), `"long\nlong`) {
			t.Errorf("in %d columns, no sample in\n%s", width, b.String())
		}
	}
}

func TestPlanStream(t *testing.T) {
	var b bytes.Buffer
	now := func() time.Time { return time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC) }
	s := NewStream(&b, "1.2.3", now)
	s.Plan(NewPlan(plan()))
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
	kinds := map[string]int{}
	for line := range strings.Lines(b.String()) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		for _, member := range []string{"@level", "@message", "@module", "@timestamp", "type"} {
			if m[member] == nil || m[member] == "" {
				t.Errorf("no %s in %s", member, line)
			}
		}
		kinds[m["type"].(string)]++
	}
	want := map[string]int{"version": 1, "planned_sends": 4, "lane": 2, "forbidden": 1, "change_summary": 1}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Error(diff)
	}
}

func TestNothingToSend(t *testing.T) {
	for want, counts := range map[string]map[planner.Action]int{
		"Nothing to send.":                                 {},
		"Nothing to send. Already sent: 3.":                {planner.Unchanged: 3},
		"Nothing to send: 2 in doubt. Already sent: 1.":    {planner.InDoubt: 2, planner.Unchanged: 1},
		"Plan: 1 to send, 2 to send again.":                {planner.Send: 1, planner.Resend: 2},
		"Nothing to send: 4 kept. Passed over: 1.":         {planner.Kept: 4, planner.Passed: 1},
		"Plan: 1 to send, 1 blocked. Already sent: 1,000.": {planner.Send: 1, planner.Blocked: 1, planner.Unchanged: 1000},
	} {
		if got := NewPlan(&planner.Plan{Counts: counts}).Summary(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
