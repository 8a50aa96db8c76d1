package report

import (
	"fmt"
	"time"

	"herald/planner"
	"herald/providers"
)

// Plan is a plan as it is shown.
type Plan struct {
	Groups    []Group    `json:"groups"`
	Lanes     []Lane     `json:"lanes"`
	Counts    Counts     `json:"counts"`
	LeftOut   []LeftOut  `json:"left_out,omitempty"`
	Overlaps  int        `json:"overlaps,omitempty"`
	Reach     []Reach    `json:"reach,omitempty"`
	Edits     []Edit     `json:"edits,omitempty"`
	Moves     []Move     `json:"moves,omitempty"`
	Next      *time.Time `json:"next,omitempty"` // when the first of the waiting ones is due
	Forbidden []Reason   `json:"forbidden,omitempty"`
	Warnings  []Reason   `json:"warnings,omitempty"` // what a reader must know first
	Lineage   string     `json:"lineage,omitempty"`
	Serial    int64      `json:"serial"`
	Digest    string     `json:"digest"`
}

// Group is the sends of one message that have the same fate.
type Group struct {
	Sign     string         `json:"sign"`
	Action   string         `json:"action"`
	Message  string         `json:"message"`
	Count    int            `json:"count"`
	Account  string         `json:"account"`
	Provider string         `json:"provider"`
	Verb     providers.Verb `json:"verb"`
	Reason   string         `json:"reason,omitempty"`
	Due      *time.Time     `json:"due,omitempty"` // of what waits: when the first of them can be sent, where that is known
	Samples  []Sample       `json:"samples"`
}

// Sample is one send of a group.
type Sample struct {
	Address string     `json:"address"`
	Text    string     `json:"text,omitempty"`
	Since   *time.Time `json:"since,omitempty"`
	Due     *time.Time `json:"due,omitempty"`
	Reason  string     `json:"reason,omitempty"` // of a refusal, or why a look-up could not tell
}

// Lane is one account's share.
type Lane struct {
	Account  string         `json:"account"`
	Provider string         `json:"provider"`
	Verb     providers.Verb `json:"verb"`
	Sends    int            `json:"sends"`
	Limit    string         `json:"limit"`
	Seconds  float64        `json:"seconds"`
	takes    time.Duration
	requests int
	per      time.Duration
}

// Counts says how many sends have which fate.
type Counts struct {
	Send      int `json:"send"`
	Ask       int `json:"ask"` // of send and resend: those that ask the provider in the person's words
	Resend    int `json:"resend"`
	Waiting   int `json:"waiting"`
	Skip      int `json:"skip"`    // their condition is false: recorded by apply
	Skipped   int `json:"skipped"` // recorded so before
	Expired   int `json:"expired"`
	Failed    int `json:"failed"` // sent, and then not delivered
	Unchanged int `json:"unchanged"`
	Kept      int `json:"kept"`
	Refused   int `json:"refused"`
	Blocked   int `json:"blocked"`
	InDoubt   int `json:"in_doubt"`
	Assumed   int `json:"assumed"` // in doubt, and taken as sent
	Found     int `json:"found"`   // were in doubt, and a look-up found them sent
	Absent    int `json:"absent"`  // were in doubt, and a look-up found that they were not sent
	Passed    int `json:"passed"`
	Unsent    int `json:"unsent"`
	Left      int `json:"left"`
}

// LeftOut counts people who get nothing for one reason.
type LeftOut struct {
	Reason  string   `json:"reason"`
	Count   int      `json:"count"`
	Samples []string `json:"samples,omitempty"`
}

// Reach is how many people a sequence finds, and how many its conditions drop.
type Reach struct {
	Sequence string `json:"sequence"`
	People   int    `json:"people"`
	Dropped  int    `json:"dropped"`
	Joined   int    `json:"joined"` // of people, those who have got nothing of it yet
	Left     int    `json:"left"`   // who got something of it and are no longer there
}

// Edit is one message that changed while people are in the middle of its sequence.
type Edit struct {
	Message string `json:"message"`
	Kind    string `json:"kind"`
	Before  int    `json:"before"` // people who have not come to it
	At      int    `json:"at"`     // who have it as their last message
	After   int    `json:"after"`  // who have a later one
	Effect  string `json:"effect"`
}

