package chatwoot

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"herald/providers"
	"herald/providers/wire"
)

// mostConversations is how many of a contact's conversations the vendor lists, those last active first (conversations).
const mostConversations = 20

// Why no conversation is made although none was found.
const (
	textEarly = "it is too early to know whether an earlier attempt has opened the conversation, so none is opened now; it is looked for again later"
	textMany  = "the contact has more conversations than are listed, all of them active since the first attempt, so nobody can tell whether that one opened one; " +
		"give conversation_id, or wait until some of them rest"
	textClock = "the contact has more conversations than are listed, and the clocks do not say which of them are newer than the first attempt; set the clock of this machine, or give conversation_id"
)

// Open finds or makes the contact, looks for the conversation that carries the key, and makes it where it is not there.
// Until the last of these requests nothing was opened: so only what becomes of that one can leave a conversation behind.
func (p *account) Open(ctx context.Context, o providers.OpenAttempt, turn func(context.Context) error) providers.Opened {
	s := opener{account: p, ctx: ctx, attempt: o, turn: turn}
	switch err := json.Unmarshal(o.Body, &s.who); {
	case err != nil || s.who.Inbox <= 0 || strings.TrimSpace(s.who.Identifier) == "":
		return notOpened(providers.Outcome{Class: providers.Refused,
			Reason: "not opened: the plan does not say for whom, or in which inbox; make it again"})
	case p.tokenless:
		return notOpened(p.Client.Read(ctx, providers.Request{Path: p.under("contacts")}, nil)) // makes no request
	}
	c, out := s.contact()
	if out.Class != providers.Accepted {
		return notOpened(out)
	}
	place, out := s.opened(c)
	if place != "" || out.Class != providers.Accepted {
		return providers.Opened{Outcome: out, Place: place}
	}
	if !o.Settled {
		return notOpened(providers.Outcome{Class: providers.Unknown, HTTP: out.HTTP, Reason: textEarly})
	}
	source, out := s.source(c)
	if out.Class != providers.Accepted {
		return notOpened(out)
	}
	return s.open(c, source)
}

func notOpened(o providers.Outcome) providers.Opened { return providers.Opened{Outcome: o} }

// opener is one call of Open.
type opener struct {
	*account
	ctx     context.Context
	attempt providers.OpenAttempt
	turn    func(context.Context) error
	who     person
}

// ask makes one request in its turn. Until the conversation itself is asked for, that no turn came means that none was
// opened.
func (s *opener) ask(method, path string, body any, read func(wire.Answer) providers.Outcome) providers.Outcome {
	r := providers.Request{Method: method, Path: path}
	if body != nil {
		raw, err := wire.JSON(body)
		if err != nil {
			return providers.Outcome{Class: providers.Refused, Reason: "not opened: " + err.Error()}
		}
		r.Body = raw
	}
	if err := s.turn(s.ctx); err != nil {
		return providers.Outcome{Class: providers.NotSent, Reason: "not opened: " + err.Error()}
	}
	return s.Client.Read(s.ctx, r, read)
}

// under gives the address of something of the account.
func (p *account) under(parts ...string) string {
	return "/api/v1/accounts/" + strconv.FormatInt(p.id, 10) + "/" + strings.Join(parts, "/")
}

