package state

import (
	"fmt"
	"testing"
	"time"

	"herald/internal/addr"
)

// A first wave is complete when so many people got the message, were refused or may be getting it.
func TestWave(t *testing.T) {
	path := pathTest(t)
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	try := func(n int, key string, st State) {
		t.Helper()
		i := intentOf(key)
		i.At = minute(n)
		must(t, l.Intend(t.Context(), i))
		if st != Sending {
			must(t, l.Record(t.Context(), Result{Send: i.Send, State: st, At: minute(n)}))
		}
	}
	skip := func(n int, key string) {
		s := skipOf(key)
		s.At = minute(n)
		must(t, l.Skip(t.Context(), []Skip{s}))
	}
	skip(1, "skipped")
	skip(1, "skipped at first")
	try(7, "skipped at first", Sending)
	try(2, "refused", Refused)
	try(9, "sent", Sent)
	try(3, "back", Untried)
	try(4, "doubt", InDoubt)
	try(5, "twice", Sent)
	try(8, "twice", Sending)
	try(6, "forgotten", Sent)
	_, err := l.Forget(t.Context(), "forgotten", "ada", time.Now())
	must(t, err)
	v, err := l.View(t.Context())
	must(t, err)
	want := []int{2, 4, 5, 6, 7, 9} // the minutes, in order
	for size := -1; size < 9; size++ {
		at := time.Time{}
		if size > 0 && size <= len(want) {
			at = minute(want[size-1])
		}
		if complete, n := v.Wave(sendOf("").Message, size); !complete.Equal(at) || n != len(want) {
			t.Errorf("%d people: complete %s, want %s; %d recorded", size, complete, at, n)
		}
	}
	if complete, n := v.Wave(addr.Message{Sequence: "no", Name: "such"}, 1); !complete.IsZero() || n != 0 {
		t.Errorf("nobody: complete %s, %d recorded", complete, n)
	}
}

