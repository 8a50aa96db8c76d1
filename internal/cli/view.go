package cli

import (
	"io"

	"github.com/hashicorp/hcl/v2"

	"herald/internal/report"
	"herald/spec"
)

// view shows what a command finds out while it works: text for people, or a stream for machines.
type view interface {
	diagnostics(hcl.Diagnostics, *spec.Campaign)
	plan(report.Plan)
	progress(report.Progress)
	stopped(report.LaneStop)
	summary(report.Summary)
	note(string)
	warn(string)
	failed(error)
	events() *report.Stream // where each send is told; nil where it is not
}

// newDocumentView shows what goes wrong in a command that prints one document.
func newDocumentView(e *env, asJSON bool) view {
	if asJSON {
		return &documentView{textView: newTextView(e)}
	}
	return newTextView(e)
}

func newView(e *env, asJSON bool) view {
	if asJSON {
		return &jsonView{stream: report.NewStream(e.out, Version, e.now)}
	}
	return newTextView(e)
}

// textView is for people: what was asked for goes to out, errors and warnings to err.
type textView struct {
	out, err           io.Writer
	outStyle, errStyle report.Style
	bars               *report.Bars // nil when out is no terminal
}

func newTextView(e *env) *textView {
	v := &textView{out: e.out, err: e.err, outStyle: e.style(e.out), errStyle: e.style(e.err)}
	if terminal, _ := terminalWidth(e.out); terminal {
		v.bars = report.NewBars(e.out, v.outStyle)
	}
	return v
}

func (v *textView) diagnostics(diags hcl.Diagnostics, c *spec.Campaign) {
	report.Diagnostics(v.err, v.errStyle, diags, filesOf(c))
}

func (v *textView) plan(p report.Plan) { p.Text(v.out, v.outStyle) }

func (v *textView) progress(p report.Progress) {
	if v.bars != nil {
		v.bars.Draw(p)
		return
	}
	p.Text(v.out)
}

func (v *textView) stopped(s report.LaneStop) {
	if v.bars != nil {
		v.bars.Clear()
	}
	s.Text(v.err, v.errStyle)
}

func (v *textView) summary(s report.Summary) {
	if v.bars != nil {
		v.bars.Clear()
	}
	s.Text(v.out, v.outStyle)
}

func (v *textView) note(text string) {
	if v.bars != nil {
		v.bars.Clear()
	}
	report.Note(v.out, v.outStyle, text)
}

func (v *textView) warn(text string) {
	if v.bars != nil {
		v.bars.Clear()
	}
	report.Warning(v.err, v.errStyle, text)
}

func (v *textView) failed(err error) { report.Error(v.err, v.errStyle, err) }

func (v *textView) events() *report.Stream { return nil }

// jsonView is for machines: one object a line.
type jsonView struct{ stream *report.Stream }

func (v *jsonView) diagnostics(diags hcl.Diagnostics, c *spec.Campaign) {
	v.stream.Diagnostics(diags, filesOf(c))
}
func (v *jsonView) plan(p report.Plan)         { v.stream.Plan(p) }
func (v *jsonView) progress(p report.Progress) { v.stream.Progress(p) }
func (v *jsonView) stopped(s report.LaneStop)  { v.stream.LaneStop(s) }
func (v *jsonView) summary(s report.Summary)   { v.stream.Summary(s) }
func (v *jsonView) note(text string)           { v.stream.Line("info", "log", text, nil) }
func (v *jsonView) warn(text string)           { v.stream.Warning(text) }
func (v *jsonView) failed(err error)           { v.stream.Error(err) }
func (v *jsonView) events() *report.Stream     { return v.stream }

// documentView is for commands whose output is one JSON document: an error is one, too. Warnings go to err as text, so
// that the document stays alone.
type documentView struct{ *textView }

func (v *documentView) diagnostics(diags hcl.Diagnostics, c *spec.Campaign) {
	if !diags.HasErrors() {
		v.textView.diagnostics(diags, c)
		return
	}
	report.Document(v.out, report.NewValidation(diags, filesOf(c)))
}

func (v *documentView) failed(err error) {
	if report.Document(v.out, report.Failed(err)) != nil { // a full disk, say, which is what failed perhaps
		v.textView.failed(err)
	}
}

func filesOf(c *spec.Campaign) map[string]*hcl.File {
	if c == nil {
		return nil
	}
	return c.Files()
}
