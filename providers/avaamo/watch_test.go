package avaamo

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"herald/providers"
	"herald/providers/providertest"
)

// ack is one acknowledgement.
type ack struct {
	at   int64 // seconds
	by   string
	self bool
}

// stood is one message in a conversation as the vendor lists it.
type stood struct {
	uuid, content string
	at            time.Time
	by            string // first name; the agent where it is ""
	live          bool   // of a conversation with a live agent
	where         string
	name          string // of the conversation
	acks          []ack
}

func (m stood) json() string {
	acks := []string{}
	for _, a := range m.acks {
		id := 2
		if a.self {
			id = 1
		}
		acks = append(acks, fmt.Sprintf(`{"read_at":%d,"user":{"first_name":%q,"avaamo_id":%d}}`, a.at, a.by, id))
	}
	by, id, where, live, name := "Pizza Agent", 1, conversation, "null", "Pizza Agent,John"
	if m.by != "" {
		by, id = m.by, 2
	}
	if m.where != "" {
		where = m.where
	}
	if m.live {
		live = `"l1"`
	}
	if m.name != "" {
		name = strings.Trim(m.name, "-")
	}
	return fmt.Sprintf(`{"uuid":%q,"content":%q,"content_type":"text","timetoken":%d,"user":{"first_name":%q,"avaamo_id":%d},"agent_message_uuid":%s,"read_acks":[%s],`+
		`"conversation":{"uuid":%q,"display_name":%q}}`, m.uuid, m.content, m.at.UnixMicro(), by, id, live, strings.Join(acks, ","), where, name)
}

// stands is page number of so many, answered by a clock that is that much ahead.
func stands(ahead time.Duration, number, of int, all ...stood) providertest.Answer {
	texts := []string{}
	for _, m := range all {
		texts = append(texts, m.json())
	}
	var header map[string]string
	if ahead != 0 { // by as much as a slow test is late, it is less
		header = map[string]string{"Date": time.Now().Add(ahead).UTC().Format(http.TimeFormat)}
	}
	return providertest.Answer{Header: header,
		Body: fmt.Sprintf(`{"current_page":%d,"per_page":100,"total_entries":%d,"total_pages":%d,"entries":[%s]}`, number, len(all), of, strings.Join(texts, ","))}
}

