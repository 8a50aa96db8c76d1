package chatwoot

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"herald/providers"
	"herald/providers/wire"
)

// mostPages bounds how many requests one look-up makes.
const mostPages = 25

// textNoUser says what a bot's token lacks (tokens: listing messages is not among what bots may do).
const textNoUser = "a bot's token cannot list messages, so what is in doubt cannot be looked up with it; " +
	"give api_access_token a user's key, from that user's profile page"

// LookUp searches the conversation for the message that carries the attempt's key, from the newest message back to
// before the attempt.
func (p *account) LookUp(ctx context.Context, d providers.Doubt, turn func(context.Context) error) providers.Verdict {
	q := providers.Query{Conversation: p.conversationOf(d.Request.Path)}
	path, _, wrong := p.listing(q)
	switch {
	case wrong != "":
		return providers.Verdict{Reason: "the request is to no conversation of this account, so there is none to look into"}
	case p.tokenless:
		return providers.Verdict{Reason: p.Client.Read(ctx, providers.Request{Path: path}, nil).Reason} // makes no request
	}
	s := newSearch(d)
	var class providers.Class
	for range mostPages {
		if err := turn(ctx); err != nil {
			return providers.Verdict{Class: class, Reason: "not looked up to the end: " + err.Error()}
		}
		found := false
		o := p.Client.Read(ctx, providers.Request{Method: http.MethodGet, Path: path}, func(a wire.Answer) (o providers.Outcome) {
			page, o := entries(a)
			if o.Class == providers.Accepted {
				var m listed
				m, found = s.take(page, a)
				o.ID, o.Status, o.At = m.ID, m.Status, m.At // of which nobody has cleaned the vendor's words yet
			}
			return o
		})
		class = o.Class
		switch {
		case found:
			return providers.Verdict{Finding: providers.Found, ID: o.ID, Status: o.Status, At: o.At, Class: class}
		case class == providers.AccountError && strings.Contains(o.Reason, textBot):
			return providers.Verdict{Class: class, Reason: textNoUser}
		case class != providers.Accepted:
			return providers.Verdict{Class: class, After: o.After, Reason: o.Reason}
		case s.over:
			return s.verdict()
		}
		q.Cursor = strconv.FormatInt(s.before, 10)
		path, _, _ = p.listing(q)
	}
	return s.verdict()
}

// conversationOf gives the number of the conversation that a rendered path leads to, "" where it leads to none.
func (p *account) conversationOf(path string) string {
	rest := strings.TrimSuffix(path, "/messages")
	digits := rest[strings.LastIndexByte(rest, '/')+1:]
	if n := number(digits); n == 0 || p.messagesOf(n) != path {
		return ""
	}
	return digits
}
