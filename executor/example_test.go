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
	// {Sent:1 Refused:1 InDoubt:0 Blocked:0 Late:0 Unsent:0} <nil> <nil>
}

// asked is a vendor that can be asked: it has got everything but Bob's message.
type asked struct{ vendor }

func (asked) LookUp(ctx context.Context, d providers.Doubt, turn func(context.Context) error) providers.Verdict {
	if err := turn(ctx); err != nil {
		return providers.Verdict{Reason: err.Error()}
	}
	if d.Request.Path == "/bob" {
		return providers.Verdict{Finding: providers.Absent, Class: providers.Accepted}
	}
	return providers.Verdict{Finding: providers.Found, ID: "m1", Class: providers.Accepted}
}

// What an earlier run left in doubt is looked up, here without a ledger: nothing is recorded.
func ExampleLookUp() {
	hello := addr.Message{Sequence: "welcome", Name: "hello"}
	question := func(name string) executor.Question {
		return executor.Question{
			Send: addr.Send{Message: hello, Key: name}, Request: providers.Request{Method: "POST", Path: "/" + name},
			At: time.Now().Add(-time.Hour),
		}
	}
	summary, err := executor.LookUp(context.Background(), []executor.Lane{{
		Account: "chatwoot", Provider: asked{}, Settle: time.Minute, Questions: []executor.Question{question("ada"), question("bob")},
	}}, executor.LookUpOptions{})
	for _, answer := range summary.Lanes[0].Answers {
		fmt.Printf("%s %s %q\n", answer.Send, answer.Finding, answer.ID)
	}
	fmt.Printf("%+v %v\n", summary.Lanes[0].LookUps, err)
	// Output:
	// welcome.hello["ada"] found "m1"
	// welcome.hello["bob"] absent ""
	// {Found:1 Absent:1 Undecided:0} <nil>
}
