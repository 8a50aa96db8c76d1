package preview_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"herald/internal/browsertest"
)

// TestPageInABrowser looks at pages as those see them who approve plans.
func TestPageInABrowser(t *testing.T) {
	b := browsertest.Open(t)
	t.Run("fits every window", func(t *testing.T) { fits(t, b) })
	t.Run("contrast", func(t *testing.T) { contrast(t, b) })
	t.Run("filters", func(t *testing.T) { filter(t, b) })
	t.Run("keyboard", func(t *testing.T) { keyboard(t, b) })
	t.Run("copying", func(t *testing.T) { copied(t, b) })
	t.Run("hostile data", func(t *testing.T) { survives(t, b) })
	t.Run("without scripts", func(t *testing.T) { bare(t, b) })
	t.Run("a crowd", func(t *testing.T) { opens(t, b) })
	b.Quiet(t)
}

// wide counts the pixels by which a page is wider than its window.
const wide = `document.documentElement.scrollWidth - innerWidth`

func fits(t *testing.T, b *browsertest.Tab) {
	for _, width := range []int64{360, 768, 1280, 2200} {
		for _, scheme := range []string{"light", "dark"} {
			open(t, b, renewal(), width, scheme)
			if by := browsertest.Eval[int](t, b, wide); by > 0 {
				t.Errorf("%s, %d pixels: wider by %d", scheme, width, by)
			}
			dark := browsertest.Eval[bool](t, b, `parseInt(getComputedStyle(document.body).backgroundColor.match(/\d+/)[0]) < 80`)
			if dark != (scheme == "dark") {
				t.Errorf("%s: the page is dark: %v", scheme, dark)
			}
		}
	}
}

// contrast measures every text against what is behind it: 4.5, or 3 for large ones, is what weak eyes need.
func contrast(t *testing.T, b *browsertest.Tab) {
	const measure = `(() => {
	const rgb = (c) => { const n = c.match(/[\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
	const light = (c) => { const [r, g, b] = c.map((v) => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126*r + .7152*g + .0722*b; };
	const behind = (el) => { for (; el; el = el.parentElement) { const c = rgb(getComputedStyle(el).backgroundColor); if (c[3] === 1) return c.slice(0, 3); } return [255, 255, 255]; };
	const poor = new Set();
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walk.nextNode()) {
		const el = walk.currentNode.parentElement;
		if (!walk.currentNode.data.trim() || el.closest("script, style, option") || !el.getClientRects().length) continue;
		const s = getComputedStyle(el), fore = rgb(el.closest("svg") ? s.fill : s.color).slice(0, 3);
		const [a, z] = [light(fore), light(behind(el))], ratio = (Math.max(a, z) + .05) / (Math.min(a, z) + .05);
		const large = parseFloat(s.fontSize) >= 24 || parseFloat(s.fontSize) >= 18.66 && s.fontWeight >= 700;
		if (ratio < (large ? 3 : 4.5)) poor.add(el.className + " " + el.tagName + " " + ratio.toFixed(2));
	}
	return [...poor];
})()`
	for _, scheme := range []string{"light", "dark"} {
		open(t, b, filled("words"), 1280, scheme)
		if poor := browsertest.Eval[[]string](t, b, measure); len(poor) > 0 {
			t.Errorf("%s: hard to read: %q", scheme, poor)
		}
	}
}

