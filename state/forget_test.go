package state

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"herald/internal/addr"
)

const (
	secretKey = "customer-4711-Ä\"x"
	secretID  = "provider-id-of-4711"
	secretWhy = "4711 has blocked us"
	secretWho = "who-decided-about-4711"
)

var secretToken = [16]byte([]byte("token-of-4711-xx"))

// forgetLedger makes a ledger in which a person is everywhere, among others.
func forgetLedger(t *testing.T, path string) *Ledger {
	t.Helper()
	l := openTest(t, path, Options{Create: true, Marker: filepath.Join(filepath.Dir(path), "seen")})
	for n := range 3 { // several runs, so that the bytes come into log and file, and are moved about
		run := Run{Who: "ada@host", Started: time.Now(), Command: "herald apply -replace=" + sendOf(secretKey).String() + ` -target=a.b["other"]`}
		var err error
		run.ID, err = l.StartRun(t.Context(), run, definitionsTest(), nil, nil)
		must(t, err)
		for _, key := range []string{secretKey, "other", fmt.Sprint("more", n)} {
			o, err := l.Opening(t.Context(), Opened{Account: "heyx", Name: "chat with " + key, Person: key, Key: secretToken, Begun: receiptAt})
			must(t, err)
			o.Place = secretID
			must(t, l.Opened(t.Context(), o))
			for _, message := range []string{"sent", "refused", "refused later", "decided", "taken back", "out", "refused after out"} {
				i := intentOf(key)
				i.Send.Name, i.Definition, i.Key, i.Place, i.Awaited = message, Hash{}, secretToken, secretID, true
				i.Unique = Hash{Version: 1, Sum: personOf(message + key)}
				i.Content = hashOf(byte('0' + n))
				must(t, l.Intend(t.Context(), i))
				r := Result{Send: i.Send, State: Sent, ProviderID: secretID, Status: secretWhy, Reason: secretWhy}
				switch {
				case message == "refused" || n == 2 && (message == "refused later" || message == "refused after out") || message == "taken back":
					r.State = Refused
				case message == "decided":
					r.State = InDoubt
				}
				must(t, l.Record(t.Context(), r))
				must(t, l.Receive(t.Context(), []Receipt{{Send: i.Send, Read: receiptAt, Replied: receiptAt, Reply: secretWhy, Failed: receiptAt,
					Reason: secretWhy, Vendor: []byte(secretWhy)}}, nil))
				if message == "decided" || message == "taken back" {
					must(t, l.Resolve(t.Context(), []Decision{{Send: i.Send, Sent: message == "decided", Who: secretWho, Reason: secretWhy}}))
				}
				if message == "out" || message == "refused after out" && n < 2 {
					must(t, l.Remove(t.Context(), []addr.Send{i.Send}, secretWho, time.Now()))
				}
			}
		}
		must(t, l.EndRun(t.Context(), run))
		if n == 1 {
			_, err = l.Move(t.Context(), addr.Target{Sequence: "renewal", Message: "sent", Key: secretKey, One: true},
				addr.Target{Sequence: "renewal", Message: "moved", Key: secretKey, One: true}, "ada@host", time.Now())
			must(t, err)
		}
		must(t, l.Close())
		l = openTest(t, path, Options{Marker: filepath.Join(filepath.Dir(path), "seen")})
	}
	return l
}

// answersTest gives all that a planner is told of a few people.
func answersTest(t *testing.T, v *View) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, key := range []string{secretKey, "other", "more0", "nobody"} {
		for _, message := range []string{"sent", "moved", "refused", "refused later", "decided", "taken back", "out", "refused after out"} {
			s := addr.Send{Message: addr.Message{Sequence: "renewal", Name: message}, Key: key}
			e, there := v.Entry(s)
			h, before := v.SentBefore(s)
			value := Hash{Version: 1, Sum: personOf(message + key)}
			theirs := addr.Send{Message: s.Message, Key: "somebody"}
			receipt, told := v.Receipt(s)
			receipt.Reply, receipt.Reason = "", "" // which are forgotten
			all[s.String()] = fmt.Sprint(e, there, h, before, v.UniqueUsed(s, value), v.UniqueUsed(theirs, value), v.Recorded(s.Message),
				receipt, told, v.SentSince(key, time.Time{}, nil))
		}
	}
	all["messages"] = fmt.Sprint(v.Messages(), v.Serial)
	return all
}

// leftOf tells what of a person lies in the files of a directory.
func leftOf(t *testing.T, dir string) (left []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	for _, e := range entries {
		raw, err := os.ReadFile(filepath.Join(dir, e.Name()))
		must(t, err)
		for _, secret := range []string{secretKey, addr.Quote(secretKey), secretID, secretWhy, secretWho, string(secretToken[:])} {
			if bytes.Contains(raw, []byte(secret)) {
				left = append(left, e.Name()+" has "+secret)
			}
		}
	}
	return left
}

