package spec

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"herald/internal/addr"
)

// moving writes moved blocks, as in "a -> b".
func moving(moves ...string) string {
	var b strings.Builder
	for _, m := range moves {
		from, to, _ := strings.Cut(m, " -> ")
		fmt.Fprintf(&b, "moved {\n  from = %s\n  to   = %s\n}\n", from, to)
	}
	return b.String()
}

func arrows(moves []Move) string {
	var out []string
	for _, m := range moves {
		out = append(out, m.From.String()+" -> "+m.To.String())
	}
	return strings.Join(out, ", ")
}

// Moves come in an order in which they can be carried out, whatever the order of the blocks.
func TestMoves(t *testing.T) {
	for _, tt := range []struct {
		moves []string
		want  string
	}{
		{nil, ""},
		{[]string{"old -> renewal"}, "old -> renewal"},
		{[]string{"renewal.first -> renewal.offer"}, "renewal.first -> renewal.offer"},
		{[]string{"welcome.x -> renewal.offer"}, "welcome.x -> renewal.offer"},
		{[]string{"a -> b", "b -> c", "c -> renewal"}, "a -> b, b -> c, c -> renewal"},
		{[]string{"z -> y", "y -> renewal"}, "z -> y, y -> renewal"},
		// The sequence and one of its messages: by the old name of the sequence, by its new one, and straight away.
		{[]string{"a.first -> a.offer", "a -> renewal"}, "a.first -> a.offer, a -> renewal"},
		{[]string{"z -> renewal", "renewal.first -> renewal.offer"}, "z -> renewal, renewal.first -> renewal.offer"},
		{[]string{"a -> renewal", "a.first -> renewal.offer"}, "a.first -> renewal.offer, a -> renewal"},
		{[]string{"a -> b", "b -> renewal", "b.first -> b.offer"}, "a -> b, b.first -> b.offer, b -> renewal"},
		{[]string{"welcome.x -> a.offer", "a -> renewal"}, "welcome.x -> a.offer, a -> renewal"},
		{[]string{"y -> welcome", "x -> renewal"}, "x -> renewal, y -> welcome"},
	} {
		slices.Reverse(tt.moves)
		for range 2 {
			c := load(t, sequences("renewal offer last", "welcome hello")+moving(tt.moves...))
			if got := arrows(c.Moves); got != tt.want {
				t.Errorf("%v become %s, want %s", tt.moves, got, tt.want)
			}
			slices.Reverse(tt.moves)
		}
	}
}

func TestMovesRefused(t *testing.T) {
	for _, tt := range []struct {
		moves  []string
		detail string
	}{
		{[]string{"a -> b", "b -> a"}, "Each of these moves needs another one to come first: "},
		{[]string{"x.m -> y.m", "y -> x"}, "x.m to y.m"},
		{[]string{"a -> renewal", "a -> welcome"}, "a is moved already, at main.hcl:"},
		{[]string{"a -> renewal", "b -> renewal"}, "renewal is the new name of something else already, at main.hcl:"},
		{[]string{"a -> renewl"}, `Did you mean "renewal"?`},
		{[]string{"a.x -> renewal.ofer"}, `Did you mean "offer"?`},
		{[]string{"a.x -> gone.offer"}, `No sequence block declares "gone".`},
		{[]string{"b.x -> a.gone", "a -> renewal"}, `Sequence renewal has no message "gone".`},
		{[]string{"b.x -> a.gone", "a -> c", "c -> renewal"}, `Sequence renewal has no message "gone".`},
		{[]string{"renewal -> welcome"}, "Rename that block, or remove this one."},
		{[]string{"sequence.a -> renewal"}, "Leave sequence. out."},
		{[]string{"a -> renewal.offer"}, "a is a sequence and renewal.offer is a message."},
	} {
		c, diags := Load(write(t, sequences("renewal offer last", "welcome hello")+moving(tt.moves...)), testInputs())
		if len(diags) != 1 || !strings.Contains(diags[0].Detail, tt.detail) {
			t.Errorf("%v: want %s\n%s", tt.moves, tt.detail, printed(c, diags))
		}
	}
}

// However names are moved about, the moves that are accepted do what each of them says: no move finds its old name gone,
// and what is moved on is moved after it came.
func TestMovesInTurn(t *testing.T) {
	name := rapid.SampledFrom([]string{"a", "b", "c", "d"})
	target := rapid.Custom(func(t *rapid.T) addr.Target {
		return addr.Target{Sequence: name.Draw(t, "sequence"), Message: rapid.SampledFrom([]string{"", "x", "y"}).Draw(t, "message")}
	})
	accepted := 0
	rapid.Check(t, func(t *rapid.T) {
		var all []moved
		for range rapid.IntRange(0, 6).Draw(t, "moves") {
			m := moved{Move: Move{From: target.Draw(t, "from"), To: target.Draw(t, "to")}}
			if m.From != m.To && moveWithin(m.From, m.To) == "" {
				all = append(all, m)
			}
		}
		all, _ = distinct(all)
		m := newMoves(all)
		order, diags := m.inTurn()
		if diags.HasErrors() {
			if _, again := newMoves(all).inTurn(); len(diags) != 1 || again[0].Detail != diags[0].Detail {
				t.Fatal(diags)
			}
			return
		}
		accepted++
		if len(order) != len(all) {
			t.Fatalf("%d of %d moves", len(order), len(all))
		}
		for at, i := range order {
			for _, j := range order[at+1:] {
				done, next := m.all[i], m.all[j]
				under := func(t, sequence addr.Target) bool { return sequence.Message == "" && t.Sequence == sequence.Sequence }
				switch {
				case next.To == done.From, under(done.From, next.To):
					t.Fatalf("%v comes before %v, which makes its name", done, next)
				case done.From.Message == "" && next.From.Message != "" && under(next.From, done.From):
					t.Fatalf("%v comes before %v, which then finds nothing", done, next)
				}
			}
		}
	})
	if accepted == 0 {
		t.Error("no moves were accepted")
	}
}
