package heyx

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"herald/providers"
	"herald/providers/wire"
)

// payload is the request's body. The page says only that forceCancelSurvey "must explicitly be sent in the payload",
// without showing where; the top level is taken for the payload.
type payload struct {
	Body              [1]any `json:"body"`
	ForceCancelSurvey bool   `json:"forceCancelSurvey,omitempty"`
}

type text struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

type attachment struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

type quickReply struct {
	Type    string   `json:"type"`
	Title   string   `json:"title"`
	Replies []string `json:"replies"`
}

// Render makes the request of one message.
func (p *account) Render(m providers.Message) (providers.Request, []providers.Problem) {
	path, problems := p.path(m.Address)
	message, wrong := content(m.Content)
	problems = append(problems, wrong...)
	if providers.Failed(problems) {
		return providers.Request{}, problems
	}
	force, _ := m.Options.Bool("force_cancel_survey")
	body, err := wire.JSON(payload{Body: [1]any{message}, ForceCancelSurvey: force})
	if err != nil {
		problems = append(problems, wrongContent(string(m.Content.Kind), "Content that cannot be encoded", err.Error()))
		return providers.Request{}, problems
	}
	return providers.Request{Method: http.MethodPost, Path: path, Body: body}, problems
}

// path makes the address of one contact.
func (p *account) path(address providers.Values) (string, []providers.Problem) {
	id := address.String("contact_id")
	wrong := func(summary, detail string) []providers.Problem {
		return []providers.Problem{{Part: providers.PartAddress, Field: "contact_id", Index: -1, Summary: summary, Detail: detail}}
	}
	switch {
	case strings.TrimSpace(id) == "":
		return "", wrong("No contact_id", "HeyX needs the contact's id, and it is empty here. Give contact_id in the conversation, or leave such people out with where.")
	case !utf8.ValidString(id):
		return "", wrong("A contact_id that is no text", "contact_id is not valid UTF-8. Save its source as UTF-8.")
	case id != strings.TrimSpace(id) || strings.ContainsFunc(id, unicode.IsControl):
		return "", wrong("A contact_id with spaces or control characters", "contact_id is "+providers.Quote(id)+
			"; no id begins or ends with a space, or has line breaks or other control characters. Check the column it comes from.")
	}
	if p.viber {
		id = base64.StdEncoding.EncodeToString([]byte(id))
	} else if id == "." || id == ".." {
		// Servers and proxies take these for steps in the path, escaped or not.
		return "", wrong("A contact_id that no address can hold", "contact_id is "+providers.Quote(id)+", which servers read as another address. Check the column it comes from.")
	}
	return "/api/v1/message/sendContent/" + wire.Segment(id), nil
}

// content makes the one element of body.
func content(c providers.Content) (any, []providers.Problem) {
	problems := c.Shape()
	switch c.Kind {
	case providers.KindText:
		return text{"text", c.Text}, append(problems, filled("text", c.Text)...)
	case providers.KindAttachment:
		return attachment{c.Attachment.Type, c.Attachment.URL}, problems
	case providers.KindQuickReplies:
		q := c.QuickReplies
		return quickReply{"quick_reply", q.Title, q.Replies}, append(problems, replies(q)...)
	case providers.KindNative:
		return c.Native, append(problems, native(c.Native)...)
	}
	return nil, []providers.Problem{facts().CannotCarry(c.Kind)}
}

// replies checks a question against the vendor's limits (limitations).
func replies(q providers.QuickReplies) []providers.Problem {
	problems := filled("title", q.Title)
	if n := len(q.Replies); n > maxReplies {
		over := wrongContent("replies", "Too many quick replies",
			fmt.Sprintf("There are %d replies; HeyX allows %d. Leave some out, or ask in two messages.", n, maxReplies))
		over.Index = maxReplies
		problems = append(problems, over)
	}
	for i, r := range q.Replies {
		if n := utf8.RuneCountInString(r); n > maxReplyRunes {
			long := wrongContent("replies", "Quick reply too long",
				fmt.Sprintf("%s is %s, of %d characters; HeyX allows %d. Shorten it.", providers.Path{Field: "replies"}.Name(i), providers.Quote(r), n, maxReplyRunes))
			long.Index = i
			problems = append(problems, long)
		}
	}
	return problems
}

// filled checks a text that must not be empty.
func filled(field, s string) []providers.Problem {
	if strings.TrimSpace(s) != "" {
		return nil
	}
	return []providers.Problem{wrongContent(field, "Empty text", fmt.Sprintf("%s is empty, and HeyX has nothing to send then. Write something, or leave such people out with where.", field))}
}

func wrongContent(field, summary, detail string) providers.Problem {
	return providers.Problem{Part: providers.PartContent, Field: field, Index: -1, Summary: summary, Detail: detail}
}
