package chatwoot

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"herald/providers"
	"herald/providers/providertest"
)

const under = "/api/v1/accounts/12/"

// ada is a message to somebody without a conversation.
func ada() providers.Message {
	m := text("Hi")
	m.Address = providers.Values{"contact_info.identifier": "c 1", "contact_info.name": "Ada", "contact_info.email": "ada@x.example", "contact_info.phone_number": "+4915112345678"}
	return m
}

const adaBody = `{"inbox_id":3,"identifier":"c 1","name":"Ada","email":"ada@x.example","phone_number":"+4915112345678"}`

// known is a contact as the vendor lists them.
func listedContact(id int, identifier, email, phone string, links ...string) string {
	all := []string{}
	for i := 0; i < len(links); i += 2 {
		all = append(all, fmt.Sprintf(`{"source_id":%q,"inbox":{"id":%s,"name":"X"}}`, links[i+1], links[i]))
	}
	null := func(s string) string {
		if s == "" {
			return "null"
		}
		return fmt.Sprintf("%q", s)
	}
	return fmt.Sprintf(`{"id":%d,"name":"Ada","identifier":%s,"email":%s,"phone_number":%s,"contact_inboxes":[%s]}`,
		id, null(identifier), null(email), null(phone), strings.Join(all, ","))
}

func contactList(all ...string) providertest.Answer {
	return providertest.Answer{Body: `{"meta":{"count":1,"current_page":1},"payload":[` + strings.Join(all, ",") + `]}`}
}

// talk is a conversation as the vendor lists it.
func talk(id int, key string, active time.Time) string {
	return fmt.Sprintf(`{"id":%d,"inbox_id":3,"custom_attributes":{%s},"additional_attributes":{},"last_activity_at":%d}`, id, key, active.Unix())
}

func talks(all ...string) providertest.Answer {
	return providertest.Answer{Body: `{"payload":[` + strings.Join(all, ",") + `]}`}
}

func taken(attributes ...string) providertest.Answer {
	body, _ := json.Marshal(map[string]any{"message": "Identifier has already been taken", "attributes": attributes})
	return providertest.Answer{Status: 422, Body: string(body)}
}

