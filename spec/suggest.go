package spec

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/agext/levenshtein"

	"herald/internal/addr"
)

// farthest is the edit distance up to which a name counts as a slip of the other.
const farthest = 2

// nearest gives the known name that is closest to name, or "" when none is close. Of several the first in
// alphabetical order wins, so that messages do not change from run to run.
func nearest(name string, known []string) string {
	best, distance := "", min(farthest+1, utf8.RuneCountInString(name))
	for _, k := range slices.Sorted(slices.Values(known)) {
		if d := levenshtein.Distance(name, k, nil); d < distance {
			best, distance = k, d
		}
	}
	return best
}

// meant gives ` Did you mean "x"?` for the nearest known name, or "".
func meant(name string, known []string) string {
	if n := nearest(name, known); n != "" {
		return fmt.Sprintf(" Did you mean %s?", addr.Quote(n))
	}
	return ""
}
