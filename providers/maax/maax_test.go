package maax

import (
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"herald/providers"
	"herald/providers/providertest"
	"herald/providers/wire"
)

const (
	answerURL   = "https://hooks.example.com/maax/{token}/answer?send={token}&again={token}"
	followUpURL = "https://hooks.example.com/later?send={token}"
)

// addresses stand at the end of every rendered body.
const addresses = `"send_response_url":"` + answerURL + `","followup_url":"` + followUpURL + `"}`

func settings() providers.Values {
	return providers.Values{"ai_id": int64(7), "send_response_url": answerURL, "followup_url": followUpURL}
}

// asks is a question of the vendor's sample person. More attributes of the address may be given; nil takes one away.
func asks(text string, more ...providers.Values) providers.Message {
	m := providers.Message{
		Content: providers.Content{Kind: providers.KindText, Text: text},
		Address: providers.Values{"platform": "website", "prospect_info.first_name": "student", "prospect_info.email": "email@test.com"},
	}
	for _, values := range more {
		maps.Copy(m.Address, values)
	}
	maps.DeleteFunc(m.Address, func(_ string, v any) bool { return v == nil })
	return m
}

// reachedBy is a question of somebody who can be reached in one way only.
func reachedBy(way, value string) providers.Message {
	return asks("Hi", providers.Values{"prospect_info.email": nil, "prospect_info." + way: value})
}

func formatted(format string) providers.Message {
	m := asks("Hi")
	m.Options = providers.Values{"output_format": format}
	return m
}

// everyParameter is a question with all that the vendor's page has.
func everyParameter() providers.Message {
	m := asks("Which course suits me?", providers.Values{
		"platform": "sms", "prospect_id": int64(31), "conversation_id": int64(9007199254740993),
		"prospect_info.last_name": "test", "prospect_info.phone": "1234567778", "prospect_info.facebook": "fbname",
		"prospect_info.instagram": "igname", "prospect_info.intercom": "icname",
	})
	m.Options = providers.Values{"output_format": "plain_text"}
	return m
}

