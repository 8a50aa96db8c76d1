package report

import (
	"fmt"
	"strings"

	"herald/providers"
)

// pageIntro begins providers/README.md. The file is written by herald, so it says so.
const pageIntro = `# Providers

What is known of each provider type: its settings, what it carries and within what limits, what its answers mean to
herald, and where that is written. This page is made by ` + "`herald providers -docs`" + ` from the facts in each provider's
` + "`facts.go`" + `; change it there.

`

// Page gives the page of all providers, as Markdown.
func (m Providers) Page() string {
	var b strings.Builder
	b.WriteString(pageIntro)
	b.WriteString(m.Markdown())
	for _, f := range m.Providers {
		fmt.Fprintf(&b, "\n## %s\n\n", f.Title)
		fmt.Fprintf(&b, "`provider \"%s\"` %s by `%s` at %s.\n", f.Type, f.Verb, f.Endpoint, f.BaseURL)
		var settings [][]string
		for _, s := range f.Settings {
			settings = append(settings, []string{code(s.Name), string(s.Type), notes(s)})
		}
		table(&b, "Settings of the provider block", settings)
		table(&b, "Where people are reached, in a conversation", attributeRows(f.Address))
		table(&b, fmt.Sprintf("Options of a message, in its block `%s`", f.Type), attributeRows(f.Options))
		var carries [][]string
		for _, c := range f.Carries {
			carries = append(carries, []string{code(string(c.Kind)), c.As, c.Limit})
		}
		table(&b, "Content", carries)
		var answers [][]string
		for _, a := range f.Answers {
			body := "any"
			if a.Body != "" {
				body = code(shorten(strings.TrimSpace(a.Body), 100))
			}
			answers = append(answers, []string{fmt.Sprint(a.Status), body, a.Means, a.Source})
		}
		table(&b, "Answers, and what they mean", answers)
		fmt.Fprintf(&b, "\n- Limit: %s, counted by %s. %s\n", rate(f.Rate.Requests, f.Rate.Per), f.Rate.Scope, sentence(f.Rate.Source))
		fmt.Fprintf(&b, "- Look-up of what is in doubt: %s\n", sentence(f.LookUp))
		reading := f.Reading
		if reading == "" {
			reading = "none"
		}
		fmt.Fprintf(&b, "- Reading messages back: %s\n- Sources:\n", sentence(reading))
		for _, s := range f.Sources {
			fmt.Fprintf(&b, "  - %s\n", s)
		}
	}
	return b.String()
}

func attributeRows(attributes []providers.Attribute) [][]string {
	var rows [][]string
	for _, a := range attributes {
		rows = append(rows, []string{code(a.Name), string(a.Type), attributeNotes(a)})
	}
	return rows
}

// table writes rows without a head, which Markdown cannot leave out but can leave empty.
func table(b *strings.Builder, title string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(b, "\n**%s**\n\n%s\n%s\n", title, strings.Repeat("| ", len(rows[0]))+"|", strings.Repeat("|---", len(rows[0]))+"|")
	for _, row := range rows {
		for _, cell := range row {
			b.WriteString("| " + strings.ReplaceAll(cell, "|", `\|`) + " ")
		}
		b.WriteString("|\n")
	}
}

func code(text string) string { return "`" + strings.ReplaceAll(text, "`", "'") + "`" }
