package avaamo

import (
	"context"
	"fmt"
	"time"

	"herald/providers"
)

// together reads what all conversations say since a week ago, where that takes fewer requests than one for each, and
// gives those that are left to be read alone.
func (w *watch) together(ctx context.Context, all []*thread) (left map[*thread]bool, o providers.Outcome) {
	left = map[*thread]bool{}
	recent := map[string]*thread{}
	since := w.now
	for _, one := range all {
		left[one] = true
		if begun := one.ours[0].Begun; begun.After(w.until().Add(early - week)) {
			recent[one.key] = one
			if begun.Before(since) {
				since = begun
			}
		}
	}
	o.Class = providers.Accepted
	if len(recent) <= few {
		return left, o
	}
	entries, whole, o := w.span(ctx, "", since, w.until(), len(recent))
	if (o.Class == providers.Refused || o.Class == providers.Unknown) && ctx.Err() == nil && !w.astray {
		o = providers.Outcome{Class: providers.Accepted} // it may be too much at once; conversation by conversation it will show
	}
	if !whole {
		return left, o
	}
	for _, e := range entries {
		if one := recent[plain(e.Conversation.UUID)]; one != nil {
			one.take(e)
		}
	}
	for _, one := range recent {
		delete(left, one)
	}
	return left, o
}

// alone reads a conversation, a week after the other, until every message there has its reply or there is no more.
func (w *watch) alone(ctx context.Context, one *thread) (o providers.Outcome) {
	requests := mostPages
	from := one.ours[0].Begun
	for until := w.until(); ; {
		to := from.Add(week - 2*early)
		if until.Before(to) {
			to = until
		}
		var entries []entry
		var whole bool
		before := w.requests
		entries, whole, o = w.span(ctx, one.ours[0].Place, from, to, requests)
		for _, e := range entries {
			// Without its end, which is its oldest part, nobody knows what the person wrote first.
			if (e.Conversation.UUID == "" || plain(e.Conversation.UUID) == one.key) && (whole || e.direction() == providers.Outgoing) {
				one.take(e)
			}
		}
		requests -= w.requests - before
		switch from = to; {
		case o.Class != providers.Accepted || whole && (!from.Before(until) || one.replied(w.ahead)):
			return o
		case !whole || requests <= 0:
			return providers.Outcome{Class: providers.Refused, Reason: fmt.Sprintf("there are more than %d pages", mostPages)}
		}
	}
}

// until is later than all that there is, whatever the vendor's clock says.
func (w *watch) until() time.Time { return w.now.Add(around) }

// span reads all messages of a time, which is by our clock, in up to so many requests; of all conversations where none
// is named. It is whole when nothing is left.
func (w *watch) span(ctx context.Context, conversation string, from, to time.Time, most int) (all []entry, whole bool, o providers.Outcome) {
	seen := map[string]bool{} // pages shift when messages arrive, and show one again
	here := cursor{}
	var q providers.Query
	for again := true; most > 0; most-- {
		known := w.told
		if again {
			all, again = nil, false
			clear(seen)
			margin := early
			if known {
				margin = 2 * near
			}
			q = providers.Query{Conversation: conversation, Since: from.Add(w.ahead - margin)}
			here = cursor{1, to.Add(w.ahead).UnixMicro()}
		}
		var page messageList
		if page, o = w.page(ctx, q, here); o.Class != providers.Accepted {
			return all, false, o
		}
		if !known && w.ahead.Abs() > early-near {
			again = true // with the time that is right there
			continue
		}
		for _, e := range page.Entries {
			if e.UUID == "" || !seen[e.UUID] {
				all = append(all, e)
			}
			seen[e.UUID] = true
		}
		switch {
		case !page.more(here):
			return all, true, o
		case page.TotalPages > here.page+int64(most)-1:
			return all, false, o // the rest would be more than is asked for
		}
		here.page++
	}
	return all, false, o
}
