package cli

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"herald/internal/browsertest"
	"herald/internal/live"
	"herald/providers"
	"herald/providers/sandbox"
)

var takeScreenshots = flag.Bool("screenshots", false, "take the pictures in docs/screenshots anew")

const screenshots = "../../docs/screenshots"

// shot is one picture in docs/screenshots.
type shot struct {
	name    string
	page    func(t *testing.T, example string) string // gives the address of a page about an example
	example string
	window  browsertest.Window
	prepare string // a script that brings the page to where it is looked at
}

// shots lists all pictures. They are of the examples, so that whoever likes one can have it on a screen of their own.
var shots = []shot{
	{"preview.png", planned, "announcement", browsertest.Window{Width: 1280, Height: 1016, Scale: 2, Scheme: "light", Still: true}, onePerson},
	{"preview-dark.png", planned, "announcement", browsertest.Window{Width: 1280, Height: 1016, Scale: 2, Scheme: "dark", Still: true}, onePerson},
	{"preview-timeline.png", planned, "announcement", browsertest.Window{Width: 1280, Height: 790, Scale: 2, Scheme: "light", Still: true}, `document.getElementById("who").scrollIntoView()`},
	{"preview-content.png", planned, "rich-content", browsertest.Window{Width: 1280, Height: 1000, Scale: 2, Scheme: "light", Still: true}, `document.querySelector(".chats").scrollIntoView()`},
	{"preview-narrow.png", planned, "rich-content", browsertest.Window{Width: 390, Height: 844, Scale: 2, Scheme: "light", Still: true}, `document.querySelector("[data-name='avaamo.carousel']").scrollIntoView()`},
	{"sandbox.png", arrived, "rich-content", browsertest.Window{Width: 1280, Height: 1016, Scale: 2, Scheme: "light", Still: true}, oneWord},
}

// onePerson shows the messages of the first person only, as whoever reads the page would, and waits until it is done.
const onePerson = `new Promise((done) => {
	new MutationObserver(() => done(true)).observe(document.getElementById("found"), {childList: true});
	const people = document.querySelector("select[name=person]");
	people.value = "0"; people.dispatchEvent(new Event("input", {bubbles: true})); })`

// oneWord searches for a word, as onePerson does for a person, and goes back to where each conversation begins.
const oneWord = `new Promise((done) => {
	new MutationObserver(() => { for (const e of document.querySelectorAll(".tail")) e.scrollTop = -e.scrollHeight; done(true); }).observe(document.getElementById("found"), {childList: true});
	const words = document.querySelector("input[name=q]");
	words.value = "tea"; words.dispatchEvent(new Event("input", {bubbles: true})); })`

// TestScreenshots takes the pictures, when asked to: make screenshots.
func TestScreenshots(t *testing.T) {
	if !*takeScreenshots {
		t.Skip("make screenshots takes them")
	}
	browser := browsertest.Open(t, "hide-scrollbars")
	for _, s := range shots {
		browser.Visit(t, s.page(t, s.example), s.window)
		if s.prepare != "" {
			browsertest.Eval[any](t, browser, s.prepare)
		}
		if err := os.WriteFile(filepath.Join(screenshots, s.name), photograph(t, browser), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// The pictures are there, as large as they should be and small to load.
func TestScreenshotsAreThere(t *testing.T) {
	const most = 150_000 // bytes
	var want []string
	for _, s := range shots {
		want = append(want, s.name)
		content, err := os.ReadFile(filepath.Join(screenshots, s.name))
		if err != nil {
			t.Errorf("%v; make screenshots takes it", err)
			continue
		}
		if len(content) > most {
			t.Errorf("%s has %d bytes, more than %d", s.name, len(content), most)
		}
		config, err := png.DecodeConfig(bytes.NewReader(content))
		width, height := int(float64(s.window.Width)*s.window.Scale), int(float64(s.window.Height)*s.window.Scale)
		if err != nil || config.Width != width || config.Height != height {
			t.Errorf("%s is %d × %d (%v), not %d × %d; make screenshots takes it anew", s.name, config.Width, config.Height, err, width, height)
		}
	}
	entries, err := os.ReadDir(screenshots)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(want, e.Name()) {
			t.Errorf("%s is a picture that nothing takes", e.Name())
		}
	}
}

// planned plans an example in the sandbox, and draws that.
func planned(t *testing.T, name string) string {
	t.Helper()
	dir := copyDir(t, filepath.Join("../../examples", name))
	herald(t, dir, nil, "plan", "-sandbox", "-out=a.plan")
	herald(t, dir, nil, "show", "-sandbox", "-html=a.html", "a.plan")
	return browsertest.FileAddress(filepath.Join(dir, "a.html"))
}

// arrived sends an example to emulators that have a page, as herald sandbox does, and shows that page.
func arrived(t *testing.T, name string) string {
	t.Helper()
	page := live.New()
	box, err := sandbox.Start(sandbox.Options{Observe: page.Observe, Witness: page.Witness, Page: page.Serve})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { box.Close() })
	dir := copyDir(t, filepath.Join("../../examples", name))
	var env []string
	for _, v := range box.Vendors() {
		vendor := slices.IndexFunc(facts(), func(f providers.Facts) bool { return f.Type == v.Name })
		for _, setting := range facts()[vendor].Settings {
			if setting.Secret {
				env = append(env, setting.Env+"="+sandboxToken(setting, v))
			}
		}
		addressed(t, dir, fmt.Sprintf("provider %q {", v.Name), fmt.Sprintf("\n  base_url = %q\n", v.URL))
	}
	herald(t, dir, env, "apply", "-auto-approve")
	return pageOf(box)
}

// addressed adds a line to what begins so in a campaign.
func addressed(t *testing.T, dir, begins, line string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err == nil {
			err = os.WriteFile(file, bytes.Replace(content, []byte(begins), []byte(begins+line), 1), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// herald runs a command that must go well.
func herald(t *testing.T, dir string, env []string, args ...string) {
	t.Helper()
	cmd := exec.Command("herald", append([]string{"-chdir=" + dir}, args...)...)
	cmd.Env = append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("herald %q: %v\n%s", args, err, out)
	}
}

// photograph gives what the window shows as a PNG of few colours: a page has few, and letters stay sharp.
func photograph(t *testing.T, browser context.Context) []byte {
	t.Helper()
	raw, err := chromedp.Call(browser, page.CaptureScreenshot, page.CaptureScreenshotParams{})
	if err != nil {
		t.Fatal(err)
	}
	whole, err := png.Decode(bytes.NewReader(raw.Data))
	if err != nil {
		t.Fatal(err)
	}
	var small bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&small, fewColours(whole)); err != nil {
		t.Fatal(err)
	}
	return small.Bytes()
}

// fewColours draws a picture with the 256 colours that it has most of, each pixel in the nearest one.
func fewColours(in image.Image) *image.Paletted {
	counts := map[color.Color]int{}
	b := in.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			counts[in.At(x, y)]++
		}
	}
	colours := slices.SortedFunc(maps.Keys(counts), func(a, b color.Color) int {
		ar, ag, ab, _ := a.RGBA()
		br, bg, bb, _ := b.RGBA()
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(ar, br), cmp.Compare(ag, bg), cmp.Compare(ab, bb))
	})
	palette := color.Palette(colours[:min(256, len(colours))])
	nearest := map[color.Color]uint8{}
	for _, c := range colours {
		nearest[c] = uint8(palette.Index(c))
	}
	out := image.NewPaletted(b, palette)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			out.SetColorIndex(x, y, nearest[in.At(x, y)])
		}
	}
	return out
}
