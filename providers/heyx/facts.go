package heyx

import (
	"time"

	"herald/providers"
)

// Where the vendor says what is said here. The pages were read in November 2026.
const (
	messagesPage = "https://heyx.gitbook.io/heyx-integration/welcome/messages-api"
	limitations  = messagesPage + " (Limitations)"
	errorCodes   = messagesPage + " (Error Codes)"
)

// The vendor's limits (limitations).
const (
	maxReplies    = 10
	maxReplyRunes = 20 // "characters", which the page does not define; counted as Unicode code points
)

// The vendor's error texts (errorCodes).
const (
	textToken    = "API Token is invalid."
	textTooMany  = "Too many requests"
	textMethod   = "405 Method Not Allowed."
	textFileType = "Sorry, Url provided is not an image/audio/video file"
)

func facts() providers.Facts {
	return providers.Facts{
		Type:     "heyx",
		Title:    "HeyX",
		Verb:     "sends",
		BaseURL:  "https://app.heyx.io",
		Endpoint: "POST /api/v1/message/sendContent/{contact_id}",
		Settings: []providers.Setting{
			{Attribute: providers.Attribute{Name: "token", Type: providers.String, Required: true,
				Doc: "channel token: Settings, the key beside the channel"}, Secret: true, Env: "HEYX_TOKEN"},
			{Attribute: providers.Attribute{Name: "channel", Type: providers.String, Enum: []string{"viber"},
				Doc: "\"viber\" sends contact ids in Base64, as HeyX wants them there; leave it out for every other channel"}},
			{Attribute: providers.Attribute{Name: "base_url", Type: providers.String,
				Doc: "replaces scheme and host of the address; https, or http on a loopback address"},
				Default: "https://app.heyx.io", Identity: true},
		},
		Address: []providers.Attribute{
			{Name: "contact_id", Type: providers.String, Required: true,
				Doc: "the contact's id in HeyX, as HeyX shows it; never in Base64"},
		},
		Options: []providers.Attribute{
			{Name: "force_cancel_survey", Type: providers.Bool,
				Doc: "cancels a survey that is running with the contact; HeyX keeps it by default"},
		},
		Carries: []providers.Carries{
			{Kind: providers.KindText, As: "text"},
			{Kind: providers.KindAttachment, As: "image, video, audio, file", Limit: "by URL, which HeyX fetches"},
			{Kind: providers.KindQuickReplies, As: "quick_reply", Limit: "1 to 10 replies of up to 20 characters"},
			{Kind: providers.KindNative, As: "the one element of body", Limit: "an object with a type"},
		},
		// The page does not say what it counts by. Tokens belong to channels, and HeyX's contacts API says that its
		// calls are counted per channel.
		Rate: providers.Rate{Requests: 25, Per: time.Second, Scope: providers.PerToken, Source: limitations + ", read in November 2026"},
		Answers: providers.Explain(
			providers.Answer{Status: 200, Body: `{"status":"Success","message":"Message Sent","data":[]}`, Class: providers.Accepted, Source: messagesPage},
			providers.Answer{Status: 401, Body: textToken, Class: providers.AccountError, Source: errorCodes},
			providers.Answer{Status: 403, Body: "", Class: providers.Refused, Source: errorCodes + ": General, any text"},
			providers.Answer{Status: 403, Body: textFileType, Class: providers.Refused, Source: errorCodes},
			providers.Answer{Status: 405, Body: textMethod, Class: providers.AccountError, Source: errorCodes},
			providers.Answer{Status: 429, Body: textTooMany, Class: providers.Throttled, Source: errorCodes},
		),
		LookUp:  "none: HeyX gives no message id and lists no messages, so what is in doubt is decided by a person",
		Sources: []string{messagesPage, "https://heyx.gitbook.io/heyx-integration/welcome/contacts-api"},
	}
}
