package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/hashicorp/hcl/v2"

	"herald/internal/addr"
	"herald/internal/report"
	"herald/internal/testfile"
	"herald/planner"
	"herald/providers/sandbox"
	"herald/spec"
	"herald/state"
)

// trialRun is one test file while it runs.
type trialRun struct {
	o       testOptions
	file    *testfile.File
	dir     string // for the ledger
	out     *report.Tests
	env     *env
	session *session
	faults  *scriptedFaults
	now     time.Time
	texts   map[addr.Send]string // what was sent, as people read it
	view    *trialView
}

// clockAt sets the clock, which then stands still.
func (t *trialRun) clockAt(now time.Time) {
	t.now = now
	t.env.still = true
	t.env.now = func() time.Time { return t.now }
}

// open loads the campaign and starts a sandbox for it. False says that it cannot be tested; that was said.
func (t *trialRun) open() (bool, error) {
	t.env.in, t.env.out, t.env.err = nil, io.Discard, io.Discard
	t.view = &trialView{}
	options := t.o.campaignOptions
	for name, e := range t.file.Variables {
		v, diags := e.Value(nil)
		if diags.HasErrors() {
			t.out.Broken("variables", diags, map[string]*hcl.File{t.file.Name: t.file.Source})
			return false, nil
		}
		text := string(e.Range().SliceBytes(t.file.Source.Bytes))
		if !v.IsNull() && v.Type().FriendlyName() == "string" {
			text = v.AsString()
		}
		options.vars = append(options.vars, spec.VarFlag{Name: name, Value: text})
	}
	s, err := openRehearsal(t.env, options, t.view, rehearsal{
		box:    sandbox.Options{NoLimits: true, Fault: t.faults.next, Now: t.env.now},
		ledger: filepath.Join(t.dir, "sandbox.state"),
	})
	if errors.Is(err, errShown) {
		t.out.Broken("campaign", t.view.diags, t.view.files)
		return false, nil
	}
	if err != nil {
		return false, err
	}
	t.session, t.texts = s, map[addr.Send]string{}
	return true, nil
}

// run carries out one run of the file and checks what it says about it. Its error is one that no test can be blamed for.
func (t *trialRun) run(ctx context.Context, run *testfile.Run) (report.TestRun, error) {
	began := time.Now()
	out := report.TestRun{Name: run.Name, Status: report.TestPassed, At: run.At}
	defer func() { out.Seconds = time.Since(began).Seconds() }()
	t.clockAt(run.At)
	files := map[string]*hcl.File{t.file.Name: t.file.Source}
	for name, f := range t.session.campaign.Files() {
		files[name] = f
	}
	diags, err := t.happen(ctx, run)
	if err != nil {
		return out, err
	}
	if diags.HasErrors() {
		out.Break(diags, files)
		return out, nil
	}
	t.faults.set(run.Faults)
	t.view.reset()
	done, runErr := t.carryOut(ctx, run)
	t.faults.set(nil)
	if ctx.Err() != nil {
		out.Status = report.TestSkipped
		return out, nil
	}
	code := exitCode(runErr)
	if t.o.verbose && t.view.shown != nil {
		out.Plan = t.view.shown
	}
	if code == 1 || code != run.ExitCode {
		t.unexpected(&out, run, code, runErr, files)
		if code == 1 {
			return out, nil
		}
	}
	facts, err := t.facts(ctx, done, code)
	if err != nil {
		return out, err
	}
	for _, a := range run.Asserts {
		holds, message, diags := a.Check(facts)
		switch {
		case diags.HasErrors():
			out.Break(diags, files)
		case !holds:
			out.Fail(&hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Test assertion failed", Detail: message, Subject: a.Condition.Range().Ptr()}, files)
		}
	}
	return out, nil
}

// carryOut plans or applies, as the run says.
func (t *trialRun) carryOut(ctx context.Context, run *testfile.Run) (round, error) {
	a := applying{session: t.session, out: &runView{view: t.view, now: t.env.now}, drain: ctx.Done()}
	a.o = applyOptions{campaignOptions: t.o.campaignOptions, planOptions: planOptions{limit: -1, samples: math.MaxInt}, autoApprove: true, planOnly: run.PlanOnly}
	r, err := a.round(ctx, ctx, true)
	if err != nil {
		return r, err
	}
	for _, g := range r.plan.Groups {
		for _, sample := range g.Samples {
			if g.Action.Sends() && !run.PlanOnly {
				t.texts[sample.Send] = sample.Text
			}
		}
	}
	return r, r.err()
}

// unexpected says that a run ended otherwise than the file expects.
func (t *trialRun) unexpected(out *report.TestRun, run *testfile.Run, code int, err error, files map[string]*hcl.File) {
	detail := fmt.Sprintf("It ended with exit code %d, and exit_code says %d.", code, run.ExitCode)
	if err != nil && !isSilent(err) && !errors.Is(err, errShown) {
		detail += " " + sentenceOf(err.Error())
	}
	for _, f := range t.view.forbidden {
		detail += " " + f.Summary + ": " + f.Detail
	}
	out.Fail(&hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Unexpected end of a run", Detail: detail, Subject: run.DeclRange.Ptr()}, files)
	if t.view.diags.HasErrors() {
		out.Break(t.view.diags, files)
	}
	if code == 1 {
		out.Status = report.TestError
	}
}

// records reads the ledger, by send.
func (t *trialRun) records(ctx context.Context) (map[addr.Send]state.Record, error) {
	all := map[addr.Send]state.Record{}
	if _, err := os.Stat(t.session.ledger); err != nil {
		return all, nil
	}
	for r, err := range state.Records(ctx, t.session.ledger) {
		if err != nil {
			return nil, err
		}
		all[r.Send] = r
	}
	return all, nil
}

// trialView keeps what a run shows.
type trialView struct {
	diags     hcl.Diagnostics
	files     map[string]*hcl.File
	shown     *report.Plan
	ended     report.Summary
	forbidden []report.Reason
	warnings  []string
}

func (v *trialView) reset() { *v = trialView{} }

func (v *trialView) diagnostics(diags hcl.Diagnostics, c *spec.Campaign) {
	v.diags, v.files = append(v.diags, diags...), filesOf(c)
}
func (v *trialView) plan(p report.Plan)       { v.shown, v.forbidden = &p, p.Forbidden }
func (v *trialView) progress(report.Progress) {}
func (v *trialView) stopped(report.LaneStop)  {}
func (v *trialView) summary(s report.Summary) { v.ended = s }
func (v *trialView) note(string)              {}
func (v *trialView) warn(text string)         { v.warnings = append(v.warnings, text) }
func (v *trialView) failed(error)             {}
func (v *trialView) events() *report.Stream   { return nil }

var _ view = (*trialView)(nil)

// final plans once more after a run, so that tests can say what becomes of everybody who was not written to.
func (t *trialRun) final(ctx context.Context) (map[addr.Send]planner.Step, *planner.Plan, error) {
	known, err := t.session.readLedger(ctx)
	if err != nil {
		return nil, nil, err
	}
	steps := map[addr.Send]planner.Step{}
	p, _, err := t.session.make(ctx, planOptions{limit: -1}, known, nil, newLearned(), func(s *planner.Step) error {
		one := *s
		one.Request.Body = nil
		steps[s.Send] = one
		return nil
	})
	return steps, p, err
}
