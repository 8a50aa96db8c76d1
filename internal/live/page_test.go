package live_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"herald/providers"
	"herald/providers/sandbox"
)

// The page shows what arrived, by conversation, the one that something came to last first, and counts it.
func TestPage(t *testing.T) {
	box := started(t, sandbox.Options{NoLimits: true})
	status, empty, _ := get(t, address(box, "/"))
	if status != http.StatusOK || !strings.Contains(empty, "No message has arrived yet.") || !strings.Contains(empty, "<title>0 messages in the sandbox</title>") {
		t.Fatalf("%d %s", status, empty)
	}
	all := senders(t, box)
	hi := providers.Content{Kind: providers.KindText, Text: "Hi Ada"}
	for _, vendor := range []string{sandbox.HeyX, sandbox.Maax, sandbox.Chatwoot, sandbox.HeyX} {
		last(t, box, vendor, all[vendor], hi, nil)
	}
	_, page, _ := get(t, address(box, "/"))
	var vendors []string
	for _, m := range regexp.MustCompile(`data-talk="[0-9a-f]{16}" data-vendor="(\w+)"`).FindAllStringSubmatch(page, -1) {
		vendors = append(vendors, m[1])
	}
	if got := strings.Join(vendors, " "); got != "heyx chatwoot maax" {
		t.Errorf("conversations are of %s", got)
	}
	for _, want := range []string{`data-count="">4<`, `data-count="heyx">2<`, `data-count="avaamo">0<`, "1776025372480910", "chatwoot · account 3", "Asked of a machine", "<title>4 messages"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if n := strings.Count(page, "Hi Ada"); n != 4 {
		t.Errorf("%d messages are drawn, not 4", n)
	}
	for _, v := range box.Vendors() {
		if strings.Contains(page, v.Token) {
			t.Errorf("the page shows the token of %s", v.Name)
		}
	}
	if status, body, _ := get(t, address(box, "/index.txt")); status != http.StatusOK || !strings.Contains(body, "base_url") {
		t.Errorf("the list of emulators: %d %s", status, body)
	}
	if status, _, _ := get(t, address(box, "/page/nothing")); status != http.StatusNotFound {
		t.Errorf("an unknown page: %d", status)
	}
}

// The page may do what its policy says: wear its style and run its script, byte for byte.
func TestPolicy(t *testing.T) {
	box := started(t, sandbox.Options{})
	_, page, h := get(t, address(box, "/"))
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
		"Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin", "Content-Type": "text/html; charset=utf-8"} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %q, not %q", name, got, want)
		}
	}
	sum := func(element string) string {
		m := regexp.MustCompile(`(?s)<` + element + `>(.*)</` + element + `>`).FindStringSubmatch(page)
		if m == nil {
			t.Fatalf("no %s", element)
		}
		s := sha256.Sum256([]byte(m[1]))
		return "'sha256-" + base64.StdEncoding.EncodeToString(s[:]) + "'"
	}
	want := "default-src 'none'; style-src " + sum("style") + "; script-src " + sum("script") + "; img-src data:; base-uri 'none'; form-action 'none'; connect-src 'self'; frame-ancestors 'none'"
	if got := h.Get("Content-Security-Policy"); got != want {
		t.Errorf("policy %s\nnot %s", got, want)
	}
}

