package report

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// maxMarkdown is the longest comment that GitHub takes, in characters.
const maxMarkdown = 65536

// Markdown writes a review for a pull request: what a reader must know first, everything long within <details>, never more
// than a comment may hold. Who people are is not in it unless Review.Contacts says so. Its first line marks the comment, so
// that the next one can take its place.
func (r Review) Markdown(w io.Writer) error {
	p := page{room: maxMarkdown}
	p.must(fmt.Sprintf("<!-- herald-plan %s -->\n", preformatted(r.Campaign)))
	p.must(fmt.Sprintf("## Herald plan: %s\n\n**%s**\n\n", markdown(r.Campaign), markdown(r.Plan.Summary())))
	tail := r.command()
	p.room -= len([]rune(tail))
	p.block(r.attention())
	p.block(r.groups())
	p.block(r.edited())
	p.block(r.texts())
	p.block(r.people())
	p.block(r.samples())
	p.block(r.timeline())
	p.room += len([]rune(tail))
	p.must(tail)
	_, err := io.WriteString(w, p.text.String())
	return err
}

// page is a text that must not become too long.
type page struct {
	text strings.Builder
	room int // characters that are left
	cut  bool
}

// must writes what has to be there. Only short things are.
func (p *page) must(s string) {
	p.text.WriteString(s)
	p.room -= len([]rune(s))
}

// block writes a block whole, or as many of its lines as there is room for, and then says that there were more.
func (p *page) block(b []string) {
	const note = "\n_There is more than fits here._\n\n"
	if len(b) == 0 || p.cut {
		return
	}
	head, rows, foot := b[0], b[1:len(b)-1], b[len(b)-1]
	size := func(s string) int { return len([]rune(s)) }
	if p.cut = size(head)+size(foot)+size(note) > p.room; p.cut {
		p.must(note) // each block leaves room for it
		return
	}
	p.must(head)
	for _, row := range rows {
		if size(row)+size(foot)+size(note) > p.room {
			p.cut = true
			break
		}
		p.must(row)
	}
	p.must(foot)
	if p.cut {
		p.must(note)
	}
}

// Blocks are a head, rows and a foot.

// attention is what a reader must know first: what forbids the plan, then what it warns of.
func (r Review) attention() []string {
	b := []string{""}
	add := func(sign string, reasons []Reason) {
		for _, reason := range reasons {
			head := markdown(strings.TrimSuffix(reason.Summary, ".")) + "."
			b = append(b, strings.TrimSuffix(fmt.Sprintf("> %s **%s** %s", sign, head, markdown(reason.Detail)), " ")+"\n>\n")
		}
	}
	add("⛔", r.Plan.Forbidden)
	add("⚠️", r.Plan.Warnings)
	add("⚠️", r.Warnings)
	if len(b) == 1 {
		return nil
	}
	return append(b, "\n")
}

func (r Review) groups() []string {
	if len(r.Plan.Groups)+len(r.Plan.Moves) == 0 {
		return nil
	}
	b := []string{"| | message | contacts | account | |\n|---|---|---:|---|---|\n"}
	for _, m := range r.Plan.Moves {
		b = append(b, fmt.Sprintf("| → | %s | %s | | is now %s |\n", markdown(m.From), number(m.Sends), markdown(m.To)))
	}
	for _, g := range r.Plan.Groups {
		text := g.why()
		if g.Due != nil {
			text += "; " + due(g.Count, *g.Due)
		}
		b = append(b, fmt.Sprintf("| %s | %s | %s | %s | %s |\n", markdown(g.Sign), markdown(g.Message), number(g.Count), markdown(g.Account), markdown(text)))
	}
	return append(b, "\n")
}

func (r Review) edited() []string {
	if len(r.Plan.Edits) == 0 {
		return nil
	}
	b := []string{"**Edited while people are in the middle of it**\n\n"}
	for _, e := range r.Plan.Edits {
		b = append(b, fmt.Sprintf("- %s %s: %s before it, %s at it, %s after it. %s\n", markdown(e.Kind), markdown(e.Message), number(e.Before), number(e.At), number(e.After), markdown(e.Effect)))
	}
	return append(b, "\n")
}

func (r Review) texts() []string {
	if len(r.Texts) == 0 {
		return nil
	}
	b := []string{fmt.Sprintf("<details><summary>Texts that are new, or other than what was last sent: %s</summary>\n\n", number(len(r.Texts)))}
	for _, t := range r.Texts {
		b = append(b, fmt.Sprintf("<p><b>%s</b></p>\n<pre>%s</pre>\n", markdown(t.Message), lineDiff(t.Was, t.Now)))
	}
	return append(b, "\n</details>\n\n")
}

// lineDiff draws what a text was and is, line by line.
func lineDiff(was, now string) string {
	before, after := strings.Split(strings.TrimRight(was, "\n"), "\n"), strings.Split(strings.TrimRight(now, "\n"), "\n")
	if was == "" {
		before = nil
	}
	kept, same := Common(before, after)
	var lines []string
	for i, j := 0, 0; i < len(before) || j < len(after); {
		switch {
		case i < len(before) && !kept[i]:
			lines = append(lines, "- "+before[i])
			i++
		case j < len(after) && !same[j]:
			lines = append(lines, "+ "+after[j])
			j++
		default: // one line of both
			lines = append(lines, "  "+before[i])
			i, j = i+1, j+1
		}
	}
	return preformatted(strings.Join(lines, "\n"))
}

