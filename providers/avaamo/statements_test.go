package avaamo

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"herald/providers"
	"herald/providers/providertest"
)

// also are the tests of this folder that hold statements.
func also() []string {
	return []string{"TestLimits", "TestNativeLimits", "TestNativeKnown", "TestLocales", "TestSampleAnswer", "TestEveryAttribute", "TestPhones", "TestInstant",
		"TestDirection", "TestAsked", "TestPages", "TestListed", "TestNoAgentToken", "TestBotID", "TestPosted", "TestAdvice", "TestWatchAsks"}
}

// originals are the vendor's pages, as they are kept beside the project.
func originals() []providertest.Original { return []providertest.Original{{File: "avaamo.md"}} }

// statements are what the vendor's pages say, each with the case that holds it.
func statements() []providertest.Statement {
	say := func(page string, pairs ...string) (all []providertest.Statement) {
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, providertest.Statement{Says: pairs[i], Page: page, By: pairs[i+1]})
		}
		return all
	}
	var all []providertest.Statement
	for _, part := range [][]providertest.Statement{
		say(messagePage,
			"a message is a `POST` to `/bots_api/v1/messages.json` of cx.avaamo.com", "TestPosted",
			"the header `access-token` is the user's", "TestPosted",
			"the header `Content-Type` is application/json, whatever a sample adds", "request",
			"the user needs to be allowed to edit the agent; HTTP 403, which is not documented, stops the account", "documented 403",
			"`message` is required, a string for text", "text",
			"`message` is not empty", "no text",
			"`message` may be any message that the channel supports", "native quick reply with a date",
			"`conversation.uuid` is required", `uuid ""`,
			"`bot_id` is required, a whole number", "TestBotID",
			"`bot_id` says which agent it is", "another agent",
			"`force_locale` replaces the agent's locale", "text",
			"`force_locale` may be left out", "no locale",
			"`force_locale` is a locale", "TestLocales",
			"HTTP 200 with `success` true is the one documented answer", "documented 200 {\"success\": true}",
			"sample: a simple message", "text",
			"sample: a list of promotional items, `list_view` with `top_element_style` and `items`", "list",
			"sample: an item has `title`, `subtitle` and `links`, and a link `type` `post_message`, `title` and `value`", "list",
			"sample: the second link's slip, `content` for `value`", "list with the page's slip",
			"sample: a feedback message, a `card` with `inputs`, each of `title`, `type` and `uuid`", "form as the page has it",
			"sample: `data_capture` takes a comment", "form"),
		say(messagePage,
			"all messages are read with `GET` from `/v1/messages.json`", "all messages",
			"reading takes the agent's `access-token`", "TestAsked",
			"without the agent's token nothing can be read", "TestNoAgentToken",
			"`device_info` asks for the device, and is false by default", "TestAsked",
			"`since_timetoken` and `timetoken` are microseconds since 1970", "TestAsked",
			"`timetoken` is now by default; it is always said", "TestAsked",
			"`timetoken` without `since_timetoken` gives the latest 5 entries, so that is always said too", "TestAsked",
			"`page` is 1 by default, and is always said", "TestPages",
			"`per_page` is 25 by default, or 5 by default as an example has it; it is always said", "TestAsked",
			"`per_page` is 100, the maximum", "TestAsked",
			"for at most 7 days at a time", "TestAdvice",
			"HTTP 200 with a page; sample: the latest message", "TestSampleAnswer",
			"`current_page` and `per_page` come back, with `total_entries`", "TestSampleAnswer",
			"`total_pages` says how many pages there are", "TestPages",
			"`time_token` is when it was answered", "TestSampleAnswer",
			"`entries` is an array, the latest first", "all messages"),
		say(messagePage,
			"an entry has a `uuid`, which is the message's", "TestEveryAttribute",
			"`content` is what the message says", "TestListed",
			"`content_type` is `text`, ListView, card, quick_reply or another word", "TestListed",
			"`created_at` is in seconds, with a fraction", "TestInstant",
			"`timetoken` of an entry is in milliseconds (its sample: microseconds)", "TestInstant",
			"`user` is who wrote it: `first_name`, `last_name`, `layer_id`, `email`, `phone`, `avatar`, `avatar_updated_at` and `avaamo_id`", "TestEveryAttribute",
			"`phone` is an array of numbers (its sample: null)", "TestPhones",
			"`email`, `phone` and `avatar_updated_at` may be null", "TestSampleAnswer",
			"`user_agent`, `os_name`, `zone_offset`, `utc_offset` and `time_zone` describe the device", "TestEveryAttribute",
			"without `device_info` they are not there", "TestSampleAnswer",
			"`device_uuid` and `external_source` say from where it came", "TestEveryAttribute",
			"`request_message_uuid` is what it answers", "TestSampleAnswer",
			"`sequence` is which of how many answers", "TestEveryAttribute",
			"`agent_message_uuid` is a live agent's", "TestEveryAttribute",
			"`custom_properties` are any, as the example's `employee_id` and `dept`", "TestEveryAttribute",
			"`read_acks` say who read a message, `user`, and when, `read_at`", "TestListed",
			"`attachments` is an array", "TestEveryAttribute",
			"`conversation` has `uuid`, `mode`, `display_name` and `locale`", "TestEveryAttribute",
			"`display_name` is the agent's name, a comma and the person's first name", "TestDirection",
			"`read_at` is when the person read it, in whole seconds", "read, in the second in which it was written",
			"`user` of `read_acks` is who read it, which may be another than the person", "read by somebody else first",
			"`agent_message_uuid` marks a conversation with a live agent, who writes under a name of their own", "a live agent is no reply",
			"`time_token` and the header Date say what time it is there", "a clock that is ahead",
			"ranges are of 7 days at most, as is advised, also for what is older", "TestWatchAsks",
			"all messages of the agent come in one list, by `conversation`", "many conversations at once"),
		say(conversationPage,
			"one conversation is read from `/v1/conversations/{uuid}/messages.json`", "one conversation",
			"the header `Device-Id` is required there and may be any number", "TestAsked",
			"`request_message_uuid` is null for a live agent's message", "TestEveryAttribute"),
		say(quickReplyPage,
			"a `quick_reply` has `content` and `links` of type `post_message`, with `title` and `value`", "quick replies",
			"texts of a `quick_reply` have up to 191 characters", "TestLimits",
			"a link of a `quick_reply` may be a date, in a `format`", "native quick reply with a date",
			"a link of a `quick_reply` may have `hidden_content`", "TestNativeKnown",
			"`deeplink` is deprecated since 6.4.0", "native deeplink"),
		say(listPage,
			"a `list_view` has up to 50 items", "TestLimits",
			"`top_element_style` is large or compact, and large by default", "large list",
			"`subtitle` and `image_path` may be left out", "list with everything",
			"an item must have `links`, as cards have", "no link",
			"texts of a `list_view` have up to 191 characters", "TestLimits"),
		say(cardPage,
			"a `card` has `title`, `description`, `showcase_image_path` and `links`", "card",
			"a `description` has up to 60000 characters", "TestLimits",
			"other texts of a card have up to 191 characters", "TestLimits",
			"a card has up to 25 form elements", "TestLimits",
			"a `card` may have a `notification_message`", "TestNativeKnown"),
		say(carouselPage,
			"a `carousel` is a list of `cards`, with a `title` in the sample", "carousel",
			"a carousel has no form elements", "native form in a carousel"),
		say(linkPage,
			"a `web_page` leads to its `value`", "card",
			"a mail link has its address in `url`", "card",
			"`srcdoc` has up to 65000 characters", "TestNativeLimits",
			"a link may have `webview_height_ratio`, `format`, `minDate` and `maxDate`", "TestNativeKnown"),
		say(lineInputPage,
			"a `single_line_text` of `sub_type` email checks the address", "form with everything",
			"`should_validate` false lets the person skip a field, and true is its default", "form with everything",
			"`uuid` is what the answer is called", "form with everything"),
		say(longInputPage,
			"a `data_capture` takes several lines", "form",
			"a `data_capture` field has up to 60000 characters", "TestNativeLimits"),
		say(pollPage,
			"a `poll` has `options`, each a text", "form with everything",
			"an option of a `poll` may be an object with `uuid` and `option`", "TestNativeLimits"),
	} {
		all = append(all, part...)
	}
	return all
}

// The address of the page's samples, with the user's token and without the agent's.
func TestPosted(t *testing.T) {
	p, asked := reading(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"success":true}`) })
	r, _ := p.Render(words("Hi"))
	if got := facts().BaseURL + r.Path; r.Method != "POST" || got != "https://cx.avaamo.com/bots_api/v1/messages.json" {
		t.Errorf("%s %s", r.Method, got)
	}
	if o := p.Send(t.Context(), r, providers.NewKey()); o.Class != providers.Accepted || len(*asked) != 1 {
		t.Fatalf("%d requests, %+v", len(*asked), o)
	}
	header := (*asked)[0].Header
	if got := header.Values("access-token"); len(got) != 1 || got[0] != userToken || strings.Contains(fmt.Sprint(header), strings.TrimSpace(agentToken)) {
		t.Errorf("header %v", header)
	}
}

// What the page advises for speed is no limit; whoever reads much finds it in the facts.
func TestAdvice(t *testing.T) {
	if got := facts().Reading; !strings.Contains(got, "at most 7 days") {
		t.Errorf("Reading does not say how long a time to ask for: %s", got)
	}
}
