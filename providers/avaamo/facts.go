package avaamo

import (
	"time"

	"herald/providers"
)

// Where the vendor says what is said here. The pages were read in November 2026.
const (
	userGuide        = "https://docs.avaamo.com/user-guide/"
	messagePage      = userGuide + "ref/avaamo-platform-api-documentation/message-api"
	conversationPage = userGuide + "ref/avaamo-platform-api-documentation/conversation-message-api"
	responsePages    = userGuide + "how-to/build-skills/create-skill/customize-your-skill/how-to/build-dynamic-skill-response/"
	quickReplyPage   = responsePages + "quick-reply"
	listPage         = responsePages + "list-view"
	cardPage         = responsePages + "card"
	carouselPage     = responsePages + "carousel"
	linkPage         = responsePages + "card/card-links"
	lineInputPage    = responsePages + "card/single-line-text"
	longInputPage    = responsePages + "card/multi-line-text"
	pollPage         = responsePages + "card/polls"
	historyPage      = userGuide + "debug/conversation-history"
	channelPage      = userGuide + "how-to/build-skills/create-skill/using-dialog-designer/create-new-skill/build-skill-responses/channel-wise-supported-responses"
)

// The vendor's limits. "Characters", which the pages do not define, are counted as Unicode code points. The addresses of
// links and images are user-defined texts too.
const (
	maxText        = 191   // all user-defined text fields but those below (quickReplyPage, listPage, cardPage, linkPage)
	maxDescription = 60000 // a card's description (cardPage)
	maxCapture     = 60000 // what stands in a data_capture field, its default_value too (longInputPage)
	maxSource      = 65000 // srcdoc of a web view (linkPage)
	maxItems       = 50    // of a list_view (listPage)
	maxInputs      = 25    // form elements of a card (cardPage)
	maxPage        = 100   // messages on a page (messagePage)
)

const (
	defaultBase  = "https://cx.avaamo.com"
	undocumented = messagePage + " documents no errors; herald goes by the status"
)

func facts() providers.Facts {
	return providers.Facts{
		Type:     "avaamo",
		Title:    "Avaamo",
		Verb:     "sends",
		BaseURL:  defaultBase,
		Endpoint: "POST " + postPath,
		Settings: []providers.Setting{
			{Attribute: providers.Attribute{Name: "access_token", Type: providers.String, Required: true,
				Doc: "access token of a user who may edit the agent: Settings, Users"}, Secret: true, Env: "AVAAMO_ACCESS_TOKEN"},
			{Attribute: providers.Attribute{Name: "agent_token", Type: providers.String,
				Doc: "access token of the agent: Agent, Settings; needed to read messages back, not to send"}, Secret: true, Reads: true, Env: "AVAAMO_AGENT_TOKEN"},
			{Attribute: providers.Attribute{Name: "bot_id", Type: providers.Int, Required: true,
				Doc: "the agent's number, as in the address of its page"}, Identity: true},
			{Attribute: providers.Attribute{Name: "assume_absent", Type: providers.Bool,
				Doc: "true takes a message in doubt for not sent where it is not listed, so that it may be sent again; if Avaamo listed it late (the history may lag by 2 minutes), " +
					"or otherwise than it was sent, the person gets it twice"}},
			{Attribute: providers.Attribute{Name: "base_url", Type: providers.String,
				Doc: "replaces scheme and host of the address, for another instance such as https://c6.avaamo.com; https, or http on a loopback address"},
				Default: defaultBase, Identity: true},
		},
		Address: []providers.Attribute{
			{Name: "uuid", Type: providers.String, Required: true,
				Doc: "the conversation's uuid, as in the address of its history; Avaamo opens no conversation by itself"},
		},
		Options: []providers.Attribute{
			{Name: "force_locale", Type: providers.String,
				Doc: "a BCP 47 locale such as \"en\" or \"pt-BR\", used instead of the agent's; left out or empty, the agent's stays"},
		},
		Carries: []providers.Carries{
			{Kind: providers.KindText, As: "message, a string"},
			{Kind: providers.KindQuickReplies, As: "quick_reply", Limit: "at least one reply; title and replies up to 191 characters each"},
			{Kind: providers.KindList, As: "list_view", Limit: "1 to 50 items, each with a link; texts, links and addresses of images up to 191 characters each; not on SMS and phone channels"},
			{Kind: providers.KindCards, As: "card, or carousel for several or with a title",
				Limit: "descriptions up to 60,000 characters, other texts, links and addresses of images 191; no single card on Facebook, neither on phone channels"},
			{Kind: providers.KindForm, As: "card with inputs", Limit: "1 to 25 fields; texts up to 191 characters each; not on Facebook and phone channels"},
			{Kind: providers.KindNative, As: "message, an object", Limit: "exactly one of quick_reply, card, list_view and carousel"},
		},
		Rate: providers.Rate{Requests: 5, Per: time.Second, Scope: providers.PerToken,
			Source: "Avaamo publishes no limit; herald keeps to this one (" + messagePage + ", read in November 2026)"},
		Answers: providers.Explain(
			providers.Answer{Status: 200, Body: `{"success": true}`, Class: providers.Accepted, Source: messagePage},
			providers.Answer{Status: 200, Body: "", Class: providers.Unknown, Source: messagePage + " knows no other 200"},
			providers.Answer{Status: 400, Body: "", Class: providers.Refused, Source: undocumented},
			providers.Answer{Status: 401, Body: "", Class: providers.AccountError, Source: undocumented},
			providers.Answer{Status: 403, Body: "", Class: providers.AccountError, Source: undocumented},
			providers.Answer{Status: 404, Body: "", Class: providers.AccountError, Source: undocumented + "; all messages have one path, so it is the host or the agent that is wrong"},
			providers.Answer{Status: 422, Body: "", Class: providers.Refused, Source: undocumented},
			providers.Answer{Status: 429, Body: "", Class: providers.Throttled, Source: undocumented},
			providers.Answer{Status: 500, Body: "", Class: providers.Unknown, Source: undocumented},
		),
		LookUp: "likely where it finds: a message of the agent since the attempt that says exactly the same, those of other attempts counted off; " +
			"never says not sent, unless assume_absent is true; needs agent_token",
		Reading: "all messages of the agent, or those of one conversation, with who read them; needs agent_token; " +
			"a message is taken for the agent's when the conversation's name begins with its author's; Avaamo advises to ask for at most 7 days at a time",
		Tells:   []providers.Fact{providers.FactRead, providers.FactReplied},
		Sources: []string{messagePage, conversationPage, quickReplyPage, listPage, cardPage, carouselPage, linkPage, lineInputPage, longInputPage, pollPage, historyPage, channelPage},
	}
}
