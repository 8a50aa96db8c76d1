package preview_test

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"herald/internal/preview"
	"herald/providers"
)

// hostile is what people's data may hold that a page must not act on.
var hostile = []string{
	`<script>alert(1)</script><img src=x onerror=alert(1)>`,
	`"><svg onload=alert(1)>`, `' onmouseover='alert(1)`, "` onfocus=alert(1) autofocus=`",
	`</style><script>alert(1)</script>`, `</script><script>alert(1)</script>`, `<!--`, `]]>`, `</textarea></title></select></details>`,
	`javascript:alert(1)`, `data:text/html,<script>alert(1)</script>`, `{{.}} ${x} <%= x %>`,
	"\u202egnp.exe\u2066x\u2069", "\x1b[31mred\x1b[0m\x07", "a\x00b\ufeffc\u200bd\xff\xfe", strings.Repeat("W", 5000),
	strings.Repeat("a\u202e", 2000), "e" + strings.Repeat("\u0301", 300), strings.Repeat("<b>", 800), strings.Repeat("\n", 3000), strings.Repeat("x", 100_000),
	strings.Repeat("[", 20_000), `{"a":"</script>\u202e"}`, "",
}

// known is all that pages are made of: what is not in it came from data.
var known = names()

func names() map[string]bool {
	known := map[string]bool{}
	for _, name := range strings.Fields(`html head meta title link style body a header p span h1 h2 h3 h4 b time nav ul li main section
		div form label input select option button article footer table thead tbody tr th td figure svg line text rect desc figcaption
		details summary del ins code dl dt dd script`) {
		known[name] = true
	}
	return known
}

// What pages are written in is far less than HTML: a "<" begins one of these, or did not come from a template.
var (
	doctype   = regexp.MustCompile(`^<!doctype html>`)
	tag       = regexp.MustCompile(`^</?([a-z][a-z0-9]*)((?: [a-z][a-zA-Z0-9-]*(?:="[^"<>]*")?)*)/?>`)
	attribute = regexp.MustCompile(` ([a-zA-Z0-9-]+)(?:="([^"]*)")?`)
)

// safe fails when text holds anything that did not come from the templates.
func safe(t *testing.T, text string) {
	t.Helper()
	scripts := 0
	for {
		begin := strings.IndexByte(text, '<')
		if begin < 0 {
			begin = len(text)
		}
		if i := invisible.FindStringIndex(html.UnescapeString(text[:begin])); i != nil {
			t.Fatalf("text that cannot be seen: %+.80q", text[:begin])
		}
		if text = text[begin:]; text == "" {
			break
		}
		if d := doctype.FindString(text); d != "" {
			text = text[len(d):]
			continue
		}
		found := tag.FindStringSubmatch(text)
		if found == nil || !known[found[1]] {
			t.Fatalf("what no template holds: %.80q", text)
		}
		text = text[len(found[0]):]
		for _, a := range attribute.FindAllStringSubmatch(found[2], -1) {
			name, value := a[1], html.UnescapeString(a[2])
			if strings.HasPrefix(name, "on") || name == "style" || name == "src" || name == "srcset" || name == "action" {
				t.Fatalf("attribute %s of %s", name, found[1])
			}
			if name == "href" && !strings.HasPrefix(value, "#") && value != "data:," {
				t.Fatalf("%s leads to %.80q", found[1], value)
			}
		}
		if raw := found[1]; (raw == "style" || raw == "script") && found[0][1] != '/' {
			if raw == "script" {
				scripts++
			}
			text = text[strings.Index(text, "</"+raw+">"):]
		}
	}
	if scripts > 1 {
		t.Fatalf("%d scripts", scripts)
	}
}

var invisible = regexp.MustCompile("[\x00-\x08\x0b-\x1f\x7f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]")

func TestHostileTextsStayTexts(t *testing.T) {
	for _, s := range hostile {
		text := page(t, filled(s))
		safe(t, text)
		if len(text) > 6_000_000 {
			t.Errorf("%d bytes for %.20q", len(text), s)
		}
	}
}

func TestHostileTextsStayInBubbles(t *testing.T) {
	for _, s := range hostile {
		for _, c := range contents(s) {
			text := string(preview.Bubble(c, providers.Asks))
			safe(t, text)
			if open, closed := strings.Count(text, "<div"), strings.Count(text, "</div>"); open != closed {
				t.Errorf("%s of %.20q opens %d and closes %d", c.Kind, s, open, closed)
			}
		}
	}
}

func TestAddressesAreNeitherFetchedNorLinks(t *testing.T) {
	address := &url.URL{Scheme: "https", Host: "example.com", Path: "/a.png"}
	for _, c := range contents(address.String()) {
		text := string(preview.Bubble(c, providers.Sends))
		for _, word := range []string{"<img", "<a ", "href", "src=", "<video", "<audio", "url("} {
			if strings.Contains(text, word) {
				t.Errorf("%s holds %s", c.Kind, word)
			}
		}
	}
}

// FuzzPage looks for short texts that leave their place; long ones are tested above.
func FuzzPage(f *testing.F) {
	for _, s := range hostile {
		if len(s) <= 200 {
			f.Add(s)
		}
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) <= 200 {
			safe(t, page(t, filled(s)))
		}
	})
}
