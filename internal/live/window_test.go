package live_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"herald/internal/browsertest"
	"herald/providers/sandbox"
)

// TestPageInABrowser looks at the page while messages come.
func TestPageInABrowser(t *testing.T) {
	b := browsertest.Open(t)
	t.Run("messages come", func(t *testing.T) { arrives(t, b) })
	t.Run("fits every window", func(t *testing.T) { fits(t, b) })
	t.Run("filters", func(t *testing.T) { filter(t, b) })
	t.Run("pause", func(t *testing.T) { pause(t, b) })
	t.Run("answers", func(t *testing.T) { answers(t, b) })
	t.Run("keyboard", func(t *testing.T) { keyboard(t, b) })
	t.Run("hostile texts", func(t *testing.T) { survives(t, b) })
	t.Run("a storm", func(t *testing.T) { storm(t, b) })
	t.Run("without scripts", func(t *testing.T) { bare(t, b) })
	b.Quiet(t)
	t.Run("the sandbox ends", func(t *testing.T) { ends(t, b) }) // the browser complains of that
}

// filled is a sandbox that got content of every kind from every provider.
func filled(t *testing.T, s string) *sandbox.Sandbox {
	t.Helper()
	box := started(t, sandbox.Options{NoLimits: true})
	for _, one := range senders(t, box) {
		for _, c := range contents(s) {
			if one.carries(c.Kind) {
				one.send(t, c, nil)
			}
		}
	}
	return box
}

const following = `document.getElementById("state")?.textContent === "Live."`

// leave ends the page's stream before its sandbox ends, which the page would complain of.
func leave(t *testing.T, b *browsertest.Tab) {
	t.Helper()
	browsertest.Run(t, b, chromedp.Navigate("data:text/html,"))
}

func arrives(t *testing.T, b *browsertest.Tab) {
	box := started(t, sandbox.Options{NoLimits: true})
	all := senders(t, box)
	open(t, b, box, 1280, "light")
	defer leave(t, b)
	until(t, b, "the stream", following)
	if !browsertest.Eval[bool](t, b, `document.getElementById("none").checkVisibility()`) {
		t.Error("an empty page says nothing")
	}
	last(t, box, sandbox.HeyX, all[sandbox.HeyX], contents("Hello from HeyX")["question"], nil)
	until(t, b, "a message", `document.querySelector("article .screen")?.textContent.includes("Hello from HeyX")`)
	last(t, box, sandbox.Avaamo, all[sandbox.Avaamo], contents("Hello from Avaamo")["cards"], nil)
	until(t, b, "another", `document.querySelector("article .screen").textContent.includes("Hello from Avaamo")`) // the first article now
	if _, err := box.Read(sandbox.Avaamo, "1faa40c8253e65aa02bfd02fd8643d35"); err != nil {
		t.Fatal(err)
	}
	until(t, b, "that it was read", `/ · read$/.test(document.querySelector("article .item:last-child").textContent)`)
	for range 30 {
		last(t, box, sandbox.HeyX, all[sandbox.HeyX], contents("More")["text"], nil)
	}
	last(t, box, sandbox.HeyX, all[sandbox.HeyX], contents("The newest")["text"], nil)
	until(t, b, "the newest in view", `(() => { const s = document.querySelector("article .screen"), i = s.querySelector(".item:last-child");
		return i.textContent.includes("The newest") && i.getBoundingClientRect().bottom <= s.getBoundingClientRect().bottom + 1 && s.scrollHeight > s.clientHeight; })()`)
	if got := browsertest.Eval[string](t, b, `document.title + "|" + document.querySelector('[data-count="heyx"]').textContent + "|" + document.getElementById("found").textContent + "|" + document.querySelectorAll("article").length`); got != "33 messages in the sandbox|32|All 33 messages on this page|2" {
		t.Errorf("the page says %q", got)
	}
	until(t, b, "that it is said aloud", `document.getElementById("news").textContent.endsWith("arrived")`)
	if browsertest.Eval[bool](t, b, `document.getElementById("none").checkVisibility()`) {
		t.Error("a full page says that nothing came")
	}
}

// wide counts the pixels by which a page is wider than its window.
const wide = `document.documentElement.scrollWidth - innerWidth`

