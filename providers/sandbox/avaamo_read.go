package sandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// What the pages say of lists.
const (
	avaamoPerPage     = 25
	avaamoPerPageMost = 100
	avaamoLatest      = 5 // messages, when timetoken is given without since_timetoken
)

// listAll answers GET /v1/messages.json: the messages of all conversations.
func (a *avaamo) listAll(c *call) reply { return a.page(c, "", false) }

// list answers GET /v1/conversations/{uuid}/messages.json.
func (a *avaamo) list(c *call, uuid string) reply {
	switch {
	case c.Header.Get("Device-Id") == "":
		return plainError(http.StatusUnprocessableEntity, "The header Device-Id must be given")
	case !a.known(uuid):
		return plainError(http.StatusNotFound, "Conversation not found")
	}
	return a.page(c, uuid, true)
}

// page answers both lists. fraction says that read_at is written with one, as the page on conversations has it.
func (a *avaamo) page(c *call, conversation string, fraction bool) reply {
	span, device, problem := avaamoQuery(c.URL.RawQuery)
	if problem != "" {
		return plainError(http.StatusUnprocessableEntity, problem)
	}
	entries, total := a.store.list(conversation, span)
	answer := struct {
		CurrentPage  int               `json:"current_page"`
		PerPage      int               `json:"per_page"`
		TotalEntries int               `json:"total_entries"`
		TotalPages   int               `json:"total_pages"`
		TimeToken    avaamoSeconds     `json:"time_token"`
		Entries      []avaamoEntryView `json:"entries"`
	}{span.page, span.perPage, total, pages(total, span.perPage), secondsOf(a.store.now().UnixMicro()), []avaamoEntryView{}}
	for _, e := range entries {
		answer.Entries = append(answer.Entries, e.view(device, fraction))
	}
	return plainJSON(http.StatusOK, answer)
}

// avaamoQuery reads the parameters of a list.
func avaamoQuery(raw string) (span avaamoSpan, device bool, problem string) {
	span = avaamoEverything()
	query, err := url.ParseQuery(raw)
	if err != nil {
		return span, false, "The query cannot be read"
	}
	known := []string{"device_info", "since_timetoken", "timetoken", "page", "per_page"}
	for _, name := range known {
		if n := len(query[name]); n > 1 {
			return span, false, fmt.Sprintf("%s is given %d times", name, n)
		}
		if !query.Has(name) {
			continue
		}
		value := query.Get(name)
		number, err := strconv.ParseInt(value, 10, 64)
		ok := err == nil && number > 0
		switch name {
		case "device_info":
			device, ok = value == "true", value == "true" || value == "false"
		case "since_timetoken":
			span.since, ok = number, err == nil && number >= 0
		case "timetoken":
			span.until, ok = number, err == nil && number >= 0
		case "page":
			span.page, ok = int(number), ok && number == int64(int(number))
		case "per_page":
			span.perPage, ok = int(number), ok && number <= avaamoPerPageMost
		}
		if !ok {
			return span, false, "The value of " + name + " is not one that is documented"
		}
	}
	for name := range query {
		if !slices.Contains(known, name) {
			return span, false, "The query has a parameter that is not documented"
		}
	}
	if query.Has("timetoken") && !query.Has("since_timetoken") {
		span.most = avaamoLatest
	}
	return span, device, ""
}

// summarize answers GET /v1/conversations/{uuid}.json.
func (a *avaamo) summarize(c *call, uuid string) reply {
	if _, err := strconv.ParseUint(c.Header.Get("Device-Id"), 10, 64); err != nil {
		return plainError(http.StatusUnprocessableEntity, "The header Device-Id must be a number")
	}
	if !a.known(uuid) {
		return plainError(http.StatusNotFound, "Conversation not found")
	}
	return plainJSON(http.StatusOK, struct {
		Conversation avaamoConversationView `json:"conversation"`
	}{a.conversationView(uuid)})
}
