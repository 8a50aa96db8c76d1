package planner

import (
	"reflect"
	"strings"
	"testing"

	"herald/providers"
)

// What is the same for everyone is judged though the rest is not known, and placeholders are never at fault.
func TestSketchOfRichContent(t *testing.T) {
	const long = `"123456789012345678901"`
	for _, tt := range []struct {
		name, content string
		old, new      string // replaced in content
		want          string // "" for nothing
	}{
		{name: "list", content: listContent},
		{name: "cards", content: cardsContent},
		{name: "form", content: formContent},
		{name: "articles", content: articlesContent},
		{"constant title", listContent, `"Second"`, long, "main.hcl:35:13 Title too long: "},
		{"constant title of a link", listContent, `"Go"`, long, "main.hcl:25:15 Title too long: "},
		{"title of some people", listContent, `"For ${contact.name}"`, `"1234567890123456789012345 ${contact.name}"`, ""},
		{"style of some people", listContent, `"compact"`, "contact.style", ""},
		{"value of a link to open", listContent, `"https://example.com/${contact.id}"`, `"here"`, "main.hcl:26:15 No address of a page: "},
		{"value of a link whose type is not known", listContent, `"https://example.com/b"`, `"here"`, ""},
		{"value of a link to answer with", cardsContent, `value = contact.name`, `value = "Yes"`, ""},
		{"value and type of some people", listContent, `"https://example.com/b"`, "contact.name", ""},
		{"options of a type that is not known", formContent, `"email"`, "contact.link", ""},
		{"options beside a type that is not known", formContent, "type    = \"choice\"\n    label   = \"When?\"", "type    = contact.link\n    label   = \"When?\"", ""},
		{"literal option beside one of some people", formContent, `"Now"`, long, "main.hcl:30:16 Option too long: "},
		{"option of some people beside a literal one", formContent, `"Now"`, `"text"`, ""},
		{"fields named by some people", formContent, `"when"`, "contact.name", ""},
		{"field with the name of a placeholder", formContent, `"when"`, `"text"`, ""},
		{"required of some people", formContent, "= true", "= contact.must", ""},
		{"address of a page", articlesContent, `"https://example.com/b"`, `"here"`, "main.hcl:26:13 No address of a page: "},
		{"address of a page of some people", articlesContent, `"https://example.com/b"`, `contact.link`, ""},
		{"block that lacks another", cardsContent, "    link {\n      type  = \"reply\"\n      title = \"Yes\"\n      value = contact.name\n    }\n", "", "main.hcl:18:3 Card without links: "},
		{"all of the content", "cards {\n" + strings.Repeat("  card {\n title = contact.name\n image_url = contact.image\n link {\n type = \"reply\"\n title = \"A\"\n value = \"A\"\n}\n}\n", 3) + "}", "", "",
			"main.hcl:17:5 Too many cards: "},
		{"warning of what is not given", cardsContent, "    image_url   = contact.image\n", "", "main.hcl:18:3 (warning) No picture: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			content := strings.Replace(tt.content, tt.old, tt.new, 1)
			if tt.old != "" && content == tt.content {
				t.Fatalf("the content has no %s", tt.old)
			}
			c := campaign(t, richCampaign(content, ""))
			got := said(Check(c, accounts(c)))
			switch {
			case tt.want == "" && len(got) > 0:
				t.Errorf("got %q", got)
			case tt.want != "" && (len(got) != 1 || !strings.HasPrefix(got[0], tt.want)):
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// A warning is said once: for all when it is of all, else with the people whom it is about.
func TestWarningsOfRichContent(t *testing.T) {
	const without = "    image_url   = contact.image\n"
	m := good(t, input(campaign(t, richCampaign(strings.Replace(cardsContent, without, "", 1), richPeople))))
	equal(t, "of all", said(m.diags), []string{"main.hcl:18:3 (warning) No picture: It has no image_url."})
	m = good(t, input(campaign(t, richCampaign(cardsContent, richPeople))))
	equal(t, "of some", said(m.diags), []string{"main.hcl:18:3 (warning) No picture: It has no image_url.\n\nFor 2 people:\n  \"c2\" (people.jsonl:2)\n  \"c3\" (people.jsonl:3)"})
	all := strings.ReplaceAll(cardsContent, without, "")
	for _, varying := range []string{"contact.name", "contact.more"} {
		all = strings.ReplaceAll(all, varying, `"x"`)
	}
	m = good(t, input(campaign(t, richCampaign(all, richPeople))))
	equal(t, "without anything of some", said(m.diags), []string{"main.hcl:18:3 (warning) No picture: It has no image_url."})
}

// Placeholders are good by themselves, so that a provider that stops at the first problem finds those of the author.
func TestPlaceholdersAreGood(t *testing.T) {
	image := providers.Content{Kind: providers.KindAttachment, Attachment: providers.Attachment{Type: "image", URL: "https://example.com/image.png"}}
	for content, want := range map[string]providers.Content{
		listContent: {Kind: providers.KindList, List: providers.List{Style: "compact", Items: []providers.Item{
			{Title: "text", Subtitle: "text", ImageURL: "https://example.com/a.png", Links: []providers.Link{
				{Type: "url", Title: "Go", Value: image.Attachment.URL}, {Type: "reply", Title: "text", Value: "https://example.com/b"}}},
			{Title: "Second"}}}},
		cardsContent: {Kind: providers.KindCards, Cards: providers.Cards{Cards: []providers.Card{
			{Title: "text", Description: "text", ImageURL: image.Attachment.URL, Links: []providers.Link{{Type: "reply", Title: "Yes", Value: "text"}}}}}},
		formContent: {Kind: providers.KindForm, Form: providers.Form{Title: "text", Fields: []providers.Field{
			{Name: "text", Type: "choice", Label: "text", Options: []string{"text"}},
			{Name: "when", Type: "choice", Label: "When?", Options: []string{"Now", "text"}},
			{Name: "mail", Type: "email", Label: "Mail", Required: true}}}},
		articlesContent: {Kind: providers.KindArticles, Articles: providers.Articles{Title: "Help", Articles: []providers.Article{
			{Title: "text", Description: "text", URL: image.Attachment.URL}, {Title: "Second", URL: "https://example.com/b"}}}},
		"attachment {\n type = contact.link\n url = contact.image\n}":                         image,
		"quick_replies {\n title = contact.name\n replies = contact.plans\n}":                 {Kind: providers.KindQuickReplies, QuickReplies: providers.QuickReplies{Title: "text", Replies: []string{"text"}}},
		"quick_replies {\n title = \"A\"\n replies = [contact.name, \"text\", contact.id]\n}": {Kind: providers.KindQuickReplies, QuickReplies: providers.QuickReplies{Title: "A", Replies: []string{"text2", "text", "text3"}}},
		"text = contact.name": {Kind: providers.KindText, Text: "text"},
	} {
		c := campaign(t, richCampaign(content, ""))
		m, diags := newMessage(c.Sequences[0].Messages[0], accounts(c)["chat"], new(digest))
		if diags.HasErrors() {
			t.Fatal(said(diags))
		}
		sketch, _, ok := (&checker{campaign: c}).sketch(m)
		if !ok || !reflect.DeepEqual(sketch.Content, want) {
			t.Errorf("%+v, want %+v", sketch.Content, want)
		}
		if problems := want.Shape(); len(problems) > 0 {
			t.Errorf("%+v", problems)
		}
	}
}

// A sketch leaves nothing in what people get.
func TestSketchIsApart(t *testing.T) {
	c := campaign(t, richCampaign(formContent, ""))
	k := &checker{campaign: c, said: map[string]bool{}}
	m := k.message(c.Sequences[0].Messages[0], accounts(c)["chat"])
	field := providers.Field{Type: "choice"}
	if got := m.content.Form.Fields[0]; got.Name != field.Name || got.Type != field.Type || len(got.Options) > 0 {
		t.Errorf("%+v", got)
	}
	sketch, unknown, ok := k.sketch(m)
	if got := sketch.Content.Form.Fields; !ok || got[0].Name == "" || got[0].Name == got[1].Name || len(got[0].Options) != 1 || got[2].Name != "mail" {
		t.Errorf("%+v", got)
	}
	for path, want := range map[string]bool{"title": true, "field[0].name": true, "field[0].type": false, "field[0].options": true,
		"field[0].required": true, "field[1].name": false, "field[1].options": false, "": false, "field[0]": false} {
		if got := unknown.covers(providers.Problem{Field: path, Index: -1}); got != want {
			t.Errorf("%q is covered: %v", path, got)
		}
	}
}
