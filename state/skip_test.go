package state

import (
	"fmt"
	"testing"
	"time"
)

// Many are skipped at once; a plan sees the condition, and what is skipped may be sent later.
func TestSkip(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	run := startTest(t, l)
	must(t, l.Skip(t.Context(), nil))
	serial := func(want int64) {
		t.Helper()
		v, err := l.View(t.Context())
		must(t, err)
		if v.Serial != want {
			t.Errorf("serial %d, want %d", v.Serial, want)
		}
	}
	serial(0)
	at := time.Date(2026, 11, 20, 9, 14, 0, 0, time.UTC)
	var skips []Skip
	for n := range 500 {
		s := skipOf(fmt.Sprintf("c%03d", n))
		s.At = at
		skips = append(skips, s)
	}
	must(t, l.Skip(t.Context(), skips))
	serial(1)
	sendTest(t, l, "c001")
	other := skipOf("c002")
	other.Condition = hashOf('x')
	must(t, l.Skip(t.Context(), []Skip{other}))
	serial(1)
	run.Skipped, run.Ended = 500, at
	must(t, l.EndRun(t.Context(), run))
	startTest(t, l)
	must(t, l.Skip(t.Context(), []Skip{skipOf("c003")}))
	serial(2)
	must(t, l.Close())

	v, err := Read(t.Context(), path)
	must(t, err)
	records := recordsTest(t, path)
	if len(records) != 500 || v.Recorded(sendOf("").Message) != 500 {
		t.Errorf("%d are recorded", len(records))
	}
	want := Record{Send: sendOf("c000"), State: Skipped, Account: "heyx", Content: hashOf('w'), Definition: hashOf('m'), At: at, Run: 1}
	if got := records[want.Send]; got != want {
		t.Errorf("skipped %+v\nwant    %+v", got, want)
	}
	for key, want := range map[string]Entry{
		"c000": {State: Skipped, Content: hashOf('w'), At: at.UnixNano()},
		"c001": {State: Sent, Content: hashOf('c'), Destination: hashOf('d')},
		"c002": {State: Skipped, Content: hashOf('x')},
	} {
		got, _ := v.Entry(sendOf(key))
		if key != "c000" {
			got.At = 0 // just now
		}
		if got != want {
			t.Errorf("%s is %+v, want %+v", key, got, want)
		}
	}
	_, earlier := tellsTest(t, path, "c001")
	if len(earlier) != 1 || earlier[0].State != Skipped {
		t.Errorf("before it was sent: %+v", earlier)
	}
	r, err := OpenReader(t.Context(), path)
	must(t, err)
	defer r.Close()
	if runs, err := r.Runs(t.Context()); err != nil || runs[0].Skipped != 500 {
		t.Errorf("runs %+v, %v", runs, err)
	}
}

// All are skipped or none: what cannot be is a bug of the caller.
func TestSkipRefused(t *testing.T) {
	l := openTest(t, pathTest(t), Options{Create: true})
	wantError(t, l.Skip(t.Context(), []Skip{skipOf("c1")}), "outside of a run", "bug in herald")
	startTest(t, l)
	sendTest(t, l, "sent")
	must(t, l.Intend(t.Context(), intentOf("sending")))
	with := func(change func(*Skip)) Skip {
		s := skipOf("c1")
		change(&s)
		return s
	}
	for why, bad := range map[string]Skip{
		"is sent already":    skipOf("sent"),
		"is sending already": skipOf("sending"),
		"skipped twice":      skipOf("good"),
		"an account":         with(func(s *Skip) { s.Account = "" }),
		"or a condition":     with(func(s *Skip) { s.Condition = Hash{} }),
		"without a message":  with(func(s *Skip) { s.Send.Name = "" }),
		"not given to Start": with(func(s *Skip) { s.Definition = hashOf('x') }),
	} {
		wantError(t, l.Skip(t.Context(), []Skip{skipOf("good"), bad}), why, "bug in herald")
	}
	v, err := l.View(t.Context())
	must(t, err)
	if e, there := v.Entry(sendOf("good")); there {
		t.Errorf("good is %+v", e)
	}
	must(t, l.Skip(t.Context(), []Skip{skipOf("good")})) // the ledger goes on
}
