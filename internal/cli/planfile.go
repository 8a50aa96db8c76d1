package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"herald/internal/sealed"
	"herald/planner"
)

// savedPlan is an opened plan file.
type savedPlan struct {
	planner.Saved
	digest string
	steps  *planner.PlanFiles
	begun  time.Time // when the first of its runs began that are gone on with, by the ledger's clock; zero without any
}

// openSaved opens a plan file: it is verified whole before anything of it is believed.
func openSaved(ctx context.Context, e *env, path string) (*savedPlan, error) {
	identity, _ := e.getenv(sealed.IdentityVariable)
	f, err := sealed.Open(ctx, e.path(path), sealed.Options{Identity: identity})
	if err != nil {
		return nil, err
	}
	defer f.Close()
	out := &savedPlan{digest: f.Digest, steps: planner.NewPlanFiles()}
	if err := out.read(f); err != nil {
		out.steps.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return out, nil
}

// read takes in all entries, each once: what they hold is kept and checked on its way.
func (p *savedPlan) read(f *sealed.File) error {
	if err := p.readHead(f); err != nil {
		return err
	}
	left, err := p.tally()
	if err != nil {
		return err
	}
	for _, entry := range f.Entries() {
		if entry.Name == savedName {
			continue
		}
		in, err := f.Open(entry.Name)
		if err == nil {
			err = p.load(entry.Name, in, left)
			in.Close()
		}
		if err != nil {
			return err
		}
	}
	p.Plan.Digest = p.digest
	return left.over()
}

// load takes in the lines of one entry, and counts them off.
func (p *savedPlan) load(name string, in io.Reader, left *tally) error {
	settled := p.Plan.Counts[planner.Skip] + p.Plan.Counts[planner.Assume]
	switch {
	case name == settledName && settled > 0:
		return p.steps.LoadSettled(&lines{in: in, left: settled, name: name, over: "more lines than it counts"}, left.settle)
	case name == restsName && p.Rests > 0:
		return p.steps.LoadRests(&lines{in: in, left: p.Rests, name: name, over: "more lines than it counts"}, left.rest)
	}
	lane, ok := strings.CutPrefix(name, stepsStart)
	lane, suffixed := strings.CutSuffix(lane, stepsEnd)
	if !ok || !suffixed || left.lanes[lane] <= 0 {
		return unlike("it holds %s, which no lane of it has", name)
	}
	return p.steps.Load(lane, &lines{in: in, left: left.lanes[lane], name: name, over: "more steps than its lane"},
		func(s *planner.Step) error { return left.step(lane, s) })
}

// each gives every step of the plan, lane by lane.
func (p *savedPlan) each(do func(*planner.Step) error) error {
	for _, lane := range p.steps.Lanes() {
		steps, err := p.steps.Lane(lane)
		if err != nil {
			return err
		}
		for {
			step, _, err := steps.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err == nil {
				err = do(&step)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}
