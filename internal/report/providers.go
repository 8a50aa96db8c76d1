package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"herald/providers"
)

// Providers is what is known of every provider type.
type Providers struct {
	FormatVersion string            `json:"format_version"`
	Providers     []providers.Facts `json:"providers"`
}

// NewProviders makes the model of a registry.
func NewProviders(r *providers.Registry) Providers {
	m := Providers{FormatVersion: "1.0"}
	for _, name := range r.Names() {
		t, _ := r.Type(name)
		m.Providers = append(m.Providers, t.Facts)
	}
	return m
}

// Text prints a page per provider.
func (m Providers) Text(w io.Writer, s Style) {
	for i, f := range m.Providers {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%s  %s\n", s.paint(bold, f.Type), f.Title)
		fmt.Fprintf(w, "  request   %s, which %s\n", f.Endpoint, f.Verb)
		fmt.Fprintf(w, "  limit     %s, counted by %s (%s)\n", rate(f.Rate.Requests, f.Rate.Per), f.Rate.Scope, f.Rate.Source)
		fmt.Fprintf(w, "  look-up   %s\n", f.LookUp)
		if f.Reading != "" {
			fmt.Fprintf(w, "  reading   %s\n", f.Reading)
		}
		table := [][]string{}
		for _, set := range f.Settings {
			table = append(table, []string{"setting", set.Name, string(set.Type), notes(set)})
		}
		for _, a := range f.Address {
			table = append(table, []string{"conversation", a.Name, string(a.Type), attributeNotes(a)})
		}
		for _, a := range f.Options {
			table = append(table, []string{"option", a.Name, string(a.Type), attributeNotes(a)})
		}
		for _, c := range f.Carries {
			table = append(table, []string{"content", string(c.Kind), "as " + c.As, c.Limit})
		}
		for _, a := range f.Answers {
			table = append(table, []string{"answer", fmt.Sprint(a.Status), a.Means, shorten(a.Body, 70)})
		}
		writeColumns(w, "  ", table)
	}
}

func notes(s providers.Setting) string {
	text := sentence(attributeNotes(s.Attribute))
	if s.Env != "" {
		text += " Or the environment variable " + s.Env + "."
	}
	if s.Default != "" {
		text += " Default " + s.Default + "."
	}
	return strings.TrimSpace(text)
}

// sentence ends a text with a full stop.
func sentence(text string) string {
	if text == "" || strings.HasSuffix(text, ".") {
		return text
	}
	return text + "."
}

func attributeNotes(a providers.Attribute) string {
	text := sentence(a.Doc)
	if a.Required {
		text = "Required. " + text
	}
	if a.From != "" {
		text += " From contact." + a.From + " unless the block"
		if a.Unless != "" {
			text += " or " + a.Unless
		}
		text += " is given."
	}
	if len(a.Enum) > 0 {
		text += " One of " + strings.Join(a.Enum, ", ") + "."
	}
	return strings.TrimSpace(text)
}

// Markdown gives the table of the README: what each provider carries, within which limits.
func (m Providers) Markdown() string {
	var b strings.Builder
	head, rule := "| |", "|---|"
	for _, f := range m.Providers {
		head, rule = head+" `"+f.Type+"` |", rule+"---|"
	}
	b.WriteString(head + "\n" + rule + "\n")
	row := func(name string, cell func(providers.Facts) string) {
		b.WriteString("| " + name + " |")
		for _, f := range m.Providers {
			b.WriteString(" " + cell(f) + " |")
		}
		b.WriteString("\n")
	}
	row("vendor", func(f providers.Facts) string { return f.Title })
	row("a send", func(f providers.Facts) string { return string(f.Verb) })
	for _, k := range providers.Kinds() {
		row("`"+string(k)+"`", func(f providers.Facts) string {
			i := slices.IndexFunc(f.Carries, func(c providers.Carries) bool { return c.Kind == k })
			if i < 0 {
				return "–"
			}
			if f.Carries[i].Limit != "" {
				return f.Carries[i].As + ", " + f.Carries[i].Limit
			}
			return f.Carries[i].As
		})
	}
	row("people are reached by", func(f providers.Facts) string { return codes(f.Address) })
	row("options of a message", func(f providers.Facts) string { return codes(f.Options) })
	row("token", func(f providers.Facts) string {
		var names []string
		for _, s := range f.Settings {
			switch {
			case s.Secret && s.Reads:
				names = append(names, "`"+s.Env+"` to read")
			case s.Secret && s.Receives:
				names = append(names, "`"+s.Env+"` to receive")
			case s.Secret:
				names = append(names, "`"+s.Env+"`")
			}
		}
		return strings.Join(names, ", ")
	})
	row("limit", func(f providers.Facts) string {
		return rate(f.Rate.Requests, f.Rate.Per) + " per " + string(f.Rate.Scope)
	})
	row("messages can be read back", func(f providers.Facts) string {
		if f.Reading == "" {
			return "–"
		}
		return "yes"
	})
	row("look-up of what is in doubt", func(f providers.Facts) string { return f.LookUp })
	return b.String()
}

func codes(attributes []providers.Attribute) string {
	var names []string
	for _, a := range attributes {
		names = append(names, "`"+a.Name+"`")
	}
	if len(names) == 0 {
		return "–"
	}
	return strings.Join(names, ", ")
}

// writeColumns prints rows as columns; the last one is not padded.
func writeColumns(w io.Writer, indent string, rows [][]string) {
	var widths []int
	for _, r := range rows {
		for i, cell := range r {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	for _, r := range rows {
		line := indent
		for i, cell := range r {
			if i < len(r)-1 {
				cell = pad(cell, widths[i]) + "  "
			}
			line += cell
		}
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
}
