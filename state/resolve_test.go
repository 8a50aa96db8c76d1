package state

import (
	"testing"

	"herald/internal/addr"
)

// A value that was used for a message stays used, for everyone but the person who used it.
func TestUnique(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	phone := hashOf('p')
	other := sendOf("c2")
	used := func() bool {
		t.Helper()
		v, err := l.View(t.Context())
		must(t, err)
		if v.UniqueUsed(sendOf("c1"), phone) {
			t.Error("her own use counts against c1")
		}
		if v.UniqueUsed(addr.Send{Message: addr.Message{Sequence: "renewal", Name: "reminder"}, Key: "c2"}, phone) ||
			v.UniqueUsed(other, hashOf('q')) || v.UniqueUsed(other, Hash{}) {
			t.Error("another message's or value's use counts")
		}
		return v.UniqueUsed(other, phone)
	}
	try := func(state State) {
		t.Helper()
		i := intentOf("c1")
		i.Unique = phone
		must(t, l.Intend(t.Context(), i))
		if !used() {
			t.Error("a value in flight is free")
		}
		must(t, l.Record(t.Context(), Result{Send: i.Send, State: state}))
	}
	if used() {
		t.Error("used from the start")
	}
	try(Untried)
	if used() {
		t.Error("used by what was not sent")
	}
	try(Refused)
	if used() {
		t.Error("used by what was refused")
	}
	must(t, l.Resolve(t.Context(), []Decision{{Send: sendOf("c1"), Sent: true, Who: "ada"}}))
	if !used() {
		t.Error("free though decided to be sent")
	}
	// She has another phone now: the first stays used.
	i := intentOf("c1")
	i.Unique = hashOf('n')
	must(t, l.Intend(t.Context(), i))
	must(t, l.Record(t.Context(), Result{Send: i.Send, State: Sent}))
	if !used() {
		t.Error("free again after another value was sent to")
	}
	i = intentOf("c2")
	i.Unique = phone
	must(t, l.Intend(t.Context(), i))
	must(t, l.Record(t.Context(), Result{Send: i.Send, State: Sent}))
	v, err := l.View(t.Context())
	must(t, err)
	if !v.UniqueUsed(sendOf("c1"), phone) || !v.UniqueUsed(other, phone) {
		t.Error("a value that two have used is free for one of them")
	}
}

func TestResolveAllOrNothing(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	for _, key := range []string{"doubt", "sent"} {
		must(t, l.Intend(t.Context(), intentOf(key)))
	}
	must(t, l.Record(t.Context(), Result{Send: sendOf("doubt"), State: InDoubt}))
	must(t, l.Record(t.Context(), Result{Send: sendOf("sent"), State: Sent}))
	err := l.Resolve(t.Context(), []Decision{{Send: sendOf("doubt"), Sent: true}, {Send: sendOf("sent")}, {Send: sendOf("none")}})
	wantError(t, err, `renewal.offer["sent"] is sent`, `renewal.offer["none"] is untried`)
	err = l.Resolve(t.Context(), []Decision{{Send: sendOf("doubt"), Sent: true}, {Send: sendOf("doubt")}})
	wantError(t, err, "decided twice")
	if got := recordsTest(t, path)[sendOf("doubt")].State; got != InDoubt {
		t.Errorf("a refused decision made it %s", got)
	}
	must(t, l.Resolve(t.Context(), []Decision{{Send: sendOf("doubt"), Sent: true, Who: "ada"}}))
	if got := recordsTest(t, path)[sendOf("doubt")]; got.State != Sent || got.DecidedBy != "ada" {
		t.Errorf("decided %+v", got)
	}
}

// What was sent is not forgotten when other content is refused later.
func TestSentBefore(t *testing.T) {
	l := openTest(t, pathTest(t), Options{Create: true})
	startTest(t, l)
	for n, state := range []State{Sent, Refused} {
		i := intentOf("c1")
		i.Content = hashOf(byte('a' + n))
		must(t, l.Intend(t.Context(), i))
		must(t, l.Record(t.Context(), Result{Send: i.Send, State: state}))
	}
	v, err := l.View(t.Context())
	must(t, err)
	if h, ok := v.SentBefore(sendOf("c1")); !ok || h != hashOf('a') {
		t.Errorf("sent before: %v, %v", h, ok)
	}
	if _, ok := v.SentBefore(sendOf("c2")); ok {
		t.Error("something was sent to c2")
	}
}
