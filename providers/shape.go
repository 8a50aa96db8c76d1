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
			s.word("style", c.List.Style, "large", "compact")
		}
		for i, item := range c.List.Items {
			s.links(fmt.Sprintf("item[%d]", i), item.Links)
		}
	case KindCards:
		s.some("card", len(c.Cards.Cards))
		for i, card := range c.Cards.Cards {
			s.links(fmt.Sprintf("card[%d]", i), card.Links)
		}
	case KindForm:
		s.some("field", len(c.Form.Fields))
		s.fields(c.Form.Fields)
	case KindArticles:
		s.some("article", len(c.Articles.Articles))
		for i, a := range c.Articles.Articles {
			s.web(fmt.Sprintf("article[%d].url", i), a.URL)
		}
	}
	return s.problems
}

// shape collects problems. Fields are named by their path, as in card[0].link[1].value.
type shape struct{ problems []Problem }

func (s *shape) add(field, summary, detail string, args ...any) {
	s.problems = append(s.problems, Problem{Part: PartContent, Field: field, Index: -1, Summary: summary, Detail: fmt.Sprintf(detail, args...)})
}

// some asks for at least one block.
func (s *shape) some(block string, n int) {
	if n == 0 {
		s.add("", "Content without blocks", "This content needs at least one block %s { ... }.", block)
	}
}

func (s *shape) word(field, given string, known ...string) {
	if !slices.Contains(known, given) {
		s.add(field, "Unknown word", "%s is %s; it is one of: %s.", last(field), Quote(given), strings.Join(known, ", "))
	}
}

func (s *shape) links(in string, links []Link) {
	for i, l := range links {
		at := fmt.Sprintf("%s.link[%d]", in, i)
		s.word(at+".type", l.Type, LinkURL, LinkReply)
		if l.Type == LinkURL {
			s.address(at+".value", l.Value)
		}
	}
}

func (s *shape) fields(fields []Field) {
	for i, f := range fields {
		at := fmt.Sprintf("field[%d]", i)
		s.word(at+".type", f.Type, FieldText, FieldLongText, FieldEmail, FieldChoice)
		switch {
		case f.Type == FieldChoice && len(f.Options) == 0:
			s.add(at+".options", "Choice without options", "A field of type choice needs options to choose from: options = [\"Yes\", \"No\"].")
		case f.Type != FieldChoice && len(f.Options) > 0:
			s.add(at+".options", "Options without a choice", "Only a field of type choice has options; this one is %s.", Quote(f.Type))
		}
		if slices.ContainsFunc(fields[:i], func(other Field) bool { return other.Name == f.Name }) {
			s.add(at+".name", "Field named twice", "Another field of this form is named %s too, and their answers could not be told apart.", Quote(f.Name))
		}
	}
}

// address asks for what a link can open: a web page, or a mail or phone program.
func (s *shape) address(field, given string) {
	u, err := url.Parse(given)
	if err == nil && (u.Scheme == "mailto" || u.Scheme == "tel") && u.Opaque != "" {
		return
	}
	s.web(field, given)
}

// web asks for the address of a web page.
func (s *shape) web(field, given string) {
	u, err := url.Parse(given)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		s.add(field, "No address of a page", "%s is %s; write a whole address, as in https://example.com/page.", last(field), Quote(given))
	}
}

// last gives the last name of a path.
func last(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }
