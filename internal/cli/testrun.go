package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"herald/internal/addr"
	"herald/internal/report"
	"herald/internal/testfile"
	"herald/planner"
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
	changed bool                 // the campaign is loaded with variables of one run
	view    *trialView
}

// clockAt sets the clock, which then stands still.
func (t *trialRun) clockAt(now time.Time) {
	t.now = now
	t.env.still = true
	t.env.now = func() time.Time { return t.now }
}

// run carries out one run of the file and checks what it says about it. Its error is one that no test can be blamed for.
func (t *trialRun) run(ctx context.Context, run *testfile.Run) (out report.TestRun, err error) {
	began := time.Now()
	out = report.TestRun{Name: run.Name, Status: report.TestPassed, At: run.At}
	defer func() { out.Seconds = time.Since(began).Seconds() }()
	t.clockAt(run.At)
	t.view.reset()
	if diags := t.reload(run.Variables); diags.HasErrors() {
		out.Break(diags, t.files())
		return out, nil
	}
	files := t.files()
	diags, err := t.happen(ctx, run)
	if err != nil {
		return out, err
	}
	if diags.HasErrors() {
		out.Break(diags, files)
		return out, nil
	}
	t.faults.set(run.Faults)
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
		t.unexpected(&out, run, done, code, runErr, files)
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

// carryOut does what the run's command says.
func (t *trialRun) carryOut(ctx context.Context, run *testfile.Run) (round, error) {
	if run.Command == testfile.Refresh {
		return t.refresh(ctx)
	}
	planOnly := run.Command == testfile.Plan
	a := applying{session: t.session, out: &runView{view: t.view, now: t.env.now}, drain: ctx.Done()}
	a.o = applyOptions{campaignOptions: t.o.campaignOptions, planOptions: planOptions{limit: -1, samples: math.MaxInt}, autoApprove: true, planOnly: planOnly}
	r, err := a.round(ctx, ctx, true)
	if err != nil {
		return r, err
	}
	for _, g := range r.plan.Groups {
		for _, sample := range g.Samples {
			if g.Action.Sends() && !planOnly {
				t.texts[sample.Send] = sample.Text
			}
		}
	}
	return r, r.err()
}

// refresh reads what became of everything that was sent, and what vendors called with.
func (t *trialRun) refresh(ctx context.Context) (r round, err error) {
	s := t.session
	lock, err := acquire(ctx, s.env, s.ledger, 0)
	if err != nil {
		return r, err
	}
	defer lock.Release()
	known, err := lock.Read(ctx)
	if err != nil {
		return r, err
	}
	if _, known, err = s.takeIn(ctx, known, nil, nil, lock); err != nil {
		return r, err
	}
	if _, known, err = s.record(ctx, ctx, known, lock, true); err != nil || !known.Exists {
		return r, err
	}
	learned := newLearned()
	if err := s.read(ctx, known, &learned, func(state.Delivery) bool { return true }, lock); err != nil {
		return r, err
	}
	if known, err = lock.Read(ctx); err != nil {
		return r, err
	}
	p, err := s.plan(ctx, planOptions{limit: -1}, known, nil, learned, t.view, func(*planner.Step) error { return nil })
	if err != nil {
		return r, err
	}
	r.unwell = p.Counts[planner.Refused]+p.Counts[planner.Failed]+p.Counts[planner.InDoubt]+len(learned.unread) > 0
	return r, r.err()
}

// unexpected says that a run ended otherwise than the file expects.
func (t *trialRun) unexpected(out *report.TestRun, run *testfile.Run, done round, code int, err error, files map[string]*hcl.File) {
	detail := fmt.Sprintf("It ended with exit code %d, and exit_code says %d.", code, run.ExitCode)
	if err != nil && !isSilent(err) && !errors.Is(err, errShown) {
		detail += " " + sentenceOf(err.Error())
	}
	for _, f := range t.view.forbidden {
		detail += " " + f.Summary + ": " + f.Detail
	}
	if code == exitCode(errIncomplete) {
		detail += t.unwell(done)
	}
	out.Fail(&hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Unexpected end of a run", Detail: detail, Subject: run.DeclRange.Ptr()}, files)
	if t.view.diags.HasErrors() {
		out.Break(t.view.diags, files)
	}
	if code == 1 {
		out.Status = report.TestError
	}
}

// unwell says why a run is not as it should be.
func (t *trialRun) unwell(done round) (why string) {
	var counts []string
	add := func(n int, what string) {
		if n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n, what))
		}
	}
	add(t.view.ended.Refused, "refused")
	add(t.view.ended.InDoubt, "in doubt")
	if p := done.plan; p != nil {
		add(p.Counts[planner.Refused], "refused before")
		add(p.Counts[planner.InDoubt], "in doubt from before")
		add(p.Counts[planner.Failed], "not delivered")
	}
	if len(counts) > 0 {
		why = " " + sentenceOf(strings.Join(counts, ", "))
	}
	if all := t.view.ended.Samples; len(all) > 0 {
		why += " The first is " + sentenceOf(strings.TrimSuffix(all[0].Address+": "+all[0].Reason, ": "))
	}
	for _, stop := range t.view.ended.Stops {
		why += " " + sentenceOf(stop.Account+" stopped: "+stop.Why)
	}
	return why
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
