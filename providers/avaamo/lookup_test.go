package avaamo

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
	uuid, kind, content string
	raw                 string // content as JSON, where it is no string
	at                  time.Time
	person              bool   // not the agent
	conversation        string // the attempt's where it is ""
}

func (m wrote) json() string {
	content, _ := json.Marshal(m.content)
	if m.raw != "" {
		content = []byte(m.raw)
	}
	uuid, author, where, when := "null", "Pizza Agent", m.conversation, "null"
	if m.uuid != "" {
		uuid = `"` + m.uuid + `"`
	}
	if m.person {
		author = "John"
	}
	if where == "" {
		where = conversation
	}
	if !m.at.IsZero() {
		when = fmt.Sprint(m.at.UnixMicro())
	}
	return fmt.Sprintf(`{"uuid":%s,"content":%s,"content_type":%q,"timetoken":%s,"user":{"first_name":%q,"last_name":""},"conversation":{"uuid":%q,"display_name":"Pizza Agent,John"}}`,
		uuid, content, m.kind, when, author, where)
}

// listing is a page of so many.
func listing(number, of int, all ...wrote) string {
	texts := []string{}
	for _, m := range all {
		texts = append(texts, m.json())
	}
	return fmt.Sprintf(`{"current_page":%d,"per_page":100,"total_entries":%d,"total_pages":%d,"entries":[%s]}`, number, len(all), of, strings.Join(texts, ","))
}

