package heyx

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"herald/providers"
	"herald/providers/providertest"
	"herald/providers/wire"
)

const path = "/api/v1/message/sendContent/1776025372480910"

// to is a message to the contact of the vendor's sample.
func to(c providers.Content) providers.Message {
	return providers.Message{Content: c, Address: providers.Values{"contact_id": "1776025372480910"}}
}

func addressed(id string) providers.Message {
	m := to(providers.Content{Kind: providers.KindText, Text: "Hi there"})
	m.Address["contact_id"] = id
	return m
}

func file(kind, url string) providers.Message {
	return to(providers.Content{Kind: providers.KindAttachment, Attachment: providers.Attachment{Type: kind, URL: url}})
}

func question(title string, replies ...string) providers.Message {
	return to(providers.Content{Kind: providers.KindQuickReplies, QuickReplies: providers.QuickReplies{Title: title, Replies: replies}})
}

func own(raw string) providers.Message {
	return to(providers.Content{Kind: providers.KindNative, Native: []byte(raw)})
}

func cancelling(m providers.Message, force bool) providers.Message {
	m.Options = providers.Values{"force_cancel_survey": force}
	return m
}

func says(text string) string {
	body, _ := wire.JSON(map[string]any{"status": "error", "message": text, "data": []int{}})
	return string(body)
}

