package state

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"testing"
	"time"

	"pgregory.net/rapid"

	"herald/internal/addr"
)

var receiptAt = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

// minute gives an instant, none for 0.
func minute(n int) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return receiptAt.Add(time.Duration(n) * time.Minute)
}

// attempt makes one attempt with a key of its own, and records its outcome.
func attempt(tb testing.TB, l *Ledger, key string, token byte, st State) {
	tb.Helper()
	i := intentOf(key)
	i.Key, i.Place, i.Awaited = [16]byte{token}, "place of "+key, true
	must(tb, l.Intend(tb.Context(), i))
	if st != Sending {
		must(tb, l.Record(tb.Context(), Result{Send: i.Send, State: st, At: receiptAt, ProviderID: "m-" + key}))
	}
}

// receiptsTest reads all receipts, and checks that the view tells the same.
func receiptsTest(tb testing.TB, l *Ledger) map[addr.Send]Receipt {
	tb.Helper()
	r, err := OpenReader(tb.Context(), l.path)
	must(tb, err)
	defer r.Close()
	v, err := l.View(tb.Context())
	must(tb, err)
	all := map[addr.Send]Receipt{}
	var last addr.Send
	for c, err := range r.Receipts(tb.Context()) {
		must(tb, err)
		if len(all) > 0 && !last.Less(c.Send) {
			tb.Fatalf("%s comes after %s", c.Send, last)
		}
		all[c.Send], last = c, c.Send
		got, ok := v.Receipt(c.Send)
		c.Vendor = nil
		if fmt.Sprint(got) != fmt.Sprint(c) || !ok {
			tb.Errorf("the view says %+v, %v; the reader %+v", got, ok, c)
		}
	}
	info, err := r.Info(tb.Context())
	must(tb, err)
	n := -info.Forgotten // of whom no record tells
	for _, m := range v.messages {
		n += len(m.receipts)
	}
	if n != len(all) {
		tb.Errorf("the view has %d receipts, the reader %d", n, len(all))
	}
	return all
}

func TestReceive(t *testing.T) {
	s := sendOf("c1")
	for _, tt := range []struct {
		name string
		told []Receipt
		want Receipt
	}{
		{"delivered", []Receipt{{Delivered: minute(1)}}, Receipt{Delivered: minute(1)}},
		{"one after the other", []Receipt{{Delivered: minute(1)}, {Read: minute(2)}, {Replied: minute(3), Reply: "Yes", Vendor: []byte("{}")}},
			Receipt{Delivered: minute(1), Read: minute(2), Replied: minute(3), Reply: "Yes", Vendor: []byte("{}")}},
		{"the earliest counts", []Receipt{{Delivered: minute(3), Read: minute(3)}, {Delivered: minute(2), Read: minute(4)}},
			Receipt{Delivered: minute(2), Read: minute(3)}},
		{"the first reply stays", []Receipt{{Replied: minute(3), Reply: "Yes"}, {Replied: minute(2), Reply: "No", Vendor: []byte("{}")}},
			Receipt{Replied: minute(2), Reply: "Yes"}},
		{"a reply without words", []Receipt{{Replied: minute(3)}, {Replied: minute(4), Reply: "Yes"}}, Receipt{Replied: minute(3), Reply: "Yes"}},
		{"failed", []Receipt{{Failed: minute(2), Reason: "no such number"}, {Failed: minute(1), Reason: "other"}, {Read: minute(9)}},
			Receipt{Failed: minute(1), Reason: "no such number", Read: minute(9)}},
		{"words of nothing", []Receipt{{Delivered: minute(1), Reason: "none", Reply: "none", Vendor: []byte("{}")}}, Receipt{Delivered: minute(1)}},
		{"hostile", []Receipt{{Replied: minute(1), Reply: "\x1b[2J\x00'); --", Vendor: []byte{0, 255}}}, Receipt{Replied: minute(1), Reply: "\x1b[2J\x00'); --", Vendor: []byte{0, 255}}},
	} {
		for _, together := range []bool{true, false} {
			t.Run(fmt.Sprint(tt.name, together), func(t *testing.T) {
				l := openTest(t, pathTest(t), Options{Create: true})
				startTest(t, l)
				attempt(t, l, "c1", 1, Sent)
				before, err := l.View(t.Context())
				must(t, err)
				for i := range tt.told {
					tt.told[i].Send = s
					if !together {
						must(t, l.Receive(t.Context(), tt.told[i:i+1], nil))
					}
				}
				if together {
					must(t, l.Receive(t.Context(), tt.told, nil))
				}
				got := receiptsTest(t, l)
				if tt.want.Send = s; len(got) != 1 || fmt.Sprint(got[s]) != fmt.Sprint(tt.want) || !bytes.Equal(got[s].Vendor, tt.want.Vendor) {
					t.Errorf("receipts %+v, want %+v", got, tt.want)
				}
				if v, err := l.View(t.Context()); err != nil || v.Serial != before.Serial {
					t.Errorf("serial %d after %d, %v", v.Serial, before.Serial, err)
				}
			})
		}
	}
}