// Move is one rename to record.
type Move struct {
	From  string `json:"from"`
	To    string `json:"to"`
	Sends int    `json:"sends"`
}

// Reason is a summary with a detail.
type Reason struct {
	Summary string `json:"summary"`
	Detail  string `json:"detail"`
}

// NewPlan makes the model of a plan; samples is how many rendered messages a group shows.
func NewPlan(p *planner.Plan) Plan {
	m := Plan{
		Lineage: p.Lineage, Serial: p.Serial, Digest: p.Digest, Overlaps: p.Overlaps,
		Counts: Counts{
			Waiting: p.Counts[planner.Waits], Skip: p.Counts[planner.Skip], Skipped: p.Counts[planner.Skipped], Expired: p.Counts[planner.Expired],
			Failed: p.Counts[planner.Failed],
			Send:   p.Counts[planner.Send], Resend: p.Counts[planner.Resend], Unchanged: p.Counts[planner.Unchanged],
			Kept: p.Counts[planner.Kept], Refused: p.Counts[planner.Refused], Blocked: p.Counts[planner.Blocked],
			InDoubt: p.Counts[planner.InDoubt], Assumed: p.Counts[planner.Assume], Found: p.LookedUp.Found, Absent: p.LookedUp.Absent, Passed: p.Counts[planner.Passed], Unsent: p.Unsent, Left: p.Left,
		},
		Groups: []Group{}, Lanes: []Lane{}, Next: instant(p.Next),
	}
	for _, g := range p.Groups {
		f, drawn := fates[g.Action]
		if !drawn {
			continue
		}
		group := Group{
			Sign: f.sign, Action: string(g.Action), Message: g.Message.String(), Count: g.Count,
			Account: g.Account, Provider: g.Provider, Verb: g.Verb, Reason: g.Reason, Due: instant(g.Due), Samples: []Sample{},
		}
		for _, sample := range g.Samples {
			one := Sample{Address: sample.Send.String(), Text: sample.Text}
			if g.Action == planner.Waits {
				one.Due = instant(sample.At)
			} else {
				one.Since = instant(sample.At)
			}
			group.Samples = append(group.Samples, one)
		}
		m.Groups = append(m.Groups, group)
	}
	for _, l := range p.Lanes {
		if l.Verb == providers.Asks {
			m.Counts.Ask += l.Sends
		}
		m.Lanes = append(m.Lanes, Lane{
			Account: l.Account, Provider: l.Provider, Verb: l.Verb, Sends: l.Sends, Limit: rate(l.Requests, l.Per),
			Seconds: l.Takes.Seconds(), takes: l.Takes, requests: l.Requests, per: l.Per,
		})
	}
	for _, r := range p.Reach {
		m.Reach = append(m.Reach, Reach{Sequence: r.Sequence, People: r.People, Dropped: r.Dropped, Joined: r.Joined, Left: r.Left})
	}
	for _, e := range p.Edits {
		m.Edits = append(m.Edits, Edit{Message: e.Message.String(), Kind: string(e.Kind), Before: e.Before, At: e.At, After: e.After, Effect: e.Effect})
	}
	for _, v := range p.Moves {
		m.Moves = append(m.Moves, Move{From: v.From.String(), To: v.To.String(), Sends: v.Sends})
	}
	for _, f := range p.Forbidden {
		m.Forbidden = append(m.Forbidden, Reason{Summary: f.Summary, Detail: f.Whole()})
	}
	if u := p.Unusual; u != nil {
		m.Warnings = append(m.Warnings, Reason{Summary: "Unusually many.", Detail: fmt.Sprintf(
			"This sends %s; of the last runs, none sent more than %s.", Count(u.Sends, "message"), number(u.Most))})
	}
	for _, l := range p.LeftOut {
		m.LeftOut = append(m.LeftOut, LeftOut{Reason: l.Reason, Count: l.Count, Samples: l.Samples})
	}
	return m
}

// noun gives what a lane's sends are.
func (l Lane) noun() string {
	if l.Verb == providers.Asks {
		return "question"
	}
	return "send"
}

// Sends counts the requests that the plan makes.
func (p Plan) Sends() int { return p.Counts.Send + p.Counts.Resend }
