package avaamo

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"herald/providers"
	"herald/providers/wire"
)

const (
	// few is up to how many conversations are read one by one, without asking whether all messages of the agent together
	// are fewer pages.
	few = 3
	// inARow is how many conversations may fail one after the other before the vendor is taken to be down.
	inARow = 3
	// early is how much more time is listed before a message as long as the vendor's clock is not known. Where the clocks
	// differ by more, the list is asked for again.
	early = time.Minute
)

// Watch reads the conversations of these messages, or all messages of the agent since the earliest of them where that
// takes fewer requests. Avaamo advises to ask for at most a week at once (messagePage): older messages are looked for
// conversation by conversation, one week after the other. A conversation that is not there, or cannot be read, tells
// nothing and keeps nobody from the others; the Note counts those that are not there.
//
// Avaamo gives no id to a message that is sent, so unless it was looked up it is known by its time alone: it is that of the agent which was written in the time from
// the beginning to the end of its request, by the vendor's clock, or nearest to it; see near. A reply is the person's
// first message after it, and counts for every message of ours before it.
func (p *account) Watch(ctx context.Context, sends []providers.Delivery, turn func(context.Context) error, report func(providers.Report)) providers.Outcome {
	if p.listless { // the client makes no request, and says what is missing
		o := p.list.Read(ctx, providers.Request{Path: "/"}, nil)
		o.Reason += ". What became of messages is read with it"
		return o
	}
	w := &watch{account: p, turn: turn, now: p.now()}
	all := threads(sends)
	left, o := w.together(ctx, all)
	for _, one := range all {
		if !left[one] {
			one.reports(w.ahead, report)
		}
	}
	if o.Class != providers.Accepted {
		return o
	}
	var first providers.Outcome // of those that could not be read
	failed, lost, why := 0, 0, ""
	for _, one := range all {
		if !left[one] {
			continue
		}
		o := w.alone(ctx, one)
		one.reports(w.ahead, report)
		switch {
		case o.Class == providers.Accepted:
			failed = 0
		case o.Class == providers.Refused:
			lost, why, failed = lost+1, o.Reason, 0
		case o.Class != providers.Unknown || ctx.Err() != nil || w.astray:
			return o
		default:
			if first.Class == 0 {
				first = o
			}
			if failed++; failed == inARow {
				return first
			}
		}
	}
	switch {
	case first.Class != 0:
		return first
	case lost > 0:
		return providers.Outcome{Class: providers.Accepted, Note: p.list.Line(fmt.Sprintf("%d of %d conversations could not be read: %s", lost, len(all), why))}
	}
	return providers.Outcome{Class: providers.Accepted}
}

// watch is one call of Watch.
type watch struct {
	*account
	turn     func(context.Context) error
	now      time.Time     // by our clock, when it began
	ahead    time.Duration // by how much the vendor's clock is ahead of ours
	told     bool          // it is known
	astray   bool          // it cannot be: the times of the two have nothing to do with each other
	requests int           // so far
}

// page asks for one page, and learns the vendor's clock from the first.
func (w *watch) page(ctx context.Context, q providers.Query, here cursor) (m messageList, o providers.Outcome) {
	path, wrong := listPath(q, here)
	if wrong != "" {
		return m, providers.Outcome{Class: providers.Refused, Reason: "not asked: " + wrong}
	}
	if err := w.turn(ctx); err != nil {
		return m, providers.Outcome{Class: providers.NotSent, Reason: w.list.Line("not read to the end: " + err.Error())}
	}
	w.requests++
	o = w.list.Read(ctx, providers.Request{Method: http.MethodGet, Path: path}, func(a wire.Answer) (o providers.Outcome) {
		m, o = messages(a, q, here)
		switch {
		case o.Class == providers.Accepted && !w.told:
			w.told, w.ahead = true, clock(a, m).Sub(a.Now)
			if w.astray = w.ahead.Abs() > around-early; w.astray {
				o = a.Outcome(providers.Unknown, fmt.Sprintf("Avaamo's clock and ours differ by %v, so nobody can tell which message is whose; set the clock", w.ahead.Abs().Round(time.Minute)))
			}
		case a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden:
			o.Reason += "; what became of messages is read with agent_token"
		}
		return o
	})
	return m, o
}

// clock is the vendor's time when it answered: as the list says, which has microseconds, where the answer's header does not
// contradict; else as the header says, which cuts off what is less than a second; else ours.
func clock(a wire.Answer, m messageList) time.Time {
	at, err := http.ParseTime(a.Header.Get("Date"))
	if err != nil {
		at = a.Now
	}
	switch listed := m.TimeToken; {
	case !listed.IsZero() && listed.Sub(at).Abs() < near:
		return listed
	case err == nil:
		return at.Add(time.Second / 2)
	}
	return a.Now
}