// A person is forgotten, and nothing is planned otherwise for that: not for them, not for others.
func TestForget(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "herald.state")
	l := forgetLedger(t, path)
	before, err := l.View(t.Context())
	must(t, err)
	was := answersTest(t, before)
	if len(leftOf(t, dir)) < 6 {
		t.Fatalf("the person was never there: %q", leftOf(t, dir))
	}
	r, err := OpenReader(t.Context(), path)
	must(t, err)
	counts, err := r.Counts(t.Context())
	must(t, errors.Join(err, r.Close()))
	records := len(recordsTest(t, path))

	n, err := l.Forget(t.Context(), secretKey, "ada@host", time.Now())
	must(t, err)
	if n != 8 {
		t.Errorf("%d sends were known, want 8", n)
	}
	check := func(why string, path string) {
		t.Helper()
		for _, s := range leftOf(t, filepath.Dir(path)) {
			if !bytes.Contains([]byte(s), []byte(secretKey)) && !bytes.Contains([]byte(s), []byte(addr.Quote(secretKey))) {
				continue // of the others, who have the same provider, so to speak
			}
			t.Errorf("%s: %s", why, s)
		}
		v, err := Read(t.Context(), path)
		must(t, err)
		if now := answersTest(t, v); !reflect.DeepEqual(now, was) {
			for k := range was {
				if was[k] != now[k] {
					t.Errorf("%s: %s was %s, is %s", why, k, was[k], now[k])
				}
			}
		}
		r, err := OpenReader(t.Context(), path)
		must(t, err)
		defer r.Close()
		if now, err := r.Counts(t.Context()); err != nil || !reflect.DeepEqual(now, counts) {
			t.Errorf("%s: counts %v, %v; were %v", why, now, err, counts)
		}
		if info, err := r.Info(t.Context()); err != nil || info.Forgotten != 6 {
			t.Errorf("%s: %d forgotten, %v", why, info.Forgotten, err)
		}
		got := recordsTest(t, path)
		for s := range got {
			if s.Key == secretKey {
				t.Errorf("%s: %s is listed", why, s)
			}
		}
		if len(got) != records-6 {
			t.Errorf("%s: %d records, were %d", why, len(got), records)
		}
	}
	check("open", path)
	must(t, l.Close())
	check("closed", path)
	out := filepath.Join(t.TempDir(), "copy.state")
	must(t, Copy(t.Context(), path, out))
	check("copied", out)

	l = openTest(t, path, Options{})
	if n, err := l.Forget(t.Context(), secretKey, "ada@host", time.Now()); n != 0 || err != nil {
		t.Errorf("again: %d, %v", n, err)
	}
	for _, key := range []string{"other", "more0", "more1", "more2"} {
		_, err := l.Forget(t.Context(), key, "ada@host", time.Now())
		must(t, err)
	}
	if left := leftOf(t, dir); len(left) > 0 { // and of others neither
		t.Errorf("left is %q", left)
	}
	reader, err := OpenReader(t.Context(), path)
	must(t, err)
	defer reader.Close()
	runs, err := reader.Runs(t.Context())
	must(t, err)
	if want := `herald apply -replace=renewal.offer["(forgotten)"] -target=a.b["(forgotten)"]`; runs[0].Command != want {
		t.Errorf("the command is %s", runs[0].Command)
	}
}

// What is open must be decided first.
func TestForgetOpen(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	sendTest(t, l, "c1")
	must(t, l.Intend(t.Context(), intentOf("c1")))
	_, err := l.Forget(t.Context(), "c1", "ada", time.Now())
	wantError(t, err, `renewal.offer["c1"] is being sent right now; wait`)
	must(t, l.Record(t.Context(), Result{Send: sendOf("c1"), State: InDoubt}))
	_, err = l.Forget(t.Context(), "c1", "ada", time.Now())
	wantError(t, err, `renewal.offer["c1"] is in_doubt; decide first: herald state resolve 'renewal.offer["c1"]' sent, or unsent`)
	if r := recordsTest(t, path)[sendOf("c1")]; r.State != InDoubt || r.Before != Sent {
		t.Errorf("left is %+v", r)
	}
}

