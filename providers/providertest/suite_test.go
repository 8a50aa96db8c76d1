package providertest_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"herald/providers"
	"herald/providers/providertest"
)

// faultVariable tells a child process of this test which fault its toy has.
const faultVariable = "HERALD_TEST_FAULT"

// TestToy runs the suite on a provider that passes it.
func TestToy(t *testing.T) {
	t.Setenv("HERALD_ORIGINALS", "testdata/originals")
	providertest.Run(t, toySubject(os.Getenv(faultVariable)))
}

func toySubject(fault string) providertest.Subject {
	text := func(s string) providers.Message {
		return providers.Message{Content: providers.Content{Kind: providers.KindText, Text: s}, Address: providers.Values{"to": "17"}}
	}
	morning := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	listed := func(id, text string, at time.Time) providers.Listed {
		return providers.Listed{ID: id, Conversation: "a/b", At: at, Direction: providers.Outgoing, Author: "Ada", Text: text}
	}
	s := providertest.Subject{
		Type: toyType(fault),
		Wrap: func(_ int, text string) string {
			body, _ := json.Marshal(map[string]string{"error": text})
			return string(body)
		},
		Golden: []providertest.Golden{{Name: "text", Message: text("Hi"), Path: "/v1/messages/17", Body: `{"text":"Hi"}`}},
		Wrong:  []providertest.Wrong{{Name: "no text", Message: text(""), Field: "text", Index: -1, Says: "empty"}},
		List: []providertest.Listing{
			{Name: "two messages", Query: providers.Query{Conversation: "a/b"}, Path: "/v1/people/a%2Fb/messages", More: true,
				Page: `{"messages": [{"id": "m2", "at": "2026-11-20T10:00:00Z", "by": "Ada", "text": "Bye"}, {"id": "m1", "at": "2026-11-20T09:00:00Z", "by": "Ada", "text": "Hi"}], "next": "m1"}`,
				Want: []providers.Listed{listed("m2", "Bye", morning.Add(time.Hour)), listed("m1", "Hi", morning)}},
			{Name: "the last page", Query: providers.Query{Conversation: "a/b", Cursor: "m1"}, Path: "/v1/people/a%2Fb/messages?after=m1", Page: `{"messages":[]}`},
		},
		Statements: []providertest.Statement{
			{Says: "a message has a `text`", Page: "messages", By: "text"},
			{Says: "HTTP 200: the answer is an `id`", Page: "messages", By: "documented 200 {\"id\":\"m1\"}"},
			{Says: "it is a `POST` to `/v1/messages/{to}`, with `to` escaped", Page: "messages", By: "request"},
			{Says: "the `token` stands in `Authorization`, and 5 requests a second are taken", Page: "messages", By: "missing secrets"},
			{Says: "pages follow each other", Page: "list", By: "two messages"},
			{Says: "redirects are for browsers", Page: "errors", By: "redirects"},
			{Says: "texts are Unicode", Page: "messages", By: "TestSuiteFindsFaults"},
			{Says: "paths are escaped", Page: "messages", By: "wire.TestSegment"},
		},
		Also:      []string{"TestSuiteFindsFaults", "wire.TestSegment"},
		Originals: []providertest.Original{{File: "toy.md", Ignore: map[string]string{"tone": "herald has no use for it"}}},
	}
	switch fault {
	case "carries and refuses":
		m := text("")
		m.Content = providers.Content{Kind: providers.KindCards, Cards: providers.Cards{Cards: []providers.Card{{Title: "One"}}}}
		s.Golden = append(s.Golden, providertest.Golden{Name: "cards", Message: m, Path: "/v1/messages/17", Body: `{}`})
	case "a case at no place":
		s.Wrong[0].Field = "card[0].title"
	case "no page", "says that it reads":
		s.List = nil
	case "a name that no statement says":
		s.Statements[3].Says = strings.ReplaceAll(s.Statements[3].Says, "`token`", "token")
	case "a figure that no statement says":
		s.Statements[3].Says = strings.ReplaceAll(s.Statements[3].Says, "5", "6")
	case "ignored, and not on the page":
		s.Originals[0].Ignore["colour"] = "herald has no use for it"
	case "ignored, and said":
		s.Originals[0].Ignore["text"] = "herald has no use for it"
	case "a page that is not there":
		s.Originals[0].File = "toys.md"
	case "a page without names":
		s.Originals[0] = providertest.Original{File: "bare.md"}
	case "held by two cases":
		s.Wrong[0].Name = "text"
	case "held by nothing":
		s.Statements[0].By = "txet"
	case "said twice":
		s.Statements[0].Says = " http 200:  the answer is an `ID`"
	case "a test that is not there":
		s.Also[0] = "TestSuiteFindsNothing"
	case "a test that is not there beside":
		s.Also[1] = "wire.TestSuiteFindsFaults"
	}
	return s
}

