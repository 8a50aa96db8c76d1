package chatwoot

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"herald/providers"
)

// check collects what is wrong with the items of a message. Fields are named by their path.
type check struct {
	p        *account
	problems []providers.Problem
}

func (c *check) wrong(field, summary, format string, args ...any) {
	c.problems = append(c.problems, wrongContent(field, summary, fmt.Sprintf(format, args...)))
}

// filled asks for a text that is not empty.
func (c *check) filled(field, s string) { c.element(field, -1, s) }

// element does so for one element of a list field.
func (c *check) element(field string, i int, s string) {
	if wrong, ok := c.p.filled(field, s); !ok {
		wrong.Index = i
		c.problems = append(c.problems, wrong)
	}
}

// utf8 asks for a text that may be empty to be one: JSON would carry other bytes changed.
func (c *check) utf8(field, s string) {
	if !utf8.ValidString(s) {
		c.problems = append(c.problems, notText(field, s))
	}
}

// image asks for the address of a picture on the web, which may be left out.
func (c *check) image(field, given string) {
	if given == "" {
		return
	}
	c.utf8(field, given)
	if u, err := url.Parse(given); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		c.wrong(field, "No address on the web", "%s is %s; the person's browser fetches it from there. Write a whole address, as in https://example.com/a.png.",
			last(field), providers.Quote(given))
	}
}

// last is the last name of a path.
func last(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// titled checks the title above items. The language lets it be left out, these vendors do not.
func (p *account) titled(title, messageType string) []providers.Problem {
	if title == "" {
		return []providers.Problem{wrongContent("title", "No title",
			fmt.Sprintf("title is empty, and %s documents content, where it stands, as required. Give one.", p.title))}
	}
	return p.written("title", title, messageType)
}

// written checks what stands in content.
func (p *account) written(field, s, messageType string) []providers.Problem {
	if wrong, ok := p.filled(field, s); !ok {
		return []providers.Problem{wrong}
	}
	if n := utf8.RuneCountInString(s); n > maxContent {
		return []providers.Problem{wrongContent(field, "Text too long",
			fmt.Sprintf("%s has %d characters; %s takes %d. Shorten it, or send it as more than one message.", field, n, p.title, maxContent))}
	}
	// Chatwoot's liquidable.rb fills in outgoing and template messages.
	if (messageType == "outgoing" || messageType == "template") && (strings.Contains(s, "{{") || strings.Contains(s, "{%")) {
		warning := wrongContent(field, "Text that the provider fills in itself",
			fmt.Sprintf("%s holds {{ or {%%, which %s reads as a Liquid template: what arrives may differ from what stands here. "+
				"Between backticks it is left alone; values of a contact are written ${contact.name} in herald.", field, p.title))
		warning.Warning = true
		return []providers.Problem{warning}
	}
	return nil
}

// filled checks a text that must not be empty.
func (p *account) filled(field, s string) (providers.Problem, bool) {
	switch {
	case !utf8.ValidString(s):
		return notText(field, s), false
	case strings.TrimSpace(s) == "":
		return wrongContent(field, "Empty text", fmt.Sprintf("%s is empty, and %s has nothing to send then. Write something, or leave such people out with where.", last(field), p.title)), false
	}
	return providers.Problem{}, true
}

func notText(field, s string) providers.Problem {
	return wrongContent(field, "Text that is not UTF-8", fmt.Sprintf("%s is %s, not valid UTF-8. Save its source as UTF-8.", last(field), providers.Quote(s)))
}

func wrongContent(field, summary, detail string) providers.Problem {
	return providers.Problem{Part: providers.PartContent, Field: field, Index: -1, Summary: summary, Detail: detail}
}
