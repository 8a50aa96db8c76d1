package chatwoot

import (
	"slices"
	"strings"
	"time"

	"herald/providers"
)

// Where the vendors say what is said here. All was read in November 2026.
const (
	digitalPage = "https://docs.99digital.co.il/online-api/messages/create-a-message"
	swagger     = "https://github.com/chatwoot/chatwoot swagger/swagger.json (4.14.2): create-a-new-message-in-a-conversation"
	source      = "https://github.com/chatwoot/chatwoot v4.14.2 "
	exceptions  = source + "app/controllers/concerns/request_exception_handler.rb"
	tokens      = source + "app/controllers/concerns/access_token_auth_helper.rb"
	accounts    = source + "app/controllers/concerns/ensure_current_account_helper.rb"
	creation    = source + "app/controllers/api/v1/accounts/conversations/messages_controller.rb"
	builder     = source + "app/builders/messages/message_builder.rb"
	messages    = source + "app/models/message.rb"
	attributes  = source + "app/models/concerns/content_attribute_validator.rb"
	limiter     = source + "config/initializers/rack_attack.rb"
	templates   = source + "app/models/concerns/liquidable.rb"
	finder      = source + "app/finders/message_finder.rb"
	contacts    = source + "app/controllers/api/v1/accounts/contacts_controller.rb, app/models/contact.rb"
	inboxes     = source + "app/builders/contact_inbox_builder.rb"
	openSource  = source + "app/controllers/api/v1/accounts/conversations_controller.rb, app/builders/conversation_builder.rb"
	ofContact   = source + "app/controllers/api/v1/accounts/contacts/conversations_controller.rb"
	filters     = source + "app/services/contacts/filter_service.rb, lib/filters/filter_keys.yml"
	records     = source + "app/models/application_record.rb"
	interactive = "https://www.chatwoot.com/docs/product/others/interactive-messages"
	widget      = "https://github.com/chatwoot/chatwoot app/controllers/api/v1/widget/messages_controller.rb"
	hooks       = "https://github.com/chatwoot/chatwoot lib/webhooks/trigger.rb (since pull request 13573)"
	button      = "https://github.com/chatwoot/chatwoot app/javascript/shared/components/CardButton.vue"
)

// maxContent is how many characters content may have (messages). Ruby counts code points.
const maxContent = 150000

// The vendor's texts that decide what an answer means.
const (
	textFlood    = "Too many messages"                                  // messages
	textIncoming = "Incoming messages are only allowed in Api inboxes"  // builder
	textLong     = "Content is too long (maximum is 150000 characters)" // messages
	textInvalid  = "Validation failed:"                                 // what Rails puts before what a model refuses
	textThrottle = "Retry later\n"                                      // limiter
	textToken    = "Invalid Access Token"                               // tokens
	textBot      = "Access to this endpoint is not authorized for bots" // tokens
	textAccount  = "You are not authorized to access this account"      // accounts
	textSuspend  = "Account is suspended"                               // accounts
	textNotFound = "Resource could not be found"                        // exceptions
	textNoItem   = "At least one item is required."                     // attributes
	textNoHash   = "Items should be a hash."                            // attributes
	textKeys     = "contains invalid keys for items"                    // attributes
	textActions  = "contains items missing actions"                     // attributes
	textAction   = "contains invalid keys for actions"                  // attributes
)

// flavour is what sets one type apart from the other.
type flavour struct {
	name, title, baseURL, env string
	messageTypes              []string // that the vendor's page documents for requests
	contentTypes              []string // likewise; 99digital's page has article in the answer's list only
	articles                  bool     // whether content may be articles
	page                      string   // where the request is documented
}

func digital99() flavour {
	return flavour{
		name: "digital99", title: "99digital", baseURL: "https://online.99digital.co.il", env: "DIGITAL99_API_ACCESS_TOKEN",
		messageTypes: []string{"outgoing", "incoming", "activity", "template"},
		contentTypes: []string{"text", "input_select", "cards", "form"}, page: digitalPage,
	}
}

