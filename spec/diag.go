package spec

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/hashicorp/hcl/v2"

	"herald/internal/addr"
)

// problem makes an error. The summary is constant; names, reason and remedy are in the detail.
func problem(subject hcl.Range, summary, format string, args ...any) *hcl.Diagnostic {
	d := &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: fmt.Sprintf(format, args...)}
	if subject != (hcl.Range{}) {
		d.Subject = subject.Ptr()
	}
	return d
}

// warning makes a warning.
func warning(subject hcl.Range, summary, format string, args ...any) *hcl.Diagnostic {
	d := problem(subject, summary, format, args...)
	d.Severity = hcl.DiagWarning
	return d
}

// comparePlaces orders ranges as they stand in the files.
func comparePlaces(a, b hcl.Range) int {
	return cmp.Or(strings.Compare(a.Filename, b.Filename), cmp.Compare(a.Start.Byte, b.Start.Byte))
}

// within adds the wider range that a problem stands in.
func within(d *hcl.Diagnostic, context hcl.Range) *hcl.Diagnostic {
	d.Context = context.Ptr()
	return d
}

// clean takes from diagnostics of the expression language what may hold values: the expression with its context, and
// the stack of a function that panicked. Control and direction characters of people's data are escaped.
func clean(diags hcl.Diagnostics) hcl.Diagnostics {
	var out hcl.Diagnostics
	for _, d := range diags {
		detail := d.Detail
		if before, _, found := strings.Cut(detail, "panic in function implementation"); found {
			detail = before + "it has no result for these arguments."
		}
		out = append(out, &hcl.Diagnostic{
			Severity: d.Severity, Summary: d.Summary, Detail: oneEscape(printable(detail)), Subject: d.Subject, Context: d.Context,
		})
	}
	return out
}

// oneEscape rewrites \x1b, Go's escape of a control character that functions put into their errors, as \u001b.
func oneEscape(s string) string {
	if !strings.Contains(s, `\x`) {
		return s
	}
	return regexp.MustCompile(`\\x([0-9a-f]{2})`).ReplaceAllString(s, `\u00$1`)
}

// withhold replaces details that may repeat a sensitive value.
func withhold(diags hcl.Diagnostics) hcl.Diagnostics {
	for _, d := range diags {
		d.Detail = "The reason is withheld, since the expression uses a sensitive value."
	}
	return diags
}

// printable escapes what a terminal would obey instead of show. Line breaks stay.
func printable(s string) string {
	ok := func(r rune) bool { return r == '\n' || unicode.IsPrint(r) }
	if strings.IndexFunc(s, func(r rune) bool { return !ok(r) }) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if ok(r) {
			b.WriteRune(r)
			continue
		}
		b.WriteString(strings.Trim(addr.Quote(string(r)), `"`)) // the same escapes as everywhere
	}
	return b.String()
}

// listed writes names for people, in the order given, at most thirty of them.
func listed(names []string) string {
	const most = 30
	if len(names) == 0 {
		return "none"
	}
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", printable(strings.Join(names[:most], ", ")), len(names)-most)
	}
	return printable(strings.Join(names, ", "))
}
