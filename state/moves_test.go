package state

import (
	"context"
	"encoding/binary"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"herald/internal/addr"
)

// Every move of the state machine, on one send: the moves are words, the last one may be followed by the error that it
// must give.
func TestMoves(t *testing.T) {
	for _, tt := range []struct {
		moves  string
		err    string
		state  State
		before State // under an open intent
		run    int64 // of the record
	}{
		{moves: "", state: Untried},
		{moves: "intend", state: Sending, run: 1},
		{moves: "intend sent", state: Sent, run: 1},
		{moves: "intend refused", state: Refused, run: 1},
		{moves: "intend doubt", state: InDoubt, run: 1},
		{moves: "intend back", state: Untried},
		{moves: "intend back intend sent", state: Sent, run: 1},
		{moves: "intend die", state: InDoubt, run: 1},
		{moves: "intend die sent", state: Sent, run: 2},
		{moves: "intend die back", state: Untried},
		{moves: "intend doubt sent", state: Sent, run: 1},
		{moves: "intend doubt back", state: Untried},
		{moves: "intend doubt refused", state: Refused, run: 1},
		{moves: "intend doubt doubt", state: InDoubt, run: 1},
		{moves: "intend doubt die", state: InDoubt, run: 1},
		// What was known stays under an open intent, and comes back when nothing was sent.
		{moves: "intend sent intend", state: Sending, before: Sent, run: 1},
		{moves: "intend sent intend back", state: Sent, run: 1},
		{moves: "intend sent die intend back", state: Sent, run: 1},
		{moves: "intend sent intend refused", state: Refused, run: 1},
		{moves: "intend sent intend sent", state: Sent, run: 1},
		{moves: "intend refused intend", state: Sending, before: Refused, run: 1},
		{moves: "intend refused intend back", state: Refused, run: 1},
		{moves: "intend refused intend die", state: InDoubt, before: Refused, run: 1},
		{moves: "intend refused intend sent", state: Sent, run: 1},
		// Decisions of people.
		{moves: "intend doubt yes", state: Sent, run: 1},
		{moves: "intend doubt no", state: Untried},
		{moves: "intend die yes", state: Sent, run: 2},
		{moves: "intend die no intend sent", state: Sent, run: 2},
		{moves: "intend refused yes", state: Sent, run: 1},
		{moves: "intend refused no", state: Untried},
		{moves: "intend refused intend doubt no", state: Refused, run: 1},
		{moves: "intend sent intend refused no", state: Sent, run: 1},
		{moves: "intend sent intend refused intend refused no", state: Sent, run: 1},
		{moves: "intend sent intend refused no intend refused no", state: Sent, run: 1},
		{moves: "intend sent intend doubt no", state: Sent, run: 1},
		// What must not happen.
		{moves: "sent", err: `renewal.offer["c1"]: it got the outcome sent without an attempt; this is a bug`},
		{moves: "back", err: "without an attempt"},
		{moves: "intend intend", err: "is sending already", state: Sending, run: 1},
		{moves: "intend doubt intend", err: "is in_doubt already", state: InDoubt, run: 1},
		{moves: "intend sent sent", err: "without an attempt", state: Sent, run: 1},
		{moves: "intend sent refused", err: "without an attempt", state: Sent, run: 1},
		{moves: "intend skipped", err: "skipped is no outcome", state: Sending, run: 1},
		{moves: "yes", err: `renewal.offer["c1"] is untried; only`},
		{moves: "intend yes", err: "being sent right now", state: Sending, run: 1},
		{moves: "intend sent no", err: `renewal.offer["c1"] is sent; only`, state: Sent, run: 1},
	} {
		t.Run(tt.moves, func(t *testing.T) {
			path := pathTest(t)
			l := openTest(t, path, Options{Create: true})
			startTest(t, l)
			moves := strings.Fields(tt.moves)
			for n, m := range moves {
				var err error
				if l, err = makeMove(t, l, path, m); n == len(moves)-1 && tt.err != "" {
					wantError(t, err, tt.err)
				} else {
					must(t, err)
				}
			}
			v, err := l.View(t.Context())
			must(t, err)
			e, ok := v.Entry(sendOf("c1"))
			if e.Now() != tt.state || ok != (tt.state != Untried) || e.Open != Untried && e.State != tt.before {
				t.Errorf("entry %+v, %v; want %s over %s", e, ok, tt.state, tt.before)
			}
			r := recordsTest(t, path)[sendOf("c1")]
			if r.State != tt.state || r.Before != tt.before || r.Run != tt.run {
				t.Errorf("record %+v; want %s over %s of run %d", r, tt.state, tt.before, tt.run)
			}
			if open := e.Open != Untried; open != (len(v.Doubt) == 1) {
				t.Errorf("doubt %+v of entry %+v", v.Doubt, e)
			}
			want := 0
			if tt.state != Untried {
				want = 1
			}
			if n := v.Recorded(sendOf("").Message); n != want || len(v.Messages()) != want {
				t.Errorf("%d recorded, %v; want %d", n, v.Messages(), want)
			}
		})
	}
}

