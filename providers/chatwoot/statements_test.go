package chatwoot

import (
	"slices"

	"herald/providers/providertest"
)

// also are the tests of this folder that hold statements.
func also() []string {
	return []string{"TestSampleAddress", "TestToken", "TestWords", "TestContentKeys", "TestReadByBuilder", "TestLeftOut", "TestRate", "TestNotCarried", "TestAccountID",
		"TestRenderOpening", "TestOpeningName", "TestOpeningKeys",
		"TestMarked", "TestMarkedBack", "TestListedKey", "TestAgrees", "TestUntilNextWindow", "TestDirection", "TestOddMessages", "TestPaging", "TestListAnswers"}
}

// originals are the vendors' pages, as they are kept beside the project; of Chatwoot there is none.
func originals(kind string) []providertest.Original {
	if kind == "digital99" {
		return []providertest.Original{{File: "digital99.md"}}
	}
	return nil
}

// statements are what a vendor's pages say, each with the case that holds it.
func statements(kind string) []providertest.Statement {
	if kind == "digital99" {
		return say(digitalPage, digitalStatements()...)
	}
	return slices.Concat(chatwootStatements()...)
}

func say(page string, pairs ...string) (all []providertest.Statement) {
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, providertest.Statement{Says: pairs[i], Page: page, By: pairs[i+1]})
	}
	return all
}

// digitalStatements are 99digital's page, from its top to its end.
func digitalStatements() []string {
	return []string{
		"a message is a `POST` to `/api/v1/accounts/{account_id}/conversations/{conversation_id}/messages` of online.99digital.co.il", "TestSampleAddress",
		"the body is JSON", "request",
		"the header `api_access_token` is a user's key", "TestToken",
		"the key is required", "facts",
		"without the key nothing is sent", "missing secrets",
		"what a key may do depends on its user", "403",
		"`account_id` in the path is required, a number", "TestAccountID",
		"`conversation_id` in the path is required", "no conversation",
		"`conversation_id` is a number", "conversation 1.5",
		"sample of a request", "text",
		"`content` is required", "no text",
		"`content` is required in native content, a string", "native without content",
		"`message_type` is a string: `incoming`, `outgoing`, `activity` or `template`", "TestWords",
		"`message_type` is no other word", "type of message",
		"`message_type` may be left out", "TestLeftOut",
		"`private` is true or false", "native private",
		"`private` true makes a private message", "private",
		"`private` may be left out", "TestLeftOut",
		"`content_type` of a request is `text`, `input_select`, `cards` or `form`", "TestWords",
		"`content_type` is no other word", "native type of content",
		"`content_type` may be left out, and is text then", "TestLeftOut",
		"`content_attributes` is an object", "native attributes",
		"`content_attributes` may be left out", "TestLeftOut",
		"sample of a response", "documented 200 " + sample[:80],
		"`id` of a response is the message's number", "a message, to the millisecond",
		"`content` of a response is its text", "a page",
		"`inbox_id` and `conversation_id` are numbers, handed on as they come", "a page",
		"`message_type` of a response: 1 is incoming, 2 is outgoing, 3 is activity, 4 is template", "TestAgrees",
		"the sample's `message_type` is 0, so the numbers may begin there as well", "TestDirection",
		"`content_type` of a response may be `article`, as no request's may", "TestNotCarried",
		"`status` is `sent`", "a message, to the millisecond",
		"`status` is `delivered`", "a message, to the second",
		"`status` is `read`", "read already",
		"`status` is `failed`", "stored, not delivered",
		"`content_attributes` of a response come back", "TestMarkedBack",
		"`created_at` is in seconds since 1970", "a message, to the second",
		"`private` of a response marks what the person does not see", "TestDirection",
		"`source_id` is the channel's, and is handed on as it comes", "a page",
		"`created_at_exact` is ISO 8601, to the millisecond", "a message, to the millisecond",
		"the sample's `created_at_exact` is none; then `created_at` counts", "TestOddMessages",
		"`sender` is a contact, a `user` or an agent_bot, in `sender.type`", "TestDirection",
		"`sender` has `available_name`, which goes before `name`", "a page",
		"`sender` has `id`, `email`, `avatar_url`, `logo_user_url`, `availability_status` and `thumbnail`, handed on as they come", "a page",
	}
}

