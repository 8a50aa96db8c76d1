package providertest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"herald/providers"
)

// request checks what leaves: once, to the right address, with the token, and as it was rendered.
func (s Subject) request(t *testing.T) {
	ok, _ := s.documented(providers.Accepted)
	for _, prefix := range []string{"", "/a%2Fb/c"} {
		srv := answering(t, ok.Status, nil, s.body(ok))
		for _, g := range s.Golden {
			p := s.opened(t, s.account(srv.URL+prefix, g.Settings))
			r, _ := p.Render(g.Message)
			key := providers.NewKey()
			if o := p.Send(t.Context(), r, key); o.Class != providers.Accepted {
				t.Fatalf("%s: %+v", g.Name, o)
			}
			all := srv.arrived()
			if len(all) != 1 {
				t.Fatalf("%s: %d requests for one Send", g.Name, len(all))
			}
			got := all[0]
			if got.method != r.Method || got.uri != prefix+r.Path || got.header.Get("Content-Type") != "application/json" {
				t.Errorf("%s: %s %s %v", g.Name, got.method, got.uri, got.header)
			}
			if got.header.Get("Idempotency-Key") != "" || got.header.Get("X-Idempotency-Key") != "" {
				t.Errorf("%s: with this header the transport repeats requests by itself: %v", g.Name, got.header)
			}
			for _, setting := range s.Type.Facts.Settings {
				if setting.Secret && setting.Required && !strings.Contains(fmt.Sprint(got.header), secret(setting.Name)) {
					t.Errorf("%s: no header carries %s: %v", g.Name, setting.Name, got.header)
				}
			}
			s.marked(t, g.Name, r.Body, got.body, key)
		}
	}
}

// marked checks that what left is what was rendered and, where there is a place for it, the key.
func (s Subject) marked(t *testing.T, name string, rendered, left []byte, key providers.Key) {
	t.Helper()
	if s.Unmark == nil {
		if !bytes.Equal(rendered, left) {
			t.Errorf("%s: left as\n%s\nrendered as\n%s", name, left, rendered)
		}
		return
	}
	rest, mark := s.Unmark(left)
	if mark != key.String() {
		t.Errorf("%s: marked %q, the key is %s", name, mark, key)
	}
	_, before := s.Unmark(rendered)
	if before != "" || same(rendered) != same(rest) {
		t.Errorf("%s: left, but for its mark, as\n%s\nrendered as\n%s", name, rest, rendered)
	}
}

// same gives JSON in a form in which equal values are equal texts.
func same(raw []byte) string {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return string(raw)
	}
	out, _ := json.Marshal(v)
	return string(out)
}

// concurrent checks that sends at the same time do not mix.
func (s Subject) concurrent(t *testing.T) {
	ok, _ := s.documented(providers.Accepted)
	srv := answering(t, ok.Status, nil, s.body(ok))
	p := s.opened(t, s.account(srv.URL))
	const workers, each = 8, 15
	want := make(chan string, workers*each)
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for range each {
				r, _ := p.Render(s.Golden[0].Message)
				key := providers.NewKey()
				want <- key.String()
				if o := p.Send(context.Background(), r, key); o.Class != providers.Accepted {
					t.Errorf("%+v", o)
				}
			}
		})
	}
	all.Wait()
	close(want)
	got := srv.arrived()
	if len(got) != workers*each {
		t.Fatalf("%d requests, want %d", len(got), workers*each)
	}
	if s.Unmark == nil {
		return
	}
	marks := map[string]bool{}
	for _, r := range got {
		_, mark := s.Unmark(r.body)
		marks[mark] = true
	}
	for key := range want {
		if !marks[key] {
			t.Errorf("key %s did not arrive", key)
		}
	}
}

// answers checks each documented answer against its class.
func (s Subject) answers(t *testing.T) {
	all := slices.Clone(s.Answers)
	for _, a := range s.Type.Facts.Answers {
		all = append(all, Answer{Name: documentedName(a), Status: a.Status, Body: s.body(a), Want: providers.Outcome{Class: a.Class}})
	}
	for _, a := range all {
		t.Run(a.Name, func(t *testing.T) {
			srv := answering(t, a.Status, a.Header, a.Body)
			got := s.send(t, srv.URL)
			if n := len(srv.arrived()); n != 1 {
				t.Errorf("%d requests for one Send", n)
			}
			sound(t, got, a.Status)
			w := a.Want
			if got.Class != w.Class || w.ID != "" && got.ID != w.ID || w.Status != "" && got.Status != w.Status || !w.At.IsZero() && !got.At.Equal(w.At) ||
				w.After != 0 && got.After != w.After || w.Note != "" && got.Note != w.Note || !strings.Contains(got.Reason, w.Reason) {
				t.Errorf("got  %+v\nwant %+v", got, w)
			}
		})
	}
}

// failer is what sound needs of *testing.T and *rapid.T.
type failer interface {
	Helper()
	Errorf(format string, args ...any)
}