func (r Review) people() []string {
	if len(r.Plan.LeftOut)+len(r.Plan.Reach) == 0 {
		return nil
	}
	b := []string{"<details><summary>Who is written to: " + r.joined() + "</summary>\n\n"}
	if len(r.Plan.Reach) > 0 {
		b[0] += "| sequence | contacts | new | gone since they were written to | dropped by `where` |\n|---|---:|---:|---:|---:|\n"
	}
	for _, c := range r.Plan.Reach {
		b = append(b, fmt.Sprintf("| %s | %s | %s | %s | %s |\n", markdown(c.Sequence), number(c.People), number(c.Joined), number(c.Left), number(c.Dropped)))
	}
	before := "\n" // it ends the table
	for _, l := range r.Plan.LeftOut {
		b = append(b, fmt.Sprintf("%s- left out: %s, %s\n", before, Count(l.Count, "contact"), markdown(l.Reason)))
		before = ""
	}
	return append(b, "\n</details>\n\n")
}

// joined says in a few words how the people changed.
func (r Review) joined() string {
	joined, left, out, changed := 0, 0, 0, 0
	for _, c := range r.Plan.Reach {
		joined, left = joined+c.Joined, left+c.Left
		if c.Joined+c.Left > 0 {
			changed++
		}
	}
	for _, l := range r.Plan.LeftOut {
		out += l.Count
	}
	text := fmt.Sprintf("%s new, %s gone", number(joined), number(left))
	if changed > 1 { // whoever is in two of them is in both numbers
		text += fmt.Sprintf(" (added up over %s)", Count(changed, "sequence"))
	}
	return text + ", " + number(out) + " left out"
}

// fewSamples is how many messages of each kind a comment shows; the page of HTML has more.
const fewSamples = 4

func (r Review) samples() []string {
	persons := r.Persons()
	var rows []string
	for _, i := range r.chosen() {
		d, who := r.Drawn[i], persons[i]
		if r.Contacts {
			who = d.Address
		}
		if d.Why != "" {
			who += ": " + d.Why
		}
		switch {
		case d.Due != nil:
			who += "; " + due(1, *d.Due)
		case d.Waits != "":
			who += "; waits: " + d.Waits
		}
		rows = append(rows, fmt.Sprintf("<p><b>%s</b>, %s, %s</p>\n<pre>%s</pre>\n", markdown(d.Message), markdown(d.Account), markdown(who), preformatted(shorten(d.Text, 4000))))
	}
	if len(rows) == 0 {
		return nil
	}
	b := append([]string{fmt.Sprintf("<details><summary>%s, as people read it</summary>\n\n", Count(len(rows), "sample"))}, rows...)
	return append(b, "\n</details>\n\n")
}

// chosen gives the places of the few drawn messages of each message that a comment has room for: the first, then those that
// stand out.
func (r Review) chosen() (all []int) {
	room, met := map[string]int{}, map[string]bool{}
	take := make([]bool, len(r.Drawn))
	for round := range 2 {
		for i, d := range r.Drawn {
			first := !met[d.Message]
			met[d.Message] = true
			if room[d.Message] < fewSamples && !take[i] && (round == 1 || first || d.Why != "") {
				take[i] = true
				room[d.Message]++
			}
		}
	}
	for i := range r.Drawn {
		if take[i] {
			all = append(all, i)
		}
	}
	return all
}

func (r Review) timeline() []string {
	if len(r.Plan.Lanes) == 0 {
		return nil
	}
	b := []string{"", "| account | | limit | takes about |\n|---|---:|---|---|\n"}
	var longest time.Duration
	for _, l := range r.Plan.Lanes {
		longest = max(longest, l.takes)
		b = append(b, fmt.Sprintf("| %s | %s | %s | %s |\n", markdown(l.Account), Count(l.Sends, l.noun()), l.Limit, about(l.takes)))
	}
	what := "all is out"
	if r.Plan.Counts.Waiting > 0 {
		what = "what is due is out"
	}
	b[0] = fmt.Sprintf("<details><summary>When it is sent: begun at once, %s in about %s</summary>\n\n", what, about(longest))
	foot := fmt.Sprintf("\nBegun at %s UTC, when this was made, the last is out at about %s UTC.", when(r.Created), when(r.Created.Add(longest)))
	if r.Plan.Counts.Waiting > 0 {
		foot += " What waits is not sent by this plan, but by a later one"
		if r.Plan.Next != nil {
			foot += "; the first of it is due at " + when(*r.Plan.Next) + " UTC"
		}
		foot += "."
	}
	return append(b, foot+"\n\n</details>\n\n")
}

// command says how to send exactly this.
func (r Review) command() string {
	if r.Digest == "" {
		return ""
	}
	text := fmt.Sprintf("Digest `%s`, made %s", r.Digest, r.Created.UTC().Format(time.RFC3339))
	if r.Command == "" {
		return text + ". It is forbidden, and cannot be applied.\n"
	}
	if !r.NotAfter.IsZero() {
		text += ", to be applied until " + r.NotAfter.UTC().Format(time.RFC3339)
	}
	return text + ". To send exactly this:\n\n    " + r.Command + "\n"
}
