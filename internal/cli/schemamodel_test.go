package cli

import (
	"bytes"
	"go/ast"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"herald/executor"
	"herald/internal/addr"
	"herald/internal/report"
	"herald/planner"
	"herald/providers"
	"herald/state"
)

// Every member of the models is in the schemas with its type, and the schemas have no other: a new field without a schema
// fails here.
func TestSchemasAreTheModels(t *testing.T) {
	s := publishedSchemas(t)
	for _, tt := range []struct {
		place
		model any
	}{
		{place{"plan.schema.json", ""}, report.SavedPlan{}},
		{place{"ledger.schema.json", ""}, report.Ledger{}},
		{place{"stream.schema.json", "/$defs/diagnostic"}, report.Diagnostic{}},
		{place{"stream.schema.json", "/$defs/progress"}, report.LaneProgress{}},
		{place{"stream.schema.json", "/$defs/lane_stop"}, report.LaneStop{}},
		{place{"stream.schema.json", "/$defs/summary"}, report.Summary{}},
		{place{"stream.schema.json", "/$defs/listening"}, report.Listening{}},
		{place{"stream.schema.json", "/$defs/received"}, report.Received{}},
	} {
		s.same(t, tt.place, reflect.TypeOf(tt.model))
	}
}

// Everything is said in words, also by what a reference leads to; units are in them.
func TestSchemasDescribeEverything(t *testing.T) {
	s := publishedSchemas(t)
	for file, tree := range s.trees {
		if tree["$schema"] != "https://json-schema.org/draft/2020-12/schema" {
			t.Errorf("%s is of another draft: %v", file, tree["$schema"])
		}
		for _, name := range s.everything(file) {
			_, pointer, _ := strings.Cut(name, "#")
			if strings.Contains(pointer, "=") {
				continue
			}
			_, schema := s.at(place{file, pointer})
			if text, _ := schema["description"].(string); !strings.HasSuffix(text, ".") {
				t.Errorf("%s is described as %q", name, text)
			}
			if schema["additionalProperties"] == false {
				t.Errorf("%s forbids what later versions add", name)
			}
		}
	}
}

// The closed sets of values are the code's.
func TestSchemasListTheValues(t *testing.T) {
	s := publishedSchemas(t)
	signs, actions := shownActions(t)
	var findings, classes []string
	for f := providers.Undecided; f <= providers.Absent; f++ {
		findings = append(findings, f.String())
	}
	for c := providers.Accepted; c <= providers.Unknown; c++ {
		classes = append(classes, c.String())
	}
	const plan, stream = "plan.schema.json", "stream.schema.json"
	for _, tt := range []struct {
		place
		want []string
	}{
		{place{plan, "/$defs/group/properties/sign"}, signs},
		{place{plan, "/$defs/group/properties/action"}, actions},
		{place{plan, "/$defs/group/properties/verb"}, constants(t, "../../providers", "Verb")},
		{place{plan, "/$defs/lane/properties/verb"}, constants(t, "../../providers", "Verb")},
		{place{plan, "/$defs/edit/properties/kind"}, constants(t, "../../planner", "EditKind")},
		{place{stream, "/$defs/send/properties/result"}, constants(t, "../../executor", "Result")},
		{place{stream, "/$defs/send/properties/finding"}, findings},
		{place{stream, "/$defs/send/properties/class"}, classes},
		{place{stream, "/$defs/received/properties/result"}, constants(t, "../listen", "Result")},
		{place{stream, "/$defs/test_run/properties/status"}, constants(t, "../report", "TestStatus")},
		{place{stream, "/$defs/test_file/properties/status"}, constants(t, "../report", "TestStatus")},
	} {
		_, schema := s.at(tt.place)
		if diff := cmp.Diff(slices.Sorted(slices.Values(tt.want)), sortedTexts(schema["enum"])); diff != "" {
			t.Errorf("%s#%s (-code +schema):\n%s", tt.file, tt.pointer, diff)
		}
	}
	members := s.members(place{"ledger.schema.json", "/$defs/message"}, nil)
	for _, one := range []state.State{state.Sending, state.Sent, state.Refused, state.InDoubt, state.Skipped} {
		if _, has := members[one.String()]; !has {
			t.Errorf("the ledger's messages do not count what is %s", one)
		}
	}
}

