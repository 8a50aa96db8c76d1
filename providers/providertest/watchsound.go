package providertest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"herald/providers"
)

// sound checks what holds of every call.
func (w Watching) sound(t failer, all []providers.Report, o providers.Outcome) {
	t.Helper()
	switch {
	case o.Class < providers.Accepted || o.Class > providers.Unknown:
		t.Errorf("no class: %+v", o)
	case (o.Class == providers.Accepted) == (o.Reason != ""):
		t.Errorf("a reason where all is well, or none where it is not: %+v", o)
	case o.After < 0 || o.After > 24*time.Hour || o.After != 0 && o.Class != providers.Throttled:
		t.Errorf("waits %v: %+v", o.After, o)
	}
	for i, r := range all {
		switch {
		case r.Send < 0 || r.Send >= len(w.Sends):
			t.Errorf("a report of no delivery: %+v", r)
		case i > 0 && all[i-1].Send == r.Send:
			t.Errorf("two reports of one delivery: %+v, %+v", all[i-1], r)
		case r.Unseen && (!r.Delivered.IsZero() || !r.Read.IsZero() || !r.Failed.IsZero() || !r.Replied.IsZero()):
			t.Errorf("something is known of a message that the vendor does not show: %+v", r)
		case !r.Unseen && r.Delivered.IsZero() && r.Read.IsZero() && r.Failed.IsZero() && r.Replied.IsZero():
			t.Errorf("a report that says nothing: %+v", r)
		case r.Failed.IsZero() != (r.Reason == ""):
			t.Errorf("given up without a reason, or a reason alone: %+v", r)
		case r.Replied.IsZero() && (r.Reply != "" || r.Vendor != nil), !r.Replied.IsZero() && !json.Valid(r.Vendor):
			t.Errorf("a reply without its time or the vendor's object, or these without a reply: %+v", r)
		}
	}
	texts := []string{o.Reason, o.Note}
	for _, r := range all {
		texts = append(texts, r.Reason)
	}
	for _, text := range texts {
		if strings.ContainsAny(text, "\r\n") || utf8.RuneCountInString(text) > 300 || !utf8.ValidString(text) {
			t.Errorf("no bounded line: %q", text)
		}
	}
}

// compare checks reports and outcome. Reports of a call that did not come to its end may lack what was wanted.
func (w Watching) compare(t failer, all []providers.Report, o providers.Outcome) {
	t.Helper()
	want := w.Outcome
	want.Class = cmp.Or(want.Class, providers.Accepted)
	if o.Class != want.Class || o.After != want.After || !strings.Contains(o.Reason, want.Reason) || !strings.Contains(o.Note, want.Note) || (want.Note == "") != (o.Note == "") {
		t.Errorf("got  %+v\nwant %+v", o, want)
	}
	if diff := gocmp.Diff(w.Want, all, cmpopts.IgnoreFields(providers.Report{}, "Vendor"), cmpopts.EquateEmpty(), gocmp.Comparer(time.Time.Equal)); diff != "" {
		t.Errorf("reported otherwise (-want +got):\n%s", diff)
	}
	for _, r := range all {
		if !r.Replied.IsZero() && !w.holds(r.Vendor) {
			t.Errorf("Vendor is no object of a page as the vendor has it: %s", r.Vendor)
		}
	}
}

// holds reports whether an object stands on a page.
func (w Watching) holds(object json.RawMessage) bool {
	var one bytes.Buffer
	if json.Compact(&one, object) != nil || !bytes.HasPrefix(one.Bytes(), []byte("{")) {
		return false
	}
	return slices.ContainsFunc(w.Pages, func(a Answer) bool {
		var page bytes.Buffer
		return json.Compact(&page, []byte(a.Body)) == nil && bytes.Contains(page.Bytes(), one.Bytes())
	})
}

// part checks that nothing is reported that is not wanted.
func (w Watching) part(t failer, all []providers.Report) {
	t.Helper()
	for _, r := range all {
		i := slices.IndexFunc(w.Want, func(want providers.Report) bool { return want.Send == r.Send })
		if i < 0 {
			t.Errorf("%s: reported, and not wanted: %+v", w.Name, r)
			continue
		}
		want := w.Want[i]
		for _, pair := range [][2]time.Time{{r.Delivered, want.Delivered}, {r.Read, want.Read}, {r.Failed, want.Failed}, {r.Replied, want.Replied}} {
			if !pair[0].IsZero() && !pair[0].Equal(pair[1]) {
				t.Errorf("%s: reported %+v, wanted %+v", w.Name, r, want)
			}
		}
	}
}
