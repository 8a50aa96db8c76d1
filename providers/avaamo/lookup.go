package avaamo

import (
	"context"
	"net/http"
	"time"

	"herald/providers"
	"herald/providers/wire"
)

const (
	mostPages = 25
	// around is how much more time is listed than the attempt needs: the vendor's clock is known only once it answered.
	around = time.Hour
	// week is how much Avaamo advises to ask for at once (messagePage). No message comes later than that after its attempt.
	week = 7 * 24 * time.Hour
)

// LookUp searches the conversation for messages that say what the attempt said. Nothing marks them, so those of other
// attempts that say the same are counted off.
func (p *account) LookUp(ctx context.Context, d providers.Doubt, turn func(context.Context) error) providers.Verdict {
	sent, where := readSent(d.Request)
	q := providers.Query{Conversation: where, Since: d.At.Add(-around)}
	q.Until = q.Since.Add(week)
	if soon := p.now().Add(around); soon.Before(q.Until) {
		q.Until = soon
	}
	here, _ := p.begin(q)
	path, wrong := listPath(q, here)
	switch {
	case sent.kind == "" || where == "" || wrong != "":
		return providers.Verdict{Reason: "the request is no message to a conversation, so there is nothing to look for"}
	case d.At.UnixMicro() <= earliest:
		return providers.Verdict{Reason: "nobody knows when the attempt was made, so nobody can tell which messages came later"}
	case p.listless: // the client makes no request, and says what is missing
		return providers.Verdict{Reason: p.list.Read(ctx, providers.Request{Path: path}, nil).Reason + ". Conversations are read with it"}
	}
	s := search{doubt: d, sent: sent, conversation: where, absence: p.assumeAbsent, seen: map[string]bool{}}
	var class providers.Class
	for range mostPages {
		if err := turn(ctx); err != nil {
			return providers.Verdict{Class: class, Reason: "not looked up to the end: " + err.Error()}
		}
		o := p.list.Read(ctx, providers.Request{Method: http.MethodGet, Path: path}, func(a wire.Answer) (o providers.Outcome) {
			page, o := messages(a, q, here)
			if o.Class == providers.Accepted {
				s.take(page, here, a)
				o.ID, o.At = s.newest.UUID, s.newest.At // nobody has cleaned the vendor's words yet
			}
			return o
		})
		switch class = o.Class; {
		case class != providers.Accepted:
			return providers.Verdict{Class: class, After: o.After, Reason: o.Reason}
		case s.found():
			return providers.Verdict{Finding: providers.Found, ID: o.ID, At: o.At, Class: class}
		case s.over:
			return s.verdict()
		}
		here.page++
		path, _ = listPath(q, here)
	}
	return s.verdict()
}