// In whatever order times are told, what counts is the earliest of each.
func TestReceiveInAnyOrder(t *testing.T) {
	l, check := openTest(t, pathTest(t), Options{Create: true}), 0
	startTest(t, l)
	rapid.Check(t, func(rt *rapid.T) {
		check++
		key := fmt.Sprint("c", check)
		attempt(t, l, key, 1, Sent)
		var want Receipt
		var all []Receipt
		earliest := func(a *time.Time, b time.Time) {
			if !b.IsZero() && (a.IsZero() || b.Before(*a)) {
				*a = b
			}
		}
		some := rapid.IntRange(0, 4)
		for range rapid.IntRange(1, 5).Draw(rt, "receipts") {
			r := Receipt{Send: sendOf(key), Delivered: minute(some.Draw(rt, "delivered")), Read: minute(some.Draw(rt, "read")),
				Failed: minute(some.Draw(rt, "failed")), Replied: minute(some.Draw(rt, "replied"))}
			all = append(all, r)
			earliest(&want.Delivered, r.Delivered)
			earliest(&want.Read, r.Read)
			earliest(&want.Failed, r.Failed)
			earliest(&want.Replied, r.Replied)
		}
		must(t, l.Receive(context.Background(), all, nil))
		v, err := l.View(context.Background())
		must(t, err)
		got, ok := v.Receipt(sendOf(key))
		if ok == want.IsZero() {
			rt.Fatalf("there is one: %v, of %+v", ok, all)
		}
		if want.Send = sendOf(key); ok && fmt.Sprint(got) != fmt.Sprint(want) {
			rt.Fatalf("%+v became %+v, want %+v", all, got, want)
		}
	})
}

