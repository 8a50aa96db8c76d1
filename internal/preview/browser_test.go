package preview_test

import (
	"os"
	"path/filepath"
	"testing"

	"herald/internal/browsertest"
	"herald/internal/report"
)

// open shows a review in a window so many pixels wide.
func open(t *testing.T, b *browsertest.Tab, r report.Review, width int64, scheme string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "plan.html")
	if err := os.WriteFile(file, []byte(page(t, r)), 0o600); err != nil {
		t.Fatal(err)
	}
	b.Visit(t, browsertest.FileAddress(file), browsertest.Window{Width: width, Height: 900, Scheme: scheme})
}
