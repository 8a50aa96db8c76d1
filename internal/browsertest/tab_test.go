package browsertest_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"herald/internal/browsertest"
)

// heard is a test that only keeps what it is told.
type heard struct {
	testing.TB
	errors []string
}

func (h *heard) Helper()                        {}
func (h *heard) Errorf(format string, _ ...any) { h.errors = append(h.errors, format) }

// A page that asks for something else, and one that complains, are both told of; one that does neither is not.
func TestQuiet(t *testing.T) {
	tab := browsertest.Open(t)
	show := func(name, text string) []string {
		path := filepath.Join(t.TempDir(), name+".html")
		if err := os.WriteFile(path, []byte("<!doctype html><title>"+name+"</title>"+text), 0o600); err != nil {
			t.Fatal(err)
		}
		tab.Visit(t, browsertest.FileAddress(path), browsertest.Window{Width: 400, Height: 300, Scheme: "dark", Still: true})
		if title := browsertest.Eval[string](t, tab, `Promise.resolve(document.title)`); title != name {
			t.Errorf("it shows %q", title)
		}
		h := &heard{TB: t}
		tab.Quiet(h)
		return h.errors
	}
	if got := show("calm", ""); len(got) > 0 {
		t.Errorf("calm: %q", got)
	}
	for _, media := range []string{"(prefers-color-scheme: dark)", "(prefers-reduced-motion: reduce)", "(width: 400px)"} {
		if !browsertest.Eval[bool](t, tab, `matchMedia("`+media+`").matches`) {
			t.Errorf("not %s", media)
		}
	}
	got := show("loud", `<img src="elsewhere.png"><script>console.log("hi")</script>`)
	if len(got) != 2 || !slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "asked for") }) {
		t.Errorf("loud: %q", got)
	}
}