// watches are what may be found out of a message that was sent ten minutes ago.
func watches() []providertest.Watching {
	at := time.Now().Add(-10 * time.Minute).Truncate(time.Second).UTC()
	later := func(seconds float64) time.Time { return at.Add(time.Duration(seconds * float64(time.Second))) }
	sent := func(where string, begun, ended float64) providers.Delivery {
		return providers.Delivery{Place: where, Begun: later(begun), Ended: later(ended)}
	}
	one := []providers.Delivery{sent(conversation, 0, 1)}
	slow := []providers.Delivery{sent(conversation, 0, 30)}
	ours := stood{uuid: "m5", content: "Ready", at: later(0.5)}
	read := ours
	read.acks = []ack{{at: at.Unix() + 60, by: "John"}}
	acked := func(acks ...ack) stood { m := ours; m.acks = acks; return m }
	hers := stood{uuid: "m6", content: "Thanks\n", at: later(90), by: "John"}
	replied := providers.Report{Replied: hers.at, Reply: hers.content}
	page := func(all ...stood) []providertest.Answer { return []providertest.Answer{stands(0, 1, 1, all...)} }
	with := func(m stood, change func(*stood)) stood { change(&m); return m }

	// crowd are conversations more than are read one by one, each with a message and, but for the first, a reply.
	var crowd []providers.Delivery
	var crowded []stood
	var crowdWant []providers.Report
	for i := range few + 1 {
		where := fmt.Sprint("C-", i)
		crowd = append(crowd, sent(where, float64(i), float64(i)+0.5))
		crowded = append([]stood{{uuid: fmt.Sprint("a", i), at: later(float64(i) + 0.2), where: strings.ToLower(where)}}, crowded...)
		if i > 0 {
			crowded = append([]stood{{uuid: fmt.Sprint("b", i), at: later(100 + float64(i)), where: fmt.Sprint("c", i), by: "John", content: "Yes"}}, crowded...)
			crowdWant = append(crowdWant, providers.Report{Send: i, Replied: later(100 + float64(i)), Reply: "Yes"})
		}
	}
	elsewhere := stood{uuid: "x", at: later(50), where: "c99", by: "John", content: "Not me"}

	old := at.Add(-20 * 24 * time.Hour)
	longAgo := []providers.Delivery{{Place: conversation, Begun: old, Ended: old.Add(time.Second)}}
	first := stood{uuid: "m1", at: old, acks: []ack{{at: old.Unix() + 5, by: "John"}}}
	answerLate := stood{uuid: "m2", at: old.Add(9 * 24 * time.Hour), by: "John", content: "Sorry, only now"}

	return []providertest.Watching{
		{Name: "read and replied", Sends: one, Pages: page(hers, read), Want: []providers.Report{{Read: later(60), Replied: hers.at, Reply: hers.content}}},
		{Name: "nothing yet", Sends: one, Pages: page(ours)},
		{Name: "nothing there", Sends: one, Pages: []providertest.Answer{{Body: `{"entries":[]}`}}},
		{Name: "read, in the second in which it was written", Sends: one, Pages: page(acked(ack{at: at.Unix(), by: "John"})), Want: []providers.Report{{Read: ours.at}}},
		{Name: "read twice", Sends: one, Pages: page(acked(ack{at: at.Unix() + 9, by: "John"}, ack{at: at.Unix() + 7, by: "John"})), Want: []providers.Report{{Read: later(7)}}},
		{Name: "read by the agent itself", Sends: one, Pages: page(acked(ack{at: at.Unix() + 9, by: "Pizza Agent", self: true}))},
		{Name: "read by somebody else first", Sends: one, Pages: page(acked(ack{at: at.Unix() + 5, by: "Ann"}, ack{at: at.Unix() + 7, by: "John"}, ack{at: at.Unix() + 6, by: "Bob"})), Want: []providers.Report{{Read: later(7)}}},
		{Name: "read by one whom the conversation does not name", Sends: one, Pages: page(acked(ack{at: at.Unix() + 5, by: "Ann"})), Want: []providers.Report{{Read: later(5)}}},

		{Name: "the first of two replies", Sends: one, Pages: page(with(hers, func(m *stood) { m.uuid, m.at = "m7", later(95) }), hers, ours), Want: []providers.Report{replied}},
		{Name: "a reply on the second page", Sends: one, Pages: []providertest.Answer{stands(0, 1, 2, with(hers, func(m *stood) { m.uuid, m.at = "m7", later(95) })), stands(0, 2, 2, hers, ours)}, Want: []providers.Report{replied}},
		{Name: "what came before is no reply", Sends: one, Pages: page(ours, with(hers, func(m *stood) { m.at = later(0.4) }))},
		{Name: "what came before is no reply, where ours is not listed", Sends: one, Pages: page(with(hers, func(m *stood) { m.at = later(0.9) }))},
		{Name: "a reply, where ours is not listed", Sends: one, Pages: page(hers), Want: []providers.Report{replied}},
		{Name: "a live agent is no reply", Sends: one, Pages: page(with(hers, func(m *stood) { m.by, m.live = "Ann", true }), ours)},
		{Name: "the person with a live agent", Sends: one, Pages: page(with(hers, func(m *stood) { m.live = true }), ours), Want: []providers.Report{replied}},
		{Name: "a person by another name", Sends: one, Pages: page(with(hers, func(m *stood) { m.by = "Johnny" }), ours), Want: []providers.Report{replied}},
		{Name: "a conversation without a name", Sends: one, Pages: page(with(hers, func(m *stood) { m.name = "-" }), ours)},
		{Name: "another conversation's", Sends: one, Pages: page(with(hers, func(m *stood) { m.where = "c2" }), ours)},
		{Name: "a uuid with hyphens", Sends: []providers.Delivery{sent("1FAA40C8-253e65aa02bfd02fd8643d35", 0, 1)}, Pages: page(hers, ours), Want: []providers.Report{replied}},

		{Name: "two of ours, and a reply between", Sends: []providers.Delivery{sent(conversation, 100, 101), sent(conversation, 0, 1)},
			Pages: page(with(ours, func(m *stood) { m.uuid, m.at, m.acks = "m7", later(100), []ack{{at: at.Unix() + 130, by: "John"}} }), hers, read),
			Want:  []providers.Report{{Read: later(130)}, {Send: 1, Read: later(60), Replied: hers.at, Reply: hers.content}}},
		{Name: "two of ours, one after the other", Sends: []providers.Delivery{sent(conversation, 0, 1), sent(conversation, 1, 2)},
			Pages: page(hers, with(ours, func(m *stood) { m.uuid, m.at, m.acks = "m7", later(1.3), []ack{{at: at.Unix() + 70, by: "John"}} }), read),
			Want:  []providers.Report{{Read: later(60), Replied: hers.at, Reply: hers.content}, {Send: 1, Read: later(70), Replied: hers.at, Reply: hers.content}}},
		{Name: "the agent's own words beside ours", Sends: one,
			Pages: page(with(ours, func(m *stood) { m.uuid, m.at, m.acks = "m4", later(2), []ack{{at: at.Unix() + 70, by: "John"}} }), read, with(ours, func(m *stood) { m.uuid, m.at = "m3", later(-1) })),
			Want:  []providers.Report{{Read: later(60)}}},
		{Name: "ours by its id", Sends: []providers.Delivery{{Place: conversation, ID: "m5", Begun: later(-200), Ended: later(200)}},
			Pages: page(hers, read, with(ours, func(m *stood) { m.uuid, m.at = "m4", later(-1) })), Want: []providers.Report{{Read: later(60), Replied: hers.at, Reply: hers.content}}},
		{Name: "the agent's words of another time", Sends: one, Pages: page(with(read, func(m *stood) { m.at = later(4) }))},

		{Name: "a clock that is ahead", Sends: slow, Pages: []providertest.Answer{stands(40*time.Second, 1, 1, with(read, func(m *stood) { m.at = later(55) }))}, Want: []providers.Report{{Read: later(60)}}},
		{Name: "a clock that is far behind is asked again", Sends: slow,
			Pages: []providertest.Answer{stands(-20*time.Minute, 1, 1), stands(-20*time.Minute, 1, 1, with(hers, func(m *stood) { m.at = later(-1100) }), with(ours, func(m *stood) { m.at = later(-1185) }))},
			Want:  []providers.Report{{Replied: later(-1100), Reply: hers.content}}},
		{Name: "a clock of another day", Sends: one, Pages: []providertest.Answer{stands(-3*time.Hour, 1, 1, hers, ours)},
			Outcome: providers.Outcome{Class: providers.Unknown, Reason: "clock and ours differ by 3h0m0s"}},

		{Name: "many conversations at once", Sends: crowd, Pages: page(append([]stood{elsewhere}, crowded...)...), Want: crowdWant},
		{Name: "many conversations at once, on two pages", Sends: crowd, Pages: []providertest.Answer{stands(0, 1, 2, crowded[:3]...), stands(0, 2, 2, crowded[3:]...)}, Want: crowdWant},
		{Name: "many conversations, and more pages than these", Sends: crowd, Want: crowdWant[:1],
			Pages: []providertest.Answer{stands(0, 1, few+2, elsewhere), stands(0, 1, 1), stands(0, 1, 1, with(hers, func(m *stood) { m.at, m.where, m.content = later(101), "c1", "Yes" })), stands(0, 1, 1), stands(0, 1, 1)}},
		{Name: "many conversations, and all at once cannot be had", Sends: crowd,
			Pages: []providertest.Answer{{Status: 504}, stands(0, 1, 1), stands(0, 1, 1), stands(0, 1, 1), stands(0, 1, 1)}},

		{Name: "one week after the other", Sends: longAgo, Pages: []providertest.Answer{stands(0, 1, 1, first), stands(0, 1, 1, answerLate)},
			Want: []providers.Report{{Read: old.Add(5 * time.Second), Replied: answerLate.at, Reply: answerLate.content}}},
		{Name: "a week that cannot be read to its end", Sends: longAgo, Pages: []providertest.Answer{stands(0, 1, 99, answerLate, first)},
			Want: []providers.Report{{Read: old.Add(5 * time.Second)}}, Outcome: providers.Outcome{Note: "more than 25 pages"}},

		{Name: "a conversation that is not there", Sends: []providers.Delivery{sent("c7", 0, 1), one[0]}, Pages: []providertest.Answer{{Status: 404, Body: says(404, "Gone")}, stands(0, 1, 1, hers, ours)},
			Want: []providers.Report{{Send: 1, Replied: hers.at, Reply: hers.content}}, Outcome: providers.Outcome{Note: "1 of 2 conversations could not be read: HTTP 404: Gone"}},
		{Name: "a conversation that cannot be read", Sends: []providers.Delivery{sent("c7", 0, 1), one[0]}, Pages: []providertest.Answer{{Status: 500, Body: says(500, "Oh")}, stands(0, 1, 1, hers, ours)},
			Want: []providers.Report{{Send: 1, Replied: hers.at, Reply: hers.content}}, Outcome: providers.Outcome{Class: providers.Unknown, Reason: "HTTP 500: Oh"}},
		{Name: "without a time or a place", Sends: []providers.Delivery{{Place: conversation}, {Begun: at, Ended: at}, {Place: conversation, Begun: at}}},
	}
}

