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
//		fmt.Println(v.Name, v.URL, v.Header, v.Token) // give URL as base_url
//	}
//
//	POST {heyx URL}/api/v1/message/sendContent/{contactId}
//	GET  {heyx URL}/api/v1/contact/{id}
//	GET  {heyx URL}/api/v1/contact/by_custom_field?name=&value=
//	POST {digital99 or chatwoot URL}/api/v1/accounts/{account_id}/conversations/{id}/messages
//	GET  the same: list; DELETE and PATCH .../{message_id}; POST .../{message_id}/retry
//	GET  .../conversations, .../conversations/{id}, .../contacts, .../contacts/{id}/conversations
//	GET  /              what is emulated and how much came, as text, without tokens
//	GET  /messages.json what arrived, newest first
//
// The emulators are strict: what the vendor documents is taken, everything else gets the vendor's error. They keep what
// arrived in memory (Options.Forget: only counts), and what they accepted can still be asked for after Close.
//
// What it must not do: import anything of herald. The clients and the emulators are
// written from the vendors' pages, apart from each other, so that one misreading cannot hide in both. It must not listen
// on an address that other machines reach, and must not make requests.
//
// # Sources
//
// HeyX: its Messages API page (payloads, errors, 25 requests a second, 10 replies of 20 characters) and Contacts API page
// (contact shapes, 200 calls a minute per channel). 99digital: its page "Create a Message". Chatwoot: the OpenAPI
// document and the source of version 4.14.2 (validators, finder, limits, error texts).
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
//     unassigned.
//   - Chatwoot's template_params must have a name; its other members are not looked at, and nothing shows them again.
//   - Broken JSON is 400, an unknown address or method is 404, a body over 1 MiB is 413, in the form of Rails' error pages.
//   - status stays "sent" until a PATCH changes it: nothing is delivered.
package sandbox
