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
	"herald/internal/calendar"
	"herald/spec"
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

// The shapes of a file, for decoding.
type (
	fileShape struct {
		Start     hcl.Expression  `hcl:"start,optional"`
		Variables *variablesShape `hcl:"variables,block"`
		Runs      []runShape      `hcl:"run,block"`
	}
	variablesShape struct {
		Values hcl.Body `hcl:",remain"`
	}
	runShape struct {
		Name     string         `hcl:"name,label"`
		At       hcl.Expression `hcl:"at,optional"`
		After    hcl.Expression `hcl:"after,optional"`
		Command  hcl.Expression `hcl:"command,optional"`
		ExitCode *int           `hcl:"exit_code,optional"`
		Replies  []toShape      `hcl:"reply,block"`
		Reads    []toShape      `hcl:"read,block"`
		Failures []toShape      `hcl:"failure,block"`
		Faults   []faultShape   `hcl:"fault,block"`
		Asserts  []assertShape  `hcl:"assert,block"`
		Body     hcl.Body       `hcl:",body"`
		At0      hcl.Range      `hcl:",def_range"`
	}
	toShape struct {
		To     hcl.Expression `hcl:"to"`
		Text   *string        `hcl:"text,optional"`
		Reason *string        `hcl:"reason,optional"`
		Range  hcl.Range      `hcl:",def_range"`
	}
	faultShape struct {
		Provider string    `hcl:"provider,label"`
		Kind     string    `hcl:"kind"`
		Count    *int      `hcl:"count,optional"`
		Range    hcl.Range `hcl:",def_range"`
	}
	assertShape struct {
		Condition hcl.Expression `hcl:"condition"`
		Message   hcl.Expression `hcl:"error_message"`
		Range     hcl.Range      `hcl:",def_range"`
	}
)

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
	f := &File{Name: name, Source: source, Variables: map[string]hcl.Expression{}}
	if diags.HasErrors() {
		return f, diags
	}
	var in fileShape
	if diags = gohcl.DecodeBody(source.Body, nil, &in); diags.HasErrors() {
		return f, diags
	}
	r := reader{diags: &diags}
	f.Start = r.instant(in.Start, "start", time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC))
	if in.Variables != nil {
		values, more := in.Variables.Values.JustAttributes()
		diags = append(diags, more...)
		for name, a := range values {
			f.Variables[name] = a.Expr
		}
	}
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
type reader struct{ diags *hcl.Diagnostics }

func (r reader) problem(at hcl.Range, summary, format string, args ...any) {
	*r.diags = append(*r.diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: fmt.Sprintf(format, args...), Subject: at.Ptr()})
}

// run reads one run that begins no earlier than the clock of the one before it.
func (r reader) run(in runShape, clock time.Time) *Run {
	out := &Run{Name: in.Name, DeclRange: in.At0, At: clock}
	if in.ExitCode != nil {
		out.ExitCode = *in.ExitCode
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
		switch word := hcl.ExprAsKeyword(in.Command); word {
		case "plan":
			out.PlanOnly = true
		case "apply":
		default:
			r.problem(in.Command.Range(), "Unknown command", "command is plan or apply, without quotes.")
		}
	}
	for _, x := range in.Replies {
		reply := Reply{Happening: r.happening(x)}
		if x.Text == nil {
			r.problem(x.Range, "Reply without text", "Say what is answered: text = \"...\".")
		} else {
			reply.Text = *x.Text
		}
		r.unwanted(x.Reason, x.Range, "reason", "reply")
		out.Replies = append(out.Replies, reply)
	}
	for _, x := range in.Reads {
		r.unwanted(x.Text, x.Range, "text", "read")
		r.unwanted(x.Reason, x.Range, "reason", "read")
		out.Reads = append(out.Reads, r.happening(x))
	}
	for _, x := range in.Failures {
		failure := Failure{Happening: r.happening(x), Reason: "not delivered"}
		if x.Reason != nil {
			failure.Reason = *x.Reason
		}
		r.unwanted(x.Text, x.Range, "text", "failure")
		out.Failures = append(out.Failures, failure)
	}
	for _, x := range in.Faults {
		fault := Fault{Provider: x.Provider, Kind: x.Kind, Count: 1, Range: x.Range}
		if x.Count != nil {
			fault.Count = *x.Count
		}
		if fault.Count < 1 {
			r.problem(x.Range, "Invalid count", "count is how many requests go wrong, 1 or more.")
		}
		if !slices.Contains(FaultKinds, x.Kind) {
			r.problem(x.Range, "Unknown kind of fault", "kind is one of %s.%s", strings.Join(FaultKinds, ", "), meant(x.Kind, FaultKinds))
		}
		out.Faults = append(out.Faults, fault)
	}
	for _, x := range in.Asserts {
		r.needed(x.Condition, x.Range, "condition")
		r.needed(x.Message, x.Range, "error_message")
		out.Asserts = append(out.Asserts, Assert(x))
	}
	return out
}

