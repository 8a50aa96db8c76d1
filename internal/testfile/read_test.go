package testfile

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"herald/internal/addr"
)

func TestRead(t *testing.T) {
	f, diags := parse([]byte(`
start = "2026-12-01T09:00:00Z"
variables {
  region = "eu"
  names  = ["x", "y"]
}
run "first" {
  assert {
    condition     = run.sent == 3
    error_message = "three"
  }
}
run "second" {
  after     = "2d"
  command   = plan
  exit_code = 4
  reply {
    to   = renewal.offer["a \"b\""]
    text = "Yes"
  }
  read {
    to = renewal.offer["c1"]
  }
  failure {
    to     = renewal.offer["c2"]
    reason = "gone"
  }
  fault "heyx" {
    kind  = "throttle"
    count = 3
  }
}
run "third" {
  at      = "2026-12-24T00:00:00+02:00"
  command = refresh
  variables {
    region = "us"
  }
}
`), "x.test.hcl")
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	start := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	send := func(key string) addr.Send {
		return addr.Send{Message: addr.Message{Sequence: "renewal", Name: "offer"}, Key: key}
	}
	second := f.Runs[1]
	for what, pair := range map[string][2]any{
		"start":     {f.Start, start},
		"first":     {f.Runs[0].At, start},
		"second":    {second.At, start.Add(48 * time.Hour)},
		"refresh":   {f.Runs[2].Command, Refresh},
		"first's":   {f.Runs[0].Command, Apply},
		"third":     {f.Runs[2].At, time.Date(2026, 12, 23, 22, 0, 0, 0, time.UTC)},
		"command":   {second.Command, Plan},
		"exit code": {second.ExitCode, 4},
		"reply":     {second.Replies[0].To, send(`a "b"`)},
		"text":      {second.Replies[0].Text, "Yes"},
		"read":      {second.Reads[0].To, send("c1")},
		"failure":   {second.Failures[0].Reason, "gone"},
		"fault":     {second.Faults[0].Count, 3},
	} {
		if diff := cmp.Diff(pair[1], pair[0]); diff != "" {
			t.Errorf("%s (-want +got): %s", what, diff)
		}
	}
	values := ""
	for _, v := range append(f.Variables, f.Runs[2].Variables...) {
		values += v.Name + "=" + v.Text + ";"
	}
	if want := `region=eu;names=["x", "y"];region=us;`; values != want || len(f.Runs[0].Asserts) != 1 {
		t.Errorf("variables %s, want %s; asserts %v", values, want, f.Runs[0].Asserts)
	}
}

// Everything wrong is found at once, each at its place.
func TestReadRefuses(t *testing.T) {
	for src, want := range map[string]string{
		`run "a" {`:                                                                    "1",
		`start = 3` + "\n" + `run "a" {}`:                                              "1 Invalid instant",
		`start = "soon"` + "\n" + `run "a" {}`:                                         "1 Invalid instant",
		`start = "2026-12-01T09:00:00Z"`:                                               "1 Test without runs",
		"run \"a\" {}\nrun \"a\" {}":                                                   "2 Duplicate run",
		`run "a b" {}`:                                                                 "1 Invalid name",
		"run \"a\" {\n  after = \"0s\"\n}":                                             "2 Invalid duration",
		"run \"a\" {\n  after = \"x\"\n}":                                              "2 Invalid duration",
		"run \"a\" {\n  at = \"2020-01-01T00:00:00Z\"\n}":                              "2 Clock going backwards",
		"run \"a\" {\n  after = \"1d\"\n  at = \"2030-01-01T00:00:00Z\"\n}":            "2 Two clocks",
		"run \"a\" {\n  command = \"plan\"\n}":                                         "2 Unknown command",
		"run \"a\" {\n  reply {\n    to = x.y[\"z\"]\n  }\n}":                          "2 Reply without text",
		"run \"a\" {\n  read {\n    to = x.y\n  }\n}":                                  "3 No address of a send",
		"run \"a\" {\n  read {\n    to = x.y[3]\n  }\n}":                               "3 No address of a send",
		"run \"a\" {\n  read {\n    to   = x.y[\"z\"]\n    text = \"t\"\n  }\n}":       "2 Unsupported argument",
		"run \"a\" {\n  fault \"heyx\" {\n    kind = \"droop\"\n  }\n}":                "2 Unknown kind of fault",
		"run \"a\" {\n  fault \"heyx\" {\n    kind  = \"drop\"\n    count = 0\n  }\n}": "2 Invalid count",
		"run \"a\" {\n  assert {\n    condition = true\n  }\n}":                        "2 Missing required argument",
		"variables {\n  a = null\n}\nrun \"a\" {}":                                     "2 Null for a variable",
		"variables {\n  a = upper(\"x\")\n}\nrun \"a\" {}":                             "2 Function calls not allowed",
		"run \"a\" {\n  variables {\n    x = var.y\n  }\n}":                            "3 Variables not allowed",
		"run \"a\" {\n  exit_code = 1\n}":                                              "1 Invalid exit code",
		"run \"a\" {\n  sleep = 3\n}":                                                  "2 Unsupported argument",
	} {
		_, diags := parse([]byte(src), "x.test.hcl")
		got := ""
		for _, d := range diags {
			if d.Severity == hcl.DiagError && d.Subject != nil {
				got += fmt.Sprint(d.Subject.Start.Line, " ", d.Summary) + "; "
			}
		}
		if !strings.Contains("; "+got, "; "+want) {
			t.Errorf("%s\n gave %q, want %q", src, got, want)
		}
	}
}