// Other sites and other names get nothing that could be read, and cannot answer.
func TestOnlyItsOwnPage(t *testing.T) {
	box := started(t, sandbox.Options{})
	for _, one := range []struct {
		method, path string
		headers      string
		want         int
	}{
		{"GET", "/", "", 200},
		{"GET", "/", "Sec-Fetch-Site: none", 200},
		{"GET", "/", "Sec-Fetch-Site: cross-site\nSec-Fetch-Mode: navigate\nSec-Fetch-Dest: document", 200}, // a link
		{"GET", "/", "Sec-Fetch-Site: cross-site\nSec-Fetch-Mode: navigate\nSec-Fetch-Dest: iframe", 403},
		{"GET", "/", "Sec-Fetch-Site: same-site\nSec-Fetch-Mode: no-cors\nSec-Fetch-Dest: script", 403},
		{"GET", "/", "Origin: http://evil.example", 403},
		{"GET", "/", "Host: evil.example", 421},
		{"GET", "/page/events?after=0&run=", "Host: evil.example:80", 421},
		{"GET", "/page/events?after=0&run=", "", 200},
		{"GET", "/page/events?after=0&run=", "Sec-Fetch-Site: same-origin", 200},
		{"GET", "/page/events?after=0&run=", "Sec-Fetch-Site: cross-site", 403},
		{"GET", "/page/events?after=0&run=", "Sec-Fetch-Site: same-site", 403}, // another port of this machine
		{"GET", "/page/events?after=0&run=", "Sec-Fetch-Site: cross-site\nSec-Fetch-Mode: navigate\nSec-Fetch-Dest: document", 403},
		{"GET", "/page/events?after=0&run=", "Origin: null", 403},
		{"GET", "/page/events?after=-1&run=", "", 400},
		{"GET", "/page/events?after=all&run=", "", 400},
		{"POST", "/page/answer", "", 400},
		{"POST", "/page/answer", "Host: evil.example", 421},
		{"POST", "/page/answer", "Sec-Fetch-Site: cross-site", 403},
		{"POST", "/page/answer", "Origin: http://localhost:1", 403},
		{"GET", "/page/answer", "", 405},
		{"POST", "/", "", 405},
		{"DELETE", "/page/events", "", 405},
	} {
		status, body, h := ask(t, one.method, address(box, one.path), "", strings.Split(one.headers, "\n")...)
		if status != one.want {
			t.Errorf("%s %s with %q: %d, not %d: %.200s", one.method, one.path, one.headers, status, one.want, body)
		}
		if h.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s %s opens the page to others", one.method, one.path)
		}
	}
}

// hostile is what texts may hold that a page must not act on.
var hostile = []string{
	`<script>alert(1)</script><img src=x onerror=alert(1)>`, `"><svg onload=alert(1)>`, `' onmouseover='alert(1)`,
	`</style><script>alert(1)</script>`, `</script><script>alert(1)</script>`, `<!--`, `</ol></article></template>`, `{{.}} ${x}`,
	"\u202egnp.exe\u2066x\u2069", "\x1b[31mred\x1b[0m\x07", "a\x00b\ufeffc\u200bd", strings.Repeat("W", 5000), "\u2028\u2029\r\ndata: x\n\nevent: anew",
	strings.Repeat("<b>", 800), strings.Repeat("\n", 3000), strings.Repeat("x", 250_000), strings.Repeat("\u202e", 5_000),
}

var tag = regexp.MustCompile(`^</?(!doctype html|html|head|meta|title|link|style|body|a|header|p|span|h1|h2|h3|b|time|nav|ul|ol|li|main|section|noscript|div|form|label|input|select|option|button|article|details|summary|script|code)((?: [a-z][a-z-]*(?:="[^"<>]*")?)*)>`)

// safe fails when HTML holds anything that did not come from the templates.
func safe(t *testing.T, text string) {
	t.Helper()
	text = regexp.MustCompile(`(?s)<(style|script)>.*?</(style|script)>`).ReplaceAllString(text, "")
	for i := strings.IndexByte(text, '<'); i >= 0; i = strings.IndexByte(text, '<') {
		text = text[i:]
		m := tag.FindStringSubmatch(text)
		if m == nil || regexp.MustCompile(` (on[a-z]+|style|src|srcdoc|formaction)="`).MatchString(m[2]) {
			t.Fatalf("not of the templates: %.120q", text)
		}
		text = text[len(m[0]):]
		shown, _, _ := strings.Cut(text, "<")
		if at := strings.IndexFunc(html.UnescapeString(shown), func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf) && r != '\n' && r != '\t' }); at >= 0 {
			t.Fatalf("what cannot be seen: %+.120q", shown)
		}
	}
}

