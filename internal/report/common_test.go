package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestCommon(t *testing.T) {
	for _, tt := range []struct{ a, b, want string }{
		{"", "", ""}, {"", "x", ""}, {"a b c", "a b c", "a b c"}, {"a b c", "a x c", "a c"}, {"a b", "c d", ""},
		{"p a b q", "r a b s", "a b"}, {"a b a b c", "b a b", "b a b"},
	} {
		a, b := strings.Fields(tt.a), strings.Fields(tt.b)
		inA, inB := Common(a, b)
		if got := [2]string{marked(a, inA), marked(b, inB)}; got != [2]string{tt.want, tt.want} {
			t.Errorf("%q and %q have %q in common, want %q", tt.a, tt.b, got, tt.want)
		}
	}
}

// A sealed plan comes from elsewhere: of texts however long only the ends are compared, in little time and memory.
func TestCommonIsBounded(t *testing.T) {
	var a, b []string
	for i := range maxCells/1000 + 1 {
		a, b = append(a, fmt.Sprint("a", i)), append(b, fmt.Sprint("b", i))
	}
	for _, tt := range []struct {
		n    int
		want string
	}{{400, "begin middle end"}, {len(a), "begin end"}} {
		around := func(all []string) []string {
			return slices.Concat([]string{"begin"}, all[:tt.n/2], []string{"middle"}, all[tt.n/2:tt.n], []string{"end"})
		}
		x, y := around(a), around(b)
		inX, inY := Common(x, y)
		if got := [2]string{marked(x, inX), marked(y, inY)}; got != [2]string{tt.want, tt.want} {
			t.Errorf("of %d parts they have %.60q in common, want %q", tt.n, got, tt.want)
		}
	}
}

func marked(all []string, which []bool) string {
	var some []string
	for i, s := range all {
		if which[i] {
			some = append(some, s)
		}
	}
	return strings.Join(some, " ")
}