func fits(t *testing.T, b *browsertest.Tab) {
	box := filled(t, "Which tea shall it be, Ada?")
	defer leave(t, b)
	for _, width := range []int64{360, 768, 1280, 2200} {
		for _, scheme := range []string{"light", "dark"} {
			open(t, b, box, width, scheme)
			until(t, b, "the stream", following)
			if by := browsertest.Eval[int](t, b, wide); by > 0 {
				t.Errorf("%s, %d pixels: wider by %d", scheme, width, by)
			}
			if dark := browsertest.Eval[bool](t, b, `parseInt(getComputedStyle(document.body).backgroundColor.match(/\d+/)[0]) < 80`); dark != (scheme == "dark") {
				t.Errorf("%s: the page is dark: %v", scheme, dark)
			}
			if poor := browsertest.Eval[[]string](t, b, contrast); len(poor) > 0 {
				t.Errorf("%s, %d pixels: hard to read: %q", scheme, width, poor)
			}
			if dir := os.Getenv("HERALD_SCREENSHOTS"); dir != "" {
				shot := browsertest.Run(t, b, chromedp.FullScreenshot(100))
				if err := os.WriteFile(fmt.Sprintf("%s/sandbox-%d-%s.png", dir, width, scheme), shot, 0o600); err != nil {
					t.Error(err)
				}
			}
		}
	}
}

// contrast measures every text against what is behind it: 4.5, or 3 for large ones, is what weak eyes need.
const contrast = `(() => {
	const rgb = (c) => { const n = c.match(/[\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
	const light = (c) => { const [r, g, b] = c.map((v) => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126*r + .7152*g + .0722*b; };
	const behind = (el) => { for (; el; el = el.parentElement) { const c = rgb(getComputedStyle(el).backgroundColor); if (c[3] === 1) return c.slice(0, 3); } return [255, 255, 255]; };
	const poor = new Set();
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walk.nextNode()) {
		const el = walk.currentNode.parentElement;
		if (!walk.currentNode.data.trim() || el.closest("script, style, option") || !el.getClientRects().length) continue;
		const s = getComputedStyle(el), [a, z] = [light(rgb(s.color).slice(0, 3)), light(behind(el))], ratio = (Math.max(a, z) + .05) / (Math.min(a, z) + .05);
		const large = parseFloat(s.fontSize) >= 24 || parseFloat(s.fontSize) >= 18.66 && s.fontWeight >= 700;
		if (ratio < (large ? 3 : 4.5)) poor.add(el.className + " " + el.tagName + " " + ratio.toFixed(2));
	}
	return [...poor];
})()`

func filter(t *testing.T, b *browsertest.Tab) {
	box := started(t, sandbox.Options{NoLimits: true})
	all := senders(t, box)
	say := func(vendor, s string) {
		t.Helper()
		last(t, box, vendor, all[vendor], contents(s)["text"], nil)
	}
	say(sandbox.HeyX, "Green tea")
	say(sandbox.HeyX, "Black tea")
	say(sandbox.Avaamo, "Green coffee")
	open(t, b, box, 1280, "light")
	defer leave(t, b)
	until(t, b, "the stream", following)
	found := func(what string, articles int, said string) {
		t.Helper()
		until(t, b, what, fmt.Sprintf(`document.querySelectorAll("article:not([hidden])").length === %d && document.getElementById("found").textContent === %q`, articles, said))
	}
	pick := func(name, choice string) {
		t.Helper()
		if !browsertest.Eval[bool](t, b, fmt.Sprintf(`(() => { const s = document.querySelector("select[name=%s]"), o = [...s.options].find((o) => o.text === %q);
			if (!o) return false; s.value = o.value; s.dispatchEvent(new Event("input", {bubbles: true})); return true; })()`, name, choice)) {
			t.Fatalf("%s has no choice %q", name, choice)
		}
	}
	reset := func() { t.Helper(); browsertest.Run(t, b, chromedp.Click("#filters button[type=reset]")) }
	found("at first", 2, "All 3 messages on this page")
	browsertest.Run(t, b, chromedp.SendKeys("input[name=q]", "GREEN"))
	found("a word", 2, "2 of 3 messages on this page")
	say(sandbox.HeyX, "Another green tea")
	found("a word that comes", 2, "3 of 4 messages on this page")
	say(sandbox.Maax, "Red wine")
	found("one that does not match", 2, "3 of 5 messages on this page")
	browsertest.Run(t, b, chromedp.SendKeys("input[name=q]", " nowhere"))
	found("a word that is nowhere", 0, "0 of 5 messages on this page")
	if !browsertest.Eval[bool](t, b, `document.getElementById("none").checkVisibility() && document.getElementById("none").textContent.startsWith("No message matches")`) {
		t.Error("nothing says that no message matches")
	}
	reset()
	found("cleared", 3, "All 5 messages on this page")
	pick("vendor", "avaamo")
	found("a provider", 1, "1 of 5 messages on this page")
	reset()
	pick("talk", "1776025372480910, heyx")
	found("a conversation", 1, "3 of 5 messages on this page")
}

