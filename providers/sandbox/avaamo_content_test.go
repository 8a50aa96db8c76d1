package sandbox

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// These wrap a part into the smallest message that can hold it.
func inCard(member, element string) string {
	return `{"card":{"title":"t","` + member + `":[` + element + `]}}`
}
func inQuick(link string) string { return `{"quick_reply":{"content":"c","links":[` + link + `]}}` }
func inList(link string) string {
	return `{"list_view":{"items":[{"title":"t","links":[` + link + `]}]}}`
}
func inCarousel(card string) string { return `{"carousel":{"cards":[{"card":` + card + `}]}}` }
func quoted(n int) string           { return `"` + strings.Repeat("ü", n) + `"` }

const aLink = `{"type":"post_message","title":"t","value":"v"}`

// TestAvaamoSamples sends the samples of the pages.
func TestAvaamoSamples(t *testing.T) {
	for _, test := range []struct{ name, message, kind, contentType, text string }{
		{"simple message", `"Sample message"`, "text", "text", "Sample message"},
		{"promotional items", `{"list_view":{"top_element_style":"compact","items":[{"title":"Coke","subtitle":"All Chilled",
			"links":[{"type":"post_message","title":"Get a pack of 5","value":"coke"}]},{"title":"Coffee","subtitle":"Cold",
			"links":[{"type":"post_message","title":"Buy one get one","content":"coffee"}]}]}}`, "list_view", "ListView", "Coke"},
		{"feedback message", `{"card":{"inputs":[{"title":"How was our service?","type":"data_capture","uuid":"comments"}]}}`,
			"card", "card", "How was our service?"},
		{"carousel", `{"carousel":{"title":"Payment Method","cards":[{"card":{"title":"NetBanking","links":[{"type":"post_message",
			"title":"confirm","value":"confirm"}]}}]}}`, "carousel", "carousel", "Payment Method"},
		{"carousel without a title", inCarousel(`{"description":"Cash"}`), "carousel", "carousel", "Cash"},
		{"quick reply", inQuick(`{"title":"Kids Menu","type":"post_message","value":"All our items."}`), "quick_reply", "quick_reply", "c"},
		{"date picker", inQuick(`{"title":"Delivery date","type":"date","format":"DD/MM/YYYY"}`), "quick_reply", "quick_reply", "c"},
		{"date with bounds", inQuick(`{"title":"d","type":"date","format":"YYYY-DD-MM","minDate":"2022-25-04","maxDate":"2022-30-04"}`),
			"quick_reply", "quick_reply", "c"},
		{"goto node", inQuick(`{"title":"s","type":"post_message","value":"Get starters","hidden_content":"#goto_node_macpizza_order.starters"}`),
			"quick_reply", "quick_reply", "c"},
		{"deprecated deeplink", inQuick(`{"title":"d","type":"deeplink","value":"avaamo:#app/datepicker/messages/new?format=DD/MM/YYYY"}`),
			"quick_reply", "quick_reply", "c"},
		{"web page and defaults", `{"card":{"links":[{"type":"web_page","title":"<b> Mac Pizza </b>","value":"https://www.macpizza.com/"}],
			"inputs":[{"type":"single_line_text","title":"First Name","uuid":"firstName","default_value":"John"}]}}`, "card", "card", "First Name"},
		{"mail link", `{"card":{"title":"Write to us","description":"Let us know","links":[{"url":"mailto:macpizza@gmail.com",
			"type":"web_page","title":"email"}]}}`, "card", "card", "Write to us"},
		{"web view", `{"card":{"links":[{"title":"Disclaimer","type":"web_view_srcdoc","srcdoc":"<html></html>","webview_height_ratio":"compact"}]}}`,
			"card", "card", "Disclaimer"},
		{"web view URL", inCard("links", `{"type":"web_view_url","title":"w","value":"https://www.macpizza.com/"}`), "card", "card", "t"},
		{"card link of a date", inCard("links", `{"title":"Promotional offer!","type":"date","format":"DD/MM/YYYY"}`), "card", "card", "t"},
		{"rating", inCard("inputs", `{"title":"Rate our service","type":"rating","uuid":"784cc8d5"}`), "card", "card", "t"},
		{"card image", `{"card":{"showcase_image_path":"https://example.com/a.png","inputs":[{"type":"picklist","title":"Pick","uuid":"opt",
			"options":["Cheese","Corn"]}]}}`, "card", "card", "Pick"},
		{"only an image", `{"card":{"showcase_image_path":"https://example.com/a.png"}}`, "card", "card", "https://example.com/a.png"},
		{"poll whose default is no option", inCard("inputs", `{"type":"poll","title":"How was our service?","default_value":"0090a567",
			"uuid":"52837223","options":[{"uuid":"Very Good","option":"Very Good"},{"option":"Good"}]}`), "card", "card", "t"},
		{"file", inCard("inputs", `{"type":"file","title":"Upload","uuid":"u","image_only":true,"should_validate":false}`), "card", "card", "t"},
		{"files", inCard("inputs", `{"type":"file_group","title":"Upload","uuid":"u"}`), "card", "card", "t"},
		{"regular expression", inCard("inputs", `{"type":"single_line_text","title":"First","uuid":"u","regex_format":"^[a-zA-Z]+$"}`), "card", "card", "t"},
		{"phone", inCard("inputs", `{"type":"single_line_text","title":"Phone","sub_type":"number","hint":"h","format":"xxxxxxxxxx"}`), "card", "card", "t"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := built(t, Options{})
			expect(t, s.do(Avaamo, "POST", avaamoPath, avaamoSaying(test.message)), 200, `{"success":true}`)
			if m := s.Messages(Avaamo); len(m) == 1 && (m[0].Kind != test.kind || m[0].Text != test.text) {
				t.Errorf("recorded %s %q, want %s %q", m[0].Kind, m[0].Text, test.kind, test.text)
			}
			e := decoded[avaamoPage](t, s.get("/v1/messages.json")).Entries[0]
			if e.ContentType != test.contentType {
				t.Errorf("content_type %q, want %q", e.ContentType, test.contentType)
			}
			if test.kind == "text" {
				test.message = fmt.Sprintf("%q", e.Content)
			} else if strings.ContainsAny(e.Content, "\n\t") {
				t.Errorf("content is not compact: %s", e.Content)
			} else {
				sameJSON(t, e.Content, test.message)
			}
		})
	}
}