// shownActions gives the signs and actions that a plan shows, out of all that there are.
func shownActions(t *testing.T) (signs, actions []string) {
	p := planner.Plan{}
	for _, a := range constants(t, "../../planner", "Action") {
		p.Groups = append(p.Groups, planner.Group{Action: planner.Action(a)})
	}
	for _, g := range report.NewPlan(&p).Groups {
		signs, actions = append(signs, g.Sign), append(actions, g.Action)
	}
	slices.Sort(signs)
	return slices.Compact(signs), actions
}

// The schema of streams knows each type of line that the code writes, and no other.
func TestStreamSchemaHasEveryLine(t *testing.T) {
	s := publishedSchemas(t)
	written := map[string]bool{}
	for _, dir := range []string{".", "../report"} {
		for _, file := range goFiles(t, dir) {
			ast.Inspect(file, func(n ast.Node) bool {
				call, is := n.(*ast.CallExpr)
				if !is || len(call.Args) != 4 {
					return true
				}
				if f, is := call.Fun.(*ast.SelectorExpr); !is || f.Sel.Name != "Line" {
					return true
				}
				kind, is := call.Args[1].(*ast.BasicLit)
				if !is {
					t.Error("the type of a line is no constant")
					return true
				}
				text, err := strconv.Unquote(kind.Value)
				if err != nil {
					t.Error(err)
				}
				written[text] = true
				return true
			})
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(written)), slices.Sorted(slices.Values(lineTypes(s)))); diff != "" {
		t.Errorf("(-code +schema):\n%s", diff)
	}
}

// lineTypes are the types of lines that the schema of streams names.
func lineTypes(s *schemaSet) (types []string) {
	for _, branch := range s.trees["stream.schema.json"]["allOf"].([]any) {
		condition := branch.(map[string]any)["if"].(map[string]any)
		types = append(types, condition["properties"].(map[string]any)["type"].(map[string]any)["const"].(string))
	}
	return types
}

// Lines that real runs write only now and then are valid, too.
func TestRareLinesAreValid(t *testing.T) {
	s := publishedSchemas(t)
	var out bytes.Buffer
	stream := report.NewStream(&out, Version, time.Now)
	hello := addr.Send{Message: addr.Message{Sequence: "news", Name: "hello"}, Key: "c1"}
	stream.Progress(report.Progress{Lanes: []report.LaneProgress{
		{Account: "heyx", Done: 250, Total: 1204, Sent: 249, Refused: 1, Rate: 25, Limit: "25/s", Left: 38.2},
		{Account: "digital99", Total: 32, Limit: "40/s", Waiting: "waits 3 s: 429 Too Many Requests"},
	}})
	stream.LaneStop(report.LaneStop{Account: "heyx", Why: "heyx stopped: the provider turned the account away: 401 API Token is invalid"})
	for _, ev := range []executor.Event{
		executor.Started{Account: "heyx", Send: hello, Attempt: 1}, executor.Done{Account: "heyx", Send: hello, Result: executor.Late, Reason: "its window closed"},
		executor.Returned{Account: "heyx", Send: hello, Class: providers.Throttled, Reason: "429 Too Many Requests"},
		executor.NotOpened{Account: "heyx", Send: hello, Reason: "404 no such inbox"},
		executor.LookedUp{Account: "heyx", Send: hello, Finding: providers.Absent},
		executor.Throttled{Account: "heyx", Until: time.Now(), Reason: "429 Too Many Requests"},
	} {
		stream.Event(ev)
	}
	stream.Listening(report.Listening{Address: "127.0.0.1:8080", Routes: []report.Route{
		{Account: "maax", Callback: "reply", Path: "/maax/reply/{token}"}, {Account: "chatwoot", Callback: "webhook", Why: "it has no webhook_secret"},
	}})
	stream.Received(report.Received{At: time.Now().UTC(), Account: "maax", Callback: "reply", Result: "stored", Status: 200, Bytes: 312, Milliseconds: 1.5})
	stream.Received(report.Received{At: time.Now().UTC(), Account: "chatwoot", Callback: "webhook", Result: "forged", Status: 401, Bytes: 312, Milliseconds: .5, Why: "the signature is another"})
	if got, want := len(s.lines(t, out.String())), 13; got != want {
		t.Errorf("%d lines, want %d", got, want)
	}
}
