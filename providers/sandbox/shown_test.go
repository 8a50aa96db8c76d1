package sandbox

import (
	"encoding/json"
	"reflect"
	"testing"
)

// What a message shows is read from the vendor's own samples, and from what has no place among the parts.
func TestShown(t *testing.T) {
	for _, one := range []struct {
		vendor, kind, text, body string
		want                     Shown
	}{
		{HeyX, "text", "Hi", `{"body":[{"type":"text","text":"Hi"}],"forceCancelSurvey":true}`, Shown{Words: "Hi"}},
		{HeyX, "video", "https://a.example/v", `{"body":[{"type":"video","url":"https://a.example/v"}]}`, Shown{File: &File{"video", "https://a.example/v"}}},
		{HeyX, "quick_reply", "Tea?", `{"body":[{"type":"quick_reply","title":"Tea?","replies":["Yes","No"]}]}`,
			Shown{Words: "Tea?", Answers: []Answer{{"Yes", "Yes"}, {"No", "No"}}}},
		{Chatwoot, "input_select", "Where?", `{"content":"Where?","content_type":"input_select","content_attributes":{"items":[{"title":"Home","value":"h"}],"other":1}}`,
			Shown{Words: "Where?", Answers: []Answer{{"Home", "h"}}}},
		{Chatwoot, "cards", "Two", `{"content":"Two","content_type":"cards","private":true,"content_attributes":{"items":[{"title":"A","media_url":"https://a.example/p","actions":[{"type":"link","text":"See","uri":"https://a.example"},{"type":"postback","text":"Keep","payload":"k"}]}]}}`,
			Shown{Words: "Two", Aside: "private note", Cards: []Card{{Title: "A", Picture: "https://a.example/p", Taps: []Tap{{"See", "https://a.example", true}, {"Keep", "k", false}}}}}},
		{Digital99, "form", "You", `{"content":"You","message_type":"template","content_type":"form","content_attributes":{"items":[{"type":"select","name":"s","label":"Size","required":true,"options":[{"label":"Large","value":"l"}]},{"type":"text_area","name":"r","label":"More"}]}}`,
			Shown{Words: "You", Aside: "template", Fields: []Field{{"s", "choice", "Size", true, []Answer{{"Large", "l"}}}, {"r", "long_text", "More", false, nil}}}},
		{Chatwoot, "article", "Help", `{"content":"Help","content_type":"article","content_attributes":{"items":[{"title":"A","description":"D","link":"https://a.example"}]}}`,
			Shown{Words: "Help", Articles: []Article{{"A", "D", "https://a.example"}}}},
		{Chatwoot, "text", "Hi ", `{"content":"Hi {{name}}","message_type":"outgoing"}`, Shown{Words: "Hi "}},
		{Avaamo, "text", "Hi", `{"message":"Hi"}`, Shown{Words: "Hi"}},
		{Avaamo, "list_view", "A", `{"message":{"list_view":{"top_element_style":"Large","items":[{"title":"A","subtitle":"S","image_path":"p","links":[{"type":"web_page","title":"See","value":"https://a.example"},{"type":"post_message","title":"Say","content":"c"}]}]}}}`,
			Shown{Style: "large", Rows: []Row{{"A", "S", "p", []Tap{{"See", "https://a.example", true}, {"Say", "c", false}}}}}},
		{Avaamo, "carousel", "T", `{"message":{"carousel":{"title":"T","cards":[{"card":{"title":"A","description":"D","showcase_image_path":"p"}},{"card":{"title":"B"}}]}}}`,
			Shown{Words: "T", Cards: []Card{{"A", "D", "p", nil}, {"B", "", "", nil}}}},
		{Avaamo, "card", "You", `{"message":{"card":{"title":"You","inputs":[{"type":"single_line_text","title":"Mail","uuid":"m","sub_type":"email","should_validate":false},{"type":"poll","title":"Size","uuid":"s","options":["L",{"option":"S","uuid":"1"}]}]}}}`,
			Shown{Words: "You", Fields: []Field{{"m", "email", "Mail", false, nil}, {"s", "choice", "Size", true, []Answer{{"L", "L"}, {"S", "S"}}}}}},
		{Maax, "text", "How?", `{"message_content":"How?"}`, Shown{Words: "How?"}},
		// No place.
		{Avaamo, "card", "Hi", `{"message":{"card":{"title":"Hi","description":"D","inputs":[{"type":"data_capture","title":"T","uuid":"u"}]}}}`,
			Shown{Own: json.RawMessage(`{"card":{"title":"Hi","description":"D","inputs":[{"type":"data_capture","title":"T","uuid":"u"}]}}`)}},
		{Avaamo, "quick_reply", "When?", `{"message":{"quick_reply":{"content":"When?","links":[{"type":"date","title":"Pick"}]}}}`,
			Shown{Own: json.RawMessage(`{"quick_reply":{"content":"When?","links":[{"type":"date","title":"Pick"}]}}`)}},
		{Chatwoot, "input_email", "Where?", `{"content":"Where?","content_type":"input_email","private":true}`,
			Shown{Aside: "private note", Own: json.RawMessage(`{"content":"Where?","content_type":"input_email","private":true}`)}},
		{Chatwoot, "cards", "C", `{"content":"C","content_attributes":{"items":[{"title":"A","actions":[{"type":"link","text":"See","payload":"x"}]}]}}`,
			Shown{Own: json.RawMessage(`{"content":"C","content_attributes":{"items":[{"title":"A","actions":[{"type":"link","text":"See","payload":"x"}]}]}}`)}},
		{HeyX, "sticker", "", `{"body":[{"type":"sticker"}]}`, Shown{Own: json.RawMessage(`{"type":"sticker"}`)}},
		{HeyX, "text", "", `{"body":[]}`, Shown{Own: json.RawMessage(`{"body":[]}`)}},
	} {
		m := Message{Vendor: one.vendor, Kind: one.kind, Text: one.text, Body: json.RawMessage(one.body)}
		if got := m.Shown(); !reflect.DeepEqual(got, one.want) {
			t.Errorf("%s %s shows %s\nnot %s", one.vendor, one.body, encode(got), encode(one.want))
		}
	}
}

func TestConversation(t *testing.T) {
	for want, m := range map[string]Message{"a": {Vendor: HeyX, To: "a"}, "3/7": {Vendor: Chatwoot, Account: 3, To: "7"}, "uuid": {Vendor: Avaamo, Account: 9, To: "uuid"}, "5/ada@example.com": {Vendor: Maax, Account: 5, To: "ada@example.com"}} {
		if got := m.Conversation(); got != want {
			t.Errorf("%+v is in %q, not %q", m, got, want)
		}
	}
}
