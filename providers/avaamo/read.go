package avaamo

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"herald/providers"
	"herald/providers/wire"
)

// earliest is older than every message: the year 2000, in microseconds. Where only an end is asked for, Avaamo gives the
// latest five messages before it (messagePage); so a beginning is always said, this one where the caller has none.
const earliest = 946_684_800_000_000

// List reads one page of the agent's messages, or of one conversation's. The end of the first page, now where none is
// asked for, stands in its cursor, so that messages which arrive later shift nothing. Whether the vendor counts a
// message at the very end or beginning, its pages do not say.
func (p *account) List(ctx context.Context, q providers.Query) (providers.Page, providers.Outcome) {
	here, ok := p.begin(q)
	if !ok {
		return notAsked("the cursor is none that a page of Avaamo gave; begin at the first page")
	}
	path, wrong := listPath(q, here)
	if wrong != "" {
		return notAsked(wrong)
	}
	var page providers.Page
	outcome := p.list.Read(ctx, providers.Request{Method: http.MethodGet, Path: path}, func(a wire.Answer) (o providers.Outcome) {
		page, o = read(a, q, here)
		return o
	})
	return page, outcome
}

// begin gives the place that a query asks for.
func (p *account) begin(q providers.Query) (here cursor, ok bool) {
	switch {
	case q.Cursor != "":
		return parseCursor(q.Cursor)
	case q.Until.IsZero():
		return cursor{1, p.now().UnixMicro()}, true
	}
	return cursor{1, q.Until.UnixMicro()}, true
}

// notAsked is the outcome of a question that was not put. It repeats nothing of the query, which no one has cleaned of
// secrets.
func notAsked(why string) (providers.Page, providers.Outcome) {
	return providers.Page{}, providers.Outcome{Class: providers.Refused, Reason: "not asked: " + why}
}

// cursor is a place in a list: a page, counted from 1, of all messages up to an instant in microseconds.
type cursor struct{ page, until int64 }

func (c cursor) String() string { return fmt.Sprintf("%d:%d", c.page, c.until) }

func parseCursor(s string) (c cursor, ok bool) {
	page, until, _ := strings.Cut(s, ":")
	var errs [2]error
	c.page, errs[0] = strconv.ParseInt(page, 10, 32)
	c.until, errs[1] = strconv.ParseInt(until, 10, 64)
	return c, errs == [2]error{} && c.page > 0 && c.String() == s
}

// listPath makes the address of a page; wrong says why there is none. conversationPage does not list device_info, which
// messagePage does; it is sent to both.
func listPath(q providers.Query, c cursor) (path, wrong string) {
	query := url.Values{
		"page":            {strconv.FormatInt(c.page, 10)},
		"per_page":        {strconv.Itoa(maxPage)},
		"since_timetoken": {strconv.FormatInt(max(q.Since.UnixMicro(), earliest), 10)},
		"timetoken":       {strconv.FormatInt(c.until, 10)},
	}
	if q.Devices {
		query.Set("device_info", "true")
	}
	path = "/v1/messages.json"
	if q.Conversation != "" {
		// Servers and proxies take dots for steps in the path, escaped or not.
		if wrongUUID(q.Conversation) != nil || q.Conversation == "." || q.Conversation == ".." {
			return "", "the conversation is no uuid; give the one in the address of its history"
		}
		path = "/v1/conversations/" + wire.Segment(q.Conversation) + "/messages.json"
	}
	return path + "?" + query.Encode(), ""
}

// read makes a page of an answer.
func read(a wire.Answer, q providers.Query, here cursor) (providers.Page, providers.Outcome) {
	m, o := messages(a, q, here)
	if o.Class != providers.Accepted {
		return providers.Page{}, o
	}
	page := providers.Page{Messages: make([]providers.Listed, 0, len(m.Entries))}
	for _, e := range m.Entries {
		page.Messages = append(page.Messages, e.listed(q.Conversation))
	}
	if m.more(here) {
		page.Next = cursor{here.page + 1, here.until}.String()
	}
	return page, o
}

// more reports whether another page follows. Where the vendor does not say how many there are, one follows a full page.
// An empty page is the last, whatever it says of others: a count that is wrong must not be followed for ever.
func (m messageList) more(here cursor) bool {
	switch n := int64(len(m.Entries)); {
	case n == 0:
		return false
	case m.TotalPages > 0:
		return here.page < m.TotalPages
	case 0 < m.PerPage && m.PerPage < maxPage:
		return n >= m.PerPage // it gives fewer at once than it was asked for
	default:
		return n >= maxPage
	}
}

// messages reads an answer. With another class than Accepted there are none.
func messages(a wire.Answer, q providers.Query, here cursor) (messageList, providers.Outcome) {
	if a.Status/100 != 2 {
		members, _ := wire.Object(a.Body)
		if q.Conversation != "" {
			return messageList{}, a.ByStatus(complaint(members)) // a 404 is about this conversation
		}
		return messageList{}, refusal(a, complaint(members))
	}
	var m messageList
	switch err := json.Unmarshal(a.Body, &m); {
	case err != nil:
		return messageList{}, a.Outcome(providers.Unknown, "the answer is no list of messages: "+err.Error())
	case a.Err != nil:
		return messageList{}, a.Outcome(providers.Unknown, "the answer is cut")
	case m.CurrentPage != 0 && m.CurrentPage != here.page:
		return messageList{}, a.Outcome(providers.Unknown, fmt.Sprintf("the answer is page %d, and page %d was asked for", m.CurrentPage, here.page))
	}
	return m, a.Outcome(providers.Accepted, "")
}