// openings are the ways to a conversation.
func openings() []providertest.Opening {
	key := providers.Key{1, 2, 3}
	mine := `"herald_key":"` + key.String() + `"`
	now := time.Now().Truncate(time.Second)
	begun := now.Add(-10 * time.Minute)
	fresh := providers.OpenAttempt{Key: key, Begun: begun, Settled: true}
	early := providers.OpenAttempt{Key: key, Begun: begun}

	step := func(method, path, body string, a providertest.Answer) providertest.Step {
		return providertest.Step{Method: method, Path: under + path, Body: body, Answer: a}
	}
	create := func(a providertest.Answer) providertest.Step { return step("POST", "contacts", adaBody, a) }
	created := providertest.Answer{Body: `{"payload":{"contact":` + listedContact(51, "c 1", "ada@x.example", "+4915112345678", "3", "s-3") + `,"contact_inbox":{"inbox":{"id":3},"source_id":"s-3"}}}`}
	list := func(contact int, a providertest.Answer) providertest.Step {
		return step("GET", fmt.Sprintf("contacts/%d/conversations", contact), "", a)
	}
	open := func(contact int, source string, a providertest.Answer) providertest.Step {
		one := step("POST", "conversations", fmt.Sprintf(`{"source_id":%q,"inbox_id":3,"contact_id":%d,"custom_attributes":{%s},"status":"open"}`, source, contact, mine), a)
		one.Makes = true
		return one
	}
	made := providertest.Answer{Body: talk(77, mine, now)}
	filtered := func(attribute, value string, page int, a providertest.Answer) providertest.Step {
		return step("POST", fmt.Sprintf("contacts/filter?page=%d", page), fmt.Sprintf(`{"payload":[{"attribute_key":%q,"filter_operator":"equal_to","values":[%q]}]}`, attribute, value), a)
	}
	searched := func(q string, page int, a providertest.Answer) providertest.Step {
		return step("GET", fmt.Sprintf("contacts/search?q=%s&page=%d", q, page), "", a)
	}
	steps := func(all ...providertest.Step) []providertest.Step { return all }
	is := func(class providers.Class, reason string) providers.Opened {
		return providers.Opened{Outcome: providers.Outcome{Class: class, Reason: reason}}
	}
	at := func(place string, marked bool) providers.Opened {
		return providers.Opened{Outcome: providers.Outcome{Class: providers.Accepted, Marked: marked}, Place: place}
	}
	old := listedContact(52, "c 1", "old@x.example", "", "3", "s-old")
	byMail := listedContact(53, "", "ADA@x.example", "", "3", "s-mail")
	crowd := func(n int, each func(i int) string) (all []string) {
		for i := range n {
			all = append(all, each(i))
		}
		return all
	}
	busy := talks(crowd(20, func(i int) string { return talk(100+i, "", now.Add(-time.Duration(i)*time.Second)) })...)
	resting := talks(crowd(20, func(i int) string { return talk(100+i, "", begun.Add(-time.Duration(i*4)*time.Second)) })...)
	justNow := talks(crowd(20, func(i int) string { return talk(100+i, "", begun.Add(-time.Duration(i*3)*time.Second)) })...)

	all := []providertest.Opening{
		{Name: "somebody new", Steps: steps(create(created), list(51, talks()), open(51, "s-3", made)), Want: at("77", true)},
		{Name: "it was opened before", Steps: steps(create(taken("identifier")), filtered("identifier", "c 1", 1, contactList(old)), list(52, talks(talk(70, "", now), talk(71, mine, now)))), Want: at("71", true)},
		{Name: "it was opened before, and it is early", Attempt: early,
			Steps: steps(create(taken("identifier")), filtered("identifier", "c 1", 1, contactList(old)), list(52, talks(talk(71, mine, now)))), Want: at("71", true)},
		{Name: "it was opened before, key elsewhere", Want: at("71", true), Steps: steps(create(taken("identifier")), filtered("identifier", "c 1", 1, contactList(old)),
			list(52, talks(`{"id":71,"custom_attributes":null,"additional_attributes":{`+mine+`}}`)))},
		{Name: "too early to open another", Attempt: early, Want: is(providers.Unknown, "too early to know"),
			Steps: steps(create(taken("identifier")), filtered("identifier", "c 1", 1, contactList(old)), list(52, talks(talk(70, "", now))))},
		{Name: "somebody known, with another conversation", Want: at("77", true),
			Steps: steps(create(taken("identifier")), filtered("identifier", "c 1", 1, contactList(old)), list(52, talks(talk(70, `"herald_key":"`+providers.Key{9}.String()+`"`, now))), open(52, "s-old", made))},
		{Name: "somebody known in another inbox", Want: at("77", true),
			Steps: steps(create(taken("identifier")), filtered("identifier", "c 1", 1, contactList(listedContact(52, "c 1", "", "", "4", "s-4"))), list(52, talks()),
				step("POST", "contacts/52/contact_inboxes", `{"inbox_id":3}`, providertest.Answer{Body: `{"source_id":"s-new","inbox":{"id":3}}`}), open(52, "s-new", made))},
		{Name: "known by a search only", Want: at("77", true), Steps: steps(create(taken("email", "identifier")), filtered("identifier", "c 1", 1, contactList(listedContact(9, "C 1", "", ""))),
			searched("c%201", 1, contactList(crowd(15, func(i int) string { return listedContact(200+i, fmt.Sprint("c 1", i), "", "") })...)), searched("c%201", 2, contactList(old)), list(52, talks()), open(52, "s-old", made))},
		{Name: "a version without the filter", Want: at("77", true), Steps: steps(create(taken("identifier")),
			filtered("identifier", "c 1", 1, providertest.Answer{Status: 422, Body: says("Invalid attribute key - [identifier]")}), searched("c%201", 1, contactList(old)), list(52, talks()), open(52, "s-old", made))},
		{Name: "a search that is refused", Want: is(providers.Refused, "no search"), Steps: steps(create(taken("identifier")), filtered("identifier", "c 1", 1, contactList()),
			searched("c%201", 1, providertest.Answer{Status: 422, Body: says("no search")}))},
		{Name: "known by address", Want: at("77", true), Steps: steps(create(taken("email")), filtered("email", "ada@x.example", 1, contactList(byMail)), list(53, talks()), open(53, "s-mail", made))},
		{Name: "known by number", Want: at("77", true), Steps: steps(create(taken("phone_number")),
			filtered("phone_number", "4915112345678", 1, contactList(listedContact(54, "", "", "+4915112345678", "3", "s-phone"))), list(54, talks()), open(54, "s-phone", made))},
		{Name: "known by address and number", Want: at("77", true), Steps: steps(create(taken("email", "phone_number")), filtered("email", "ada@x.example", 1, contactList(byMail)),
			filtered("phone_number", "4915112345678", 1, contactList(listedContact(53, "", "ada@x.example", "+4915112345678", "3", "s-mail"))), list(53, talks()), open(53, "s-mail", made))},
		{Name: "address of somebody else", Want: is(providers.Refused, "contact 55 has the same email and another identifier"),
			Steps: steps(create(taken("email")), filtered("email", "ada@x.example", 1, contactList(listedContact(55, "c2", "ada@x.example", ""))))},
		{Name: "address and number of two", Want: is(providers.Refused, "contact 53 has the same email, and contact 54 the same phone_number"),
			Steps: steps(create(taken("email", "phone_number")), filtered("email", "ada@x.example", 1, contactList(byMail)),
				filtered("phone_number", "4915112345678", 1, contactList(listedContact(54, "", "", "+4915112345678"))))},
		{Name: "an address that is not taken", Want: is(providers.Refused, "Email is odd"), Steps: steps(
			create(providertest.Answer{Status: 422, Body: `{"message":"Email is odd","attributes":["email"]}`}), filtered("email", "ada@x.example", 1, contactList()), searched("ada%40x.example", 1, contactList()))},
		{Name: "taken, and nowhere to be found", Want: is(providers.Refused, "already been taken"),
			Steps: steps(create(taken("identifier")), filtered("identifier", "c 1", 1, contactList()), searched("c%201", 1, contactList()))},
		{Name: "an inbox with one conversation for each", Steps: steps(create(created), list(51, talks()), open(51, "s-3", providertest.Answer{Body: talk(60, "", now)})), Want: at("60", false)},
		{Name: "twenty conversations that rest", Steps: steps(create(created), list(51, resting), open(51, "s-3", made)), Want: at("77", true)},
		{Name: "twenty conversations that do not", Steps: steps(create(created), list(51, busy)), Want: is(providers.Unknown, "more conversations than are listed")},
		{Name: "twenty conversations that rest too shortly", Steps: steps(create(created), list(51, justNow)), Want: is(providers.Unknown, "more conversations than are listed")},
		{Name: "twenty conversations and no clock", Want: is(providers.Unknown, "the clocks do not say"),
			Steps: steps(create(created), list(51, providertest.Answer{Header: map[string]string{"Date": ""}, Body: resting.Body}))},
		{Name: "an attempt that is yet to come", Attempt: providers.OpenAttempt{Key: key, Begun: now.Add(time.Hour), Settled: true}, Want: is(providers.Unknown, "set the clock"),
			Steps: steps(create(created), list(51, resting))},
		{Name: "no such inbox", Steps: steps(create(providertest.Answer{Status: 404, Body: says(textNotFound)})), Want: is(providers.AccountError, "the account has no inbox 3")},
		{Name: "an inbox that the token's user may not see", Steps: steps(create(created), list(51, talks()), step("POST", "conversations",
			fmt.Sprintf(`{"source_id":"s-3","inbox_id":3,"contact_id":51,"custom_attributes":{%s},"status":"open"}`, mine), providertest.Answer{Status: 401, Body: says("You are not authorized to do this action")})),
			Want: is(providers.AccountError, "not authorized")},
		{Name: "a bot", Steps: steps(create(providertest.Answer{Status: 401, Body: says(textBot)})), Want: is(providers.AccountError, "a user's key")},
		{Name: "no number for the channel", Steps: steps(create(providertest.Answer{Status: 422, Body: says("param is missing or the value is empty: contact phone number")})),
			Want: is(providers.Refused, "contact phone number")},
		{Name: "a no that does not say what is wrong", Steps: steps(create(providertest.Answer{Status: 422, Body: `{"message":"Identifier has al`})), Want: is(providers.Unknown, "does not say what is wrong")},
		{Name: "a source of two", Steps: steps(create(created), list(51, talks()), step("POST", "conversations",
			fmt.Sprintf(`{"source_id":"s-3","inbox_id":3,"contact_id":51,"custom_attributes":{%s},"status":"open"}`, mine), providertest.Answer{Status: 422, Body: says("source_id should be unique")})),
			Want: is(providers.Refused, "should be unique")},
		{Name: "a conversation without a number", Steps: steps(create(created), list(51, talks(`{"id":"7/../8","custom_attributes":{`+mine+`}}`))), Want: is(providers.Unknown, "without its number")},
	}
	for i := range all {
		all[i].Message, all[i].Settings = ada(), providers.Values{"inbox_id": int64(3)}
		if all[i].Attempt.Begun.IsZero() {
			all[i].Attempt = fresh
		}
	}
	return all
}

