package chatwoot

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"herald/providers"
	"herald/providers/wire"
)

// pageSize is how many messages the vendor lists at once (finder).
const pageSize = 20

// List reads one page of a conversation, from the newest message on. The cursor is the smallest number among the
// messages of the page before.
func (p *account) List(ctx context.Context, q providers.Query) (providers.Page, providers.Outcome) {
	path, before, wrong := p.listing(q)
	if wrong != "" {
		return providers.Page{}, providers.Outcome{Class: providers.Refused, Reason: "not asked: " + wrong}
	}
	var page providers.Page
	o := p.Client.Read(ctx, providers.Request{Method: http.MethodGet, Path: path}, func(a wire.Answer) (o providers.Outcome) {
		page, o = readPage(a, q, before)
		return o
	})
	return page, o
}

// listing makes the address of a page, or says why there is none, without a word of the query, which no one has cleaned of
// secrets. before is the number that the page's messages must be
// below, 0 for any.
func (p *account) listing(q providers.Query) (path string, before int64, wrong string) {
	if q.Devices {
		return "", 0, p.title + " knows no devices; ask without them"
	}
	conversation := number(q.Conversation)
	switch {
	case q.Conversation == "":
		return "", 0, p.title + " lists one conversation at a time, give its number"
	case conversation == 0:
		return "", 0, p.title + " lists one conversation at a time, give its number, as in the address of its page: what was given is none"
	}
	path = p.messagesOf(conversation)
	if q.Cursor != "" {
		if before = number(q.Cursor); before == 0 {
			return "", 0, "the cursor is none that an earlier page gave; begin again without one"
		}
		path += "?before=" + strconv.FormatInt(before, 10)
	}
	return path, before, ""
}

// number reads a number from 1 on that is written in digits alone, 0 for anything else.
func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || strings.Trim(s, "0123456789") != "" {
		return 0
	}
	return n
}

// entries reads the messages of an answer, newest first. With another class than Accepted there are none.
func entries(a wire.Answer) ([]listed, providers.Outcome) {
	var answer struct {
		Payload []json.RawMessage `json:"payload"`
	}
	if !a.Success() || json.Unmarshal(a.Body, &answer) != nil || answer.Payload == nil {
		members, _ := wire.Object(a.Body)
		text := complaint(members)
		if a.Status/100 != 2 {
			return nil, refused(a, text)
		}
		return nil, a.Outcome(providers.Unknown, strings.TrimSuffix("the answer holds no list of messages: "+text, ": "))
	}
	all := make([]listed, 0, len(answer.Payload))
	for _, raw := range slices.Backward(answer.Payload) {
		all = append(all, read(raw))
	}
	return all, a.Outcome(providers.Accepted, "")
}

// readPage reads the answer to a query.
func readPage(a wire.Answer, q providers.Query, before int64) (providers.Page, providers.Outcome) {
	all, o := entries(a)
	if o.Class != providers.Accepted {
		return providers.Page{}, o
	}
	var page providers.Page
	conversation := strconv.FormatInt(number(q.Conversation), 10)
	oldest, past := int64(0), false // the smallest number, and whether a message is from before the time asked for
	for _, m := range all {
		if before > 0 && m.number >= before {
			continue // of a page that was read already
		}
		if m.number > 0 && (oldest == 0 || m.number < oldest) {
			oldest = m.number
		}
		switch {
		case m.At.IsZero(): // nobody can say that it is out of bounds
		case m.At.Before(q.Since.Truncate(m.step)):
			past = true
			continue
		case !q.Until.IsZero() && m.At.After(q.Until):
			continue
		}
		m.Conversation = conversation
		page.Messages = append(page.Messages, m.Listed)
	}
	switch full := len(all) >= pageSize; {
	case full && !past && oldest == 0:
		// A server that does not know before gives the newest messages again and again. To end here would be to say
		// that there are no others.
		return providers.Page{}, a.Outcome(providers.Unknown,
			"the answer is a full page without a numbered message older than those read before, so the older ones cannot be reached")
	case full && !past:
		page.Next = strconv.FormatInt(oldest, 10)
	}
	return page, o
}