// makeMove makes one move on the send c1.
func makeMove(t testing.TB, l *Ledger, path, m string) (*Ledger, error) {
	t.Helper()
	s := sendOf("c1")
	at := time.Now()
	switch m {
	case "intend":
		return l, l.Intend(t.Context(), intentOf("c1"))
	case "yes", "no":
		return l, l.Resolve(t.Context(), []Decision{{Send: s, Sent: m == "yes", Who: "ada@host", At: at}})
	case "die":
		// A closed ledger is what a killed one is after its recovery; the crash test does kill.
		must(t, l.Close())
		l = openTest(t, path, Options{})
		startTest(t, l)
		return l, nil
	}
	state := map[string]State{"sent": Sent, "refused": Refused, "doubt": InDoubt, "back": Untried, "skipped": Skipped}[m]
	return l, l.Record(t.Context(), Result{Send: s, State: state, Reason: m, At: at})
}

// Whatever is done to a handful of sends, the ledger tells what a plain model of the state machine tells.
func TestAgainstModel(t *testing.T) {
	// One ledger for all, which is opened seldom: each check has people of its own.
	path, check, attempts := pathTest(t), 0, uint64(0)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	rapid.Check(t, func(rt *rapid.T) {
		check++
		settled, open := map[string]State{}, map[string]State{}
		before, hidden := map[string]bool{}, map[string]bool{}   // something was sent before; nobody is listed
		read, readBefore := map[string]bool{}, map[string]bool{} // there is a receipt: of what is settled, of what was sent before
		settle := func(key string, to State) {
			if settled[key] == Sent {
				before[key], readBefore[key] = true, read[key]
			}
			settled[key], read[key] = to, false
		}
		keys := []string{"", "a", "a\x00b", "é", `q"$`}
		for i := range keys {
			keys[i] = strconv.Itoa(check) + "/" + keys[i]
		}
		for range rapid.IntRange(1, 20).Draw(rt, "moves") {
			key := rapid.SampledFrom(keys).Draw(rt, "key")
			m := rapid.SampledFrom([]string{"intend", "again", "sent", "refused", "doubt", "back", "yes", "no",
				"remove", "forget", "die", "skip", "read"}).Draw(rt, "move")
			var err error
			bad := false
			switch m {
			case "intend", "again":
				i := intentOf(key)
				attempts++
				binary.BigEndian.PutUint64(i.Key[:], attempts)
				i.FromDoubt = m == "again"
				bad = open[key] != Untried && (open[key] != InDoubt || !i.FromDoubt)
				if !bad {
					open[key] = Sending
				}
				err = l.Intend(context.Background(), i)
			case "remove":
				bad = open[key] == Sending || open[key] == Untried && settled[key] == Untried
				if !bad {
					delete(open, key)
					delete(settled, key)
					delete(before, key)
					delete(read, key)
				}
				err = l.Remove(context.Background(), []addr.Send{sendOf(key)}, "ada", time.Now())
			case "forget": // which nobody notices who has the key
				if bad = open[key] != Untried; !bad {
					hidden[key] = settled[key] != Untried
					delete(readBefore, key)
				}
				_, err = l.Forget(context.Background(), key, "ada", time.Now())
			case "yes", "no":
				bad = open[key] == Sending || open[key] == Untried && settled[key] != Refused
				if !bad {
					switch {
					case m == "yes":
						settle(key, Sent)
					case open[key] == Untried && before[key]:
						settled[key], read[key] = Sent, readBefore[key]
					case open[key] == Untried:
						delete(settled, key)
					}
					delete(open, key)
				}
				err = l.Resolve(context.Background(), []Decision{{Send: sendOf(key), Sent: m == "yes", Who: "ada"}})
			case "skip":
				bad = open[key] != Untried || settled[key] != Untried && settled[key] != Skipped
				if !bad {
					settle(key, Skipped)
				}
				err = l.Skip(context.Background(), []Skip{skipOf(key)})
			case "read": // which nobody is told of who was forgotten
				read[key] = read[key] || settled[key] == Sent && !hidden[key]
				err = l.Receive(context.Background(), []Receipt{{Send: sendOf(key), Read: receiptAt}}, nil)
			case "die":
				for k := range open {
					open[k] = InDoubt
				}
				must(t, l.Close())
				l = openTest(t, path, Options{})
				startTest(t, l)
			default:
				state := map[string]State{"sent": Sent, "refused": Refused, "doubt": InDoubt, "back": Untried}[m]
				bad = open[key] == Untried
				if !bad {
					switch state {
					case InDoubt:
						open[key] = InDoubt
					case Untried:
						delete(open, key)
					default:
						settle(key, state)
						delete(open, key)
					}
				}
				err = l.Record(context.Background(), Result{Send: sendOf(key), State: state})
			}
			if m != "forget" && m != "die" && m != "read" && !bad {
				delete(hidden, key)
			}
			if (err != nil) != bad {
				rt.Fatalf("%s of %q: %v; should fail: %v", m, key, err, bad)
			}
		}
		want := map[string]State{}
		maps.Copy(want, settled)
		maps.Copy(want, open)
		for key, yes := range hidden {
			if yes {
				delete(want, key)
			}
		}
		got := map[string]State{}
		for s, r := range recordsTest(t, path) {
			if slices.Contains(keys, s.Key) {
				got[s.Key] = r.State
			}
		}
		if !maps.Equal(got, want) {
			rt.Fatalf("the ledger has %v, the model %v", got, want)
		}
		v, err := l.View(context.Background())
		must(t, err)
		for _, key := range keys {
			if e, _ := v.Entry(sendOf(key)); e.State != settled[key] || e.Open != open[key] {
				rt.Fatalf("entry of %q is %+v; want %s, %s", key, e, settled[key], open[key])
			}
			if _, ok := v.Receipt(sendOf(key)); ok != read[key] {
				rt.Fatalf("%q was read: %v; want %v", key, ok, read[key])
			}
		}
	})
}
