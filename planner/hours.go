package planner

import (
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"herald/internal/addr"
	"herald/internal/calendar"
	"herald/spec"
)

// hours are the times of a sequence in one zone, as the plan's clock stands. The zero hours are those of a sequence that
// knows no times.
type hours struct {
	zone         *time.Location
	window       *calendar.Window // nil for any time
	start, until time.Time        // zero when not given
	opens        time.Time        // when the window is open next: now, if it is open; zero for never
	notAfter     time.Time        // of what begins now: when the window closes, or until; zero for never
}

// newHours puts a sequence's times into a zone.
func newHours(s *spec.Sequence, zone *time.Location, now time.Time) *hours {
	h := &hours{zone: zone}
	if s.Start != nil {
		h.start = s.Start.In(zone).UTC()
	}
	if s.Until != nil {
		h.until = s.Until.In(zone).UTC()
	}
	h.notAfter = h.until
	if s.Window != nil {
		h.window = &s.Window.Window
		h.setWindow(now)
	}
	return h
}

func (h *hours) setWindow(now time.Time) {
	h.opens = h.window.Next(now, h.zone)
	closes := h.window.Closes(now, h.zone)
	if !closes.IsZero() && (h.notAfter.IsZero() || closes.Before(h.notAfter)) {
		h.notAfter = closes.UTC()
	}
}

// timed reports whether anything of a sequence hangs on the clock, beside the delays of its messages.
func timed(s *spec.Sequence) bool { return s.Start != nil || s.Until != nil || s.Window != nil }

// hoursOf gives the sequence's times for the person in scope. They are kept by zone, of which there are few.
func (m *maker) hoursOf(s *sequence) (*hours, hcl.Diagnostics) {
	name, at := "UTC", s.seq.DeclRange
	if w := s.seq.Window; w != nil {
		v, diags := w.Zone.Value(m.people.scope)
		if diags.HasErrors() {
			return nil, diags
		}
		name, at = asText(v), w.Zone.Range()
	}
	if h := s.hours[name]; h != nil {
		return h, nil
	}
	if name == "" {
		return nil, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "No timezone", Subject: at.Ptr(),
			Detail: `The person has no timezone here, and the window is open at other times in each. Say which one counts then, as in contact.timezone == "" ? "UTC" : contact.timezone.`}}
	}
	zone := zoneOf(name)
	if zone == nil {
		return nil, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Invalid timezone", Subject: at.Ptr(),
			Detail: addr.Quote(clip(name)) + " is no timezone: a timezone is a name of the IANA database, as Europe/Berlin or UTC."}}
	}
	h := newHours(s.seq, zone, m.in.Now)
	if len(s.hours) < maxRemembered {
		s.hours[strings.Clone(name)] = h
	}
	return h, nil
}
