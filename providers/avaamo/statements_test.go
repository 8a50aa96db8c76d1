package avaamo

import "herald/providers/providertest"

// also are the tests of this folder that hold statements.
func also() []string {
	return []string{"TestLimits", "TestNativeLimits", "TestNativeKnown", "TestLocales", "TestSampleAnswer", "TestEveryAttribute", "TestPhones", "TestInstant",
		"TestDirection", "TestAsked", "TestPages", "TestListed", "TestNoAgentToken", "TestBotID"}
}

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
			"messages are posted to /bots_api/v1/messages.json", "request",
			"access-token is the user's, in a header", "request",
			"message is required, a string for text", "text",
			"message may be any message that the channel supports", "native quick reply with a date",
			"conversation.uuid is required", `uuid ""`,
			"bot_id is required, a whole number", "TestBotID",
			"force_locale replaces the agent's locale and may be left out", "no locale",
			"200 with success true is the one documented answer", "documented 200 {\"success\": true}",
			"sample: a simple message", "text",
			"sample: a list of promotional items, with its slip", "list with the page's slip",
			"sample: a feedback message", "form as the page has it",
			"messages are read from /v1/messages.json", "all messages",
			"reading takes the agent's access token", "TestNoAgentToken",
			"device_info asks for the device and is false by default", "TestAsked",
			"since_timetoken and timetoken are microseconds", "TestAsked",
			"timetoken without since_timetoken gives the latest five", "TestAsked",
			"page begins at 1, per_page is at most 100", "TestPages",
			"total_pages says how many pages there are", "TestPages",
			"sample: the latest message", "TestSampleAnswer",
			"an entry has uuid, content, content_type, sequence and the others", "TestEveryAttribute",
			"created_at is in seconds, with a fraction", "TestInstant",
			"timetoken of an entry is in milliseconds (its sample: microseconds)", "TestInstant",
			"read_acks say who read a message, and when", "TestListed",
			"display_name is the agent's name, a comma and the person's first name", "TestDirection",
			"phone is an array of numbers (its sample: null)", "TestPhones",
			"user_agent, os_name, zone_offset, utc_offset and time_zone describe the device", "TestEveryAttribute"),
		say(conversationPage,
			"one conversation is read from /v1/conversations/{uuid}/messages.json", "one conversation",
			"Device-Id is required there and may be any number", "TestAsked",
			"request_message_uuid is null for a live agent's message", "TestEveryAttribute"),
		say(quickReplyPage,
			"a quick_reply has content and links of type post_message, with title and value", "quick replies",
			"texts of a quick_reply have up to 191 characters", "TestLimits",
			"a link of a quick_reply may be a date, or have hidden_content", "TestNativeKnown",
			"deeplink is deprecated since 6.4.0", "native deeplink"),
		say(listPage,
			"a list_view has up to 50 items", "TestLimits",
			"top_element_style is large or compact, and large by default", "large list",
			"subtitle and image_path may be left out", "list with everything",
			"an item must have links, as cards have", "no link",
			"texts of a list_view have up to 191 characters", "TestLimits"),
		say(cardPage,
			"a card has title, description, showcase_image_path and links", "card",
			"a description has up to 60000 characters", "TestLimits",
			"other texts of a card have up to 191 characters", "TestLimits",
			"a card has up to 25 form elements", "TestLimits",
			"a card may have a notification_message", "TestNativeKnown"),
		say(carouselPage,
			"a carousel is a list of cards, with a title in the sample", "carousel",
			"a carousel has no form elements", "native form in a carousel"),
		say(linkPage,
			"a web_page leads to its value", "card",
			"a mail link has its address in url", "card",
			"srcdoc has up to 65000 characters", "TestNativeLimits",
			"a link may have webview_height_ratio, format, minDate and maxDate", "TestNativeKnown"),
		say(lineInputPage,
			"a single_line_text of sub_type email checks the address", "form with everything",
			"should_validate false lets the person skip a field, and true is its default", "form with everything",
			"uuid is what the answer is called", "form with everything"),
		say(longInputPage,
			"a data_capture takes several lines", "form",
			"a data_capture field has up to 60000 characters", "TestNativeLimits"),
		say(pollPage,
			"a poll has options, each a text", "form with everything",
			"an option of a poll may be an object with uuid and option", "TestNativeLimits"),
	} {
		all = append(all, part...)
	}
	return all
}
