package heyx

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
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
	switch c.Kind {
	case providers.KindText:
		return text{"text", c.Text}, filled("text", -1, c.Text)
	case providers.KindAttachment:
		return attachment{c.Attachment.Type, c.Attachment.URL}, attached(c.Attachment)
	case providers.KindQuickReplies:
		q := c.QuickReplies
		return quickReply{"quick_reply", q.Title, q.Replies}, replies(q)
	case providers.KindNative:
		return c.Native, native(c.Native)
	}
	return nil, []providers.Problem{facts().CannotCarry(c.Kind)}
}

func attached(a providers.Attachment) (problems []providers.Problem) {
	switch a.Type {
	case "image", "video", "audio", "file":
	default:
		problems = append(problems, wrongContent("type", "Unknown type of attachment",
			fmt.Sprintf("The type is %s; HeyX knows image, video, audio and file.", providers.Quote(a.Type))))
	}
	u, err := url.Parse(a.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || !utf8.ValidString(a.URL) {
		problems = append(problems, wrongContent("url", "An attachment that HeyX cannot fetch",
			fmt.Sprintf("HeyX fetches the file itself, so url must be a whole http or https address; it is %s.", providers.Quote(a.URL))))
	}
	return problems
}

// replies checks a question against the vendor's limits (limitations).
func replies(q providers.QuickReplies) []providers.Problem {
	problems := filled("title", -1, q.Title)
	switch n := len(q.Replies); {
	case n == 0:
		problems = append(problems, wrongContent("replies", "No quick replies", "A question needs at least one reply to tap. Add one, or write it as text."))
	case n > maxReplies:
		over := wrongContent("replies", "Too many quick replies",
			fmt.Sprintf("There are %d replies; HeyX allows %d. Leave some out, or ask in two messages.", n, maxReplies))
		over.Index = maxReplies
		problems = append(problems, over)
	}
	for i, r := range q.Replies {
		problems = append(problems, filled("replies", i, r)...)
		if n := utf8.RuneCountInString(r); n > maxReplyRunes {
			long := wrongContent("replies", "Quick reply too long",
				fmt.Sprintf("Reply %d is %s, of %d characters; HeyX allows %d. Shorten it.", i+1, providers.Quote(r), n, maxReplyRunes))
			long.Index = i
			problems = append(problems, long)
		}
	}
	return problems
}

// filled checks a text that must not be empty.
func filled(field string, index int, s string) []providers.Problem {
	p := wrongContent(field, "Empty text", fmt.Sprintf("%s is empty, and HeyX has nothing to send then. Write something, or leave such people out with where.", field))
	if !utf8.ValidString(s) {
		p = wrongContent(field, "Text that is not UTF-8", fmt.Sprintf("%s is %s, not valid UTF-8. Save its source as UTF-8.", field, providers.Quote(s)))
	} else if strings.TrimSpace(s) != "" {
		return nil
	}
	p.Index = index
	return []providers.Problem{p}
}

func wrongContent(field, summary, detail string) providers.Problem {
	return providers.Problem{Part: providers.PartContent, Field: field, Index: -1, Summary: summary, Detail: detail}
}