// The suite must fail for each fault, in the check that is there for it. A child process runs it, since the failure of
// a test cannot be taken back.
func TestSuiteFindsFaults(t *testing.T) {
	if os.Getenv(faultVariable) != "" {
		t.Skip("this is the child")
	}
	for fault, check := range map[string]string{
		"another verb":                         "facts",
		"a block of settings":                  "facts",
		"a name of two dots":                   "facts",
		"an attribute and a block of one name": "facts",
		"From without a block":                 "facts",
		"no golden":                            "kinds",
		"carries and refuses":                  "kinds",
		"another refusal":                      "kinds",
		"renders what it does not carry":       "kinds",
		"no shape":                             "shapes",
		"a field that is not there":            "wrong",
		"an index that is not there":           "wrong",
		"a case at no place":                   "wrong",
		"writes to slog":                       "render",
		"writes to log":                        "request",
		"writes to standard error":             "request",
		"writes to standard output":            "request",
		"sends twice":                          "request",
		"no token":                             "request",
		"reads, and does not say how":          "lists",
		"says that it reads":                   "lists",
		"no page":                              "lists",
		"lists with the other token":           "lists",
		"lists with both tokens":               "lists",
		"lists twice":                          "lists",
		"reads one page again and again":       "lists",
		"oldest first":                         "lists",
		"no direction":                         "lists",
		"half an object":                       "lists",
		"follows redirects":                    "list answers",
		"a server's fault is the person's":     "list answers",
		"a page beside an error":               "list answers",
		"everything is a page":                 "list garbage",
		"takes short pages only":               "list garbage",
		"leads astray":                         "list garbage",
		"repeats by itself":                    "list transport",
		"lists without a token":                "list secrets",
		"tells a secret":                       "list secrets",
		"held by nothing":                      "statements",
		"said twice":                           "statements",
		"a test that is not there":             "statements",
		"a test that is not there beside":      "statements",
		"held by two cases":                    "statements",
		"a name that no statement says":        "originals",
		"a figure that no statement says":      "originals",
		"ignored, and not on the page":         "originals",
		"ignored, and said":                    "originals",
		"a page that is not there":             "originals",
		"a page without names":                 "originals",
		"":                                     "", // the child itself works
	} {
		t.Run(cmp.Or(fault, "none"), func(t *testing.T) {
			one := strings.ReplaceAll(cmp.Or(check, "facts"), " ", "_")
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.v", "-test.timeout=60s", "-rapid.nofailfile", "-test.run=^TestToy$/^example$/^"+one+"$")
			child.Env = append(os.Environ(), faultVariable+"="+fault)
			out, err := child.CombinedOutput()
			failed := strings.Contains(string(out), "--- FAIL: TestToy/example/"+one)
			if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) || strings.Contains(string(out), "panic:") {
				t.Fatalf("%v\n%s", err, out)
			}
			if failed != (check != "") || failed == (err == nil) {
				t.Errorf("%s: failed is %v\n%s", one, failed, out)
			}
		})
	}
}
