package heyx

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"herald/providers"
	"herald/providers/providertest"
	"herald/providers/wire"
)

// also are the tests of this folder that hold statements.
func also() []string {
	return []string{"TestSampleAddress", "TestToken", "TestSampleSuccess", "TestRate", "TestOptions"}
}

// originals are the vendor's pages, as they are kept beside the project.
func originals() []providertest.Original { return []providertest.Original{{File: "heyx.md"}} }

// statements are what the vendor's page says, from its top to its end, each with the case that holds it.
func statements() []providertest.Statement {
	say := func(page string, pairs ...string) (all []providertest.Statement) {
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, providertest.Statement{Says: pairs[i], Page: page, By: pairs[i+1]})
		}
		return all
	}
	var all []providertest.Statement
	for _, part := range [][]providertest.Statement{
		say(messagesPage,
			"a channel's token is required", "facts",
			"without a token nothing is sent", "missing secrets",
			"a message is a `POST` to `/api/v1/message/sendContent/{contactId}` of app.heyx.io; without host and /api: `/v1/message/sendContent/{contactId}`", "TestSampleAddress",
			"`contactId` in the path is the contact, and nothing else says who it is", "odd contact",
			"`contactId` may not be left out", "no contact",
			"for the Viber channel `contactId` is in Base64", "viber",
			"Base64 is padded, and escaped in the path", "viber, padded",
			"other channels have it as it is", "text",
			"the header `Authorization` is Bearer and the `channel_token`", "TestToken",
			"the header `Content-Type` is application/json", "request",
			"`body` is a list", "text",
			"sample: `type` is `text`, with `text`", "text",
			"sample: `type` is `image`, with `url`", "image",
			"sample: `type` is `video`", "video",
			"sample: `type` is `audio`", "audio",
			"sample: `type` is `file`", "file",
			"a file is image, video, audio or file, and nothing else", "type of file",
			"a file is sent as its `url`", "no address",
			"a `url` may be http", "image",
			"sample: `type` is `quick_reply`, with `title` and `replies`", "quick replies",
			"`replies` are strings", "native replies of another shape",
			"every message has a `type`", "native without type",
			"HTTP 200: `status` Success, `message` Message Sent", "documented 200 {\"status\":\"Success\",\"message\":\"Message Sent\",\"data\":[]}",
			"HTTP 200: `data` is empty, so there is no id of a message", "TestSampleSuccess",
			"HTTP 200 is the same for each of the six samples", "request"),
		say(errorCodes,
			"HTTP 401: the token is not valid", "documented 401 API Token is invalid.",
			"HTTP 429: too many requests", "documented 429 Too many requests",
			"HTTP 405: the method is not allowed", "documented 405 405 Method Not Allowed.",
			"HTTP 403, general: any text may be its `message`", "documented 403",
			"HTTP 403, unmatched file type", "documented 403 Sorry, Url provided is not an image/audio/video file",
			"an error's `status` is error, and its text alone makes no error", "an error's text without a status",
			"`status` is Success, and error elsewhere: large and small letters decide nothing", "success in another case",
			"an error says what is wrong in `message`", "400"),
		say(limitations,
			"1 API call carries one message", "text",
			"1 API call carries no list of messages", "native list",
			"25 RPS are allowed", "TestRate",
			"10 quick replies of 20 characters are allowed", "the limits",
			"more than 10 quick replies are not", "eleven replies",
			"more than 20 characters of a reply are not", "21 characters",
			"both limits hold for native content, more than 20 characters", "native replies",
			"both limits hold for native content, more than 10 replies", "native eleven replies",
			"a survey goes on unless it is said otherwise", "survey kept",
			"`forceCancelSurvey` true is in the payload where a survey is to be cancelled", "survey",
			"the contact's status is not changed by a call, so no option promises that", "TestOptions"),
	} {
		all = append(all, part...)
	}
	return all
}

// The address of all samples of the page.
func TestSampleAddress(t *testing.T) {
	const sample = "https://app.heyx.io/api/v1/message/sendContent/{contactId}"
	p, err := open(providers.Account{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	r, _ := p.Render(addressed("17"))
	if got, want := facts().BaseURL+r.Path, strings.Replace(sample, "{contactId}", "17", 1); r.Method != "POST" || got != want {
		t.Errorf("%s %s, want POST %s", r.Method, got, want)
	}
}

func TestToken(t *testing.T) {
	var header http.Header
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header = r.Header
		io.WriteString(w, sent)
	}))
	defer srv.Close()
	p, err := open(providers.Account{Settings: providers.Values{"base_url": srv.URL, "token": "abc"}})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	r, _ := p.Render(addressed("17"))
	o := p.Send(t.Context(), r, providers.NewKey())
	if got := header.Values("Authorization"); o.Class != providers.Accepted || len(got) != 1 || got[0] != "Bearer abc" {
		t.Errorf("Authorization: %q, %+v", got, o)
	}
}

// The sample of a success, with its line breaks: accepted, and nothing else is known of the message.
func TestSampleSuccess(t *testing.T) {
	const sample = `
  {
      "status": "Success",
      "message": "Message Sent",
      "data": []
  }
`
	for _, body := range []string{sample, sent} {
		got := classify(wire.Answer{Status: 200, Body: []byte(body)})
		if want := (providers.Outcome{Class: providers.Accepted, HTTP: 200}); got != want {
			t.Errorf("%s: %+v, want %+v", body, got, want)
		}
	}
}

func TestRate(t *testing.T) {
	if got := facts().Rate; got.Requests != 25 || got.Per != time.Second {
		t.Errorf("%d requests per %v, want 25 per second", got.Requests, got.Per)
	}
}

func TestOptions(t *testing.T) {
	if got := facts().Options; len(got) != 1 || got[0].Name != "force_cancel_survey" || got[0].Type != providers.Bool {
		t.Errorf("%+v", got)
	}
}
