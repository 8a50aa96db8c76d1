package planner

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
	"sync"
)

// StepFiles keeps a plan's sending steps on disk, one file per lane, so that memory holds none of them. The files have
// no name once they are open: nothing with people's texts is left behind, whatever becomes of the process. First all
// steps are written, then they are read; writing is not safe for concurrent use, and the lanes that Lane gives are
// independent of each other.
type StepFiles struct{ lanes map[string]*lineFile }

// NewStepFiles keeps steps in the system's temporary directory (TMPDIR). A file is made with the first step of its lane.
func NewStepFiles() *StepFiles { return &StepFiles{lanes: map[string]*lineFile{}} }

// Add adds a step to its lane's file. Steps that do not send are passed over.
func (f *StepFiles) Add(s *Step) error {
	if !s.Action.Sends() {
		return nil
	}
	l, err := f.lane(s.Account)
	if err != nil {
		return err
	}
	line := s.line
	if line == nil {
		line = appendLine(nil, s)
	}
	return l.add(line)
}

// Load adds lines, as WriteTo wrote them, to a lane's file: a saved plan's steps. Each goes through check on its way; with a
// nil one they are looked at only when they are read.
func (f *StepFiles) Load(lane string, r io.Reader, check func(*Step) error) error {
	l, err := f.lane(lane)
	if err != nil {
		return err
	}
	if check == nil {
		_, err := io.Copy(l, r)
		return err
	}
	steps := laneSteps{r: newLineReader(io.TeeReader(r, l))}
	for {
		step, _, err := steps.Next()
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = check(&step)
		}
		if err != nil {
			return err
		}
	}
}

// WriteTo writes a lane's lines to w, whole.
func (f *StepFiles) WriteTo(lane string, w io.Writer) error {
	l, ok := f.lanes[lane]
	if !ok {
		return nil
	}
	return l.writeTo(w)
}

// Lanes lists the lanes that have steps, sorted.
func (f *StepFiles) Lanes() []string { return sortedNames(f.lanes) }

// Lane gives a lane's steps from the first; an empty list for a lane that has none. Nothing may be written afterwards.
func (f *StepFiles) Lane(name string) (Steps, error) {
	l := f.lanes[name]
	lines, err := l.lines()
	if err != nil || l == nil {
		return &laneSteps{r: lines, at: bytes.NewReader(nil)}, err
	}
	return &laneSteps{r: lines, at: l.file, size: l.size}, nil
}

// Close closes the files, and removes them where the system has kept them.
func (f *StepFiles) Close() error {
	var errs []error
	for _, name := range f.Lanes() {
		errs = append(errs, f.lanes[name].close())
	}
	f.lanes = map[string]*lineFile{}
	return errors.Join(errs...)
}

func (f *StepFiles) lane(name string) (*lineFile, error) {
	if l, ok := f.lanes[name]; ok {
		return l, nil
	}
	l, err := newLineFile()
	if err == nil {
		f.lanes[name] = l
	}
	return l, err
}

// laneSteps reads one lane's file. A reference is the offset of a line.
type laneSteps struct {
	r    *lineReader
	at   io.ReaderAt
	size int64
	pool sync.Pool // of *[]byte, for At
}

// Next gives the next step and its reference, or io.EOF.
func (l *laneSteps) Next() (Step, int64, error) {
	line, ref, err := l.r.next()
	if err != nil {
		return Step{}, 0, err
	}
	s, err := parseLine(line)
	if err != nil {
		return Step{}, 0, damaged(ref, err)
	}
	return s, ref, nil
}

// At gives the step of a reference again. It is safe beside Next.
func (l *laneSteps) At(ref int64) (Step, error) {
	if ref < 0 || ref >= l.size {
		return Step{}, damaged(ref, io.ErrUnexpectedEOF)
	}
	kept, _ := l.pool.Get().(*[]byte)
	if kept == nil {
		kept = new([]byte)
	}
	defer l.pool.Put(kept)
	buf := slices.Grow((*kept)[:0], 4096)
	for {
		have := len(buf)
		n, err := l.at.ReadAt(buf[have:cap(buf)], ref+int64(have))
		buf = buf[:have+n]
		*kept = buf
		if end := bytes.IndexByte(buf[have:], '\n'); end >= 0 {
			s, err := parseLine(buf[:have+end])
			if err != nil {
				return Step{}, damaged(ref, err)
			}
			return s, nil
		}
		switch {
		case err != nil:
			return Step{}, damaged(ref, err)
		case len(buf) > maxLine:
			return Step{}, damaged(ref, bufio.ErrTooLong)
		}
		buf = slices.Grow(buf, len(buf))
	}
}
