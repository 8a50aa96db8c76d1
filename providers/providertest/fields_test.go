package providertest

import (
	"testing"

	"herald/providers"
)

// A problem may point at what its message has, and at nothing else.
func TestPlaced(t *testing.T) {
	facts := providers.Facts{
		Address: []providers.Attribute{{Name: "to"}, {Name: "person.email"}},
		Options: []providers.Attribute{{Name: "silent"}},
	}
	of := func(kind providers.Kind) providers.Message { return providers.Message{Content: plain(kind)} }
	choice := of(providers.KindForm)
	choice.Content.Form.Fields[0].Options = []string{"Yes", "No"}
	for _, tt := range []struct {
		message providers.Message
		part    providers.Part
		field   string
		index   int
		ok      bool
	}{
		{of(providers.KindText), providers.PartContent, "", -1, true},
		{of(providers.KindText), providers.PartContent, "text", -1, true},
		{of(providers.KindText), providers.PartContent, "text", 0, false},
		{of(providers.KindText), providers.PartContent, "title", -1, false},
		{of(providers.KindText), providers.PartContent, "text.", -1, false},
		{of(providers.KindNative), providers.PartContent, "native", -1, true},
		{of(providers.KindAttachment), providers.PartContent, "url", -1, true},
		{of(providers.KindQuickReplies), providers.PartContent, "replies", -1, true},
		{of(providers.KindQuickReplies), providers.PartContent, "replies", 0, true},
		{of(providers.KindQuickReplies), providers.PartContent, "replies", 1, false},
		{of(providers.KindQuickReplies), providers.PartContent, "replies", -2, false},
		{of(providers.KindList), providers.PartContent, "style", -1, true},
		{of(providers.KindList), providers.PartContent, "item[0].link[0].value", -1, true},
		{of(providers.KindList), providers.PartContent, "item[1]", -1, false},
		{of(providers.KindCards), providers.PartContent, "card[0]", -1, true},
		{of(providers.KindCards), providers.PartContent, "card[0].link[1].value", -1, false},
		{of(providers.KindCards), providers.PartContent, "card.title", -1, false},
		{of(providers.KindCards), providers.PartContent, "item[0].title", -1, false},
		{choice, providers.PartContent, "field[0].options", 1, true},
		{choice, providers.PartContent, "field[0].options", 2, false},
		{of(providers.KindArticles), providers.PartContent, "article[0].url", -1, true},
		{of("song"), providers.PartContent, "", -1, true},
		{of(providers.KindText), providers.PartAddress, "to", -1, true},
		{of(providers.KindText), providers.PartAddress, "person", -1, true},
		{of(providers.KindText), providers.PartAddress, "person.email", -1, true},
		{of(providers.KindText), providers.PartAddress, "person.phone", -1, false},
		{of(providers.KindText), providers.PartAddress, "silent", -1, false},
		{of(providers.KindText), providers.PartOption, "silent", -1, true},
		{of(providers.KindText), providers.PartOption, "silent", 0, false},
		{of(providers.KindText), 7, "", -1, false},
	} {
		err := placed(facts, tt.message, providers.Problem{Part: tt.part, Field: tt.field, Index: tt.index})
		if (err == nil) != tt.ok {
			t.Errorf("%s, part %d, field %q, index %d: %v", tt.message.Content.Kind, tt.part, tt.field, tt.index, err)
		}
	}
}
