package live_test

import (
	"context"
	"fmt"
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

	"herald/providers/sandbox"
)

// tab is a browser that shows one page and notes what the page must not do.
type tab struct {
	context.Context
	mu       sync.Mutex
	server   string   // the one that the page may ask
	requests []string // to others
	errors   []string // of its console, violations of its policy among them
}

// browser starts Chromium, or skips the test where there is none.
func browser(t *testing.T) *tab {
	t.Helper()
	path := os.Getenv("CHROME_BIN")
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); path == "" && err == nil {
			path = found
		}
	}
	if path == "" {
		t.Skip("no browser: install one (Debian: apt-get install chromium), or name it in CHROME_BIN")
	}
	opts := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.NoFirstRun, chromedp.Headless, chromedp.NoSandbox,
	}
	for _, flag := range []string{"disable-gpu", "disable-quic", "disable-background-networking", "disable-component-update", "disable-sync", "disable-dev-shm-usage"} {
		opts = append(opts, chromedp.Flag(flag, true))
	}
	ctx, end := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(end)
	ctx, end = chromedp.NewContext(ctx)
	t.Cleanup(end)
	ctx, end = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(end)
	b := &tab{Context: ctx}
	if err := chromedp.Listen(ctx, func(event any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			if !strings.HasPrefix(e.Request.URL, b.server) && !strings.HasPrefix(e.Request.URL, "data:") {
				b.requests = append(b.requests, e.Request.URL)
			}
		case *log.EventEntryAdded:
			b.errors = append(b.errors, e.Entry.Text)
		case *runtime.EventConsoleAPICalled:
			b.errors = append(b.errors, fmt.Sprint("console: ", e.Type))
		case *runtime.EventExceptionThrown:
			b.errors = append(b.errors, "exception: "+e.ExceptionDetails.Text)
		}
	}); err != nil {
		t.Fatal(err)
	}
	call(t, b, network.Enable, network.EnableParams{})
	call(t, b, log.Enable, cdp.Empty{})
	return b
}

func call[P, R any](t *testing.T, b *tab, command cdp.Command[P, R], params P) {
	t.Helper()
	if _, err := chromedp.Call(b, command, params); err != nil {
		t.Fatal(err)
	}
}

func do[T any](t *testing.T, b *tab, action chromedp.Action[T]) T {
	t.Helper()
	got, err := chromedp.Run(b, action)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func eval[T any](t *testing.T, b *tab, script string) T {
	t.Helper()
	return do(t, b, chromedp.Evaluate[T](script))
}

// until waits for a script to give true.
func until(t *testing.T, b *tab, what, script string) {
	t.Helper()
	for range 600 {
		if eval[bool](t, b, "!!("+script+")") {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatalf("%s: not after 15 s", what)
}

// open shows the page in a window so many pixels wide.
func (b *tab) open(t *testing.T, box *sandbox.Sandbox, width int64, scheme string) {
	t.Helper()
	b.mu.Lock()
	b.server = address(box, "/")
	b.mu.Unlock()
	do(t, b, chromedp.EmulateViewport(width, 900))
	call(t, b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
	do(t, b, chromedp.Navigate(b.server))
}

// quiet fails when the page asked for anything else or complained of anything.
func (b *tab) quiet(t *testing.T) {
	t.Helper()
	time.Sleep(100 * time.Millisecond) // for events under way
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.requests) > 0 {
		t.Errorf("the page asked for %q", b.requests)
	}
	if len(b.errors) > 0 {
		t.Errorf("the page complained: %.2000q", b.errors)
	}
}
