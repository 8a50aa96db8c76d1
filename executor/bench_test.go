package executor

import (
	"context"
	"fmt"
	"io"
	"testing"
	"time"

	"herald/planner"
	"herald/providers"
	"herald/state"
)

type noLedger struct{}

func (noLedger) Intend(context.Context, state.Intent) error { return nil }
func (noLedger) Record(context.Context, state.Result) error { return nil }
func (noLedger) Turn(context.Context, state.Result, state.Intent) (recorded, intended error) {
	return nil, nil
}
func (noLedger) CommitLatency() time.Duration { return 0 }

type noProvider struct{}

func (noProvider) Render(providers.Message) (providers.Request, []providers.Problem) {
	return providers.Request{}, nil
}
func (noProvider) Close() {}
func (noProvider) Send(context.Context, providers.Request, providers.Key) providers.Outcome {
	return accepted
}

// endless gives the same few steps until n were read.
type endless struct {
	steps   []planner.Step
	n, read int
}

func (e *endless) Next() (planner.Step, int64, error) {
	if e.read == e.n {
		return planner.Step{}, 0, io.EOF
	}
	e.read++
	return e.steps[e.read%len(e.steps)], int64(e.read % len(e.steps)), nil
}

func (e *endless) At(ref int64) (planner.Step, error) { return e.steps[ref], nil }

// BenchmarkRun measures what the executor itself takes per send: neither ledger nor provider do anything.
func BenchmarkRun(b *testing.B) {
	people := make([]planner.Step, 0, 2000)
	for i := range 1000 {
		k := fmt.Sprint("p", i)
		people = append(people, chain(step("heyx", "s", "a", k), step("heyx", "s", "b", k))...)
	}
	for _, bb := range []struct {
		name    string
		limits  Limits
		steps   []planner.Step
		observe func(Event)
	}{
		{"unlimited", Limits{Concurrency: 64, StopAfter: 10}, crowd("heyx", 1000), nil},
		{"observed", Limits{Concurrency: 64, StopAfter: 10}, crowd("heyx", 1000), func(Event) {}},
		{"limited", Limits{Concurrency: 64, StopAfter: 10, Requests: 1 << 20, Per: 10 * time.Millisecond}, crowd("heyx", 1000), nil},
		{"chains", Limits{Concurrency: 64, StopAfter: 10}, people, nil},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			n := b.N &^ 1
			lane := Lane{Account: "heyx", Provider: noProvider{}, Limits: bb.limits, Steps: &endless{steps: bb.steps, n: n, read: 0}, Total: n}
			s, err := Run(b.Context(), []Lane{lane}, Options{Ledger: noLedger{}, Observe: bb.observe})
			if err != nil || bb.name != "chains" && s.Counts().Sent != n {
				b.Fatal(s, err)
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "sends/s")
		})
	}
}
