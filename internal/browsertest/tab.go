package browsertest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// atMost is how long a browser runs.
const atMost = 2 * time.Minute

// Tab shows one page, and notes what the page must not do.
type Tab struct {
	context.Context
	mu       sync.Mutex
	page     string   // its address; one that ends in a slash may ask for all below it
	requests []string // for anything else
	errors   []string // of the page's console, violations of its policy among them
}

// Window is what a page is looked at through.
type Window struct {
	Width, Height int64   // in pixels of the page
	Scale         float64 // pixels of the screen for each of them; 1 when 0
	Scheme        string  // light or dark
	Still         bool    // whoever looks wants no motion
}

// Open starts Chromium without a window, with further flags of its command line, or skips the test where there is none.
func Open(tb testing.TB, flags ...string) *Tab {
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
	for _, flag := range append(flags, "disable-gpu", "disable-quic", "disable-background-networking", "disable-component-update", "disable-sync", "disable-dev-shm-usage") {
		opts = append(opts, chromedp.Flag(flag, true))
	}
	ctx, end := chromedp.NewExecAllocator(context.Background(), opts...)
	tb.Cleanup(end)
	ctx, end = chromedp.NewContext(ctx)
	tb.Cleanup(end)
	ctx, end = context.WithTimeout(ctx, atMost)
	tb.Cleanup(end)
	t := &Tab{Context: ctx}
	if err := chromedp.Listen(ctx, t.note); err != nil {
		tb.Fatal(err)
	}
	Call(tb, t, network.Enable, network.EnableParams{})
	Call(tb, t, log.Enable, cdp.Empty{})
	return t
}

// note keeps what a page did that it must not do.
func (t *Tab) note(event any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if !t.may(e.Request.URL) {
			t.requests = append(t.requests, e.Request.URL)
		}
	case *log.EventEntryAdded:
		t.errors = append(t.errors, e.Entry.Text)
	case *runtime.EventConsoleAPICalled:
		t.errors = append(t.errors, fmt.Sprint("console: ", e.Type))
	case *runtime.EventExceptionThrown:
		t.errors = append(t.errors, "exception: "+e.ExceptionDetails.Text)
	}
}

func (t *Tab) may(address string) bool {
	return address == t.page || strings.HasPrefix(address, "data:") || strings.HasSuffix(t.page, "/") && strings.HasPrefix(address, t.page)
}

// Visit shows an address in a window. From now on the page may ask for that address only, or for all below it if it ends in a
// slash.
func (t *Tab) Visit(tb testing.TB, address string, w Window) {
	tb.Helper()
	t.mu.Lock()
	t.page = address
	t.mu.Unlock()
	scale, motion := max(w.Scale, 1), "no-preference"
	if w.Still {
		motion = "reduce"
	}
	Call(tb, t, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: w.Width, Height: w.Height, DeviceScaleFactor: scale})
	Call(tb, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: w.Scheme}, {Name: "prefers-reduced-motion", Value: motion}}})
	Run(tb, t, chromedp.Navigate(address))
}

// Quiet fails when the page asked for anything else or complained of anything.
func (t *Tab) Quiet(tb testing.TB) {
	tb.Helper()
	time.Sleep(100 * time.Millisecond) // for events under way
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.requests) > 0 {
		tb.Errorf("the page asked for %q", t.requests)
	}
	if len(t.errors) > 0 {
		tb.Errorf("the page complained: %.2000q", t.errors)
	}
}

// FileAddress is how a browser names a file.
func FileAddress(path string) string { return (&url.URL{Scheme: "file", Path: path}).String() }