func TestOpenings(t *testing.T) {
	for _, kind := range Types() {
		t.Run(kind.Facts.Type, func(t *testing.T) {
			s := subject(kind)
			providertest.RunOpenings(t, s)
		})
	}
}

// A contact needs no more than an identifier; whoever has a conversation needs none of it.
func TestRenderOpening(t *testing.T) {
	p, err := Chatwoot().Open(providers.Account{Settings: providers.Values{"account_id": int64(12), "inbox_id": int64(3)}})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	const mark = under + "conversations/" + providers.PlaceMark + "/messages"
	for _, tt := range []struct {
		name, field, value string // of contact_info, beside the identifier
		want               string // the opening's body; "" for a problem at the field
	}{
		{"all", "", "", adaBody},
		{"blank", "email", " ", strings.Replace(adaBody, `"email":"ada@x.example",`, "", 1)},
		{"no name", "name", "", strings.Replace(adaBody, `"name":"Ada",`, "", 1)},
		{"odd identifier", "identifier", "<a>\n\"é", `{"inbox_id":3,"identifier":"<a>\n\"é","name":"Ada","email":"ada@x.example","phone_number":"+4915112345678"}`},
		{"255 characters", "identifier", strings.Repeat("é", 255), strings.Replace(adaBody, "c 1", strings.Repeat("é", 255), 1)},
		{"256 characters", "identifier", strings.Repeat("é", 256), ""},
		{"256 characters of name", "name", strings.Repeat("é", 256), ""},
		{"bytes", "name", "\xff", ""},
		{"national number", "phone_number", "0151 12345678", ""},
		{"number with spaces", "phone_number", "+49 15112345678", ""},
		{"number with a line", "phone_number", "+4915112345678\n", ""},
		{"number of zeros", "phone_number", "+0151123", ""},
		{"16 digits", "phone_number", "+1234567890123456", ""},
		{"15 digits", "phone_number", "+123456789012345", strings.Replace(adaBody, "+4915112345678", "+123456789012345", 1)},
		{"no address", "email", "ada", ""},
		{"two addresses", "email", "ada@x, b@y", ""},
	} {
		m := ada()
		if tt.field != "" {
			m.Address["contact_info."+tt.field] = tt.value
		}
		r, problems := p.Render(m)
		if tt.want == "" {
			if len(problems) != 1 || problems[0].Field != "contact_info."+tt.field || problems[0].Part != providers.PartAddress || r.Opening != nil || r.Path != "" {
				t.Errorf("%s: %+v %+v", tt.name, r, problems)
			}
			continue
		}
		if len(problems) > 0 || r.Path != mark || r.Place != "" || r.Opening == nil || string(r.Opening.Body) != tt.want || !strings.HasPrefix(r.Opening.Name, `account 12, inbox 3, "`) {
			t.Errorf("%s: %+v %+v %s", tt.name, r, problems, r.Opening)
		}
		m.Address["conversation_id"] = int64(34)
		if r, problems := p.Render(m); len(problems) > 0 || r.Path != path || r.Place != "34" || r.Opening != nil {
			t.Errorf("%s, with a conversation: %+v %+v", tt.name, r, problems)
		}
	}
	for _, identifier := range []any{nil, "", " \t"} {
		m := ada()
		m.Address["contact_info.identifier"] = identifier
		if _, problems := p.Render(m); len(problems) != 1 || problems[0].Field != "contact_info" {
			t.Errorf("identifier %q: %+v", identifier, problems)
		}
	}
}

