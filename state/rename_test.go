package state

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"herald/internal/addr"
)

// messageLedger makes a ledger with sends of several messages, each with a definition of its own. A key says how its send
// ends; an upper case one was sent before.
func messageLedger(t *testing.T, sends map[string]string) *Ledger {
	t.Helper()
	l := openTest(t, pathTest(t), Options{Create: true})
	var definitions []Definition
	names := slices.Sorted(maps.Keys(sends))
	for _, name := range names {
		m := messageOf(t, name)
		definitions = append(definitions, Definition{Sequence: m.Sequence, Message: m.Name, Hash: hashOf('m'), Source: "said by " + name})
	}
	run := Run{Who: "ada@host", Started: time.Now()}
	var err error
	outlines := map[string][]OutlineItem{}
	for _, d := range definitions {
		outlines[d.Sequence] = append(outlines[d.Sequence], OutlineItem{Message: d.Message, Definition: d.Hash})
	}
	run.ID, err = l.StartRun(t.Context(), run, definitions, nil, outlines)
	must(t, err)
	for _, name := range names {
		for _, key := range strings.Fields(sends[name]) {
			i := intentOf(key)
			i.Send.Message, i.Unique = messageOf(t, name), Hash{Version: 1, Sum: personOf(key)}
			if key != strings.ToLower(key) {
				must(t, l.Intend(t.Context(), i))
				must(t, l.Record(t.Context(), Result{Send: i.Send, State: Sent}))
			}
			must(t, l.Intend(t.Context(), i))
			switch st := map[byte]State{'s': Sent, 'r': Refused, 'd': InDoubt, 'u': Untried}[strings.ToLower(key)[0]]; {
			case key[0] == 'f':
				must(t, l.Record(t.Context(), Result{Send: i.Send, State: Sent}))
			default:
				must(t, l.Record(t.Context(), Result{Send: i.Send, State: st}))
			}
			must(t, l.Receive(t.Context(), []Receipt{{Send: i.Send, Replied: receiptAt, Reply: "Yes, " + key}}, nil))
		}
	}
	must(t, l.EndRun(t.Context(), run))
	for _, name := range names {
		for _, key := range strings.Fields(sends[name]) {
			if key[0] == 'f' {
				_, err := l.Forget(t.Context(), key, "ada@host", time.Now())
				must(t, err)
			}
		}
	}
	return l
}

func messageOf(t *testing.T, name string) addr.Message {
	t.Helper()
	target := parseTest(t, name)
	return addr.Message{Sequence: target.Sequence, Name: target.Message}
}

func parseTest(t *testing.T, name string) addr.Target {
	t.Helper()
	target, err := addr.Parse(name)
	must(t, err)
	return target
}

// knownTest tells all that a ledger knows of its sends, a line each.
func knownTest(t *testing.T, l *Ledger) (all []string) {
	t.Helper()
	v, err := l.View(t.Context())
	must(t, err)
	reader, err := OpenReader(t.Context(), l.path)
	must(t, err)
	defer reader.Close()
	for s, r := range recordsTest(t, l.path) {
		e, _ := v.Entry(s)
		_, before := v.SentBefore(s)
		used := v.UniqueUsed(addr.Send{Message: s.Message, Key: "another"}, Hash{Version: 1, Sum: personOf(s.Key)})
		if own := v.UniqueUsed(s, Hash{Version: 1, Sum: personOf(s.Key)}); own {
			t.Errorf("%s: her own unique value is used by another", s)
		}
		if r.Definition != hashOf('m') {
			t.Errorf("%s has the definition %s", s, r.Definition)
		}
		earlier, err := reader.Earlier(t.Context(), s)
		must(t, err)
		receipt, _ := v.Receipt(s)
		all = append(all, fmt.Sprintf("%s %s before %v used %v earlier %d times %d reply %q", s, e.Now(), before, used, len(earlier),
			v.SentSince(s.Key, time.Time{}, nil), receipt.Reply))
	}
	slices.Sort(all)
	return all
}

