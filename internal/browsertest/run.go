package browsertest

import (
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// Call gives the browser a command of its protocol.
func Call[P, R any](tb testing.TB, t *Tab, command cdp.Command[P, R], params P) {
	tb.Helper()
	if _, err := chromedp.Call(t, command, params); err != nil {
		tb.Fatal(err)
	}
}

// Run carries out an action, and gives what comes of it.
func Run[T any](tb testing.TB, t *Tab, action chromedp.Action[T]) T {
	tb.Helper()
	got, err := chromedp.Run(t, action)
	if err != nil {
		tb.Fatal(err)
	}
	return got
}

// Eval evaluates a script in the page, and waits for what it promises.
func Eval[T any](tb testing.TB, t *Tab, script string) T {
	tb.Helper()
	got, err := chromedp.Run(t, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		tb.Fatalf("%.80s: %v", script, err)
	}
	return got
}
