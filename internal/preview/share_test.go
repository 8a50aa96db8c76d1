package preview_test

import (
	"strings"
	"testing"

	"herald/internal/preview"
)

// What other pages draw with is as harmless as a page of a plan.
func TestShared(t *testing.T) {
	for _, s := range hostile {
		safe(t, string(preview.Label(s)))
		text := preview.Plain(s)
		if i := invisible.FindStringIndex(text); i != nil || strings.Contains(text, "\n") || len([]rune(text)) > 900 {
			t.Errorf("%.30q reads %+.200q", s, text)
		}
	}
	if got := preview.Label("Ada & <b>"); !strings.Contains(string(got), "Ada &amp; &lt;b&gt;") {
		t.Errorf("a name reads %s", got)
	}
	if style := preview.Style(); !strings.Contains(style, ".bubble") || !strings.Contains(style, ".tallies") {
		t.Error("a page lacks its style")
	}
}
