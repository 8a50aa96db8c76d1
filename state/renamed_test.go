package state

import (
	"reflect"
	"testing"
	"time"

	"herald/internal/addr"
)

// knows gives all that a view knows of its messages.
func knows(v *View) map[addr.Message][]any {
	all := map[addr.Message][]any{}
	for m, r := range v.messages {
		all[m] = []any{r.entries, r.before, r.used, r.opened, r.again, r.receipts}
	}
	return all
}

// A renamed view is the view after Move, or Move refuses; and the view that it was made of stays as it was.
func TestRenamed(t *testing.T) {
	const all = "s1 r1 d1 S2 R2 D2 u1 f1"
	for _, tt := range []struct {
		name     string
		sends    map[string]string
		from, to string
		n        int
		both     []string
	}{
		{"a message", map[string]string{"a.x": all, "a.y": "s1"}, "a.x", "a.z", 7, nil},
		{"a message to another sequence", map[string]string{"a.x": all, "a.y": "s1"}, "a.x", "b.y", 7, nil},
		{"a message that is there with others", map[string]string{"a.x": all, "a.z": "s9 R9 D9 f9"}, "a.x", "a.z", 7, nil},
		{"a sequence", map[string]string{"a.x": all, "a.y": "s1", "ab.x": "s1"}, "a", "c", 8, nil},
		{"a sequence that is there with others", map[string]string{"a.x": all, "a.y": "s1", "c.x": "s9", "c.z": "s1"}, "a", "c", 8, nil},
		{"nothing", map[string]string{"a.x": all}, "b", "c", 0, nil},
		{"some have both", map[string]string{"a.x": all, "a.y": "s3", "a.z": "s4", "c.x": "d1 s9", "c.y": "s3", "c.z": "s9"}, "a", "c", 9, []string{"c.x", "c.y"}},
		{"a forgotten one has both", map[string]string{"a.x": "s1 f1", "a.y": "f1"}, "a.x", "a.y", 2, []string{"a.y"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := messageLedger(t, tt.sends)
			v, err := l.View(t.Context())
			must(t, err)
			same, err := l.View(t.Context())
			must(t, err)
			from, to := parseTest(t, tt.from), parseTest(t, tt.to)
			moved, n, both := v.Renamed(from, to)
			if !reflect.DeepEqual(knows(v), knows(same)) || !reflect.DeepEqual(v.Doubt, same.Doubt) || !reflect.DeepEqual(v.outlines, same.outlines) {
				t.Errorf("the view that it was made of changed")
			}
			var want []addr.Message
			for _, name := range tt.both {
				want = append(want, messageOf(t, name))
			}
			if n != tt.n || !reflect.DeepEqual(both, want) {
				t.Errorf("%d sends, both %v; want %d, %v", n, both, tt.n, want)
			}
			_, err = l.Move(t.Context(), from, to, "ada", time.Now())
			if len(both) > 0 || n == 0 {
				wantError(t, err)
				if err == nil {
					t.Error("Move takes it")
				}
				return
			}
			must(t, err)
			after, err := l.View(t.Context())
			must(t, err)
			if !reflect.DeepEqual(moved.Doubt, after.Doubt) {
				t.Errorf("in doubt %+v\nwant %+v", moved.Doubt, after.Doubt)
			}
			got, moves := knows(moved), knows(after)
			for m := range moves {
				if !reflect.DeepEqual(got[m], moves[m]) {
					t.Errorf("%s: %+v\nwant %+v", m, got[m], moves[m])
				}
			}
			if len(got) != len(moves) {
				t.Errorf("messages %v, want %v", moved.Messages(), after.Messages())
			}
			for sequence, items := range moved.outlines {
				if len(items)+len(after.outlines[sequence]) > 0 && !reflect.DeepEqual(items, after.outlines[sequence]) {
					t.Errorf("outline of %s %+v, want %+v", sequence, items, after.outlines[sequence])
				}
			}
		})
	}
}

// What is no change of a sequence or a message leaves the view as it is.
func TestRenamedNothing(t *testing.T) {
	v := NewView("l", 1, func(yield func(Record) bool) { yield(Record{Send: sendOf("c1"), State: Sent}) })
	for _, tt := range [][2]string{{"renewal", "renewal"}, {"renewal", "renewal.offer"}, {`renewal.offer["c1"]`, `renewal.offer["c2"]`}} {
		if moved, n, both := v.Renamed(parseTest(t, tt[0]), parseTest(t, tt[1])); moved != v || n != 0 || both != nil {
			t.Errorf("%s became %s: %d, %v", tt[0], tt[1], n, both)
		}
	}
}
