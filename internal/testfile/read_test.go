package testfile

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"herald/internal/addr"
)

func TestRead(t *testing.T) {
	f, diags := parse([]byte(`
start = "2026-12-01T09:00:00Z"
variables {
  region = "eu"
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
  at = "2026-12-24T00:00:00+02:00"
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
		"third":     {f.Runs[2].At, time.Date(2026, 12, 23, 22, 0, 0, 0, time.UTC)},
		"plan":      {second.PlanOnly, true},
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
	if len(f.Variables) != 1 || len(f.Runs[0].Asserts) != 1 {
		t.Errorf("variables %v, asserts %v", f.Variables, f.Runs[0].Asserts)
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
		"run \"a\" {\n  sleep = 3\n}":                                                  "2 Unsupported argument",
	} {
		_, diags := parse([]byte(src), "x.test.hcl")
		got := ""
		for _, d := range diags {
			if d.Severity == hcl.DiagError && d.Subject != nil {
				got += strings.TrimSpace(strings.Repeat(" ", 0)+itoa(d.Subject.Start.Line)+" "+d.Summary) + "; "
			}
		}
		if !strings.Contains("; "+got, "; "+want) {
			t.Errorf("%s\n gave %q, want %q", src, got, want)
		}
	}
}

func itoa(n int) string { return string(rune('0' + n)) }

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

func FuzzParse(f *testing.F) {
	f.Add("run \"a\" {\n  after = \"1d\"\n  reply {\n    to = x.y[\"z\"]\n    text = \"t\"\n  }\n}")
	f.Fuzz(func(t *testing.T, src string) {
		file, diags := parse([]byte(src), "x.test.hcl")
		if !diags.HasErrors() && len(file.Runs) == 0 {
			t.Errorf("no runs and no errors: %q", src)
		}
	})
}
