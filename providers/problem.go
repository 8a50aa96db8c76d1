package providers

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"herald/internal/addr"
)

// maxQuoted bounds how much of a person's value an error shows, in characters.
const maxQuoted = 60

// Quote gives a value from a campaign or a person for use in Problem.Detail: quoted, control characters escaped, and
// cut where it is long.
func Quote(s string) string {
	if utf8.RuneCountInString(s) <= maxQuoted {
		return addr.Quote(s)
	}
	return addr.Quote(string([]rune(s)[:maxQuoted])) + "..."
}

// CannotCarry is the problem of a message whose kind of content the provider does not take. It names those it does.
func (f Facts) CannotCarry(k Kind) Problem {
	known := make([]string, len(f.Carries))
	for i, c := range f.Carries {
		known[i] = string(c.Kind)
	}
	return Problem{
		Part:    PartContent,
		Index:   -1,
		Summary: "Content the provider cannot carry",
		Detail: fmt.Sprintf("%s cannot carry %s. It carries %s: write the message as one of these, or send it through another provider.",
			f.Title, Quote(string(k)), strings.Join(known, ", ")),
	}
}

// Failed reports whether any of the problems is more than a warning.
func Failed(problems []Problem) bool {
	for _, p := range problems {
		if !p.Warning {
			return true
		}
	}
	return false
}
