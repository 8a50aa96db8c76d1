package avaamo

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"herald/providers"
	"herald/providers/providertest"
)

// long is a text of that many characters, most of more than one byte.
func long(n int) string { return strings.Repeat("é", n-1) + "😀" }

// linkTo is an address of that many characters.
func linkTo(n int) string { return "https://example.com/" + strings.Repeat("a", n-20) }

func item1() providers.Item { return providers.Item{Title: "A", Links: reply("Go", "go")} }

func field1(i int) providers.Field {
	return providers.Field{Name: fmt.Sprint("f", i), Type: "text", Label: "A"}
}

// Each limit, tried at its edge: what it allows renders, one more is refused where it stands.
func TestLimits(t *testing.T) {
	card := func(c providers.Card) providers.Message { return cards("", c) }
	one := func(f providers.Field) providers.Message { return form("", f) }
	for _, tt := range []struct {
		field string
		index int
		most  int
		make  func(n int) providers.Message
	}{
		{"title", -1, 191, func(n int) providers.Message { return question(long(n), "a") }},
		{"replies", 1, 191, func(n int) providers.Message { return question("?", "a", long(n)) }},
		{"item[0].title", -1, 191, func(n int) providers.Message { i := item1(); i.Title = long(n); return rows("", i) }},
		{"item[1].subtitle", -1, 191, func(n int) providers.Message {
			i := item1()
			i.Subtitle = long(n)
			return rows("", item1(), i)
		}},
		{"item[3].link[0].title", -1, 191, func(n int) providers.Message {
			i := item1()
			i.Links = reply(long(n), "go")
			return rows("", item1(), item1(), item1(), i)
		}},
		{"item[0].link[1].value", -1, 191, func(n int) providers.Message {
			i := item1()
			i.Links = append(i.Links, reply("Go", long(n))...)
			return rows("", i)
		}},
		{"item[0].link[0].value", -1, 191, func(n int) providers.Message {
			i := item1()
			i.Links = page("Go", linkTo(n))
			return rows("", i)
		}},
		{"item[50]", -1, 50, func(n int) providers.Message { return rows("", slices.Repeat([]providers.Item{item1()}, n)...) }},
		{"title", -1, 191, func(n int) providers.Message { return cards(long(n), providers.Card{Title: "A"}) }},
		{"card[0].title", -1, 191, func(n int) providers.Message { return card(providers.Card{Title: long(n)}) }},
		{"card[0].image_url", -1, 191, func(n int) providers.Message { return card(providers.Card{ImageURL: linkTo(n)}) }},
		{"item[0].image_url", -1, 191, func(n int) providers.Message { i := item1(); i.ImageURL = linkTo(n); return rows("", i) }},
		{"card[0].description", -1, 60000, func(n int) providers.Message { return card(providers.Card{Description: long(n)}) }},
		{"card[1].description", -1, 60000, func(n int) providers.Message {
			return cards("", providers.Card{Title: "A"}, providers.Card{Description: long(n)})
		}},
		{"card[0].link[0].title", -1, 191, func(n int) providers.Message { return card(providers.Card{Links: page(long(n), linkTo(30))}) }},
		{"card[0].link[0].value", -1, 191, func(n int) providers.Message { return card(providers.Card{Links: page("Go", linkTo(n))}) }},
		{"card[0].link[0].value", -1, 191, func(n int) providers.Message {
			return card(providers.Card{Links: page("Write", "mailto:"+strings.Repeat("a", n-9)+"@b")})
		}},
		{"title", -1, 191, func(n int) providers.Message { return form(long(n), field1(0)) }},
		{"field[0].label", -1, 191, func(n int) providers.Message {
			return one(providers.Field{Name: "a", Type: "long_text", Label: long(n)})
		}},
		{"field[0].name", -1, 191, func(n int) providers.Message {
			return one(providers.Field{Name: long(n), Type: "email", Label: "A"})
		}},
		{"field[0].options", 1, 191, func(n int) providers.Message {
			return one(providers.Field{Name: "a", Type: "choice", Label: "A", Options: []string{"a", long(n)}})
		}},
		{"field[25]", -1, 25, func(n int) providers.Message {
			fields := make([]providers.Field, n)
			for i := range fields {
				fields[i] = field1(i)
			}
			return form("", fields...)
		}},
	} {
		p := account{bot: 1}
		if r, problems := p.Render(tt.make(tt.most)); providers.Failed(problems) || len(r.Body) < tt.most {
			t.Errorf("%s at %d: %+v", tt.field, tt.most, problems)
		}
		r, problems := p.Render(tt.make(tt.most + 1))
		if len(problems) != 1 || r.Body != nil {
			t.Errorf("%s at %d: %+v", tt.field, tt.most+1, problems)
			continue
		}
		got := problems[0]
		if got.Part != providers.PartContent || got.Field != tt.field || got.Index != tt.index || got.Warning ||
			!strings.Contains(got.Detail, fmt.Sprint(tt.most+1)) || !strings.Contains(got.Detail, fmt.Sprintf("allows %d", tt.most)) {
			t.Errorf("%s at %d: %+v", tt.field, tt.most+1, got)
		}
	}
}

