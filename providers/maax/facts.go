package maax

import (
	"time"

	"herald/providers"
)

// Where the vendor says what is said here. The pages were read in November 2026.
const (
	docs     = "https://documentation.maax.ai/main/"
	page     = docs + "technical-guides/apis/v2/outgoing-messages"
	older    = docs + "technical-guides/apis/v1/conversations"
	dataflow = docs + "start-here/welcome-to-maax/how-does-it-work/dataflow"
)

// path is the one address of all requests. The slash at its end is the vendor's.
const path = "/api/v2/outgoing-messages/"

// sales is the only service_type that the page knows.
const sales = "sales_automation"

// The words of output_format. The page wants it left blank for HTML, so html is a word of ours that is never sent.
const (
	plainText = "plain_text"
	html      = "html"
)

// platforms are where an answer of Maax may be going (page).
func platforms() []string { return []string{"website", "email", "sms"} }

// ways are the members of prospect_info of which at least one must be there (page); last_name is none of them.
func ways() []string { return []string{"email", "phone", "facebook", "instagram", "intercom"} }

func facts() providers.Facts {
	return providers.Facts{
		Type:     "maax",
		Title:    "Maax AI",
		Verb:     "asks",
		BaseURL:  "https://app.max.ai",
		Endpoint: "POST " + path,
		Settings: []providers.Setting{
			{Attribute: providers.Attribute{Name: "api_key", Type: providers.String, Required: true,
				Doc: "the API key, from https://app.maax.ai/dashboard/api-keys/"}, Secret: true, Env: "MAAX_API_KEY"},
			{Attribute: providers.Attribute{Name: "ai_id", Type: providers.Int, Required: true,
				Doc: "the Sales AI that answers: its ID in https://app.maax.ai/dashboard/sales-ai/"}, Identity: true},
			{Attribute: providers.Attribute{Name: "service_type", Type: providers.String, Enum: []string{sales},
				Doc: "what the AI does"}, Default: sales},
			{Attribute: providers.Attribute{Name: "send_response_url", Type: providers.String, Required: true,
				Doc: "where Maax posts its answer; {token} in it becomes a token of that one send, by which the answer is recognised"}},
			{Attribute: providers.Attribute{Name: "followup_url", Type: providers.String, Required: true,
				Doc: "where Maax posts what it follows up with; {token} as in send_response_url"}},
			{Attribute: providers.Attribute{Name: "reply_path", Type: providers.String,
				Doc: "where the reply stands in the JSON that Maax posts, which it does not document: as in answer.text or messages[0].content; " +
					"without it the reply is a posted text, or the only text in a posted object"}},
			{Attribute: providers.Attribute{Name: "base_url", Type: providers.String,
				Doc: "replaces scheme and host of the address, which Maax's pages also give as https://app.maax.ai; https, or http on a loopback address"},
				Default: "https://app.max.ai", Identity: true},
		},
		Address: []providers.Attribute{
			{Name: "platform", Type: providers.String, Required: true, Enum: platforms(),
				Doc: "where you bring Maax's answer to the person"},
			{Name: "conversation_id", Type: providers.Int,
				Doc: "the conversation's number in Maax; without it the latest one with this prospect, else a new one"},
			{Name: "prospect_id", Type: providers.Int,
				Doc: "the person's number in Maax; without it a new prospect is made of prospect_info"},
			known("first_name", "the person's first name; Maax needs it"),
			known("last_name", "the person's last name"),
			known("email", "the person's e-mail address; Maax needs this, or phone, facebook, instagram or intercom"),
			known("phone", "the person's phone number"),
			known("facebook", "the person's name on Facebook"),
			known("instagram", "the person's name on Instagram"),
			known("intercom", "the person's name on Intercom"),
		},
		Options: []providers.Attribute{
			{Name: "output_format", Type: providers.String, Enum: []string{plainText, html},
				Doc: "how Maax writes its answer; \"html\" unless given; Maax advises \"plain_text\" for SMS"},
		},
		Carries: []providers.Carries{{Kind: providers.KindText, As: "message_content"}},
		Rate: providers.Rate{Requests: 5, Per: time.Second, Scope: providers.PerToken,
			Source: "herald's own choice, since Maax publishes no limit; its pages were read in November 2026"},
		Answers: providers.Explain(
			providers.Answer{Status: 200, Body: `{"incoming_message_id":1}`, Class: providers.Accepted, Source: page},
			providers.Answer{Status: 400, Body: "", Class: providers.Refused, Source: page + ": badly formatted parameters"},
			providers.Answer{Status: 401, Body: "", Class: providers.AccountError, Source: page + ": the key is missing or not valid"},
			providers.Answer{Status: 403, Body: "", Class: providers.AccountError, Source: page + ", without a word"},
			providers.Answer{Status: 404, Body: "", Class: providers.AccountError,
				Source: "not documented; every request goes to one address, so where it is unknown nothing of this account arrives"},
			providers.Answer{Status: 429, Body: "", Class: providers.Throttled, Source: "not documented; RFC 6585, section 4"},
		),
		LookUp: "sure where it finds: with {token} in send_response_url, the answer that comes there, to herald listen, shows that Maax was asked; " +
			"that none came shows nothing",
		Tells:   []providers.Fact{providers.FactReplied},
		Sources: []string{page, older, dataflow},
	}
}

// known describes one thing known of the person, which stands in prospect_info and is the contact's own unless given.
func known(name, doc string) providers.Attribute {
	return providers.Attribute{Name: "prospect_info." + name, Type: providers.String, From: name, Doc: doc}
}
