package chatwoot

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"herald/providers"
	"herald/providers/providertest"
)

// wrote is one message as the vendor lists it.
type wrote struct {
	id         int64
	at         time.Time
	kind       int    // message_type, as Chatwoot counts
	sender     string // its type, "" for none
	private    bool
	key        string // herald_key, "" for none
	deleted    bool
	attributes string // instead of the two, where it is not ""
	status     string

	index  int // in a model
	number int // 1 for the attempt's own
}

func (m wrote) json(exact bool) string {
	attributes := map[string]any{}
	if m.key != "" {
		attributes[mark] = m.key
	}
	if m.deleted {
		attributes["deleted"] = true
	}
	raw, _ := json.Marshal(attributes)
	if m.attributes != "" {
		raw = []byte(m.attributes)
	}
	sender, more := "", ""
	if m.sender != "" {
		sender = fmt.Sprintf(`,"sender":{"id":1,"name":"X","type":%q}`, m.sender)
	}
	if exact {
		more = `,"created_at_exact":"` + m.at.UTC().Format("2006-01-02T15:04:05.000Z") + `"`
	}
	return fmt.Sprintf(`{"id":%d,"content":"Hi","message_type":%d,"content_type":"text","status":%q,"content_attributes":%s,"created_at":%d,"private":%v%s%s}`,
		m.id, m.kind, m.status, raw, m.at.Unix(), m.private, sender, more)
}

func payload(all ...wrote) string {
	texts := []string{}
	for _, m := range all {
		texts = append(texts, m.json(false))
	}
	return `{"meta":{},"payload":[` + strings.Join(texts, ",") + `]}`
}

