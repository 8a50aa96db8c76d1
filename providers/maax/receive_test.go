package maax

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"herald/providers"
	"herald/providers/providertest"
)

// receiving opens an account with settings of its own.
func receiving(t *testing.T, more providers.Values) providers.Receiver {
	t.Helper()
	all := settings()
	maps.Copy(all, more)
	p, err := Type().Open(providers.Account{Type: "maax", Settings: all})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p.(providers.Receiver)
}

func TestCallbacks(t *testing.T) {
	r := receiving(t, nil)
	want := []providers.Callback{{Name: "answer", URL: answerURL}, {Name: "followup", URL: followUpURL}}
	if got := r.Callbacks(); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	if got := receiving(t, providers.Values{"followup_url": answerURL}).Callbacks(); !slices.Equal(got, want[:1]) {
		t.Errorf("both addresses are one: %+v", got)
	}
	for name, ok := range map[string]bool{"answer": true, "followup": true, "webhook": false} {
		if delivery, err := r.Verify(name, http.Header{}, nil, time.Now()); (err == nil) != ok || delivery != "" {
			t.Errorf("%s: %q, %v", name, delivery, err)
		}
	}
}

// An answer is awaited where its address says whose it is.
func TestAwaited(t *testing.T) {
	for address, want := range map[string]bool{answerURL: true, "https://hooks.example.com/?a={token}": true, "https://hooks.example.com/maax": false} {
		p := receiving(t, providers.Values{"send_response_url": address}).(providers.Provider)
		if r, problems := p.Render(asks("Hi")); len(problems) > 0 || r.Awaited != want {
			t.Errorf("%s: %v, %v", address, r.Awaited, problems)
		}
	}
}

func TestReplies(t *testing.T) {
	nested := `{"answer":{"text":"Hi","html":"<p>Hi</p>"},"messages":[{"content":"one"},{"content":"two"}]}`
	for name, tt := range map[string]struct {
		path, body, reply string
	}{
		"text":                      {"", "Hello there", "Hello there"},
		"text with line ends":       {"", "Hello\nthere\n", "Hello\nthere\n"},
		"HTML":                      {"", "<p>Hello</p>", "<p>Hello</p>"},
		"no UTF-8":                  {"", "\xff", ""},
		"JSON string":               {"", ` "Hello \u00e9" `, "Hello é"},
		"one member":                {"", `{"answer":"Hello"}`, "Hello"},
		"one text among numbers":    {"", `{"incoming_message_id":12,"answer":"Hello","final":true,"error":null}`, "Hello"},
		"two texts":                 {"", `{"answer":"Hello","status":"ok"}`, ""},
		"nested":                    {"", nested, ""},
		"one text beside an object": {"", `{"status":"ok","data":{"answer":"Hello"}}`, ""},
		"one text beside a list":    {"", `{"status":"ok","data":[]}`, ""},
		"list":                      {"", `["Hello"]`, ""},
		"number":                    {"", `12`, ""},
		"null":                      {"", `null`, ""},
		"empty object":              {"", `{}`, ""},
		"path":                      {"answer.text", nested, "Hi"},
		"element":                   {"messages[1].content", nested, "two"},
		"first of a list":           {"[0]", `["Hello"]`, "Hello"},
		"lists in lists":            {"[0][1].a", `[[1,{"a":"Hello"}]]`, "Hello"},
		"path to nothing":           {"answer.words", nested, ""},
		"path through a text":       {"answer.text.more", nested, ""},
		"path to an object":         {"answer", nested, ""},
		"path to a number":          {"a", `{"a":1}`, ""},
		"path past the end":         {"messages[2].content", nested, ""},
		"element of an object":      {"answer[0]", nested, ""},
		"path, and no JSON":         {"answer.text", "Hello there", ""},
		"path, and only one text":   {"answer", `{"error":"we are down"}`, ""},
		"case matters":              {"Answer.text", nested, ""},
		"names with signs in them":  {"a-b.c d", `{"a-b":{"c d":"Hello"}}`, "Hello"},
		"deep, in what is too deep": {"a", strings.Repeat(`{"a":`, 20000) + "1" + strings.Repeat("}", 20000), ""},
		"empty text":                {"", `""`, ""},
		"the last of two of a name": {"a", `{"a":"one","a":"two"}`, "two"},
	} {
		t.Run(name, func(t *testing.T) {
			r := receiving(t, providers.Values{"reply_path": tt.path})
			a := r.Read("answer", []byte(tt.body))
			if a.Reply != tt.reply || !a.Answered || !a.Replied.IsZero() || a.Place != "" {
				t.Errorf("%+v", a)
			}
			if valid := json.Valid([]byte(tt.body)); valid != (string(a.Vendor) == tt.body) {
				t.Errorf("kept as the vendor's: %q", a.Vendor)
			}
		})
	}
}

// What is no answer tells nothing.
func TestNoAnswers(t *testing.T) {
	r := receiving(t, nil)
	for name, body := range map[string]string{"followup": `{"answer":"Hello"}`, "answer": " \n", "webhook": `"Hello"`} {
		if a := r.Read(name, []byte(body)); a.Answered || a.Reply != "" || a.Vendor != nil {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

func TestReplyPaths(t *testing.T) {
	for _, path := range []string{"", "a", "a.b", "a[0]", "[0]", "[0][12].b", "a b.ü", strings.Repeat("a.", maxSteps-1) + "a"} {
		if err := checkPath(path); err != nil {
			t.Errorf("%q: %v", path, err)
		}
	}
	for _, path := range []string{".", ".a", "a.", "a..b", "a[", "a[]", "a[-1]", "a[+1]", "a[1", "a]", "a[1]b", "a.[1]", "a[x]", "a[01]", "a[99999999999999999999]", "\xff", strings.Repeat("a.", maxSteps) + "a"} {
		all := settings()
		all["reply_path"] = path
		_, err := Type().Open(providers.Account{Type: "maax", Settings: all})
		if names := providertest.WrongSettings(t, err); !slices.Equal(names, []string{"reply_path"}) || !strings.Contains(err.Error(), "messages[0].content") {
			t.Errorf("%q: %v", path, err)
		}
	}
}

// spelled gives a path as it is written.
func spelled(path replyPath) string {
	var b strings.Builder
	for i, s := range path {
		switch {
		case s.member == "":
			fmt.Fprintf(&b, "[%d]", s.index)
		case i > 0:
			b.WriteString("." + s.member)
		default:
			b.WriteString(s.member)
		}
	}
	return b.String()
}

// Whatever comes, Read neither fails nor gives a reply that is no text.
func FuzzRead(f *testing.F) {
	f.Add("answer.text", []byte(`{"answer":{"text":"Hi"}}`))
	f.Add("", []byte(`{"a":"b","c":1}`))
	f.Add("a[0].b", []byte(`{"a":[{"b":"c"}]}`))
	f.Fuzz(func(t *testing.T, path string, body []byte) {
		parsed, err := parsePath(path)
		if err != nil {
			return
		}
		if again := spelled(parsed); again != path {
			t.Fatalf("%q reads as %q", path, again)
		}
		p := &account{reply: parsed}
		a := p.Read("answer", body)
		if !utf8.ValidString(a.Reply) {
			t.Fatalf("%q", a.Reply)
		}
	})
}