func (r reader) unwanted(value *string, at hcl.Range, attribute, block string) {
	if value != nil {
		r.problem(at, "Unsupported argument", "A %s block has no %s.", block, attribute)
	}
}

// needed reports whether an argument is there that must be: the decoder lets expressions be absent.
func (r reader) needed(e hcl.Expression, at hcl.Range, name string) bool {
	if !given(e) {
		r.problem(at, "Missing required argument", "The argument %q is required, but no definition was found.", name)
	}
	return given(e)
}

// happening reads the send that something happens to.
func (r reader) happening(in toShape) Happening {
	out := Happening{Range: in.Range}
	if !r.needed(in.To, in.Range, "to") {
		return out
	}
	out.Range = in.To.Range()
	text := ""
	if t, diags := hcl.AbsTraversalForExpr(in.To); !diags.HasErrors() {
		text = hclTraversal(t)
	}
	target, err := addr.Parse(text)
	send, one := target.Send()
	if err != nil || !one {
		r.problem(in.To.Range(), "No address of a send", "to names one message to one person, as in renewal.offer[\"ada\"].")
		return out
	}
	out.To = send
	return out
}

// instant reads a constant instant.
func (r reader) instant(e hcl.Expression, name string, without time.Time) time.Time {
	if !given(e) {
		return without
	}
	v, diags := e.Value(nil)
	*r.diags = append(*r.diags, diags...)
	if diags.HasErrors() {
		return without
	}
	if v.IsNull() || v.Type().FriendlyName() != "string" {
		r.problem(e.Range(), "Invalid instant", "%s is an instant as a string, as in \"2026-12-01T09:00:00Z\".", name)
		return without
	}
	i, err := calendar.ParseInstant(v.AsString())
	if err != nil {
		r.problem(e.Range(), "Invalid instant", "%s: %s", name, err)
		return without
	}
	return i.In(time.UTC)
}

// duration reads a constant duration above zero.
func (r reader) duration(e hcl.Expression) time.Duration {
	v, diags := e.Value(nil)
	*r.diags = append(*r.diags, diags...)
	if diags.HasErrors() {
		return 0
	}
	if v.IsNull() || v.Type().FriendlyName() != "string" {
		r.problem(e.Range(), "Invalid duration", "after is a duration as a string, as in \"2d\" or \"90m\".")
		return 0
	}
	d, err := spec.ParseDuration(v.AsString())
	if err != nil || d <= 0 {
		r.problem(e.Range(), "Invalid duration", "after is a duration above zero, as in \"2d\" or \"90m\".")
		return 0
	}
	return d
}

// given reports whether an optional attribute is there: for one that is not, the decoder makes an expression of its own.
func given(e hcl.Expression) bool {
	_, written := e.(hclsyntax.Expression)
	return written
}

// meant gives ` Did you mean ...?` where one name is close.
func meant(name string, known []string) string {
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

// hclTraversal writes a traversal as an address is written.
func hclTraversal(t hcl.Traversal) string {
	var b strings.Builder
	for _, step := range t {
		switch s := step.(type) {
		case hcl.TraverseRoot:
			b.WriteString(s.Name)
		case hcl.TraverseAttr:
			b.WriteString("." + s.Name)
		case hcl.TraverseIndex:
			if s.Key.Type().FriendlyName() != "string" {
				return ""
			}
			b.WriteString("[" + addr.Quote(s.Key.AsString()) + "]")
		}
	}
	return b.String()
}
