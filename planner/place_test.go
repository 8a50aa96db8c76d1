package planner

import (
	"fmt"
	"testing"

	"herald/providers"
)

func TestPlaceOfAProblem(t *testing.T) {
	const address, option, whole = providers.PartAddress, providers.PartOption, -1
	for _, tt := range []struct {
		content string
		part    providers.Part
		field   string
		index   int
		want    string
		varies  bool
	}{
		{listContent, 0, "style", whole, "18:11", false},
		{listContent, 0, "item[0].title", whole, "20:17", true},
		{listContent, 0, "item[0].image_url", whole, "22:17", false},
		{listContent, 0, "item[0].link[0].value", whole, "26:15", true},
		{listContent, 0, "item[0].link[1].value", whole, "31:15", true}, // what it may be hangs on the type
		{listContent, 0, "item[0].link[1]", whole, "28:5", true},
		{listContent, 0, "item[0].link[2].value", whole, "19:3", true},
		{listContent, 0, "item[0].link[0].colour", whole, "23:5", true},
		{listContent, 0, "item[1].subtitle", whole, "34:3", false},
		{listContent, 0, "item[1].link", whole, "34:3", false},
		{listContent, 0, "item[1].link[0].title", whole, "34:3", false},
		{listContent, 0, "item[2].title", whole, "17:5", true},
		{listContent, 0, "item", whole, "17:5", true},
		{listContent, 0, "", whole, "17:5", true},
		{formContent, 0, "field[0].options", 1, "24:15", true}, // no literal list
		{formContent, 0, "field[1].options", whole, "30:15", true},
		{formContent, 0, "field[1].options", 0, "30:16", true},
		{formContent, 0, "field[1].options", 1, "30:23", true},
		{formContent, 0, "field[2].options", 1, "32:3", false},
		{formContent, 0, "field[2].required", whole, "36:16", false},
		{articlesContent, 0, "article[1].url", whole, "26:13", false},
		{articlesContent, 0, "article[1]", whole, "24:3", false},
		{articlesContent, 0, "article[0]", whole, "19:3", true},
		{`text = "Hi ${contact.name}"`, 0, "text", whole, "17:12", true},
		{`text = "Hi"`, 0, "", whole, "17:5", false},
		{`native = { a = { b = contact.name } }`, 0, "native", whole, "17:14", true},
		{`native = { a = { b = contact.name } }`, 0, "native.a.b", whole, "17:14", true},
		{"text = \"Hi\"\nchat {\n priority = 3\n quiet = contact.must\n}", option, "priority", whole, "19:13", false},
		{"text = \"Hi\"\nchat {\n priority = 3\n quiet = contact.must\n}", option, "colour", whole, "16:3", true},
		{`text = "Hi"`, option, "priority", whole, "16:3", false},
		{`text = "Hi"`, address, "to", whole, "12:14", true},
		{`text = "Hi"`, address, "box", whole, "9:1", true},
	} {
		c := campaign(t, richCampaign(tt.content, richPeople))
		m, diags := newMessage(c.Sequences[0].Messages[0], accounts(c)["chat"], new(digest))
		if diags.HasErrors() {
			t.Fatal(said(diags))
		}
		at, varies := m.at(providers.Problem{Part: tt.part, Field: tt.field, Index: tt.index})
		if got := fmt.Sprintf("%d:%d", at.Start.Line, at.Start.Column); got != tt.want || varies != tt.varies {
			t.Errorf("%d %q [%d]: %s, varies %v; want %s, %v", tt.part, tt.field, tt.index, got, varies, tt.want, tt.varies)
		}
	}
}
