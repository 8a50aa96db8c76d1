package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"herald/planner"
	"herald/providers"
)

// Text draws the plan for people.
func (p Plan) Text(w io.Writer, s Style) {
	for _, m := range p.Moves {
		fmt.Fprintf(w, "  %s %s is now %s  %s\n", s.paint(cyan, "→"), m.From, m.To, Count(m.Sends, "send"))
	}
	rows := p.rows()
	name, amount, account := 0, 0, 0
	for _, r := range rows {
		name, amount, account = max(name, len([]rune(r.name))), max(amount, len(r.amount)), max(account, len(r.account))
	}
	for _, r := range rows {
		line := fmt.Sprintf("  %s %s  %s  %s", s.paint(r.color, r.sign), pad(r.name, name), pad(r.amount, amount), pad(r.account, account))
		room := s.width() - (name + amount + account + 12)
		if s.Width > 0 && room < leastRoom && r.text != "" { // a narrow terminal would break the line in the middle of a word
			r.more = append([]string{r.text}, r.more...)
		} else if r.text != "" {
			line += "  " + shorten(r.text, max(room, leastRoom))
		}
		fmt.Fprintln(w, strings.TrimRight(line, " "))
		for _, more := range r.more {
			fmt.Fprintln(w, "      "+shorten(more, s.width()-6))
		}
	}
	p.edits(w, s)
	if len(rows)+len(p.Moves)+len(p.Edits) > 0 {
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

// leastRoom is in how many columns a text still says something.
const leastRoom = 24

// row is one line of the drawing, with the samples that follow it.
type row struct {
	sign, color, name, amount, account, text string
	more                                     []string
}

func (p Plan) rows() []row {
	var rows []row
	for _, g := range p.Groups {
		style := fates[planner.Action(g.Action)]
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
		if planner.Action(g.Action) == planner.Skip && r.text == "" {
			r.text = g.why()
		}
		if g.Due != nil {
			r.text += "; " + due(g.Count, *g.Due)
		}
		if planner.Action(g.Action).Sends() && len(g.Samples) > 0 && g.Samples[0].Text != "" {
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
		{c.Send + c.Resend - c.Ask - again, "to send"}, {again, "to send again"}, {c.Ask, "to ask"}, {c.Waiting, "waiting"}, {c.Skip, "to skip"}, {c.Blocked, "blocked"}, {c.Kept, "kept"},
		{c.Assumed, "taken as sent"}, {c.Refused, "refused"}, {c.Failed, "failed"}, {c.InDoubt, "in doubt"}, {c.Unsent, "beyond -limit"},
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
	if c.Skipped > 0 {
		done += " Skipped: " + number(c.Skipped) + "."
	}
	if c.Expired > 0 {
		done += " Expired: " + number(c.Expired) + "."
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

// Changes counts what applying the plan does: requests, sends in doubt that are taken as sent, those that are skipped, and
// renames.
func (p Plan) Changes() int { return p.Sends() + p.Counts.Assumed + p.Counts.Skip + len(p.Moves) }

// Work says what applying the plan does: "send 553 messages and ask 12 questions".
func (p Plan) Work() string {
	var parts []string
	for _, part := range []struct {
		n          int
		verb, noun string
	}{{p.Sends() - p.Counts.Ask, "send", "message"}, {p.Counts.Ask, "ask", "question"}, {p.Counts.Assumed, "take as sent", "message"},
		{p.Counts.Skip, "skip", "message"}, {len(p.Moves), "record", "rename"}} {
		if part.n > 0 {
			parts = append(parts, part.verb+" "+Count(part.n, part.noun))
		}
	}
	return strings.Join(parts, " and ")
}

// due says when something that waits can be sent: to the minute, and to the second where that is later, so that it is due by
// then.
func due(n int, at time.Time) string {
	when := func(at time.Time) string {
		if at = at.UTC(); at.Truncate(time.Minute).Equal(at) {
			return when(at)
		}
		return at.Add(time.Second - 1).Truncate(time.Second).Format("2006-01-02 15:04:05")
	}
	if n == 1 {
		return "due " + when(at) + " UTC"
	}
	return "the first " + when(at) + " UTC"
}

// edits says what changed in sequences that people are in the middle of.
func (p Plan) edits(w io.Writer, s Style) {
	for i, e := range p.Edits {
		if i == 0 {
			fmt.Fprintln(w, "\nEdited while people are in the middle of it:")
		}
		fmt.Fprintf(w, "  %s %s: %s before it, %s at it, %s after it. %s\n", e.Kind, e.Message, number(e.Before), number(e.At), number(e.After), e.Effect)
	}
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
	if p.Counts.Failed > 0 {
		fmt.Fprintln(w, "Failed (!): sent, and the provider could not deliver it; written again only with -replace=ADDRESS.")
	}
	if p.Counts.Refused > 0 {
		fmt.Fprintln(w, "Refused (!): tried again when the text or the address changes, or with -replace=ADDRESS.")
	}
	if p.Counts.Kept > 0 {
		fmt.Fprintln(w, "Kept (=): the text changed after it was sent. A new message? Give it a new name.")
	}
	for _, warning := range p.Warnings {
		fmt.Fprintf(w, "%s %s %s\n", s.paint(yellow, "Warning:"), warning.Summary, warning.Detail)
	}
	for _, f := range p.Forbidden {
		fmt.Fprintf(w, "\n%s %s\n%s\n", s.paint(red, "Forbidden:"), Escape(f.Summary), s.wrap(Escape(f.Detail)))
	}
}