func TestConformance(t *testing.T) {
	body := func(members string) string { return members + "," + addresses }
	start := `{"message_content":"Hi","platform":"website","ai_id":7,"service_type":"sales_automation",`
	student := start + `"prospect_info":{"first_name":"student","email":"email@test.com"}`
	one := func(way string) providertest.Golden {
		return providertest.Golden{Name: "only " + way, Message: reachedBy(way, "+1 2"), Path: path,
			Body: body(start + `"prospect_info":{"first_name":"student","` + way + `":"+1 2"}`)}
	}
	reach := "email, phone, facebook, instagram, intercom"
	about := func(name, part, says string, more providers.Values) providertest.Wrong {
		return providertest.Wrong{Name: name, Message: asks("Hi", more), Part: providers.PartAddress, Field: part, Index: -1, Says: says}
	}
	providertest.Run(t, providertest.Subject{
		Type:     Type(),
		Settings: settings(),
		Unmark:   unmark,
		Wrap: func(_ int, text string) string {
			body, _ := wire.JSON(map[string]string{"detail": text})
			return string(body)
		},
		Golden: []providertest.Golden{
			{Name: "text", Message: asks("Hi"), Path: path, Body: body(student)},
			{Name: "every parameter", Message: everyParameter(), Path: path, Body: body(`{"message_content":"Which course suits me?",` +
				`"platform":"sms","ai_id":7,"service_type":"sales_automation","prospect_info":{"first_name":"student","last_name":"test",` +
				`"email":"email@test.com","phone":"1234567778","facebook":"fbname","instagram":"igname","intercom":"icname"},` +
				`"prospect_id":31,"conversation_id":9007199254740993,"output_format":"plain_text"`)},
			{Name: "by email", Message: asks("Hi", providers.Values{"platform": "email"}), Path: path, Body: body(strings.Replace(student, "website", "email", 1))},
			{Name: "prospect alone", Message: asks("Hi", providers.Values{"prospect_id": int64(1)}), Path: path, Body: body(student + `,"prospect_id":1`)},
			{Name: "conversation alone", Message: asks("Hi", providers.Values{"conversation_id": int64(1)}), Path: path, Body: body(student + `,"conversation_id":1`)},
			{Name: "plain text", Message: formatted("plain_text"), Path: path, Body: body(student + `,"output_format":"plain_text"`)},
			{Name: "HTML, which is said by silence", Message: formatted("html"), Path: path, Body: body(student)},
			one("email"), one("phone"), one("facebook"), one("instagram"), one("intercom"),
			{Name: "blank ones are left out", Path: path, Body: body(student),
				Message: asks("Hi", providers.Values{"prospect_info.last_name": "", "prospect_info.phone": "", "prospect_info.facebook": " \t", "prospect_info.intercom": "\n"})},
			{Name: "service type", Settings: providers.Values{"service_type": "sales_automation"}, Message: asks("Hi"), Path: path, Body: body(student)},
			{Name: "another AI", Settings: providers.Values{"ai_id": int64(1 << 40)}, Message: asks("Hi"), Path: path,
				Body: body(strings.Replace(student, `"ai_id":7`, `"ai_id":1099511627776`, 1))},
			{Name: "signs", Message: asks("1 < 2 & \"3\"\n\u2028é😀"), Path: path, Body: body(strings.Replace(student, `"Hi"`, `"1 < 2 & \"3\"\n\u2028é😀"`, 1))},
			{Name: "a token of the text's own", Path: path, Message: asks(`{token} "send_response_url":"{token}"`, providers.Values{"prospect_info.first_name": "{token}"}),
				Body: body(`{"message_content":"{token} \"send_response_url\":\"{token}\"","platform":"website","ai_id":7,"service_type":"sales_automation",` +
					`"prospect_info":{"first_name":"{token}","email":"email@test.com"}`)},
		},
		Wrong: []providertest.Wrong{
			{Name: "no text", Message: asks(" \n"), Field: "text", Index: -1, Says: "empty"},
			{Name: "text of bytes", Message: asks("\xff\x1b"), Field: "text", Index: -1, Says: "UTF-8"},
			{Name: "format", Message: formatted("HTML"), Part: providers.PartOption, Field: "output_format", Index: -1, Says: `"HTML"`},
			about("no platform", "platform", "website, email, sms", providers.Values{"platform": nil}),
			about("empty platform", "platform", "website, email, sms", providers.Values{"platform": ""}),
			about("other platform", "platform", `"fax"`, providers.Values{"platform": "fax"}),
			about("prospect 0", "prospect_id", `"0"`, providers.Values{"prospect_id": int64(0)}),
			about("conversation below 0", "conversation_id", `"-4"`, providers.Values{"conversation_id": int64(-4)}),
			about("conversation of words", "conversation_id", `"x\u001b"`, providers.Values{"conversation_id": "x\x1b"}),
			about("no first name", "prospect_info", "prospect_info { ... }; without that block it is taken from the contact", providers.Values{"prospect_info.first_name": nil, "prospect_id": int64(4)}),
			about("blank first name", "prospect_info", "empty", providers.Values{"prospect_info.first_name": " \t"}),
			about("first name of bytes", "prospect_info.first_name", "UTF-8", providers.Values{"prospect_info.first_name": "\xff"}),
			about("phone of bytes", "prospect_info.phone", "UTF-8", providers.Values{"prospect_info.phone": "1\xff\x07"}),
			about("no way", "prospect_info", reach, providers.Values{"prospect_info.email": nil}),
			about("no way, and both remedies", "prospect_info", "prospect_info { ... }; without that block they are taken from the contact", providers.Values{"prospect_info.email": nil}),
			about("no way, but known", "prospect_info", reach, providers.Values{"prospect_info.email": nil, "prospect_id": int64(4)}),
			about("a last name is no way", "prospect_info", "last_name", providers.Values{"prospect_info.email": nil, "prospect_info.last_name": "test"}),
			about("blank ways", "prospect_info", reach, providers.Values{"prospect_info.email": "", "prospect_info.phone": " ", "prospect_info.facebook": "\t",
				"prospect_info.instagram": "\n", "prospect_info.intercom": "\u00a0"}),
			{Name: "native", Message: native(), Field: "", Index: -1, Says: "text"},
		},
		Answers: []providertest.Answer{
			{Name: "the id", Status: 200, Body: ` { "incoming_message_id": 9007199254740993, "more": {} } `, Want: providers.Outcome{Class: providers.Accepted, ID: "9007199254740993"}},
			{Name: "the id as a string", Status: 200, Body: `{"incoming_message_id":"81"}`, Want: providers.Outcome{Class: providers.Accepted, ID: "81"}},
			{Name: "201", Status: 201, Body: `{"incoming_message_id":81}`, Want: providers.Outcome{Class: providers.Accepted, ID: "81"}},
			{Name: "another id", Status: 200, Body: `{"id":81}`, Want: providers.Outcome{Class: providers.Unknown, Reason: "no incoming_message_id"}},
			{Name: "an id in another case", Status: 200, Body: `{"Incoming_Message_Id":81}`, Want: providers.Outcome{Class: providers.Unknown}},
			{Name: "no id", Status: 200, Body: `{"incoming_message_id":null,"error":"Later."}`,
				Want: providers.Outcome{Class: providers.Unknown, Reason: "HTTP 200: the answer holds no incoming_message_id: Later."}},
			{Name: "an id below 0", Status: 200, Body: `{"incoming_message_id":-1}`, Want: providers.Outcome{Class: providers.Unknown}},
			{Name: "a fraction", Status: 200, Body: `{"incoming_message_id":1.5}`, Want: providers.Outcome{Class: providers.Unknown}},
			{Name: "a word", Status: 200, Body: `{"incoming_message_id":"x1"}`, Want: providers.Outcome{Class: providers.Unknown}},
			{Name: "an empty string", Status: 200, Body: `{"incoming_message_id":""}`, Want: providers.Outcome{Class: providers.Unknown}},
			{Name: "too many digits", Status: 200, Body: `{"incoming_message_id":` + strings.Repeat("1", 21) + `}`, Want: providers.Outcome{Class: providers.Unknown}},
			{Name: "a list", Status: 200, Body: `{"incoming_message_id":[1]}`, Want: providers.Outcome{Class: providers.Unknown}},
			{Name: "400 and detail", Status: 400, Body: `{"detail":"Bad ai_id"}`, Want: providers.Outcome{Class: providers.Refused, Reason: "HTTP 400: Bad ai_id"}},
			{Name: "400 and error", Status: 400, Body: `{"detail":[],"error":"Bad"}`, Want: providers.Outcome{Class: providers.Refused, Reason: "HTTP 400: Bad"}},
			{Name: "400 and message", Status: 400, Body: `{"message":"A\nB","error":"C"}`, Want: providers.Outcome{Class: providers.Refused, Reason: "HTTP 400: A B"}},
			{Name: "400 in another shape", Status: 400, Body: `{"platform":["Bad"]}`, Want: providers.Outcome{Class: providers.Refused, Reason: "HTTP 400 Bad Request"}},
			{Name: "400 as a page", Status: 400, Body: `<html>Bad`, Want: providers.Outcome{Class: providers.Refused, Reason: "HTTP 400 Bad Request"}},
			{Name: "401", Status: 401, Body: "", Want: providers.Outcome{Class: providers.AccountError, Reason: "HTTP 401 Unauthorized"}},
			{Name: "403", Status: 403, Body: "", Want: providers.Outcome{Class: providers.AccountError, Reason: "HTTP 403 Forbidden"}},
			{Name: "404", Status: 404, Body: "<html>", Want: providers.Outcome{Class: providers.AccountError, Reason: "HTTP 404: check base_url"}},
			{Name: "404 and detail", Status: 404, Body: `{"detail":"Not found."}`, Want: providers.Outcome{Class: providers.AccountError, Reason: "HTTP 404: Not found; check base_url"}},
			{Name: "405", Status: 405, Want: providers.Outcome{Class: providers.AccountError}},
			{Name: "408", Status: 408, Want: providers.Outcome{Class: providers.Unknown}},
			{Name: "422", Status: 422, Want: providers.Outcome{Class: providers.Refused}},
			{Name: "429", Status: 429, Header: map[string]string{"Retry-After": "3"}, Want: providers.Outcome{Class: providers.Throttled, After: 3 * time.Second}},
			{Name: "500 that says no", Status: 500, Body: `{"error":"Invalid"}`, Want: providers.Outcome{Class: providers.Unknown, Reason: "HTTP 500: Invalid"}},
			{Name: "502", Status: 502, Body: "Bad Gateway", Want: providers.Outcome{Class: providers.Unknown, Reason: "HTTP 502 Bad Gateway"}},
		},
		Statements: statements(),
		Also:       also(),
		Originals:  originals(),
	})
}

