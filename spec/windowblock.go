package spec

import (
	"errors"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"herald/internal/addr"
	"herald/internal/calendar"
)

// decodeWindow reads a window block. With errors it may be nil.
func (s *scripts) decodeWindow(b *hclsyntax.Block, p *people) (*Window, hcl.Diagnostics) {
	sh := shape{what: "a window block", attrs: []string{"days", "from", "to", "timezone"}, need: []string{"timezone"}}
	diags := append(sh.labelled(b), sh.body(b)...)
	out := &Window{Window: calendar.Window{Days: calendar.EveryDay, To: 24 * calendar.Hour}, Range: b.DefRange()}
	at := b.Body.Attributes
	if a := at["days"]; a != nil {
		days, more := s.days(a)
		diags = append(diags, more...)
		out.Days = days
	}
	diags = append(diags, s.clocks(b, out)...)
	if a := at["timezone"]; a != nil {
		zone, more := s.expr(a.Expr, place{what: "timezone", people: p, want: cty.String})
		diags = append(diags, more...)
		if name, ok := zone.constantText(); ok {
			diags = append(diags, checkZone(name, a)...)
		}
		out.Zone = zone
	}
	if out.Zone == nil {
		return nil, diags
	}
	return out, diags
}

// clocks reads from and to.
func (s *scripts) clocks(b *hclsyntax.Block, out *Window) hcl.Diagnostics {
	var diags hcl.Diagnostics
	var last *hclsyntax.Attribute
	bad := false
	for _, c := range []struct {
		name string
		to   *calendar.Clock
	}{{"from", &out.From}, {"to", &out.To}} {
		a := b.Body.Attributes[c.name]
		if a == nil {
			continue
		}
		last = a
		text, ok, more := s.constantText(a.Expr, c.name)
		diags = append(diags, more...)
		if !ok {
			bad = true
			continue
		}
		clock, err := calendar.ParseClock(text)
		if err != nil {
			diags, bad = append(diags, within(problem(a.Expr.Range(), "Invalid time of day", "%s: %s.", c.name, err), a.SrcRange)), true
			continue
		}
		*c.to = clock
	}
	switch {
	case bad || last == nil:
	case out.From == 24*calendar.Hour:
		diags = append(diags, within(problem(b.Body.Attributes["from"].Expr.Range(), "Invalid time of day",
			`A window cannot open when its day is over. Write from = "00:00" and name the day after.`), b.DefRange()))
	case out.From == out.To:
		diags = append(diags, within(problem(last.Expr.Range(), "Window never opens",
			"It would open at %s and close at the same time. For whole days, leave out both from and to.", out.From), b.DefRange()))
	}
	return diags
}

// days reads the days on which a window opens.
func (s *scripts) days(a *hclsyntax.Attribute) (calendar.Days, hcl.Diagnostics) {
	v, ok, diags := s.constant(a.Expr, place{what: "days", want: cty.List(cty.String)})
	if !ok {
		return calendar.EveryDay, diags
	}
	if v.LengthInt() == 0 {
		return calendar.EveryDay, append(diags, within(problem(a.Expr.Range(), "Window never opens",
			"The list of days is empty. Leave days out for every day."), a.SrcRange))
	}
	var all calendar.Days
	list := Expr{expr: a.Expr}
	for i, item := range v.AsValueSlice() {
		name, at := item.AsString(), list.At(i)
		day, known := calendar.ParseDay(name)
		switch {
		case !known:
			diags = append(diags, within(unknownDay(name, at), a.SrcRange))
		case all&day != 0:
			diags = append(diags, within(problem(at, "Day named twice", "%s stands in this list already. Remove one of the two.", addr.Quote(name)), a.SrcRange))
		}
		all |= day
	}
	return all, diags
}

// unknownDay is the error for what is no day. Whole names of days, capitals and ranges are told apart from slips.
func unknownDay(name string, at hcl.Range) *hcl.Diagnostic {
	d := notAChoice(at, "A day", name, calendar.DayNames())
	plain := strings.ToLower(name)
	switch {
	case strings.ContainsAny(name, "-, "):
		d.Detail = "A day cannot be " + addr.Quote(name) + `. Name each day by itself, as in ["mon", "tue"].`
	case len(plain) >= 3:
		if _, ok := calendar.ParseDay(plain[:3]); ok {
			d.Detail = "A day cannot be " + addr.Quote(name) + "; write " + addr.Quote(plain[:3]) + "."
		}
	}
	return d
}

// checkZone refuses what is no IANA zone, and Local, which is another one on each machine.
func checkZone(name string, a *hclsyntax.Attribute) hcl.Diagnostics {
	if _, err := loadZone(name); err != nil {
		return hcl.Diagnostics{within(problem(a.Expr.Range(), "Invalid timezone",
			`%s is no timezone: a timezone is a name of the IANA database, as "Europe/Berlin" or "UTC", or an attribute of contact that holds one.`, addr.Quote(name)), a.SrcRange)}
	}
	return nil
}

// longestZone bounds the name of a zone, in bytes. The longest in the database has 32.
const longestZone = 64

var errNoZone = errors.New("no zone")

func loadZone(name string) (*time.Location, error) {
	if name == "" || name == "Local" || len(name) > longestZone {
		return nil, errNoZone
	}
	return time.LoadLocation(name)
}

// constantZone gives the zone when it is the same for everyone, or nil.
func (w *Window) constantZone() *time.Location {
	name, ok := w.Zone.constantText()
	if !ok {
		return nil
	}
	zone, err := loadZone(name)
	if err != nil {
		return nil
	}
	return zone
}
