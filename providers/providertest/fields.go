package providertest

import (
	"fmt"
	"regexp"
	"strings"

	"herald/providers"
)

var fieldPath = regexp.MustCompile(`^[a-z_]+(\[[0-9]+\])?(\.[a-z_]+(\[[0-9]+\])?)*$`)

// placed checks that a problem points at something that the message has, so that its place in the campaign can be shown.
func placed(f providers.Facts, m providers.Message, p providers.Problem) error {
	there := map[string]int{}
	switch p.Part {
	case providers.PartContent:
		there = fields(m.Content)
	case providers.PartAddress:
		named(there, f.Address)
	case providers.PartOption:
		named(there, f.Options)
	default:
		return fmt.Errorf("part %d is no part of a message", p.Part)
	}
	there[""] = 0
	elements, ok := there[p.Field]
	switch {
	case p.Field != "" && !fieldPath.MatchString(p.Field):
		return fmt.Errorf("field %q is no path such as card[0].link[1].value", p.Field)
	case !ok:
		return fmt.Errorf("the message has no field %q", p.Field)
	case p.Index < -1 || p.Index >= elements && p.Index != -1:
		return fmt.Errorf("index %d of field %q, which has %d elements; the whole field is -1", p.Index, p.Field, elements)
	}
	return nil
}

// named adds the attributes that a campaign may give, and their blocks.
func named(there map[string]int, all []providers.Attribute) {
	for _, a := range all {
		there[a.Name] = 0
		if block, _, nested := strings.Cut(a.Name, "."); nested {
			there[block] = 0
		}
	}
}

// fields lists a content's fields by path, with how many elements those have that are lists of texts.
func fields(c providers.Content) map[string]int {
	there := map[string]int{}
	add := func(in string, names ...string) {
		for _, name := range names {
			there[in+name] = 0
		}
	}
	links := func(in string, links []providers.Link) {
		for i := range links {
			add(fmt.Sprintf("%s.link[%d]", in, i), "", ".type", ".title", ".value")
		}
	}
	switch c.Kind {
	case providers.KindText, providers.KindNative:
		add("", string(c.Kind))
	case providers.KindAttachment:
		add("", "type", "url")
	case providers.KindQuickReplies:
		add("", "title")
		there["replies"] = len(c.QuickReplies.Replies)
	case providers.KindList:
		add("", "style")
		for i, item := range c.List.Items {
			at := fmt.Sprintf("item[%d]", i)
			add(at, "", ".title", ".subtitle", ".image_url")
			links(at, item.Links)
		}
	case providers.KindCards:
		add("", "title")
		for i, card := range c.Cards.Cards {
			at := fmt.Sprintf("card[%d]", i)
			add(at, "", ".title", ".description", ".image_url")
			links(at, card.Links)
		}
	case providers.KindForm:
		add("", "title")
		for i, field := range c.Form.Fields {
			at := fmt.Sprintf("field[%d]", i)
			add(at, "", ".name", ".type", ".label", ".required")
			there[at+".options"] = len(field.Options)
		}
	case providers.KindArticles:
		add("", "title")
		for i := range c.Articles.Articles {
			add(fmt.Sprintf("article[%d]", i), "", ".title", ".description", ".url")
		}
	}
	return there
}
