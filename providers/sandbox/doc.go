// Package sandbox emulates the vendors' APIs on this machine, so that a campaign can be rehearsed whole with nothing
// leaving it. One HTTP server on a loopback address has one path prefix per vendor; after it comes the vendor's
// documented path:
//
//	s, err := sandbox.Start(sandbox.Options{})
//	if err != nil {
//		return err
//	}
//	defer s.Close()
//	for _, v := range s.Vendors() {
//		fmt.Println(v.Name, v.URL, v.Header, v.Token, v.ReadToken) // give URL as base_url
//	}
//
//	POST {heyx URL}/api/v1/message/sendContent/{contactId}
//	GET  {heyx URL}/api/v1/contact/{id}
//	GET  {heyx URL}/api/v1/contact/by_custom_field?name=&value=
//	POST {digital99 or chatwoot URL}/api/v1/accounts/{account_id}/conversations/{id}/messages
//	GET  the same: list; DELETE and PATCH .../{message_id}; POST .../{message_id}/retry
//	GET  .../conversations, .../conversations/{id}, .../contacts, .../contacts/{id}/conversations
//	POST .../contacts, .../contacts/{id}/contact_inboxes, .../conversations
//	GET  .../contacts/search?q=, POST .../contacts/filter
//	POST {avaamo URL}/bots_api/v1/messages.json            with Token
//	GET  {avaamo URL}/v1/messages.json                     this and the next two with ReadToken
//	GET  {avaamo URL}/v1/conversations/{uuid}/messages.json
//	GET  {avaamo URL}/v1/conversations/{uuid}.json
//	POST {maax URL}/api/v2/outgoing-messages/
//	GET  /              what is emulated and how much came, as text, without tokens; or what Options.Page serves
//	GET  /index.txt     the same text, whatever is at /
//	GET  /messages.json what arrived, newest first: ?vendor=, ?limit= (100, at most 1000, and 2 MiB of bodies)
//	GET  /messages.jsonl all that arrived and was kept, oldest first, one message a line: ?vendor=
//	GET  /talks.json    conversations that were opened with digital99 and chatwoot, by contact and inbox: ?vendor=
//	GET  /requests.json for each vendor requests, messages accepted, requests in the worst sliding second: ?vendor=
//
// The emulators are strict: what the vendor documents is taken, everything else gets the vendor's error. They keep what
// arrived in memory (Options.Forget: only counts), and what they accepted can still be asked for after Close. Read and
// Write stand for the person at the other end, Choose too; Deliver and Fail for what happens on the way. Options.Afterwards
// lets all of them come by themselves:
//
//	sandbox.Options{Afterwards: func(m sandbox.Message) []sandbox.Event {
//		return []sandbox.Event{{After: time.Second, Kind: sandbox.EventRead}, {After: 2 * time.Second, Kind: sandbox.EventWritten, Text: "Yes"}}
//	}}
//
// For proofs they also misbehave: Options.Fault chooses a Fault for each request, of which FaultKind lists the kinds and
// says of each whether the message is accepted and what the client sees; Faults and Storm make such choices.
// Options.VisibleAfter keeps accepted messages out of the lists for a while:
//
//	sandbox.Options{
//		Fault:        sandbox.Faults(7, map[sandbox.FaultKind]float64{sandbox.FaultThrottle: 0.2, sandbox.FaultDropAfter: 0.02}),
//		VisibleAfter: func(vendor string, n int) time.Duration { return time.Duration(n%5) * time.Second },
//	}
//
// Options.Page puts a page of somebody else at /, which may draw what arrived: Message.Shown gives what a message shows,
// read from its body. Options.Observe tells of each message, Options.Witness of what happened after it.
//
// What was really accepted is in Messages and Count at once, whatever the client was told. Worst says how near requests
// came to each other, by the instants at which the kernel took them in where it tells.
//
// What it must not do: import anything of herald. The clients and the emulators are
// written from the vendors' pages, apart from each other, so that one misreading cannot hide in both. It must not listen
// on an address that other machines reach. It makes one kind of request, as Maax's answers come by no other way: they
// are posted to the addresses in the question, when these name a loopback address. It must not make any other, must not
// look up a name, and must not reach another machine.
//
// # Sources
//
// HeyX: its Messages API page (payloads, errors, 25 requests a second, 10 replies of 20 characters) and Contacts API page
// (contact shapes, 200 calls a minute per channel). 99digital: its page "Create a Message". Chatwoot: the OpenAPI
// document and the source of version 4.14.2 (validators, finder, limits, error texts). Avaamo: its pages Message API,
// Conversation API, and those on the responses in JavaScript: quick reply, card with one page for each kind of form
// element, card links, list view and carousel (shapes, 191 characters, 25 form elements, 50 items). Maax: its page
// Outgoing Messages of version 2.
//
// # Assumed, because no page says it
//
// HeyX:
//   - The limits are sliding windows per token. Requests that were refused with 429, and requests without the right token,
//     address or method, do not count. Requests that are refused for their content do. Reading contacts has its own count.
//   - The checks come in this order: address (404), method (405), token (401), limit (429), content (403).
//   - Everything wrong with the content, a Content-Type other than application/json, and an unknown contact on reading are
//     403 in the documented "General" form; its text is ours. Field names are matched exactly.
//   - forceCancelSurvey stands beside body, at the top of the payload; the page does not show where. Inside a message it is
//     an unknown field.
//   - A character of a quick reply is a Unicode code point. Empty text, titles, replies and lists of replies are refused.
//   - A file that is not of its type is known by the ending of its address alone; no ending, or one that says nothing,
//     passes. Type file takes every ending.
//   - Message types that only sister products document (whatsapp_template) are unknown.
//   - A Viber contact id is Base64 in the standard alphabet, with padding. Every other id that is not empty exists.
//   - Unknown addresses are 404 and a body over 1 MiB is 413, in the documented error form.
//
// Chatwoot and 99digital:
//   - A parameter that the page or the OpenAPI document does not list is 422 "found unpermitted parameter: :name", Rails'
//     own text. The real server ignores it, or knows it from its source alone (echo_id, source_id, sender_type and others).
//   - A parameter of another type than the documented one, null among them, is 422 "name must be a string" and so on. The
//     real server converts.
//   - content is required, as both pages say, and may not be empty: 422 "param is missing or the value is empty: content".
//     The real source lets it be absent. A body of another Content-Type than application/json has no parameters: uploads
//     are not emulated.
//   - message_type and content_type take exactly the documented values, for each vendor its own list: activity and template
//     with 99digital only, article and input_email with Chatwoot only.
//   - message_type in answers is Chatwoot's number (0 incoming, 1 outgoing, 2 activity, 3 template) with 99digital too. Its
//     page lists 1 to 4 and shows 0 in the sample.
//   - 99digital's limits are Chatwoot's. The 3000 a minute count every request, refused ones too, in windows that begin
//     with the minute; this machine is one address. The 200 a minute in one conversation are a sliding window.
//   - Liquid is only hinted at: variables and tags vanish from outgoing content, text between backticks stays, and content
//     with an unfinished variable or tag stays as it is. Nothing is filled in.
//   - Any account or conversation with a positive number exists, unless Options say otherwise. An account that does not
//     exist is 401 like one of others. A conversation's contact has the conversation's number. All are in inbox 1, open and
//     unassigned. That holds below 2,000,000,001: from there on contacts and conversations are those that were created.
//   - Every inbox with a positive number exists, unless Options.Inboxes says otherwise, and is a website or an API channel:
//     each link to a contact gets a source_id of its own. What is documented of a contact and of a conversation is taken, but
//     for avatars, a first message, assignees, teams and snoozing; inbox_id must be given for both.
//   - contacts/filter takes one condition, equal_to one value of identifier, email, phone_number or name, and compares
//     without regard to case. A contact's texts have up to 255 characters; one that is not valid is 422 with message and
//     attributes. 100 searches a minute for one account are let in, in windows that begin with the minute.
//   - An inbox of Options.SingleConversation gives the first conversation of the contact.
//   - Chatwoot's template_params must have a name; its other members are not looked at, and nothing shows them again.
//   - Broken JSON is 400, an unknown address or method is 404, a body over 1 MiB is 413, in the form of Rails' error pages.
//   - status stays "sent" until a PATCH, Deliver, Fail or Read changes it: nothing is delivered by itself. Fail gives up only
//     what was not delivered, and Read no message that failed. Write does not raise unread_count.
//   - Choose stores an answer as the website's widget does, in submitted_values or submitted_email of the question, whatever
//     the channel; it is no message of its own. A question takes one answer.
//
// Avaamo:
//   - No error is documented. Each is {"error": "..."} with a text of ours: 404 for an unknown address, and for an unknown
//     conversation in it, 405, 401 for a wrong token, 429, 422 for everything wrong with the content, the query or the
//     headers, an unknown conversation in the body among it, 413 over 1 MiB.
//     They are checked in this order: address, method, token, then headers and content, then the conversation.
//   - There is no limit unless Options.RequestsPerSecond sets one: then a sliding window over every request, refused ones
//     too. What it refuses itself does not count. The same goes for Maax.
//   - Content-Type must name application/json; other types may stand beside it, as in the sample.
//   - The bodies of "Post agent messages" are those of the pages on JavaScript responses: the Message API page shows two of
//     them and names the others only as "any message as supported by the channel". What an unknown member is, an empty
//     text, array or object, a value of another type, and null, is refused. A string message has no limit.
//   - A character is a Unicode code point. 191 of them are for every text but description, srcdoc (65000) and the
//     default_value of data_capture (60000); addresses and uuids are texts too.
//   - The page calls showcase_image_path an integer and shows an address: it is text. notification_message is inside the
//     card, as on the page on cards; samples of custom feedback have it outside. A card must have something to show.
//   - Members without an asterisk are required, also links of a list item. But a date element's format has a default, and
//     what a link needs follows its type: post_message value, web_page and web_view_url and deeplink value or url,
//     web_view_srcdoc srcdoc, date nothing. In a list, content stands for value, as in one sample.
//   - Words that a page lists with a capital and shows without (compact, tall, full, large) are taken in both forms.
//     Dates, formats, regular expressions, uuids and a default_value's option are not looked into: samples break those rules.
//   - A form element without should_validate must be answered.
//   - All bot_ids are one agent, whose messages one ReadToken reads. Every conversation has one person, whose name and ids
//     follow from the conversation's uuid. Conversations exist before the first message; they were made at the start.
//   - Lists are newest first, as per_page=1 gives the latest. since_timetoken and timetoken belong to the span. The latest 5
//     of timetoken alone are all that is counted and paged. per_page over 100, a page below 1, and parameters that are not
//     documented are 422. device_info is taken for one conversation too, though its page does not list it.
//   - Device-Id must be given for one conversation; for its summary it must be a number, as the pages say.
//   - content of a message that is not text is the JSON of the message object, and content_type of a carousel is carousel.
//     request_message_uuid is null, and locale is force_locale or null. device_info adds its members to an entry's user;
//     the agent's are null. Only the person reads.
//
// Maax:
//   - No error's body is documented: they are as Avaamo's, with 400 for the content and 403 for an ai_id that
//     Options.MaaxAIs denies. The parameters are a JSON body, as the text says; the table's title says query.
//   - Unknown members, null, empty texts and values of another type are refused; only output_format may be blank. phone may
//     be a number, as in the sample. The two addresses are http or https. What an e-mail or phone looks like is not checked.
//   - Every prospect_id and conversation_id exists, and is not compared with the other. New ones are above all that came.
//   - Prospects are told apart by prospect_id alone: the same prospect_info without an id is a new prospect.
//   - What is posted is JSON, incoming_message_id, prospect_id, conversation_id and message_content, which quotes up to 1000
//     characters of the question; as HTML unless output_format is plain_text. No page says how an answer looks.
//   - Each is posted once, without a redirect, for 5 s at most, and not after Close; up to 1024 questions wait at once. A
//     follow-up comes for every question, whatever became of the answer. Addresses of other machines get nothing.
//   - Ids are at most 2^53 - 1. The emulator knows no version 1 and no "conversations": their answers are not documented.
package sandbox
