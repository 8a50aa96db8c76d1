package state

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"herald/internal/addr"
)

var update = flag.Bool("update", false, "write the fixture of the current format, when there is none yet")

const fixture = "testdata/format-1.state"

// fixtureAt is when everything in the fixture happened.
var fixtureAt = time.Date(2026, 11, 20, 9, 14, 0, 0, time.UTC)

// makeFixture writes a small ledger with something in every table. A released format's fixture is never written again.
func makeFixture(t *testing.T, path string) {
	l := openTest(t, path, Options{NewLedger: true, Lineage: "fixture", Version: "0.1.0"})
	run := Run{Who: "ada@host", Command: "herald apply", Digest: "d1", Version: "0.1.0", Started: fixtureAt}
	start := func() {
		id, err := l.StartRun(t.Context(), run, definitionsTest(), map[string]string{"customers": "id"}, outlineOf("renewal:offer,reminder"))
		must(t, err)
		run.ID = id
	}
	try := func(key string, content byte, state State) {
		i := intentOf(key)
		i.Content, i.Unique, i.At = hashOf(content), hashOf(key[0]), fixtureAt
		i.Place, i.Awaited = "place of "+key, key == "doubt"
		must(t, l.Intend(t.Context(), i))
		if state != Sending {
			must(t, l.Record(t.Context(), Result{Send: i.Send, State: state, ProviderID: "m-" + key, Status: "ok", Reason: state.String(),
				At: fixtureAt, ProviderAt: fixtureAt, Marked: true}))
		}
	}
	start()
	try("sent", 'a', Sent)
	try("refused", 'a', Refused)
	try("back", 'a', Untried)
	try("resent", 'a', Sent)
	try("decided", 'a', InDoubt)
	try("k \"\x00é", 'a', Sent)
	try("out", 'a', Sent)
	try("nobody", 'a', Sent)
	try("old name", 'a', Sent)
	try("looked up", 'a', InDoubt)
	must(t, l.Record(t.Context(), Result{Send: sendOf("looked up"), State: Untried, By: LookUp, At: fixtureAt}))
	skip := skipOf("skipped")
	skip.At = fixtureAt
	must(t, l.Skip(t.Context(), []Skip{skip}))
	must(t, l.Receive(t.Context(), []Receipt{fixtureReceipt("sent"), fixtureReceipt("nobody"), fixtureReceipt("resent"), fixtureReceipt("old name")},
		map[string]int64{"inbox": 7}))
	for n, name := range []string{"open", "opening"} {
		o, err := l.Opening(t.Context(), Opened{Account: "chatwoot", Name: name, Person: "sent", Key: [16]byte{byte(n) + 1}, Begun: fixtureAt})
		must(t, err)
		if o.Place = "conversations/7"; name == "open" {
			must(t, l.Opened(t.Context(), o))
		}
	}
	must(t, l.Resolve(t.Context(), []Decision{{Send: sendOf("decided"), Sent: true, Who: "ada@host", Reason: "she answered", At: fixtureAt}}))
	run.Sent, run.Refused, run.Unsent, run.Skipped, run.Ended = 3, 1, 1, 1, fixtureAt.Add(time.Minute)
	must(t, l.EndRun(t.Context(), run))
	must(t, l.Remove(t.Context(), []addr.Send{sendOf("out")}, "ada@host", fixtureAt))
	_, err := l.Forget(t.Context(), "nobody", "ada@host", fixtureAt)
	must(t, err)
	_, err = l.Move(t.Context(), targetOf("old name"), targetOf("new name"), "ada@host", fixtureAt)
	must(t, err)
	start()
	try("resent", 'b', Refused)
	try("doubt", 'a', InDoubt)
	must(t, l.Record(t.Context(), Result{Send: sendOf("doubt"), State: InDoubt, Reason: InDoubt.String(), Answered: true}))
	try("again", 'a', InDoubt)
	i := intentOf("again")
	i.Content, i.At, i.FromDoubt = hashOf('a'), fixtureAt, true
	must(t, l.Intend(t.Context(), i))
	must(t, l.Record(t.Context(), Result{Send: i.Send, State: Sent, Reason: "sent", ProviderID: "m-again", Status: "ok",
		At: fixtureAt, ProviderAt: fixtureAt}))
	try("sent", 'b', Sending)
	must(t, l.Close())
}

