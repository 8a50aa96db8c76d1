package providers

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Shape finds what is wrong with a content for every vendor: texts that are not UTF-8, which JSON would carry changed;
// addresses at which there is no page or picture; nothing to choose from, or nothing that a choice says; words that are
// not among those of the language; names of fields given twice. Every Render begins with it, for each kind that it
// carries, and adds what its vendor asks for beyond that. What a value is for one person cannot be known before, so the
// language leaves these checks to Render.
func (c Content) Shape() []Problem {
	s := shape{}
	switch c.Kind {
	case KindText:
		s.text(Path{Field: "text"}, -1, c.Text)
	case KindAttachment:
		s.word(Path{Field: "type"}, c.Attachment.Type, "image", "video", "audio", "file")
		s.web(Path{Field: "url"}, "No address of a file", c.Attachment.URL)
	case KindQuickReplies:
		s.text(Path{Field: "title"}, -1, c.QuickReplies.Title)
		if len(c.QuickReplies.Replies) == 0 {
			s.add(Path{Field: "replies"}, "No quick replies", "A question needs at least one reply to tap. Add one, or write it as text.")
		}
		s.choices(Path{Field: "replies"}, c.QuickReplies.Replies)
	case KindList:
		s.list(c.List)
	case KindCards:
		s.cards(c.Cards)
	case KindForm:
		s.text(Path{Field: "title"}, -1, c.Form.Title)
		s.some("field", len(c.Form.Fields))
		s.fields(c.Form.Fields)
	case KindArticles:
		s.text(Path{Field: "title"}, -1, c.Articles.Title)
		s.some("article", len(c.Articles.Articles))
		for i := range c.Articles.Articles {
			a, at := &c.Articles.Articles[i], Path{Block: "article", Index: i}
			s.text(at.At("title"), -1, a.Title)
			s.text(at.At("description"), -1, a.Description)
			s.web(at.At("url"), noPage, a.URL)
		}
	case KindNative:
		s.text(Path{Field: "native"}, -1, string(c.Native))
	}
	return s.problems
}

// shape collects problems. Paths become text only when something is wrong: most contents are fine, and every person's
// passes here.
type shape struct{ problems []Problem }

func (s *shape) add(at Path, summary, detail string, args ...any) {
	s.addElement(at, -1, summary, detail, args...)
}

func (s *shape) addElement(at Path, index int, summary, detail string, args ...any) {
	s.problems = append(s.problems, Problem{Part: PartContent, Field: at.String(), Index: index, Summary: summary, Detail: fmt.Sprintf(detail, args...)})
}

// text asks for UTF-8, and says whether it is.
func (s *shape) text(at Path, index int, given string) bool {
	if utf8.ValidString(given) {
		return true
	}
	s.addElement(at, index, "Text that is not UTF-8", "%s is %s, not valid UTF-8. Save its source as UTF-8.", at.Name(index), Quote(given))
	return false
}

// choices asks for elements that say something: nobody can choose what is empty.
func (s *shape) choices(at Path, given []string) {
	for i, one := range given {
		if s.text(at, i, one) && strings.TrimSpace(one) == "" {
			s.addElement(at, i, "Empty text", "%s is empty, and nobody could choose it. Write something, or leave it out.", at.Name(i))
		}
	}
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

func (s *shape) list(l List) {
	s.some("item", len(l.Items))
	if l.Style != "" {
		s.word(Path{Field: "style"}, l.Style, "large", "compact")
	}
	for i := range l.Items {
		one, at := &l.Items[i], Path{Block: "item", Index: i}
		s.text(at.At("title"), -1, one.Title)
		s.text(at.At("subtitle"), -1, one.Subtitle)
		s.picture(at.At("image_url"), one.ImageURL)
		s.links(at, one.Links)
	}
}

func (s *shape) cards(c Cards) {
	s.text(Path{Field: "title"}, -1, c.Title)
	s.some("card", len(c.Cards))
	for i := range c.Cards {
		one, at := &c.Cards[i], Path{Block: "card", Index: i}
		s.text(at.At("title"), -1, one.Title)
		s.text(at.At("description"), -1, one.Description)
		s.picture(at.At("image_url"), one.ImageURL)
		s.links(at, one.Links)
	}
}

func (s *shape) links(in Path, links []Link) {
	for i := range links {
		at := in.LinkAt(i)
		s.text(at.At("title"), -1, links[i].Title)
		s.word(at.At("type"), links[i].Type, LinkURL, LinkReply)
		if links[i].Type == LinkURL {
			s.address(at.At("value"), links[i].Value)
		} else {
			s.text(at.At("value"), -1, links[i].Value)
		}
	}
}

func (s *shape) fields(fields []Field) {
	for i := range fields {
		f, at := &fields[i], Path{Block: "field", Index: i}
		s.text(at.At("name"), -1, f.Name)
		s.text(at.At("label"), -1, f.Label)
		s.word(at.At("type"), f.Type, FieldText, FieldLongText, FieldEmail, FieldChoice)
		switch {
		case f.Type == FieldChoice && len(f.Options) == 0:
			s.add(at.At("options"), "Choice without options", "A field of type choice needs options to choose from: options = [\"Yes\", \"No\"].")
		case f.Type != FieldChoice && len(f.Options) > 0:
			s.add(at.At("options"), "Options without a choice", "Only a field of type choice has options, and this one is %s. Make it a choice, or remove the options.", Quote(f.Type))
		}
		s.choices(at.At("options"), f.Options)
		if slices.ContainsFunc(fields[:i], func(other Field) bool { return other.Name == f.Name }) {
			s.add(at.At("name"), "Field named twice", "Another field of this form is named %s too, and their answers could not be told apart. Give each a name of its own.", Quote(f.Name))
		}
	}
}

// address asks for what a link can open: a web page, or a mail or phone program.
func (s *shape) address(at Path, given string) {
	scheme, rest, _ := strings.Cut(given, ":")
	if program := strings.EqualFold(scheme, "mailto") || strings.EqualFold(scheme, "tel"); program && rest != "" && !blank(given) {
		if u, err := url.Parse(given); err == nil && u.Opaque != "" {
			s.text(at, -1, given)
			return
		}
	}
	s.web(at, noPage, given)
}

// picture asks for the address of a picture, which may be left out.
func (s *shape) picture(at Path, given string) {
	if given != "" {
		s.web(at, "No address of a picture", given)
	}
}

const noPage = "No address of a page"

// web asks for the address of a web page, or of a file that the vendor or the person's browser fetches. The summary says
// which.
func (s *shape) web(at Path, summary, given string) {
	if s.text(at, -1, given) && !onWeb(given) {
		s.add(at, summary, "%s is %s; write a whole address without spaces, as in https://example.com/page.", at.Field, Quote(given))
	}
}

// onWeb reports whether a text is an address on the web as it stands: programs read one with spaces in it each in their
// own way.
func onWeb(given string) bool {
	u, err := url.Parse(given)
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" || blank(given) {
		return false
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	return u.Port() == "" || err == nil && port > 0
}

// blank reports whether there is a space or a control character in a text.
func blank(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
}
