package state

import (
	"testing"
	"time"

	"herald/internal/addr"
)

func sendsOf(keys ...string) (all []addr.Send) {
	for _, k := range keys {
		all = append(all, sendOf(k))
	}
	return all
}

// What is taken out is untried, whatever it was, and nothing of before comes back; the file still tells.
func TestRemove(t *testing.T) {
	path := pathTest(t)
	at := time.Date(2026, 11, 20, 9, 14, 0, 0, time.UTC)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	try := func(key string, content byte, st State) {
		t.Helper()
		i := intentOf(key)
		i.Content, i.Unique = hashOf(content), hashOf('u')
		must(t, l.Intend(t.Context(), i))
		must(t, l.Record(t.Context(), Result{Send: i.Send, State: st}))
	}
	try("twice", 'a', Sent)
	try("twice", 'b', Refused)
	try("doubt", 'a', Sent)
	try("doubt", 'b', InDoubt)
	try("stays", 'a', Refused)
	v, err := l.View(t.Context())
	must(t, err)
	serial := v.Serial
	if !v.UniqueUsed(sendOf("other"), hashOf('u')) {
		t.Fatal("the value is free from the start")
	}
	must(t, l.Remove(t.Context(), sendsOf("twice", "doubt", "twice"), "ada@host", at))
	v, err = l.View(t.Context())
	must(t, err)
	if v.Serial != serial+1 {
		t.Errorf("serial %d after %d", v.Serial, serial)
	}
	for _, key := range []string{"twice", "doubt"} {
		if e, there := v.Entry(sendOf(key)); there {
			t.Errorf("%s is %+v", key, e)
		}
	}
	if v.UniqueUsed(sendOf("other"), hashOf('u')) || len(v.Doubt) != 0 || v.Recorded(sendOf("").Message) != 1 {
		t.Errorf("left is %+v", v)
	}
	decisions, earlier := tellsTest(t, path, "doubt")
	if len(decisions) != 2 || decisions[0] != (Resolved{Decision{sendOf("twice"), false, "ada@host", takenOut, at}, Refused}) || decisions[1].Was != InDoubt {
		t.Errorf("decisions %+v", decisions)
	}
	if len(earlier) != 2 || earlier[0].State != InDoubt || earlier[1].State != Sent {
		t.Errorf("earlier %+v", earlier)
	}

	// The old content does not come back under a new refusal.
	try("twice", 'c', Refused)
	v, err = l.View(t.Context())
	must(t, err)
	if h, ok := v.SentBefore(sendOf("twice")); ok {
		t.Errorf("%v was sent before", h)
	}
	must(t, l.Resolve(t.Context(), []Decision{{Send: sendOf("twice"), Who: "ada@host"}}))
	if r, there := recordsTest(t, path)[sendOf("twice")]; there {
		t.Errorf("after the refusal was taken back: %+v", r)
	}
}

// All are taken out or none.
func TestRemoveAllOrNothing(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	sendTest(t, l, "sent")
	must(t, l.Intend(t.Context(), intentOf("sending")))
	err := l.Remove(t.Context(), sendsOf("sent", "sending", "none"), "ada", time.Now())
	wantError(t, err, `renewal.offer["sending"] is being sent right now; wait`, `renewal.offer["none"] is untried, so there is nothing to remove`)
	must(t, l.Remove(t.Context(), nil, "ada", time.Now()))
	if got := recordsTest(t, path); len(got) != 2 {
		t.Errorf("left is %+v", got)
	}
	v, err := l.View(t.Context())
	must(t, err)
	if v.Serial != 1 {
		t.Errorf("serial %d", v.Serial)
	}
}