func fixtureReceipt(key string) Receipt {
	return Receipt{Send: sendOf(key), Delivered: fixtureAt, Read: fixtureAt.Add(time.Second), Replied: fixtureAt.Add(time.Minute),
		Reply: "Yes, \x1b[2J" + key, Vendor: []byte(`{"id": 7}`)}
}

// Every format ever released opens for ever, and says what was written into it.
func TestFixture(t *testing.T) {
	if *update {
		if found, err := exists(fixture); found || err != nil {
			t.Fatalf("there is a fixture: a released format's is never written again (%v)", err)
		}
		path := pathTest(t)
		makeFixture(t, path)
		must(t, Copy(t.Context(), path, fixture))
	}
	raw, err := os.ReadFile(fixture)
	must(t, err)
	path := filepath.Join(t.TempDir(), "herald.state")
	must(t, os.WriteFile(path, raw, 0o600))
	check := func(why string, serial int64) {
		t.Helper()
		v, err := Read(t.Context(), path)
		must(t, err)
		if v.Lineage != "fixture" || v.Serial != serial || v.KeyAttributes["customers"] != "id" || v.LastRun.ID != 2 ||
			v.LastRun.Finished || !v.MarkerSeen("heyx") || !v.LastIntent("heyx").Equal(fixtureAt) {
			t.Errorf("%s: view %+v", why, v)
		}
		if h, ok := v.SentBefore(sendOf("resent")); !ok || h != hashOf('a') {
			t.Errorf("%s: sent before %v, %v", why, h, ok)
		}
		if e, ok := v.Entry(sendOf("nobody")); !ok || e != (Entry{State: Sent, Content: hashOf('a'), Destination: hashOf('d'), At: fixtureAt.UnixNano()}) {
			t.Errorf("%s: the forgotten one %+v, %v", why, e, ok)
		}
		if v.Taken("inbox") != 7 || !slices.Equal(v.Outline("renewal"), outlineOf("renewal:offer,reminder")["renewal"]) {
			t.Errorf("%s: taken %v, outlines %v", why, v.taken, v.outlines)
		}
		if c, ok := v.Receipt(sendOf("nobody")); !ok || !c.Replied.Equal(fixtureReceipt("").Replied) || c.Reply != "" {
			t.Errorf("%s: the receipt of the forgotten one %+v", why, c)
		}
		if n := v.SentSince("resent", time.Time{}, nil) + v.SentSince("nobody", time.Time{}, nil) + v.SentSince("again", time.Time{}, nil); n != 4 {
			t.Errorf("%s: sent %d times", why, n)
		}
		for _, key := range []string{"out", "old name", "looked up", "back"} {
			if e, ok := v.Entry(sendOf(key)); ok {
				t.Errorf("%s: %s is %+v", why, key, e)
			}
		}
		if !v.UniqueUsed(sendOf("s2"), hashOf('s')) || !v.UniqueUsed(sendOf("k2"), hashOf('k')) || v.UniqueUsed(sendOf("b2"), hashOf('b')) {
			t.Errorf("%s: unique values", why)
		}
		got := recordsTest(t, path)
		base := Record{Account: "heyx", Content: hashOf('a'), Destination: hashOf('d'), Definition: hashOf('m'), Attempts: 1,
			Key: intentOf("").Key, At: fixtureAt, Begun: fixtureAt, ProviderAt: fixtureAt, Status: "ok", Run: 1, State: Sent}
		want := map[string]func(*Record){
			"refused": func(r *Record) { r.State, r.Unique = Refused, hashOf('r') },
			"skipped": func(r *Record) {
				*r = Record{Send: r.Send, State: Skipped, Account: "heyx", Content: hashOf('w'), Definition: hashOf('m'), At: fixtureAt, Run: 1}
			},
			"k \"\x00é": func(*Record) {},
			"decided": func(r *Record) {
				r.DecidedBy, r.Reason, r.ProviderID, r.Status, r.ProviderAt = "ada@host", "she answered", "", "", time.Time{}
			},
			"resent":   func(r *Record) { r.State, r.Content, r.Unique, r.Run = Refused, hashOf('b'), hashOf('r'), 2 },
			"doubt":    func(r *Record) { r.State, r.Unique, r.Run, r.Answered = InDoubt, hashOf('d'), 2, true },
			"again":    func(r *Record) { r.Run, r.Place = 2, "" },
			"new name": func(r *Record) { r.ProviderID, r.Place = "m-old name", "place of old name" },
			"sent": func(r *Record) {
				r.State, r.Before, r.Content, r.Unique, r.Run = InDoubt, Sent, hashOf('b'), hashOf('s'), 2
				r.Reason, r.ProviderID, r.Status, r.ProviderAt = stopped, "", "", time.Time{}
			},
		}
		if len(got) != len(want) {
			t.Errorf("%s: %d records, want %d", why, len(got), len(want))
		}
		for key, change := range want {
			r := base
			r.Send, r.Reason, r.ProviderID, r.Place = sendOf(key), r.State.String(), "m-"+key, "place of "+key
			change(&r)
			if r.Reason == Sent.String() && r.State != Sent {
				r.Reason = r.State.String()
			}
			if got[r.Send] != r {
				t.Errorf("%s: %q\n is %+v\nnot %+v", why, key, got[r.Send], r)
			}
		}
	}
	// The run that died had raised the serial, so opening does not.
	check("as it lies", 4)
	l := openTest(t, path, Options{Lineage: "fixture", Version: "later"})
	check("open", 4)
	if o, ok := l.Place("chatwoot", "open"); !ok || o != (Opened{Account: "chatwoot", Name: "open", Person: "sent", Key: [16]byte{1}, Begun: fixtureAt, Tried: fixtureAt,
		Place: "conversations/7"}) {
		t.Errorf("conversation %+v", o)
	}
	if o, ok := l.Place("chatwoot", "opening"); !ok || o.Key != [16]byte{2} || o.Place != "" {
		t.Errorf("conversation %+v", o)
	}
	if got := receiptsTest(t, l); len(got) != 2 || fmt.Sprint(got[sendOf("sent")]) != fmt.Sprint(fixtureReceipt("sent")) || got[sendOf("new name")].Reply == "" {
		t.Errorf("receipts %+v", got)
	}
	must(t, l.Close())
	check("closed again", 4)

	r, err := OpenReader(t.Context(), path)
	must(t, err)
	defer r.Close()
	decisions, err := r.Decisions(t.Context())
	must(t, err)
	want := []Resolved{
		{Decision{sendOf("looked up"), false, LookUp, "", fixtureAt}, InDoubt},
		{Decision{sendOf("decided"), true, "ada@host", "she answered", fixtureAt}, InDoubt},
		{Decision{sendOf("out"), false, "ada@host", takenOut, fixtureAt}, Sent},
		{Decision{sendOf("again"), false, resent, "", fixtureAt}, InDoubt},
	}
	if !slices.Equal(decisions, want) {
		t.Errorf("decisions %+v\nwant %+v", decisions, want)
	}
	moves, err := r.Moves(t.Context())
	must(t, err)
	if len(moves) != 1 || moves[0] != (Moved{targetOf("old name"), targetOf("new name"), 1, "ada@host", fixtureAt}) {
		t.Errorf("moves %+v", moves)
	}
	runs, err := r.Runs(t.Context())
	must(t, err)
	if len(runs) != 2 || runs[0].Sent != 3 || runs[0].Skipped != 1 || !runs[0].Ended.Equal(fixtureAt.Add(time.Minute)) {
		t.Errorf("runs %+v", runs)
	}
	info, err := r.Info(t.Context())
	must(t, err)
	if info.Format != Format || info.CreatedBy != "0.1.0" || info.WrittenBy != "later" || info.Forgotten != 1 {
		t.Errorf("info %+v", info)
	}
	var asked []string
	for d, err := range r.Deliveries(t.Context(), []string{"heyx"}) {
		must(t, err)
		asked = append(asked, d.Send.Key)
	}
	if !slices.Equal(asked, []string{"decided", "k \"\x00é"}) {
		t.Errorf("deliveries %q", asked)
	}
	if s, account, st, ok, err := r.Awaited(t.Context(), intentOf("").Key); err != nil || !ok || s != sendOf("doubt") || account != "heyx" || st != InDoubt {
		t.Errorf("awaited is %s of %s, %s, %v, %v", s, account, st, ok, err)
	}
	definitions, err := r.Definitions(t.Context())
	must(t, err)
	if len(definitions) != 1 || definitions[0] != definitionsTest()[0] {
		t.Errorf("definitions %+v", definitions)
	}
}
