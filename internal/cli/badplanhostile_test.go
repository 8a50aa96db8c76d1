package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"herald/internal/browsertest"
)

// hostileTexts are what files of people may hold.
var hostileTexts = []string{
	"[click](https://example.com) ![x](https://example.com/x.png) <https://example.com> https://example.com www.example.com",
	"# h\n===\n---\n* a\n+ b\n1. c\n> [!NOTE]\n> d\n| e | f |\n|---|---|\n```\ng\n```", "@octocat @org/team #1 GH-1 !1 ~bug :tada: $x$ a@example.com [^1] `code` **b** ~~s~~ \\",
	"</pre></details></table><!-- herald-plan x --><script>alert(1)</script><img src=x onerror=alert(1)><b>&lt;&#60;", "\"' onmouseover=alert(1) x='\"><svg onload=alert(1)>",
	"\x1b[31mred\x1b[0m\x1b]8;;https://example.com\x07x\x07", "\u202egnp.exe\u2066x\u2069\u200b\u200f\ufeff", "e" + strings.Repeat("\u0301", 40) + "\u0338", "a\x00b\x7f\u009b31m\r\nc\rd\u2028e\u0085f",
	strings.Repeat("W", 150), strings.Repeat("x\n", 70), "javascript:alert(1) data:text/html,<script>alert(1)</script> ]]> --> {{x}} ${x}",
}

const hostileCampaign = `
variable "digital99" {
  type = string
}
variable "heyx" {
  type = string
}
variable "text" {
  type = string
}
provider "digital99" {
  base_url   = var.digital99
  account_id = 7
}
provider "heyx" {
  base_url = var.heyx
}
contacts "people" {
  source     = "people [x](y) <b>@octocat.jsonl"
  key        = "id"
  on_invalid = "skip"
}
contacts "optouts" {
  source = "optouts.csv"
  key    = "id"
}
audience "readers" {
  include = [contacts.people]
  exclude = [contacts.optouts]
}
conversation "desk" {
  provider        = digital99
  with            = audience.readers
  conversation_id = contact.desk
}
conversation "chat" {
  provider   = heyx
  with       = audience.readers
  contact_id = contact.heyx
}
sequence "texts" {
  conversation = conversation.desk
  message "plain" {
    text = "${contact.any} ${var.text}"
  }
}
sequence "kinds" {
  conversation = conversation.desk
  message "replies" {
    quick_replies {
      title   = "T ${contact.any}"
      replies = ["A ${contact.any}", "B ${var.text}"]
    }
  }
  message "cards" {
    cards {
      title = "T ${contact.any}"
      card {
        title       = "C ${contact.any}"
        description = "D ${contact.any}"
        image_url   = "https://example.com/x.png"
        link {
          type  = "url"
          title = "L ${contact.any}"
          value = "https://example.com/?a=1&b=<x>"
        }
        link {
          type  = "reply"
          title = "R ${contact.any}"
          value = "V ${contact.any}"
        }
      }
    }
  }
}
sequence "pictures" {
  conversation = conversation.chat
  message "picture" {
    attachment {
      type = "image"
      url  = "https://example.com/x.png?a=1&b=2"
    }
  }
  message "own" {
    native = {
      type = "text"
      text = "N ${contact.any}"
    }
  }
}
`

// newHostileBench is a campaign whose every text that people fill in is a trick.
func newHostileBench(t *testing.T) *planBench {
	t.Helper()
	b := newPlanBench(t)
	if err := os.Remove(b.path("good.plan")); err != nil {
		t.Fatal(err)
	}
	b.dir = filepath.Join(b.dir, "a [x](y) <img src=x>@octocat #1 --> \u202e`|*_")
	if err := os.Mkdir(b.dir, 0o700); err != nil {
		t.Skip("no such folder can be made here: ", err)
	}
	for _, v := range b.box.Vendors() {
		b.env = append(b.env, "HERALD_VAR_"+v.Name+"="+v.URL)
	}
	b.env = append(b.env, "HERALD_VAR_text="+hostileTexts[3])
	b.write("campaign.hcl", hostileCampaign)
	b.write("optouts.csv", "id\nPERSON-out\n")
	var people strings.Builder
	for i, s := range append(hostileTexts, "out") {
		line, err := json.Marshal(map[string]any{
			"id": fmt.Sprintf("PERSON-%d %s", i, s), "any": s, "locale": s, "timezone": s, "first_name": s,
			"email": fmt.Sprintf("person%d@secret.example", i), "phone": fmt.Sprintf("+1555010%04d", i), "desk": fmt.Sprint(8800 + i), "heyx": fmt.Sprint(9900 + i),
		})
		if err != nil {
			t.Fatal(err)
		}
		people.Write(line)
		people.WriteString("\n")
	}
	people.WriteString(`{"id":"PERSON-broken <script>alert(1)</script>@octocat","any":"x","desk":"no number \u001b[31m","heyx":"","email":"broken@secret.example"}` + "\n")
	people.WriteString("{\"id\":\"PERSON-bad\xff\xfe\"}\n")
	b.write("people [x](y) <b>@octocat.jsonl", people.String())
	return b
}

