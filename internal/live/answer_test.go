package live_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"herald/providers/sandbox"
)

// TestAnswer answers from the page what was sent, with a button and in own words.
func TestAnswer(t *testing.T) {
	box := started(t, sandbox.Options{NoLimits: true})
	all := senders(t, box)
	last(t, box, sandbox.HeyX, all[sandbox.HeyX], contents("Tea?")["question"], nil)
	last(t, box, sandbox.Chatwoot, all[sandbox.Chatwoot], contents("Tea?")["question"], nil)
	last(t, box, sandbox.Avaamo, all[sandbox.Avaamo], contents("Tea?")["list"], nil)
	_, page, _ := get(t, address(box, "/"))
	talk := map[string]string{}
	for _, m := range regexp.MustCompile(`data-talk="([0-9a-f]{16})" data-vendor="(\w+)"`).FindAllStringSubmatch(page, -1) {
		talk[m[2]] = m[1]
	}
	_, token := run(t, box)
	type said map[string]any
	const own = "Content-Type: application/json"
	for _, one := range []struct {
		what   string
		say    any
		header string
		status int
		in     string
	}{
		{"a button", said{"token": token, "talk": talk["chatwoot"], "item": 2, "text": "Green"}, own, 204, ""},
		{"a question that has its answer", said{"token": token, "talk": talk["chatwoot"], "item": 2, "text": "Green"}, own, 409, "no question without an answer"},
		{"words", said{"token": token, "talk": talk["chatwoot"], "text": "Thank you"}, own, 204, ""},
		{"a link's answer", said{"token": token, "talk": talk["avaamo"], "item": 3, "text": "sencha 2"}, own, 204, ""},
		{"where nobody writes", said{"token": token, "talk": talk["heyx"], "text": "Hi"}, own, 409, "no conversations to read or write in"},
		{"a message of another conversation", said{"token": token, "talk": talk["avaamo"], "item": 2, "text": "Green"}, own, 404, "no longer"},
		{"no conversation", said{"token": token, "talk": "00", "text": "Hi"}, own, 404, "no longer"},
		{"nothing", said{"token": token, "talk": talk["avaamo"], "text": " "}, own, 400, "1 to 10000"},
		{"too much", said{"token": token, "talk": talk["avaamo"], "text": strings.Repeat("x", 10_001)}, own, 400, "1 to 10000"},
		{"far too much", said{"token": token, "talk": talk["avaamo"], "text": strings.Repeat("x", 1<<20)}, own, 400, "JSON"},
		{"another run", said{"token": "x", "talk": talk["avaamo"], "text": "Hi"}, own, 403, "another run"},
		{"no token", said{"talk": talk["avaamo"], "text": "Hi"}, own, 403, "another run"},
		{"more", said{"token": token, "talk": talk["avaamo"], "text": "Hi", "vendor": "avaamo"}, own, 400, "JSON"},
		{"as a form could", said{"token": token, "talk": talk["avaamo"], "text": "Hi"}, "Content-Type: text/plain", 400, "JSON"},
		{"from elsewhere", said{"token": token, "talk": talk["avaamo"], "text": "Hi"}, own + "\nSec-Fetch-Site: cross-site", 403, ""},
		{"from another port", said{"token": token, "talk": talk["avaamo"], "text": "Hi"}, own + "\nOrigin: http://127.0.0.1:1", 403, ""},
		{"from the page", said{"token": token, "talk": talk["avaamo"], "text": "Hi"}, own + "\nSec-Fetch-Site: same-origin\nOrigin: " + address(box, ""), 204, ""},
	} {
		status, body, _ := ask(t, http.MethodPost, address(box, "/page/answer"), mustJSON(t, one.say), strings.Split(one.header, "\n")...)
		if status != one.status || !strings.Contains(body, one.in) {
			t.Errorf("%s: %d %q, not %d %q", one.what, status, body, one.status, one.in)
		}
	}
	var said3 []string
	for _, i := range follow(t, box, 3).batch(t).Items {
		said3 = append(said3, regexp.MustCompile(`<[^>]*>`).ReplaceAllString(i.HTML, ""))
	}
	if got := strings.Join(said3, "|"); len(said3) != 4 || !regexp.MustCompile(`(?s)Green.*\|.*Thank you.*\|.*sencha 2.*\|.*Hi`).MatchString(got) {
		t.Errorf("what was answered: %s", got)
	}
}

// TestWritesWhereTheEmulatorDoes holds the page to the emulators: it has a form for words where they have people who write.
func TestWritesWhereTheEmulatorDoes(t *testing.T) {
	box := started(t, sandbox.Options{NoLimits: true})
	wrote := 0
	for name, s := range senders(t, box) {
		m := last(t, box, name, s, contents("Tea?")["text"], nil)
		_, page, _ := get(t, address(box, "/"))
		_, talk, found := strings.Cut(page, `data-vendor="`+name+`"`)
		if talk, _, _ = strings.Cut(talk, "</article>"); !found {
			t.Fatalf("%s has no conversation on the page", name)
		}
		err := box.Write(name, m.Conversation(), "Green")
		if form := strings.Contains(talk, `<form class="write"`); form != (err == nil) {
			t.Errorf("%s has a form: %v; its emulator says %v", name, form, err)
		}
		if err == nil {
			wrote++
		}
	}
	if wrote == 0 {
		t.Error("nobody writes anywhere")
	}
}
