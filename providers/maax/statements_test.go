package maax

import (
	"testing"

	"herald/providers/providertest"
)

// also are the tests of this folder that hold statements.
func also() []string { return []string{"TestToken", "TestOpen", "TestSampleAddress"} }

// originals are the vendor's pages, as they are kept beside the project.
func originals() []providertest.Original { return []providertest.Original{{File: "maax.md"}} }

// statements are what the vendor's page says, from its top to its end, each with the case that holds it.
func statements() []providertest.Statement {
	return []providertest.Statement{
		{Says: "a question is a `POST` to `/api/v2/outgoing-messages/` of app.max.ai, with the slash at the end", Page: page, By: "TestSampleAddress"},
		{Says: "`send_response_url` and `followup_url` stand in the body", Page: page, By: "every parameter"},
		{Says: "the header `Content-Type` is application/json", Page: page, By: "request"},
		{Says: "the key goes in the header `2hd-api-key`", Page: page, By: "TestToken"},
		{Says: "the key is required", Page: page, By: "facts"},
		{Says: "without the key nothing is asked", Page: page, By: "missing secrets"},
		{Says: "`message_content` is required", Page: page, By: "no text"},
		{Says: "`message_content` is a string", Page: page, By: "signs"},
		{Says: "`platform` is required", Page: page, By: "no platform"},
		{Says: "`platform` is `website`", Page: page, By: "text"},
		{Says: "`platform` is `email`", Page: page, By: "by email"},
		{Says: "`platform` is `sms`", Page: page, By: "every parameter"},
		{Says: "`platform` is nothing else", Page: page, By: "other platform"},
		{Says: "`ai_id` is required, a whole number", Page: page, By: "TestOpen"},
		{Says: "`ai_id` says which AI answers", Page: page, By: "another AI"},
		{Says: "`service_type` is required, and is `sales_automation`", Page: page, By: "service type"},
		{Says: "`prospect_id` may be left out", Page: page, By: "text"},
		{Says: "`prospect_id` is a whole number", Page: page, By: "prospect alone"},
		{Says: "`conversation_id` may be left out", Page: page, By: "prospect alone"},
		{Says: "`conversation_id` is a whole number", Page: page, By: "conversation alone"},
		{Says: "`prospect_info` has `first_name`, `last_name`, `email`, `phone`, `facebook`, `instagram` and `intercom`", Page: page, By: "every parameter"},
		{Says: "`prospect_info` is required, with `prospect_id` too", Page: page, By: "no way, but known"},
		{Says: "`first_name` is required", Page: page, By: "no first name"},
		{Says: "at least one more of `prospect_info` is required", Page: page, By: "no way"},
		{Says: "`last_name` is not that one", Page: page, By: "a last name is no way"},
		{Says: "`email` is one", Page: page, By: "only email"},
		{Says: "`phone` is one", Page: page, By: "only phone"},
		{Says: "`facebook` is one", Page: page, By: "only facebook"},
		{Says: "`instagram` is one", Page: page, By: "only instagram"},
		{Says: "`intercom` is one", Page: page, By: "only intercom"},
		{Says: "a `phone` number in quotes", Page: older, By: "only phone"},
		{Says: "`output_format` is `plain_text`", Page: page, By: "plain text"},
		{Says: "`output_format` is left blank for HTML", Page: page, By: "HTML, which is said by silence"},
		{Says: "`output_format` is nothing else", Page: page, By: "format"},
		{Says: "`send_response_url` is required", Page: page, By: "TestOpen"},
		{Says: "`followup_url` is required", Page: page, By: "TestOpen"},
		{Says: "HTTP 200 with `incoming_message_id`, a whole number", Page: page, By: "the id"},
		{Says: "HTTP 400: badly formatted parameters", Page: page, By: "documented 400"},
		{Says: "HTTP 401: the key is not valid, or not there", Page: page, By: "documented 401"},
		{Says: "HTTP 403, without a word", Page: page, By: "documented 403"},
	}
}

// The address as the page writes it.
func TestSampleAddress(t *testing.T) {
	p := opened(t, "", nil)
	defer p.Close()
	r, _ := p.Render(asks("Hi"))
	if got := facts().BaseURL + r.Path; r.Method != "POST" || got != "https://app.max.ai/api/v2/outgoing-messages/" {
		t.Errorf("%s %s", r.Method, got)
	}
}
