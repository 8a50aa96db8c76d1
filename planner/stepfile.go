package planner

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
)

// maxLine bounds one step's line, in bytes: far above what any vendor takes as a request.
const maxLine = 16 << 20

// StepFiles keeps a plan's sending steps on disk, one file per lane, so that memory holds none of them. The files have
// no name once they are open: nothing with people's texts is left behind, whatever becomes of the process. First all
// steps are written, then they are read; writing is not safe for concurrent use, and the lanes that Lane gives are
// independent of each other.
type StepFiles struct{ lanes map[string]*laneFile }

type laneFile struct {
	file  *os.File
	w     *bufio.Writer
	size  int64
	named bool // the system keeps the name while the file is open
}

// NewStepFiles keeps steps in the system's temporary directory (TMPDIR). A file is made with the first step of its lane.
func NewStepFiles() *StepFiles { return &StepFiles{lanes: map[string]*laneFile{}} }

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
	return l.write(line)
}

// Load adds lines, as WriteTo wrote them, to a lane's file: a saved plan's steps. They are checked when they are read.
func (f *StepFiles) Load(lane string, r io.Reader) error {
	l, err := f.lane(lane)
	if err != nil {
		return err
	}
	n, err := io.Copy(l.w, r)
	l.size += n
	return err
}

// WriteTo writes a lane's lines to w, whole.
func (f *StepFiles) WriteTo(lane string, w io.Writer) error {
	l, ok := f.lanes[lane]
	if !ok {
		return nil
	}
	if err := l.w.Flush(); err != nil {
		return err
	}
	_, err := io.Copy(w, io.NewSectionReader(l.file, 0, l.size))
	return err
}

// Lanes lists the lanes that have steps, sorted.
func (f *StepFiles) Lanes() []string { return sortedNames(f.lanes) }

// Lane gives a lane's steps from the first; an empty list for a lane that has none. Nothing may be written afterwards.
func (f *StepFiles) Lane(name string) (Steps, error) {
	l, ok := f.lanes[name]
	if !ok {
		return &laneSteps{r: bufio.NewReader(bytes.NewReader(nil)), at: bytes.NewReader(nil)}, nil
	}
	if err := l.w.Flush(); err != nil {
		return nil, err
	}
	return &laneSteps{r: bufio.NewReaderSize(io.NewSectionReader(l.file, 0, l.size), 64<<10), at: l.file, size: l.size}, nil
}

// Close closes the files, and removes them where the system has kept them.
func (f *StepFiles) Close() error {
	var errs []error
	for _, name := range f.Lanes() {
		l := f.lanes[name]
		errs = append(errs, l.file.Close())
		if l.named {
			errs = append(errs, os.Remove(l.file.Name()))
		}
	}
	f.lanes = map[string]*laneFile{}
	return errors.Join(errs...)
}

func (f *StepFiles) lane(name string) (*laneFile, error) {
	if l, ok := f.lanes[name]; ok {
		return l, nil
	}
	file, err := os.CreateTemp("", "herald-steps-*") // mode 0600
	if err != nil {
		return nil, fmt.Errorf("keeping the plan's steps: %w", err)
	}
	l := &laneFile{file: file, w: bufio.NewWriterSize(file, 64<<10), named: os.Remove(file.Name()) != nil}
	f.lanes[name] = l
	return l, nil
}

func (l *laneFile) write(line []byte) error {
	if len(line) >= maxLine {
		return fmt.Errorf("a step of %d bytes is longer than plans can hold", len(line))
	}
	l.size += int64(len(line)) + 1
	if _, err := l.w.Write(line); err != nil {
		return fmt.Errorf("keeping the plan's steps: %w", err)
	}
	return l.w.WriteByte('\n')
}

// laneSteps reads one lane's file. A reference is the offset of a line.
type laneSteps struct {
	r      *bufio.Reader
	long   []byte
	offset int64
	at     io.ReaderAt
	size   int64
	pool   sync.Pool // of *[]byte, for At
}

// Next gives the next step and its reference, or io.EOF.
func (l *laneSteps) Next() (Step, int64, error) {
	line, err := l.r.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		l.long = append(l.long[:0], line...)
		for err == bufio.ErrBufferFull && len(l.long) <= maxLine {
			line, err = l.r.ReadSlice('\n')
			l.long = append(l.long, line...)
		}
		line = l.long
	}
	if err == io.EOF && len(line) == 0 {
		return Step{}, 0, io.EOF
	}
	ref := l.offset
	if err != nil {
		return Step{}, 0, damaged(ref, err)
	}
	l.offset += int64(len(line))
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

func damaged(ref int64, err error) error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("the plan's step at byte %d cannot be read: %w", ref, err)
}
