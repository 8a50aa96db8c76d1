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
		m := newDiagnostic(d, files)
		level := "error"
		if m.Severity == "warning" {
			level = "warn"
		}
		s.Line(level, "diagnostic", fmt.Sprintf("%s: %s", m.Severity, m.Summary), map[string]any{"diagnostic": m})
	}
}

// Error writes an error as a diagnostic line.
func (s *Stream) Error(err error) {
	d := Diagnostic{Severity: "error", Summary: err.Error()}
	s.Line("error", "diagnostic", "error: "+d.Summary, map[string]any{"diagnostic": d})
}

// Warning writes a warning as a diagnostic line.
func (s *Stream) Warning(text string) {
	d := Diagnostic{Severity: "warning", Summary: text}
	s.Line("warn", "diagnostic", "warning: "+text, map[string]any{"diagnostic": d})
}

// Plan writes a line per group and lane, one for everybody left out, and the summary.
func (s *Stream) Plan(p Plan) {
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
	s.Line("info", "change_summary", p.Summary(), map[string]any{
		"counts": p.Counts, "reach": p.Reach, "lineage": p.Lineage, "serial": p.Serial, "digest": p.Digest,
	})
}
