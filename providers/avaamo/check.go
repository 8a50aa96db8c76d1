package avaamo

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"herald/providers"
)

// check collects what is wrong with a content. Fields are named by their path, as in item[3].link[0].title.
type check struct{ problems []providers.Problem }

func (c *check) add(field string, index int, summary, detail string, args ...any) {
	c.problems = append(c.problems, providers.Problem{Part: providers.PartContent, Field: field, Index: index, Summary: summary, Detail: fmt.Sprintf(detail, args...)})
}

func (c *check) warn(field, summary, detail string, args ...any) {
	c.add(field, -1, summary, detail, args...)
	c.problems[len(c.problems)-1].Warning = true
}

// needed checks a text without which there is nothing to send. No limit: most is 0.
func (c *check) needed(field string, index int, s string, most int) {
	if utf8.ValidString(s) && strings.TrimSpace(s) == "" {
		c.add(field, index, "Empty text", "%s is empty, and Avaamo has nothing to show there. Write something, or leave such people out with where.", name(field, index))
		return
	}
	c.text(field, index, s, most)
}

// optional checks a text that may be left out, for which "" stands.
func (c *check) optional(field, s string, most int) {
	if s != "" {
		c.needed(field, -1, s, most)
	}
}

// text checks what must hold of every text.
func (c *check) text(field string, index int, s string, most int) {
	if !utf8.ValidString(s) {
		c.add(field, index, "Text that is not UTF-8", "%s is %s, not valid UTF-8. Save its source as UTF-8.", name(field, index), providers.Quote(s))
		return
	}
	if len(s) <= most || most == 0 {
		return
	}
	if n := utf8.RuneCountInString(s); n > most {
		c.add(field, index, "Text too long", "%s has %d characters; Avaamo allows %d. Shorten it.", name(field, index), n, most)
	}
}

// image checks the address of a picture, which Avaamo shows from where it is; "" is none.
func (c *check) image(field, address string) {
	if address == "" {
		return
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || !utf8.ValidString(address) {
		c.add(field, -1, "An image that cannot be fetched", "%s is %s; Avaamo shows images from their own address, so write a whole one, as in https://example.com/picture.png.",
			name(field, -1), providers.Quote(address))
	}
}

// few checks that there are not too many blocks of a name.
func (c *check) few(block string, n, most int) {
	if n > most {
		c.add(fmt.Sprintf("%s[%d]", block, most), -1, "Too many blocks", "There are %d blocks %s; Avaamo allows %d. Leave some out, or send them as more than one message.", n, block, most)
	}
}

// name gives the last name of a path as a message has it, with the number of the element in a list.
func name(path string, index int) string {
	last := path[strings.LastIndexByte(path, '.')+1:]
	if index < 0 {
		return last
	}
	return fmt.Sprintf("element %d of %s", index+1, last)
}