func pause(t *testing.T, b *browsertest.Tab) {
	box, page := both(t, sandbox.Options{})
	open(t, b, box, 1280, "light")
	defer leave(t, b)
	until(t, b, "the stream", following)
	browsertest.Run(t, b, chromedp.Click("button#pause"))
	until(t, b, "a pause", `document.getElementById("state").textContent === "Paused." && document.getElementById("pause").ariaPressed === "true"`)
	page.Observe(text("ada", "meanwhile"))
	time.Sleep(500 * time.Millisecond)
	if n := browsertest.Eval[int](t, b, `document.querySelectorAll("article").length`); n != 0 {
		t.Errorf("%d conversations came in a pause", n)
	}
	browsertest.Run(t, b, chromedp.Click("button#pause"))
	until(t, b, "what came meanwhile", following+` && document.querySelector("article")?.textContent.includes("meanwhile")`)
}

func answers(t *testing.T, b *browsertest.Tab) {
	box := started(t, sandbox.Options{NoLimits: true})
	all := senders(t, box)
	last(t, box, sandbox.HeyX, all[sandbox.HeyX], contents("Tea?")["question"], nil)
	open(t, b, box, 1280, "light")
	defer leave(t, b)
	until(t, b, "the stream", following)
	last(t, box, sandbox.Digital99, all[sandbox.Digital99], contents("Tea?")["question"], nil)
	until(t, b, "a question", `document.querySelectorAll("article").length === 2`)
	if browsertest.Eval[bool](t, b, `[...document.querySelectorAll("article[data-vendor=heyx] button")].some((b) => !b.disabled)`) {
		t.Error("where nobody can write a button can be pressed")
	}
	const mine = `[...document.querySelectorAll(".mine .said")].map((e) => e.textContent.trim()).join("|")`
	browsertest.Run(t, b, chromedp.Click("article[data-vendor=digital99] .replies button"))
	until(t, b, "the answer", mine+` === "Green"`)
	browsertest.Run(t, b, chromedp.SendKeys("article[data-vendor=digital99] input", "Thank you <b>"+kb.Enter))
	until(t, b, "own words", mine+` === "Green|Thank you <b>" && document.querySelector(".write input").value === ""`)
	if problem := browsertest.Eval[string](t, b, `document.getElementById("trouble").textContent`); problem != "" {
		t.Errorf("trouble: %s", problem)
	}
}

// keyboard walks through the page with Tab: what can be reached comes in the order of the page, has a name and shows that it
// has the focus.
func keyboard(t *testing.T, b *browsertest.Tab) {
	open(t, b, filled(t, strings.Repeat("long ", 20)), 1280, "light")
	defer leave(t, b)
	until(t, b, "the stream", following)
	const want = `[...document.querySelectorAll("a[href], input, select, button, summary, [tabindex='0']")].filter((e) => !e.disabled && e.checkVisibility()).length`
	const focused = `(() => { const e = document.activeElement; if (e === document.body) return "";
		window.last = window.last || document.body;
		const after = last === document.body || !!(last.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING); last = e;
		const name = e.getAttribute("aria-label") || e.getAttribute("aria-labelledby") || e.textContent.trim() || e.labels?.[0]?.textContent;
		const seen = getComputedStyle(e).outlineStyle !== "none" && parseFloat(getComputedStyle(e).outlineWidth) >= 2;
		return [after ? "" : "out of order", name ? "" : "no name", seen ? "" : "focus not seen"].filter(Boolean).join(", ") + "|" + e.outerHTML.slice(0, 80); })()`
	stops := browsertest.Eval[int](t, b, want)
	if stops < 20 {
		t.Fatalf("only %d stops", stops)
	}
	for i := range stops {
		browsertest.Run(t, b, chromedp.KeyEvent(kb.Tab))
		if wrong, what, _ := strings.Cut(browsertest.Eval[string](t, b, focused), "|"); wrong != "" || what == "" {
			t.Fatalf("stop %d of %d, %s: %s", i+1, stops, what, wrong)
		}
	}
}