// The same for native content: what stands in %s is one more than, or as much as, Avaamo allows.
func TestNativeLimits(t *testing.T) {
	for _, tt := range []struct {
		at   string
		most int
		raw  string
	}{
		{"quick_reply.content", 191, `{"quick_reply":{"content":"%s","links":[]}}`},
		{"quick_reply.links[0].title", 191, `{"quick_reply":{"links":[{"title":"%s"}]}}`},
		{"quick_reply.links[1].value", 191, `{"quick_reply":{"links":[{},{"value":"%s"}]}}`},
		{"quick_reply.links[0].hidden_content", 191, `{"quick_reply":{"links":[{"hidden_content":"%s"}]}}`},
		{"list_view.items[0].title", 191, `{"list_view":{"items":[{"title":"%s"}]}}`},
		{"list_view.items[0].image_path", 191, `{"list_view":{"items":[{"image_path":"%s"}]}}`},
		{"list_view.items[0].subtitle", 191, `{"list_view":{"items":[{"subtitle":"%s"}]}}`},
		{"list_view.items[1].links[0].url", 191, `{"list_view":{"items":[{},{"links":[{"url":"%s"}]}]}}`},
		{"list_view.items[0].links[0].srcdoc", 65000, `{"list_view":{"items":[{"links":[{"srcdoc":"%s"}]}]}}`},
		{"card.title", 191, `{"card":{"title":"%s"}}`},
		{"card.showcase_image_path", 191, `{"card":{"showcase_image_path":"%s"}}`},
		{"card.notification_message", 191, `{"card":{"notification_message":"%s"}}`},
		{"card.description", 60000, `{"card":{"description":"%s"}}`},
		{"card.links[0].format", 191, `{"card":{"links":[{"format":"%s"}]}}`},
		{"card.inputs[0].title", 191, `{"card":{"inputs":[{"title":"%s"}]}}`},
		{"card.inputs[0].uuid", 191, `{"card":{"inputs":[{"uuid":"%s"}]}}`},
		{"card.inputs[0].hint", 191, `{"card":{"inputs":[{"hint":"%s"}]}}`},
		{"card.inputs[0].default_value", 191, `{"card":{"inputs":[{"type":"single_line_text","default_value":"%s"}]}}`},
		{"card.inputs[0].default_value", 60000, `{"card":{"inputs":[{"type":"data_capture","default_value":"%s"}]}}`},
		{"card.inputs[0].options[1]", 191, `{"card":{"inputs":[{"options":["a","%s"]}]}}`},
		{"card.inputs[0].options[0].option", 191, `{"card":{"inputs":[{"options":[{"uuid":"a","option":"%s"}]}]}}`},
		{"carousel.title", 191, `{"carousel":{"title":"%s","cards":[{"card":{}}]}}`},
		{"carousel.cards[1].card.title", 191, `{"carousel":{"cards":[{"card":{}},{"card":{"title":"%s"}}]}}`},
	} {
		nativeLimit(t, tt.at, tt.most, func(n int) string { return fmt.Sprintf(tt.raw, long(n)) })
	}
	nativeLimit(t, "list_view.items", 50, func(n int) string { return `{"list_view":{"items":[{}` + strings.Repeat(",{}", n-1) + `]}}` })
	nativeLimit(t, "card.inputs", 25, func(n int) string { return `{"card":{"inputs":[{}` + strings.Repeat(",{}", n-1) + `]}}` })
	// Avaamo says nothing of the number of cards, links and options.
	for _, free := range []string{
		`{"carousel":{"cards":[{"card":{}}` + strings.Repeat(`,{"card":{}}`, 99) + `]}}`,
		`{"card":{"links":[{}` + strings.Repeat(",{}", 99) + `]}}`,
		`{"card":{"inputs":[{"options":["a"` + strings.Repeat(`,"b"`, 99) + `]}]}}`,
	} {
		if _, problems := (&account{bot: 1}).Render(own(free)); len(problems) > 0 {
			t.Errorf("%.60s: %+v", free, problems)
		}
	}
}

