package preview

import (
	"html/template"
	"io"
	"slices"
	"time"

	"herald/internal/report"
)

// Page writes r as one page of HTML that needs nothing beside it.
func Page(w io.Writer, r report.Review) error {
	return pageTemplate.Execute(w, newPage(r))
}

// page is a review as it is drawn.
type page struct {
	report.Review
	Policy      template.HTMLAttr
	Style       template.CSS
	Script      template.JS
	Title       string
	Summary     string
	Tallies     []tally
	Alarms      []report.Reason // forbidden
	Notes       []report.Reason // warnings
	MoreNotes   int
	Messages    []chat
	Shown, Left int // drawn messages
	Filters     filters
	Groups      []group
	MoreGroups  int
	Line        timeline
	Changes     []change
	MoreChanges int
	Reach       []report.Reach
	MoreReach   int
	Out         []leftOut
	MoreOut     int
	Edits       []report.Edit
	MoreEdits   int
	Moves       []report.Move
	MoreMoves   int
}

// tally is one number at the top.
type tally struct {
	Count int
	Label string
	Tone  string // of the page's style: go, wait, bad or calm
}

// group is a row of who gets what.
type group struct {
	report.Group
	Fate, Tone string
	People     []sample
}

// sample is one send of a group, where people may be shown.
type sample struct{ Address, Reason string }

type leftOut struct {
	Reason string
	Count  int
	People []string
}

func newPage(r report.Review) page {
	plan := r.Plan
	p := page{
		Review: r, Tallies: tallies(plan.Counts),
		Policy: template.HTMLAttr(`content="` + Policy(style, script) + `"`), Style: template.CSS(style), Script: template.JS(script),
		Line: newTimeline(r.Timeline),
	}
	if plan.Sends() == 0 || plan.Counts.Found+plan.Counts.Absent > 0 { // the numbers below it say the rest
		p.Summary = plan.Summary()
	}
	p.Title = plain(r.Campaign, longName)
	if t := p.Tallies; len(t) > 0 {
		p.Title += ": " + report.Count(t[0].Count, "message") + " " + t[0].Label
	}
	p.Alarms, p.MoreNotes = within(plan.Forbidden, maxRows, reasonSize)
	var more int
	p.Notes, more = within(slices.Concat(plan.Warnings, r.Warnings), maxRows, reasonSize)
	p.MoreNotes += more
	p.Messages, p.Filters, p.Shown = gather(r)
	p.Left = len(r.Drawn) - p.Shown
	groups, more := bound(plan.Groups, maxRows)
	p.MoreGroups = more
	for _, g := range groups {
		p.Groups = append(p.Groups, newGroup(g, r.Contacts))
	}
	texts, more := within(r.Texts, maxRows, func(t report.TextChange) int { return len(t.Was) + len(t.Now) })
	p.MoreChanges = more
	for _, t := range texts {
		p.Changes = append(p.Changes, newChange(t))
	}
	out, more := bound(plan.LeftOut, maxRows)
	p.MoreOut = more
	for _, l := range out {
		row := leftOut{Reason: l.Reason, Count: l.Count}
		if r.Contacts {
			row.People, _ = bound(l.Samples, maxPeople)
		}
		p.Out = append(p.Out, row)
	}
	p.Reach, p.MoreReach = bound(plan.Reach, maxRows)
	p.Edits, p.MoreEdits = bound(plan.Edits, maxRows)
	p.Moves, p.MoreMoves = bound(plan.Moves, maxRows)
	return p
}

func reasonSize(r report.Reason) int { return len(r.Summary) + len(r.Detail) }

// Expires says until when the plan can be applied, nil when that does not end, or a policy forbids it.
func (p page) Expires() *time.Time {
	if p.NotAfter.IsZero() || len(p.Alarms) > 0 {
		return nil
	}
	return &p.NotAfter
}

// Shell gives the command on one line, as it is shown and copied: what cannot be seen is not copied either.
func (p page) Shell() string { return plain(p.Command, 2000) }

// tallies gives the counts that are not zero, what is sent first.
func tallies(c report.Counts) []tally {
	all := []tally{
		{c.Send + c.Resend - c.Ask, "to send", "go"}, {c.Ask, "to ask", "go"}, {c.Waiting, "waiting", "wait"}, {c.Blocked, "blocked", "wait"},
		{c.InDoubt, "in doubt", "bad"}, {c.Refused, "refused", "bad"}, {c.Failed, "failed", "bad"}, {c.Unsent, "beyond the limit", "wait"},
		{c.Skip, "to skip", "calm"}, {c.Kept, "kept", "calm"}, {c.Assumed, "taken as sent", "calm"}, {c.Unchanged, "already sent", "calm"},
		{c.Passed, "passed over", "calm"}, {c.Skipped, "skipped", "calm"}, {c.Expired, "expired", "calm"}, {c.Left, "gone", "calm"},
	}
	out := []tally{}
	for _, t := range all {
		if t.Count > 0 {
			out = append(out, t)
		}
	}
	return out
}

func newGroup(g report.Group, contacts bool) group {
	out := group{Group: g}
	out.Fate, out.Tone = g.Fate()
	if contacts {
		samples, _ := bound(g.Samples, maxPeople)
		for _, s := range samples {
			out.People = append(out.People, sample{s.Address, s.Reason})
		}
	}
	return out
}