// lookUps are what may be found of an attempt ten minutes ago.
func lookUps() []providertest.LookUp {
	at := time.Now().Add(-10 * time.Minute).Truncate(time.Microsecond).UTC()
	hi := words("Your order is ready.")
	ours := wrote{uuid: "m5", kind: "text", content: "Your order is ready.", at: at.Add(200 * time.Millisecond)}
	hers := wrote{uuid: "m6", kind: "text", content: "Thanks", at: at.Add(time.Minute), person: true}
	list := rows("compact", providers.Item{Title: "Coke", Links: reply("Buy", "coke")})
	const rich = `{"list_view":{"top_element_style":"compact","items":[{"title":"Coke","links":[{"type":"post_message","title":"Buy","value":"coke"}]}]}}`
	const turned = ` {"items":[{"links":[{"title":"Buy","value":"coke","type":"post_message"}],"title":"Coke"}],"top_element_style":"compact"}`
	settled := providers.Doubt{At: at, Settled: true}
	assume := providers.Values{"assume_absent": true}

	with := func(change func(*wrote)) wrote {
		m := ours
		change(&m)
		return m
	}
	listed := func(kind, content string) wrote {
		return with(func(m *wrote) { m.kind, m.content = kind, content })
	}
	one := func(all ...wrote) []providertest.Answer { return []providertest.Answer{{Body: listing(1, 1, all...)}} }
	dated := func(ahead time.Duration, all ...wrote) []providertest.Answer {
		return []providertest.Answer{{Header: map[string]string{"Date": time.Now().Add(ahead).UTC().Format(http.TimeFormat)}, Body: listing(1, 1, all...)}}
	}
	found := providers.Verdict{Finding: providers.Found, ID: "m5", At: ours.at}
	absent := providers.Verdict{Finding: providers.Absent}
	unsure := func(why string) providers.Verdict { return providers.Verdict{Reason: why} }

	all := []providertest.LookUp{
		{Name: "it is there", Pages: one(hers, ours), Proof: ours.content, Want: found},
		{Name: "on the second page", Pages: []providertest.Answer{{Body: listing(1, 2, hers)}, {Body: listing(2, 2, ours)}}, Want: found},
		{Name: "twice, and one is another attempt's", Doubt: providers.Doubt{At: at, Alike: 1}, Want: found,
			Pages: one(ours, with(func(m *wrote) { m.uuid, m.at = "m4", at }))},
		{Name: "once, and it is another attempt's", Doubt: providers.Doubt{At: at, Alike: 1, Settled: true}, Pages: one(ours), Want: unsure("1 say the same, and other attempts account for them")},
		{Name: "one message on two pages", Doubt: providers.Doubt{At: at, Alike: 1}, Want: unsure("1 say the same"),
			Pages: []providertest.Answer{{Body: listing(1, 2, ours)}, {Body: listing(2, 2, ours)}}},
		{Name: "nothing is there", Pages: one(), Want: unsure("may lag by up to 2 minutes")},
		{Name: "other words", Pages: one(listed("text", "Your order is ready")), Want: unsure("proves nothing")},
		{Name: "before the attempt", Pages: one(with(func(m *wrote) { m.at = at.Add(-3500 * time.Millisecond) })), Want: unsure("no message there since the attempt says the same")},
		{Name: "a little before the attempt", Pages: one(with(func(m *wrote) { m.at = at.Add(-900 * time.Millisecond) })),
			Want: providers.Verdict{Finding: providers.Found, ID: "m5", At: at.Add(-900 * time.Millisecond)}},
		{Name: "the person said it", Pages: one(with(func(m *wrote) { m.person = true })), Want: unsure("not clear who wrote it")},
		{Name: "no time", Pages: one(with(func(m *wrote) { m.at = time.Time{} })), Want: unsure("not clear who wrote it, or when")},
		{Name: "no uuid", Pages: one(with(func(m *wrote) { m.uuid = "" })), Want: unsure("not clear who wrote it")},
		{Name: "text of another type", Pages: one(listed("card", ours.content)), Want: unsure("no message there")},
		{Name: "another conversation", Pages: one(with(func(m *wrote) { m.conversation = "c2" })), Want: unsure("another conversation")},
		{Name: "the conversation with hyphens", Pages: one(with(func(m *wrote) { m.conversation = "1FAA40C8-253e65aa02bfd02fd8643d35" })), Want: found},
		{Name: "no message", Pages: []providertest.Answer{{Body: `{"total_pages":1,"entries":[7]}`}}, Want: unsure("something is listed that is no message")},
		{Name: "a text that looks like a card", Message: words(`{"card":{}}`), Pages: one(with(func(m *wrote) { m.raw = `{"card":{}}` })), Want: unsure("no message there")},

		{Name: "a list", Message: list, Pages: one(listed("ListView", rich)), Want: found},
		{Name: "a list by another spelling", Message: list, Pages: one(listed("list_view", rich)), Want: found},
		{Name: "a list as an object", Message: list, Pages: one(with(func(m *wrote) { m.kind, m.raw = "ListView", rich })), Want: found},
		{Name: "a list without its name, turned round", Message: list, Pages: one(listed("ListView", turned)), Want: found},
		{Name: "a list of another type", Message: list, Pages: one(listed("card", rich)), Want: unsure("no message there")},
		{Name: "a list as text", Message: list, Pages: one(listed("ListView", "Coke")), Want: unsure("of the same type")},
		{Name: "another list", Message: list, Pages: one(listed("ListView", strings.ReplaceAll(rich, "Coke", "Tea"))), Want: unsure("of the same type")},

		{Name: "assumed absent", Settings: assume, Pages: one(hers), Want: absent},
		{Name: "assumed absent, and nothing is there", Settings: assume, Pages: []providertest.Answer{{Body: `{"entries":[]}`}}, Want: absent},
		{Name: "assumed absent, the other is another attempt's", Settings: assume, Doubt: providers.Doubt{At: at, Alike: 1, Settled: true}, Pages: one(ours), Want: absent},
		{Name: "assumed absent, and it is there", Settings: assume, Pages: one(ours), Want: found},
		{Name: "assumed absent, not settled", Settings: assume, Doubt: providers.Doubt{At: at}, Pages: one(hers), Want: unsure("look it up again later")},
		{Name: "assumed absent, and no count of pages", Settings: assume, Pages: []providertest.Answer{{Body: `{"entries":[` + hers.json() + `]}`}}, Want: unsure("not all pages")},
		{Name: "assumed absent, too many pages", Settings: assume, Pages: endless(hers), Want: unsure("not all pages")},
		{Name: "assumed absent, the person said it", Settings: assume, Pages: one(with(func(m *wrote) { m.person = true })), Want: unsure("not clear who wrote it")},
		{Name: "assumed absent, a list is shown otherwise", Settings: assume, Message: list, Pages: one(listed("ListView", "")), Want: unsure("of the same type")},

		{Name: "no clock", Settings: assume, Pages: []providertest.Answer{{Header: map[string]string{"Date": ""}, Body: listing(1, 1, ours)}}, Want: unsure("what time it is")},
		{Name: "a clock of another day", Settings: assume, Pages: dated(2*time.Hour, ours), Want: unsure("clock and ours differ by 2h")},
		{Name: "a clock of another day before", Pages: dated(-2*time.Hour, ours), Want: unsure("clock and ours differ by 2h")},
		{Name: "a clock that is ahead", Pages: dated(time.Minute, ours), Want: unsure("no message there since the attempt")},
		{Name: "a clock that is behind", Pages: dated(-time.Minute, with(func(m *wrote) { m.at = at.Add(-time.Minute) })),
			Want: providers.Verdict{Finding: providers.Found, ID: "m5", At: at.Add(-time.Minute)}},
		{Name: "an attempt that is yet to come", Settings: assume, Doubt: providers.Doubt{At: at.Add(time.Hour), Settled: true}, Pages: one(ours), Want: unsure("set the clock")},
		{Name: "an attempt of no time", Settings: assume, Doubt: providers.Doubt{Alike: 1}, Want: unsure("when the attempt was made")},
		{Name: "no such conversation", Pages: []providertest.Answer{{Status: 404, Body: says(404, "Gone")}}, Want: providers.Verdict{Class: providers.Refused, Reason: "Gone"}},
	}
	for i := range all {
		l := &all[i]
		l.Path = "/v1/conversations/" + conversation + "/messages.json"
		if l.Message.Content.Kind == "" {
			l.Message = hi
		}
		if l.Doubt.At.IsZero() && l.Doubt.Alike == 0 {
			l.Doubt = settled
		}
	}
	return all
}

// endless are pages of which each says that another follows.
func endless(m wrote) (pages []providertest.Answer) {
	for i := range mostPages {
		m.uuid = fmt.Sprint("m", i)
		pages = append(pages, providertest.Answer{Body: listing(i+1, 100, m)})
	}
	return pages
}

func TestLookUps(t *testing.T) {
	providertest.RunLookUps(t, providertest.Subject{
		Type: Type(), Settings: providers.Values{"bot_id": int64(2154)}, Wrap: says, Golden: golden(), LookUps: lookUps(),
	})
}