// opened looks for the conversation that carries the key among those of the contact. It gives "" with class Accepted
// where there certainly is none that can be seen.
func (s *opener) opened(c contact) (place string, o providers.Outcome) {
	o = s.ask(http.MethodGet, s.under("contacts", c.number(), "conversations"), nil, func(a wire.Answer) providers.Outcome {
		var answer struct {
			Payload []json.RawMessage `json:"payload"`
		}
		if !a.Success() || json.Unmarshal(a.Body, &answer) != nil || answer.Payload == nil {
			return s.unread(a, "list of conversations")
		}
		rest := len(answer.Payload) < mostConversations
		from, ok := s.since(a)
		for _, raw := range answer.Payload {
			one, _ := wire.Object(raw)
			if s.ours(one) {
				var out providers.Outcome
				place, out = s.placeOf(a, one)
				return out
			}
			var active int64
			if json.Unmarshal(one["last_activity_at"], &active) == nil && active > 0 && active < 1<<36 {
				rest = rest || ok && time.Unix(active, 0).Before(from)
			}
		}
		switch {
		case rest:
			return a.Outcome(providers.Accepted, "")
		case !ok:
			return a.Outcome(providers.Unknown, textClock)
		}
		return a.Outcome(providers.Unknown, textMany)
	})
	return place, o
}

// since is when the first attempt may have begun at the earliest, by the vendor's clock; false where the clocks do not
// say it.
func (s *opener) since(a wire.Answer) (from time.Time, ok bool) {
	now, err := http.ParseTime(a.Header.Get("Date"))
	if err != nil || s.attempt.Begun.IsZero() || s.attempt.Begun.After(a.Now) {
		return time.Time{}, false
	}
	return s.attempt.Begun.Add(min(now.Sub(a.Now), 0) - slack).Truncate(time.Second), true
}

// ours reports whether a conversation carries the attempt's key.
func (s *opener) ours(members map[string]json.RawMessage) bool {
	for _, name := range []string{"custom_attributes", "additional_attributes"} {
		if wire.Text(attributesIn(members[name])[mark]) == s.attempt.Key.String() {
			return true
		}
	}
	return false
}

// placeOf reads the number of a conversation. Only in digits may it stand in paths.
func (s *opener) placeOf(a wire.Answer, members map[string]json.RawMessage) (place string, o providers.Outcome) {
	digits, _ := wire.Digits(members["id"])
	n := number(digits)
	if n == 0 {
		return "", a.Outcome(providers.Unknown, "the answer holds a conversation without its number")
	}
	o = a.Outcome(providers.Accepted, "")
	o.Marked = s.ours(members)
	return strconv.FormatInt(n, 10), o
}

// open makes the conversation. An inbox that has one conversation for each contact gives the one that is there.
func (s *opener) open(c contact, source string) (opened providers.Opened) {
	body := struct {
		Source     string            `json:"source_id"`
		Inbox      int64             `json:"inbox_id"`
		Contact    int64             `json:"contact_id"`
		Attributes map[string]string `json:"custom_attributes"`
		Status     string            `json:"status"`
	}{source, s.who.Inbox, c.id, map[string]string{mark: s.attempt.Key.String()}, "open"}
	opened.Outcome = s.ask(http.MethodPost, s.under("conversations"), body, func(a wire.Answer) (o providers.Outcome) {
		members, whole := wire.Object(a.Body)
		if !a.Success() || !whole {
			return s.inboxed(a, s.unread(a, "conversation"))
		}
		opened.Place, o = s.placeOf(a, members)
		return o
	})
	return opened
}

// unread is the outcome of an answer that does not hold what it should.
func (s *opener) unread(a wire.Answer, what string) providers.Outcome {
	members, whole := wire.Object(a.Body)
	text := complaint(members)
	switch {
	case a.Status/100 == 2:
		return a.Outcome(providers.Unknown, strings.TrimSuffix("the answer holds no "+what+": "+text, ": "))
	case a.Status == http.StatusUnprocessableEntity && !whole: // what it says is needed to know whether it is a no
		return a.Outcome(providers.Unknown, "the answer does not say what is wrong")
	case a.Status == http.StatusUnauthorized && strings.Contains(text, textBot):
		return a.Outcome(providers.AccountError, textNoOpener)
	}
	return refused(a, text)
}

// textNoOpener says what a bot's token lacks (tokens: contacts are not among what bots may reach).
const textNoOpener = "a bot's token cannot make contacts, so no conversation can be opened with it; " +
	"give api_access_token a user's key, from that user's profile page"