func nativeLimit(t *testing.T, at string, most int, raw func(n int) string) {
	t.Helper()
	p := account{bot: 1}
	if _, problems := p.Render(own(raw(most))); len(problems) > 0 {
		t.Errorf("%s at %d: %+v", at, most, problems)
	}
	_, problems := p.Render(own(raw(most + 1)))
	if len(problems) != 1 || problems[0].Warning || problems[0].Field != "native" || problems[0].Index != -1 ||
		!strings.HasPrefix(problems[0].Detail, at+" has ") || !strings.Contains(problems[0].Detail, fmt.Sprintf("has %d ", most+1)) ||
		!strings.Contains(problems[0].Detail, fmt.Sprintf("allows %d", most)) {
		t.Errorf("%s at %d: %+v", at, most+1, problems)
	}
}

func wrongTyped() []providertest.Wrong {
	item := func(change func(*providers.Item)) providers.Message {
		i := item1()
		change(&i)
		return rows("", item1(), i)
	}
	field := func(change func(*providers.Field)) providers.Message {
		f := field1(1)
		change(&f)
		return form("", field1(0), f)
	}
	card := func(c providers.Card) providers.Message { return cards("", providers.Card{Title: "A"}, c) }
	option := func(locale string) providertest.Wrong {
		return providertest.Wrong{Name: "locale " + locale, Message: in(words("Hi"), locale), Part: providers.PartOption, Field: "force_locale", Says: "BCP 47"}
	}
	address := func(uuid, says string) providertest.Wrong {
		return providertest.Wrong{Name: fmt.Sprintf("uuid %q", uuid), Message: addressed(uuid), Part: providers.PartAddress, Field: "uuid", Says: says}
	}
	all := []providertest.Wrong{
		address("", "it is empty here"), address(" \t", "it is empty here"), address("a\nb", `"a\nb"`), address("a b", "spaces"), address("https://cx.avaamo.com/conversations/1faa40c8", "only the uuid"), address("conversations/1faa40c8", "only the uuid"), address("a\x00", "cannot be seen"),
		address("a\u200b", "cannot be seen"), address("\xff", "UTF-8"),
		option("en_US"), option("english!"), option(" "), option("e\xff"), option("xx-yyyyyyyyyy"),
		{Name: "no text", Message: words(" \n"), Field: "text", Says: "empty"},
		{Name: "text of bytes", Message: words("\xff\x1b"), Field: "text", Says: "UTF-8"},
		{Name: "no title", Message: question("", "a"), Field: "title", Says: "empty"},
		{Name: "no replies", Message: question("?"), Field: "replies", Says: "at least one"},
		{Name: "empty reply", Message: question("?", "a", " "), Field: "replies", Index: 1, Says: "reply 2 of replies is empty"},
		{Name: "reply of bytes", Message: question("?", "\xff"), Field: "replies", Index: 0, Says: "UTF-8"},

		{Name: "no items", Message: rows(""), Field: "", Says: "item"},
		{Name: "style", Message: rows("huge", item1()), Field: "style", Says: `"huge"`},
		{Name: "no title of an item", Message: item(func(i *providers.Item) { i.Title = "" }), Field: "item[1].title", Says: "title is empty"},
		{Name: "blank subtitle", Message: item(func(i *providers.Item) { i.Subtitle = " " }), Field: "item[1].subtitle", Says: "empty"},
		{Name: "subtitle of bytes", Message: item(func(i *providers.Item) { i.Subtitle = "\xff" }), Field: "item[1].subtitle", Says: "UTF-8"},
		{Name: "half an image", Message: item(func(i *providers.Item) { i.ImageURL = "/a.png" }), Field: "item[1].image_url", Says: `"/a.png"`},
		{Name: "image of bytes", Message: item(func(i *providers.Item) { i.ImageURL = "https://a.example/\xff" }), Field: "item[1].image_url", Says: "UTF-8"},
		{Name: "no link", Message: item(func(i *providers.Item) { i.Links = nil }), Field: "item[1]", Says: "without a link"},
		{Name: "type of link", Message: item(func(i *providers.Item) { i.Links[0].Type = "call" }), Field: "item[1].link[0].type", Says: `"call"`},
		{Name: "no title of a link", Message: item(func(i *providers.Item) { i.Links[0].Title = "" }), Field: "item[1].link[0].title", Says: "empty"},
		{Name: "no value of a reply", Message: item(func(i *providers.Item) { i.Links[0].Value = "" }), Field: "item[1].link[0].value", Says: "value is empty"},
		{Name: "half a link", Message: item(func(i *providers.Item) { i.Links = page("Go", "example.com") }), Field: "item[1].link[0].value", Says: `"example.com"`},
		{Name: "no page", Message: item(func(i *providers.Item) { i.Links = page("Go", "") }), Field: "item[1].link[0].value", Says: `""`},
		{Name: "page of bytes", Message: item(func(i *providers.Item) { i.Links = page("Go", "https://a.example/\xff") }), Field: "item[1].link[0].value", Says: "UTF-8"},
		{Name: "mail of bytes", Message: item(func(i *providers.Item) { i.Links = page("Go", "mailto:a\xff") }), Field: "item[1].link[0].value", Says: "UTF-8"},

		{Name: "no cards", Message: cards("T"), Field: "", Says: "card"},
		{Name: "blank title of cards", Message: cards(" ", providers.Card{Title: "A"}), Field: "title", Says: "empty"},
		{Name: "empty card", Message: card(providers.Card{}), Field: "card[1]", Says: "nothing to show"},
		{Name: "blank title of a card", Message: card(providers.Card{Title: " "}), Field: "card[1].title", Says: "empty"},
		{Name: "description of bytes", Message: card(providers.Card{Description: "\xff"}), Field: "card[1].description", Says: "UTF-8"},
		{Name: "image of a card", Message: card(providers.Card{ImageURL: "data:image/png;base64,AAAA"}), Field: "card[1].image_url", Says: "data:"},
		{Name: "link of a card", Message: card(providers.Card{Links: page("", "https://a.example")}), Field: "card[1].link[0].title", Says: "empty"},

		{Name: "no fields", Message: form("T"), Field: "", Says: "field"},
		{Name: "blank title of a form", Message: form(" ", field1(0)), Field: "title", Says: "empty"},
		{Name: "type of field", Message: field(func(f *providers.Field) { f.Type = "date" }), Field: "field[1].type", Says: `"date"`},
		{Name: "no label", Message: field(func(f *providers.Field) { f.Label = "" }), Field: "field[1].label", Says: "label is empty"},
		{Name: "no name", Message: field(func(f *providers.Field) { f.Name = "" }), Field: "field[1].name", Says: "name is empty"},
		{Name: "name twice", Message: field(func(f *providers.Field) { f.Name = "f0" }), Field: "field[1].name", Says: `"f0"`},
		{Name: "no options", Message: field(func(f *providers.Field) { f.Type = "choice" }), Field: "field[1].options", Says: "options"},
		{Name: "options of a text", Message: field(func(f *providers.Field) { f.Options = []string{"a"} }), Field: "field[1].options", Says: "choice"},
		{Name: "empty option", Message: field(func(f *providers.Field) { f.Type, f.Options = "choice", []string{"a", ""} }), Field: "field[1].options", Index: 1, Says: "option 2 of options is empty"},
	}
	for i := range all {
		if all[i].Index == 0 && all[i].Name != "reply of bytes" {
			all[i].Index = -1
		}
	}
	return all
}

