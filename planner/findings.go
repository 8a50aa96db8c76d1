package planner

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// shown is how many of one kind of problem are shown; the rest is counted.
const shown = 20

// Reasons for which people are left out.
const (
	LeftInvalid  = "invalid"
	LeftExcluded = "excluded"
	LeftUnique   = "unique_by"
)

// NamesPeople is the Extra of a diagnostic whose detail says who people are.
type NamesPeople struct{}

// findings collects what is wrong with people and messages, by kind, so that a million bad rows take no more memory
// than twenty. Two sequences may read the same people: a kind's count is that of the one pass that found most.
type findings struct {
	pass   int
	kinds  []*finding
	byKind map[findingKind]*finding
	errors bool

	left      []*tally // who is left out, by reason and place
	leftBy    map[tallyKey]*tally
	overlaps  set             // keys found again in another source
	diagnosed hcl.Diagnostics // that stand for themselves
}

// findingKind tells problems apart: the same summary at the same place is the same problem.
type findingKind struct {
	severity hcl.DiagnosticSeverity
	summary  string
	place    string
}

type finding struct {
	findingKind
	tally
	subject *hcl.Range // in the campaign; nil when each item has its own
	items   []item
	last    string // the key of whoever has it, as met last in this pass
}

// item is one case of a problem.
type item struct {
	who    string     // key and position, "" when subject says it
	detail string     // what, why and how to mend
	at     *hcl.Range // in a file of people
}

// tally counts over several passes and keeps the greatest count.
type tally struct {
	pass, count, most int
	reason            string
	samples           []string
}

type tallyKey struct{ reason, place string }

// add counts one more in this pass and reports whether it is one that no pass before has counted.
func (t *tally) add(pass int) bool {
	if t.pass != pass {
		t.pass, t.count = pass, 0
	}
	t.count++
	if t.count <= t.most {
		return false
	}
	t.most = t.count
	return true
}

func newFindings() *findings {
	return &findings{byKind: map[findingKind]*finding{}, leftBy: map[tallyKey]*tally{}, overlaps: set{}}
}

// begin starts another pass over people.
func (f *findings) begin() { f.pass++ }

// add takes diagnostics that do not repeat.
func (f *findings) add(diags hcl.Diagnostics) {
	f.diagnosed = append(f.diagnosed, diags...)
	f.errors = f.errors || diags.HasErrors()
}

func (f *findings) of(severity hcl.DiagnosticSeverity, summary, place string, subject *hcl.Range) *finding {
	kind := findingKind{severity, summary, place}
	known := f.byKind[kind]
	if known == nil {
		known = &finding{findingKind: kind, subject: subject}
		f.byKind[kind] = known
		f.kinds = append(f.kinds, known)
	}
	f.errors = f.errors || severity == hcl.DiagError
	return known
}

// inFile takes a problem at a place in a file of people.
func (f *findings) inFile(summary, detail string, source string, at hcl.Range) {
	f.ofFile(hcl.DiagError, summary, detail, source, at)
}

func (f *findings) ofFile(severity hcl.DiagnosticSeverity, summary, detail string, source string, at hcl.Range) {
	known := f.of(severity, summary, source, nil)
	if known.add(f.pass) && len(known.items) < shown {
		known.items = append(known.items, item{detail: detail, at: &at})
	}
}

// ofPerson takes a problem at a place in the campaign that the person with a key has: once, though what stands there may
// be asked for with each message. who is asked for only when it is shown.
func (f *findings) ofPerson(severity hcl.DiagnosticSeverity, summary, detail string, subject hcl.Range, key string, who func() string) {
	known := f.of(severity, summary, place(subject), &subject)
	if known.pass == f.pass && known.count > 0 && known.last == key {
		return
	}
	known.last = strings.Clone(key) // it may lie in memory that the next row takes
	if known.add(f.pass) && len(known.items) < shown {
		known.items = append(known.items, item{who: who(), detail: detail})
	}
}

// leftOut counts one who gets nothing. Place tells counts of the same reason apart: a source, an audience, a sequence.
func (f *findings) leftOut(reason, place string, sample func() string) {
	key := tallyKey{reason, place}
	t := f.leftBy[key]
	if t == nil {
		t = &tally{reason: reason}
		f.leftBy[key] = t
		f.left = append(f.left, t)
	}
	if t.add(f.pass) && len(t.samples) < shown {
		t.samples = append(t.samples, sample())
	}
}

// totals gives what a plan says of those who are left out, and the overlaps.
func (f *findings) totals() (left []LeftOut, overlaps int) {
	for _, t := range f.left {
		i := slices.IndexFunc(left, func(l LeftOut) bool { return l.Reason == t.reason })
		if i < 0 {
			i = len(left)
			left = append(left, LeftOut{Reason: t.reason})
		}
		left[i].Count += t.most
		left[i].Samples = append(left[i].Samples, t.samples[:min(len(t.samples), shown-len(left[i].Samples))]...)
	}
	slices.SortFunc(left, func(a, b LeftOut) int { return strings.Compare(a.Reason, b.Reason) })
	return left, len(f.overlaps)
}

// diagnostics gives everything found, in the order in which it was first found.
func (f *findings) diagnostics() hcl.Diagnostics {
	diags := slices.Clone(f.diagnosed)
	for _, known := range f.kinds {
		if known.subject == nil {
			diags = append(diags, known.each()...)
		} else {
			diags = append(diags, known.one())
		}
	}
	return diags
}

// each gives a diagnostic per item, each at its own place.
func (k *finding) each() hcl.Diagnostics {
	var diags hcl.Diagnostics
	for i, it := range k.items {
		detail := it.detail
		if more := k.most - len(k.items); more > 0 && i == len(k.items)-1 {
			detail += "\n\nAnd " + thousands(more) + " more like this."
		}
		diags = append(diags, &hcl.Diagnostic{Severity: k.severity, Summary: k.summary, Detail: detail, Subject: it.at, Extra: NamesPeople{}})
	}
	return diags
}

// one gives a single diagnostic that names the people it is about.
func (k *finding) one() *hcl.Diagnostic {
	d := &hcl.Diagnostic{Severity: k.severity, Summary: k.summary, Subject: k.subject, Extra: NamesPeople{}}
	var b strings.Builder
	same := !slices.ContainsFunc(k.items, func(it item) bool { return it.detail != k.items[0].detail })
	if same {
		b.WriteString(k.items[0].detail)
		b.WriteString("\n\nFor ")
		if k.most > 1 {
			b.WriteString(thousands(k.most) + " people:")
		} else {
			b.WriteString(k.items[0].who + ".")
		}
	}
	for i, it := range k.items {
		switch {
		case !same:
			if i > 0 {
				b.WriteString("\n")
			}
			b.WriteString(it.who + ": " + it.detail)
		case k.most > 1:
			b.WriteString("\n  " + it.who)
		}
	}
	if more := k.most - len(k.items); more > 0 {
		b.WriteString("\n\nAnd " + thousands(more) + " more like this.")
	}
	d.Detail = b.String()
	return d
}

func place(r hcl.Range) string {
	return fmt.Sprintf("%s:%d:%d", r.Filename, r.Start.Line, r.Start.Column)
}

// thousands writes a count as people read it.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
