package providers

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Shape finds what is wrong with a content for every vendor: words that are not among those of the language, choices
// without options, names of fields given twice, links to no address. A provider's Render adds what its vendor asks for
// beyond that. What a value is for one person cannot be known before, so the language leaves these checks to Render.
func (c Content) Shape() []Problem {
	s := shape{}
	switch c.Kind {
	case KindList:
		s.some("item", len(c.List.Items))
		if c.List.Style != "" {
			s.word(Path{Field: "style"}, c.List.Style, "large", "compact")
		}
		for i := range c.List.Items {
			s.links("item", i, c.List.Items[i].Links)
		}
	case KindCards:
		s.some("card", len(c.Cards.Cards))
		for i := range c.Cards.Cards {
			s.links("card", i, c.Cards.Cards[i].Links)
		}
	case KindForm:
		s.some("field", len(c.Form.Fields))
		s.fields(c.Form.Fields)
	case KindArticles:
		s.some("article", len(c.Articles.Articles))
		for i := range c.Articles.Articles {
			s.web(Path{Block: "article", Index: i, Field: "url"}, c.Articles.Articles[i].URL)
		}
	}
	return s.problems
}

// shape collects problems. Paths become text only when something is wrong: most contents are fine, and every person's
// passes here.
type shape struct{ problems []Problem }

func (s *shape) add(at Path, summary, detail string, args ...any) {
	s.problems = append(s.problems, Problem{Part: PartContent, Field: at.String(), Index: -1, Summary: summary, Detail: fmt.Sprintf(detail, args...)})
}

// some asks for at least one block.
func (s *shape) some(block string, n int) {
	if n == 0 {
		s.add(Path{}, "Content without blocks", "This content needs at least one block %s { ... }.", block)
	}
}

func (s *shape) word(at Path, given string, known ...string) {
	if !slices.Contains(known, given) {
		s.add(at, "Unknown word", "%s is %s; it is one of: %s.", at.Field, Quote(given), strings.Join(known, ", "))
	}
}

func (s *shape) links(block string, i int, links []Link) {
	for j := range links {
		at := Path{Block: block, Index: i, Link: true, LinkIndex: j}
		s.word(at.At("type"), links[j].Type, LinkURL, LinkReply)
		if links[j].Type == LinkURL {
			s.address(at.At("value"), links[j].Value)
		}
	}
}

func (s *shape) fields(fields []Field) {
	for i := range fields {
		f, at := &fields[i], Path{Block: "field", Index: i}
		s.word(at.At("type"), f.Type, FieldText, FieldLongText, FieldEmail, FieldChoice)
		switch {
		case f.Type == FieldChoice && len(f.Options) == 0:
			s.add(at.At("options"), "Choice without options", "A field of type choice needs options to choose from: options = [\"Yes\", \"No\"].")
		case f.Type != FieldChoice && len(f.Options) > 0:
			s.add(at.At("options"), "Options without a choice", "Only a field of type choice has options, and this one is %s. Make it a choice, or remove the options.", Quote(f.Type))
		}
		if slices.ContainsFunc(fields[:i], func(other Field) bool { return other.Name == f.Name }) {
			s.add(at.At("name"), "Field named twice", "Another field of this form is named %s too, and their answers could not be told apart. Give each a name of its own.", Quote(f.Name))
		}
	}
}

// address asks for what a link can open: a web page, or a mail or phone program.
func (s *shape) address(at Path, given string) {
	u, err := url.Parse(given)
	if err == nil && (u.Scheme == "mailto" || u.Scheme == "tel") && u.Opaque != "" {
		return
	}
	s.web(at, given)
}

// web asks for the address of a web page.
func (s *shape) web(at Path, given string) {
	u, err := url.Parse(given)
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		s.add(at, "No address of a page", "%s is %s; write a whole address, as in https://example.com/page.", at.Field, Quote(given))
	}
}
