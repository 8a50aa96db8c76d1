package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// Diagnostic is one error or warning as machines read it; the shape is Terraform's.
type Diagnostic struct {
	Severity string `json:"severity"`
	Summary  string `json:"summary"`
	Detail   string `json:"detail,omitempty"`
	Range    *Range `json:"range,omitempty"`
	Snippet  string `json:"snippet,omitempty"`
}

// Range is a part of a file; lines and columns count from 1, bytes from 0.
type Range struct {
	Filename string   `json:"filename"`
	Start    Position `json:"start"`
	End      Position `json:"end"`
}

// Position is a place in a file.
type Position struct {
	Line   int `json:"line"`
	Column int `json:"column"`
	Byte   int `json:"byte"`
}

// Validation is what "validate -json" prints.
type Validation struct {
	FormatVersion string       `json:"format_version"`
	Valid         bool         `json:"valid"`
	ErrorCount    int          `json:"error_count"`
	WarningCount  int          `json:"warning_count"`
	Diagnostics   []Diagnostic `json:"diagnostics"`
}

// NewValidation makes the model of diags.
func NewValidation(diags hcl.Diagnostics, files map[string]*hcl.File) Validation {
	v := Validation{FormatVersion: "1.0", Valid: !diags.HasErrors(), Diagnostics: []Diagnostic{}}
	for _, d := range diags {
		m := newDiagnostic(d, files)
		if m.Severity == "error" {
			v.ErrorCount++
		} else {
			v.WarningCount++
		}
		v.Diagnostics = append(v.Diagnostics, m)
	}
	return v
}

func newDiagnostic(d *hcl.Diagnostic, files map[string]*hcl.File) Diagnostic {
	m := Diagnostic{Severity: "error", Summary: d.Summary, Detail: d.Detail}
	if d.Severity == hcl.DiagWarning {
		m.Severity = "warning"
	}
	if d.Subject == nil {
		return m
	}
	m.Range = &Range{Filename: d.Subject.Filename, Start: position(d.Subject.Start), End: position(d.Subject.End)}
	if f := files[d.Subject.Filename]; f != nil && d.Subject.CanSliceBytes(f.Bytes) {
		start := bytes.LastIndexByte(f.Bytes[:d.Subject.Start.Byte], '\n') + 1
		end := len(f.Bytes)
		if n := bytes.IndexByte(f.Bytes[d.Subject.End.Byte:], '\n'); n >= 0 {
			end = d.Subject.End.Byte + n
		}
		m.Snippet = strings.ToValidUTF8(string(f.Bytes[start:end]), "\uFFFD")
	}
	return m
}

func position(p hcl.Pos) Position { return Position{Line: p.Line, Column: p.Column, Byte: p.Byte} }

// Diagnostics prints diags for people, with the source lines that files holds.
func Diagnostics(w io.Writer, s Style, diags hcl.Diagnostics, files map[string]*hcl.File) {
	for _, d := range diags {
		var buf bytes.Buffer
		shown := *d
		if shown.Subject != nil && files[shown.Subject.Filename] == nil {
			// A file of people: its lines are not kept, so the place is named in one line.
			shown.Subject, shown.Context = nil, nil
		}
		writer := hcl.NewDiagnosticTextWriter(&buf, files, uint(s.width()), false)
		if err := writer.WriteDiagnostic(&shown); err != nil {
			fmt.Fprintf(&buf, "%s: %s\n\n%s\n", d.Summary, d.Detail, err)
		}
		text := buf.String()
		if shown.Subject == nil && d.Subject != nil {
			head, rest, _ := strings.Cut(text, "\n")
			text = fmt.Sprintf("%s\n\n  on %s line %d, column %d:%s", head, d.Subject.Filename, d.Subject.Start.Line, d.Subject.Start.Column, "\n"+rest)
		}
		io.WriteString(w, s.headline(EscapeLines(text), d.Severity))
	}
}

// headline paints the first word of a printed diagnostic.
func (s Style) headline(text string, severity hcl.DiagnosticSeverity) string {
	color := red
	if severity == hcl.DiagWarning {
		color = yellow
	}
	word, rest, found := strings.Cut(text, ":")
	if !found {
		return text
	}
	return s.paint(color, word+":") + rest
}

// EscapeLines escapes each line of text but keeps line breaks and tabs.
func EscapeLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		cells := strings.Split(strings.TrimSuffix(line, "\r"), "\t")
		for j, cell := range cells {
			cells[j] = Escape(cell)
		}
		lines[i] = strings.Join(cells, "\t")
	}
	return strings.Join(lines, "\n")
}

// Error prints one error for people.
func Error(w io.Writer, s Style, err error) {
	fmt.Fprintln(w, s.paint(red, "Error:")+" "+s.wrap(EscapeLines(err.Error())))
}

// ColorWanted reports whether a stream should be coloured: a terminal, and nobody said no.
func ColorWanted(terminal bool, noColor bool, getenv func(string) (string, bool)) bool {
	if v, set := getenv("NO_COLOR"); set && v != "" {
		return false
	}
	if term, _ := getenv("TERM"); term == "dumb" {
		return false
	}
	return terminal && !noColor
}

// Warning prints one warning for people.
func Warning(w io.Writer, s Style, text string) {
	fmt.Fprintln(w, s.paint(yellow, "Warning:")+" "+s.wrap(EscapeLines(text)))
}

// Failed is an error as the document that a command prints instead of its own.
func Failed(err error) Validation {
	return Validation{FormatVersion: "1.0", ErrorCount: 1, Diagnostics: []Diagnostic{{Severity: "error", Summary: err.Error()}}}
}

// Note prints a remark for people.
func Note(w io.Writer, s Style, text string) { fmt.Fprintln(w, s.wrap(EscapeLines(text))) }