func survives(t *testing.T, b *browsertest.Tab) {
	box, page := both(t, sandbox.Options{})
	open(t, b, box, 360, "dark")
	defer leave(t, b)
	until(t, b, "the stream", following)
	n := 0
	for _, s := range hostile {
		if len(s) > 10_000 { // of what is huge only the newest are told
			continue
		}
		n += 3
		page.Observe(text(s, s))
		page.Observe(sandbox.Message{Vendor: s, At: time.Now(), To: s, Kind: s, Text: s, Body: []byte(s)})
		page.Witness(sandbox.Happened{Vendor: sandbox.HeyX, Conversation: s, At: time.Now(), Kind: sandbox.EventWritten, Text: s})
	}
	check := func(how string) {
		t.Helper()
		until(t, b, how, fmt.Sprintf(`document.querySelectorAll(".item").length === %d`, n))
		if n := browsertest.Eval[int](t, b, `document.querySelectorAll("article img, article svg, article script, article a, article iframe, article b, article [style]").length`); n > 0 {
			t.Errorf("%s: %d elements from data", how, n)
		}
		if n := browsertest.Eval[int](t, b, `[...document.querySelectorAll("*")].flatMap((e) => [...e.attributes]).filter((a) => a.name.startsWith("on") || a.name === "src").length`); n > 0 {
			t.Errorf("%s: %d attributes from data", how, n)
		}
		if by := browsertest.Eval[int](t, b, wide); by > 0 {
			t.Errorf("%s: wider by %d", how, by)
		}
	}
	check("as they come")
	open(t, b, box, 360, "light")
	until(t, b, "the stream", following)
	check("as they are loaded")
}

// storm lets more messages come than a page shows, as fast as they can.
func storm(t *testing.T, b *browsertest.Tab) {
	box, page := both(t, sandbox.Options{})
	open(t, b, box, 1280, "light")
	defer leave(t, b)
	until(t, b, "the stream", following)
	began := time.Now()
	const many = 100_000
	one := text("", "message")
	for i := range many {
		m := one
		m.To, m.Text = fmt.Sprint("c", i%40), fmt.Sprint("message ", i)
		page.Observe(m)
		if i == 199 {
			until(t, b, "the first", `document.querySelectorAll(".item").length === 200`)
		}
	}
	sent := time.Since(began)
	until(t, b, "the last", `document.querySelector('[data-count="heyx"]').textContent === "100,000" && document.getElementById("talks").textContent.includes("message 99999")`)
	t.Logf("%d messages were noted in %s, and shown %s after they began", many, sent, time.Since(began))
	if n := browsertest.Eval[int](t, b, `document.querySelectorAll(".item").length`); n != 300 {
		t.Errorf("%d messages are on the page", n)
	}
	if !browsertest.Eval[bool](t, b, `[...document.querySelectorAll(".item")].every((i) => +i.querySelector(".words").textContent.slice(8) >= 99700)`) {
		t.Error("they are not the newest")
	}
	ms := browsertest.Eval[float64](t, b, `(() => { const t = performance.now(); document.querySelector("input[name=q]").value = "99999"; document.getElementById("filters").requestSubmit(); return performance.now() - t; })()`)
	t.Logf("a filter takes %.1f ms", ms)
}

func bare(t *testing.T, b *browsertest.Tab) {
	browsertest.Call(t, b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	defer browsertest.Call(t, b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{})
	open(t, b, filled(t, "Which tea shall it be?"), 1280, "light")
	text := browsertest.Run(t, b, chromedp.Text("body"))
	for _, want := range []string{"Which tea shall it be?", "1776025372480910", "Load the page again", "As it was when this page was loaded."} {
		if !strings.Contains(text, want) {
			t.Errorf("without scripts the page does not show %q", want)
		}
	}
	if strings.Contains(text, "Pause") || strings.Contains(text, "Answer as this person") {
		t.Error("without scripts the page shows what does nothing")
	}
	leave(t, b)
}

// ends lets the sandbox end and another begin at its address: the page says so, and becomes the other's.
func ends(t *testing.T, b *browsertest.Tab) {
	box, page := both(t, sandbox.Options{})
	page.Observe(text("ada", "of the first"))
	open(t, b, box, 1280, "light")
	defer leave(t, b)
	until(t, b, "the stream", following)
	if err := box.Close(); err != nil {
		t.Fatal(err)
	}
	until(t, b, "that it has ended", `document.getElementById("state").textContent.startsWith("Not connected") && document.querySelector("article").textContent.includes("of the first")`)
	_, page = both(t, sandbox.Options{Listen: box.Addr()})
	page.Observe(text("ada", "of the second"))
	until(t, b, "the other", following+` && document.querySelector("article")?.textContent.includes("of the second")`)
	if browsertest.Eval[bool](t, b, `document.body.textContent.includes("of the first")`) {
		t.Error("the page mixes two runs")
	}
}
