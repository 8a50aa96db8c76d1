package providertest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"herald/providers"
)

// listTransport checks what ends a List early: broken answers and connections, a wait for nothing, an end from outside.
func (s Subject) listTransport(t *testing.T) {
	s.lister(t, s.account(""))
	good := s.List[0].Page
	for name, text := range map[string]string{
		"nothing":     "",
		"half a page": fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(good)+1, good),
		"status 999":  fmt.Sprintf("HTTP/1.1 999 What\r\nContent-Length: %d\r\n\r\n%s", len(good), good),
	} {
		srv := serve(t, func(w http.ResponseWriter, r *http.Request) { raw(w, text, false) })
		page, o := s.list(t, srv.URL)
		nothing(t, page, o)
		if n := len(srv.arrived()); n != 1 || o.Class != providers.Unknown || o.Reason == "" {
			t.Errorf("%s: %d requests, %+v", name, n, o)
		}
	}
	if page, o := s.list(t, nobody); o.Class != providers.NotSent || o.Reason == "" || page.Messages != nil {
		t.Errorf("no connection: %+v", o)
	}
	s.listOnce(t)
	s.listInterrupted(t)
}

// listOnce checks that a connection which ends unanswered is not tried again, though a transport knows that asking for a
// page changes nothing: each request counts toward the vendor's limit, and it is the caller who counts them.
func (s Subject) listOnce(t *testing.T) {
	for before := range 2 {
		var calls atomic.Int32
		srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if int(calls.Add(1)) <= before {
				answer(w, 200, nil, s.List[0].Page)
				return
			}
			raw(w, "", true)
		})
		p := s.lister(t, s.account(srv.URL))
		for range before {
			if _, o := p.List(t.Context(), s.List[0].Query); o.Class != providers.Accepted {
				t.Fatalf("%+v", o)
			}
		}
		page, o := p.List(t.Context(), s.List[0].Query)
		nothing(t, page, o)
		if n := len(srv.arrived()); n != before+1 || o.Class != providers.Unknown || o.HTTP != 0 || o.Reason == "" {
			t.Errorf("a connection closed after %d pages: %d requests, want %d (net/http repeats a GET whose body it can have again); %+v", before, n, before+1, o)
		}
	}
}

func (s Subject) listInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	a := s.account(srv.URL)
	p := s.lister(t, a)
	for _, tt := range []struct {
		when  string
		class providers.Class
		n     int
	}{{"while waiting for a page", providers.Unknown, 1}, {"before", providers.NotSent, 0}} {
		page, o := p.List(ctx, s.List[0].Query)
		nothing(t, page, o)
		if n := len(srv.arrived()); n != tt.n || o.Class != tt.class || o.Reason == "" {
			t.Errorf("interrupted %s: %d requests, %+v", tt.when, n, o)
		}
	}
	// The account's timeout bounds a List too; a provider that does not keep to it would wait for ever.
	const long = 10 * time.Second
	a.Timeout = 50 * time.Millisecond
	waiting, enough := context.WithTimeout(t.Context(), long)
	defer enough()
	begun := time.Now()
	page, o := s.lister(t, a).List(waiting, s.List[0].Query)
	nothing(t, page, o)
	if o.Class != providers.Unknown && o.Class != providers.NotSent || o.Reason == "" || time.Since(begun) >= long {
		t.Errorf("no answer within the timeout of %v: after %v %+v", a.Timeout, time.Since(begun), o)
	}
}

// listSecrets checks that List says which secret it lacks and sends nothing then, and that no secret comes out of it.
func (s Subject) listSecrets(t *testing.T) {
	s.lister(t, s.account(""))
	reader := s.reader()
	silent := answering(t, 200, nil, s.List[0].Page)
	a := s.account(silent.URL)
	delete(a.Settings, reader.Name)
	page, o := s.lister(t, a).List(t.Context(), s.List[0].Query)
	nothing(t, page, o)
	if n := len(silent.arrived()); n != 0 || o.Class != providers.AccountError || !strings.Contains(o.Reason, reader.Name) || !strings.Contains(o.Reason, reader.Env) {
		t.Errorf("without %s: %d requests, %+v", reader.Name, n, o)
	}
	for _, setting := range s.Type.Facts.Settings {
		if !setting.Secret {
			continue
		}
		for name, form := range forms(secret(setting.Name)) {
			for _, status := range []int{200, 302, 401, 404, 429, 500} {
				header := map[string]string{"Location": "https://example.com/" + url.PathEscape(form), "Retry-After": form}
				srv := answering(t, status, header, s.Wrap(status, "you sent "+form+" and\n"+form))
				page, o := s.list(t, srv.URL)
				srv.Close()
				nothing(t, page, o)
				if text := fmt.Sprintf("%+v", o); strings.Contains(text, form) || strings.Contains(text, secret(setting.Name)) {
					t.Errorf("%d with %s as %s: %s", status, setting.Name, name, text)
				}
			}
		}
	}
}
