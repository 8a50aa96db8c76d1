package cli

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// chromium starts a browser without a window, or skips the test where there is none.
func chromium(tb testing.TB) context.Context {
	tb.Helper()
	path := os.Getenv("CHROME_BIN")
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); path == "" && err == nil {
			path = found
		}
	}
	if path == "" {
		tb.Skip("no browser: install one (Debian: apt-get install chromium), or name it in CHROME_BIN")
	}
	opts := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.UserDataDir(tb.TempDir()), chromedp.NoFirstRun, chromedp.Headless, chromedp.NoSandbox,
	}
	for _, flag := range []string{"disable-gpu", "disable-quic", "disable-background-networking", "disable-component-update", "disable-sync", "disable-dev-shm-usage", "hide-scrollbars"} {
		opts = append(opts, chromedp.Flag(flag, true))
	}
	ctx, end := chromedp.NewExecAllocator(context.Background(), opts...)
	tb.Cleanup(end)
	ctx, end = chromedp.NewContext(ctx)
	tb.Cleanup(end)
	ctx, end = context.WithTimeout(ctx, time.Minute)
	tb.Cleanup(end)
	return ctx
}

// visit shows an address in a window of that size, light or dark.
func visit(tb testing.TB, ctx context.Context, address string, w window) {
	tb.Helper()
	_, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: w.width, Height: w.height, DeviceScaleFactor: w.scale,
	})
	if err == nil {
		_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: w.scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}},
		})
	}
	if err == nil {
		_, err = chromedp.Run(ctx, chromedp.Navigate(address))
	}
	if err != nil {
		tb.Fatal(err)
	}
}

// window is what a page is looked at through.
type window struct {
	width, height int64   // in pixels of the page
	scale         float64 // pixels of the screen for each of them
	scheme        string  // light or dark
}

// ask evaluates a script in the page, and waits for what it promises.
func ask[T any](tb testing.TB, ctx context.Context, script string) T {
	tb.Helper()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		tb.Fatalf("%.80s: %v", script, err)
	}
	return got
}

// fileAddress is how a browser names a file.
func fileAddress(path string) string { return (&url.URL{Scheme: "file", Path: path}).String() }