func native() providers.Message {
	m := asks("")
	m.Content = providers.Content{Kind: providers.KindNative, Native: []byte(`{"message_content":"Hi"}`)}
	return m
}

var written = regexp.MustCompile(`[0-9a-f]{32}`)

// unmark puts {token} back where a key stands in one of the two addresses.
func unmark(body []byte) (rest []byte, key string) {
	members, _ := wire.Object(body)
	for _, name := range []string{"send_response_url", "followup_url"} {
		for _, found := range written.FindAllString(string(members[name]), -1) {
			if key != "" && found != key {
				return body, "two keys"
			}
			key = found
		}
		members[name] = written.ReplaceAll(members[name], []byte("{token}"))
	}
	rest, _ = wire.JSON(members)
	return rest, key
}

// The conversation's block and the contact have the same names, and these are the members that the vendor knows.
func TestProspectComesFromTheContact(t *testing.T) {
	var names []string
	for _, a := range facts().Address {
		if name, inBlock := strings.CutPrefix(a.Name, "prospect_info."); inBlock {
			names = append(names, name)
			if a.From != name || a.Required {
				t.Errorf("%+v", a)
			}
		} else if a.From != "" {
			t.Errorf("%+v", a)
		}
	}
	if got, want := strings.Join(names, " "), "first_name last_name "+strings.Join(ways(), " "); got != want {
		t.Errorf("prospect_info has %s, want %s", got, want)
	}
}

func FuzzClassify(f *testing.F) {
	for _, a := range facts().Answers {
		f.Add(a.Status, []byte(a.Body), "1")
	}
	f.Add(404, []byte(`{"detail":"Not found."}`), "")
	f.Fuzz(func(t *testing.T, status int, body []byte, after string) {
		o := classify(wire.Answer{Status: status, Header: http.Header{"Retry-After": {after}}, Body: body, Now: time.Now()})
		if o.Class < providers.Accepted || o.Class > providers.Unknown || o.Class == providers.NotSent || o.Marked {
			t.Fatalf("%d %q is %+v", status, body, o)
		}
		if o.Class == providers.Accepted && (status/100 != 2 || o.ID == "" || strings.Trim(o.ID, "0123456789") != "") {
			t.Fatalf("accepted: %d %q %+v", status, body, o)
		}
		if o.Class != providers.Accepted && o.Reason == "" {
			t.Fatalf("no reason: %d %q %+v", status, body, o)
		}
	})
}
