package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"herald/internal/addr"
	"herald/planner"
	"herald/providers"
)

// Plan is a plan as it is shown.
type Plan struct {
	Groups    []Group   `json:"groups"`
	Lanes     []Lane    `json:"lanes"`
	Counts    Counts    `json:"counts"`
	LeftOut   []LeftOut `json:"left_out,omitempty"`
	Overlaps  int       `json:"overlaps,omitempty"`
	Reach     []Reach   `json:"reach,omitempty"`
	Forbidden []Reason  `json:"forbidden,omitempty"`
	Lineage   string    `json:"lineage,omitempty"`
	Serial    int64     `json:"serial"`
	Digest    string    `json:"digest"`
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
	Samples  []Sample       `json:"samples"`
}

// Sample is one send of a group.
type Sample struct {
	Address string     `json:"address"`
	Text    string     `json:"text,omitempty"`
	Since   *time.Time `json:"since,omitempty"`
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
}

// Reason is a summary with a detail.
type Reason struct {
	Summary string `json:"summary"`
	Detail  string `json:"detail"`
}

// signs gives each action that is drawn its sign; the others are only counted.
var signs = map[planner.Action]struct{ sign, color string }{
	planner.Send:    {"+", green},
	planner.Resend:  {"~", yellow},
	planner.Kept:    {"=", dim},
	planner.Refused: {"!", red},
	planner.Blocked: {">", cyan},
	planner.InDoubt: {"?", yellow},
	planner.Assume:  {"?", yellow},
}

