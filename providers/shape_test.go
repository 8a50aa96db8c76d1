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
	ask := func(replies ...string) Content {
		return Content{Kind: KindQuickReplies, QuickReplies: QuickReplies{Title: "?", Replies: replies}}
	}
	file := func(kind, url string) Content {
		return Content{Kind: KindAttachment, Attachment: Attachment{Type: kind, URL: url}}
	}
	name := Field{Name: "name", Type: FieldText, Label: "Name"}
	for _, tt := range []struct {
		name  string
		in    Content
		field string // "-" for no problem
		says  string
		index int // of an element, as people count
	}{
		{"text", Content{Kind: KindText}, "-", "", 0},
		{"list", list("compact", link(LinkReply, "yes")...), "-", "", 0},
		{"list without style", list(""), "-", "", 0},
		{"list in another style", list("tiny"), "style", `"tiny"`, 0},
		{"list without items", Content{Kind: KindList}, "", "item { ... }", 0},
		{"web link", list("", link(LinkURL, "https://a.example/b?c")...), "-", "", 0},
		{"mail link", list("", link(LinkURL, "mailto:a@b.example")...), "-", "", 0},
		{"phone link", list("", link(LinkURL, "tel:+441")...), "-", "", 0},
		{"link to nothing", list("", link(LinkURL, "b.example")...), "item[0].link[0].value", "https://example.com/page", 0},
		{"link by script", list("", link(LinkURL, "javascript:alert(1)")...), "item[0].link[0].value", "whole address", 0},
		{"mail to nobody", list("", link(LinkURL, "mailto:")...), "item[0].link[0].value", "whole address", 0},
		{"another link", list("", link("call", "x")...), "item[0].link[0].type", "url, reply", 0},
		{"cards", Content{Kind: KindCards, Cards: Cards{Cards: []Card{{Title: "a"}, {Links: link("call", "x")}}}}, "card[1].link[0].type", `"call"`, 0},
		{"no cards", Content{Kind: KindCards}, "", "card { ... }", 0},
		{"form", form(name, Field{Name: "plan", Type: FieldChoice, Label: "Plan", Options: []string{"gold"}}), "-", "", 0},
		{"no fields", form(), "", "field { ... }", 0},
		{"unknown field", form(Field{Name: "a", Type: "date"}), "field[0].type", "long_text", 0},
		{"choice of nothing", form(Field{Name: "a", Type: FieldChoice}), "field[0].options", "needs options", 0},
		{"options of a text", form(Field{Name: "a", Type: FieldText, Options: []string{"b"}}), "field[0].options", "choice", 0},
		{"one name twice", form(name, name), "field[1].name", `"name"`, 0},
		{"articles", Content{Kind: KindArticles, Articles: Articles{Title: "a", Articles: []Article{{Title: "b", URL: "http://c.example"}}}}, "-", "", 0},
		{"no articles", Content{Kind: KindArticles}, "", "article { ... }", 0},
		{"article at a mail address", Content{Kind: KindArticles, Articles: Articles{Articles: []Article{{URL: "mailto:a@b.example"}}}}, "article[0].url", "whole address", 0},
		{"text of bytes", Content{Kind: KindText, Text: "\xff"}, "text", "UTF-8", 0},
		{"native of bytes", Content{Kind: KindNative, Native: []byte("\"\xff\"")}, "native", "UTF-8", 0},
		{"question", ask("Yes", "No"), "-", "", 0},
		{"no replies", ask(), "replies", "at least one", 0},
		{"empty reply", ask("a", ""), "replies", "reply 2 of replies is empty", 2},
		{"reply of bytes", ask("\xff", "a"), "replies", "reply 1 of replies is", 1},
		{"empty option", form(Field{Name: "a", Type: FieldChoice, Options: []string{"a", "b", " "}}), "field[0].options", "option 3 of options is empty", 3},
		{"file", file("file", "https://a.example:8443/b%20c?d=é"), "-", "", 0},
		{"file of another type", file("gif", "https://a.example"), "type", `"gif"`, 0},
		{"file without a scheme", file("image", "a.example/b.png"), "url", "whole address", 0},
		{"file without a host", file("image", "https://:443/b.png"), "url", "whole address", 0},
		{"file by FTP", file("image", "ftp://a.example/b.png"), "url", "whole address", 0},
		{"file with a space", file("image", "https://a.example/b c.png"), "url", "without spaces", 0},
		{"file with a line break", file("image", "https://a.example/b\u2028"), "url", "without spaces", 0},
		{"file with a control character", file("image", "https://a.example/b\u0085"), "url", "without spaces", 0},
		{"file at port 0", file("image", "https://a.example:0/b"), "url", "whole address", 0},
		{"file at no port", file("image", "https://a.example:65536/b"), "url", "whole address", 0},
		{"file of bytes", file("image", "https://a.example/\xff"), "url", "UTF-8", 0},
		{"image of an item", Content{Kind: KindList, List: List{Items: []Item{{ImageURL: "a.png"}}}}, "item[0].image_url", "whole address", 0},
		{"image of a card", Content{Kind: KindCards, Cards: Cards{Cards: []Card{{}, {ImageURL: "a.png"}}}}, "card[1].image_url", "whole address", 0},
		{"mail link with a space", list("", link(LinkURL, "mailto:a b@c.example")...), "item[0].link[0].value", "whole address", 0},
	} {
		got := tt.in.Shape()
		switch {
		case tt.field == "-" && len(got) > 0:
			t.Errorf("%s: %+v", tt.name, got)
		case tt.field == "-":
		case len(got) != 1 || got[0].Field != tt.field || !strings.Contains(got[0].Detail, tt.says) || got[0].Index != tt.index-1 || got[0].Part != PartContent:
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
