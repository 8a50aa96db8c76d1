package cli

import (
	"context"
	"fmt"
	"io"
	"os"

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
	f, err := os.OpenFile(e.path(into), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) // it names people
	if err != nil {
		return v, nil, fmt.Errorf("-json-into: %w", err)
	}
	t := &teeView{people: v, machines: &jsonView{stream: report.NewStream(f, Version, e.now)}, file: f}
	return t, t.close, nil
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

// withView runs a command with its view, and shows its error there.
func withView(ctx context.Context, e *env, asJSON bool, into string, run func(context.Context, view) error) error {
	v, closing, err := newTeeView(e, asJSON, into)
	if err != nil {
		return shown(v, err)
	}
	err = shown(v, run(ctx, v))
	if e := closing(); e != nil && err == nil {
		err = e
	}
	return err
}