// chatwootStatements are what the client relies on of Chatwoot's documentation and source.
func chatwootStatements() [][]providertest.Statement {
	return [][]providertest.Statement{
		say(swagger,
			"a message is a `POST` to `/api/v1/accounts/{account_id}/conversations/{conversation_id}/messages`", "TestSampleAddress",
			"the header `api_access_token` carries the token", "TestToken",
			"`account_id` is a number", "TestAccountID",
			"`conversation_id` counts within the account, from 1", "conversation 0",
			"`content` is required, a string", "native without content",
			"`message_type` is `outgoing` or `incoming`, and no other word in a request", "TestWords",
			"`message_type` is outgoing unless it is said", "text",
			"`private` is false unless it is said", "text",
			"`private` true makes a note that is never delivered", "private",
			"`content_type` is `text`, `input_email`, `cards`, `input_select`, `form` or `article`", "TestWords",
			"`content_type` is no other word", "native type of content",
			"`content_attributes` is an object", "native attributes",
			"`campaign_id` and `template_params` may be in a request", "TestReadByBuilder",
			"`before` is the number of a message", "an older page"),
		say(builder,
			"the source reads `echo_id`, `source_id`, `sender_type`, `sender_id`, `external_created_at`, `cc_emails`, `bcc_emails`, `to_emails`, `email_html_content` and `is_voice_message` as well", "TestReadByBuilder",
			"it reads no member that is spelled otherwise", "native unknown member",
			"HTTP 422: incoming messages are for API inboxes only", "documented 422 "+textIncoming,
			"an outgoing message with `source_id` is not delivered on most channels", "native source_id",
			"files come as multipart/form-data, which herald does not send", "TestNotCarried",
			"`content_attributes` may be an object's text in what comes back", "TestListedKey",
			"own keys of `content_attributes` are kept, so the mark goes there", "TestMarked",
			"own keys of `content_attributes` come back in the answer", "TestMarkedBack",
			"own keys of `content_attributes` come back in the list", "TestListedKey"),
		say(messages,
			"`content` has up to 150,000 characters", "the limit",
			"`content` has no more than 150,000 characters", "long text",
			"HTTP 422: `content` is too long", "documented 422 "+textInvalid+" "+textLong,
			"`message_type` of an answer is a number: 0 is incoming, 1 outgoing, 2 activity, 3 template", "TestAgrees",
			"listed, 0 is the person, 2 is for nobody, 1 and 3 are ours", "TestDirection",
			"what is created over the API and is no outgoing message has the contact for `sender`, `template` and `activity` too", "TestDirection",
			"`status` is sent", "a message, to the millisecond",
			"`status` is delivered", "a message, to the second",
			"`status` is read", "read already",
			"`status` is failed", "stored, not delivered",
			"HTTP 422: 200 messages a minute to one conversation are too many, and a minute later it goes on", "422 of a flood"),
		say(source+"app/models/concerns/liquidable.rb",
			"{{ in an outgoing message is filled in by the server", "text with Liquid",
			"{% in an outgoing message is read by the server", "Liquid",
			"a title is `content`, so that holds for it too", "Liquid title",
			"an incoming message is left alone", "incoming"),
		say(source+"app/views/api/v1/models/_message.json.jbuilder",
			"HTTP 200 with the message: `id` is a number", "a message, to the second",
			"`created_at` is in seconds since 1970", "a message, to the second",
			"`inbox_id`, `echo_id`, `source_id` and `attachments` are handed on as they come", "a page",
			"`sender` and `attachments` may be absent", "a page",
			"`message_type` may be another one than was asked for", "another type than asked for"),
		say(finder,
			"a list is `meta` and `payload`, oldest first", "a page",
			"a list without a place is the latest 20", "TestPaging",
			"`before` gives the 20 before a number", "an older page",
			"a conversation may have no messages", "no messages",
			"`after` gives messages with greater numbers, the oldest first", "read and replied",
			"`after` gives 100, cut after they were ordered by time", "the next page takes the last messages again"),
		say(source+"app/controllers/api/v1/accounts/conversations/messages_controller.rb (update), app/services/messages/status_update_service.rb",
			"`external_error` in content_attributes says why a message is failed", "given up"),
		say(swagger+", schema message",
			"`updated_at` of a message may come, in seconds or as a date", "last changed"),
		say(widget,
			"`submitted_values` in content_attributes is what the person chose, with `title` and `value`", "chosen",
			"`submitted_values` of a form has `name` and `value`", "filled in, which counts for what was before",
			"`submitted_email` in content_attributes answers input_email", "an address given"),
		say(attributes,
			"`items` of `input_select` have `title` and `value`", "quick replies",
			"`items` of `cards` have `media_url`, `title`, `description` and `actions`", "cards",
			"an action has `type` `link`, `text` and `uri`, or `type` `postback`, `text` and `payload`", "cards",
			"each card needs an action", "card without link",
			"each card of native content needs an action", "native card without actions",
			"`items` of `form` have `name`, `type`, `label`, `required` and `options`, and these `label` and `value`", "form",
			"a field's `type` is `text`, `text_area`, `email` or `select`", "form",
			"`items` of `article` have `title`, `description` and `link`", "articles",
			"`placeholder`, `default`, `pattern`, `title` and `pattern_error` may be in a field too", "TestContentKeys",
			"no other key may be in `items`", "TestContentKeys",
			"an item of native content is an object, and there is one at least", "native with null items",
			"at least one reply", "no replies",
			"at least one card", "no card",
			"at least one field", "no field",
			"at least one article", "no article",
			"keys beside `items` are free", "native",
			"HTTP 422: no item", "documented 422 "+textInvalid+" Content attributes "+textNoItem,
			"HTTP 422: an item that is no object", "documented 422 "+textInvalid+" Content attributes "+textNoHash,
			"HTTP 422: an unknown key of an item", "documented 422 "+textInvalid+" Content attributes "+textKeys+" : [\"x\"]",
			"HTTP 422: a card without actions", "documented 422 "+textInvalid+" Content attributes "+textActions,
			"HTTP 422: an unknown key of an action", "documented 422 "+textInvalid+" Content attributes "+textAction+":  [\"x\"]"),
		say(contacts,
			"a contact is a `POST` to `contacts`, with `identifier`, `name`, `email` and `phone_number`, and the `inbox_id` that is to know it", "TestOpeningKeys",
			"HTTP 200: a contact is in `payload.contact`, and its `source_id` in `payload.contact_inbox`", "somebody new",
			"HTTP 422 with `attributes`: no two contacts of an account have one `identifier`", "it was opened before",
			"HTTP 422: no two contacts have one `email`, whatever the case", "known by address",
			"HTTP 422: no two contacts have one `phone_number`", "known by number",
			"HTTP 422: `attributes` names what is not valid in the same way", "an address that is not taken",
			"`phone_number` is + and up to 15 digits, `email` has an @, and both may be left out", "TestRenderOpening",
			"HTTP 404: no such inbox", "no such inbox",
			"`contacts/search` finds `q` within values, 15 on a page", "known by a search only",
			"`contact_inboxes` of a contact say which inboxes know it, by which `source_id`", "somebody known, with another conversation"),
		say(filters,
			"`contacts/filter` with `equal_to` compares whole values", "address of somebody else",
			"the filter puts + before a `phone_number` itself", "known by address and number"),
		say(inboxes,
			"a `POST` to `contact_inboxes` makes a `source_id`", "somebody known in another inbox",
			"HTTP 422: some channels need the contact's number or address", "no number for the channel",
			"HTTP 422: a `source_id` is one contact's", "a source of two"),
		say(records,
			"each text of a contact has up to 255 characters", "TestRenderOpening"),
		say(openSource,
			"a conversation is a `POST` to `conversations`, with `source_id`, `inbox_id`, `contact_id`, `custom_attributes` and `status`", "TestOpeningKeys",
			"HTTP 401: the token's user may not see the inbox", "an inbox that the token's user may not see",
			"an inbox may keep to one conversation for each contact, and answers with that", "an inbox with one conversation for each"),
		say(ofContact,
			"`custom_attributes` and `additional_attributes` of a contact's conversations come back", "it was opened before, key elsewhere",
			"20 of a contact's conversations are listed", "twenty conversations that rest",
			"those that are not listed were not active after those that are", "twenty conversations that do not"),
		say(tokens,
			"a bot's token reaches no contacts", "a bot",
			"HTTP 401: the token is not valid", "documented 401 "+textToken,
			"HTTP 401: a bot may not do this", "documented 401 "+textBot,
			"a bot's token cannot list messages", "TestListAnswers"),
		say(accounts,
			"HTTP 401: the account is another one's", "documented 401 "+textAccount,
			"HTTP 401: the account is suspended", "documented 401 "+textSuspend),
		say(exceptions,
			"HTTP 404: no such conversation", "documented 404 "+textNotFound,
			"an error says what is wrong in `error`", "422 from another check",
			"HTTP 422 with `message` and `attributes`: a record that is not valid", "422 with attributes"),
		say(creation,
			"HTTP 422 for every fault of the server, also one after the message was stored", "422 from anywhere"),
		say("https://github.com/chatwoot/chatwoot/issues/6446",
			"HTTP 500 for a message that was sent", "500 after a send that succeeded"),
		say(limiter,
			"3,000 requests a minute for one IP address", "TestRate",
			"HTTP 429 is bare text", "documented 429 "+"Retry later",
			"HTTP 429 has no Retry-After: the next minute of the server's clock is waited for", "TestUntilNextWindow",
			"HTTP 429 with a Retry-After, as a proxy before it may say", "429 and when"),
	}
}
