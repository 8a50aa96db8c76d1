package live

import (
	"herald/providers"
	"herald/providers/sandbox"
)

// Content gives what a message shows in the words of campaigns, so that it can be drawn as a plan draws it. An answer, or
// an option of a form, has the title that the person reads.
func Content(m sandbox.Message) (providers.Content, providers.Verb) {
	verb := providers.Sends
	if m.Vendor == sandbox.Maax {
		verb = providers.Asks
	}
	return content(m.Shown()), verb
}

func content(s sandbox.Shown) providers.Content {
	switch {
	case s.Own != nil:
		return providers.Content{Kind: providers.KindNative, Native: s.Own}
	case s.File != nil:
		return providers.Content{Kind: providers.KindAttachment, Attachment: providers.Attachment{Type: s.File.Type, URL: s.File.Address}}
	case s.Answers != nil:
		return providers.Content{Kind: providers.KindQuickReplies, QuickReplies: providers.QuickReplies{Title: s.Words, Replies: titles(s.Answers)}}
	case s.Rows != nil:
		c := providers.Content{Kind: providers.KindList, List: providers.List{Style: s.Style}}
		for _, r := range s.Rows {
			c.List.Items = append(c.List.Items, providers.Item{Title: r.Title, Subtitle: r.Sub, ImageURL: r.Picture, Links: links(r.Taps)})
		}
		return c
	case s.Cards != nil:
		c := providers.Content{Kind: providers.KindCards, Cards: providers.Cards{Title: s.Words}}
		for _, one := range s.Cards {
			c.Cards.Cards = append(c.Cards.Cards, providers.Card{Title: one.Title, Description: one.Text, ImageURL: one.Picture, Links: links(one.Taps)})
		}
		return c
	case s.Fields != nil:
		c := providers.Content{Kind: providers.KindForm, Form: providers.Form{Title: s.Words}}
		for _, f := range s.Fields {
			c.Form.Fields = append(c.Form.Fields, providers.Field{Name: f.Name, Type: f.Type, Label: f.Label, Required: f.Required, Options: titles(f.Options)})
		}
		return c
	case s.Articles != nil:
		c := providers.Content{Kind: providers.KindArticles, Articles: providers.Articles{Title: s.Words}}
		for _, a := range s.Articles {
			c.Articles.Articles = append(c.Articles.Articles, providers.Article{Title: a.Title, Description: a.Text, URL: a.Address})
		}
		return c
	}
	return providers.Content{Kind: providers.KindText, Text: s.Words}
}

func titles(answers []sandbox.Answer) (all []string) {
	for _, a := range answers {
		all = append(all, a.Title)
	}
	return all
}

func links(taps []sandbox.Tap) (all []providers.Link) {
	for _, t := range taps {
		l := providers.Link{Type: providers.LinkReply, Title: t.Title, Value: t.Value}
		if t.Opens {
			l.Type = providers.LinkURL
		}
		all = append(all, l)
	}
	return all
}
