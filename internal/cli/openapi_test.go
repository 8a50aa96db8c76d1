package cli

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"herald/providers"
	"herald/providers/sandbox"
)

// loadOpenAPI gives Chatwoot's document, or skips the test.
func loadOpenAPI(t *testing.T) *openAPI {
	t.Helper()
	raw, err := readOpenAPI(os.Getenv(openAPIVariable), checkoutTop(t))
	if err != nil {
		t.Fatalf("Chatwoot's OpenAPI document cannot be read: %v. Mend %s, or unset it.", err, openAPIVariable)
	}
	if raw == nil {
		t.Skip(openAPIAbsent)
	}
	document, err := parseOpenAPI(raw, witnessBot)
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// A document that is asked for must be there; only the usual one may be missing.
func TestOpenAPIIsFound(t *testing.T) {
	top := filepath.Join(t.TempDir(), "checkout")
	usual := filepath.Join(top, openAPIDefault)
	if raw, err := readOpenAPI("", top); raw != nil || err != nil {
		t.Errorf("without a document: %q, %v", raw, err)
	}
	if _, err := readOpenAPI(usual, top); err == nil {
		t.Error("a named document that is not there is no error")
	}
	if err := os.MkdirAll(filepath.Dir(usual), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(usual, []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, given := range []string{"", usual} {
		if raw, err := readOpenAPI(given, top); string(raw) != "{}" || err != nil {
			t.Errorf("%q: %q, %v", given, raw, err)
		}
	}
	if _, err := parseOpenAPI([]byte("{}"), ""); err == nil {
		t.Error("an empty object passes for a document")
	}
}

// Chatwoot's own description of its API must agree with what our client sends, and with what our emulator takes and
// answers. 99digital is held against it too, since it is Chatwoot under another name.
func TestOpenAPI(t *testing.T) {
	began := time.Now()
	document := loadOpenAPI(t)
	a := newAudit()
	vendors := []string{sandbox.Chatwoot, sandbox.Digital99}
	parts := []struct {
		name     string
		apiInbox bool
		run      func(*testing.T, *witness, *audit)
	}{
		{"client", true, witnessClient}, {"calls", true, witnessCalls}, {"openings", true, witnessOpenings},
		{"contacts", true, witnessContacts}, {"receipts", true, witnessReceipts},
		{"errors", false, witnessErrors}, {"opening errors", false, witnessOpeningErrors},
	}
	ran := 0
	for _, vendor := range vendors {
		inboxes := map[bool]*witness{true: startWitness(t, document, vendor, true), false: startWitness(t, document, vendor, false)}
		for _, part := range parts {
			t.Run(vendor+"/"+part.name, func(t *testing.T) {
				ran++
				part.run(t, inboxes[part.apiInbox], a)
			})
		}
	}
	if ran < len(vendors)*len(parts) {
		return // -run left parts out, so what did not occur means nothing
	}
	for i, k := range a.known {
		if a.occurred[i] == 0 {
			t.Errorf("it is known that the document says: %s; the server: %s (%s); but it did not occur. Take it out of the list, or have it occur: %s",
				k.document, k.server, k.source, k.mismatch)
		}
	}
	t.Logf("%d requests and %d answers of %d operations were validated, with %d known mismatches, in %v",
		a.exchanges, a.exchanges, len(a.operations), len(a.known), time.Since(began).Round(time.Millisecond))
}

// witnessClient sends and reads as herald does.
func witnessClient(t *testing.T, w *witness, a *audit) {
	facts, p := w.open(t, w.vendor.Token)
	witnessSends(t, w, a, facts, p)
	witnessLists(t, w, a, facts, p)
}

// witnessSends sends every kind of content with every option through the client.
func witnessSends(t *testing.T, w *witness, a *audit, facts providers.Facts, p providers.Provider) {
	t.Helper()
	options := []providers.Values{{}, {"private": true}, {"private": false}}
	for _, o := range facts.Options {
		for _, word := range o.Enum {
			options = append(options, providers.Values{o.Name: word})
		}
	}
	for _, carries := range facts.Carries {
		samples := witnessSamples(w.vendor.Name, carries.Kind)
		if len(samples) == 0 {
			t.Errorf("no sample of %s", carries.Kind)
		}
		for _, content := range samples {
			for _, o := range options {
				request, problems := p.Render(providers.Message{Content: content, Options: o, Address: providers.Values{"conversation_id": int64(witnessTalk)}})
				if len(problems) > 0 {
					t.Errorf("%s %v: %+v", carries.Kind, o, problems)
					continue
				}
				if out := p.Send(t.Context(), request, providers.NewKey()); out.Class != providers.Accepted {
					t.Errorf("%s %v: %+v\n%s", carries.Kind, o, out, request.Body)
				}
				a.settle(t, w.take()...)
			}
		}
	}
}

// witnessLists reads through the client what was sent, page by page.
func witnessLists(t *testing.T, w *witness, a *audit, facts providers.Facts, p providers.Provider) {
	t.Helper()
	l, ok := p.(providers.Lister)
	if ok != (facts.Reading != "") {
		t.Fatalf("its facts say of reading %q, and its client lists: %v", facts.Reading, ok)
	}
	if !ok {
		t.Logf("%s's client lists no messages", w.vendor.Name)
		return
	}
	q := providers.Query{Conversation: fmt.Sprint(witnessTalk), Since: time.Now().Add(-time.Hour), Until: time.Now().Add(time.Hour)}
	read := 0
	for page := 0; page == 0 || q.Cursor != ""; page++ {
		if page == 50 {
			t.Fatal("the list has no end")
		}
		got, out := l.List(t.Context(), q)
		if out.Class != providers.Accepted {
			t.Fatalf("page %d: %+v", page, out)
		}
		read += len(got.Messages)
		q.Cursor = got.Next
		a.settle(t, w.take()...)
	}
	if sent := w.box.Count(w.vendor.Name); read != sent || sent == 0 {
		t.Errorf("%d messages were read, %d sent", read, sent)
	}
}

// witnessEndpoints are calls of what the emulator offers beside creating messages.
func witnessEndpoints(conversation int) []call {
	of := fmt.Sprintf("conversations/%d", conversation)
	return []call{
		{"GET", of + "/messages", ""},
		{"GET", of + "/messages?after=3", ""},
		{"GET", of + "/messages?before=9", ""},
		{"GET", of + "/messages?after=3&before=9", ""},
		{"GET", of + "/messages?filter_internal_messages=true", ""},
		{"PATCH", of + "/messages/1", `{"status":"failed","external_error":"no such number"}`},
		{"POST", of + "/messages/1/retry", ""},
		{"DELETE", of + "/messages/2", ""},
		{"GET", of, ""},
		{"GET", "conversations", ""},
		{"GET", "conversations?status=all&assignee_type=unassigned&page=1", ""},
		{"GET", "contacts", ""},
		{"GET", "contacts?page=2", ""},
		{"GET", fmt.Sprintf("contacts/%d/conversations", conversation), ""},
	}
}

// witnessCalls makes calls that herald does not make.
func witnessCalls(t *testing.T, w *witness, a *audit) {
	for _, c := range witnessEndpoints(witnessTalk) {
		x := w.ask(t, w.vendor.Token, c)
		if x.status != http.StatusOK {
			t.Errorf("%s %s: %d %s", c.method, c.path, x.status, x.exchange.answer)
		}
		a.settle(t, x)
	}
}