func wrongNative() []providertest.Wrong {
	all := []providertest.Wrong{
		{Name: "list", Message: own(`[{"card":{}}]`), Says: "one message object"},
		{Name: "string", Message: own(`"Hi"`), Says: "one message object"},
		{Name: "null", Message: own(`null`), Says: "one message object"},
		{Name: "no JSON", Message: own(`{"card":{}`), Says: "one message object"},
		{Name: "bytes", Message: own("{\"card\":{\"title\":\"\xff\"}}"), Says: "UTF-8"},
		{Name: "no kind", Message: own(`{"title":"A"}`), Says: "none of them"},
		{Name: "kind in capitals", Message: own(`{"Card":{}}`), Says: "none of them"},
		{Name: "two kinds", Message: own(`{"list_view":{"items":[{}]},"card":null}`), Says: "card and list_view"},
		{Name: "card of another shape", Message: own(`{"card":[]}`), Says: "card must be an object"},
		{Name: "links of another shape", Message: own(`{"card":{"links":{}}}`), Says: "card.links must be a list"},
		{Name: "link of another shape", Message: own(`{"card":{"links":["a"]}}`), Says: "card.links[0] must be an object"},
		{Name: "input of another shape", Message: own(`{"card":{"inputs":[1]}}`), Says: "card.inputs[0] must be an object"},
		{Name: "options of another shape", Message: own(`{"card":{"inputs":[{"options":"a"}]}}`), Says: "card.inputs[0].options must be a list"},
		{Name: "no items", Message: own(`{"list_view":{}}`), Says: "list_view.items is a list of at least one"},
		{Name: "null items", Message: own(`{"list_view":{"items":null}}`), Says: "at least one"},
		{Name: "null item", Message: own(`{"list_view":{"items":[null]}}`), Says: "list_view.items[0] must be an object"},
		{Name: "no cards", Message: own(`{"carousel":{"cards":[]}}`), Says: "at least one"},
		{Name: "cards without card", Message: own(`{"carousel":{"cards":[{"title":"A"}]}}`), Says: "carousel.cards[0].card must be an object"},
		{Name: "form in a carousel", Message: own(`{"carousel":{"cards":[{"card":{"inputs":[{}]}}]}}`), Says: "carousel.cards[0].card.inputs stands in a carousel"},
		{Name: "text", Message: own(`{"text":"Hi"}`), Says: "Write text = "},
		{Name: "text beside a card", Message: own(`{"text":"Hi","card":{}}`), Says: "Write text = "},
		{Name: "unknown member", Message: own(`{"card":{},"colour":1}`), Says: `"colour" in a message`, Warning: true},
		{Name: "unknown member of a card", Message: own(`{"card":{"subtitle":"A"}}`), Says: `"subtitle" in card`, Warning: true},
		{Name: "unknown member of a link", Message: own(ownLink("content")), Says: `"content" in quick_reply.links[0]`, Warning: true},
		{Name: "hostile member", Message: own(`{"card":{},"\u001b[31m":1}`), Says: `in a message`, Warning: true},
		{Name: "unknown style", Message: own(`{"list_view":{"top_element_style":"huge","items":[{}]}}`), Says: `"huge"`, Warning: true},
		{Name: "deeplink", Message: own(`{"card":{"links":[{"type":"deeplink ","title":"A","value":"avaamo:#"}]}}`), Says: "card.links[0].type is deeplink", Warning: true},
	}
	for i := range all {
		all[i].Name, all[i].Field, all[i].Index = "native "+all[i].Name, "native", -1
	}
	return all
}