func chatwoot() flavour {
	return flavour{
		name: "chatwoot", title: "Chatwoot", baseURL: "https://app.chatwoot.com", env: "CHATWOOT_API_ACCESS_TOKEN",
		messageTypes: []string{"outgoing", "incoming"},
		contentTypes: []string{"text", "input_email", "cards", "input_select", "form", "article"}, articles: true, page: swagger,
	}
}

// shown is where cards, forms and articles arrive (interactive).
const shown = "shown on website and API channels only; on API channels the client shows them and handles what is tapped"

func (f flavour) facts() providers.Facts {
	carries := []providers.Carries{
		{Kind: providers.KindText, As: "content", Limit: "up to 150,000 characters; {{ and {% are filled in by the server"},
		{Kind: providers.KindQuickReplies, As: "input_select", Limit: "at least one reply; shown on website, API, WhatsApp and Telegram channels"},
		{Kind: providers.KindCards, As: "cards", Limit: "with a title above them, and at least one link each; " + shown + "; the website's own widget does nothing when a reply is tapped"},
		{Kind: providers.KindForm, As: "form", Limit: "with a title; " + shown},
	}
	if f.articles {
		carries = append(carries, providers.Carries{Kind: providers.KindArticles, As: "article", Limit: "with a title; " + shown})
	}
	carries = append(carries, providers.Carries{Kind: providers.KindNative, As: "the message object", Limit: "an object with content"})
	return providers.Facts{
		Type:     f.name,
		Title:    f.title,
		Verb:     "sends",
		BaseURL:  f.baseURL,
		Endpoint: "POST /api/v1/accounts/{account_id}/conversations/{conversation_id}/messages",
		Settings: []providers.Setting{
			{Attribute: providers.Attribute{Name: "api_access_token", Type: providers.String, Required: true,
				Doc: "a user's API key, from that user's profile page; a bot's token can send, but neither list messages nor look up what is in doubt"},
				Secret: true, Env: f.env},
			{Attribute: providers.Attribute{Name: "webhook_secret", Type: providers.String,
				Doc: "the secret that the webhook's settings show, to receive replies with herald listen; needs Chatwoot 4.12"},
				Secret: true, Receives: true, Env: strings.ToUpper(f.name) + "_WEBHOOK_SECRET"},
			{Attribute: providers.Attribute{Name: "account_id", Type: providers.Int, Required: true,
				Doc: "the account's number, as in the address of its pages"}, Identity: true},
			{Attribute: providers.Attribute{Name: "inbox_id", Type: providers.Int,
				Doc: "the inbox in which a conversation is opened for people without conversation_id: its number, as in the address of its settings; needs a user's token"}},
			{Attribute: providers.Attribute{Name: "base_url", Type: providers.String,
				Doc: "replaces scheme and host of the address, for a domain or server of your own; https, or http on a loopback address"},
				Default: f.baseURL, Identity: true},
		},
		Address: []providers.Attribute{
			{Name: "conversation_id", Type: providers.Int,
				Doc: "the conversation's number within the account, as in the address of its page; without it one is opened in inbox_id, once for each contact"},
			about("identifier", "key", "by which the contact is known in the account, and found again"),
			about("name", "first_name", "the contact's name, where one is made"),
			about("email", "email", "the contact's e-mail address, where one is made; no two contacts have the same"),
			about("phone_number", "phone", "the contact's phone number, where one is made, as in +4915112345678; no two contacts have the same"),
		},
		Options: []providers.Attribute{
			{Name: "private", Type: providers.Bool,
				Doc: "true makes it a note for agents, which is never delivered to the person"},
			{Name: "message_type", Type: providers.String, Enum: slices.Clone(f.messageTypes),
				Doc: "\"outgoing\" unless given; only outgoing ones are delivered; \"incoming\" needs an inbox of an API channel"},
		},
		Carries: carries,
		Rate: providers.Rate{Requests: 40, Per: time.Second, Scope: providers.PerHost,
			Source: limiter + ": 3,000 a minute for each IP address, with room for other traffic; read in November 2026"},
		Answers: providers.Explain(
			providers.Answer{Status: 200, Body: sample, Class: providers.Accepted, Source: digitalPage},
			providers.Answer{Status: 401, Body: textToken, Class: providers.AccountError, Source: tokens},
			providers.Answer{Status: 401, Body: textBot, Class: providers.AccountError, Source: tokens},
			providers.Answer{Status: 401, Body: textAccount, Class: providers.AccountError, Source: accounts},
			providers.Answer{Status: 401, Body: textSuspend, Class: providers.AccountError, Source: accounts},
			providers.Answer{Status: 404, Body: textNotFound, Class: providers.Refused, Source: exceptions},
			providers.Answer{Status: 422, Body: textIncoming, Class: providers.Refused, Source: builder},
			providers.Answer{Status: 422, Body: textInvalid + " " + textLong, Class: providers.Refused, Source: messages},
			providers.Answer{Status: 422, Body: textInvalid + " " + textFlood, Class: providers.Throttled, Source: messages},
			providers.Answer{Status: 422, Body: textInvalid + " Content attributes " + textNoItem, Class: providers.Refused, Source: attributes},
			providers.Answer{Status: 422, Body: textInvalid + " Content attributes " + textNoHash, Class: providers.Refused, Source: attributes},
			providers.Answer{Status: 422, Body: textInvalid + " Content attributes " + textKeys + " : [\"x\"]", Class: providers.Refused, Source: attributes},
			providers.Answer{Status: 422, Body: textInvalid + " Content attributes " + textActions, Class: providers.Refused, Source: attributes},
			providers.Answer{Status: 422, Body: textInvalid + " Content attributes " + textAction + ":  [\"x\"]", Class: providers.Refused, Source: attributes},
			providers.Answer{Status: 422, Body: "", Class: providers.Unknown, Source: creation + ": every fault of the server is answered so, also one after the message was stored"},
			providers.Answer{Status: 429, Body: textThrottle, Class: providers.Throttled, Source: limiter},
		),
		LookUp: "sure both ways: finds the key in content_attributes.herald_key, kept since Chatwoot 4.9.0; says not sent only where the account has given a key back before, " +
			"and all our messages since carry one and none was deleted; needs a user's token",
		Reading: "one conversation at a time, 20 messages a page; needs a user's token, a bot's is refused; says that a message was read, but not when or by whom",
		Tells:   []providers.Fact{providers.FactDelivered, providers.FactRead, providers.FactFailed, providers.FactReplied},
		Sources: []string{f.page, interactive, button, widget, hooks, attributes, finder, source + "app/views/api/v1/models/_message.json.jbuilder",
			contacts, inboxes, openSource, ofContact, filters, records,
			"https://github.com/chatwoot/docs self-hosted/monitoring/rate-limiting.mdx"},
	}
}

// about describes one thing that a contact is made of, which is the person's own unless the conversation gives it, or
// names a conversation that is there.
func about(name, from, doc string) providers.Attribute {
	return providers.Attribute{Name: information + "." + name, Type: providers.String, From: from, Unless: "conversation_id", Doc: doc}
}

// sample is the documented answer, with values where the page has placeholders.
const sample = `{"id":0,"content":"string","inbox_id":0,"conversation_id":0,"message_type":0,"content_type":"text","status":"sent",` +
	`"content_attributes":{},"created_at":0,"private":false,"source_id":"string","sender":{"id":0,"name":"string",` +
	`"available_name":"string","email":"string","avatar_url":"string","logo_user_url":"string","type":"user",` +
	`"availability_status":"offline","thumbnail":"string"},"created_at_exact":"yyyy-mm-ddThh:mm:ss.sssZ"}`
