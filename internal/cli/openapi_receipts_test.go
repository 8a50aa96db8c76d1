package cli

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"herald/providers"
)

// witnessReceipts reads what became of messages, as herald does.
func witnessReceipts(t *testing.T, w *witness, a *audit) {
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	text := providers.Content{Kind: providers.KindText, Text: "Hi"}
	r := startReceipts(t, w, a, "reads it")
	r.say(text)
	r.watch("")
	must(w.box.Deliver(w.vendor.Name, r.talk))
	r.say(text)
	r.watch("delivered", "")
	must(w.box.Fail(w.vendor.Name, r.talk, "131026: no such number"))
	must(w.box.Read(w.vendor.Name, r.talk))
	r.watch("delivered read", "failed 131026: no such number")
	must(nil, w.box.Write(w.vendor.Name, r.talk, "Who are you?"))
	r.say(text)
	r.watch("delivered read replied Who are you?", "failed 131026: no such number replied Who are you?", "")

	r = startReceipts(t, w, a, "chooses")
	r.say(text)
	for _, question := range []struct {
		kind   providers.Kind
		answer []string
	}{
		{providers.KindQuickReplies, []string{"Blue"}},
		{providers.KindForm, []string{"Ada", "A story", "ada@x.example", "M"}},
	} {
		r.say(witnessSamples(w.vendor.Name, question.kind)[0])
		must(nil, w.box.Choose(w.vendor.Name, r.talk, question.answer...))
	}
	r.watch("replied Blue", "replied Blue", "replied Ada, A story, ada@x.example, M")
	for range 110 { // more than a page
		r.say(text)
	}
	must(nil, w.box.Write(w.vendor.Name, r.talk, "Enough"))
	if got := r.read(); len(got) != 113 || slices.Contains(got, "") || got[112] != "replied Enough" {
		t.Errorf("of %d messages: %q", len(r.sends), got)
	}
}

// receipts are messages to one person, of which it is read what became of them.
type receipts struct {
	t      *testing.T
	w      *witness
	a      *audit
	p      providers.Provider
	person map[string]string
	place  string
	talk   string // as the emulator names it
	sends  []providers.Delivery
}

func startReceipts(t *testing.T, w *witness, a *audit, identifier string) *receipts {
	t.Helper()
	_, p := w.open(t, w.vendor.Token)
	r := &receipts{t: t, w: w, a: a, p: p, person: map[string]string{"identifier": identifier}}
	opened := witnessOpen(t, p, r.person, providers.NewKey(), true)
	if opened.Class != providers.Accepted {
		t.Fatalf("%+v", opened)
	}
	r.place, r.talk = opened.Place, fmt.Sprintf("%d/%s", witnessAccount, opened.Place)
	return r
}

// say sends a message into the conversation that was opened.
func (r *receipts) say(content providers.Content) {
	r.t.Helper()
	request := witnessMessage(r.t, r.p, content, r.person)
	request.Path = strings.Replace(request.Path, providers.PlaceMark, r.place, 1)
	begun := time.Now()
	out := r.p.Send(r.t.Context(), request, providers.NewKey())
	if out.Class != providers.Accepted {
		r.t.Fatalf("%+v", out)
	}
	r.sends = append(r.sends, providers.Delivery{Place: r.place, ID: out.ID, Begun: begun, Ended: time.Now()})
	r.a.settle(r.t, r.w.take()...)
}

// read gives what is reported of each message.
func (r *receipts) read() []string {
	r.t.Helper()
	got := make([]string, len(r.sends))
	out := r.p.(providers.Watcher).Watch(r.t.Context(), r.sends, unlimited, func(report providers.Report) {
		for _, fact := range []struct {
			name string
			at   time.Time
		}{{"delivered", report.Delivered}, {"read", report.Read}, {"failed " + report.Reason, report.Failed}, {"replied " + report.Reply, report.Replied}} {
			if !fact.at.IsZero() {
				got[report.Send] = strings.TrimSpace(got[report.Send] + " " + fact.name)
			}
		}
	})
	passed := r.w.take()
	asked := slices.ContainsFunc(passed, func(x seen) bool { return strings.Contains(x.target, "/messages?after=") })
	if out.Class != providers.Accepted || !asked {
		r.t.Errorf("%+v, in %d requests", out, len(passed))
	}
	r.a.settle(r.t, passed...)
	return got
}

func (r *receipts) watch(want ...string) {
	r.t.Helper()
	if got := r.read(); !slices.Equal(got, want) {
		r.t.Errorf("got  %q\nwant %q", got, want)
	}
}
