package providers

import (
	"strings"
	"testing"
)

func TestShape(t *testing.T) {
	link := func(kind, value string) []Link { return []Link{{Type: kind, Title: "Go", Value: value}} }
	list := func(style string, links ...Link) Content {
		return Content{Kind: KindList, List: List{Style: style, Items: []Item{{Title: "a", Links: links}}}}
	}
	form := func(fields ...Field) Content { return Content{Kind: KindForm, Form: Form{Fields: fields}} }
	name := Field{Name: "name", Type: FieldText, Label: "Name"}
	for _, tt := range []struct {
		name  string
		in    Content
		field string // "-" for no problem
		says  string
	}{
		{"text", Content{Kind: KindText}, "-", ""},
		{"list", list("compact", link(LinkReply, "yes")...), "-", ""},
		{"list without style", list(""), "-", ""},
		{"list in another style", list("tiny"), "style", `"tiny"`},
		{"list without items", Content{Kind: KindList}, "", "item { ... }"},
		{"web link", list("", link(LinkURL, "https://a.example/b?c")...), "-", ""},
		{"mail link", list("", link(LinkURL, "mailto:a@b.example")...), "-", ""},
		{"phone link", list("", link(LinkURL, "tel:+441")...), "-", ""},
		{"link to nothing", list("", link(LinkURL, "b.example")...), "item[0].link[0].value", "https://example.com/page"},
		{"link by script", list("", link(LinkURL, "javascript:alert(1)")...), "item[0].link[0].value", "whole address"},
		{"mail to nobody", list("", link(LinkURL, "mailto:")...), "item[0].link[0].value", "whole address"},
		{"another link", list("", link("call", "x")...), "item[0].link[0].type", "url, reply"},
		{"cards", Content{Kind: KindCards, Cards: Cards{Cards: []Card{{Title: "a"}, {Links: link("call", "x")}}}}, "card[1].link[0].type", `"call"`},
		{"no cards", Content{Kind: KindCards}, "", "card { ... }"},
		{"form", form(name, Field{Name: "plan", Type: FieldChoice, Label: "Plan", Options: []string{"gold"}}), "-", ""},
		{"no fields", form(), "", "field { ... }"},
		{"unknown field", form(Field{Name: "a", Type: "date"}), "field[0].type", "long_text"},
		{"choice of nothing", form(Field{Name: "a", Type: FieldChoice}), "field[0].options", "needs options"},
		{"options of a text", form(Field{Name: "a", Type: FieldText, Options: []string{"b"}}), "field[0].options", "choice"},
		{"one name twice", form(name, name), "field[1].name", `"name"`},
		{"articles", Content{Kind: KindArticles, Articles: Articles{Title: "a", Articles: []Article{{Title: "b", URL: "http://c.example"}}}}, "-", ""},
		{"no articles", Content{Kind: KindArticles}, "", "article { ... }"},
		{"article at a mail address", Content{Kind: KindArticles, Articles: Articles{Articles: []Article{{URL: "mailto:a@b.example"}}}}, "article[0].url", "whole address"},
	} {
		got := tt.in.Shape()
		switch {
		case tt.field == "-" && len(got) > 0:
			t.Errorf("%s: %+v", tt.name, got)
		case tt.field == "-":
		case len(got) != 1 || got[0].Field != tt.field || !strings.Contains(got[0].Detail, tt.says) || got[0].Index != -1 || got[0].Part != PartContent:
			t.Errorf("%s: %+v, want one at %q that says %q", tt.name, got, tt.field, tt.says)
		}
	}
}

func TestShapeQuotes(t *testing.T) {
	for _, p := range (Content{Kind: KindForm, Form: Form{Fields: []Field{{Type: "\x1b[31m"}}}}).Shape() {
		if strings.Contains(p.Detail, "\x1b") {
			t.Errorf("%q", p.Detail)
		}
	}
}
