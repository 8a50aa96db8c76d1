package sandbox

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// A page that is given is served at / and below /page/; the others stay, and so does who is let in.
func TestGivenPage(t *testing.T) {
	var of *Sandbox
	s := started(t, Options{Page: func(s *Sandbox) http.Handler {
		of = s
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "given ", r.Method, " ", r.URL.Path) })
	}})
	if of != s {
		t.Error("the page is of another sandbox")
	}
	for _, one := range []struct{ method, path, host, want string }{
		{"GET", "/", "", "given GET /"},
		{"GET", "/page/", "", "given GET /page/"},
		{"POST", "/page/a/b", "", "given POST /page/a/b"},
		{"GET", "/", "localhost", "given GET /"},
		{"GET", "/", "example.com", "This server answers only to loopback names.\n"},
		{"GET", "/page/x", "127.0.0.1.example.com", "This server answers only to loopback names.\n"},
		{"GET", "/page", "", "Nothing is here."},
		{"GET", "/index.txt", "", "Emulators of messaging vendors."},
		{"GET", "/messages.json", "", `{"total":0`},
	} {
		r, err := http.NewRequest(one.method, "http://"+s.Addr()+one.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if one.host != "" {
			r.Host = one.host
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if !strings.HasPrefix(string(body), one.want) {
			t.Errorf("%s %s of %q: %q, not %q", one.method, one.path, one.host, body, one.want)
		}
	}
}

// A page that waits, or writes to who does not read, ends with the sandbox.
func TestGivenPageEnds(t *testing.T) {
	begun, ended := make(chan bool, 2), make(chan bool, 2)
	s := started(t, Options{Page: func(*Sandbox) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer func() { ended <- true }()
			w.WriteHeader(http.StatusOK)
			http.NewResponseController(w).Flush()
			begun <- true
			if r.URL.Path == "/" {
				<-r.Context().Done()
				return
			}
			for {
				if _, err := w.Write(make([]byte, 1<<20)); err != nil {
					return
				}
			}
		})
	}})
	for _, path := range []string{"/", "/page/stuck"} {
		resp, err := http.Get("http://" + s.Addr() + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		<-begun
	}
	began := time.Now()
	s.Close()
	<-ended
	<-ended
	if took := time.Since(began); took > time.Second {
		t.Errorf("they end after %s", took)
	}
}

// Witness is told of what happens, after it did and only when it changed something.
func TestWitness(t *testing.T) {
	var told []string
	s := built(t, Options{Witness: func(h Happened) {
		told = append(told, fmt.Sprintf("%s %s %s %q", h.Vendor, h.Conversation, h.Kind, h.Text))
		if h.At.IsZero() {
			t.Error("it happened at no time")
		}
	}})
	const path = "/api/v1/accounts/3/conversations/7/messages"
	s.do(Chatwoot, "POST", path, `{"content":"Where?","content_type":"input_select","content_attributes":{"items":[{"title":"Home","value":"h"}]}}`)
	s.Deliver(Chatwoot, "3/7")
	s.Deliver(Chatwoot, "3/7")
	s.Read(Chatwoot, "3/7")
	s.Read(Chatwoot, "3/7")
	s.Choose(Chatwoot, "3/7", "nothing")
	s.Choose(Chatwoot, "3/7", "h")
	s.Write(Chatwoot, "3/7", "Thank you")
	s.Write(Chatwoot, "3/7", "")
	s.Write(HeyX, "a", "Hi")
	s.do(Chatwoot, "POST", path, `{"content":"Hi"}`)
	s.Fail(Chatwoot, "3/7", "gone")
	s.Fail(Chatwoot, "3/7", "gone")
	want := []string{`chatwoot 3/7 delivered ""`, `chatwoot 3/7 read ""`, `chatwoot 3/7 chosen "h"`, `chatwoot 3/7 written "Thank you"`, `chatwoot 3/7 failed "gone"`}
	if !slices.Equal(told, want) {
		t.Errorf("told %q\nnot  %q", told, want)
	}
}