// TestAvaamoLimits sends each limit exactly, and one more.
func TestAvaamoLimits(t *testing.T) {
	many := func(n int, one string) string { return strings.TrimSuffix(strings.Repeat(one+",", n), ",") }
	rating := `{"type":"rating","title":"t","uuid":"u"}`
	item := `{"title":"t","links":[` + aLink + `]}`
	for name, test := range map[string]struct {
		limit   int
		message func(n int) string
	}{
		"quick reply content":     {191, func(n int) string { return `{"quick_reply":{"content":` + quoted(n) + `,"links":[` + aLink + `]}}` }},
		"quick link title":        {191, func(n int) string { return inQuick(`{"type":"post_message","value":"v","title":` + quoted(n) + `}`) }},
		"quick link value":        {191, func(n int) string { return inQuick(`{"type":"post_message","title":"t","value":` + quoted(n) + `}`) }},
		"card title":              {191, func(n int) string { return `{"card":{"title":` + quoted(n) + `}}` }},
		"card description":        {60000, func(n int) string { return `{"card":{"description":` + quoted(n) + `}}` }},
		"description in carousel": {60000, func(n int) string { return inCarousel(`{"description":` + quoted(n) + `}`) }},
		"card image":              {191, func(n int) string { return `{"card":{"showcase_image_path":` + quoted(n) + `}}` }},
		"notification":            {191, func(n int) string { return `{"card":{"title":"t","notification_message":` + quoted(n) + `}}` }},
		"form elements":           {25, func(n int) string { return inCard("inputs", many(n, rating)) }},
		"items":                   {50, func(n int) string { return `{"list_view":{"items":[` + many(n, item) + `]}}` }},
		"item subtitle": {191, func(n int) string {
			return `{"list_view":{"items":[{"title":"t","links":[` + aLink + `],"subtitle":` + quoted(n) + `}]}}`
		}},
		"item image": {191, func(n int) string {
			return `{"list_view":{"items":[{"title":"t","links":[` + aLink + `],"image_path":` + quoted(n) + `}]}}`
		}},
		"carousel title": {191, func(n int) string { return `{"carousel":{"cards":[{"card":{"title":"t"}}],"title":` + quoted(n) + `}}` }},
		"link url":       {191, func(n int) string { return inCard("links", `{"type":"web_page","title":"t","url":`+quoted(n)+`}`) }},
		"link srcdoc": {65000, func(n int) string {
			return inCard("links", `{"type":"web_view_srcdoc","title":"t","srcdoc":`+quoted(n)+`}`)
		}},
		"link hidden content": {191, func(n int) string { return inList(`{"type":"date","title":"t","hidden_content":` + quoted(n) + `}`) }},
		"content for value":   {191, func(n int) string { return inList(`{"type":"post_message","title":"t","content":` + quoted(n) + `}`) }},
		"capture default": {60000, func(n int) string {
			return inCard("inputs", `{"type":"data_capture","title":"t","uuid":"u","default_value":`+quoted(n)+`}`)
		}},
		"capture hint": {191, func(n int) string {
			return inCard("inputs", `{"type":"data_capture","title":"t","uuid":"u","hint":`+quoted(n)+`}`)
		}},
		"line default": {191, func(n int) string {
			return inCard("inputs", `{"type":"single_line_text","title":"t","default_value":`+quoted(n)+`}`)
		}},
		"option": {191, func(n int) string {
			return inCard("inputs", `{"type":"poll","title":"t","uuid":"u","options":[`+quoted(n)+`]}`)
		}},
		"option with uuid": {191, func(n int) string {
			return inCard("inputs", `{"type":"checklist","title":"t","uuid":"u","options":[{"option":`+quoted(n)+`}]}`)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s := built(t, Options{})
			expect(t, s.do(Avaamo, "POST", avaamoPath, avaamoSaying(test.message(test.limit))), 200, `{"success":true}`)
			w := s.do(Avaamo, "POST", avaamoPath, avaamoSaying(test.message(test.limit+1)))
			want := fmt.Sprintf("%d are allowed", test.limit)
			if w.Code != 422 || !strings.Contains(w.Body.String(), want) {
				t.Errorf("one more: got %d %.200s, want %q", w.Code, w.Body, want)
			}
		})
	}
	s := built(t, Options{})
	for _, message := range []string{quoted(100000), inCard("inputs", `{"type":"picklist","title":"t","uuid":"u","options":[`+many(500, `"o"`)+`]}`)} {
		expect(t, s.do(Avaamo, "POST", avaamoPath, avaamoSaying(message)), 200, `{"success":true}`)
	}
}