// Whatever is renamed, the sends of the new name are what those of the old one were, down to what comes next of them.
func TestMove(t *testing.T) {
	const all = "s1 r1 d1 S2 R2 D2 u1"
	for _, tt := range []struct {
		name     string
		sends    map[string]string
		from, to string
		n        int
		old, new string // parts of the names of sends, old ones to be replaced by new ones
	}{
		{"a message", map[string]string{"a.x": all, "a.y": "s1"}, "a.x", "a.z", 6, "a.x", "a.z"},
		{"a message to another sequence", map[string]string{"a.x": all}, "a.x", "b.y", 6, "a.x", "b.y"},
		{"a message that is there without the sends", map[string]string{"a.x": all, "a.z": "s9 u1"}, "a.x", "a.z", 6, "a.x", "a.z"},
		{"a sequence", map[string]string{"a.x": all, "a.y": "s1", "ab.x": "s1"}, "a", "c", 7, "a.", "c."},
		{"a sequence that is there", map[string]string{"a.x": all, "a.y": "s1", "c.x": "s9"}, "a", "c", 7, "a.", "c."},
		{"a sent one", map[string]string{"a.x": all}, `a.x["s1"]`, `a.x["s9"]`, 1, `["s1"]`, `["s9"]`},
		{"a refused one that was sent before", map[string]string{"a.x": all}, `a.x["R2"]`, `b.y["R2"]`, 1, `a.x["R2"]`, `b.y["R2"]`},
		{"one in doubt", map[string]string{"a.x": all}, `a.x["D2"]`, `a.x["d9"]`, 1, `["D2"]`, `["d9"]`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := messageLedger(t, tt.sends)
			was := knownTest(t, l)
			v, err := l.View(t.Context())
			must(t, err)
			from, to := parseTest(t, tt.from), parseTest(t, tt.to)
			at := time.Date(2026, 11, 20, 9, 14, 0, 0, time.UTC)
			n, err := l.Move(t.Context(), from, to, "ada@host", at)
			must(t, err)
			if n != tt.n {
				t.Errorf("%d were moved, want %d", n, tt.n)
			}
			var want []string
			for _, line := range was {
				// Used values are told by key, and a new key has another.
				line = strings.Replace(line, tt.old, tt.new, 1)
				if from.One && from.Key != to.Key && strings.Contains(line, tt.new) {
					line = strings.Replace(line, "used true", "used false", 1)
				}
				want = append(want, line)
			}
			slices.Sort(want)
			if got := knownTest(t, l); !slices.Equal(got, want) {
				t.Errorf("moved:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			after, err := l.View(t.Context())
			must(t, err)
			if after.Serial != v.Serial+1 {
				t.Errorf("serial %d after %d", after.Serial, v.Serial)
			}
			r, err := OpenReader(t.Context(), l.path)
			must(t, err)
			defer r.Close()
			moves, err := r.Moves(t.Context())
			must(t, err)
			if len(moves) != 1 || moves[0] != (Moved{from, to, n, "ada@host", at}) {
				t.Errorf("moves %+v", moves)
			}

			// What is in doubt is known by its new name only, and what was sent before comes back there.
			startTest(t, l)
			for _, d := range after.Doubt {
				must(t, l.Record(t.Context(), Result{Send: d.Send, State: Untried}))
			}
			for s, rec := range recordsTest(t, l.path) {
				if rec.State == Refused {
					must(t, l.Resolve(t.Context(), []Decision{{Send: s, Who: "ada@host"}}))
				}
				_, there := recordsTest(t, l.path)[s]
				if upper := s.Key != strings.ToLower(s.Key); rec.State == Refused && there != upper {
					t.Errorf("%s after the refusal was taken back: there %v", s, there)
				}
			}
			must(t, l.Close())
			must(t, openTest(t, l.path, Options{}).Close()) // which looks at every page
		})
	}
}

// What must not be moved is left as it is.
func TestMoveRefused(t *testing.T) {
	many := "s1 s2 s3 s4 s5 s6 s7"
	for _, tt := range []struct {
		name, from, to string
		sends          map[string]string
		sending        string
		says           []string
	}{
		{name: "kinds", from: "a", to: "a.x", says: []string{"a is a sequence and a.x is a message", "two names of the same kind"}},
		{name: "kinds of one", from: `a.x["s1"]`, to: "a.y", says: []string{`a.x["s1"] is one send`}},
		{name: "same", from: "a.x", to: "a.x", says: []string{"already called that"}},
		{name: "nothing", from: "none", to: "b", says: []string{"nothing in the ledger matches none"}},
		{name: "nothing of a message", from: "a.y", to: "b.y", says: []string{"nothing in the ledger matches a.y"}},
		{name: "nothing of a key", from: `a.x["none"]`, to: `a.x["k"]`, says: []string{`nothing in the ledger matches a.x["none"]`}},
		{name: "only untried", sends: map[string]string{"a.x": "u1"}, from: "a.x", to: "b.y", says: []string{"nothing in the ledger matches"}},
		{name: "taken", sends: map[string]string{"a.x": many, "a.y": "s1 d2 s9"}, from: "a.x", to: "a.y", says: []string{`a.x cannot become a.y, since there is already a.y["s1"]; nothing was moved`}},
		{name: "many taken", sends: map[string]string{"a.x": many, "b.x": many}, from: "a", to: "b", says: []string{`b.x["s1"], b.x["s2"], b.x["s3"], b.x["s4"], b.x["s5"], 2 more`, "herald state rm"}},
		{name: "one taken", from: `a.x["s1"]`, to: `a.x["d1"]`, says: []string{`already a.x["d1"]`}},
		{name: "taken by the forgotten", sends: map[string]string{"a.x": "s1 f1", "b.x": "f1"}, from: "a", to: "b", says: []string{"already 1 more"}},
		{name: "one taken by the forgotten", sends: map[string]string{"a.x": "s1 f1"}, from: `a.x["s1"]`, to: `a.x["f1"]`, says: []string{`already a.x["f1"]`}},
		{name: "sending", from: "a", to: "b", sending: "s1", says: []string{`a.x["s1"] is being sent right now`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.sends == nil {
				tt.sends = map[string]string{"a.x": "s1 d1"}
			}
			l := messageLedger(t, tt.sends)
			if tt.sending != "" {
				startTest(t, l)
				i := intentOf(tt.sending)
				i.Send.Message, i.Definition = messageOf(t, "a.x"), Hash{}
				must(t, l.Intend(t.Context(), i))
			}
			was, err := l.View(t.Context())
			must(t, err)
			n, err := l.Move(t.Context(), parseTest(t, tt.from), parseTest(t, tt.to), "ada", time.Now())
			wantError(t, err, tt.says...)
			now, err := l.View(t.Context())
			must(t, err)
			if n != 0 || now.Serial != was.Serial || fmt.Sprint(now.Messages()) != fmt.Sprint(was.Messages()) {
				t.Errorf("%d were moved: %v, serial %d", n, now.Messages(), now.Serial)
			}
		})
	}
}

// Whoever is forgotten is moved along, and still not written to again.
func TestMoveForgotten(t *testing.T) {
	l := messageLedger(t, map[string]string{"a.x": "s1 f1", "b.y": "s2 f2"})
	n, err := l.Move(t.Context(), parseTest(t, "a.x"), parseTest(t, "b.y"), "ada", time.Now())
	must(t, err)
	v, err := l.View(t.Context())
	must(t, err)
	for _, key := range []string{"s1", "f1", "s2", "f2"} {
		if e, _ := v.Entry(addr.Send{Message: messageOf(t, "b.y"), Key: key}); e.State != Sent {
			t.Errorf("%s is %+v", key, e)
		}
	}
	if n != 2 || v.Recorded(messageOf(t, "b.y")) != 4 || v.Recorded(messageOf(t, "a.x")) != 0 {
		t.Errorf("%d were moved, %d recorded", n, v.Recorded(messageOf(t, "b.y")))
	}
	if n, err = l.Move(t.Context(), parseTest(t, `b.y["f1"]`), parseTest(t, `b.y["s9"]`), "ada", time.Now()); n != 1 || err != nil {
		t.Errorf("the forgotten one by name: %d, %v", n, err)
	}
}

// A unique value stays that of the person who used it, under the new key.
func TestMoveUnique(t *testing.T) {
	l := messageLedger(t, map[string]string{"a.x": "s1 s2"})
	_, err := l.Move(t.Context(), parseTest(t, `a.x["s1"]`), parseTest(t, `b.y["s9"]`), "ada", time.Now())
	must(t, err)
	v, err := l.View(t.Context())
	must(t, err)
	value := Hash{Version: 1, Sum: personOf("s1")}
	for _, tt := range []struct {
		message, key string
		used         bool
	}{{"b.y", "s9", false}, {"b.y", "s1", true}, {"b.y", "s2", true}, {"a.x", "s2", false}} {
		if got := v.UniqueUsed(addr.Send{Message: messageOf(t, tt.message), Key: tt.key}, value); got != tt.used {
			t.Errorf("%s[%s]: used by another %v, want %v", tt.message, tt.key, got, tt.used)
		}
	}
}