// Whatever was sent to a person counts once for each time that it may have arrived.
func TestSentSince(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(try func(n int, message string, st State), s addr.Send, l *Ledger) error
		want []int // after minutes 0, 2, 4
	}{
		{"nothing", func(func(int, string, State), addr.Send, *Ledger) error { return nil }, []int{0, 0, 0}},
		{"sent", func(try func(int, string, State), _ addr.Send, _ *Ledger) error {
			try(2, "a.x", Sent)
			try(3, "a.y", Sent)
			return nil
		}, []int{2, 1, 0}},
		{"sent twice", func(try func(int, string, State), _ addr.Send, _ *Ledger) error {
			try(1, "a.x", Sent)
			try(3, "a.x", Sent)
			try(5, "a.x", Sent)
			return nil
		}, []int{3, 2, 1}},
		{"refused or not sent", func(try func(int, string, State), s addr.Send, l *Ledger) error {
			try(3, "a.x", Refused)
			try(3, "a.y", Untried)
			s.Name = "skipped"
			return l.Skip(t.Context(), []Skip{{Send: s, Account: "heyx", Condition: hashOf('w'), At: minute(3)}})
		}, []int{0, 0, 0}},
		{"sent, and then refused", func(try func(int, string, State), _ addr.Send, _ *Ledger) error {
			try(3, "a.x", Sent)
			try(5, "a.x", Refused)
			return nil
		}, []int{1, 1, 0}},
		{"open", func(try func(int, string, State), _ addr.Send, _ *Ledger) error {
			try(3, "a.x", InDoubt)
			try(5, "b.x", Sending)
			return nil
		}, []int{2, 2, 1}},
		{"open over what was sent", func(try func(int, string, State), _ addr.Send, _ *Ledger) error {
			try(1, "a.x", Sent)
			try(3, "a.x", Sending)
			return nil
		}, []int{2, 1, 0}},
		{"open over what was refused", func(try func(int, string, State), _ addr.Send, _ *Ledger) error {
			try(1, "a.x", Refused)
			try(3, "a.x", Sending)
			return nil
		}, []int{1, 1, 0}},
		{"in doubt, decided as sent", func(try func(int, string, State), s addr.Send, l *Ledger) error {
			try(1, "a.x", InDoubt)
			return l.Resolve(t.Context(), []Decision{{Send: s, Sent: true, Who: "ada", At: minute(5)}})
		}, []int{1, 1, 1}},
		{"in doubt, decided as not sent", func(try func(int, string, State), s addr.Send, l *Ledger) error {
			try(1, "a.x", InDoubt)
			return l.Resolve(t.Context(), []Decision{{Send: s, Who: "ada", At: minute(5)}})
		}, []int{0, 0, 0}},
		{"in doubt, sent again", func(try func(int, string, State), s addr.Send, l *Ledger) error {
			try(3, "a.x", InDoubt)
			i := Intent{Send: s, Account: "heyx", At: minute(5), FromDoubt: true}
			if err := l.Intend(t.Context(), i); err != nil {
				return err
			}
			return l.Record(t.Context(), Result{Send: s, State: Sent, At: minute(6)})
		}, []int{2, 2, 1}},
		{"taken out", func(try func(int, string, State), s addr.Send, l *Ledger) error {
			try(3, "a.x", Sent)
			try(4, "a.x", Sent)
			return l.Remove(t.Context(), []addr.Send{s}, "ada", minute(5))
		}, []int{0, 0, 0}},
	} {
		for _, after := range []string{"", "forgotten", "forgotten and known again", "renamed", "closed"} {
			t.Run(tt.name+" "+after, func(t *testing.T) {
				path := pathTest(t)
				l := openTest(t, path, Options{Create: true})
				startTest(t, l)
				s := addr.Send{Message: addr.Message{Sequence: "a", Name: "x"}, Key: "c1"}
				must(t, tt.do(func(n int, message string, st State) {
					t.Helper()
					i := Intent{Send: addr.Send{Message: messageOf(t, message), Key: "c1"}, Account: "heyx", At: minute(n)}
					must(t, l.Intend(t.Context(), i))
					if st != Sending {
						must(t, l.Record(t.Context(), Result{Send: i.Send, State: st, At: minute(n)}))
					}
				}, s, l))
				v, err := l.View(t.Context())
				must(t, err)
				if len(v.Doubt) > 0 && after != "" && after != "closed" {
					return // what is open is neither forgotten nor, on the wire, renamed
				}
				want := tt.want
				switch after {
				case "forgotten", "forgotten and known again":
					_, err := l.Forget(t.Context(), "c1", "ada", time.Now())
					must(t, err)
					if after == "forgotten" {
						break
					}
					must(t, l.Intend(t.Context(), Intent{Send: s, Account: "heyx", At: minute(9)}))
					must(t, l.Record(t.Context(), Result{Send: s, State: Untried}))
				case "renamed":
					if len(v.Messages()) > 0 {
						_, err := l.Move(t.Context(), addr.Target{Sequence: "a"}, addr.Target{Sequence: "c"}, "ada", time.Now())
						must(t, err)
					}
				case "closed":
					must(t, l.Close())
				}
				v, err = Read(t.Context(), path)
				must(t, err)
				for n, want := range want {
					if got := v.SentSince("c1", minute(2*n), nil); got != want {
						t.Errorf("after minute %d: %d, want %d", 2*n, got, want)
					}
				}
				if got := v.SentSince("c2", time.Time{}, nil); got != 0 {
					t.Errorf("another got %d", got)
				}
			})
		}
	}
}

// Only the sequences that a policy covers count.
func TestSentSinceCovers(t *testing.T) {
	v := NewView("l", 1, func(yield func(Record) bool) {
		for n := range 6 {
			s := addr.Send{Message: addr.Message{Sequence: fmt.Sprint("s", n/2), Name: fmt.Sprint("m", n)}, Key: "c1"}
			if !yield(Record{Send: s, State: Sent, At: minute(n)}) {
				return
			}
		}
	})
	got := v.SentSince("c1", minute(2), func(sequence string) bool { return sequence != "s2" })
	if got != 1 { // since zero minutes is no time at all, the first is at none
		t.Errorf("%d were sent, want 1", got)
	}
}
