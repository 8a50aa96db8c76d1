package testfile

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/agext/levenshtein"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/gohcl"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"herald/internal/addr"
)

// Find lists the test files of a directory, sorted.
func Find(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() && strings.HasSuffix(e.Name(), Suffix) && !strings.HasPrefix(e.Name(), ".") {
			names = append(names, filepath.Join(dir, e.Name()))
		}
	}
	return names, nil
}

// Read reads one file. The diagnostics hold all that is wrong with it; with errors the file is nil, but for its Source.
func Read(path, name string) (*File, hcl.Diagnostics) {
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Unreadable file", Detail: err.Error()}}
	}
	return parse(src, name)
}

func parse(src []byte, name string) (*File, hcl.Diagnostics) {
	source, diags := hclparse.NewParser().ParseHCL(src, name)
	f := &File{Name: name, Source: source}
	if diags.HasErrors() {
		return f, diags
	}
	var in fileShape
	if diags = gohcl.DecodeBody(source.Body, nil, &in); diags.HasErrors() {
		return f, diags
	}
	r := reader{diags: &diags, src: src}
	f.Start = r.instant(in.Start, "start", time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC))
	f.Variables = r.variables(in.Variables)
	if len(in.Runs) == 0 {
		r.problem(source.Body.MissingItemRange(), "Test without runs", "A test file says what happens, run by run. Give it a run block.")
	}
	seen := map[string]hcl.Range{}
	clock := f.Start
	for _, one := range in.Runs {
		if at, twice := seen[one.Name]; twice {
			r.problem(one.At0, "Duplicate run", "The run %s was declared already, at %s.", addr.Quote(one.Name), at)
		}
		seen[one.Name] = one.At0
		if !hclsyntax.ValidIdentifier(one.Name) {
			r.problem(one.At0, "Invalid name", "The name of a run is made of letters, digits, - and _, and begins with a letter.")
		}
		run := r.run(one, clock)
		clock = run.At
		f.Runs = append(f.Runs, run)
	}
	return f, diags
}

// reader gathers what is wrong.
type reader struct {
	diags *hcl.Diagnostics
	src   []byte
}

func (r reader) problem(at hcl.Range, summary, format string, args ...any) {
	*r.diags = append(*r.diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: fmt.Sprintf(format, args...), Subject: at.Ptr()})
}

// run reads one run that begins no earlier than the clock of the one before it.
func (r reader) run(in runShape, clock time.Time) *Run {
	out := &Run{Name: in.Name, DeclRange: in.At0, At: clock, Command: Apply, Variables: r.variables(in.Variables)}
	if in.ExitCode != nil {
		if out.ExitCode = *in.ExitCode; !slices.Contains([]int{0, 3, 4}, out.ExitCode) {
			r.problem(in.At0, "Invalid exit code", "exit_code is 0, 3 (something is refused, failed or in doubt) or 4 (a policy forbids it), and not %d: a run that cannot be carried out is an error of the test.", out.ExitCode)
		}
	}
	switch after, at := given(in.After), given(in.At); {
	case after && at:
		r.problem(in.After.Range(), "Two clocks", "A run has at, an instant, or after, the time since the run before it; not both.")
	case after:
		out.At = clock.Add(r.duration(in.After))
	case at:
		if out.At = r.instant(in.At, "at", clock); out.At.Before(clock) {
			r.problem(in.At.Range(), "Clock going backwards", "The run before this one is at %s: time only goes on.", clock.Format(time.RFC3339))
		}
	}
	if given(in.Command) {
		word := hcl.ExprAsKeyword(in.Command)
		out.Command = Command(word)
		if !slices.Contains(Commands, word) {
			r.problem(in.Command.Range(), "Unknown command", "command is one of %s, without quotes.%s", strings.Join(Commands, ", "), meant(word, Commands))
		}
	}
	r.happenings(in, out)
	r.faults(in, out)
	r.asserts(in, out)
	return out
}

// meant gives ` Did you mean ...?` where one name is close. Of short ones, such as keys of people, each is close to all.
func meant(name string, known []string) string {
	if len(name) < 3 {
		return ""
	}
	best, nearest := "", 3
	for _, k := range known {
		if d := levenshtein.Distance(name, k, nil); d < nearest && d < len(name) {
			best, nearest = k, d
		}
	}
	if best == "" {
		return ""
	}
	return " Did you mean " + addr.Quote(best) + "?"
}