// NewPlan makes the model of a plan; samples is how many rendered messages a group shows.
func NewPlan(p *planner.Plan) Plan {
	m := Plan{
		Lineage: p.Lineage, Serial: p.Serial, Digest: p.Digest, Overlaps: p.Overlaps,
		Counts: Counts{
			Send: p.Counts[planner.Send], Resend: p.Counts[planner.Resend], Unchanged: p.Counts[planner.Unchanged],
			Kept: p.Counts[planner.Kept], Refused: p.Counts[planner.Refused], Blocked: p.Counts[planner.Blocked],
			InDoubt: p.Counts[planner.InDoubt], Assumed: p.Counts[planner.Assume], Found: p.LookedUp.Found, Absent: p.LookedUp.Absent, Passed: p.Counts[planner.Passed], Unsent: p.Unsent, Left: p.Left,
		},
		Groups: []Group{}, Lanes: []Lane{},
	}
	for _, g := range p.Groups {
		s, drawn := signs[g.Action]
		if !drawn {
			continue
		}
		group := Group{
			Sign: s.sign, Action: string(g.Action), Message: g.Message.String(), Count: g.Count,
			Account: g.Account, Provider: g.Provider, Verb: g.Verb, Reason: g.Reason, Samples: []Sample{},
		}
		for _, sample := range g.Samples {
			group.Samples = append(group.Samples, Sample{Address: sample.Send.String(), Text: sample.Text, Since: instant(sample.At)})
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
		m.Reach = append(m.Reach, Reach{Sequence: r.Sequence, People: r.People, Dropped: r.Dropped})
	}
	for _, f := range p.Forbidden {
		m.Forbidden = append(m.Forbidden, Reason{Summary: f.Summary, Detail: f.Detail})
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

// Text draws the plan for people.
func (p Plan) Text(w io.Writer, s Style) {
	rows := p.rows()
	name, amount, account := 0, 0, 0
	for _, r := range rows {
		name, amount, account = max(name, len([]rune(r.name))), max(amount, len(r.amount)), max(account, len(r.account))
	}
	for _, r := range rows {
		line := fmt.Sprintf("  %s %s  %s  %s", s.paint(r.color, r.sign), pad(r.name, name), pad(r.amount, amount), pad(r.account, account))
		room := s.width() - (name + amount + account + 12)
		if r.text != "" {
			line += "  " + shorten(r.text, max(room, 24))
		}
		fmt.Fprintln(w, strings.TrimRight(line, " "))
		for _, more := range r.more {
			fmt.Fprintln(w, "      "+shorten(more, s.width()-6))
		}
	}
	if len(rows) > 0 {
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w, s.paint(bold, p.Summary()))
	for _, l := range p.Lanes {
		if l.Sends > 0 {
			fmt.Fprintf(w, "%s: %s at %s, about %s.\n", l.Account, Count(l.Sends, l.noun()), l.Limit, about(l.takes))
		}
	}
	p.notes(w, s)
}

// row is one line of the drawing, with the samples that follow it.
type row struct {
	sign, color, name, amount, account, text string
	more                                     []string
}

func (p Plan) rows() []row {
	var rows []row
	for _, g := range p.Groups {
		style := signs[planner.Action(g.Action)]
		if planner.Action(g.Action) == planner.Refused {
			rows = append(rows, refusedRows(g, style.color)...)
			continue
		}
		r := row{sign: g.Sign, color: style.color, name: g.Message, amount: Count(g.Count, "contact"), account: g.Account, text: g.Reason}
		if g.Count == 1 && len(g.Samples) > 0 {
			r.name = g.Samples[0].Address
		}
		if planner.Action(g.Action) == planner.InDoubt {
			rows = append(rows, doubtRows(g, style.color)...)
			continue
		}
		if len(g.Samples) > 0 && g.Samples[0].Text != "" {
			r.text = quoted(g.Samples[0].Text)
			if g.Verb == providers.Asks {
				r.text = "asks " + r.text
			}
			if g.Reason != "" {
				r.text = g.Reason + ": " + r.text
			}
			for _, sample := range g.Samples[1:] {
				r.more = append(r.more, sample.Address+"  "+quoted(sample.Text))
			}
		}
		rows = append(rows, r)
	}
	return rows
}

// refusedRows draws what was refused, the first few with the provider's reason.
func refusedRows(g Group, color string) []row {
	r := row{sign: g.Sign, color: color, name: g.Message, amount: Count(g.Count, "contact"), account: g.Account, text: g.Reason}
	if g.Count == 1 && len(g.Samples) == 1 {
		r.name = g.Samples[0].Address
		if g.Samples[0].Reason != "" {
			r.text = g.Samples[0].Reason
		}
		r.text = Escape(r.text)
		return []row{r}
	}
	for _, sample := range g.Samples {
		r.more = append(r.more, strings.TrimSpace(sample.Address+"  "+Escape(sample.Reason)))
	}
	return []row{r}
}

// doubtRows draws what is in doubt address by address, since each is somebody's to decide.
func doubtRows(g Group, color string) []row {
	var rows []row
	for _, sample := range g.Samples {
		text := "decide: herald state resolve ..."
		if sample.Reason != "" {
			text = Escape(sample.Reason) + "; " + text
		}
		if sample.Since != nil {
			text = "since " + when(*sample.Since) + "; " + text
		}
		rows = append(rows, row{sign: g.Sign, color: color, name: sample.Address, amount: "in doubt", account: g.Account, text: text})
	}
	if more := g.Count - len(g.Samples); more > 0 {
		rows = append(rows, row{sign: g.Sign, color: color, name: g.Message, amount: "in doubt", account: g.Account,
			text: fmt.Sprintf("and %s more: herald state list -state=in_doubt", number(more))})
	}
	return rows
}

// Summary is the plan in one sentence.
func (p Plan) Summary() string {
	c := p.Counts
	again := c.Resend - p.asked(planner.Resend)
	var parts []string
	for _, part := range []struct {
		n    int
		text string
	}{
		{c.Send + c.Resend - c.Ask - again, "to send"}, {again, "to send again"}, {c.Ask, "to ask"}, {c.Blocked, "blocked"}, {c.Kept, "kept"},
		{c.Assumed, "taken as sent"}, {c.Refused, "refused"}, {c.InDoubt, "in doubt"}, {c.Unsent, "beyond -limit"},
	} {
		if part.n > 0 {
			parts = append(parts, number(part.n)+" "+part.text)
		}
	}
	done := ""
	if c.Unchanged > 0 {
		done = " Already sent: " + number(c.Unchanged) + "."
	}
	if c.Passed > 0 {
		done += " Passed over: " + number(c.Passed) + "."
	}
	if c.Left > 0 {
		done += " Gone since they were written to: " + number(c.Left) + "."
	}
	if c.Found+c.Absent > 0 {
		done += fmt.Sprintf(" Looked up: %s found sent, %s not.", number(c.Found), number(c.Absent))
	}
	if p.Sends() == 0 && len(parts) == 0 {
		return "Nothing to send." + done
	}
	if p.Sends() == 0 {
		return "Nothing to send: " + strings.Join(parts, ", ") + "." + done
	}
	return "Plan: " + strings.Join(parts, ", ") + "." + done
}

// asked counts the questions with an action.
func (p Plan) asked(a planner.Action) (n int) {
	for _, g := range p.Groups {
		if g.Verb == providers.Asks && g.Action == string(a) {
			n += g.Count
		}
	}
	return n
}

// Changes counts what applying the plan does: requests, and sends in doubt that are taken as sent.
func (p Plan) Changes() int { return p.Sends() + p.Counts.Assumed }

// Work says what applying the plan does: "send 553 messages and ask 12 questions".
func (p Plan) Work() string {
	var parts []string
	for _, part := range []struct {
		n          int
		verb, noun string
	}{{p.Sends() - p.Counts.Ask, "send", "message"}, {p.Counts.Ask, "ask", "question"}, {p.Counts.Assumed, "take as sent", "message"}} {
		if part.n > 0 {
			parts = append(parts, part.verb+" "+Count(part.n, part.noun))
		}
	}
	return strings.Join(parts, " and ")
}

// notes says who gets nothing and what a reader would otherwise wonder about.
func (p Plan) notes(w io.Writer, s Style) {
	for _, l := range p.LeftOut {
		fmt.Fprintf(w, "Left out: %s, %s.\n", Count(l.Count, "contact"), Escape(l.Reason))
		if l.Reason == planner.LeftExcluded {
			continue // somebody asked for just that; who they are is in the JSON
		}
		for _, sample := range l.Samples {
			fmt.Fprintln(w, "  "+shorten(Escape(sample), s.width()-2))
		}
		if more := l.Count - len(l.Samples); len(l.Samples) > 0 && more > 0 {
			fmt.Fprintf(w, "  and %s more\n", number(more))
		}
	}
	if p.Overlaps > 0 {
		fmt.Fprintf(w, "Found twice: %s in more than one source; the first counts.\n", Count(p.Overlaps, "contact"))
	}
	for _, r := range p.Reach {
		if r.People == 0 {
			line := r.Sequence + ": no contact matches"
			if r.Dropped > 0 {
				line += fmt.Sprintf("; where drops %s", number(r.Dropped))
			}
			fmt.Fprintln(w, line+".")
		}
	}
	if p.Counts.InDoubt > 0 {
		fmt.Fprintln(w, "In doubt (?): find out whether it arrived, then: herald state resolve ADDRESS sent|unsent")
	}
	if p.Counts.Refused > 0 {
		fmt.Fprintln(w, "Refused (!): tried again when the text or the address changes, or with -replace=ADDRESS.")
	}
	if p.Counts.Kept > 0 {
		fmt.Fprintln(w, "Kept (=): the text changed after it was sent. A new message? Give it a new name.")
	}
	for _, f := range p.Forbidden {
		fmt.Fprintf(w, "\n%s %s\n%s\n", s.paint(red, "Forbidden:"), f.Summary, s.wrap(f.Detail))
	}
}

// Explain adds the provider's reason to one sample of the group that g was made into.
func (p *Plan) Explain(g planner.Group, address, reason string) {
	for i := range p.Groups {
		m := &p.Groups[i]
		if m.Message != g.Message.String() || m.Action != string(g.Action) || m.Reason != g.Reason {
			continue
		}
		for j := range m.Samples {
			if m.Samples[j].Address == address {
				m.Samples[j].Reason = reason
			}
		}
	}
}

// Undecided says of sends in doubt what their look-ups came to.
func (p *Plan) Undecided(reasons map[addr.Send]string) {
	texts := make(map[string]string, len(reasons))
	for s, why := range reasons {
		texts[s.String()] = why
	}
	for _, g := range p.Groups {
		if g.Action != string(planner.InDoubt) {
			continue
		}
		for i := range g.Samples {
			g.Samples[i].Reason = texts[g.Samples[i].Address]
		}
	}
}

// HideTexts removes the rendered messages, for -samples=0.
func (p *Plan) HideTexts() {
	for i := range p.Groups {
		for j := range p.Groups[i].Samples {
			p.Groups[i].Samples[j].Text = ""
		}
	}
}
