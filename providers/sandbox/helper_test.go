package sandbox

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// built makes a sandbox without a listener: its handler can be called, also under a fake clock.
func built(t *testing.T, o Options) *Sandbox {
	t.Helper()
	s, err := build(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// started makes a listening sandbox that is closed with the test.
func started(t testing.TB, o Options) *Sandbox {
	t.Helper()
	s, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

// request makes a request to one vendor's emulator as a good client would; path comes after the vendor's prefix.
func (v *vendor) request(method, path, body string) *http.Request {
	r := httptest.NewRequest(method, "/"+v.Name+path, strings.NewReader(body))
	r.Host = "127.0.0.1"
	r.Header.Set("Content-Type", "application/json")
	if v.Header == "Authorization" {
		r.Header.Set(v.Header, "Bearer "+v.Token)
	} else {
		r.Header.Set(v.Header, v.Token)
	}
	return r
}

// do calls the handler with a good client's request, changed by each of edits.
func (s *Sandbox) do(name, method, path, body string, edits ...func(*http.Request)) *httptest.ResponseRecorder {
	r := s.vendor(name).request(method, path, body)
	for _, edit := range edits {
		edit(r)
	}
	w := httptest.NewRecorder()
	s.serve(w, r)
	return w
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

// expect checks status and exact body.
func expect(t *testing.T, w *httptest.ResponseRecorder, status int, body string) {
	t.Helper()
	if w.Code != status || w.Body.String() != body {
		t.Errorf("got %d %s\nwant %d %s", w.Code, w.Body, status, body)
	}
}

// sameJSON checks that two texts are the same JSON value, whatever their layout.
func sameJSON(t *testing.T, got, want string) {
	t.Helper()
	var g, w any
	if err := json.Unmarshal([]byte(got), &g); err != nil {
		t.Fatalf("%v in %s", err, got)
	}
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatalf("%v in %s", err, want)
	}
	if a, b := string(encode(g)), string(encode(w)); a != b {
		t.Errorf("got  %s\nwant %s", a, b)
	}
}

// decoded reads an answer of status 200.
func decoded[T any](t *testing.T, w *httptest.ResponseRecorder) T {
	t.Helper()
	var v T
	if w.Code != http.StatusOK {
		t.Fatalf("got %d %s", w.Code, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		t.Fatalf("%v in %s", err, w.Body)
	}
	return v
}
