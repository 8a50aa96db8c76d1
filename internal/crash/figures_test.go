package crash_test

import (
	"testing"

	"herald/internal/addr"
	"herald/state"
)

// figures is what came of many kills.
type figures struct {
	Vendor     string
	Kills      int
	Runs       int
	Sent       int // sends that the ledger has as sent
	Twice      int // messages that a person got more than once
	Lost       int // sends that the ledger has as sent, and the vendor has not; or that nobody will ever send
	InDoubt    int // that stay so
	Arrived    int // of those in doubt: what the vendor has
	WorstDoubt int // sends that one kill left on the wire
	Found      int // decided by look-up: sent
	Absent     int // decided by look-up: not sent
	Locked     int // second processes that were turned away by the lock
}

// compare holds the ledger against the vendor's record, send by send, when nothing is left to do.
func (f *figures) compare(tb testing.TB, c campaign, received map[string]int) {
	tb.Helper()
	view, err := state.Read(tb.Context(), c.ledger())
	if err != nil {
		tb.Fatal(err)
	}
	for n := 1; n <= c.people; n++ {
		held := false
		for _, name := range []string{"one", "two"} {
			s := addr.Send{Message: addr.Message{Sequence: "crash", Name: name}, Key: key(n)}
			got := received[name+" "+s.Key]
			e, _ := view.Entry(s)
			if got > 1 {
				f.Twice++
				tb.Errorf("%s arrived %d times", s, got)
			}
			switch now := e.Now(); {
			case now == state.Sent:
				f.Sent++
				if got == 0 {
					f.Lost++
					tb.Errorf("%s is sent in the ledger, and the vendor never got it", s)
				}
			case now == state.InDoubt:
				f.InDoubt++
				f.Arrived += min(got, 1)
				held = true
			case now == state.Untried && held && got == 0:
				// Held back by the message before it, which is in doubt: somebody decides, and it goes out.
			default:
				f.Lost++
				tb.Errorf("%s is %s in the ledger at the end, and the vendor got it %d times", s, now, got)
			}
		}
	}
	r, err := state.OpenReader(tb.Context(), c.ledger())
	if err != nil {
		tb.Fatal(err)
	}
	defer r.Close()
	decisions, err := r.Decisions(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	for _, d := range decisions {
		if d.Who == "look-up" && !d.Sent {
			f.Absent++
		}
	}
	for rec, err := range state.Records(tb.Context(), c.ledger()) {
		if err != nil {
			tb.Fatal(err)
		}
		if rec.DecidedBy == "look-up" {
			f.Found++
		}
	}
}
