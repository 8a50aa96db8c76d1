package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	cli "github.com/urfave/cli/v3"

	"github.com/hashicorp/hcl/v2"

	"herald/internal/report"
	"herald/spec"
)

func jsonIntoFlag(to *string) cli.Flag {
	return &cli.StringFlag{Name: "json-into", Usage: "write the JSON of -json into `FILE` too, beside what people read", Destination: to}
}

// teeView shows to people what it writes for machines, too.
type teeView struct {
	people   view
	machines *jsonView
	file     io.Closer
}

// newTeeView makes the view of a command that has -json and -json-into. It must be closed.
func newTeeView(e *env, asJSON bool, into string) (view, func() error, error) {
	v := newView(e, asJSON)
	if into == "" {
		return v, func() error { return nil }, nil
	}
	if asJSON {
		return v, nil, fmt.Errorf("-json and -json-into would print the same twice; give one")
	}
	f, err := createStream(e.path(into))
	if err != nil {
		return v, nil, fmt.Errorf("-json-into: %w", err)
	}
	t := &teeView{people: v, machines: &jsonView{stream: report.NewStream(f, Version, e.now)}, file: f}
	return t, t.close, nil
}

// createStream makes or empties a file for a stream, which is written as it comes. Only its owner reads it, since it names
// people. What is there and is no stream is not touched: it may be the ledger, or the plan that is applied.
func createStream(path string) (*os.File, error) {
	info, err := os.Stat(path)
	switch {
	case err == nil && !info.Mode().IsRegular(): // a pipe or a device; a directory is refused by the system
		return os.OpenFile(path, os.O_WRONLY, 0)
	case err == nil:
		if err := ours(path, report.Escape(path), streamBegins); err != nil {
			return nil, err
		}
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	if err := f.Chmod(0o600); err != nil { // it may have been there, open to all
		f.Close()
		return nil, err
	}
	return f, nil
}

// close ends the file. A file that lacks what was written last must not pass for whole.
func (v *teeView) close() error {
	err := v.file.Close()
	if e := v.machines.stream.Err(); e != nil {
		err = e
	}
	if err != nil {
		return fmt.Errorf("-json-into: the file is not whole: %w", err)
	}
	return nil
}

func (v *teeView) diagnostics(diags hcl.Diagnostics, c *spec.Campaign) {
	v.people.diagnostics(diags, c)
	v.machines.diagnostics(diags, c)
}
func (v *teeView) plan(p report.Plan)         { v.people.plan(p); v.machines.plan(p) }
func (v *teeView) progress(p report.Progress) { v.people.progress(p); v.machines.progress(p) }
func (v *teeView) stopped(s report.LaneStop)  { v.people.stopped(s); v.machines.stopped(s) }
func (v *teeView) summary(s report.Summary)   { v.people.summary(s); v.machines.summary(s) }
func (v *teeView) note(text string)           { v.people.note(text); v.machines.note(text) }
func (v *teeView) warn(text string)           { v.people.warn(text); v.machines.warn(text) }
func (v *teeView) failed(err error)           { v.people.failed(err); v.machines.failed(err) }
func (v *teeView) events() *report.Stream     { return v.machines.stream }

// withView runs a command with its view, and shows its error there. A stream that lacks something must not pass for whole,
// whatever else happened.
func withView(ctx context.Context, e *env, asJSON bool, into string, run func(context.Context, view) error) error {
	v, closing, err := newTeeView(e, asJSON, into)
	if err != nil {
		return shown(v, err)
	}
	err = shown(v, run(ctx, v))
	if lost := errors.Join(written(v), closing()); lost != nil {
		newTextView(e).failed(lost)
		if err == nil {
			err = errShown
		}
	}
	return err
}

// written gives why a stream on the standard output lacks something. A reader that went away wants no more, and is no reason.
func written(v view) error {
	machines, is := v.(*jsonView)
	if !is {
		return nil
	}
	if err := machines.stream.Err(); err != nil && !errors.Is(err, syscall.EPIPE) {
		return fmt.Errorf("-json: not everything could be written: %w", err)
	}
	return nil
}
