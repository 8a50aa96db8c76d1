package cli

import (
	"encoding/json"

	"herald/providers"
	"herald/providers/sandbox"
)

// witnessSamples are contents of one kind.
func witnessSamples(vendor string, kind providers.Kind) []providers.Content {
	var all []providers.Content
	switch kind {
	case providers.KindText:
		all = []providers.Content{{Text: "Hi Ada: “quotes”, 100 %, שלום 🎉"}}
	case providers.KindQuickReplies:
		all = []providers.Content{{QuickReplies: providers.QuickReplies{Title: "Which colour?", Replies: []string{"Black", "Blue"}}}}
	case providers.KindCards:
		links := []providers.Link{
			{Type: providers.LinkURL, Title: "See", Value: "https://example.com"},
			{Type: providers.LinkReply, Title: "More", Value: "more"},
		}
		all = []providers.Content{
			{Cards: providers.Cards{Title: "Our shoes", Cards: []providers.Card{
				{Title: "Red", Description: "For running", ImageURL: "https://example.com/red.png", Links: links},
				{Title: "Blue", Description: "For walking", ImageURL: "https://example.com/blue.png", Links: links[:1]},
			}}},
			{Cards: providers.Cards{Title: "Our best", Cards: []providers.Card{
				{Title: "Green", Description: "For rain", ImageURL: "https://example.com/green.png", Links: links[1:]},
			}}},
		}
	case providers.KindForm:
		all = []providers.Content{{Form: providers.Form{Title: "Tell us", Fields: []providers.Field{
			{Name: "name", Type: providers.FieldText, Label: "Name", Required: true},
			{Name: "story", Type: providers.FieldLongText, Label: "Story"},
			{Name: "mail", Type: providers.FieldEmail, Label: "Email"},
			{Name: "size", Type: providers.FieldChoice, Label: "Size", Options: []string{"S", "M"}},
		}}}}
	case providers.KindArticles:
		all = []providers.Content{{Articles: providers.Articles{Title: "Help", Articles: []providers.Article{
			{Title: "Start", Description: "How to begin", URL: "https://example.com/start"},
		}}}}
	case providers.KindNative:
		for _, raw := range witnessNative(vendor) {
			all = append(all, providers.Content{Native: json.RawMessage(raw)})
		}
	}
	for i := range all {
		all[i].Kind = kind
	}
	return all
}

// witnessNative are messages as the vendor writes them.
func witnessNative(vendor string) []string {
	both := []string{
		`{"content":"native"}`,
		`{"content":"Pick one","content_type":"input_select","content_attributes":{"items":[{"title":"A","value":"a"}]}}`,
		`{"content":"Look","content_type":"cards","content_attributes":{"items":[{"title":"a","description":"b","media_url":"https://example.com/a.png",` +
			`"actions":[{"type":"link","text":"go","uri":"https://example.com"},{"type":"postback","text":"more","payload":"MORE"}]}]}}`,
		`{"content":"Tell us","content_type":"form","content_attributes":{"items":[{"name":"email","type":"email","label":"Email","required":true},` +
			`{"name":"size","type":"select","label":"Size","options":[{"label":"Small","value":"S"}]}]}}`,
	}
	if vendor != sandbox.Chatwoot {
		return both
	}
	return append(both,
		`{"content":"Read","content_type":"article","content_attributes":{"items":[{"title":"a","description":"b","link":"https://example.com"}]}}`,
		`{"content":"Your address?","content_type":"input_email"}`,
		`{"content":"Hello","campaign_id":3,"template_params":{"name":"hello","category":"MARKETING","language":"en","processed_params":{"body":{"1":"Ada"}}}}`,
		`{"content":"Hello","template_params":{"name":"hello"}}`,
	)
}
