package cli

import (
	"strings"
	"testing"

	"herald/executor"
	"herald/internal/addr"
	"herald/planner"
)

// The guard counts on from the plan, for the sequences that its policy covers, and ends the run once.
func TestRateGuard(t *testing.T) {
	if newRateGuard(&planner.Plan{}) != nil {
		t.Error("a guard without a rate")
	}
	g := newRateGuard(&planner.Plan{Rates: []planner.FailureRate{
		{Policy: "calm", Sequences: []string{"news"}, Max: 0.1, Failures: 1, Tried: 18},
	}})
	user := make(chan struct{})
	drain, end := g.drained(user)
	defer end()
	send := func(sequence string, result executor.Result) {
		g.observe(executor.Done{Send: addr.Send{Message: addr.Message{Sequence: sequence, Name: "m"}, Key: "k"}, Result: result})
	}
	for range 50 {
		send("other", executor.Refused) // not covered
		send("news", executor.InDoubt)  // nobody knows
	}
	send("news", executor.Refused) // 2 of 19, as of 20: a tenth
	select {
	case <-drain:
		t.Fatal("a tenth is allowed")
	default:
	}
	send("news", executor.Sent)    // 2 of 20
	send("news", executor.Refused) // 3 of 21
	<-drain
	send("news", executor.Refused)
	if why := g.reason(); !strings.Contains(why, "policy.calm allows 10 %") || !strings.Contains(why, "3 of 21") {
		t.Errorf("reason %q", why)
	}
}

// An interrupt ends the run as without a guard.
func TestRateGuardPassesInterrupts(t *testing.T) {
	g := newRateGuard(&planner.Plan{Rates: []planner.FailureRate{{Max: 1}}})
	user := make(chan struct{})
	drain, end := g.drained(user)
	defer end()
	close(user)
	<-drain
	if g.reason() != "" {
		t.Error("it was not the guard")
	}
	var none *rateGuard
	if got, _ := none.drained(user); got != (<-chan struct{})(user) || none.reason() != "" {
		t.Error("without a guard nothing changes")
	}
}
