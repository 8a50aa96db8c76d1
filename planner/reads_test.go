package planner

import (
	"encoding/json"
	"testing"

	"herald/providers"
)

func TestReads(t *testing.T) {
	for _, tt := range []struct {
		content providers.Content
		want    string
	}{
		{providers.Content{Kind: providers.KindText, Text: "Hi\nAda"}, "Hi\nAda"},
		{providers.Content{Kind: providers.KindAttachment, Attachment: providers.Attachment{Type: "image", URL: "u"}}, "image u"},
		{providers.Content{Kind: providers.KindQuickReplies, QuickReplies: providers.QuickReplies{Title: "Renew?", Replies: []string{"Yes", "No"}}}, "Renew? [Yes] [No]"},
		{fullList(), "A – B [D] [F] | H – I [K]"},
		{providers.Content{Kind: providers.KindList, List: providers.List{Items: []providers.Item{{Title: "A"}, {Subtitle: "B"}}}}, "A | B"},
		{fullCards(), "T: A – B [D] [F] | H – I [K]"},
		{providers.Content{Kind: providers.KindCards, Cards: providers.Cards{Cards: []providers.Card{{Title: "A", ImageURL: "u"}}}}, "A"},
		{fullForm(), "T: B [C] [D] | F [G]"},
		{providers.Content{Kind: providers.KindForm, Form: providers.Form{Fields: []providers.Field{{Label: "A"}}}}, "A"},
		{fullArticles(), "T: A | D"},
		{providers.Content{Kind: providers.KindNative, Native: json.RawMessage(`{"b": "<\u00fc", "a": [1.50]}`)}, `{"a":[1.50],"b":"<ü"}`},
		{providers.Content{Kind: providers.KindNative, Native: json.RawMessage(`{`)}, "{"},
	} {
		if got := reads(&tt.content); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.content.Kind, got, tt.want)
		}
	}
}