// lookUps are what may be found of an attempt ten minutes ago.
func lookUps() []providertest.LookUp {
	key := providers.Key{1, 2, 3}
	other := providers.Key{9}.String()
	at := time.Now().Add(-10 * time.Minute).Truncate(time.Second).UTC()
	ours := wrote{id: 71, at: at, kind: 1, sender: "user", key: key.String(), status: "sent"}
	theirs := wrote{id: 70, at: at.Add(-time.Second), kind: 1, sender: "user", key: other, status: "read"}
	hers := wrote{id: 72, at: at.Add(time.Second), kind: 0, sender: "contact", status: "sent"}
	sure := providers.Doubt{Key: key, At: at, Marked: true, Settled: true}

	page := func(all ...wrote) providertest.Answer { return providertest.Answer{Body: payload(all...)} }
	// twice is one short page, of which a part is asked for again, to see that nothing older comes.
	twice := func(all ...wrote) []providertest.Answer {
		return []providertest.Answer{page(all...), page(all[:len(all)/2]...)}
	}
	// many are n messages with another key, the last of them with number id, so far apart in time.
	many := func(n int, id int64, last time.Time, every time.Duration) (all []wrote) {
		for i := range n {
			back := n - 1 - i
			all = append(all, wrote{id: id - int64(back), at: last.Add(-time.Duration(back) * every), kind: 1, sender: "user", key: other, status: "sent"})
		}
		return all
	}
	with := func(change func(*wrote)) wrote {
		m := ours
		change(&m)
		return m
	}
	found := providers.Verdict{Finding: providers.Found, ID: "71", Status: "sent", At: at}
	absent := providers.Verdict{Finding: providers.Absent}
	unsure := func(why string) providers.Verdict { return providers.Verdict{Reason: why} }

	endless := []providertest.Answer{}
	for i := range mostPages {
		endless = append(endless, page(many(20, int64(10000-20*i), at.Add(5*time.Hour-10*time.Minute*time.Duration(i)), 10*time.Second)...))
	}

	all := []providertest.LookUp{
		{Name: "it is there", Pages: []providertest.Answer{page(theirs, ours, hers)}, Proof: key.String(), Want: found},
		{Name: "it is there, and failed", Pages: []providertest.Answer{page(with(func(m *wrote) { m.status = "failed" }))},
			Want: providers.Verdict{Finding: providers.Found, ID: "71", Status: "failed", At: at}},
		{Name: "it is there, attributes as text", Want: found,
			Pages: []providertest.Answer{page(with(func(m *wrote) { m.attributes = `"{\"herald_key\":\"` + key.String() + `\"}"` }))}},
		{Name: "it is there, on the second page", Want: found,
			Pages: []providertest.Answer{page(many(20, 100, at.Add(30*time.Minute), 10*time.Second)...), page(theirs, ours)}},
		{Name: "it is not there", Pages: twice(theirs, hers), Want: absent},
		{Name: "nothing is there", Pages: []providertest.Answer{page()}, Want: absent},
		{Name: "not there, and the listing ends before the attempt", Pages: []providertest.Answer{page(many(20, 71, at, time.Minute)...)}, Want: absent},
		{Name: "not there, and the listing ends before the attempt, on the second page",
			Pages: []providertest.Answer{page(many(20, 90, at.Add(20*time.Minute), 10*time.Second)...), page(many(20, 71, at, time.Minute)...)}, Want: absent},
		{Name: "only what is not ours", Want: absent, Pages: twice(wrote{id: 68, at: at, kind: 0, sender: "contact"}, wrote{id: 69, at: at, kind: 2})},
		{Name: "without a key, and too old", Want: absent, Pages: []providertest.Answer{page(wrote{id: 60, at: at.Add(-62 * time.Second), kind: 1, sender: "user"}, theirs)}},
		{Name: "no mark so far", Doubt: providers.Doubt{Key: key, At: at, Settled: true}, Pages: twice(theirs), Want: unsure("has not yet given a key back")},
		{Name: "not settled", Doubt: providers.Doubt{Key: key, At: at, Marked: true}, Pages: twice(theirs), Want: unsure("look it up again later")},
		{Name: "an agent wrote", Pages: twice(with(func(m *wrote) { m.key = "" })), Want: unsure("message 71 there, from about that time or later, carries no key")},
		{Name: "an agent wrote, a little before", Pages: twice(with(func(m *wrote) { m.key = ""; m.at = at.Add(-59 * time.Second) })), Want: unsure("carries no key")},
		{Name: "a bot wrote", Pages: twice(with(func(m *wrote) { m.key = ""; m.sender = "agent_bot" })), Want: unsure("carries no key")},
		{Name: "a note", Pages: twice(with(func(m *wrote) { m.key = ""; m.private = true })), Want: unsure("carries no key")},
		{Name: "a key that is none", Pages: twice(with(func(m *wrote) { m.key = "x" })), Want: unsure("carries no key")},
		{Name: "without a time", Pages: twice(with(func(m *wrote) { m.key = ""; m.at = time.Unix(0, 0) })), Want: unsure("carries no key")},
		{Name: "deleted", Pages: twice(with(func(m *wrote) { m.key = ""; m.deleted = true })), Want: unsure("message 71 there has been deleted")},
		{Name: "another deleted", Pages: twice(with(func(m *wrote) { m.key = other; m.deleted = true })), Want: unsure("has been deleted")},
		{Name: "delivered again by an agent", Pages: twice(with(func(m *wrote) { m.attributes = "{}" })), Want: unsure("carries no key")},
		{Name: "a message that cannot be read", Pages: []providertest.Answer{{Body: `{"payload":[7]}`}}, Want: unsure("message (no number) there")},
		{Name: "a person's message without a number", Pages: []providertest.Answer{{Body: `{"payload":[{"id":null,"message_type":0}]}`}}, Want: unsure("has no number")},
		{Name: "the newest again and again", Want: unsure("gives the newest messages again"), Pages: []providertest.Answer{
			page(many(20, 100, at.Add(30*time.Minute), 10*time.Second)...), page(many(20, 100, at.Add(30*time.Minute), 10*time.Second)...)}},
		{Name: "a crowd", Want: unsure("so many messages were written there at once"),
			Pages: []providertest.Answer{page(many(20, 90, at.Add(time.Minute), 100*time.Millisecond)...), page(many(20, 71, at, time.Minute)...)}},
		{Name: "a crowd without end", Want: unsure("so many messages were written there at once"),
			Pages: []providertest.Answer{page(append(many(10, 80, at, 0), many(10, 190, at, 0)...)...), page(many(20, 99, at, 0)...)}},
		{Name: "no clock", Pages: []providertest.Answer{{Header: map[string]string{"Date": ""}, Body: payload(theirs)}, page()}, Want: unsure("does not say what time")},
		{Name: "a clock that is ahead, if only since", Want: unsure("carries no key"), Pages: []providertest.Answer{
			{Header: map[string]string{"Date": time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)}, Body: payload(with(func(m *wrote) { m.key = "" }))}, page()}},
		{Name: "an attempt that is yet to come", Doubt: providers.Doubt{Key: key, At: at.Add(time.Hour), Marked: true, Settled: true}, Want: unsure("set the clock"),
			Pages: []providertest.Answer{page(theirs)}},
		{Name: "a person's message, and one was sent", Message: own(`{"content":"Hi","message_type":"incoming"}`), Pages: twice(hers), Want: unsure("message 72 there")},
		{Name: "more than is read", Want: unsure("newest 25 pages"), Pages: endless},
		{Name: "a bot's token", Pages: []providertest.Answer{{Status: 401, Body: says(textBot)}}, Want: providers.Verdict{Class: providers.AccountError, Reason: "a user's key"}},
		{Name: "no such conversation", Pages: []providertest.Answer{{Status: 404, Body: says(textNotFound)}}, Want: providers.Verdict{Class: providers.Refused, Reason: textNotFound}},
	}
	for i := range all {
		all[i].Path = path
		if all[i].Doubt.At.IsZero() {
			all[i].Doubt = sure
		}
	}
	return all
}

func TestLookUps(t *testing.T) {
	for _, kind := range Types() {
		t.Run(kind.Facts.Type, func(t *testing.T) {
			s := subject(kind)
			s.LookUps = lookUps()
			providertest.RunLookUps(t, s)
		})
	}
}

// Only what asks for a message of ours, or says nothing of it, can do without the person's.
func TestMayBeOfAnyType(t *testing.T) {
	for body, want := range map[string]bool{
		`{"content":"Hi"}`: false, `{"message_type":"outgoing"}`: false, `{"message_type":"template"}`: false,
		`{"message_type":"incoming"}`: true, `{"message_type":"activity"}`: true, `{"message_type":1}`: true, `[]`: true, ``: true,
	} {
		if got := newSearch(providers.Doubt{Request: providers.Request{Body: []byte(body)}}).any; got != want {
			t.Errorf("%s: %v", body, got)
		}
	}
}