// Only what is settled as sent has a receipt: of the attempt that made it so, and no other.
func TestReceiptsOfAttempts(t *testing.T) {
	l := openTest(t, pathTest(t), Options{Create: true})
	startTest(t, l)
	tell := func(text string, keys ...string) {
		t.Helper()
		var all []Receipt
		for _, k := range keys {
			all = append(all, Receipt{Send: sendOf(k), Replied: minute(1), Reply: text})
		}
		must(t, l.Receive(t.Context(), all, nil))
	}
	check := func(why string, want map[string]string) {
		t.Helper()
		got := map[string]string{}
		for s, c := range receiptsTest(t, l) {
			got[s.Key] = c.Reply
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s: receipts %v, want %v", why, got, want)
		}
	}
	for _, key := range []string{"sent", "again", "refused"} {
		attempt(t, l, key, 1, Sent)
	}
	attempt(t, l, "never", 1, Refused)
	attempt(t, l, "sending", 1, Sending)
	attempt(t, l, "doubt", 1, InDoubt)
	must(t, l.Skip(t.Context(), []Skip{skipOf("skipped")}))
	all := []string{"sent", "again", "refused", "never", "sending", "doubt", "skipped", "nobody"}
	tell("first", all...)
	must(t, l.Receive(t.Context(), []Receipt{{Send: addr.Send{Message: addr.Message{Sequence: "no", Name: "such"}, Key: "c1"}, Read: minute(1)}}, nil))
	check("told", map[string]string{"sent": "first", "again": "first", "refused": "first"})
	attempt(t, l, "again", 2, Sending)
	tell("late", "again")
	check("on the wire again", map[string]string{"sent": "first", "again": "first", "refused": "first"})
	must(t, l.Record(t.Context(), Result{Send: sendOf("again"), State: Sent}))
	attempt(t, l, "refused", 2, Refused)
	check("sent again", map[string]string{"sent": "first"})
	tell("second", all...)
	check("told of that", map[string]string{"sent": "first", "again": "second"})
	must(t, l.Resolve(t.Context(), []Decision{{Send: sendOf("refused"), Who: "ada"}, {Send: sendOf("doubt"), Sent: true, Who: "ada"}}))
	check("the refusal is taken back", map[string]string{"sent": "first", "again": "second", "refused": "first"})
	tell("third", "doubt")
	_, err := l.Move(t.Context(), targetOf("again"), targetOf("moved"), "ada", time.Now())
	must(t, err)
	must(t, l.Remove(t.Context(), sendsOf("sent"), "ada", time.Now()))
	attempt(t, l, "sent", 1, Sent) // with the same key, even
	check("moved and taken out", map[string]string{"moved": "second", "refused": "first", "doubt": "third"})
	must(t, l.Record(t.Context(), Result{Send: sendOf("sending"), State: Sent}))
	_, err = l.Move(t.Context(), addr.Target{Sequence: "renewal"}, addr.Target{Sequence: "renewals"}, "ada", time.Now())
	must(t, err)
	check("all renamed", map[string]string{"moved": "second", "refused": "first", "doubt": "third"})
}

// How far an inbox was read is known as soon as what it told is, also by the next run.
func TestTaken(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	attempt(t, l, "c1", 1, Sent)
	must(t, l.Receive(t.Context(), []Receipt{{Send: sendOf("c1"), Read: minute(1)}}, map[string]int64{"a": 7, "b": 1}))
	must(t, l.Receive(t.Context(), nil, map[string]int64{"a": 9}))
	must(t, l.Close())
	v, err := Read(t.Context(), path)
	must(t, err)
	if v.Taken("a") != 9 || v.Taken("b") != 1 || v.Taken("c") != 0 {
		t.Errorf("taken %v", v.taken)
	}
	l = openTest(t, path, Options{})
	_, err = l.conn.ExecContext(t.Context(), "UPDATE meta SET value = 'many' WHERE name = 'taken:a'")
	must(t, err)
	_, err = l.View(t.Context())
	wantError(t, err, "is damaged", `"many"`)
}

// What is forgotten of a receipt are its words; they do not come back, and the instants do.
func TestForgetReceipt(t *testing.T) {
	l := openTest(t, pathTest(t), Options{Create: true})
	startTest(t, l)
	attempt(t, l, "c1", 1, Sent)
	want := Receipt{Send: sendOf("c1"), Delivered: minute(1), Read: minute(2), Failed: minute(3), Replied: minute(4)}
	told := want
	told.Reply, told.Reason, told.Vendor = "my name is Ada", "Ada has gone", []byte("{}")
	must(t, l.Receive(t.Context(), []Receipt{told}, nil))
	_, err := l.Forget(t.Context(), "c1", "ada", time.Now())
	must(t, err)
	v, err := l.View(t.Context())
	must(t, err)
	if got, ok := v.Receipt(sendOf("c1")); !ok || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("forgotten, it is %+v", got)
	}
	attempt(t, l, "c1", 2, Untried) // by which they are known again
	if got := receiptsTest(t, l)[sendOf("c1")]; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("known again, it is %+v", got)
	}
}
