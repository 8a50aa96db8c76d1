package state

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"herald/internal/addr"
)

// drawing draws the machine, a line for each event and what comes of it.
func drawing() string {
	names := map[State]string{same: "as it is", before: "as it was before", InDoubt: "in doubt"}
	name := func(s State) string {
		if n, ok := names[s]; ok {
			return n
		}
		return s.String()
	}
	var b strings.Builder
	for e := range events {
		from := map[State][]string{}
		var order []State
		for s := Untried; s <= Skipped; s++ {
			to := machine[e][s]
			if to == never {
				continue
			}
			if from[to] == nil {
				order = append(order, to)
			}
			from[to] = append(from[to], name(s))
		}
		for _, to := range order {
			arrow := "──" + eventNames[e]
			fmt.Fprintf(&b, "//\t%-41s %s▶ %s\n", strings.Join(from[to], ", "), arrow+strings.Repeat("─", 22-len([]rune(arrow))), name(to))
		}
	}
	return b.String()
}

// What doc.go draws is what the code does.
func TestDrawing(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	must(t, err)
	if !strings.Contains(string(doc), "//\n"+drawing()+"//\n") {
		t.Errorf("doc.go does not draw the machine; it is:\n%s", drawing())
	}
}

// An attempt is allowed without a look at what is settled, so that must make no difference to it.
func TestAttemptsAskOnlyWhatIsOpen(t *testing.T) {
	for _, e := range []event{intended, intendedAgain, accepted, declined, goneBack, unclear} {
		for _, s := range []State{Sent, Refused, Skipped} {
			if machine[e][s] != machine[e][Untried] {
				t.Errorf("%s makes %v of %s and %v of untried", eventNames[e], machine[e][s], s, machine[e][Untried])
			}
		}
	}
	if _, ok := (&Ledger{}).allow(sendOf("c1"), State(9), died); ok {
		t.Error("an unknown state is moved")
	}
}

// stand makes a send stand in a state, over what was settled before where there may be something.
func stand(t *testing.T, l *Ledger, key string, s State, settled State) {
	t.Helper()
	record := func(st State) {
		t.Helper()
		must(t, l.Intend(t.Context(), intentOf(key)))
		if st != Sending {
			must(t, l.Record(t.Context(), Result{Send: sendOf(key), State: st}))
		}
	}
	if settled != Untried {
		record(settled)
	}
	switch s {
	case Untried:
	case Skipped:
		must(t, l.Skip(t.Context(), []Skip{skipOf(key)}))
	default:
		record(s)
	}
}

// happen lets an event happen to a send, and gives the ledger, which is another one after a death.
func happen(t *testing.T, l *Ledger, key string, e event) (*Ledger, error) {
	t.Helper()
	s, at := sendOf(key), time.Now()
	record := func(st State) error { return l.Record(t.Context(), Result{Send: s, State: st, At: at}) }
	switch e {
	case intended, intendedAgain:
		i := intentOf(key)
		i.FromDoubt = e == intendedAgain
		return l, l.Intend(t.Context(), i)
	case accepted:
		return l, record(Sent)
	case declined:
		return l, record(Refused)
	case goneBack:
		return l, record(Untried)
	case unclear:
		return l, record(InDoubt)
	case passedBy:
		return l, l.Skip(t.Context(), []Skip{skipOf(key)})
	case died:
		must(t, l.Close())
		l = openTest(t, l.path, Options{})
		startTest(t, l)
		return l, nil
	case decidedSent, decidedUnsent:
		return l, l.Resolve(t.Context(), []Decision{{Send: s, Sent: e == decidedSent, Who: "ada@host", At: at}})
	case removed:
		return l, l.Remove(t.Context(), []addr.Send{s}, "ada@host", at)
	case renamed:
		_, err := l.Move(t.Context(), targetOf(key), targetOf("new "+key), "ada@host", at)
		return l, err
	case forgotten:
		_, err := l.Forget(t.Context(), key, "ada@host", at)
		return l, err
	}
	t.Fatalf("nothing lets %s happen", eventNames[e])
	return l, nil
}

// Whatever happens to a send, wherever it stands, a real ledger does what the machine says: the move, or an error that
// leaves everything as it was.
func TestEveryMove(t *testing.T) {
	for e := range event(events) {
		t.Run(eventNames[e], func(t *testing.T) {
			l := openTest(t, pathTest(t), Options{Create: true})
			startTest(t, l)
			for from := Untried; from <= Skipped; from++ {
				settled := []State{Untried}
				if from == Sending || from == InDoubt || from == Refused {
					settled = append(settled, Sent) // there is something to go back to
				}
				for _, under := range settled {
					key := fmt.Sprintf("%s over %s", from, under)
					stand(t, l, key, from, under)
					var err error
					l, err = happen(t, l, key, e)
					want := machine[e][from]
					if (err != nil) != (want == never) {
						t.Fatalf("%s: error %v; the machine makes it %v", key, err, want)
					}
					switch want {
					case never, same:
						want = from
					case before:
						want = under
					}
					v, err := l.View(t.Context())
					must(t, err)
					if e == renamed && machine[e][from] != never {
						if entry, there := v.Entry(sendOf(key)); there {
							t.Errorf("%s: under its old name it is %+v", key, entry)
						}
						key = "new " + key
					}
					if entry, there := v.Entry(sendOf(key)); entry.Now() != want || there != (want != Untried) {
						t.Errorf("%s: it is %+v, want %s", key, entry, want)
					}
				}
			}
		})
	}
}
