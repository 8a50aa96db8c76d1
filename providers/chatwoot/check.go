package chatwoot

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"herald/providers"
)

// check collects what is wrong with the items of a message, beyond what Content.Shape finds.
type check struct {
	p        *account
	problems []providers.Problem
}

func (c *check) wrong(at providers.Path, summary, format string, args ...any) {
	c.problems = append(c.problems, wrongContent(at.String(), summary, fmt.Sprintf(format, args...)))
}

// filled asks for a text that is not empty.
func (c *check) filled(at providers.Path, s string) {
	if strings.TrimSpace(s) == "" {
		c.problems = append(c.problems, c.p.empty(at.String(), at.Field))
	}
}

// titled checks the title above items. The language lets it be left out, these vendors do not.
func (p *account) titled(title, messageType string) []providers.Problem {
	if title == "" {
		return []providers.Problem{wrongContent("title", "No title",
			fmt.Sprintf("title is empty, and %s documents content, where it stands, as required. Give one.", p.title))}
	}
	return p.written("title", "title", title, messageType)
}

// written checks what stands in content, in a field that sentences call by its name.
func (p *account) written(field, name, s, messageType string) []providers.Problem {
	if strings.TrimSpace(s) == "" {
		return []providers.Problem{p.empty(field, name)}
	}
	if n := utf8.RuneCountInString(s); n > maxContent {
		return []providers.Problem{wrongContent(field, "Text too long",
			fmt.Sprintf("%s has %d characters; %s takes %d. Shorten it, or send it as more than one message.", name, n, p.title, maxContent))}
	}
	if (messageType == "outgoing" || messageType == "template") && liquid(s) {
		warning := wrongContent(field, "Text that the provider fills in itself",
			fmt.Sprintf("%s holds {{ or {%%, which %s reads as a Liquid template: what arrives may differ from what stands here. "+
				"Between backticks it is left alone; values of a contact are written ${contact.name} in herald.", name, p.title))
		warning.Warning = true
		return []providers.Problem{warning}
	}
	return nil
}

// liquid reports whether the vendor fills in a text. It does so in outgoing and template messages, and leaves alone what
// stands between two backticks (templates).
func liquid(s string) bool {
	for {
		before, rest, _ := strings.Cut(s, "`")
		if strings.Contains(before, "{{") || strings.Contains(before, "{%") {
			return true
		}
		_, after, closed := strings.Cut(rest, "`")
		if !closed {
			return strings.Contains(rest, "{{") || strings.Contains(rest, "{%")
		}
		s = after
	}
}

// empty is the problem of a text without which there is nothing to send.
func (p *account) empty(field, name string) providers.Problem {
	return wrongContent(field, "Empty text", fmt.Sprintf("%s is empty, and %s has nothing to send then. Write something, or leave such people out with where.", name, p.title))
}

func wrongContent(field, summary, detail string) providers.Problem {
	return providers.Problem{Part: providers.PartContent, Field: field, Index: -1, Summary: summary, Detail: detail}
}
