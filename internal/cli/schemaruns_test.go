package cli

import (
	"slices"
	"strings"
	"testing"
)

// rare are the parts of the schemas that no run below brings, and why.
var rare = map[string]string{
	"stream.schema.json#/$defs/test_file/properties/status=skip":    "somebody interrupts the tests",
	"stream.schema.json#/$defs/test_run/properties/status=skip":     "likewise",
	"stream.schema.json#/$defs/test_summary/properties/status=skip": "likewise",
}

// Campaigns that together bring each sign, action and member that there is: what herald prints is what the schemas say, and the
// schemas say nothing that herald never prints.
func TestSchemasHoldForRealOutput(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and nothing in it runs at once")
	}
	t.Parallel()
	s := publishedSchemas(t)
	t.Run("runs", func(t *testing.T) {
		for name, play := range plays {
			t.Run(name, func(t *testing.T) { t.Parallel(); play(t) })
		}
	})
	TestRareLinesAreValid(t)
	s.mu.Lock()
	defer s.mu.Unlock()
	for file := range s.trees {
		for _, one := range s.everything(file) {
			if _, known := rare[one]; !known && !s.seen[one] && !valuesOnly(one) {
				t.Errorf("nothing had %s", one)
			}
		}
	}
	documented(t, s.said, lineTypes(s))
}

// valuesOnly reports whether a part of the schemas is a value of a set that is the code's own, which TestSchemasListTheValues
// compares: not each outcome of a request is played here.
func valuesOnly(part string) bool {
	return slices.ContainsFunc([]string{"/send/properties/result=", "/send/properties/class=", "/send/properties/finding=", "/received/properties/result=",
		"/troubled/properties/state=", "/edit/properties/kind=", "/test_file/properties/status=error", "/test_run/properties/status=error"},
		func(kind string) bool { return strings.Contains(part, kind) })
}
