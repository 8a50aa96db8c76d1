package executor

import (
	"container/heap"
	"time"

	"herald/internal/addr"
	"herald/providers"
	"herald/state"
)

// Question is a send that an earlier run left in doubt, and what its provider must know to be asked about it.
type Question struct {
	Send        addr.Send
	Request     providers.Request // made anew
	Content     state.Hash
	Destination state.Hash
	Key         providers.Key // that the attempt carried
	At          time.Time     // of its intent: no byte left before
	Answered    bool          // a whole answer came, so that there is no need to wait
	// Alike is what state.Reader.Alike counts, with the other questions among it. It matters only where there is no
	// Ledger, which knows better.
	Alike int
	// Place is the conversation that the attempt went to, as its intent says. It matters only where Request has an Opening:
	// "" leaves it to the ledger.
	Place string
}

// due is when the provider is asked first.
func (q *Question) due(now, settled time.Time) time.Time {
	if q.Answered {
		return now
	}
	return settled
}

// settled is when, by the machine's clock, whatever the attempt got accepted must be visible.
func (q *Question) settled(c clock, now time.Time, settle time.Duration) time.Time {
	return visible(c.real(q.At), now, settle)
}

// visible is when whatever was accepted of what began at some instant must be visible.
func visible(begun, now time.Time, settle time.Duration) time.Time {
	due := begun.Add(settle)
	if latest := now.Add(settle); due.After(latest) {
		return latest // the clock was set back; the attempt is older than now all the same
	}
	return due
}

// doubt is one send whose look-up has not ended.
type doubt struct {
	send    addr.Send
	like    likeness
	key     providers.Key
	at      time.Time // no byte of the attempt left before, by the ledger's clock
	due     time.Time // when the provider is asked
	settled time.Time // from when on an absence can be believed
	arrival int       // breaks ties of due
	tries   int       // look-ups that came to nothing

	once   bool      // asked only now, whether or not an absence can be believed yet
	old    *Question // nil for an attempt of this run
	answer *Answer   // what becomes of a question that somebody waits for, else nil

	// Of an attempt of this run; its text is read again when it is needed.
	ref    int64
	number int
	leads  bool
	http   int
	result state.Result // as recorded
}

// likeness is what attempts have in common that nobody can tell apart.
type likeness struct{ content, destination state.Hash }

// newDoubt makes the doubt of an attempt that ended without a clear answer.
func newDoubt(l *lane, a *attempt, out providers.Outcome, recorded state.Result) *doubt {
	d := &doubt{
		send: a.step.Send, like: likeness{a.step.Content, a.step.Destination}, key: a.key,
		at: time.Unix(0, a.at), settled: l.limiter.begin(a.slot).Add(l.Settle),
		ref: a.ref, number: a.number, leads: a.step.Leads, http: out.HTTP, result: recorded,
	}
	if d.due = d.settled; recorded.Answered {
		d.due = time.Now() // most likely it can be seen already; that it cannot proves nothing yet
	}
	return d
}

// oldDoubt makes the doubt of a question.
func oldDoubt(q *Question, due, settled time.Time, answer *Answer) *doubt {
	return &doubt{send: q.Send, settled: settled, like: likeness{q.Content, q.Destination}, key: q.Key, at: q.At, due: due, old: q, answer: answer}
}

// doubts is a heap, the one that is due first on top.
type doubts []*doubt

func (q doubts) Len() int { return len(q) }
func (q doubts) Less(i, j int) bool {
	if !q[i].due.Equal(q[j].due) {
		return q[i].due.Before(q[j].due)
	}
	return q[i].arrival < q[j].arrival
}
func (q doubts) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *doubts) Push(x any)   { *q = append(*q, x.(*doubt)) }
func (q *doubts) Pop() any {
	last := len(*q) - 1
	d := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	return d
}

// take takes out those in front that the condition holds for, in order.
func (q *doubts) take(while func(*doubt) bool) (all []*doubt) {
	for len(*q) > 0 && while((*q)[0]) {
		all = append(all, heap.Pop(q).(*doubt))
	}
	return all
}
