package planner

import (
	"errors"
	"io"
)

// PlanFiles are what grows with the people of a saved plan, kept on disk as StepFiles keeps steps, so that memory holds
// none of it: the steps that send, what is settled without sending, and what all of these rest on.
type PlanFiles struct {
	*StepFiles
	settled, rests *lineFile // nil without lines
	rested         int
	err            error // of Rest
}

// NewPlanFiles keeps a plan in the system's temporary directory (TMPDIR). A file is made with the first line of it.
func NewPlanFiles() *PlanFiles { return &PlanFiles{StepFiles: NewStepFiles()} }

// Add adds a step, if it sends or settles something. Other steps are passed over.
func (f *PlanFiles) Add(s *Step) error {
	if s.Action != Skip && s.Action != Assume {
		return f.StepFiles.Add(s)
	}
	if err := begin(&f.settled); err != nil {
		return err
	}
	line := Settled{Send: s.Send, Action: s.Action}
	if s.Action == Skip {
		line.Account, line.Condition, line.Definition = s.Account, s.Condition, s.Definition
	}
	return f.settled.add(line.appendLine(nil))
}

// Rest adds what a step rests on. That it could not be kept is said by WriteSettled and WriteRests.
func (f *PlanFiles) Rest(r Rest) {
	if f.err == nil {
		f.err = begin(&f.rests)
	}
	if f.err == nil {
		f.err = f.rests.add(r.appendLine(nil))
	}
	f.rested++
}

// begin makes a file once there is something for it.
func begin(l **lineFile) (err error) {
	if *l == nil {
		*l, err = newLineFile()
	}
	return err
}

// Rests counts what the steps rest on.
func (f *PlanFiles) Rests() int { return f.rested }

// WriteSettled writes what is settled to w, a line each.
func (f *PlanFiles) WriteSettled(w io.Writer) error { return f.write(f.settled, w) }

// WriteRests writes what the steps rest on to w, a line each.
func (f *PlanFiles) WriteRests(w io.Writer) error { return f.write(f.rests, w) }

func (f *PlanFiles) write(l *lineFile, w io.Writer) error {
	if f.err != nil || l == nil {
		return f.err
	}
	return l.writeTo(w)
}

// LoadSettled adds lines as WriteSettled wrote them. Each goes through check on its way.
func (f *PlanFiles) LoadSettled(r io.Reader, check func(*Settled) error) error {
	if err := begin(&f.settled); err != nil {
		return err
	}
	return eachLine(newLineReader(io.TeeReader(r, f.settled)), parseSettled, check)
}

// LoadRests adds lines as WriteRests wrote them. Each goes through check on its way.
func (f *PlanFiles) LoadRests(r io.Reader, check func(*Rest) error) error {
	if err := begin(&f.rests); err != nil {
		return err
	}
	return eachLine(newLineReader(io.TeeReader(r, f.rests)), parseRest, func(r *Rest) error {
		f.rested++
		return check(r)
	})
}

// EachSettled gives what is settled, in plan order.
func (f *PlanFiles) EachSettled(do func(*Settled) error) error {
	lines, err := f.settled.lines()
	if err != nil {
		return err
	}
	return eachLine(lines, parseSettled, do)
}

// EachRest gives what the steps rest on, in plan order.
func (f *PlanFiles) EachRest(do func(*Rest) error) error {
	lines, err := f.rests.lines()
	if err != nil {
		return err
	}
	return eachLine(lines, parseRest, do)
}

// Close closes the files, and removes them where the system has kept them.
func (f *PlanFiles) Close() error {
	errs := []error{f.StepFiles.Close()}
	for _, l := range []*lineFile{f.settled, f.rests} {
		if l != nil {
			errs = append(errs, l.close())
		}
	}
	f.settled, f.rests = nil, nil
	return errors.Join(errs...)
}

func eachLine[T any](lines *lineReader, parse func([]byte) (T, error), do func(*T) error) error {
	for {
		line, at, err := lines.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		one, err := parse(line)
		if err != nil {
			return damaged(at, err)
		}
		if err := do(&one); err != nil {
			return err
		}
	}
}
