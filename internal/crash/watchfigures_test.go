package crash_test

import (
	"testing"
	"time"

	"herald/internal/addr"
	"herald/providers/sandbox"
	"herald/state"
)

// slack is how far two readings of the machine's clock may be apart.
const slack = 10 * time.Millisecond

// watchFigures is what came of many kills of a watched sequence.
type watchFigures struct {
	Kills       int
	Runs        int
	Pairs       int // runs beside another one
	AtPoints    int // kills at a named instant
	Opening     int // of those: while a conversation was opened
	Sent        int // sends that the ledger has as sent
	Skipped     int // whose condition was false
	Twice       int // messages that a person got more than once
	Lost        int // as in figures; or that a watch left although nothing held them
	InDoubt     int // that stay so
	Arrived     int // of those in doubt: what the vendor has
	Held        int // behind one that stays in doubt
	WorstDoubt  int // sends that one kill left on the wire
	Answered    int // people who answered before the next message was due
	Reminded    int // of those: who got it all the same
	Wronged     int // people whose message was skipped though they had not answered
	Early       int // messages that came before their delay was over
	Disordered  int // messages that came before the one before them
	Opened      int // conversations
	OpenedTwice int // beyond the first of a person
	Astray      int // messages in another conversation than the person's first
}

// inOrder is the messages of a watched sequence.
var inOrder = []string{"one", "two", "three"}

func sendOf(message string, n int) addr.Send {
	return addr.Send{Message: addr.Message{Sequence: "crash", Name: message}, Key: key(n)}
}

// pending counts the messages that are still to come, and those in doubt. What stands behind one in doubt is not to come.
func (f *watched) pending(view *state.View) (toCome, doubt int) {
	for n := 1; n <= f.people; n++ {
		for _, message := range inOrder {
			e, _ := view.Entry(sendOf(message, n))
			now := e.Now()
			if now == state.InDoubt || now == state.Sending {
				doubt++
				break
			}
			if now == state.Untried {
				toCome++
			}
		}
	}
	return toCome, doubt
}

// vendorRecord is what happened at the vendor, by the text of messages.
type vendorRecord struct {
	arrived  map[string][]accepted
	answered map[string]time.Time // the earliest
	talks    []sandbox.Talks
}

func newVendorRecord(all []accepted, talks []sandbox.Talks) vendorRecord {
	r := vendorRecord{arrived: map[string][]accepted{}, answered: map[string]time.Time{}, talks: talks}
	for _, a := range all {
		if !a.Answer {
			r.arrived[a.Text] = append(r.arrived[a.Text], a)
		} else if first, was := r.answered[a.Text]; !was || a.At.Before(first) {
			r.answered[a.Text] = a.At
		}
	}
	return r
}

// compare holds the ledger against the vendor's record, person by person, when nothing is left to do.
func (f *watched) compare(tb testing.TB, c campaign, r vendorRecord) {
	tb.Helper()
	view, err := state.Read(tb.Context(), c.ledger())
	if err != nil {
		tb.Fatal(err)
	}
	for n := 1; n <= c.people; n++ {
		f.states(tb, view, r, n)
		f.times(tb, view, r, n)
		if f.answers {
			f.condition(tb, view, r, n)
		}
		f.place(tb, r, n)
	}
	for _, one := range r.talks {
		f.Opened++
		if one.Conversations > 1 {
			f.OpenedTwice += one.Conversations - 1
			tb.Errorf("%s has %d conversations in inbox %d", one.Identifier, one.Conversations, one.Inbox)
		}
	}
	if f.opens && len(r.talks) == 0 {
		tb.Error("no conversation was opened")
	}
}

// states compares where each of a person's messages stands with how often it arrived.
func (f *watched) states(tb testing.TB, view *state.View, r vendorRecord, n int) {
	tb.Helper()
	held := false
	for _, message := range inOrder {
		s := sendOf(message, n)
		got := len(r.arrived[message+" "+s.Key])
		e, _ := view.Entry(s)
		if got > 1 {
			f.Twice++
			tb.Errorf("%s arrived %d times", s, got)
		}
		switch now := e.Now(); {
		case now == state.Sent && got > 0:
			f.Sent++
		case now == state.Skipped && got == 0:
			f.Skipped++
		case now == state.InDoubt && !f.asked:
			f.InDoubt++
			f.Arrived += min(got, 1)
			held = true
		case now == state.Untried && held && got == 0: // somebody decides about the one before it, and it goes out
			f.Held++
		default:
			f.Lost++
			tb.Errorf("%s is %s in the ledger at the end, and the vendor got it %d times", s, now, got)
		}
	}
}

// times looks whether each of a person's messages came after the one before it, and not before its delay was over: by the
// vendor's clock where that one arrived, by the ledger's where it was skipped.
func (f *watched) times(tb testing.TB, view *state.View, r vendorRecord, n int) {
	tb.Helper()
	var before time.Time
	for _, message := range inOrder {
		s := sendOf(message, n)
		e, _ := view.Entry(s)
		arrived := r.arrived[message+" "+s.Key]
		if len(arrived) == 0 {
			if e.Now() == state.Skipped {
				before = e.When()
			}
			continue
		}
		at := arrived[0].At
		switch due := before.Add(step); {
		case before.IsZero():
		case at.Before(before):
			f.Disordered++
			tb.Errorf("%s arrived %s before the message before it", s, before.Sub(at))
		case at.Before(due.Add(-slack)):
			f.Early++
			tb.Errorf("%s arrived %s before it was due", s, due.Sub(at))
		}
		before = arrived[len(arrived)-1].At
		if e.Now() == state.Sent && e.When().Before(before.Add(-slack)) {
			f.Early++
			tb.Errorf("%s is sent in the ledger %s before it arrived", s, before.Sub(e.When()))
		}
	}
}

// condition looks whether the second message came to those, and only those, who had not answered the first one when it was
// due. It is due by the ledger's time: what a look-up found counts from then.
func (f *watched) condition(tb testing.TB, view *state.View, r vendorRecord, n int) {
	tb.Helper()
	first, second := sendOf("one", n), sendOf("two", n)
	sent, _ := view.Entry(first)
	then, _ := view.Entry(second)
	answered, did := r.answered["one "+first.Key]
	if did && sent.Now() == state.Sent && answered.Before(sent.When().Add(step-slack)) {
		f.Answered++
		if len(r.arrived["two "+second.Key]) > 0 {
			f.Reminded++
			tb.Errorf("%s arrived, and they had answered %s before it was due", second, sent.When().Add(step).Sub(answered))
		}
	}
	if then.Now() == state.Skipped && (!did || answered.After(then.When().Add(slack))) {
		f.Wronged++
		tb.Errorf("%s was skipped, and nobody had answered", second)
	}
}

// place looks whether all messages of a person came into one conversation.
func (f *watched) place(tb testing.TB, r vendorRecord, n int) {
	tb.Helper()
	to := ""
	for _, message := range inOrder {
		for _, a := range r.arrived[message+" "+key(n)] {
			if to == "" {
				to = a.To
			}
			if a.To != to {
				f.Astray++
				tb.Errorf("%s %s arrived in conversation %s, and the first one in %s", message, key(n), a.To, to)
			}
		}
	}
}
