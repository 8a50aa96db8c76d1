package planner

import (
	"slices"
	"testing"
)

func TestUnusual(t *testing.T) {
	for _, tt := range []struct {
		name  string
		sends int
		runs  []int
		most  int // -1 for like any other
	}{
		{"the first run", 100_000, nil, -1},
		{"the first run that sends", 100_000, []int{0, 0}, -1},
		{"nothing to send", 0, []int{300}, -1},
		{"as ever", 300, []int{300}, -1},
		{"one short of twice as many", 599, []int{300}, -1},
		{"twice as many", 600, []int{300}, 300},
		{"one short of a hundred more", 149, []int{50}, -1},
		{"a hundred more", 150, []int{50}, 50},
		{"a hundred more, not twice as many", 400, []int{300}, -1},
		{"a test before", 101, []int{1}, 1},
		{"the largest counts", 600, []int{10, 300, 0, 20}, 300},
		{"one as large before", 600, []int{10, 600, 20}, -1},
	} {
		got, runs := unusual(tt.sends, tt.runs), slices.Clone(tt.runs)
		if tt.most < 0 && got != nil || tt.most >= 0 && (got == nil || *got != Unusual{Sends: tt.sends, Most: tt.most}) || !slices.Equal(runs, tt.runs) {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
}

// What counts is what the plan sends, and not what is beyond the limit or was sent before.
func TestUnusualCountsSends(t *testing.T) {
	in := input(courses(t, 150, map[string][]string{"a": {"one", "two"}}))
	if m := good(t, in); m.Unusual != nil {
		t.Errorf("the first: %+v", m.Unusual)
	}
	in.Runs = []int{100, 30}
	if m := good(t, in); m.Unusual == nil || *m.Unusual != (Unusual{Sends: 300, Most: 100}) {
		t.Errorf("300 after 100: %+v", m.Unusual)
	}
	in.Limit = 199
	if m := good(t, in); m.Unusual != nil {
		t.Errorf("limited: %+v", m.Unusual)
	}
	in.Limit, in.View = -1, after(nil, good(t, in), sent)
	if m := good(t, in); m.Unusual != nil {
		t.Errorf("most have it: %+v", m.Unusual)
	}
}
