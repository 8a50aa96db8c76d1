package cli

import (
	"context"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"herald/planner"
)

// A watch plans again a minute after a round in which nothing was settled, and else only when something is due.
func TestWatchSleep(t *testing.T) {
	for _, tt := range []struct {
		name string
		plan planner.Plan
		next time.Duration
		want time.Duration // 0: until it is interrupted
	}{
		{name: "nobody knows when", plan: planner.Plan{Counts: map[planner.Action]int{planner.Waits: 2}}},
		{name: "sends that came to nothing", plan: planner.Plan{Counts: map[planner.Action]int{planner.Send: 1, planner.Waits: 2}}, want: watchAsk},
		{name: "a resend that came to nothing", plan: planner.Plan{Counts: map[planner.Action]int{planner.Resend: 1, planner.Waits: 2}}},
		{name: "due", plan: planner.Plan{Counts: map[planner.Action]int{planner.Waits: 2}}, next: 5 * time.Minute, want: 5 * time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ledger := filepath.Join(t.TempDir(), "herald.state")
			synctest.Test(t, func(t *testing.T) {
				a := applying{session: &session{env: &env{now: time.Now}, ledger: ledger}}
				began := time.Now()
				if tt.next > 0 {
					tt.plan.Next = began.Add(tt.next)
				}
				before, interrupt := context.WithTimeout(t.Context(), time.Hour)
				defer interrupt()
				went := a.sleep(before, &tt.plan)
				if slept := time.Since(began); went != (tt.want > 0) || went && slept != tt.want {
					t.Errorf("it slept %s, %v; want %s", slept, went, tt.want)
				}
			})
		})
	}
}