func filter(t *testing.T, b *browsertest.Tab) {
	open(t, b, renewal(), 1280, "light")
	const shown = `document.querySelectorAll("article:not([hidden])").length`
	until := func(what string, articles int, said string) {
		t.Helper()
		got, status := 0, ""
		for range 50 {
			got, status = browsertest.Eval[int](t, b, shown), browsertest.Eval[string](t, b, `document.getElementById("found").textContent`)
			if got == articles && status == said {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
		t.Errorf("%s: %d messages and %q, not %d and %q", what, got, status, articles, said)
	}
	pick := func(name, choice string) {
		t.Helper()
		if !browsertest.Eval[bool](t, b, fmt.Sprintf(`(() => { const s = document.querySelector("select[name=%s]"), o = [...s.options].find((o) => o.text === %q);
			if (!o) return false; s.value = o.value; s.dispatchEvent(new Event("input", {bubbles: true})); return true; })()`, name, choice)) {
			t.Fatalf("%s has no choice %q", name, choice)
		}
	}
	clearAll := func() { t.Helper(); browsertest.Run(t, b, chromedp.Click("#filters button[type=reset]")) }
	until("at first", 11, "All 11 messages")
	browsertest.Run(t, b, chromedp.SendKeys("input[name=q]", "RENEWS  plan"))
	until("two words", 2, "2 of 11 messages")
	if hidden := browsertest.Eval[int](t, b, `document.querySelectorAll(".chat[hidden]").length`); hidden != 8 {
		t.Errorf("%d groups without messages are hidden, not 8", hidden)
	}
	browsertest.Run(t, b, chromedp.SendKeys("input[name=q]", " nowhere"))
	until("a word that is nowhere", 0, "0 of 11 messages")
	if !browsertest.Eval[bool](t, b, `!document.getElementById("none").hidden`) {
		t.Error("nothing says that no message matches")
	}
	clearAll()
	until("cleared", 11, "All 11 messages")
	pick("provider", "avaamo")
	until("a provider", 3, "3 of 11 messages")
	pick("person", "person 1")
	until("a provider and a person of another", 0, "0 of 11 messages")
	clearAll()
	pick("person", "person 1")
	until("a person", 2, "2 of 11 messages")
	pick("message", "renewal.offer")
	until("a person and a message", 1, "1 of 11 messages")
}

// copied presses the button beside the command, which says what came of it whether or not the browser lets it copy.
func copied(t *testing.T, b *browsertest.Tab) {
	open(t, b, renewal(), 1280, "light")
	browsertest.Eval[int](t, b, `(document.getElementById("copy").focus(), 1)`)
	browsertest.Run(t, b, chromedp.KeyEvent(kb.Enter))
	said := ""
	for range 50 {
		if said = browsertest.Eval[string](t, b, `document.getElementById("copied").textContent`); said != "" {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	browsertest.Eval[int](t, b, `(document.getElementById("copied").textContent = "", getSelection().removeAllRanges(), document.getElementById("copy").scrollIntoView({behavior: "instant", block: "center"}), 1)`)
	at := browsertest.Eval[[]float64](t, b, `(() => { const r = document.getElementById("copy").getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()`)
	browsertest.Run(t, b, chromedp.MouseClickXY(at[0], at[1]))
	if again := browsertest.Eval[string](t, b, `document.getElementById("copied").textContent`); again != said {
		t.Errorf("a click says %q, the keyboard %q", again, said)
	}
	if selected := browsertest.Eval[string](t, b, `getSelection().toString()`); said != "Copied" && (!strings.HasPrefix(said, "Selected") || selected != "herald apply renewal.plan") {
		t.Errorf("it says %q, and %q is selected", said, selected)
	}
}

// keyboard walks through the page with Tab: what can be reached comes in the order of the page, has a name and shows that it
// has the focus, and the walk ends.
func keyboard(t *testing.T, b *browsertest.Tab) {
	open(t, b, filled(strings.Repeat("long words ", 200)), 1280, "light")
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
		wrong, what, _ := strings.Cut(browsertest.Eval[string](t, b, focused), "|")
		if wrong != "" || what == "" {
			t.Errorf("stop %d of %d, %s: %s", i+1, stops, what, wrong)
		}
		if what == "" {
			return
		}
	}
	browsertest.Run(t, b, chromedp.KeyEvent(kb.Tab))
	if what := browsertest.Eval[string](t, b, focused); what != "" && !strings.Contains(what, "skip") {
		t.Errorf("the walk does not end: %s", what)
	}
}

func survives(t *testing.T, b *browsertest.Tab) {
	open(t, b, filled("words"), 360, "light")
	const elements = `[...new Set([...document.querySelectorAll("*")].map((e) => e.tagName.toLowerCase()))]`
	const handlers = `[...document.querySelectorAll("*")].flatMap((e) => [...e.attributes]).filter((a) => a.name.startsWith("on") || a.name === "style").length`
	for _, s := range hostile {
		open(t, b, filled(s), 360, "dark")
		for _, name := range browsertest.Eval[[]string](t, b, elements) {
			if !known[name] {
				t.Errorf("%.30q: an element %s", s, name)
			}
		}
		if n := browsertest.Eval[int](t, b, handlers); n > 0 {
			t.Errorf("%.30q: %d attributes from data", s, n)
		}
		if by := browsertest.Eval[int](t, b, wide); by > 0 {
			t.Errorf("%.30q: the page is wider than its window by %d", s, by)
		}
		if !browsertest.Eval[bool](t, b, `!document.getElementById("filters").hidden`) {
			t.Errorf("%.30q: the script did not run", s)
		}
	}
}

func bare(t *testing.T, b *browsertest.Tab) {
	browsertest.Call(t, b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	defer browsertest.Call(t, b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{})
	open(t, b, renewal(), 1280, "light")
	text := browsertest.Run(t, b, chromedp.Text("body"))
	for _, want := range []string{"Hi Ada, your gold plan", "renewal.offer", "The timeline as a table", "herald apply renewal.plan"} {
		if !strings.Contains(text, want) {
			t.Errorf("without scripts the page does not show %q", want)
		}
	}
	if strings.Contains(text, "Words in a message") || strings.Contains(text, "Clear") {
		t.Error("without scripts the page shows filters that do nothing")
	}
}

func opens(t *testing.T, b *browsertest.Tab) {
	open(t, b, crowd(), 1280, "light")
	ms := browsertest.Eval[float64](t, b, `performance.getEntriesByType("navigation")[0].loadEventEnd`)
	t.Logf("a page of a plan for 100,000 people opens in %.0f ms", ms)
	if ms <= 0 || ms > 5000 { // a second on a calm machine
		t.Errorf("it opens in %.0f ms", ms)
	}
}
