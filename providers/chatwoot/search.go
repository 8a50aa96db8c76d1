package chatwoot

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"time"

	"herald/providers"
	"herald/providers/wire"
)

const (
	// slack is how much earlier than it should a message may be dated: clocks drift, between us and the vendor and
	// between the vendor's own servers.
	slack = time.Minute
	// apart is how far the order of numbers and the order of times may differ. A message has its time before the
	// database numbers it, so two that are written at once may have the orders crosswise.
	apart = 5 * time.Second
)

// search is what a look-up has learned of a conversation.
type search struct {
	doubt providers.Doubt
	any   bool      // the attempt may be a message of any type, since it did not ask for an outgoing one
	from  time.Time // by the vendor's clock: what is older is not of the attempt

	before  int64  // where the next page ends, 0 for the first
	oldest  int64  // the smallest number so far, 0 before there is one
	over    bool   // no more pages are needed, or can be had
	whole   bool   // all since from was read
	crowded bool   // so much was written at once that something may be left out between two pages
	clock   string // why the times cannot be compared, "" when they can
	suspect string // what may be the attempt without showing it, "" for nothing
	lost    string // why the pages lead no further, "" when they do
}

func newSearch(d providers.Doubt) *search {
	body, ok := wire.Object(d.Request.Body)
	asked := "outgoing"
	if raw, given := body["message_type"]; given {
		asked = wire.Text(raw)
	}
	return &search{doubt: d, any: !ok || asked != "outgoing" && asked != "template"}
}

// take reads a page, and gives the message that carries the key where it is there.
func (s *search) take(page []listed, a wire.Answer) (found listed, ok bool) {
	if s.from.IsZero() {
		s.date(a)
	}
	for _, m := range page {
		if m.Key == s.doubt.Key.String() {
			return m, true
		}
		s.weigh(m)
		if s.before > 0 && m.number >= s.before {
			s.lost = "the vendor gives the newest messages again instead of older ones"
		}
	}
	s.turnOver(page)
	return listed{}, false
}

// date finds where the attempt lies by the vendor's clock. What errs, errs toward too early, which only asks more of a
// message to be told apart: an answer's Date has whole seconds, and a clock that is ahead may have been set since.
func (s *search) date(a wire.Answer) {
	now, err := http.ParseTime(a.Header.Get("Date"))
	switch {
	case err != nil:
		now = a.Now
		s.clock = "the vendor's answer does not say what time it is there, so nobody can tell which messages came later than the attempt"
	case s.doubt.At.After(a.Now):
		s.clock = "by the clock of this machine the attempt is yet to come, so nobody can tell which messages came later; set the clock"
	}
	s.from = s.doubt.At.Add(min(now.Sub(a.Now), 0) - slack).Truncate(time.Second) // some messages have no more than seconds
}

// weigh asks whether a message without the attempt's key may be the attempt all the same: one that never got a key, or
// has lost it.
func (s *search) weigh(m listed) {
	ours := s.any || m.Direction == providers.Outgoing || m.private
	older := !m.At.IsZero() && m.At.Before(s.from)
	switch {
	case s.suspect != "" || !ours || older:
	case m.deleted:
		s.suspect = "message " + cmp.Or(m.ID, "(no number)") + " there has been deleted, and with it what shows whose it was"
	case m.Key == "":
		s.suspect = "message " + cmp.Or(m.ID, "(no number)") + " there, from about that time or later, carries no key of herald"
	}
}

// turnOver finds where the next page ends, or why there need not be one. Pages are cut by number and then ordered by
// time (finder), and 99digital does not say how long they are. So each page begins with the last messages of the page
// before, and the conversation begins where no older one comes.
func (s *search) turnOver(page []listed) {
	numbered := slices.DeleteFunc(slices.Clone(page), func(m listed) bool { return m.number == 0 })
	slices.SortFunc(numbered, func(a, b listed) int { return cmp.Compare(a.number, b.number) })
	full := len(page) >= pageSize
	s.over = true
	switch {
	case s.lost != "":
	case len(numbered) < len(page):
		s.lost = "a message there has no number, and older ones are asked for by number"
	case len(numbered) == 0, s.oldest > 0 && numbered[0].number >= s.oldest && !full:
		s.whole = true
	case s.oldest > 0 && numbered[0].number >= s.oldest:
		s.lost = textCrowded
	case !numbered[0].At.IsZero() && numbered[0].At.Before(s.from):
		s.whole = true
	default:
		var crowded bool
		s.over, s.oldest = false, numbered[0].number
		s.before, crowded = overlap(numbered)
		s.crowded = s.crowded || crowded && full
	}
}

// overlap gives the number below which the next page begins. From a page, ordered by number, it takes again what is
// hardly newer than the oldest message: one that the page left out in favour of these has a number near theirs. That may
// be half a page, so that older ones come too; where it would be more, the page is crowded.
func overlap(page []listed) (before int64, crowded bool) {
	var oldest time.Time
	for _, m := range page {
		if oldest.IsZero() || !m.At.IsZero() && m.At.Before(oldest) {
			oldest = m.At
		}
	}
	i, half := min(1, len(page)/2), len(page)/2
	for i < half && !page[i].At.After(oldest.Add(apart)) {
		i++
	}
	return page[i].number, !page[i].At.After(oldest.Add(apart))
}

// textCrowded says why pages do not show all.
const textCrowded = "so many messages were written there at once that its pages may leave one out"

// verdict is what follows when the key was not found. The reason is the one that stays longest.
func (s *search) verdict() providers.Verdict {
	v := providers.Verdict{Class: providers.Accepted}
	const look = "; look into the conversation"
	switch {
	case !s.doubt.Marked:
		v.Reason = "its key is not in the conversation, and this account has not yet given a key back, as Chatwoot does from 4.9.0 on" + look
	case s.suspect != "":
		v.Reason = "its key is not in the conversation, but " + s.suspect + look
	case s.lost != "":
		v.Reason = "its key is not among the newest messages of the conversation, and older ones cannot be read: " + s.lost + look
	case !s.whole:
		v.Reason = fmt.Sprintf("its key is not on the newest %d pages of the conversation, and more was written since the attempt", mostPages) + look
	case s.crowded:
		v.Reason = "its key was not found in the conversation, but " + textCrowded + look
	case s.clock != "":
		v.Reason = "its key is not in the conversation, but " + s.clock
	case !s.doubt.Settled:
		v.Reason = "its key is not in the conversation yet; look it up again later, since an accepted message may take a while to appear"
	default:
		v.Finding = providers.Absent
	}
	return v
}