// What an opening is for is the same for all messages to one person, and for nobody else: neither in another inbox nor
// in another account, whose conversations have the same numbers.
func TestOpeningName(t *testing.T) {
	names := map[string]string{}
	for _, of := range [][2]int64{{12, 3}, {12, 31}, {1, 3}} {
		p, err := Digital99().Open(providers.Account{Settings: providers.Values{"account_id": of[0], "inbox_id": of[1]}})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		for _, identifier := range []string{"c1", "1, c1", "C1", "c1 ", `c1"`, strings.Repeat("x", 200), strings.Repeat("x", 201)} {
			for _, name := range []string{"Ada", "Bob"} {
				m := ada()
				m.Address["contact_info.identifier"], m.Address["contact_info.name"] = identifier, name
				r, problems := p.Render(m)
				if len(problems) > 0 {
					t.Fatal(problems)
				}
				who := fmt.Sprint(of, " ", identifier)
				if other, said := names[r.Opening.Name]; said && other != who || strings.ContainsAny(r.Opening.Name, "\r\n\x1b") {
					t.Errorf("%q is for %q and %q", r.Opening.Name, other, who)
				}
				names[r.Opening.Name] = who
			}
		}
	}
	if len(names) != 21 {
		t.Errorf("%d names for 21: %v", len(names), names)
	}
}

// The keys of what is sent are those of the vendor's document.
func TestOpeningKeys(t *testing.T) {
	for i, want := range map[string][]string{
		"contacts":      {"inbox_id", "identifier", "name", "email", "phone_number"},
		"conversations": {"source_id", "inbox_id", "contact_id", "custom_attributes", "status"},
	} {
		for _, step := range openings()[0].Steps {
			if step.Method != http.MethodPost || step.Path != under+i {
				continue
			}
			var members map[string]json.RawMessage
			if err := json.Unmarshal([]byte(step.Body), &members); err != nil || len(members) != len(want) {
				t.Errorf("%s: %v %s", i, err, step.Body)
			}
			for _, name := range want {
				if members[name] == nil {
					t.Errorf("%s lacks %s", i, name)
				}
			}
		}
	}
}