func watched() providertest.Subject {
	return providertest.Subject{Type: Type(), Settings: providers.Values{"bot_id": int64(2154)}, Wrap: says, Golden: golden(), Watches: watches()}
}

func TestWatches(t *testing.T) { providertest.RunWatches(t, watched()) }

// What is asked: never more than a week at once, which Avaamo advises, from a little before the message on.
func TestWatchAsks(t *testing.T) {
	now := time.Now().Truncate(time.Second)
	for _, ago := range []time.Duration{time.Minute, 6 * 24 * time.Hour, 7 * 24 * time.Hour, 40 * 24 * time.Hour} {
		for _, places := range []int{1, few + 5} {
			p, asked := reading(t, saying(200, listing(1, 1)))
			p.now = func() time.Time { return now }
			var sends []providers.Delivery
			for i := range places {
				sends = append(sends, providers.Delivery{Place: fmt.Sprint("c", i), Begun: now.Add(-ago), Ended: now.Add(-ago).Add(time.Second)})
			}
			if o := p.Watch(t.Context(), sends, func(context.Context) error { return nil }, nil); o.Class != providers.Accepted {
				t.Fatalf("%v: %+v", ago, o)
			}
			covered := map[string]int64{} // until when, in microseconds
			for _, r := range *asked {
				query := r.URL.Query()
				since, _ := strconv.ParseInt(query.Get("since_timetoken"), 10, 64)
				until, _ := strconv.ParseInt(query.Get("timetoken"), 10, 64)
				if span := time.Duration(until-since) * time.Microsecond; span > week || span <= 0 {
					t.Errorf("%v ago, %d places: %v at once", ago, places, span)
				}
				begin := covered[r.URL.Path]
				if begin == 0 {
					begin = now.Add(-ago).UnixMicro()
				}
				if since > begin {
					t.Errorf("%v ago, %d places: from %d on, and %d was not asked for yet", ago, places, since, begin)
				}
				covered[r.URL.Path] = until
			}
			for path, until := range covered {
				if until < now.UnixMicro() {
					t.Errorf("%v ago, %s: only up to %v", ago, path, time.UnixMicro(until))
				}
			}
			want := places
			if places > few && ago <= 6*24*time.Hour {
				want = 1
			}
			if len(covered) != want {
				t.Errorf("%v ago, %d places: asked at %d paths", ago, places, len(covered))
			}
		}
	}
}