func TestAvaamoRefuses(t *testing.T) {
	whole := func(message, conversation, more string) string {
		return `{"message":` + message + `,"conversation":` + conversation + more + `}`
	}
	const here = `{"uuid":"u"}`
	for want, body := range map[string]string{
		"body must have the member message":                     `{"conversation":{"uuid":"u"},"bot_id":1}`,
		"body must have the member conversation":                `{"message":"x","bot_id":1}`,
		"body must have the member bot_id":                      whole(`"x"`, here, ""),
		"body.conversation must have the member uuid":           whole(`"x"`, `{}`, `,"bot_id":1`),
		"body.conversation has an unknown member: id":           whole(`"x"`, `{"uuid":"u","id":1}`, `,"bot_id":1`),
		"body.conversation.uuid must be text that is not empty": whole(`"x"`, `{"uuid":""}`, `,"bot_id":1`),
		"body has an unknown member: user":                      whole(`"x"`, here, `,"bot_id":1,"user":1`),
		"body.bot_id must be a whole":                           whole(`"x"`, here, `,"bot_id":"1"`),
		"body.bot_id must be a whole number":                    whole(`"x"`, here, `,"bot_id":1.5`),
		"body.bot_id must be":                                   whole(`"x"`, here, `,"bot_id":9007199254740992`),
		"body.force_locale must be a locale":                    whole(`"x"`, here, `,"bot_id":1,"force_locale":"en GB"`),
		"body.force_locale must be":                             whole(`"x"`, here, `,"bot_id":1,"force_locale":null`),
		"body must be an object":                                `[]`,
		"body.message must be text that is not empty":           avaamoSaying(`""`),
		"body.message must be an object":                        avaamoSaying(`null`),
		"body.message must have exactly one member, it has 0":   avaamoSaying(`{}`),
		"body.message must have exactly one member, it has 2":   avaamoSaying(`{"card":{"title":"t"},"carousel":{"cards":[{"card":{"title":"t"}}]}}`),
		"body.message has an unknown member: text":              avaamoSaying(`{"text":"x"}`),
		"body.message has an unknown member: Card":              avaamoSaying(`{"Card":{"title":"t"}}`),

		"card must show something":                             avaamoSaying(`{"card":{}}`),
		"body.message.card must show something":                avaamoSaying(`{"card":{"notification_message":"n"}}`),
		"card has an unknown member: subtitle":                 avaamoSaying(`{"card":{"title":"t","subtitle":"s"}}`),
		"card.title must be text":                              avaamoSaying(`{"card":{"title":1}}`),
		"card.showcase_image_path must be text":                avaamoSaying(`{"card":{"title":"t","showcase_image_path":7}}`),
		"card.links must be an array":                          avaamoSaying(`{"card":{"title":"t","links":[]}}`),
		"carousel.cards[0].card has an unknown member: inputs": avaamoSaying(inCarousel(`{"title":"t","inputs":[{"type":"rating","title":"t","uuid":"u"}]}`)),
		"cards[0] must have the member card":                   avaamoSaying(`{"carousel":{"cards":[{}]}}`),
		"cards[0] has an unknown member: title":                avaamoSaying(`{"carousel":{"cards":[{"title":"t"}]}}`),
		"carousel must have the member cards":                  avaamoSaying(`{"carousel":{"title":"t"}}`),
		"list_view must have the member items":                 avaamoSaying(`{"list_view":{}}`),
		"items must be an array that is not empty":             avaamoSaying(`{"list_view":{"items":[]}}`),
		"top_element_style must be one of":                     avaamoSaying(`{"list_view":{"top_element_style":"small","items":[{"title":"t","links":[` + aLink + `]}]}}`),
		"items[0] must have the member links":                  avaamoSaying(`{"list_view":{"items":[{"title":"t"}]}}`),
		"items[0] must have the member title":                  avaamoSaying(`{"list_view":{"items":[{"links":[` + aLink + `]}]}}`),
		"quick_reply must have the member content":             avaamoSaying(`{"quick_reply":{"links":[` + aLink + `]}}`),
		"quick_reply must have the member links":               avaamoSaying(`{"quick_reply":{"content":"c"}}`),
		"quick_reply has an unknown member: title":             avaamoSaying(`{"quick_reply":{"content":"c","title":"t","links":[` + aLink + `]}}`),

		"quick_reply.links[0].type must be one of: post_message, deeplink, date": avaamoSaying(inQuick(`{"type":"web_page","title":"t","value":"v"}`)),
		"quick_reply.links[0] has an unknown member: url":                        avaamoSaying(inQuick(`{"type":"deeplink","title":"t","url":"v"}`)),
		"quick_reply.links[0] has an unknown member: content":                    avaamoSaying(inQuick(`{"type":"post_message","title":"t","content":"v"}`)),
		"quick_reply.links[0], a post_message, must have the member value":       avaamoSaying(inQuick(`{"type":"post_message","title":"t"}`)),
		"links[0] must have the member title":                                    avaamoSaying(inQuick(`{"type":"date"}`)),
		"card.links[0].type must be one of":                                      avaamoSaying(inCard("links", `{"type":"phone_call","title":"t","value":"1"}`)),
		"card.links[0] has an unknown member: content":                           avaamoSaying(inCard("links", `{"type":"post_message","title":"t","content":"v"}`)),
		"a web_page, must have the member value or url":                          avaamoSaying(inCard("links", `{"type":"web_page","title":"t"}`)),
		"a web_view_url, must have the member value or url":                      avaamoSaying(inCard("links", `{"type":"web_view_url","title":"t","srcdoc":"s"}`)),
		"a deeplink, must have the member value or url":                          avaamoSaying(inCard("links", `{"type":"deeplink","title":"t"}`)),
		"a web_view_srcdoc, must have the member srcdoc":                         avaamoSaying(inCard("links", `{"type":"web_view_srcdoc","title":"t","value":"v"}`)),
		"a post_message, must have the member value or content":                  avaamoSaying(inList(`{"type":"post_message","title":"t","url":"v"}`)),
		"webview_height_ratio must be one of":                                    avaamoSaying(inCard("links", `{"type":"date","title":"t","webview_height_ratio":"huge"}`)),
	} {
		s := built(t, Options{})
		w := s.do(Avaamo, "POST", avaamoPath, body)
		if w.Code != 422 || !strings.Contains(w.Body.String(), want) || s.Count(Avaamo) != 0 {
			t.Errorf("%s\ngot %d %s\nwant %s", body, w.Code, w.Body, want)
		}
	}
}

