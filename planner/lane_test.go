package planner

import (
	"testing"
	"time"

	"herald/spec"
)

func TestTakes(t *testing.T) {
	heyx := spec.Limits{Requests: 25, Per: time.Second, Jitter: 10 * time.Millisecond}
	for _, tt := range []struct {
		n      int
		limits spec.Limits
		want   time.Duration
	}{
		{0, heyx, 0},
		{1, heyx, 0},
		{2, heyx, 40400 * time.Microsecond},
		{1204, heyx, 48601200 * time.Microsecond}, // "about 49 s"
		{1_000_001, spec.Limits{Requests: 40, Per: time.Second}, 25_000 * time.Second},
		{5, spec.Limits{}, 0},
	} {
		if got := takes(tt.n, tt.limits); got != tt.want {
			t.Errorf("%d sends: %v, want %v", tt.n, got, tt.want)
		}
	}
}