func ownLink(member string) string {
	return `{"quick_reply":{"content":"?","links":[{"type":"post_message","title":"A","` + member + `":"a"}]}}`
}

// Documented members and words of native content give no warning.
func TestNativeKnown(t *testing.T) {
	for _, raw := range []string{
		`{"list_view":{"top_element_style":"Large","items":[{"title":"A","subtitle":"B","image_path":"c","links":[]}]}}`,
		`{"card":{"notification_message":"A","title":"B","description":"C","showcase_image_path":"D","links":[{"type":"web_view_srcdoc","title":"E","srcdoc":"F","webview_height_ratio":"tall"}],
			"inputs":[{"type":"checklist","title":"G","uuid":"H","default_value":["a"],"options":[{"uuid":"a","option":"A"}],"image_only":true}]}}`,
		ownLink("hidden_content"), ownLink("value"), ownLink("url"), ownLink("format"), ownLink("minDate"), ownLink("maxDate"),
	} {
		if _, problems := (&account{bot: 1}).Render(own(raw)); len(problems) > 0 {
			t.Errorf("%s: %+v", raw, problems)
		}
	}
}

func TestLocales(t *testing.T) {
	for _, locale := range []string{"en", "en-GB", "de-AT", "zh-Hant-TW", "PT-br", "es-419", "x-klingon"} {
		if problems := wrongLocale(locale); problems != nil {
			t.Errorf("%s: %+v", locale, problems)
		}
	}
}