// TestAvaamoInputs sends each type of form element with every documented member, then without each required one, then
// with one more.
func TestAvaamoInputs(t *testing.T) {
	const dates = `,"disable_weekends":true,"default_value":"01/31/2026","min_date":"01/01/2026","max_date":"12/31/2026","should_validate":false,"format":"MM-DD-YYYY"`
	const choice = `,"default_value":"o1","should_validate":true,"options":["a",{"uuid":"o1","option":"b"},{"option":"c"}]`
	const file = `,"should_validate":false,"image_only":true`
	for kind, test := range map[string]struct{ more, required string }{
		"single_line_text": {`,"sub_type":"email","should_validate":false,"hint":"h","format":"f","regex_format":"r","default_value":"d"`, "title"},
		"data_capture":     {`,"should_validate":true,"hint":"h","default_value":"d"`, "title uuid"},
		"date_time":        {dates, "title uuid"},
		"date":             {dates, "title uuid"},
		"picklist":         {choice, "title uuid options"},
		"poll":             {choice, "title uuid options"},
		"checklist":        {choice, "title uuid options"},
		"file":             {file, "title uuid"},
		"file_group":       {file, "title uuid"},
		"rating":           {"", "title uuid"},
	} {
		t.Run(kind, func(t *testing.T) {
			s := built(t, Options{})
			whole := `{"type":"` + kind + `","title":"t","uuid":"u"` + test.more + `}`
			post := func(element string) (int, string) {
				w := s.do(Avaamo, "POST", avaamoPath, avaamoSaying(inCard("inputs", element)))
				return w.Code, w.Body.String()
			}
			if status, body := post(whole); status != 200 {
				t.Fatalf("%s: %d %s", whole, status, body)
			}
			o, _ := fields([]byte(whole))
			for name, value := range o {
				delete(o, name)
				status, body := post(string(encode(o)))
				if required := strings.Contains("type "+test.required, name); required != (status == 422) {
					t.Errorf("without %s: %d %s", name, status, body)
				}
				for _, wrong := range []string{`null`, `5`, `{}`, `""`, `[]`} {
					o[name] = json.RawMessage(wrong)
					if status, body := post(string(encode(o))); status != 422 {
						t.Errorf("%s %s: %d %s", name, wrong, status, body)
					}
				}
				o[name] = value
			}
			o["placeholder"] = json.RawMessage(`"x"`)
			if status, body := post(string(encode(o))); status != 422 || !strings.Contains(body, "unknown member: placeholder") {
				t.Errorf("one more: %d %s", status, body)
			}
		})
	}
	s := built(t, Options{})
	for _, bad := range []string{`{"type":"slider","title":"t","uuid":"u"}`, `{"type":"date_time/date","title":"t","uuid":"u"}`, `"rating"`, `{}`,
		`{"type":"single_line_text","title":"t","sub_type":"phone"}`, `{"type":"poll","title":"t","uuid":"u","options":[{"uuid":"x"}]}`,
		`{"type":"poll","title":"t","uuid":"u","options":[{"option":"a","value":"b"}]}`} {
		if w := s.do(Avaamo, "POST", avaamoPath, avaamoSaying(inCard("inputs", bad))); w.Code != 422 {
			t.Errorf("%s: %d %s", bad, w.Code, w.Body)
		}
	}
}
