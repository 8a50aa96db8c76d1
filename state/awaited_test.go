package state

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"herald/internal/addr"
)

// The key of an attempt leads to its send, whatever became of the attempt, and while a run goes on.
func TestAwaited(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	token := byte(0)
	tokens := map[string]byte{}
	try := func(key string, st State) {
		t.Helper()
		token++
		tokens[fmt.Sprint(key, st)] = token
		attempt(t, l, key, token, st)
	}
	r, err := OpenReader(t.Context(), path)
	must(t, err)
	defer r.Close()
	check := func(why, which, key string, want State) {
		t.Helper()
		s, account, st, ok, err := r.Awaited(t.Context(), [16]byte{tokens[which]})
		must(t, err)
		if want == Untried {
			if ok || s != (addr.Send{}) || account != "" || st != Untried {
				t.Errorf("%s: %s leads to %s of %s, %s", why, which, s, account, st)
			}
		} else if !ok || s != sendOf(key) || account != "heyx" || st != want {
			t.Errorf("%s: %s leads to %s of %s, %s, %v; want %s, %s", why, which, s, account, st, ok, key, want)
		}
	}
	try("a", Sending)
	try("b", InDoubt)
	try("c", Sent)
	try("d", Refused)
	try("e", Untried)
	try("f", Sent)
	try("f", Sending)
	try("g", Sent)
	try("g", Refused)
	try("h", InDoubt)
	must(t, l.Resolve(t.Context(), []Decision{{Send: sendOf("h"), Who: "ada"}}))
	try("i", Sent)
	must(t, l.Remove(t.Context(), sendsOf("i"), "ada", time.Now()))
	i := intentOf("plain")
	i.Key = [16]byte{99}
	tokens["plain"] = 99
	must(t, l.Intend(t.Context(), i))
	for _, tt := range []struct {
		which, key string
		want       State
	}{
		{"asending", "a", Sending}, {"bin_doubt", "b", InDoubt}, {"csent", "c", Sent}, {"drefused", "d", Refused}, {"euntried", "", Untried},
		{"fsent", "f", Sent}, {"fsending", "f", Sending}, {"gsent", "g", Sent}, {"grefused", "g", Refused}, {"hin_doubt", "", Untried},
		{"isent", "", Untried}, {"plain", "", Untried}, {"none", "", Untried},
	} {
		check("during the run", tt.which, tt.key, tt.want)
	}

	// What it proves is recorded as such.
	must(t, l.Record(t.Context(), Result{Send: sendOf("b"), State: Sent, By: Callback, At: receiptAt}))
	check("proved", "bin_doubt", "b", Sent)
	if got := recordsTest(t, path)[sendOf("b")]; got.DecidedBy != "callback" || got.Place != "place of b" || got.Begun.IsZero() || !got.At.Equal(receiptAt) {
		t.Errorf("proved it is %+v", got)
	}
	_, err = l.Move(t.Context(), targetOf("c"), targetOf("c9"), "ada", time.Now())
	must(t, err)
	check("moved", "csent", "c9", Sent)
	_, err = l.Forget(t.Context(), "c9", "ada", time.Now())
	must(t, err)
	check("forgotten", "csent", "", Untried)
	must(t, l.Close())
	check("closed, as it lies", "asending", "a", InDoubt)
	l = openTest(t, path, Options{})
	startTest(t, l)
	must(t, l.Record(t.Context(), Result{Send: sendOf("a"), State: Sent})) // whose place comes from the file now
	check("by the next run", "asending", "a", Sent)
}

// deliveriesTest gives what is to be asked of these accounts, a line each.
func deliveriesTest(t *testing.T, r *Reader, accounts ...string) (all []string) {
	t.Helper()
	for d, err := range r.Deliveries(t.Context(), accounts) {
		must(t, err)
		if d.Begun.IsZero() || d.Ended.Before(d.Begun) {
			t.Errorf("%+v ended before it began", d)
		}
		all = append(all, fmt.Sprintf("%s.%s %s %s %s", d.Send.Name, d.Send.Key, d.Account, d.Place, d.ProviderID))
	}
	return all
}

