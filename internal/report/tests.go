package report

import (
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"
)

// TestStatus says how a run of a test went.
type TestStatus string

// The statuses, in Terraform's words.
const (
	TestPassed  TestStatus = "pass"
	TestFailed  TestStatus = "fail"  // an assertion does not hold, or it ended otherwise than expected
	TestError   TestStatus = "error" // it could not be carried out or checked
	TestSkipped TestStatus = "skip"
)

// TestRun is one run of a test file.
type TestRun struct {
	Name        string       `json:"run"`
	Status      TestStatus   `json:"status"`
	At          time.Time    `json:"at,omitzero"` // the clock
	Seconds     float64      `json:"seconds"`
	Diagnostics []Diagnostic `json:"diagnostics,omitempty"`
	Plan        *Plan        `json:"-"` // shown when asked for
	wrong       hcl.Diagnostics
	files       map[string]*hcl.File
	whole       bool // it is no run of the file, but stands for all of it
}

// Fail says that something is not as the file expects.
func (r *TestRun) Fail(d *hcl.Diagnostic, files map[string]*hcl.File) {
	r.add(hcl.Diagnostics{d}, files)
	if r.Status == TestPassed {
		r.Status = TestFailed
	}
}

// Break says that the run could not be carried out or checked.
func (r *TestRun) Break(diags hcl.Diagnostics, files map[string]*hcl.File) {
	r.add(diags, files)
	r.Status = TestError
}

func (r *TestRun) add(diags hcl.Diagnostics, files map[string]*hcl.File) {
	r.wrong, r.files = append(r.wrong, diags...), files
	for _, d := range diags {
		r.Diagnostics = append(r.Diagnostics, newDiagnostic(d, files))
	}
}

// TestFile is what came of one file.
type TestFile struct {
	Name   string     `json:"path"`
	Status TestStatus `json:"status"`
	Runs   []TestRun  `json:"runs"`
}

// Tests shows what tests come to while they run, as text or as a stream.
type Tests struct {
	w      io.Writer
	style  Style
	stream *Stream // nil for text
	files  []TestFile
}

// NewTests shows tests to people.
func NewTests(w io.Writer, s Style) *Tests { return &Tests{w: w, style: s} }

// NewTestStream shows tests to machines.
func NewTestStream(s *Stream) *Tests { return &Tests{stream: s} }

// Diagnostics shows what is wrong with the files before any of them is run.
func (t *Tests) Diagnostics(w io.Writer, s Style, diags hcl.Diagnostics, files map[string]*hcl.File) {
	if t.stream != nil {
		t.stream.Diagnostics(diags, files)
		return
	}
	Diagnostics(w, s, diags, files)
}

// Failed shows an error that is no test's.
func (t *Tests) Failed(err error) { t.stream.Error(err) }

// Begin begins a file.
func (t *Tests) Begin(name string) {
	t.files = append(t.files, TestFile{Name: name, Status: TestPassed, Runs: []TestRun{}})
	if t.stream != nil {
		t.stream.Line("info", "test_file", name+"... in progress", map[string]any{"test_file": map[string]any{"path": name, "progress": "starting"}})
		return
	}
	fmt.Fprintf(t.w, "%s... in progress\n", Escape(name))
}

// Run shows one run of the file at hand.
func (t *Tests) Run(r TestRun) {
	f := &t.files[len(t.files)-1]
	f.Runs = append(f.Runs, r)
	if r.Status == TestError || r.Status == TestFailed && f.Status == TestPassed {
		f.Status = r.Status
	}
	if t.stream != nil {
		level := "info"
		if r.Status == TestFailed || r.Status == TestError {
			level = "error"
		}
		one := map[string]any{"path": f.Name, "run": r.Name, "status": r.Status, "seconds": r.Seconds}
		if !r.At.IsZero() {
			one["at"] = r.At
		}
		t.stream.Line(level, "test_run", fmt.Sprintf("  %q... %s", r.Name, r.Status), map[string]any{"test_run": one})
		t.stream.Diagnostics(r.wrong, r.files)
		return
	}
	name := fmt.Sprintf("run %q", r.Name)
	if r.whole {
		name = r.Name
	}
	fmt.Fprintf(t.w, "  %s... %s\n", name, t.word(r.Status))
	if r.Plan != nil {
		r.Plan.Text(t.w, t.style)
	}
	Diagnostics(t.w, t.style, r.wrong, r.files)
}

// Broken shows that no run of the file at hand could be begun, since what it tests, say the campaign, is wrong.
func (t *Tests) Broken(what string, diags hcl.Diagnostics, files map[string]*hcl.File) {
	r := TestRun{Name: what, whole: true}
	r.Break(diags, files)
	t.Run(r)
}

// End ends the file at hand.
func (t *Tests) End() {
	f := &t.files[len(t.files)-1]
	if f.Status == TestPassed && slices.ContainsFunc(f.Runs, func(r TestRun) bool { return r.Status == TestSkipped }) {
		f.Status = TestSkipped // somebody interrupted: nobody knows whether it passes
	}
	if t.stream != nil {
		t.stream.Line("info", "test_file", f.Name+"... "+string(f.Status), map[string]any{"test_file": map[string]any{"path": f.Name, "progress": "complete", "status": f.Status}})
		return
	}
	fmt.Fprintf(t.w, "%s... %s\n", Escape(f.Name), t.word(f.Status))
}

func (t *Tests) word(s TestStatus) string {
	color := green
	switch s {
	case TestFailed, TestError:
		color = red
	case TestSkipped:
		color = dim
	}
	return t.style.paint(color, string(s))
}

// counts counts runs by their status.
func (t *Tests) counts() map[TestStatus]int {
	n := map[TestStatus]int{}
	for _, f := range t.files {
		for _, r := range f.Runs {
			n[r.Status]++
		}
	}
	return n
}

// Bad reports whether anything failed.
func (t *Tests) Bad() bool {
	n := t.counts()
	return n[TestFailed]+n[TestError] > 0
}

// Summary shows the last line.
func (t *Tests) Summary() {
	n := t.counts()
	word, status, color := "Success!", TestPassed, green
	switch {
	case t.Bad():
		word, status, color = "Failure!", TestFailed, red
	case n[TestSkipped] > 0:
		word, status, color = "Interrupted.", TestSkipped, red
	}
	line := fmt.Sprintf("%s %d passed, %d failed", word, n[TestPassed], n[TestFailed]+n[TestError])
	if n[TestSkipped] > 0 {
		line += fmt.Sprintf(", %d skipped", n[TestSkipped])
	}
	if t.stream != nil {
		t.stream.Line("info", "test_summary", line+".", map[string]any{"test_summary": map[string]any{
			"status": status, "passed": n[TestPassed], "failed": n[TestFailed], "errored": n[TestError], "skipped": n[TestSkipped],
		}})
		return
	}
	fmt.Fprintf(t.w, "\n%s\n", t.style.paint(color, line+"."))
}
