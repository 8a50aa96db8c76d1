package cli

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"herald/providers"
	"herald/providers/sandbox"
)

// What the emulators know in this test, and the token of a bot.
const (
	witnessAccount  = 7
	witnessInbox    = 3   // where conversations are opened
	witnessOther    = 4   // another inbox
	witnessTalk     = 42  // the conversation that exists
	witnessThrottle = 429 // one that exists, or an account, where every request is one too many
	witnessMissing  = 404 // a conversation or an inbox that does not exist
	witnessBot      = "a-bot"
)

// witness stands between the client and an emulator, and holds against the document what passes.
type witness struct {
	document *openAPI
	box      *sandbox.Sandbox
	vendor   sandbox.Vendor
	url      string
	without  string // end of the path of an endpoint that the vendor is to lack, as another version may; "" for none

	mu   sync.Mutex
	seen []seen
}

// seen is an exchange and what the document says of it.
type seen struct {
	exchange
	verdict
}

func startWitness(t *testing.T, document *openAPI, vendor string, apiInbox bool) *witness {
	t.Helper()
	box, err := sandbox.Start(sandbox.Options{
		APIInbox:      apiInbox,
		BotTokens:     map[string]string{vendor: witnessBot},
		Accounts:      func(_ string, account int64) bool { return account == witnessAccount },
		Conversations: func(_ string, _, id int64) bool { return id == witnessTalk || id == witnessThrottle },
		Inboxes:       func(_ string, _, inbox int64) bool { return inbox == witnessInbox || inbox == witnessOther },
		Fault: func(_ string, _ int, r *http.Request) sandbox.Fault {
			if strings.Contains(r.URL.Path+"/", fmt.Sprintf("/%d/", witnessThrottle)) {
				return sandbox.Fault{Kind: sandbox.FaultThrottle}
			}
			return sandbox.Fault{}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { box.Close() })
	w := &witness{document: document, box: box}
	for _, v := range box.Vendors() {
		if v.Name == vendor {
			w.vendor = v
		}
	}
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	w.url = server.URL
	return w
}

func (w *witness) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	if w.without != "" && strings.HasSuffix(r.URL.Path, w.without) {
		http.NotFound(out, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	x := exchange{method: r.Method, target: r.URL.RequestURI(), header: r.Header, body: body}
	if err == nil {
		err = x.ask(w.vendor.URL)
	}
	if err != nil {
		http.Error(out, err.Error(), http.StatusBadGateway)
		return
	}
	v := w.document.check(w.vendor.Name, x)
	w.mu.Lock()
	w.seen = append(w.seen, seen{x, v})
	w.mu.Unlock()
	for name, values := range x.answerHeader {
		out.Header()[name] = values
	}
	out.WriteHeader(x.status)
	out.Write(x.answer)
}

// ask makes the request and takes the answer in.
func (x *exchange) ask(base string) error {
	r, err := http.NewRequest(x.method, base+x.target, bytes.NewReader(x.body))
	if err != nil {
		return err
	}
	r.Header = x.header.Clone()
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	x.status, x.answerHeader = answer.StatusCode, answer.Header
	x.answer, err = io.ReadAll(answer.Body)
	return err
}

// take gives what passed since the last time.
func (w *witness) take() []seen {
	w.mu.Lock()
	defer w.mu.Unlock()
	passed := w.seen
	w.seen = nil
	return passed
}

// open opens an account whose requests pass the witness; more settings stand beside the usual ones, or replace them.
func (w *witness) open(t *testing.T, token string, more ...providers.Values) (providers.Facts, providers.Provider) {
	t.Helper()
	kind, known := newRegistry().Type(w.vendor.Name)
	if !known {
		t.Fatalf("the registry has no %s", w.vendor.Name)
	}
	settings := providers.Values{"base_url": w.url, "account_id": int64(witnessAccount), "inbox_id": int64(witnessInbox), "api_access_token": token}
	for _, some := range more {
		maps.Copy(settings, some)
	}
	p, err := kind.Open(providers.Account{Type: w.vendor.Name, Settings: settings})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return kind.Facts, p
}

// call is a request as anybody could make it. A path that does not begin with / is within the account.
type call struct{ method, path, body string }

// ask makes one call past the witness.
func (w *witness) ask(t *testing.T, token string, c call) seen {
	t.Helper()
	x := exchange{method: c.method, target: c.path, header: http.Header{}, body: []byte(c.body)}
	if !strings.HasPrefix(c.path, "/") {
		x.target = fmt.Sprintf("/api/v1/accounts/%d/%s", witnessAccount, c.path)
	}
	if token != "" {
		x.header.Set("api_access_token", token)
	}
	if c.body != "" {
		x.header.Set("Content-Type", "application/json")
	}
	w.take()
	if err := x.ask(w.url); err != nil {
		t.Fatal(err)
	}
	passed := w.take()
	if len(passed) != 1 {
		t.Fatalf("%d exchanges for one call", len(passed))
	}
	return passed[0]
}
