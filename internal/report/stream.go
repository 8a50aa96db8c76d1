package report

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/hashicorp/hcl/v2"
)

// Stream writes one JSON object a line, in the shape of Terraform's machine-readable output. It is not safe for
// concurrent use. A write that fails is kept and given by Err, since nobody reads the next line either.
type Stream struct {
	enc *json.Encoder
	now func() time.Time
	err error
}

// NewStream makes a stream and writes its version line.
func NewStream(w io.Writer, version string, now func() time.Time) *Stream {
	s := &Stream{enc: newEncoder(w), now: now}
	s.Line("info", "version", "Herald "+version, map[string]any{"herald": version, "ui": "1.0"})
	return s
}

// Err gives the first error of writing.
func (s *Stream) Err() error { return s.err }

// Line writes one object: the common members, and those of extra.
func (s *Stream) Line(level, kind, message string, extra map[string]any) {
	line := map[string]any{
		"@level": level, "@message": message, "@module": "herald.ui",
		"@timestamp": s.now().UTC().Format(time.RFC3339Nano), "type": kind,
	}
	for k, v := range extra {
		line[k] = v
	}
	if err := s.enc.Encode(line); err != nil && s.err == nil {
		s.err = err
	}
}

// Diagnostics writes one line per diagnostic.
func (s *Stream) Diagnostics(diags hcl.Diagnostics, files map[string]*hcl.File) {
	for _, d := range diags {
		s.diagnostic(newDiagnostic(d, files))
	}
}

func (s *Stream) diagnostic(d Diagnostic) {
	level, word := "error", "Error: "
	if d.Severity == "warning" {
		level, word = "warn", "Warning: "
	}
	s.Line(level, "diagnostic", word+d.Summary, map[string]any{"diagnostic": d})
}

// Error writes an error as a diagnostic line.
func (s *Stream) Error(err error) {
	s.diagnostic(Diagnostic{Severity: "error", Summary: err.Error()})
}

// Warning writes a warning as a diagnostic line.
func (s *Stream) Warning(text string) {
	s.diagnostic(Diagnostic{Severity: "warning", Summary: text})
}

// Plan writes a line per group and lane, per rename and edit, for everybody left out, and the summary: between them, all of p.
func (s *Stream) Plan(p Plan) {
	for _, w := range p.Warnings {
		s.diagnostic(Diagnostic{Severity: "warning", Summary: w.Summary, Detail: w.Detail})
	}
	for _, m := range p.Moves {
		s.Line("info", "planned_move", fmt.Sprintf("%s is now %s: %s", m.From, m.To, Count(m.Sends, "send")), map[string]any{"move": m})
	}
	for _, e := range p.Edits {
		s.Line("info", "planned_edit", fmt.Sprintf("%s: %s", e.Message, e.Kind), map[string]any{"edit": e})
	}
	for _, g := range p.Groups {
		s.Line("info", "planned_sends", fmt.Sprintf("%s: %s for %s", g.Message, g.Action, Count(g.Count, "contact")), map[string]any{"group": g})
	}
	for _, l := range p.Lanes {
		s.Line("info", "lane", fmt.Sprintf("%s: %s", l.Account, Count(l.Sends, l.noun())), map[string]any{"lane": l})
	}
	for _, l := range p.LeftOut {
		s.Line("info", "left_out", fmt.Sprintf("%s: %s", l.Reason, Count(l.Count, "contact")), map[string]any{"left_out": l})
	}
	for _, f := range p.Forbidden {
		s.Line("error", "forbidden", f.Summary, map[string]any{"forbidden": f})
	}
	end := map[string]any{"counts": p.Counts, "overlaps": p.Overlaps, "lineage": p.Lineage, "serial": p.Serial, "digest": p.Digest}
	if len(p.Reach) > 0 {
		end["reach"] = p.Reach
	}
	if p.Next != nil {
		end["next"] = p.Next
	}
	s.Line("info", "change_summary", p.Summary(), end)
}