// sound checks what holds of every outcome to an answer.
func sound(t failer, o providers.Outcome, status int) {
	t.Helper()
	switch {
	case o.HTTP != status:
		t.Errorf("HTTP %d recorded for %d: %+v", o.HTTP, status, o)
	case o.Class < providers.Accepted || o.Class > providers.Unknown || o.Class == providers.NotSent:
		t.Errorf("an answer came, and its class is %v: %+v", o.Class, o)
	case o.Class == providers.Accepted && (status/100 != 2 || o.Reason != ""):
		t.Errorf("accepted: %+v", o)
	case o.Class != providers.Accepted && o.Reason == "":
		t.Errorf("no reason: %+v", o)
	case o.After < 0 || o.After > 24*time.Hour || o.After != 0 && o.Class != providers.Throttled:
		t.Errorf("waits %v: %+v", o.After, o)
	case status/100 == 3 && o.Class != providers.AccountError, status/100 == 5 && o.Class != providers.Unknown:
		t.Errorf("a %d is %v", status, o.Class)
	}
	for _, text := range []string{o.Reason, o.ID, o.Status, o.Note} {
		if strings.ContainsAny(text, "\r\n") || utf8.RuneCountInString(text) > 300 || !utf8.ValidString(text) {
			t.Errorf("no bounded line: %q", text)
		}
	}
}

// retryAfter checks the forms in which an answer says how long to wait.
func (s Subject) retryAfter(t *testing.T) {
	now := time.Now()
	silent := [2]time.Duration{min(time.Nanosecond, s.Wait), s.Wait}
	for value, want := range map[string][2]time.Duration{
		"7": {7 * time.Second, 7 * time.Second}, "86400": {24 * time.Hour, 24 * time.Hour}, "9999999": {24 * time.Hour, 24 * time.Hour},
		"99999999999999999999999": {24 * time.Hour, 24 * time.Hour},
		now.Add(time.Minute + 30*time.Second).UTC().Format(http.TimeFormat): {80 * time.Second, 91 * time.Second},
		now.Add(-time.Hour).UTC().Format(http.TimeFormat):                   silent,
		"": silent, "0": silent, "-7": silent, "1.5": silent, "in a bit": silent,
	} {
		srv := answering(t, 429, map[string]string{"Retry-After": value}, s.Wrap(429, "Slow down"))
		got := s.send(t, srv.URL)
		if got.Class != providers.Throttled || got.After < want[0] || got.After > want[1] {
			t.Errorf("Retry-After %q: %+v, want %v", value, got, want)
		}
	}
}

// anyAnswer checks that whatever comes is classified, and accepted only where it may be.
func (s Subject) anyAnswer(t *testing.T) {
	var told atomic.Pointer[Answer] // set before a Send, read within it
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		a := told.Load()
		answer(w, a.Status, a.Header, a.Body)
	})
	p := s.opened(t, s.account(srv.URL))
	r := s.first(t, p)
	rapid.Check(t, func(t *rapid.T) {
		a := Answer{
			Status: rapid.IntRange(200, 599).Draw(t, "status"),
			Header: map[string]string{"Retry-After": rapid.StringMatching(`[ -~]{0,30}`).Draw(t, "retry after")},
		}
		a.Body = rapid.OneOf(
			rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
			rapid.Map(rapid.String(), func(text string) string { return s.Wrap(a.Status, text) }),
			rapid.SampledFrom([]string{"", "null", "[]", "{}", `""`, `{"id":null}`, `{"status":1,"message":[]}`, `{"error":{}}`, strings.Repeat("[", 20000)}),
		).Draw(t, "body")
		told.Store(&a)
		o := p.Send(context.Background(), r, providers.NewKey())
		sound(t, o, a.Status)
		if n := len(srv.arrived()); n != 1 {
			t.Errorf("%d requests for one Send", n)
		}
	})
}

// successBodies checks that a 2xx which is not the success that the vendor documents leaves it open.
func (s Subject) successBodies(t *testing.T) {
	ok, _ := s.documented(providers.Accepted)
	body := s.body(ok)
	for _, wrong := range []string{"", " ", "null", "true", "[]", "{}", "<html>OK</html>", "OK", body[:len(body)-1], body[1:], body + body, "[" + body + "]",
		body + strings.Repeat(" ", 2<<20)} {
		srv := answering(t, ok.Status, nil, wrong)
		if got := s.send(t, srv.URL); got.Class != providers.Unknown {
			t.Errorf("%.60q of %d bytes: %+v", wrong, len(wrong), got)
		}
	}
	srv := answering(t, 204, nil, "")
	if got := s.send(t, srv.URL); got.Class != providers.Unknown {
		t.Errorf("204: %+v", got)
	}
}

// redirects checks that none is followed, and that the token stays where it was meant for.
func (s Subject) redirects(t *testing.T) {
	elsewhere := answering(t, 200, nil, "{}")
	for _, status := range []int{300, 301, 302, 303, 304, 307, 308} {
		for _, to := range []string{elsewhere.URL + "/login?next=x", "/login", ""} {
			srv := answering(t, status, map[string]string{"Location": to}, "")
			got := s.send(t, srv.URL)
			if got.Class != providers.AccountError || got.HTTP != status {
				t.Errorf("%d to %q: %+v", status, to, got)
			}
			if n := len(srv.arrived()); n != 1 {
				t.Errorf("%d to %q: %d requests", status, to, n)
			}
		}
	}
	if n := len(elsewhere.arrived()); n != 0 {
		t.Errorf("%d requests went to where a redirect pointed", n)
	}
}
