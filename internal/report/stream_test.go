package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A stream tells all of a plan: what people must know first, renames and edits too, and the end counts everything.
func TestStreamTellsAllOfAPlan(t *testing.T) {
	next := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	var out bytes.Buffer
	s := NewStream(&out, "1.2.3", func() time.Time { return next })
	s.Plan(Plan{
		Warnings: []Reason{{Summary: "Unusually many.", Detail: "So many."}}, Moves: []Move{{From: "a", To: "b", Sends: 2}},
		Edits: []Edit{{Message: "a.b", Kind: "inserted"}}, Groups: []Group{{Message: "a.b", Action: "send", Count: 1}}, Lanes: []Lane{{Account: "heyx"}},
		LeftOut: []LeftOut{{Reason: "excluded", Count: 1}}, Forbidden: []Reason{{Summary: "No.", Detail: "Never."}}, Overlaps: 3,
		Reach: []Reach{{Sequence: "a"}}, Next: &next, Lineage: "l", Serial: 4, Digest: "d",
	})
	s.Error(errors.New("bad"))
	var got []string
	for line := range strings.Lines(out.String()) {
		members := map[string]any{}
		if err := json.Unmarshal([]byte(line), &members); err != nil {
			t.Fatal(err)
		}
		got = append(got, members["@level"].(string)+" "+members["type"].(string)+": "+members["@message"].(string))
		if members["type"] == "change_summary" {
			for _, name := range []string{"counts", "overlaps", "reach", "next", "lineage", "serial", "digest"} {
				if members[name] == nil {
					t.Errorf("the end has no %s", name)
				}
			}
		}
	}
	want := []string{
		"info version: Herald 1.2.3", "warn diagnostic: Warning: Unusually many.", "info planned_move: a is now b: 2 sends", "info planned_edit: a.b: inserted",
		"info planned_sends: a.b: send for 1 contact", "info lane: heyx: 0 sends", "info left_out: excluded: 1 contact", "error forbidden: No.",
		"info change_summary: " + (Plan{}).Summary(), "error diagnostic: Error: bad",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if s.Err() != nil {
		t.Error(s.Err())
	}
}
