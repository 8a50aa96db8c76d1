package providertest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"herald/providers"
)

// lister opens an account of a type that reads messages back. Without a page to try it on there is nothing to check.
func (s Subject) lister(t *testing.T, a providers.Account) providers.Lister {
	t.Helper()
	l, ok := s.opened(t, a).(providers.Lister)
	if !ok || len(s.List) == 0 {
		t.Skip("no List: this vendor lists no messages, or the check of lists says what is missing")
	}
	return l
}

// readsBack checks that provider, facts and subject agree on whether messages are read back.
func (s Subject) readsBack(t *testing.T) {
	t.Helper()
	_, ok := s.opened(t, s.account("")).(providers.Lister)
	switch reads := s.Type.Facts.Reading != ""; {
	case ok && !reads:
		t.Fatal("the provider has a List, and Facts.Reading does not say how messages are read back")
	case !ok && reads:
		t.Fatal("Facts.Reading says how messages are read back, and the provider has no List")
	case !ok && len(s.List) > 0:
		t.Fatal("the subject has pages in List, and the provider has no List")
	case ok && len(s.List) == 0:
		t.Fatal("the provider has a List; give the subject a page in List, as its vendor answers it")
	}
}

// reader is the secret setting that List takes: the one that only reading needs, or where there is none the one that
// Send takes.
func (s Subject) reader() (reader providers.Setting) {
	for _, setting := range s.Type.Facts.Settings {
		switch {
		case !setting.Secret:
		case setting.Reads:
			return setting
		case setting.Required && reader.Name == "":
			reader = setting
		}
	}
	return reader
}

// lists checks each documented page: what is asked, what is read, and the way to the next page.
func (s Subject) lists(t *testing.T) {
	s.readsBack(t)
	for _, l := range s.List {
		t.Run(l.Name, func(t *testing.T) {
			for _, prefix := range []string{"", "/a%2Fb/c"} {
				srv := answering(t, 200, nil, l.Page)
				p := s.lister(t, s.account(srv.URL+prefix))
				page, o := p.List(t.Context(), l.Query)
				if o.Class != providers.Accepted || o.HTTP != 200 || o.Reason != "" {
					t.Fatalf("%+v", o)
				}
				s.asked(t, srv.arrived(), cmp.Or(l.Method, http.MethodGet), prefix+l.Path)
				l.compare(t, page)
				if !l.More {
					continue
				}
				next := l.Query
				next.Cursor = page.Next
				if _, o := p.List(t.Context(), next); o.HTTP != 200 {
					t.Errorf("the next page: %+v", o)
				}
				after := srv.arrived()
				if len(after) != 1 || after[0].uri == prefix+l.Path && len(after[0].body) == 0 {
					t.Errorf("the next page is asked for as the first one: %+v", after)
				}
			}
		})
	}
}

// asked checks the one request of a List: that it goes where it should, with the token for reading and no other.
func (s Subject) asked(t *testing.T, all []seen, method, uri string) {
	t.Helper()
	if len(all) != 1 {
		t.Fatalf("%d requests for one List", len(all))
	}
	got := all[0]
	if got.method != method || got.uri != uri {
		t.Errorf("%s %s, want %s %s", got.method, got.uri, method, uri)
	}
	reader := s.reader().Name
	for _, setting := range s.Type.Facts.Settings {
		if has := strings.Contains(fmt.Sprint(got.header), secret(setting.Name)); setting.Secret && has != (setting.Name == reader) {
			t.Errorf("%s is read with %s; its header with %s: %v", s.Type.Facts.Type, reader, setting.Name, has)
		}
	}
}

// compare checks what a page was read as.
func (l Listing) compare(t *testing.T, page providers.Page) {
	t.Helper()
	if diff := gocmp.Diff(l.Want, page.Messages, cmpopts.IgnoreFields(providers.Listed{}, "Vendor"), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("read otherwise (-want +got):\n%s", diff)
	}
	if (page.Next != "") != l.More {
		t.Errorf("the next page is %q; there is one: %v", page.Next, l.More)
	}
	var whole bytes.Buffer
	if err := json.Compact(&whole, []byte(l.Page)); err != nil {
		t.Fatalf("Page: %v", err)
	}
	before := time.Time{}
	for i, m := range page.Messages {
		var vendor bytes.Buffer
		if err := json.Compact(&vendor, m.Vendor); err != nil || !bytes.HasPrefix(vendor.Bytes(), []byte("{")) || !bytes.Contains(whole.Bytes(), vendor.Bytes()) ||
			!bytes.Contains(vendor.Bytes(), []byte(m.ID)) {
			t.Errorf("message %q: Vendor is not the vendor's object as the page has it: %s", m.ID, m.Vendor)
		}
		if m.ID == "" || m.Direction != providers.Outgoing && m.Direction != providers.Incoming && m.Direction != providers.Internal {
			t.Errorf("message %d without id or direction: %+v", i, m)
		}
		if i > 0 && m.At.After(before) {
			t.Errorf("message %d is newer than the one before it", i)
		}
		before = m.At
	}
}

// listConcurrent checks that lists at the same time do not mix, nor hold up sends.
func (s Subject) listConcurrent(t *testing.T) {
	s.lister(t, s.account(""))
	ok, _ := s.documented(providers.Accepted)
	first := s.List[0]
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if wanted, _, _ := strings.Cut(first.Path, "?"); r.URL.EscapedPath() == wanted && r.Method == cmp.Or(first.Method, http.MethodGet) {
			answer(w, 200, nil, first.Page)
			return
		}
		answer(w, ok.Status, nil, s.body(ok))
	})
	p := s.lister(t, s.account(srv.URL))
	request := s.first(t, p.(providers.Provider))
	const workers, each = 8, 5
	var all sync.WaitGroup
	for i := range workers {
		all.Go(func() {
			for range each {
				if i%2 > 0 {
					if o := p.(providers.Provider).Send(context.Background(), request, providers.NewKey()); o.Class != providers.Accepted {
						t.Errorf("send: %+v", o)
					}
					continue
				}
				page, o := p.List(context.Background(), first.Query)
				if o.Class != providers.Accepted || len(page.Messages) != len(first.Want) {
					t.Errorf("list: %d messages, %+v", len(page.Messages), o)
				}
			}
		})
	}
	all.Wait()
	if n := len(srv.arrived()); n != workers*each {
		t.Errorf("%d requests, want %d", n, workers*each)
	}
}
