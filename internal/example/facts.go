package example

import (
	"time"

	"herald/providers"
)

// Where the vendor says what is said here.
//
// CHANGE: the address of each page that you read, and when you read it. Every fact below points at one of them; what no
// page says is not a fact, so say there that it is herald's own choice.
const (
	messagesPage = "https://docs.example.com/messages"
	errorsPage   = "https://docs.example.com/errors"
)

// maxText is how many characters a text may have (messagesPage), counted as Unicode code points.
const maxText = 1000

// facts is all that is known of the vendor. The language, "herald providers", the README's table and the conformance
// suite are made from it.
func facts() providers.Facts {
	return providers.Facts{
		// CHANGE: the type is the word in campaigns: provider "example", provider = example.
		Type:     "example",
		Title:    "Example",
		Verb:     "sends", // "asks" where a send is a question in the person's own words
		BaseURL:  "https://api.example.com",
		Endpoint: "POST /v1/messages/{to}",
		// CHANGE: what one account needs. A secret may come from the environment, in a variable that begins with the type;
		// what tells two accounts apart at the vendor is part of their Identity.
		Settings: []providers.Setting{
			{Attribute: providers.Attribute{Name: "token", Type: providers.String, Required: true,
				Doc: "API token, from the account's page"}, Secret: true, Env: "EXAMPLE_TOKEN"},
			{Attribute: providers.Attribute{Name: "base_url", Type: providers.String,
				Doc: "replaces scheme and host of the address; https, or http on a loopback address"},
				Default: "https://api.example.com", Identity: true},
		},
		// CHANGE: how a conversation says who is written to, and what a message may say beside its content. A name with a
		// dot, as in person.email, is email in a block person { ... }.
		Address: []providers.Attribute{
			{Name: "to", Type: providers.String, Required: true, Doc: "the person's id in Example"},
		},
		Options: []providers.Attribute{},
		// CHANGE: each kind of content that the vendor takes; leave out the others, and herald refuses them while planning.
		Carries: []providers.Carries{
			{Kind: providers.KindText, As: "text", Limit: "up to 1,000 characters"},
		},
		// CHANGE: the published limit, by token or by host; or a careful one of your own, and say so.
		Rate: providers.Rate{Requests: 10, Per: time.Second, Scope: providers.PerToken,
			Source: "herald's own choice: " + messagesPage + " names no limit"},
		// CHANGE: every documented answer, with the class that it deserves (see answer.go).
		Answers: providers.Explain(
			providers.Answer{Status: 200, Body: `{"id":"m1"}`, Class: providers.Accepted, Source: messagesPage},
			providers.Answer{Status: 400, Body: "", Class: providers.Refused, Source: errorsPage + ": what is wrong with the message or the person"},
			providers.Answer{Status: 401, Body: "", Class: providers.AccountError, Source: errorsPage + ": the token"},
			providers.Answer{Status: 429, Body: "", Class: providers.Throttled, Source: errorsPage + ": too many requests"},
		),
		LookUp:  "none: Example lists no messages, so what is in doubt is decided by a person",
		Reading: "", // CHANGE: how messages are read back, once the provider has a List
		Sources: []string{messagesPage, errorsPage},
	}
}
