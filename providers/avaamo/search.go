package avaamo

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"herald/providers"
	"herald/providers/wire"
)

// slack is how much earlier than the attempt a message may be dated, for what two clocks and whole seconds differ by.
const slack = time.Second

// search is what a look-up has learned of a conversation.
type search struct {
	doubt        providers.Doubt
	sent         sent
	conversation string
	absence      bool // what is not there may be taken for not sent

	from   time.Time       // by the vendor's clock: what is older is not of the attempt
	seen   map[string]bool // pages shift when messages arrive, and show one again
	same   int             // messages that say the same
	newest struct {        // of them
		UUID string
		At   time.Time
	}
	over    bool   // no more pages are needed, or can be had
	whole   bool   // all since from was read
	clock   string // why the times cannot be compared, "" when they can
	suspect string // what may be the attempt without showing it, "" for nothing
}

// take reads a page.
func (s *search) take(page messageList, here cursor, a wire.Answer) {
	if s.from.IsZero() {
		s.date(a)
	}
	for _, e := range page.Entries {
		if e.UUID == "" || !s.seen[e.UUID] {
			s.weigh(e)
		}
		s.seen[e.UUID] = true
	}
	if !page.more(here) {
		s.over = true
		s.whole = page.TotalPages > 0 || len(page.Entries) == 0 // without a count there may be more
	}
}

// date finds where the attempt lies by the vendor's clock.
func (s *search) date(a wire.Answer) {
	now, err := http.ParseTime(a.Header.Get("Date"))
	if err != nil {
		now = a.Now
	}
	ahead := now.Sub(a.Now)
	switch {
	case err != nil:
		s.clock = "Avaamo's answer does not say what time it is there, so nobody can tell which messages came later than the attempt"
	case ahead.Abs() > around-time.Minute:
		s.clock = fmt.Sprintf("Avaamo's clock and ours differ by %v, so nobody can tell which messages came later than the attempt; set the clock", ahead.Abs().Round(time.Minute))
	case s.doubt.At.After(a.Now):
		s.clock = "by the clock of this machine the attempt is yet to come, so nobody can tell which messages came later; set the clock"
	}
	s.from, s.over = s.doubt.At.Add(ahead-slack), s.clock != ""
}

// weigh asks of a message whether it is the attempt, may be, or is not.
func (s *search) weigh(e entry) {
	m := e.listed(s.conversation)
	same, elsewhere := s.sent.says(e), !sameUUID(m.Conversation, s.conversation)
	switch {
	case !m.At.IsZero() && m.At.Before(s.from):
	case elsewhere:
		s.suspect = "messages of another conversation are listed with it"
	case same && m.Direction == providers.Outgoing && !m.At.IsZero() && m.ID != "":
		s.same++
		if m.At.After(s.newest.At) {
			s.newest.UUID, s.newest.At = m.ID, m.At
		}
	case same:
		s.suspect = "one says the same of which it is not clear who wrote it, or when"
	case len(e.Raw) > 0 && e.Raw[0] != '{':
		s.suspect = "something is listed that is no message"
	case s.sent.kind != "text" && s.sent.likes(m.ContentType):
		s.suspect = "one is of the same type, and how Avaamo lists such content is not documented"
	}
}

// sameUUID compares uuids, which the pages write with and without hyphens.
func sameUUID(a, b string) bool {
	return strings.EqualFold(strings.ReplaceAll(a, "-", ""), strings.ReplaceAll(b, "-", ""))
}

func (s *search) found() bool { return s.clock == "" && s.same > max(s.doubt.Alike, 0) }

// verdict is what follows when nothing was found that no other attempt accounts for.
func (s *search) verdict() providers.Verdict {
	v := providers.Verdict{Class: providers.Accepted}
	none := "no message there since the attempt says the same"
	if s.same > 0 {
		none = fmt.Sprintf("of the messages there since the attempt, %d say the same, and other attempts account for them", s.same)
	}
	// So says historyPage of the page that shows it; of the list, no page says anything.
	const lag = "; Avaamo's history may lag by up to 2 minutes"
	switch {
	case s.clock != "":
		v.Reason = s.clock
	case s.suspect != "":
		v.Reason = none + ", but " + s.suspect + "; look into the conversation"
	case !s.whole:
		v.Reason = none + ", but not all pages could be read; look into the conversation"
	case !s.absence:
		v.Reason = none + lag + ", so this proves nothing; look into the conversation, or set assume_absent = true"
	case !s.doubt.Settled:
		v.Reason = none + " yet" + lag + ", so look it up again later"
	default:
		v.Finding = providers.Absent
	}
	return v
}
