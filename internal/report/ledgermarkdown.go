package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Markdown writes what a campaign has sent for a page of a CI system, in the manner of Review.Markdown: bounded, with a first
// line that marks it. Who people are is not in it.
func (m Ledger) Markdown(w io.Writer, campaign string) error {
	p := page{room: maxMarkdown}
	p.must(fmt.Sprintf("<!-- herald-ledger %s -->\n## Herald: %s\n\n", markdown(campaign), markdown(campaign)))
	if !m.Exists {
		p.must("No ledger yet: nothing was sent.\n")
		_, err := io.WriteString(w, p.text.String())
		return err
	}
	p.must("**" + m.Sent() + "**\n\n")
	tail := fmt.Sprintf("Lineage `%s`, serial %d.\n", strings.Map(inCode, m.Lineage), m.Serial)
	p.room -= len([]rune(tail))
	p.block(m.counts())
	p.block(m.runs())
	p.must(tail)
	_, err := io.WriteString(w, p.text.String())
	return err
}

// Sent tells the ledger in one sentence.
func (m Ledger) Sent() string {
	var sent, refused, doubt, failed int
	for _, row := range m.Messages {
		sent, refused, doubt, failed = sent+row.Sent, refused+row.Refused, doubt+row.InDoubt+row.Sending, failed+row.Failed
	}
	text := number(sent) + " sent"
	for _, part := range []struct {
		n    int
		word string
	}{{failed, "not delivered"}, {refused, "refused"}, {doubt, "in doubt"}} {
		if part.n > 0 {
			text += ", " + number(part.n) + " " + part.word
		}
	}
	return text + "."
}

func (m Ledger) counts() []string {
	if len(m.Messages) == 0 {
		return nil
	}
	head, rule := "| message |", "|---|"
	for _, t := range (MessageStatus{}).Tallies() {
		head, rule = head+" "+t.Word+" |", rule+"---:|"
	}
	b := []string{head + "\n" + rule + "\n"}
	for _, row := range m.Messages {
		line := "| " + markdown(row.Message) + " |"
		for _, t := range row.Tallies() {
			line += " " + number(t.Count) + " |"
		}
		b = append(b, line+"\n")
	}
	return append(b, "\n")
}

// runs gives the runs, the last one first: it is the one that is asked for.
func (m Ledger) runs() []string {
	if len(m.Runs) == 0 {
		return nil
	}
	b := []string{fmt.Sprintf("<details><summary>%s, the last one first</summary>\n\n", Count(len(m.Runs), "run"))}
	for _, r := range slices.Backward(m.Runs) {
		b = append(b, "- "+markdown(r.Line())+"\n")
	}
	return append(b, "\n</details>\n\n")
}

// inCode drops what would end a code span or not print in one. A lineage holds none of it unless somebody wrote it by hand.
func inCode(r rune) rune {
	if r == '`' || !printable(r) {
		return -1
	}
	return r
}
