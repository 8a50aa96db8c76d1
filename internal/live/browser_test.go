package live_test

import (
	"testing"
	"time"

	"herald/internal/browsertest"
	"herald/providers/sandbox"
)

// open shows the sandbox's page in a window so many pixels wide.
func open(t *testing.T, b *browsertest.Tab, box *sandbox.Sandbox, width int64, scheme string) {
	t.Helper()
	b.Visit(t, address(box, "/"), browsertest.Window{Width: width, Height: 900, Scheme: scheme})
}

// until waits for a script to give true.
func until(t *testing.T, b *browsertest.Tab, what, script string) {
	t.Helper()
	for range 600 {
		if browsertest.Eval[bool](t, b, "!!("+script+")") {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatalf("%s: not after 15 s", what)
}