// Whoever is written to again, or decided about, is known again, with what was known of the send.
func TestForgottenComeBack(t *testing.T) {
	for _, tt := range []struct {
		name   string
		was    []State // outcomes before
		do     func(*testing.T, *Ledger) error
		want   State
		before bool // something was sent before
	}{
		{"sent again", []State{Sent}, func(t *testing.T, l *Ledger) error { sendTest(t, l, "c1"); return nil }, Sent, false},
		{"tried again in vain", []State{Sent}, func(t *testing.T, l *Ledger) error {
			must(t, l.Intend(t.Context(), intentOf("c1")))
			if r := recordsTest(t, l.path)[sendOf("c1")]; r.Before != Sent {
				t.Errorf("under the attempt is %s", r.Before)
			}
			return l.Record(t.Context(), Result{Send: sendOf("c1"), State: Untried})
		}, Sent, false},
		{"refused now", []State{Sent}, func(t *testing.T, l *Ledger) error {
			must(t, l.Intend(t.Context(), intentOf("c1")))
			return l.Record(t.Context(), Result{Send: sendOf("c1"), State: Refused})
		}, Refused, true},
		{"the refusal stays", []State{Sent, Refused}, func(*testing.T, *Ledger) error { return nil }, Refused, true},
		{"the refusal is taken back", []State{Sent, Refused}, func(t *testing.T, l *Ledger) error {
			return l.Resolve(t.Context(), []Decision{{Send: sendOf("c1"), Who: "ada"}})
		}, Sent, false},
		{"decided as sent", []State{Refused}, func(t *testing.T, l *Ledger) error {
			return l.Resolve(t.Context(), []Decision{{Send: sendOf("c1"), Sent: true, Who: "ada"}})
		}, Sent, false},
		{"taken out", []State{Sent}, func(t *testing.T, l *Ledger) error {
			return l.Remove(t.Context(), sendsOf("c1"), "ada", time.Now())
		}, Untried, false},
		{"forgotten twice", []State{Sent}, func(t *testing.T, l *Ledger) error {
			sendTest(t, l, "c1")
			_, err := l.Forget(t.Context(), "c1", "ada", time.Now())
			return err
		}, Sent, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := pathTest(t)
			l := openTest(t, path, Options{Create: true})
			startTest(t, l)
			for _, st := range tt.was {
				i := intentOf("c1")
				i.Unique = hashOf('u')
				must(t, l.Intend(t.Context(), i))
				must(t, l.Record(t.Context(), Result{Send: i.Send, State: st}))
			}
			_, err := l.Forget(t.Context(), "c1", "ada", time.Now())
			must(t, err)
			must(t, l.Close()) // and is remembered by the next one, too
			l = openTest(t, path, Options{})
			startTest(t, l)
			must(t, tt.do(t, l))
			v, err := l.View(t.Context())
			must(t, err)
			e, _ := v.Entry(sendOf("c1"))
			_, before := v.SentBefore(sendOf("c1"))
			if e.Now() != tt.want || before != tt.before {
				t.Errorf("%+v, sent before %v", e, before)
			}
			if used := v.UniqueUsed(sendOf("c2"), hashOf('u')); used != (tt.want == Sent || before) {
				t.Errorf("the unique value is used: %v", used)
			}
			n := 1
			if tt.want == Untried {
				n = 0
			}
			if v.Recorded(sendOf("").Message) != n {
				t.Errorf("%d are recorded, want %d", v.Recorded(sendOf("").Message), n)
			}
		})
	}
}

// A reader keeps the log from being emptied: the error says so, and the next call makes good.
func TestForgetWhileReading(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "herald.state")
	l := forgetLedger(t, path)
	_, err := l.conn.ExecContext(t.Context(), "PRAGMA busy_timeout = 50")
	must(t, err)
	r, err := OpenReader(t.Context(), path)
	must(t, err)
	var n int
	must(t, r.do(t.Context(), func(ctx context.Context, _ bool) error {
		if err := r.conn.QueryRowContext(ctx, "SELECT count(*) FROM sends").Scan(&n); err != nil {
			return err
		}
		n, err = l.Forget(ctx, secretKey, "ada", time.Now())
		return nil
	}))
	wantError(t, err, "is forgotten, but", "another program reads it; close it", "run the same again")
	must(t, r.Close())
	sendTest2 := func() error {
		startTest(t, l)
		return l.Intend(t.Context(), intentOf("new"))
	}
	must(t, sendTest2()) // the ledger goes on
	if _, err = l.Forget(t.Context(), secretKey, "ada", time.Now()); err != nil {
		t.Error(err)
	}
	for _, s := range leftOf(t, dir) {
		if bytes.Contains([]byte(s), []byte("customer-4711")) {
			t.Error(s)
		}
	}
}

func TestWithoutKey(t *testing.T) {
	for text, want := range map[string]string{
		``:                            ``,
		`apply -limit=1`:              `apply -limit=1`,
		`-replace=a.b["1"]`:           `-replace=a.b["(forgotten)"]`,
		`-target a.b["\u0031"]`:       `-target a.b["(forgotten)"]`,
		`a.b["1"] a.c["11"] a.b["1"]`: `a.b["(forgotten)"] a.c["11"] a.b["(forgotten)"]`,
		`a.b["1" a.b["1]`:             `a.b["1" a.b["1]`,
		`a.b["x]"] a.b["1"]`:          `a.b["x]"] a.b["(forgotten)"]`,
		`[["1"]`:                      `[["(forgotten)"]`,
	} {
		if got := withoutKey(text, "1"); got != want {
			t.Errorf("%s became %s, want %s", text, got, want)
		}
	}
	if got := withoutKey(`a.b["(forgotten)"]`, "(forgotten)"); got != `a.b["(forgotten)"]` {
		t.Error(got)
	}
}
