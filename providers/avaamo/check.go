package avaamo

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"herald/providers"
)

// check collects what is wrong with a content, beyond what Content.Shape finds.
type check struct{ problems []providers.Problem }

func (c *check) add(at providers.Path, index int, summary, detail string, args ...any) {
	c.problems = append(c.problems, providers.Problem{Part: providers.PartContent, Field: at.String(), Index: index, Summary: summary, Detail: fmt.Sprintf(detail, args...)})
}

// needed checks a text without which there is nothing to send. No limit: most is 0.
func (c *check) needed(at providers.Path, s string, most int) {
	if strings.TrimSpace(s) == "" {
		c.add(at, -1, "Empty text", "%s is empty, and Avaamo has nothing to show there. Write something, or leave such people out with where.", at.Field)
		return
	}
	c.short(at, -1, s, most)
}

// optional checks a text that may be left out, for which "" stands.
func (c *check) optional(at providers.Path, s string, most int) {
	if s != "" {
		c.needed(at, s, most)
	}
}

// short checks how long a text is.
func (c *check) short(at providers.Path, index int, s string, most int) {
	if len(s) <= most || most == 0 {
		return
	}
	if n := utf8.RuneCountInString(s); n > most {
		c.add(at, index, "Text too long", "%s has %d characters; Avaamo allows %d. Shorten it.", at.Name(index), n, most)
	}
}

// few checks that there are not too many blocks of a name.
func (c *check) few(block string, n, most int) {
	if n > most {
		c.add(providers.Path{Block: block, Index: most}, -1, "Too many blocks", "There are %d blocks %s; Avaamo allows %d. Leave some out, or send them as more than one message.", n, block, most)
	}
}

// wrongNative adds what is wrong with native content, which is one field to the campaign. Where in it, the detail says.
func (c *check) wrongNative(summary, detail string, args ...any) {
	c.add(providers.Path{Field: "native"}, -1, summary, detail, args...)
}

func (c *check) warnNative(summary, detail string, args ...any) {
	c.wrongNative(summary, detail, args...)
	c.problems[len(c.problems)-1].Warning = true
}
