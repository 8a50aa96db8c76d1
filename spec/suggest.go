package spec

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/agext/levenshtein"

	"herald/internal/addr"
)

// farthest is the edit distance up to which a name counts as a slip of the other. In a name of up to four letters two edits
// leave little of it, so that only one counts, or two letters that changed places.
const (
	farthest = 2
	short    = 4 // letters
)

// nearest gives the known name that is closest to name, or "" when none is close. Of several the first in
// alphabetical order wins, so that messages do not change from run to run.
func nearest(name string, known []string) string {
	letters := utf8.RuneCountInString(name)
	best, distance := "", min(farthest+1, letters)
	for _, k := range slices.Sorted(slices.Values(known)) {
		d := levenshtein.Distance(name, k, nil)
		if d < distance && (d < 2 || letters > short || lettersOf(name) == lettersOf(k)) {
			best, distance = k, d
		}
	}
	return best
}

// lettersOf gives the letters of a name in alphabetical order.
func lettersOf(name string) string {
	letters := []rune(name)
	slices.Sort(letters)
	return string(letters)
}

// meant gives ` Did you mean "x"?` for the nearest known name, or "".
func meant(name string, known []string) string {
	if n := nearest(name, known); n != "" {
		return fmt.Sprintf(" Did you mean %s?", addr.Quote(n))
	}
	return ""
}