func TestCheck(t *testing.T) {
	f, diags := parse([]byte(`
run "a" {
  assert {
    condition     = n == 3
    error_message = "n is ${n}"
  }
  assert {
    condition     = "maybe"
    error_message = "x"
  }
  assert {
    condition     = missing
    error_message = "x"
  }
  assert {
    condition     = false
    error_message = null
  }
}`), "x.test.hcl")
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	ctx := &hcl.EvalContext{Variables: map[string]cty.Value{"n": cty.NumberIntVal(3)}}
	asserts := f.Runs[0].Asserts
	if holds, _, diags := asserts[0].Check(ctx); !holds || diags.HasErrors() {
		t.Error("it holds", diags)
	}
	ctx.Variables["n"] = cty.NumberIntVal(4)
	if holds, message, _ := asserts[0].Check(ctx); holds || message != "n is 4" {
		t.Errorf("holds %v, message %q", holds, message)
	}
	for i, want := range []string{"Invalid condition", "Unknown variable", "Invalid error message"} {
		holds, _, diags := asserts[i+1].Check(ctx)
		if holds || len(diags) != 1 || diags[0].Summary != want || diags[0].Subject == nil {
			t.Errorf("assertion %d: %v, want %s", i+1, diags, want)
		}
	}
}

// Of a name that does not exist the error says what does, once, and leaves other errors as they are.
func TestCheckSaysWhatExists(t *testing.T) {
	people := cty.MapVal(map[string]cty.Value{"ada": cty.ObjectVal(map[string]cty.Value{"state": cty.StringVal("sent"), "text": cty.NullVal(cty.String)})})
	ctx := &hcl.EvalContext{Variables: map[string]cty.Value{
		"sends": cty.ObjectVal(map[string]cty.Value{"s.hello": people, "s.empty": cty.MapValEmpty(people.Type().ElementType())}),
	}}
	for condition, want := range map[string]string{
		`sends["s.helo"]["ada"].state == "sent"`:     `sends has no "s.helo". It has "s.empty", "s.hello". Did you mean "s.hello"?`,
		`sends["s.hello"]["bob"].state == "sent"`:    `sends["s.hello"] has no "bob". It has "ada".`,
		`sends["s.empty"]["bob"].state == "sent"`:    `sends["s.empty"] has no "bob". It is empty.`,
		`sends["s.hello"]["ada"].stat == "sent"`:     `sends["s.hello"]["ada"] has no "stat". It has "state", "text". Did you mean "state"?`,
		`[for m in sends : m["bob"].text == "x"][0]`: `The given key does not identify an element in this collection value.`,
		`"a ${sends["s.hello"]["ada"].text}" == "x"`: `The expression result is null. Cannot include a null value in a string template.`,
	} {
		e, diags := hclsyntax.ParseExpression([]byte(condition), "x.test.hcl", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		_, _, diags = Assert{Condition: e}.Check(ctx)
		got := ""
		for _, d := range diags {
			got += d.Detail
		}
		if got != want {
			t.Errorf("%s\n says %s\n want %s", condition, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("run \"a\" {\n  after = \"1d\"\n  reply {\n    to = x.y[\"z\"]\n    text = \"t\"\n  }\n}")
	f.Fuzz(func(t *testing.T, src string) {
		file, diags := parse([]byte(src), "x.test.hcl")
		if !diags.HasErrors() && len(file.Runs) == 0 {
			t.Errorf("no runs and no errors: %q", src)
		}
	})
}