// Whatever stands in a conversation, and however pages are cut: a reply is the person's first message after ours, and read
// is what the person acknowledged.
func TestWatchTellsTheTruth(t *testing.T) {
	var all []stood
	per, shift := 1, time.Duration(0)
	p, _ := reading(t, func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		number := func(name string) int64 { n, _ := strconv.ParseInt(query.Get(name), 10, 64); return n }
		var some []stood
		for _, m := range all {
			if at := m.at.UnixMicro(); at >= number("since_timetoken") && at <= number("timetoken") {
				some = append(some, m)
			}
		}
		page, of := int(number("page")), (len(some)+per-1)/per
		some = some[min((page-1)*per, len(some)):min(page*per, len(some))]
		a := stands(shift, page, of, some...)
		if date := a.Header["Date"]; date != "" {
			w.Header().Set("Date", date)
		}
		fmt.Fprint(w, a.Body)
	})
	p.now = time.Now
	met := map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		all, per = nil, rapid.IntRange(1, 100).Draw(t, "per page")
		shift = time.Duration(rapid.SampledFrom([]int{0, 0, 3, -3, 50, -50, 600, -600}).Draw(t, "ahead")) * time.Second
		at := time.Now().Add(-time.Duration(rapid.IntRange(10, 20*24*60).Draw(t, "ago")) * time.Minute)
		var sends []providers.Delivery
		var want []providers.Report
		now := at.Add(shift)
		n := rapid.IntRange(1, 20).Draw(t, "messages")
		for i := range n {
			now = now.Add(time.Duration(rapid.IntRange(5, 30).Draw(t, "pause")) * time.Second)
			m := stood{uuid: fmt.Sprint("m", i), at: now, content: fmt.Sprint("text ", i)}
			switch rapid.IntRange(0, 3).Draw(t, "who") {
			case 0: // the agent by itself
			case 1:
				m.by = "John"
				for k := range want {
					if want[k].Replied.IsZero() {
						want[k].Replied, want[k].Reply = m.at, m.content
					}
				}
			default:
				begun := now.Add(-shift - time.Duration(rapid.IntRange(0, 900).Draw(t, "way there"))*time.Millisecond)
				sends = append(sends, providers.Delivery{Place: conversation, Begun: begun, Ended: now.Add(-shift + 300*time.Millisecond)})
				r := providers.Report{Send: len(sends) - 1}
				if rapid.Bool().Draw(t, "read") {
					m.acks = []ack{{at: now.Unix() + 2, by: "John"}}
					r.Read = time.Unix(now.Unix()+2, 0)
				}
				want = append(want, r)
			}
			all = append([]stood{m}, all...)
		}
		got := map[int]providers.Report{}
		o := p.Watch(context.Background(), sends, func(context.Context) error { return nil }, func(r providers.Report) { got[r.Send] = r })
		if o.Class != providers.Accepted || o.Note != "" {
			t.Fatalf("%+v", o)
		}
		for i, w := range want {
			g := got[i]
			met[w.Replied.IsZero()]++
			if !g.Read.Equal(w.Read) || g.Replied.UnixMicro() != w.Replied.UnixMicro() || g.Reply != w.Reply {
				t.Fatalf("send %d of %d: got %+v, want %+v; %d ahead", i, len(sends), g, w, shift)
			}
		}
	})
	if len(met) < 2 {
		t.Errorf("not all was met: %v", met)
	}
}
