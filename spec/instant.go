package spec

import (
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"herald/internal/addr"
	"herald/internal/calendar"
)

// decodeTimes reads when a sequence begins and ends, and its window.
func (s *scripts) decodeTimes(b *hclsyntax.Block, out *Sequence) hcl.Diagnostics {
	var diags hcl.Diagnostics
	w := block(b.Body, "window")
	sound := true // the window, if there is one
	if w != nil {
		window, more := s.decodeWindow(w, s.peopleOf(out.Conversation))
		diags = append(diags, more...)
		out.Window, sound = window, !more.HasErrors()
	}
	for name, to := range map[string]**Instant{"start": &out.Start, "until": &out.Until} {
		if a := b.Body.Attributes[name]; a != nil {
			i, more := s.instant(a, w != nil)
			diags = append(diags, more...)
			*to = i
		}
	}
	if out.Start != nil && out.Until != nil {
		diags = append(diags, out.checkSpan(b, sound)...)
	}
	return diags
}

// instant reads a time that is the same for everyone, or the same on everyone's wall clock. window says that the sequence
// has one, which tells the zone of a wall clock.
func (s *scripts) instant(a *hclsyntax.Attribute, window bool) (*Instant, hcl.Diagnostics) {
	text, ok, diags := s.constantText(a.Expr, a.Name)
	if !ok {
		return nil, diags
	}
	i, err := calendar.ParseInstant(text)
	switch {
	case err != nil:
		return nil, append(diags, within(problem(a.Expr.Range(), "Invalid time", "%s: %s.", a.Name, err), a.SrcRange))
	case i.Local() && !window:
		return nil, append(diags, within(problem(a.Expr.Range(), "Time without a zone",
			"%s is what some wall clock shows, and nothing says in which time zone. Write it with its offset, as in %s, or give the sequence a window with a timezone.",
			addr.Quote(text), addr.Quote(i.In(time.UTC).Format(time.RFC3339))), a.SrcRange))
	}
	return &Instant{i, a.Expr.Range()}, diags
}