func TestHostileTexts(t *testing.T) {
	for _, s := range hostile {
		box, page := both(t, sandbox.Options{})
		page.Observe(text(s, s))
		page.Observe(sandbox.Message{Vendor: s, At: time.Now(), To: s, Kind: s, Text: s, Body: []byte(s)})
		page.Observe(sandbox.Message{Vendor: sandbox.HeyX, To: "native", Kind: "image", Text: s, Body: []byte(`{"body":[{"x":1}]}`)})
		page.Witness(sandbox.Happened{Vendor: sandbox.HeyX, Conversation: s, At: time.Now(), Kind: sandbox.EventWritten, Text: s})
		page.Witness(sandbox.Happened{Vendor: sandbox.HeyX, Conversation: s, At: time.Now(), Kind: sandbox.EventFailed, Text: s})
		_, html, _ := get(t, address(box, "/"))
		if n := strings.Count(html, `<li class="item`); n != 5 {
			t.Errorf("%.30q: %d arrivals are drawn, not 5", s, n)
		}
		safe(t, html)
		r := follow(t, box, 0)
		b := r.batch(t)
		if len(b.Items) != 5 {
			t.Errorf("%.30q: %d arrivals are told, not 5", s, len(b.Items))
		}
		for _, i := range b.Items {
			safe(t, i.HTML)
			safe(t, b.Talks[i.Talk])
		}
	}
}

// TestBounded lets 100,000 messages come: the page shows the newest and counts all, and what is kept stays small.
func TestBounded(t *testing.T) {
	box, page := both(t, sandbox.Options{})
	const many = 100_000
	long := strings.Repeat("x", 1000)
	one := text("", long)
	before := heap()
	began := time.Now()
	for i := range many {
		m := one
		m.To, m.Text, m.Body = fmt.Sprint("c", i%5000), fmt.Sprintf("message %d %s", i, long), slices.Clone(one.Body)
		page.Observe(m)
	}
	took := time.Since(began)
	grew := heap() - before
	began = time.Now()
	_, html, _ := get(t, address(box, "/"))
	t.Logf("%s for each message, %d bytes kept, a page of %d bytes in %s", took/many, grew, len(html), time.Since(began))
	if grew > 8<<20 {
		t.Errorf("%d bytes are kept", grew)
	}
	if n := strings.Count(html, `<li class="item`); n != 300 || !strings.Contains(html, "message 99999 ") || strings.Contains(html, "message 99699 ") {
		t.Errorf("%d messages are drawn", n)
	}
	if !strings.Contains(html, `data-count="heyx">100000<`) {
		t.Error("they are not counted")
	}
	if len(html) > 2<<20 {
		t.Errorf("the page has %d bytes", len(html))
	}
	for range 40 { // each is drawn as more than 200,000 bytes
		page.Observe(text("huge", strings.Repeat("<", 1<<17)))
	}
	if _, html, _ = get(t, address(box, "/")); len(html) > 5<<20 {
		t.Errorf("a page of huge messages has %d bytes", len(html))
	}
	if grew := heap() - before; grew > 24<<20 {
		t.Errorf("%d bytes of huge messages are kept", grew)
	}
	if n := len(follow(t, box, 0).batch(t).Items); n == 0 || n > 5 {
		t.Errorf("%d huge messages are told at once", n)
	}
	runtime.KeepAlive(page)
}

func heap() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// run reads from a page which run it is of, and its token.
func run(t testing.TB, box *sandbox.Sandbox) (run, token string) {
	t.Helper()
	_, page, _ := get(t, address(box, "/"))
	m := regexp.MustCompile(`data-run="(\w+)" data-token="(\w+)"`).FindStringSubmatch(page)
	if m == nil {
		t.Fatal("the page has no run")
	}
	return m[1], m[2]
}

func mustJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