func TestConformance(t *testing.T) {
	hi := to(providers.Content{Kind: providers.KindText, Text: "Hi there"})
	eleven := strings.Split("1 2 3 4 5 6 7 8 9 10 11", " ")
	providertest.Run(t, providertest.Subject{
		Type:       Type(),
		Statements: statements(),
		Also:       also(),
		Originals:  originals(),
		Wrap:       func(_ int, text string) string { return says(text) },
		// The bodies are the samples of the vendor's page.
		Golden: []providertest.Golden{
			{Name: "text", Message: hi, Path: path, Body: `{ "body": [ { "type" : "text", "text" : "Hi there" } ] }`},
			{Name: "image", Message: file("image", "http://abc.com"), Path: path, Body: `{ "body": [ { "type" : "image", "url" : "http://abc.com" } ] }`},
			{Name: "video", Message: file("video", "http://abc.com"), Path: path, Body: `{ "body": [ { "type" : "video", "url" : "http://abc.com" } ] }`},
			{Name: "audio", Message: file("audio", "http://abc.com"), Path: path, Body: `{ "body": [ { "type" : "audio", "url" : "http://abc.com" } ] }`},
			{Name: "file", Message: file("file", "http://abc.com"), Path: path, Body: `{ "body": [ { "type" : "file", "url" : "http://abc.com" } ] }`},
			{Name: "quick replies", Message: question("What is you favorite color?", "Black", "Blue", "Grey", "Red"), Path: path,
				Body: `{ "body": [ { "type":"quick_reply", "title" : "What is you favorite color?", "replies" : ["Black","Blue","Grey","Red"] } ] }`},
			{Name: "native", Message: own(`{"type":"whatsapp_template","template":{"name":"bug_fixed","languageCode":"en"}}`), Path: path,
				Body: `{"body":[{"type":"whatsapp_template","template":{"name":"bug_fixed","languageCode":"en"}}]}`},
			{Name: "survey", Message: cancelling(hi, true), Path: path, Body: `{"body":[{"type":"text","text":"Hi there"}],"forceCancelSurvey":true}`},
			{Name: "survey kept", Message: cancelling(hi, false), Path: path, Body: `{"body":[{"type":"text","text":"Hi there"}]}`},
			{Name: "signs", Message: to(providers.Content{Kind: providers.KindText, Text: "1 < 2 & \"3\"\n\u2028é😀"}), Path: path,
				Body: `{"body":[{"type":"text","text":"1 < 2 & \"3\"\n\u2028é😀"}]}`},
			{Name: "odd contact", Message: addressed("whatsapp:+60 1/2?3#%"), Path: "/api/v1/message/sendContent/whatsapp%3A%2B60%201%2F2%3F3%23%25",
				Body: `{"body":[{"type":"text","text":"Hi there"}]}`},
			{Name: "viber", Settings: providers.Values{"channel": "viber"}, Message: addressed("a>?b~?"), Path: "/api/v1/message/sendContent/YT4%2FYn4%2F",
				Body: `{"body":[{"type":"text","text":"Hi there"}]}`},
			{Name: "viber, padded", Settings: providers.Values{"channel": "viber"}, Message: addressed(".."), Path: "/api/v1/message/sendContent/Li4%3D",
				Body: `{"body":[{"type":"text","text":"Hi there"}]}`},
			{Name: "the limits", Message: question("?", append(eleven[:9:9], strings.Repeat("é", 20))...), Path: path,
				Body: `{"body":[{"type":"quick_reply","title":"?","replies":["1","2","3","4","5","6","7","8","9","` + strings.Repeat("é", 20) + `"]}]}`},
		},
		Wrong: []providertest.Wrong{
			{Name: "no contact", Message: addressed(" "), Part: providers.PartAddress, Field: "contact_id", Index: -1, Says: "it is empty here"},
			{Name: "dots", Message: addressed(".."), Part: providers.PartAddress, Field: "contact_id", Index: -1, Says: `".."`},
			{Name: "contact with a line break", Message: addressed("17\n"), Part: providers.PartAddress, Field: "contact_id", Index: -1, Says: `"17\n"; no id`},
			{Name: "contact with a space before", Message: addressed(" 17"), Part: providers.PartAddress, Field: "contact_id", Index: -1, Says: `" 17"; no id`},
			{Name: "contact with a control character", Message: addressed("1\x007"), Part: providers.PartAddress, Field: "contact_id", Index: -1, Says: "control characters"},
			{Name: "contact of bytes", Message: addressed("\xff"), Part: providers.PartAddress, Field: "contact_id", Index: -1, Says: "UTF-8"},
			{Name: "no text", Message: to(providers.Content{Kind: providers.KindText, Text: " \n"}), Field: "text", Index: -1, Says: "empty"},
			{Name: "text of bytes", Message: to(providers.Content{Kind: providers.KindText, Text: "\xff\x1b"}), Field: "text", Index: -1, Says: "UTF-8"},
			{Name: "type of file", Message: file("gif", "https://a.example"), Field: "type", Index: -1, Says: `"gif"`},
			{Name: "no address", Message: file("image", ""), Field: "url", Index: -1, Says: `""`},
			{Name: "half an address", Message: file("image", "/a.png"), Field: "url", Index: -1, Says: `"/a.png"`},
			{Name: "other address", Message: file("image", "ftp://a.example/b"), Field: "url", Index: -1, Says: "whole address"},
			{Name: "long address", Message: file("image", strings.Repeat("\x1b", 500)), Field: "url", Index: -1, Says: `"...`},
			{Name: "no title", Message: question("", "a"), Field: "title", Index: -1, Says: "empty"},
			{Name: "no replies", Message: question("?"), Field: "replies", Index: -1, Says: "at least one"},
			{Name: "eleven replies", Message: question("?", eleven...), Field: "replies", Index: 10, Says: "allows 10"},
			{Name: "empty reply", Message: question("?", "a", ""), Field: "replies", Index: 1, Says: "reply 2 of replies is empty"},
			{Name: "21 characters", Message: question("?", "a", strings.Repeat("é", 21)), Field: "replies", Index: 1, Says: "reply 2 of replies is \"ééééééééééééééééééééé\", of 21 characters; HeyX allows 20"},
			{Name: "native list", Message: own(`[{"type":"text"}]`), Field: "native", Index: -1, Says: "one message object"},
			{Name: "native null", Message: own(`null`), Field: "native", Index: -1, Says: "one message object"},
			{Name: "native without type", Message: own(`{"text":"Hi"}`), Field: "native", Index: -1, Says: "type"},
			{Name: "native type of another type", Message: own(`{"type":1}`), Field: "native", Index: -1, Says: "type"},
			{Name: "native replies", Message: own(`{"type":"quick_reply","title":"?","replies":["` + strings.Repeat("a", 21) + `"]}`), Field: "native", Index: -1, Says: "allows 20"},
			{Name: "native eleven replies", Message: own(`{"type":"quick_reply","title":"?","replies":["1","2","3","4","5","6","7","8","9","10","11"]}`), Field: "native", Index: -1, Says: "allows 10"},
			{Name: "native empty reply", Message: own(`{"type":"quick_reply","title":"?","replies":["a",""]}`), Field: "native", Index: -1, Says: "reply 2 of replies is empty"},
			{Name: "native replies of another shape", Message: own(`{"type":"quick_reply","title":"?","replies":"a"}`), Field: "native", Index: -1, Says: "a list of strings"},
		},
		Answers: []providertest.Answer{
			{Name: "success in another case", Status: 200, Body: `{"status":"success"}`, Want: providers.Outcome{Class: providers.Accepted}},
			{Name: "201, as of templates", Status: 201, Body: `{"status":"SUCCESS"}`, Want: providers.Outcome{Class: providers.Accepted}},
			{Name: "200 and an unknown error", Status: 200, Body: says("Oh"), Want: providers.Outcome{Class: providers.Unknown, Reason: "Oh"}},
			{Name: "200 and the token", Status: 200, Body: says(textToken), Want: providers.Outcome{Class: providers.AccountError, Reason: textToken}},
			{Name: "200 and too many", Status: 200, Body: says(textTooMany), Want: providers.Outcome{Class: providers.Throttled}},
			{Name: "200 and the method", Status: 200, Body: says(textMethod), Want: providers.Outcome{Class: providers.AccountError}},
			{Name: "200 and the file", Status: 200, Body: says(textFileType), Want: providers.Outcome{Class: providers.Refused}},
			{Name: "an error's text in a success", Status: 200, Body: `{"status":"Success","message":"Too many requests"}`, Want: providers.Outcome{Class: providers.Accepted}},
			{Name: "an error's text without a status", Status: 200, Body: `{"message":"Too many requests"}`, Want: providers.Outcome{Class: providers.Unknown}},
			{Name: "403 too many", Status: 403, Body: says("too many requests"), Want: providers.Outcome{Class: providers.Throttled}},
			{Name: "403 the token", Status: 403, Body: says(textToken), Want: providers.Outcome{Class: providers.AccountError}},
			{Name: "403 one type of file", Status: 403, Body: says("Sorry, Url provided is not an image file"), Want: providers.Outcome{Class: providers.Refused, Reason: "HTTP 403: Sorry, Url"}},
			{Name: "403 without a text", Status: 403, Body: "<html>", Want: providers.Outcome{Class: providers.Refused, Reason: "HTTP 403 Forbidden"}},
			{Name: "400", Status: 400, Body: says("Bad"), Want: providers.Outcome{Class: providers.Refused, Reason: "HTTP 400: Bad"}},
			{Name: "404", Status: 404, Body: says("No such contact"), Want: providers.Outcome{Class: providers.Refused}},
			{Name: "408", Status: 408, Want: providers.Outcome{Class: providers.Unknown}},
			{Name: "500 in the words of another", Status: 500, Body: says(textTooMany), Want: providers.Outcome{Class: providers.Unknown}},
			{Name: "502", Status: 502, Body: "Bad Gateway", Want: providers.Outcome{Class: providers.Unknown, Reason: "HTTP 502 Bad Gateway"}},
			{Name: "429 and when", Status: 429, Header: map[string]string{"Retry-After": "3"}, Body: says(textTooMany),
				Want: providers.Outcome{Class: providers.Throttled, After: 3 * time.Second}},
		},
	})
}

func FuzzClassify(f *testing.F) {
	for _, a := range facts().Answers {
		f.Add(a.Status, []byte(a.Body), "1")
		f.Add(a.Status, []byte(says(a.Body)), "")
	}
	f.Fuzz(func(t *testing.T, status int, body []byte, after string) {
		o := classify(wire.Answer{Status: status, Header: http.Header{"Retry-After": {after}}, Body: body, Now: time.Now()})
		if o.Class < providers.Accepted || o.Class > providers.Unknown || o.Class == providers.NotSent {
			t.Fatalf("%d %q is %v", status, body, o.Class)
		}
		if o.Class == providers.Accepted && (status/100 != 2 || !json.Valid(body)) {
			t.Fatalf("accepted: %d %q", status, body)
		}
	})
}
