package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"herald/internal/report"
	"herald/internal/sealed"
	"herald/planner"
)

// Bounds of what a plan file may ask for while it is read.
const (
	maxSaved  = 256 << 20 // bytes of the part that is held whole
	maxValues = 8 << 20   // values in it: each becomes a struct, however few bytes it has
	maxDrawn  = 2 << 20   // of these, values of what is drawn: its structs are larger
	maxStep   = 16 << 20  // bytes of one step
)

// openSaved opens a plan file: it is verified whole before anything of it is believed.
func openSaved(ctx context.Context, e *env, path string) (*savedPlan, error) {
	identity, _ := e.getenv(sealed.IdentityVariable)
	f, err := sealed.Open(ctx, e.path(path), sealed.Options{Identity: identity})
	if err != nil {
		return nil, err
	}
	defer f.Close()
	out := &savedPlan{digest: f.Digest, steps: planner.NewStepFiles()}
	if err := out.read(f); err != nil {
		out.steps.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return out, nil
}

func (p *savedPlan) read(f *sealed.File) error {
	if err := p.readHead(f); err != nil {
		return err
	}
	sends := map[string]int{}
	for _, l := range p.Plan.Lanes {
		sends[l.Account] += l.Sends
	}
	for _, entry := range f.Entries() {
		if entry.Name == savedName {
			continue
		}
		lane, ok := strings.CutPrefix(entry.Name, stepsStart)
		lane, suffixed := strings.CutSuffix(lane, stepsEnd)
		if !ok || !suffixed || sends[lane] <= 0 {
			return unlike("it holds %s, which no lane of it has", entry.Name)
		}
		steps, err := f.Open(entry.Name)
		if err != nil {
			return err
		}
		err = p.steps.Load(lane, &lines{in: steps, left: sends[lane], name: entry.Name})
		steps.Close()
		if err != nil {
			return err
		}
	}
	p.Plan.Digest = p.digest
	return p.consistent()
}

// readHead reads what is held whole.
func (p *savedPlan) readHead(f *sealed.File) error {
	text, err := readSaved(f)
	if err != nil {
		return err
	}
	var version struct {
		FormatVersion int    `json:"format_version"`
		Herald        string `json:"herald"`
		Plan          json.RawMessage
	}
	if err := json.Unmarshal(text, &version); err != nil {
		return unlike("its %s cannot be read: %v", savedName, err)
	}
	switch {
	case version.FormatVersion <= 0:
		return unlike("its %s has no format_version", savedName)
	case version.FormatVersion != planner.SavedVersion:
		return fmt.Errorf("herald %s wrote it in format %d, and this herald %s reads format %d; apply it with the herald that planned it",
			short(version.Herald), version.FormatVersion, Version, planner.SavedVersion)
	}
	if values(version.Plan) > maxDrawn {
		return tooMany(maxDrawn)
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&p.Saved); err != nil {
		return unlike("its %s cannot be read (herald %s wrote it, this is %s): %v", savedName, short(version.Herald), Version, err)
	}
	return nil
}

func readSaved(f *sealed.File) ([]byte, error) {
	for _, e := range f.Entries() {
		if e.Name == savedName && e.Size > maxSaved {
			return nil, fmt.Errorf("its %s has more than %d MiB; plan fewer sends at once, with -limit or -target", savedName, maxSaved>>20)
		}
	}
	in, err := f.Open(savedName)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	text, err := io.ReadAll(in)
	if err != nil {
		return nil, err
	}
	if values(text) > maxValues {
		return nil, tooMany(maxValues)
	}
	return text, nil
}

func tooMany(most int) error {
	return fmt.Errorf("its %s has more than %s; plan fewer sends at once, with -limit or -target", savedName, report.Count(most, "value"))
}

// values counts about how many values a text of JSON has.
func values(text []byte) (n int) {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			i++
		case !quoted && (c == ',' || c == '{' || c == '['):
			n++
		}
	}
	return n
}

// unlike says that a file is sealed and whole, and yet not as herald writes one.
func unlike(format string, args ...any) error {
	for i, a := range args {
		if s, is := a.(string); is {
			args[i] = short(s)
		}
	}
	return fmt.Errorf("herald did not write it so: %s; its digest is right, so something else packed it: make a new plan: herald plan -out=FILE", fmt.Sprintf(format, args...))
}

// short gives text from a file of strangers as an error can show it.
func short(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return report.Escape(s)
}

// lines passes steps on, and stops as soon as there are more than the plan says, or one that none can be.
type lines struct {
	in   io.Reader
	left int // steps
	line int // bytes of the one that is read
	name string
}

func (l *lines) Read(p []byte) (int, error) {
	n, err := l.in.Read(p)
	for _, c := range p[:n] {
		if l.line++; l.line > maxStep {
			return 0, unlike("a step in %s is longer than %d MiB", l.name, maxStep>>20)
		}
		if c == '\n' {
			l.line, l.left = 0, l.left-1
		}
	}
	if l.left < 0 {
		return 0, unlike("%s has more steps than its lane", l.name)
	}
	return n, err
}