// quiet checks that text steers no terminal and hides nothing.
func quietText(t *testing.T, what, text string) {
	t.Helper()
	for i, r := range text {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)) {
			t.Errorf("%s holds %U: %q", what, r, text[max(0, i-100):min(len(text), i+50)])
			return
		}
	}
}

// Whatever people write, no terminal is steered, JSON stays JSON, and a reviewer does not learn who they are.
func TestHostileCampaignIsShownHarmless(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and nothing in it runs at once")
	}
	b := newHostileBench(t)
	quietText(t, "plan", b.good("plan", "-out=a.plan"))
	quietText(t, "plan -samples", b.good("plan", "-samples=50"))
	quietText(t, "show FILE", b.good("show", "a.plan"))
	for _, args := range [][]string{{"plan", "-json"}, {"show", "-json", "a.plan"}} {
		out := b.good(args...)
		for line := range strings.Lines(out) {
			if args[0] == "plan" && !json.Valid([]byte(line)) {
				t.Fatalf("no JSON: %.200q", line)
			}
		}
		if args[0] == "show" && !json.Valid([]byte(out)) {
			t.Fatal("no JSON")
		}
		for _, r := range out {
			if r != '\n' && unicode.IsControl(r) {
				t.Errorf("%q holds %U", args, r)
				break
			}
		}
	}

	text := b.good("show", "-markdown", "a.plan")
	quietText(t, "show -markdown", text)
	if n := len([]rune(text)); n > 65536 || !strings.Contains(text, "herald apply -approve-digest=") {
		t.Errorf("%d characters, ending with %q", n, text[max(0, len(text)-200):])
	}
	b.good("show", "-html=page.html", "a.plan")
	html, err := os.ReadFile(b.path("page.html"))
	if err != nil {
		t.Fatal(err)
	}
	for what, text := range map[string]string{"Markdown": text, "HTML": string(html)} {
		if m := regexp.MustCompile(`PERSON|secret\.example|1555010|\b88\d\d\b|\b99\d\d\b`).FindStringIndex(text); m != nil {
			t.Errorf("%s names people: %q", what, text[max(0, m[0]-200):min(len(text), m[1]+60)])
		}
		if strings.Contains(text, "<script>alert") || strings.Contains(text, "<img") || strings.Contains(text, "<b>@") {
			t.Errorf("%s has raw markup", what)
		}
	}
	named := b.good("show", "-markdown", "-show-contacts", "a.plan")
	quietText(t, "show -markdown -show-contacts", named)
	if !strings.Contains(named, "PERSON") {
		t.Error("with -show-contacts nobody is named")
	}

	code, out, errs := b.run("apply", "a.plan")
	if code != 0 && code != 3 {
		t.Errorf("apply gives %d: %s%s", code, out, errs)
	}
	quietText(t, "apply", out+errs)
	quietText(t, "status", b.good("status"))
	quietText(t, "show", b.good("show"))
	quietText(t, "state list", b.good("state", "list"))
	code, out, errs = b.run("apply", "-json", "a.plan")
	if code != 1 && code != 3 {
		t.Errorf("apply again gives %d: %s%s", code, out, errs)
	}
	quietText(t, "apply -json again", out+errs)
}

// The page of HTML runs nothing, fetches nothing and leads nowhere, in a real browser too.
func TestHostileCampaignInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and nothing in it runs at once")
	}
	ctx := browsertest.Open(t, "hide-scrollbars")
	b := newHostileBench(t)
	b.good("plan", "-out=a.plan")
	for _, args := range [][]string{{"show", "-html=page.html", "a.plan"}, {"show", "-show-contacts", "-html=page.html", "a.plan"}} {
		b.good(args...)
		page := filepath.Join(t.TempDir(), "page.html") // the folder's own name is a trick
		text, err := os.ReadFile(b.path("page.html"))
		if err == nil {
			err = os.WriteFile(page, text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		ctx.Visit(t, browsertest.FileAddress(page), browsertest.Window{Width: 1280, Height: 900, Scheme: "light", Still: true})
		for what, script := range map[string]string{
			"requests":   `performance.getEntriesByType("resource").filter(e => !e.name.startsWith("data:")).length`,
			"scripts":    `document.querySelectorAll("script").length - 1`,
			"elements":   `document.querySelectorAll("img,iframe,object,embed,video,audio,base,svg script,template").length`,
			"links":      `[...document.querySelectorAll("a")].filter(a => !a.getAttribute("href").startsWith("#")).length`,
			"attributes": `[...document.querySelectorAll("*")].filter(e => [...e.attributes].some(a => a.name.startsWith("on"))).length`,
		} {
			if n := browsertest.Eval[int](t, ctx, script); n != 0 {
				t.Errorf("%q: the page has %d %s that it should not have", args, n, what)
			}
		}
		if all := browsertest.Eval[string](t, ctx, `document.body.innerText`); !strings.Contains(all, "<script>alert(1)</script>") {
			t.Error("the text is not shown as it is")
		}
	}
}
