package executor_test

import (
	"context"
	"fmt"
	"io"
	"time"

	"herald/executor"
	"herald/internal/addr"
	"herald/planner"
	"herald/providers"
	"herald/state"
)

type ledger struct{}

func (ledger) Intend(context.Context, state.Intent) error { return nil }
func (ledger) Record(context.Context, state.Result) error { return nil }
func (ledger) Turn(context.Context, state.Result, state.Intent) (recorded, intended error) {
	return nil, nil
}
func (ledger) CommitLatency() time.Duration { return time.Millisecond }

type vendor struct{}

func (vendor) Render(providers.Message) (r providers.Request, p []providers.Problem) { return }
func (vendor) Close()                                                                {}
func (vendor) Send(_ context.Context, r providers.Request, _ providers.Key) providers.Outcome {
	if r.Path == "/bob" {
		return providers.Outcome{Class: providers.Refused, HTTP: 404, Reason: "no such contact"}
	}
	return providers.Outcome{Class: providers.Accepted, HTTP: 200}
}

type steps []planner.Step

func (s *steps) Next() (planner.Step, int64, error) {
	if len(*s) == 0 {
		return planner.Step{}, 0, io.EOF
	}
	first := (*s)[0]
	*s = (*s)[1:]
	return first, 0, nil
}
func (s *steps) At(int64) (planner.Step, error) { return planner.Step{}, io.EOF }

func ExampleRun() {
	hello := addr.Message{Sequence: "welcome", Name: "hello"}
	summary, err := executor.Run(context.Background(), []executor.Lane{{
		Account:  "heyx",
		Provider: vendor{},
		Limits:   executor.Limits{Requests: 25, Per: time.Second, Jitter: 10 * time.Millisecond, Concurrency: 1},
		Steps: &steps{
			{Send: addr.Send{Message: hello, Key: "ada"}, Action: planner.Send, Account: "heyx", Request: providers.Request{Method: "POST", Path: "/ada"}},
			{Send: addr.Send{Message: hello, Key: "bob"}, Action: planner.Send, Account: "heyx", Request: providers.Request{Method: "POST", Path: "/bob"}},
		},
		Total: 2,
	}}, executor.Options{
		Ledger: ledger{},
		Observe: func(e executor.Event) {
			if d, ok := e.(executor.Done); ok {
				fmt.Printf("%s %s %q\n", d.Send, d.Result, d.Reason)
			}
		},
	})
	fmt.Printf("%+v %v %v\n", summary.Counts(), summary.Err(), err)
	// Output:
	// welcome.hello["ada"] sent ""
	// welcome.hello["bob"] refused "no such contact"
	// {Sent:1 Refused:1 InDoubt:0 Blocked:0 Unsent:0} <nil> <nil>
}