func TestDeliveries(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	send := func(message, key, account, place string, st State) {
		t.Helper()
		i := intentOf(key)
		i.Send.Name, i.Definition, i.Account, i.Place, i.At = message, Hash{}, account, place, minute(1)
		must(t, l.Intend(t.Context(), i))
		if st != Sending {
			must(t, l.Record(t.Context(), Result{Send: i.Send, State: st, ProviderID: "m-" + key, At: minute(2)}))
		}
	}
	for n := range page + 3 { // more than a page
		send("many", fmt.Sprintf("c%04d", n), "b", "p", Sent)
	}
	send("x", "1", "a", "p1", Sent)
	send("x", "2", "a", "", Sent)
	send("x", "3", "a", "p1", Refused)
	send("x", "4", "a", "p1", InDoubt)
	send("x", "5", "a.other", "p1", Sent)
	send("x", "6", "a", "p1", Sent)
	send("x", "6", "a", "p2", Sending)
	send("m", "1", "a", "p1", Sent)
	send("x", "replied", "a", "p1", Sent)
	send("x", "failed", "a", "p1", Sent)
	send("x", "read", "a", "p1", Sent)
	must(t, l.Receive(t.Context(), []Receipt{
		{Send: addr.Send{Message: addr.Message{Sequence: "renewal", Name: "x"}, Key: "replied"}, Replied: minute(3)},
		{Send: addr.Send{Message: addr.Message{Sequence: "renewal", Name: "x"}, Key: "failed"}, Failed: minute(3)},
		{Send: addr.Send{Message: addr.Message{Sequence: "renewal", Name: "x"}, Key: "read"}, Read: minute(3)},
	}, nil))
	r, err := OpenReader(t.Context(), path)
	must(t, err)
	defer r.Close()
	for _, tt := range []struct {
		accounts []string
		want     []string
	}{
		{nil, nil},
		{[]string{"none"}, nil},
		{[]string{"a"}, []string{"m.1 a p1 m-1", "x.1 a p1 m-1", "x.6 a p1 m-6", "x.read a p1 m-read"}},
		{[]string{"a.other", "none", "a.other"}, []string{"x.5 a.other p1 m-5"}},
		{[]string{"a", "a.other"}, []string{"m.1 a p1 m-1", "x.1 a p1 m-1", "x.5 a.other p1 m-5", "x.6 a p1 m-6", "x.read a p1 m-read"}},
	} {
		if got := deliveriesTest(t, r, tt.accounts...); !slices.Equal(got, tt.want) {
			t.Errorf("%v: %q\nwant %q", tt.accounts, got, tt.want)
		}
	}
	if got := deliveriesTest(t, r, "b"); len(got) != page+3 || !slices.IsSorted(got) {
		t.Errorf("%d of many, sorted %v", len(got), slices.IsSorted(got))
	}
}

// A conversation leads to what was sent there before an instant.
func TestAt(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	for n, key := range []string{"late", "early", "refused", "elsewhere", "other account"} {
		i := intentOf(key)
		i.Place, i.Account = "p1", "a"
		st := Sent
		switch key {
		case "refused":
			st = Refused
		case "elsewhere":
			i.Place = "p2"
		case "other account":
			i.Account = "b"
		}
		must(t, l.Intend(t.Context(), i))
		must(t, l.Record(t.Context(), Result{Send: i.Send, State: st, At: minute(9 - n)}))
	}
	r, err := OpenReader(t.Context(), path)
	must(t, err)
	defer r.Close()
	for _, tt := range []struct {
		account, place string
		before         int
		want           []string
	}{
		{"a", "p1", 20, []string{"early", "late"}},
		{"a", "p1", 9, []string{"early"}},
		{"a", "p1", 8, nil},
		{"a", "p2", 20, []string{"elsewhere"}},
		{"b", "p1", 20, []string{"other account"}},
		{"c", "p1", 20, nil},
		{"a", "", 20, nil},
	} {
		all, err := r.At(t.Context(), tt.account, tt.place, minute(tt.before))
		must(t, err)
		var got []string
		for _, s := range all {
			if s.Message != sendOf("").Message {
				t.Errorf("it is %s", s)
			}
			got = append(got, s.Key)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s %s before %d: %q, want %q", tt.account, tt.place, tt.before, got, tt.want)
		}
	}
}

// What a web server asks, per call, goes by an index.
func TestAskedByIndex(t *testing.T) {
	l := openTest(t, pathTest(t), Options{Create: true})
	for text, args := range map[string][]any{awaited: {[]byte{1}}, sentIn: {"p", "a", 1}} {
		rows, err := l.conn.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+text, args...)
		must(t, err)
		for rows.Next() {
			var a, b, c int
			var how string
			must(t, rows.Scan(&a, &b, &c, &how))
			if strings.Contains(how, "SCAN") && how != "SCAN found" {
				t.Errorf("%s: %s", text, how)
			}
		}
		must(t, rows.Err())
	}
}
