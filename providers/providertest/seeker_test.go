package providertest_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"herald/providers"
	"herald/providers/providertest"
	"herald/providers/wire"
)

// seeker is a toy that looks up what is in doubt, by the words that were sent, or has one fault in that or in its Send.
type seeker struct {
	*toy
	fault string
	again *atomic.Bool // shared by all accounts: there was a look-up before
}

func seekerType(fault string) providers.Type {
	plain, again := toyType(""), new(atomic.Bool)
	return providers.Type{Facts: plain.Facts, Open: func(a providers.Account) (providers.Provider, error) {
		p, err := plain.Open(a)
		if err != nil {
			return nil, err
		}
		s := &seeker{toy: p.(*toy), fault: fault, again: again}
		if fault == "looks with the other token" {
			s.reader = s.sender
		}
		return s, nil
	}}
}

// Send has the faults that a vendor's fault brings out.
func (s *seeker) Send(ctx context.Context, r providers.Request, key providers.Key) providers.Outcome {
	o := s.sender.Send(ctx, r, func(a wire.Answer) providers.Outcome {
		switch {
		case s.fault == "takes any 200" && a.Status == http.StatusOK:
			return a.Outcome(providers.Accepted, "")
		case s.fault == "takes a cut success" && a.Status == http.StatusOK && strings.Contains(string(a.Body), `"id"`):
			return a.Outcome(providers.Accepted, "")
		case s.fault == "a 5xx is a refusal" && a.Status/100 == 5:
			return a.Outcome(providers.Refused, "")
		case s.fault == "does not read how long" && a.Status == http.StatusTooManyRequests:
			a.Header = nil
		}
		return accepted(a)
	})
	switch {
	case s.fault == "a reset is not sent" && o.HTTP == 0 && o.Class == providers.Unknown:
		o.Class = providers.NotSent
	case s.fault == "sends again" && o.Class == providers.Unknown:
		return s.sender.Send(ctx, r, accepted)
	}
	return o
}

func (s *seeker) LookUp(ctx context.Context, d providers.Doubt, turn func(context.Context) error) providers.Verdict {
	to, here := strings.CutPrefix(d.Request.Path, "/v1/messages/")
	if !here && s.fault != "guesses the place" || strings.Contains(to, "/") {
		return providers.Verdict{Reason: "no place to look into"}
	}
	if s.token == "" && s.fault != "asks without its token" {
		return providers.Verdict{Reason: "read_token is not set, nor EXAMPLE_READ_TOKEN"}
	}
	var said struct{ Text string }
	json.Unmarshal(d.Request.Body, &said)
	q := providers.Query{Conversation: to}
	var class providers.Class
	for range 25 {
		if s.fault != "asks without a turn" {
			err := turn(ctx)
			if err != nil && s.fault != "asks though the turn failed" {
				return providers.Verdict{Class: class, Reason: err.Error()}
			}
		}
		if s.fault == "takes two turns" {
			turn(ctx)
		}
		var page providers.Page
		var id string
		o := s.ask(ctx, q, func(a wire.Answer) (o providers.Outcome) {
			page, o = s.page(a, q)
			for _, m := range page.Messages {
				if m.Text == said.Text || s.fault == "finds anything" {
					o.ID, o.At, id = m.ID, m.At, m.ID
				}
			}
			return o
		})
		class = o.Class
		v := providers.Verdict{Class: class, After: o.After, Reason: o.Reason}
		switch {
		case class != providers.Accepted && s.fault == "what cannot be read is absent":
			return providers.Verdict{Finding: providers.Absent, Class: providers.Accepted}
		case class != providers.Accepted && s.fault == "forgets the class":
			v.Class = providers.Unknown
			return v
		case class != providers.Accepted && s.fault == "forgets why":
			v.Reason = ""
			return v
		case class != providers.Accepted && s.fault == "tells a secret":
			v.Reason = "asked with " + s.token
			return v
		case class != providers.Accepted:
			return v
		case o.ID != "":
			v = providers.Verdict{Finding: providers.Found, Class: class, ID: o.ID, At: o.At}
			if s.fault == "tells what nobody cleaned" {
				v.ID = id
			}
			return v
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	if d.Settled && d.Marked || s.fault == "takes hope for proof" {
		return providers.Verdict{Finding: providers.Absent, Class: class}
	}
	if s.fault == "changes its mind" && s.again.Swap(true) {
		return providers.Verdict{Class: class, Reason: "not there now, look again"}
	}
	return providers.Verdict{Class: class, Reason: "not there yet, look again"}
}

// ask reads a page, and asks again where the fault is that.
func (s *seeker) ask(ctx context.Context, q providers.Query, classify func(wire.Answer) providers.Outcome) providers.Outcome {
	path := "/v1/people/" + wire.Segment(q.Conversation) + "/messages"
	if q.Cursor != "" {
		path += "?after=" + wire.Segment(q.Cursor)
	}
	r := providers.Request{Method: http.MethodGet, Path: path}
	switch s.fault {
	case "looks by a client of its own":
		return s.bare(ctx, r, classify)
	case "looks twice":
		s.reader.Read(ctx, r, classify)
	}
	return s.reader.Read(ctx, r, classify)
}

// seekerSubject is a toy's subject with look-ups.
func seekerSubject(fault string) providertest.Subject {
	s := toySubject("")
	s.Type = seekerType(fault)
	s.Originals = nil
	at := time.Now().Add(-time.Minute).Truncate(time.Second).UTC()
	page := func(next string, texts ...string) providertest.Answer {
		all := []map[string]string{}
		for _, text := range texts {
			all = append(all, map[string]string{"id": "m " + text, "by": "Ada", "text": text, "at": at.Format(time.RFC3339)})
		}
		body, _ := json.Marshal(map[string]any{"messages": all, "next": next})
		return providertest.Answer{Body: string(body)}
	}
	open, settled := providers.Doubt{At: at}, providers.Doubt{At: at, Settled: true, Marked: true}
	found := providers.Verdict{Finding: providers.Found, ID: "m Hi", At: at}
	s.LookUps = []providertest.LookUp{
		{Name: "there", Doubt: settled, Pages: []providertest.Answer{page("", "Bye", "Hi")}, Proof: "Hi", Want: found},
		{Name: "there, behind a page", Doubt: settled, Pages: []providertest.Answer{page("7", "Bye"), page("", "Hi")}, Want: found},
		{Name: "not there", Doubt: settled, Pages: []providertest.Answer{page("", "Bye")}, Want: providers.Verdict{Finding: providers.Absent}},
		{Name: "not there yet", Doubt: open, Pages: []providertest.Answer{page("", "Bye")}, Want: providers.Verdict{Reason: "look again"}},
	}
	for i := range s.LookUps {
		s.LookUps[i].Path = "/v1/people/17/messages"
	}
	switch fault {
	case "no page that finds it":
		s.LookUps = s.LookUps[1:]
	case "two of one name":
		s.LookUps[1].Name = "there"
	}
	return s
}
