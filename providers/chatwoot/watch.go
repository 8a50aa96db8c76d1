package chatwoot

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"herald/providers"
	"herald/providers/wire"
)

// inARow is how many conversations may fail one after the other before the vendor is taken to be down.
const inARow = 3

// textNoWatch says what a bot's token lacks; see textNoUser.
const textNoWatch = "a bot's token cannot list messages, so what became of a message cannot be read with it; " +
	"give api_access_token a user's key, from that user's profile page"

// Watch reads each conversation once, from the first of these messages on. A conversation that is not there, or cannot be
// read, tells nothing and keeps nobody from the others; the Note counts those that are not there.
//
// The vendor says that a message was delivered, read or given up, and not when: the time is then that of the message's last
// change where the vendor tells it, else that of the vendor's clock when it answered. So it was so by then, and the first
// report is the nearest. A reply is the first message of the person with a greater number than ours, or what the person
// chose in ours; it counts for every message of ours before it.
func (p *account) Watch(ctx context.Context, sends []providers.Delivery, turn func(context.Context) error, report func(providers.Report)) providers.Outcome {
	if p.tokenless {
		return p.Client.Read(ctx, providers.Request{Path: "/"}, nil) // makes no request, and says what is missing
	}
	all := threads(sends)
	var first providers.Outcome // of those that could not be read
	failed, lost, why := 0, 0, ""
	for _, one := range all {
		o := p.follow(ctx, one, turn)
		p.tell(one, o.Class == providers.Accepted && !one.missed(), report)
		switch {
		case o.Class == providers.Accepted:
			failed = 0
			if one.missed() {
				lost, why = lost+1, "the newest messages are listed and no older ones"
			}
		case o.Class == providers.Refused:
			lost, why, failed = lost+1, o.Reason, 0
		case o.Class != providers.Unknown || ctx.Err() != nil:
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
		return providers.Outcome{Class: providers.Accepted, Note: p.Line(fmt.Sprintf("%d of %d conversations could not be read: %s", lost, len(all), why))}
	}
	return providers.Outcome{Class: providers.Accepted}
}

// follow reads a conversation until all is known that can be.
func (p *account) follow(ctx context.Context, one *thread, turn func(context.Context) error) (o providers.Outcome) {
	for range mostPages {
		if err := turn(ctx); err != nil {
			return providers.Outcome{Class: providers.NotSent, Reason: p.Line("not read to the end: " + err.Error())}
		}
		path := p.messagesOf(one.conversation) + fmt.Sprintf("?after=%d", one.after)
		o = p.Client.Read(ctx, providers.Request{Method: http.MethodGet, Path: path}, func(a wire.Answer) providers.Outcome {
			page, o := entries(a)
			switch {
			case o.Class == providers.Accepted:
				one.take(page, a.Time())
			case o.Class == providers.AccountError && strings.Contains(o.Reason, textBot):
				o.Reason = textNoWatch
			case a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden:
				o.Reason += "; what became of messages is read with api_access_token, a user's key"
			}
			return o
		})
		if o.Class != providers.Accepted || one.over {
			return o
		}
	}
	return providers.Outcome{Class: providers.Refused, Reason: fmt.Sprintf("there are more than %d pages", mostPages)}
}

// tell reports what is known of the sends to a conversation; once it was read to its end, also which of ours it does not
// show.
func (p *account) tell(one *thread, whole bool, report func(providers.Report)) {
	for _, r := range one.reports() {
		if r.Unseen && !whole {
			continue
		}
		r.Reason = p.Line(r.Reason)
		report(r)
	}
}
